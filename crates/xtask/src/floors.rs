//! A crate uses only what stands below it, and only `networks` knows a
//! network by name.

use crate::sources::Source;

/// What each crate may use.
const FLOORS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("images", &["base"]),
    ("db", &["base"]),
    ("networks", &["base", "images"]),
    ("app", &["base", "db", "networks"]),
    ("web", &["base", "app"]),
    ("server", &["base", "db", "networks", "app", "web"]),
    ("testkit", &["base", "db", "networks", "app", "web", "server"]),
    ("xtask", &[]),
];

/// Names that only `networks` and the tests may speak.
const NETWORKS: &[&str] = &[
    "bluesky",
    "mastodon",
    "linkedin",
    "facebook",
    "instagram",
    "threads",
    "tiktok",
    "youtube",
    "pinterest",
    "telegram",
    "discord",
    "reddit",
    "nostr",
    "wordpress",
];

/// Crates in which no network is named.
const NAMELESS: &[&str] = &["base", "images", "db", "app", "web"];

pub fn check(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| !source.is_test()) {
        let Some((_, below)) = FLOORS.iter().find(|(name, _)| *name == source.krate()) else {
            found.push(format!("{}: a crate that has no floor", source.path));
            continue;
        };
        for (number, line) in source.code() {
            for (other, _) in FLOORS {
                let uses = line.contains(&format!("bellwether_{other}::"));
                if uses && *other != source.krate() && !below.contains(other) {
                    found.push(format!(
                        "{}:{number}: {} may not use {other}",
                        source.path,
                        source.krate()
                    ));
                }
            }
            if NAMELESS.contains(&source.krate()) {
                let lower = line.to_lowercase();
                for name in NETWORKS {
                    if lower.contains(&format!("\"{name}\"")) {
                        found.push(format!("{}:{number}: names {name}", source.path));
                    }
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, line: &str) -> Source {
        Source { path: path.into(), lines: vec![line.into()] }
    }

    #[test]
    fn an_import_that_runs_upwards_is_found() {
        let bad = source("crates/db/src/lib.rs", "use bellwether_app::App;");
        assert_eq!(check(&[bad]).len(), 1);
        let good = source("crates/app/src/lib.rs", "use bellwether_db::Db;");
        assert!(check(&[good]).is_empty());
    }

    #[test]
    fn a_network_named_outside_its_folder_is_found() {
        let bad = source("crates/app/src/posts/mod.rs", "if network == \"bluesky\" {");
        assert_eq!(check(&[bad]).len(), 1);
    }
}
