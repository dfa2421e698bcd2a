//! Collects the messages of every floor, and makes sure that styles and
//! islands have been built.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The languages of the product; English is the one that others follow.
const LANGUAGES: [&str; 5] = ["en", "fr", "ja", "ko", "zh-Hans"];

fn main() {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    assets(&here.join("../../ui/dist"));

    let mut files = Vec::new();
    for folder in ["locales", "../app/messages", "../networks/messages"] {
        let folder = here.join(folder);
        println!("cargo::rerun-if-changed={}", folder.display());
        collect(&folder, None, &mut files);
    }
    files.sort();
    let mut code = String::from("&[\n");
    for (language, path) in files {
        let path = path.canonicalize().unwrap_or(path);
        let name = path.display().to_string();
        let _ = writeln!(code, "    ({language:?}, {name:?}, include_str!({name:?})),");
    }
    code.push(']');
    if let Err(error) = fs::write(out.join("messages.rs"), code) {
        println!("cargo::error=cannot write the list of messages: {error}");
    }
}

/// Stops the build with a sentence that helps when `ui/dist` is not there.
fn assets(dist: &Path) {
    let manifest = dist.join("manifest.json");
    println!("cargo::rerun-if-changed={}", manifest.display());
    if !manifest.is_file() {
        println!(
            "cargo::error=the styles and scripts of the pages have not been built: run `make` at \
             the top of the repository (or `npm ci && npm run build` in ui/) and build again"
        );
    }
}

/// Every `.ftl` file below `folder`. Its language is its own name
/// (`fr.ftl`), the end of it (`people.fr.ftl`), or a folder's (`fr/people.ftl`).
fn collect(
    folder: &Path,
    language: Option<&'static str>,
    files: &mut Vec<(&'static str, PathBuf)>,
) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            collect(&path, known(name).or(language), files);
        } else if let Some(stem) = name.strip_suffix(".ftl") {
            println!("cargo::rerun-if-changed={}", path.display());
            let own = stem.rsplit('.').next().and_then(known);
            files.push((own.or(language).unwrap_or("en"), path));
        }
    }
}

fn known(name: &str) -> Option<&'static str> {
    LANGUAGES.into_iter().find(|language| *language == name)
}
