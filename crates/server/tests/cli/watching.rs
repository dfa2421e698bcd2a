//! What is stopped, and what happened.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::place::Place;

fn lines(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn what_is_paused_is_listed_with_its_scope_its_level_and_who() {
    let place = Place::founded();
    let _server = place.serve();
    assert_eq!(place.call("pause list", "").good(), "Nothing is paused.\n");
    place.call("workspace create Nord --zone Europe/Oslo", "").good();
    place.call("pause -w Lune", "").good();
    place.call("pause --network bluesky --level everything", "").good();
    let list = place.call("pause list", "").good();
    let rows: Vec<Vec<&str>> = list.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows.len(), 3, "{list}");
    assert_eq!(rows[0], ["SCOPE", "LEVEL", "SINCE", "BY"]);
    for row in &rows[1..] {
        assert_eq!((row[3].starts_with("20"), row[4]), (true, "operator"), "{list}");
    }
    assert_eq!(
        (&rows[1][..3], &rows[2][..3]),
        (&["network", "bluesky", "everything"][..], &["workspace", "Lune", "planned"][..],)
    );
    // Of one brand: its own, and what concerns everybody.
    let of = |brand: &str| {
        let listed = place.call(&format!("pause list --json -w {brand}"), "").json();
        listed["items"].as_array().unwrap().len()
    };
    assert_eq!((of("Lune"), of("Nord")), (2, 1));
    let all = place.call("pause list --json", "").json();
    assert_eq!(all["items"].as_array().unwrap().len(), 2, "each once: {all:#}");
    assert_eq!(place.call("pause --installation list", "").code, 2);

    // Somebody who may look at one brand only.
    let made = place.call("token create --json --name t --scope read -w Nord", "").json();
    let server = format!("http://127.0.0.1:{}", place.port);
    let env = [("BELLWETHER_TOKEN", made["secret"].as_str().unwrap())];
    let theirs = place.call_with(&["--server", &server, "pause", "list"], "", &env).good();
    assert!(theirs.contains("network bluesky") && !theirs.contains("Lune"), "{theirs}");
}

#[test]
fn what_happened_is_told_line_by_line_and_as_it_happens() {
    let place = Place::founded();
    let _server = place.serve();
    place.call("post create", "Hello").good();
    let told = place.call("events", "").good();
    let last = told.lines().last().unwrap();
    assert!(last.contains("post.written  post ") && last.ends_with("by operator"), "{told}");
    let all = lines(&place.call("events --json --after 0", "").good());
    assert_eq!(all.first().unwrap()["seq"], 1);
    let one = lines(&place.call("events --json --last 1", "").good());
    assert_eq!(one.as_slice(), &all[all.len() - 1..]);

    // People are the organization's.
    let kofi = "people add --name Kofi --email kofi@rive.example --role writer";
    place.call(kofi, "a few words in a row\n").good();
    let people = place.call("events --organization", "").good();
    assert!(people.contains("person.added") && !people.contains("Kofi"), "{people}");
    assert!(!place.call("events", "").good().contains("person.added"));
    assert_eq!(place.call("events --organization -w Lune", "").code, 2);
    let made =
        place.call("token create --everywhere --json --name t --scope read,publish", "").json();
    let server = format!("http://127.0.0.1:{}", place.port);
    let env = [("BELLWETHER_TOKEN", made["secret"].as_str().unwrap())];
    let remote = ["--server", &server, "events", "--organization"];
    assert_eq!(place.call_with(&remote, "", &env).code, 4);

    let mut going = place
        .command()
        .args(["events", "--json", "--follow", "--last", "1"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(going.stdout.take().unwrap()).lines();
    let mut next = || serde_json::from_str::<Value>(&told.next().unwrap().unwrap()).unwrap();
    assert_eq!(next()["kind"], "post.written");
    place.call("pause", "").good();
    assert_eq!(next()["kind"], "publishing.paused");
    going.kill().unwrap();
    going.wait().unwrap();
}
