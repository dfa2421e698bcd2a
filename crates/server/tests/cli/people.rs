use crate::place::Place;

#[test]
fn a_team_is_made_and_changed_on_the_command_line() {
    let place = Place::founded();
    let _server = place.serve();
    let kofi = "people add --name Kofi --email kofi@rive.example --role writer --json";
    let made = place.call(kofi, "a few words in a row\n").json();
    assert_eq!((&made["role"], &made["is_active"]), (&"writer".into(), &true.into()));
    assert_eq!(place.call(kofi, "a few words in a row\n").code, 5, "one address, one person");
    let short = "people add --name Noor --email noor@rive.example";
    let short = place.call(short, "short\n");
    assert_eq!(short.code, 1);
    assert!(!short.err.contains("short\n"), "{}", short.err);
    let list = place.call("people list", "").good();
    assert!(list.contains("kofi@rive.example") && list.contains("ada@rive.example"), "{list}");

    let changed = place.call("people role kofi@rive.example editor --json", "").json();
    assert_eq!(changed["role"], "editor");
    let none = place.call("people role kofi@rive.example none --json", "").json();
    assert!(none.get("role").is_none(), "{none}");
    assert_eq!(place.call("people role kofi@rive.example king", "").code, 2);
    assert_eq!(place.call("people role nobody@rive.example editor", "").code, 3);
    assert_eq!(place.call("people role ada@rive.example editor", "").code, 5, "the last owner");

    place.call("people place kofi@rive.example writer", "").good();
    let members = place.call("people members", "").good();
    assert!(members.contains("writer") && members.contains("Kofi"), "{members}");
    place.call("people displace kofi@rive.example", "").good();
    assert_eq!(place.call("people displace kofi@rive.example", "").code, 3);

    let out = place.call("people deactivate kofi@rive.example --json", "").json();
    assert_eq!(out["is_active"], false);
    let back = place.call("people activate kofi@rive.example --json", "").json();
    assert_eq!(back["is_active"], true);
    place.call("people sessions kofi@rive.example", "").good();
    place.call("people sign-out kofi@rive.example", "").good();
    let ghost = "018f0000-0000-7000-8000-000000000000";
    let gone = place.call(&format!("people sign-out kofi@rive.example --session {ghost}"), "");
    assert_eq!(gone.code, 3, "{}", gone.err);
}

#[test]
fn a_forgotten_password_is_set_by_whoever_has_the_machine_and_by_nobody_else() {
    let place = Place::founded();
    let _server = place.serve();
    let done = place.call("people password ada@rive.example", "four other words here\n").good();
    assert!(!done.contains("four other"), "{done}");
    assert_eq!(place.call("people password nobody@rive.example", "four other words\n").code, 3);
    assert_eq!(place.call("people password ada@rive.example", "short").code, 1);
    let token = "token create --everywhere --json --name t --scope read,admin";
    let token = place.call(token, "").json()["secret"].as_str().unwrap().to_owned();
    let server = format!("http://127.0.0.1:{}", place.port);
    let remote = |args: &[&str]| {
        let args: Vec<&str> =
            ["--server", &server].into_iter().chain(args.iter().copied()).collect();
        place.call_with(&args, "four other words here", &[("BELLWETHER_TOKEN", &token)])
    };
    assert_eq!(remote(&["people", "password", "ada@rive.example"]).code, 4);
    assert_eq!(remote(&["key", "reseal"]).code, 4);
    remote(&["people", "list"]).good();
    // A token may not override: it cannot say that the clock is right either.
    assert_eq!(remote(&["clock", "trust"]).code, 4);
}
