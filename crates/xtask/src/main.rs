//! Checks of the house's own rules: `cargo xtask check`; and what is made by a
//! command: `cargo xtask fixture`.

mod declared;
mod floors;
mod shape;
mod slices;
mod sources;

use std::path::Path;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    match std::env::args().nth(1).unwrap_or_default().as_str() {
        "check" => check(),
        "fixture" => fixture(),
        _ => {
            eprintln!("usage: cargo xtask check | fixture");
            ExitCode::from(2)
        }
    }
}

/// Writes the filled database of the newest schema, for upgrades to come: before a
/// release. Those of earlier ones are never written again.
fn fixture() -> ExitCode {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let told = Command::new(cargo)
        .args(["test", "--workspace", "--lib", "--locked"])
        .args(["--", "--ignored", "--exact", "publishing::tests::floor::write_the_fixture"])
        .status();
    match told {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn check() -> ExitCode {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let (sources, unused) = match sources::read(root).and_then(|s| Ok((s, declared::check(root)?)))
    {
        Ok(read) => read,
        Err(error) => {
            eprintln!("cannot read the sources: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut found = unused;
    found.extend(floors::check(&sources));
    found.extend(slices::check(&sources));
    found.extend(shape::check(&sources));
    for finding in &found {
        eprintln!("{finding}");
    }
    if found.is_empty() {
        println!("{} files: floors, slices, shapes and dependencies are in order", sources.len());
        ExitCode::SUCCESS
    } else {
        eprintln!("{} findings", found.len());
        ExitCode::FAILURE
    }
}
