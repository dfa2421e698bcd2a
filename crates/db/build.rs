//! Embeds the migrations, so that the binary carries its own schema.
//!
//! A folder per set; in it `0001_name.sql` for both engines, or
//! `0001_name.sqlite.sql` beside `0001_name.postgres.sql`. Anything else stops
//! the build, because a file that is silently not run is worse than a red build.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// What one number stands for: its name, and one text per engine.
#[derive(Default)]
struct Migration {
    name: String,
    sqlite: Option<PathBuf>,
    postgres: Option<PathBuf>,
}

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    println!("cargo::rerun-if-changed=build.rs");
    for set in ["main", "streams"] {
        let dir = root.join("migrations").join(set);
        println!("cargo::rerun-if-changed={}", dir.display());
        fs::write(out.join(format!("{set}.rs")), list(&dir)).expect("OUT_DIR is writable");
    }
}

/// The Rust text of a slice of the migrations in `dir`, in order.
fn list(dir: &Path) -> String {
    let mut found = BTreeMap::<i64, Migration>::new();
    for entry in fs::read_dir(dir).expect("the folder of migrations is there") {
        let path = entry.expect("a readable entry").path();
        println!("cargo::rerun-if-changed={}", path.display());
        let file = path.file_name().and_then(|name| name.to_str()).expect("a plain file name");
        let stem = file.strip_suffix(".sql").unwrap_or_else(|| panic!("not a migration: {file}"));
        let (stem, engines) = if let Some(stem) = stem.strip_suffix(".sqlite") {
            (stem, &["sqlite"][..])
        } else if let Some(stem) = stem.strip_suffix(".postgres") {
            (stem, &["postgres"][..])
        } else {
            (stem, &["sqlite", "postgres"][..])
        };
        let (number, name) =
            stem.split_once('_').unwrap_or_else(|| panic!("no number and name: {file}"));
        assert_eq!(number.len(), 4, "numbers have four digits: {file}");
        let version = number.parse().unwrap_or_else(|_| panic!("not a number: {file}"));
        let migration = found.entry(version).or_default();
        assert!(
            migration.name.is_empty() || migration.name == name,
            "{number} is taken twice, by {} and by {name}",
            migration.name
        );
        name.clone_into(&mut migration.name);
        for engine in engines {
            let slot = match *engine {
                "sqlite" => &mut migration.sqlite,
                _ => &mut migration.postgres,
            };
            assert!(slot.replace(path.clone()).is_none(), "{number} has two texts for {engine}");
        }
    }
    let mut text = String::from("&[\n");
    for (version, Migration { name, sqlite, postgres }) in found {
        let sqlite = sqlite.unwrap_or_else(|| panic!("{version} has nothing for SQLite"));
        let postgres = postgres.unwrap_or_else(|| panic!("{version} has nothing for PostgreSQL"));
        let (sqlite, postgres) = (literal(&sqlite), literal(&postgres));
        writeln!(
            text,
            "    Migration {{ version: {version}, name: {name:?}, sqlite: include_str!({sqlite}), \
             postgres: include_str!({postgres}) }},"
        )
        .expect("a String takes it");
    }
    text.push_str("]\n");
    text
}

/// `path` as a literal of Rust.
fn literal(path: &Path) -> String {
    format!("{:?}", path.to_str().expect("a plain path"))
}
