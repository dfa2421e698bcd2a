//! Everything that this connector says can be said in English.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use bellwether_networks::bluesky::Bluesky;
use bellwether_networks::{ConnectStep, Network as _, OptionKind};

/// How the keys of messages begin.
const KINDS: &[&str] = &[
    "bluesky-",
    "card-",
    "content-",
    "frozen-",
    "language-",
    "languages-",
    "login-",
    "media-",
    "not-",
    "option-",
    "picture-",
    "pictures-",
    "rate-",
    "server-",
    "text-",
];

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Keys in the language file, each with what it says.
fn said() -> BTreeSet<String> {
    let text = fs::read_to_string(folder("messages/en.ftl")).unwrap();
    let keys = text.lines().filter_map(|line| line.split_once(" = "));
    keys.map(|(key, _)| key.to_owned()).collect()
}

/// Keys that the program uses: its texts that look like one, and what its data imply.
fn used() -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let of_network = fs::read_dir(folder("src/bluesky")).unwrap();
    let mut paths: Vec<_> = of_network.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    paths.extend([folder("src/text.rs"), folder("../images/src/lib.rs")]);
    for path in paths {
        let source = fs::read_to_string(path).unwrap();
        let program = source.split("#[cfg(test)]").next().unwrap_or_default();
        let texts = program.split('"').skip(1).step_by(2);
        used.extend(
            texts
                .filter(|text| KINDS.iter().any(|kind| text.starts_with(kind)))
                .filter(|text| text.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
                .map(str::to_owned),
        );
    }
    let ConnectStep::Ask { fields, .. } = Bluesky.connect().begin() else { panic!("asks") };
    used.extend(fields.iter().map(|field| format!("{}-help", field.label)));
    for option in Bluesky.spec().options {
        used.extend([option.label.to_owned(), format!("{}-help", option.label)]);
        let (OptionKind::One(values) | OptionKind::Many(values)) = option.kind;
        used.extend(values.iter().map(|value| format!("{}-{value}", option.label)));
    }
    used
}

#[test]
fn every_message_that_is_used_can_be_said() {
    let (used, said) = (used(), said());
    assert!(used.len() > 50, "the program was read: {}", used.len());
    let unsaid: Vec<_> = used.difference(&said).collect();
    assert!(unsaid.is_empty(), "not in en.ftl: {unsaid:#?}");
}

#[test]
fn every_message_of_this_network_is_used() {
    let (used, said) = (used(), said());
    let unused: Vec<_> = said.difference(&used).filter(|key| key.starts_with("bluesky-")).collect();
    assert!(unused.is_empty(), "nobody says these: {unused:#?}");
}
