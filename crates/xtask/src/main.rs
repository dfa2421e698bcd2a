//! Checks of the house's own rules: `cargo xtask check`.

mod declared;
mod floors;
mod shape;
mod slices;
mod sources;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let command = std::env::args().nth(1).unwrap_or_default();
    if command != "check" {
        eprintln!("usage: cargo xtask check");
        return ExitCode::from(2);
    }
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
