use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use crate::place::{Ended, Place};

#[test]
fn the_doctor_says_what_to_do() {
    let place = Place::founded();
    let found = |ended: &Ended| -> Vec<(String, String)> {
        let all: Value = serde_json::from_str(&ended.out).unwrap();
        let items = all["items"].as_array().unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        items.iter().map(|each| (text(&each["check"]), text(&each["weight"]))).collect()
    };
    let of = |ended: &Ended, check: &str| {
        found(ended).into_iter().find(|(name, _)| name == check).map(|(_, weight)| weight)
    };
    let ended = place.call("doctor --json", "");
    for check in ["configuration", "folder", "key", "database", "schema", "media", "logins"] {
        assert_eq!(of(&ended, check).as_deref(), Some("ok"), "{check}: {}", ended.out);
    }
    assert_eq!(of(&ended, "server").as_deref(), Some("warning"));
    assert!(ended.code == 1 || ended.code == 2, "{}", ended.code);

    let key = place.dir.path().join("data/seal.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let open = place.call("doctor --json", "");
    assert_eq!((of(&open, "key").as_deref(), open.code), (Some("failed"), 2), "{}", open.out);

    let nothing = Place::new().call("doctor", "");
    assert_eq!(nothing.code, 2, "{}", nothing.out);
    assert!(nothing.out.contains("no installation"), "{}", nothing.out);
}

/// The exit code and the sentence of a clock that was never stopped, and of a
/// key that was changed.
#[test]
fn the_key_is_changed_and_the_older_one_taken_away() {
    let place = Place::founded();
    let data = place.dir.path().join("data");
    let old = data.join("old.key");
    fs::rename(data.join("seal.key"), &old).unwrap();
    let new = place.dir.path().join("new.key");
    fs::write(&new, "ab".repeat(32)).unwrap();
    let (new, older) = (new.display().to_string(), format!("[\"{}\"]", old.display()));
    let env = [
        ("BELLWETHER_SEAL__KEY_FILE", new.as_str()),
        ("BELLWETHER_SEAL__OLDER_KEY_FILES", older.as_str()),
    ];
    let done = place.call_with(&["key", "reseal", "--json"], "", &env).json();
    assert_eq!(done, serde_json::json!({ "resealed": 0, "unopened": [] }));
    let trusted = place.call_with(&["clock", "trust"], "", &env);
    assert_eq!(trusted.code, 5, "{}", trusted.err);
    assert!(trusted.err.contains("was not stopped"), "{}", trusted.err);
}
