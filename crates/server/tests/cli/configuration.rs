use std::fs;

use serde_json::Value;

use crate::place::Place;

#[test]
fn the_reference_in_the_docs_is_not_stale() {
    let place = Place::new();
    let printed = place.call("config reference", "").good();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/CONFIGURATION.md");
    let kept = fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == printed,
        "docs/CONFIGURATION.md is stale: run `bellwether config reference > docs/CONFIGURATION.md`"
    );
    assert!(!place.dir.path().join("data").exists(), "nothing was made");
}

#[test]
fn a_configuration_that_does_not_fit_says_all_of_it_and_where() {
    let place = Place::new();
    assert_eq!(place.call("config check", "").good(), "The configuration fits.\n");
    let text =
        "colour = 1\n[publishing]\ngrace = \"soon\"\n[seal]\nolder_key_files = [\"/nowhere\"]\n";
    fs::write(place.dir.path().join("bellwether.toml"), text).unwrap();
    let env = [("BELLWETHER_LISTEN", "here"), ("BELLWETHER_DATABASE__URK", "hunter2")];
    let ended = place.call_with(&["config", "check"], "", &env);
    assert_eq!(ended.code, 2);
    for said in [
        "colour (bellwether.toml, line 1): there is no such setting",
        "publishing.grace (bellwether.toml, line 3)",
        "listen (BELLWETHER_LISTEN)",
        "database.urk (BELLWETHER_DATABASE__URK): there is no such setting; here are url",
    ] {
        assert!(ended.out.contains(said), "{said}: {}", ended.out);
    }
    assert!(!ended.out.contains("hunter2") && !ended.err.contains("hunter2"), "{}", ended.out);
    // Whatever is called, it says the same, and nothing is made.
    for command in ["serve", "post list", "worker"] {
        let args: Vec<_> = command.split(' ').collect();
        let ended = place.call_with(&args, "", &env);
        assert_eq!(ended.code, 2, "{command}: {}", ended.err);
        assert!(ended.err.contains("BELLWETHER_LISTEN") && ended.err.contains("line 1"));
    }
    let all = place.call_with(&["config", "check", "--json"], "", &env);
    let all: Value = serde_json::from_str(&all.out).unwrap();
    assert_eq!(all["items"].as_array().unwrap().len(), 4, "{all:#}");
    assert!(!place.dir.path().join("data").exists());

    fs::write(place.dir.path().join("bellwether.toml"), &text[text.find("[seal]").unwrap()..])
        .unwrap();
    let gone = place.call("config check", "");
    assert_eq!(gone.code, 2);
    assert!(gone.out.contains("seal.older_key_files (/nowhere)"), "{}", gone.out);
    assert_eq!(place.call("config check --config none.toml", "").code, 2);
}
