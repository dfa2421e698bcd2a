//! The project's Rust files, as text.

use std::fs;
use std::io;
use std::path::Path;

/// One file.
#[derive(Debug, Clone)]
pub struct Source {
    /// From the root: `crates/app/src/posts/mod.rs`.
    pub path: String,
    /// Its lines.
    pub lines: Vec<String>,
}

impl Source {
    /// Which crate it belongs to: `app`.
    pub fn krate(&self) -> &str {
        self.path.split('/').nth(1).unwrap_or_default()
    }

    /// Whether it holds tests only.
    pub fn is_test(&self) -> bool {
        self.krate() == "testkit"
            || self.path.split('/').any(|part| {
                matches!(part, "tests" | "tests.rs" | "testing.rs" | "testing" | "views.rs")
            })
    }

    /// The lines before its unit tests, numbered from 1, without comments.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines
            .iter()
            .enumerate()
            .take_while(|(_, line)| line.trim() != "#[cfg(test)]" || !self.opens_tests(line))
            .map(|(index, line)| (index + 1, line.as_str()))
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    fn opens_tests(&self, line: &str) -> bool {
        let at = self.lines.iter().position(|other| std::ptr::eq(other.as_str(), line));
        at.and_then(|at| self.lines.get(at + 1)).is_some_and(|next| {
            next.trim_start().starts_with("mod") && next.trim_end().ends_with('{')
        })
    }
}

/// All of them.
pub fn read(root: &Path) -> io::Result<Vec<Source>> {
    let mut sources = Vec::new();
    for krate in fs::read_dir(root.join("crates"))? {
        walk(root, &krate?.path().join("src"), &mut sources)?;
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

fn walk(root: &Path, folder: &Path, sources: &mut Vec<Source>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(root, &path, sources)?;
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            let lines = fs::read_to_string(&path)?.lines().map(str::to_owned).collect();
            sources.push(Source { path: name, lines });
        }
    }
    Ok(())
}
