//! The program as people and scripts call it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bad_inputs;
mod configuration;
mod doctor;
mod people;
mod place;
mod starting;
mod watching;

use std::fs;

use place::Place;

#[test]
fn text_is_measured_without_any_installation() {
    let place = Place::new();
    let measured = place.call("text measure --network bluesky", "Hi #you").json();
    let mut names: Vec<&str> = measured.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["length", "limit", "links", "mentions", "problems", "remaining", "tags", "valid"]
    );
    assert_eq!(measured["length"], 7);
    // What `echo` ends with is no part of the text.
    let measured = place.call("text measure --network x", "Hi #you\n").json();
    assert_eq!(measured["length"], 7);
    assert_eq!(place.call("text measure --network nowhere", "").code, 3);
    assert!(!place.dir.path().join("data").exists(), "nothing was made");
}

#[test]
fn a_folder_without_an_installation_is_not_filled_by_accident() {
    let place = Place::new();
    let ended = place.call("workspace list", "");
    assert_eq!(ended.code, 7, "{}", ended.err);
    assert!(ended.err.contains("owner create"), "{}", ended.err);
    assert!(!place.dir.path().join("data").exists());
}

#[test]
fn before_there_is_an_owner_commands_say_what_to_do() {
    let place = Place::new();
    let _server = place.serve();
    let ended = place.call("channel list", "");
    assert_eq!(ended.code, 3, "{}", ended.err);
    assert!(ended.err.contains("owner create"), "{}", ended.err);
    let doctor = place.call("doctor", "");
    assert!(doctor.out.contains("Nobody owns this installation yet"), "{}", doctor.out);
    assert!(!doctor.out.contains("NoSuchHost"), "{}", doctor.out);
}

#[test]
fn what_was_made_without_a_server_is_there_with_one() {
    let place = Place::founded();
    assert_eq!(place.create_owner().code, 5, "there is one first owner");
    place.call("workspace create Nord --zone Europe/Oslo", "").good();
    let without = place.call("workspace list", "").good();
    let server = place.serve();
    let with = place.call("workspace list", "").good();
    assert_eq!(without, with);
    let names: Vec<_> = with.lines().map(|line| line.split_whitespace().last().unwrap()).collect();
    assert_eq!(names, ["NAME", "Lune", "Nord"]);

    // With two brands, one must be named; and each failure has its code.
    assert_eq!(place.call("post list", "").code, 2);
    assert_eq!(place.call("post list -w Nowhere", "").code, 3);
    place.call("post list -w nord", "").good();
    assert_eq!(place.call("post list -w Nord --nonsense", "").code, 2);
    let ghost = "post show 018f0000-0000-7000-8000-000000000000 -w Lune";
    assert_eq!(place.call(ghost, "").code, 3);
    assert_eq!(place.call("pause -w Lune", "").code, 0);
    let speechless = place.call_with(&["resume", "-w", "Lune", "--reason", " "], "", &[]);
    assert_eq!(speechless.code, 1, "{}", speechless.err);
    assert_eq!(place.call("resume -w Lune --reason done", "").code, 0);
    assert_eq!(place.call("resume -w Lune --reason done", "").code, 5);
    drop(server);
    place.call("workspace list", "").good();
}

#[test]
fn a_post_is_written_once_for_each_key() {
    let place = Place::founded();
    let write = |key: &str| {
        let made = place.call(&format!("post create --json --key {key}"), "Hello\n\nworld\n");
        made.json()["id"].as_str().unwrap().to_owned()
    };
    let first = write("one");
    assert_eq!(write("one"), first);
    assert_ne!(write("two"), first);
    let shown = place.call(&format!("post show {first}"), "").good();
    assert!(shown.contains("\nHello\n\nworld\n"), "{shown}");
    let edited = place.call(&format!("post edit {first} --json --part One --part Two"), "").json();
    let parts = edited["content"]["parts"].as_array().unwrap();
    assert_eq!((parts.len(), &edited["revision"]), (2, &2.into()));
    let stale = place.call(&format!("post edit {first} --text Late --revision 1"), "");
    assert_eq!(stale.code, 5, "{}", stale.err);
}

#[test]
fn a_picture_belongs_to_the_part_before_it() {
    let place = Place::founded();
    let png = [
        0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44,
        0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1f,
        0x15, 0xc4, 0x89, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8,
        0xcf, 0xc0, 0xf0, 0x1f, 0x00, 0x05, 0x00, 0x01, 0xff, 0x89, 0x99, 0x3d, 0x1d, 0x00, 0x00,
        0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
    ];
    fs::write(place.dir.path().join("a:dot.png"), png).unwrap();
    let args = [
        "post",
        "create",
        "--json",
        "--part",
        "One",
        "--part",
        "Two",
        "--image",
        "a:dot.png:A dot: small",
        "--part",
        "Three",
        "--option",
        "x=1",
        "--option",
        "x=2",
        "--option",
        "y=3",
    ];
    let made = place.call_with(&args, "", &[]).json();
    let parts = made["content"]["parts"].as_array().unwrap();
    let pictures: Vec<_> =
        parts.iter().map(|part| part["media"].as_array().unwrap().len()).collect();
    assert_eq!(pictures, [0, 1, 0]);
    assert_eq!(parts[1]["media"][0]["alt"], "A dot: small");
    assert_eq!(made["content"]["options"], serde_json::json!({ "x": ["1", "2"], "y": "3" }));
    for wrong in ["nothing.png:alt", "a:dot.png"] {
        let args = ["post", "create", "--text", "a", "--image", wrong];
        assert_eq!(place.call_with(&args, "", &[]).code, 2, "{wrong}");
    }
}

#[test]
fn a_token_works_from_elsewhere_and_tells_nobody() {
    let place = Place::founded();
    let _server = place.serve();
    let made = place.call("token create --json --name ci --scope read,write", "").json();
    let secret = made["secret"].as_str().unwrap().to_owned();
    fs::write(place.dir.path().join("token"), format!("{secret}\n")).unwrap();
    let server = format!("http://127.0.0.1:{}", place.port);
    let remote = |line: &str| {
        let args: Vec<&str> =
            ["--server", &server].into_iter().chain(line.split_whitespace()).collect();
        place.call_with(&args, "Hello", &[("BELLWETHER_TOKEN", &secret)])
    };
    remote("post create").good();
    assert!(remote("post list").good().contains("Hello"));
    let denied = remote("pause");
    assert_eq!(denied.code, 4, "{}", denied.err);
    let args = ["--server", &server, "--token-file", "token", "post", "list"];
    place.call_with(&args, "", &[]).good();
    assert_eq!(place.call_with(&args[..2], "", &[]).code, 2);
    let args = ["--server", &server, "post", "list"];
    assert_eq!(place.call_with(&args, "", &[]).code, 2, "no token");
    let id = made["id"].as_str().unwrap();
    place.call(&format!("token revoke {id}"), "").good();
    assert_eq!(remote("post list").code, 4);
    let list = place.call("token list", "").good();
    assert!(list.contains("revoked") && !list.contains(&secret), "{list}");
    let args = ["--server", "http://127.0.0.1:1", "post", "list"];
    let nobody = place.call_with(&args, "", &[("BELLWETHER_TOKEN", &secret)]);
    assert_eq!(nobody.code, 7);
    assert!(!nobody.err.contains(&secret), "{}", nobody.err);
}

#[test]
fn a_login_says_what_it_asks_for() {
    let place = Place::founded();
    let asked = place.call("channel connect --network bluesky", "").good();
    assert!(asked.contains("--field server=...") && asked.contains("--secret-stdin password"));
    let some = place.call("channel connect --network bluesky --secret-stdin password", "hunter2");
    assert_eq!(some.code, 2);
    assert!(some.err.contains("identifier") && !some.err.contains("hunter2"), "{}", some.err);
    let odd = "channel connect --network bluesky --field identifier=a --field colour=red \
               --secret-stdin password";
    assert_eq!(place.call(odd, "hunter2").code, 2);
    let away = "channel connect --network bluesky --field server=http://127.0.0.1:1 \
                --field identifier=a --secret-stdin password";
    let ended = place.call(away, "hunter2");
    assert_eq!(ended.code, 6, "{}", ended.err);
    assert_eq!(place.call("channel connect --network nowhere", "").code, 3);
}

#[test]
fn the_description_is_printed_without_any_installation() {
    let place = Place::new();
    let printed = place.call("openapi", "").json();
    assert_eq!(printed["openapi"], "3.1.0");
    assert!(!place.dir.path().join("data").exists());
}
