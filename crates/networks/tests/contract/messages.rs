//! Everything that a connector says can be said in English.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use bellwether_networks::{ConnectStep, Network, OptionKind};

/// How the keys of messages begin, beside those of the network itself.
const KINDS: &[&str] = &[
    "card-",
    "content-",
    "frozen-",
    "image-",
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

/// What every connector uses.
const SHARED: &[&str] = &["src/effect.rs", "src/picture.rs", "src/text.rs", "../images/src/lib.rs"];

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Keys in the language file.
fn said() -> BTreeSet<String> {
    let text = fs::read_to_string(folder("messages/en.ftl")).unwrap();
    let keys = text.lines().filter_map(|line| line.split_once(" = "));
    keys.map(|(key, _)| key.to_owned()).collect()
}

/// Keys that the program uses: its texts that look like one, and what its data imply.
fn used(network: &dyn Network) -> BTreeSet<String> {
    let spec = network.spec();
    let own = format!("{}-", spec.name);
    let mut used = BTreeSet::new();
    let files = fs::read_dir(folder("src").join(spec.name)).unwrap();
    let mut paths: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    paths.extend(SHARED.iter().map(|path| folder(path)));
    for path in paths {
        let source = fs::read_to_string(path).unwrap();
        let program = source.split("#[cfg(test)]").next().unwrap_or_default();
        let texts = program.split('"').skip(1).step_by(2);
        used.extend(
            texts
                .filter(|text| KINDS.iter().chain([&&*own]).any(|kind| text.starts_with(kind)))
                .filter(|text| text.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
                .map(str::to_owned),
        );
    }
    let ConnectStep::Ask { fields, .. } = network.connect().begin() else { panic!("asks") };
    used.extend(fields.iter().map(|field| format!("{}-help", field.label)));
    for option in spec.options {
        used.extend([option.label.to_owned(), format!("{}-help", option.label)]);
        if let OptionKind::One(values) | OptionKind::Many(values) = option.kind {
            used.extend(values.iter().map(|value| format!("{}-{value}", option.label)));
        }
    }
    used
}

/// Fails unless the connector says what there is to say, and all of it.
pub fn agree(network: &dyn Network) {
    let (used, said) = (used(network), said());
    assert!(used.len() > 50, "the program was read: {}", used.len());
    let unsaid: Vec<_> = used.difference(&said).collect();
    assert!(unsaid.is_empty(), "not in en.ftl: {unsaid:#?}");
    let own = format!("{}-", network.spec().name);
    let unused: Vec<_> = said.difference(&used).filter(|key| key.starts_with(&own)).collect();
    assert!(unused.is_empty(), "nobody says these: {unused:#?}");
}
