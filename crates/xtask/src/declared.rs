//! A crate declares what it uses, and nothing besides.

use std::fs;
use std::io;
use std::path::Path;

/// What is declared and named in no Rust file of its crate.
pub fn check(root: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for krate in fs::read_dir(root.join("crates"))? {
        let krate = krate?.path();
        let mut code = String::new();
        read(&krate, &mut code)?;
        let name = krate.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for dependency in declared(&fs::read_to_string(krate.join("Cargo.toml"))?) {
            if !names(&code, &dependency) {
                found.push(format!("crates/{name}/Cargo.toml: {dependency} is not used"));
            }
        }
    }
    Ok(found)
}

/// The names in the dependency tables of a manifest.
fn declared(manifest: &str) -> Vec<String> {
    let mut within = false;
    let mut names = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            within = line.trim_end().ends_with("dependencies]");
        } else if within && line.starts_with(|first: char| first.is_ascii_alphabetic()) {
            let end = line.find(['.', '=', ' ']).unwrap_or(line.len());
            names.push(line[..end].to_owned());
        }
    }
    names
}

/// Whether `code` has the crate's name as a word of its own.
fn names(code: &str, dependency: &str) -> bool {
    let word = dependency.replace('-', "_");
    let is_part = |other: char| other.is_alphanumeric() || other == '_';
    code.match_indices(&word).any(|(at, _)| {
        !code[..at].ends_with(is_part) && !code[at + word.len()..].starts_with(is_part)
    })
}

fn read(folder: &Path, code: &mut String) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read(&path, code)?;
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            code.push_str(&fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_tables_of_dependencies_are_read() {
        let manifest = "[package]\nname = \"x\"\n\n[dependencies]\naxum.workspace = true\n\
                        serde_json = \"1\"\n\n[dev-dependencies]\ninsta = { version = \"1\" }\n\n\
                        [features]\nx = []\n";
        assert_eq!(declared(manifest), ["axum", "serde_json", "insta"]);
    }

    #[test]
    fn a_name_counts_as_a_whole_word() {
        assert!(names("use unicode_segmentation::X;", "unicode-segmentation"));
        assert!(!names("let subtlety = 1;", "subtle"));
        assert!(names("#[tokio::main]", "tokio"));
    }
}
