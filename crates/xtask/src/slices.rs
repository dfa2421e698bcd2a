//! Slices of `app` use only those above them in the list of `lib.rs`, and
//! only through their faces.

use crate::sources::Source;

pub fn check(sources: &[Source]) -> Vec<String> {
    let Some(lib) = sources.iter().find(|source| source.path == "crates/app/src/lib.rs") else {
        return vec!["crates/app/src/lib.rs is missing".into()];
    };
    let order: Vec<&str> = lib
        .lines
        .iter()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .filter(|name| *name != "testing")
        .collect();
    let mut found = Vec::new();
    for source in sources {
        let mut parts = source.path.strip_prefix("crates/app/src/").unwrap_or_default().split('/');
        let Some(own) = parts.next().and_then(|slice| order.iter().position(|s| *s == slice))
        else {
            continue;
        };
        if source.is_test() {
            continue;
        }
        for (number, line) in source.code() {
            for (index, other) in order.iter().enumerate() {
                let uses = imports(line, other);
                if uses && index > own {
                    found.push(format!(
                        "{}:{number}: {} may not use {other}: it comes later",
                        source.path, order[own]
                    ));
                }
                if index != own && line.contains(&format!("{other}::store")) {
                    found.push(format!("{}:{number}: reaches into {other}'s store", source.path));
                }
            }
        }
    }
    found
}

/// Whether a line brings in the slice: `use crate::posts::..`, or a `use
/// crate::{..}` that lists it.
fn imports(line: &str, slice: &str) -> bool {
    if line.contains(&format!("crate::{slice}::")) || line.contains(&format!("crate::{slice};")) {
        return true;
    }
    line.trim_start().starts_with("use crate::{")
        && line
            .split(['{', '}', ','])
            .any(|name| name.trim() == slice || name.trim().starts_with(&format!("{slice}::")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house(path: &str, line: &str) -> Vec<Source> {
        let lib = "pub mod people;\npub mod posts;\npub mod publishing;";
        vec![
            Source {
                path: "crates/app/src/lib.rs".into(),
                lines: lib.lines().map(str::to_owned).collect(),
            },
            Source { path: path.into(), lines: vec![line.into()] },
        ]
    }

    #[test]
    fn a_slice_that_uses_a_later_one_is_found() {
        let path = "crates/app/src/posts/mod.rs";
        assert_eq!(check(&house(path, "use crate::publishing::Delivery;")).len(), 1);
        assert_eq!(check(&house(path, "use crate::{App, publishing};")).len(), 1);
        assert!(check(&house(path, "use crate::{App, people};")).is_empty());
    }

    #[test]
    fn a_hand_in_anothers_store_is_found() {
        let path = "crates/app/src/publishing/mod.rs";
        assert_eq!(check(&house(path, "posts::store::get(tx)")).len(), 1);
    }
}
