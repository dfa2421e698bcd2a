//! What people and scripts get wrong: each gets a sentence and an exit code.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use bellwether_testkit::standin::{Faults, Ledger, Server, pds};

use crate::place::{Ended, Place};

/// The smallest picture there is: one pixel.
const PNG: [u8; 70] = [
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1f, 0x15, 0xc4,
    0x89, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xf0,
    0x1f, 0x00, 0x05, 0x00, 0x01, 0xff, 0x89, 0x99, 0x3d, 0x1d, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45,
    0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

#[track_caller]
fn refused(ended: &Ended, code: i32, words: &str) {
    assert_eq!(ended.code, code, "{}{}", ended.out, ended.err);
    assert!(ended.err.contains(words), "{words}: {}", ended.err);
    assert!(!ended.err.contains('⟦'), "{}", ended.err);
}

/// A place with a channel, on a network that stands in for one.
async fn with_channel() -> (Place, std::sync::Arc<pds::Pds>, Server) {
    let ledger = Ledger::new();
    let network = pds::Pds::new(pds::Settings::default(), ledger.clone());
    network.add_account("ada.test", "abcd-efgh-ijkl-mnop");
    let server = Server::start("127.0.0.1:0", network.clone(), ledger, Faults::none()).await;
    let server = server.unwrap();
    let place = Place::founded();
    connect(&place, &server, "ada.test");
    (place, network, server)
}

fn connect(place: &Place, server: &Server, handle: &str) {
    let connect = format!(
        "channel connect --network bluesky --field server={} --field identifier={handle} \
         --secret-stdin password",
        server.url()
    );
    place.call(&connect, "abcd-efgh-ijkl-mnop\n").good();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_for_one_channel_goes_out_there() {
    let (place, _network, _server) = with_channel().await;
    let _running = place.serve();
    let made = place.call("post create --language en --json", "For everybody").json();
    let post = made["id"].as_str().unwrap();
    let version =
        |rest: &str| place.call(&format!("post version {post} {rest}"), "For Ada's friends");
    let shown = version("--channel ada.test").good();
    assert!(shown.contains("For everybody") && shown.contains("For Ada's friends"), "{shown}");
    let there = place.call(&format!("post show {post} --json"), "").json();
    let own = there["versions"].as_object().unwrap().values().next().unwrap();
    assert_eq!(own["parts"][0]["text"], "For Ada's friends");
    assert_eq!(own["languages"], serde_json::json!(["en"]), "kept from the post");
    // Somebody who read an older one does not write over it.
    assert_eq!(version("--channel ada.test --revision 1").code, 5);
    assert_eq!(version("--channel noor.test").code, 3);
    assert_eq!(version("--channel ada.test --none --language fr").code, 2);
    // Nothing on standard input is no new text.
    let empty = place.call(&format!("post version {post} --channel ada.test"), "");
    refused(&empty, 2, "Standard input is empty");
    refused(&place.call(&format!("post edit {post}"), "\n"), 2, "Standard input is empty");
    // What is not said anew stays.
    place.call(&format!("post edit {post} --card="), "For everybody").good();
    let french = place.call(&format!("post edit {post} --language fr --json"), "").json();
    let content = &french["content"];
    let said = (&content["parts"][0]["text"], &content["parts"][0]["card"], &content["languages"]);
    let (text, card) = (serde_json::json!("For everybody"), serde_json::json!(""));
    assert_eq!(said, (&text, &card, &serde_json::json!(["fr"])), "{content:#}");
    let shown = version("--channel ada.test --none").good();
    assert!(!shown.contains("friends"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_is_told_when_something_is_planned_and_when_another_ends() {
    let (place, _network, _server) = with_channel().await;
    let _running = place.serve();
    place.call("pause", "").good();
    place.call("pause --channel ada.test", "").good();
    let list = place.call("pause list", "").good();
    assert!(list.contains("channel ada.test of Lune"), "{list}");
    let planned = place.call("post create --channel ada.test --at 2027-01-01T10:00", "Hi");
    assert_eq!(planned.code, 0, "{}", planned.err);
    assert!(planned.err.contains("ada.test is paused"), "{}", planned.err);
    let over = place.call("resume --channel ada.test --reason calm", "").good();
    assert!(over.contains("Others are still on") && over.contains("workspace Lune"), "{over}");
    assert_eq!(place.call("resume --reason calm", "").good(), "Publishing goes on.\n");
    // What a removed channel holds can be given up later.
    let list = place.call("channel list --json", "").json();
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    place.call("channel remove ada.test", "").good();
    let given_up = place.call(&format!("channel remove {id} --cancel-planned"), "").good();
    assert!(given_up.contains("now cancelled: 1"), "{given_up}");
    let told = place.call("events --last 20", "").good();
    assert!(told.contains("publishing.resumed") && told.contains("reason=calm"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_go_out_is_refused_and_nothing_of_it_is_written() {
    let (place, network, server) = with_channel().await;
    let _running = place.serve();
    let post = |rest: &str, text: &str| {
        place.call(&format!("post create --channel ada.test {rest}"), text)
    };
    refused(&post("--now", &"x".repeat(301)), 1, "One character too many; 300 fit");
    refused(&place.call("post create", &"x".repeat(100_001)), 1, "Shorten it");
    refused(&post("--at 2027-01-01T10:00 --zone Europe/Atlantis", "Hi"), 1, "Europe/Atlantis");
    refused(&post("--at 2020-01-01T10:00", "Hi"), 1, "is past already");
    refused(&post("--at tomorrow", "Hi"), 1, "2026-12-24T18:00");
    refused(&post("--at 2027-02-30T10:00", "Hi"), 1, "“2027-02-30T10:00” is not");
    refused(&post("--at 9999-12-31T23:59", "Hi"), 1, "too far away");
    refused(&place.call("post create --channel noor.test --now", "Hi"), 3, "noor.test");
    refused(&post("--now", ""), 1, "Write something");
    refused(&place.call("workspace create Nord --zone Europe/Atlantis", ""), 1, "Europe/Atlantis");
    let list = place.call("post list --json", "").json();
    assert_eq!(list["items"].as_array().unwrap().len(), 0, "{list:#}");
    // On which channel it is too long.
    network.add_account("noor.test", "abcd-efgh-ijkl-mnop");
    connect(&place, &server, "noor.test");
    let both =
        place.call("post create --channel ada.test --channel noor.test --now", &"x".repeat(301));
    refused(&both, 1, "  ada.test: part 1: One character too many");
    refused(&both, 1, "  noor.test: part 1: One character too many");
    // In the person's language.
    let args = ["post", "create", "--channel", "ada.test", "--at", "2020-01-01T10:00"];
    let french = place.call_with(&args, "Bonjour", &[("LANG", "fr_FR.UTF-8")]);
    refused(&french, 1, "déjà");
    let args =
        ["post", "create", "--channel", "ada.test", "--at", "2027-01-01T10:00", "--zone", "X/Y"];
    refused(
        &place.call_with(&args, "Hi", &[("LANG", "ja_JP.UTF-8")]),
        1,
        "というタイムゾーンはありません",
    );

    // What the clocks skip or repeat is planned, and said.
    for (local, words) in
        [("2027-03-28T02:30", "The clocks go forward"), ("2027-10-31T02:30", "The clocks go back")]
    {
        let planned = post(&format!("--at {local} --zone Europe/Paris"), "At night");
        assert_eq!(planned.code, 0, "{}", planned.err);
        assert!(planned.err.contains(words), "{}", planned.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_lost_its_login_holds_what_is_planned_and_says_so() {
    let (place, network, _server) = with_channel().await;
    let _running = place.serve();
    network.remove_passwords("ada.test");
    network.expire_access("ada.test");
    let held = place.call("post create --channel ada.test --now --wait --timeout 60", "Hello");
    assert_eq!(held.code, 1, "{}{}", held.out, held.err);
    assert!(
        held.err.contains("is held") && held.err.contains("Connect the channel again"),
        "{}",
        held.err
    );
    // The text is kept; what is planned from now on comes with a warning.
    assert!(place.call("post list", "").good().contains("Hello"));
    let planned = place.call("post create --channel ada.test --at 2027-01-01T10:00", "Later");
    assert_eq!(planned.code, 0, "{}", planned.err);
    assert!(planned.err.contains("Connect it again"), "{}", planned.err);
    let calls = place.call("channel calls ada.test", "").good();
    assert!(calls.contains("createSession") || calls.contains("refreshSession"), "{calls}");
    let doctor = place.call("doctor", "");
    assert!(doctor.out.contains("ada.test lost its login"), "{}", doctor.out);
    assert!(doctor.out.contains("calls to networks"), "{}", doctor.out);
}

#[test]
fn a_file_that_is_no_usable_picture_is_not_stored() {
    let place = Place::founded();
    let _server = place.serve();
    let mut bomb = PNG.to_vec();
    // 50,000 x 50,000 pixels, as its head says.
    bomb[16..24].copy_from_slice(&[0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]);
    let crc = crc32(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&crc.to_be_bytes());
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    let huge = vec![0; 50 * 1024 * 1024 + 1];
    for (name, bytes, words) in [
        ("text", b"hello".to_vec(), "not a picture"),
        ("heic", heic, "cannot be used"),
        ("cut", PNG[..50].to_vec(), "damaged"),
        ("bomb", bomb, "megapixels"),
        ("huge", huge, "larger than 50"),
    ] {
        fs::write(place.dir.path().join(name), bytes).unwrap();
        let ended = place.call(&format!("media add {name}"), "");
        refused(&ended, 1, words);
        let post = place.call_with(
            &["post", "create", "--text", "Hi", "--image", &format!("{name}:alt")],
            "",
            &[],
        );
        refused(&post, 1, words);
    }
    assert_eq!(place.call("media add nothing", "").code, 2);
    assert_eq!(place.call("media list --json", "").json()["items"], serde_json::json!([]));
    assert_eq!(place.call("post list --json", "").json()["items"], serde_json::json!([]));
}

/// As PNG counts it.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

/// A server that answers every request with `answer`, and its address.
fn server(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut head = [0; 4096];
            let _ = stream.read(&mut head);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

const HTML: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\
    connection: close\r\n\r\n<html></html>";

#[test]
fn a_server_that_is_none_leaves_nothing_behind() {
    let place = Place::founded();
    let _running = place.serve();
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (address, code, words) in [
        (server(HTML), 6, "A web page came back"),
        (server(""), 6, "connection broke"),
        (format!("http://{gone}"), 6, "Nobody answers"),
        ("https://10.1.2.3".to_owned(), 6, "private network"),
        ("https://169.254.169.254".to_owned(), 6, "private network"),
        ("ftp://bsky.social".to_owned(), 1, "not an address"),
        ("https://nowhere.invalid".to_owned(), 6, "no server with that name"),
    ] {
        let connect = format!(
            "channel connect --network bluesky --field server={address} --field identifier=ada \
             --secret-stdin password"
        );
        let ended = place.call(&connect, "hunter2");
        refused(&ended, code, words);
        assert!(!ended.err.contains("hunter2"), "{}", ended.err);
    }
    assert_eq!(place.call("channel list --json", "").json()["items"], serde_json::json!([]));
}

#[test]
fn what_is_no_bellwether_is_told_from_what_is_not_there() {
    let place = Place::new();
    let call = |address: &str| {
        place.call_with(&["--server", address, "post", "list"], "", &[("BELLWETHER_TOKEN", "bw_x")])
    };
    refused(&call(&server(HTML)), 7, "is not Bellwether");
    refused(&call(&server("")), 7, "cannot be reached");
    let refusal = "HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno";
    refused(&call(&server(refusal)), 7, "is not Bellwether");
    assert_eq!(call("no address").code, 2);
}

/// What is possible is said in the command line's own words, before anything is asked.
#[test]
fn a_value_that_cannot_be_is_answered_with_those_that_can() {
    let place = Place::founded();
    for (line, words) in [
        (
            "people role ada@rive.example king",
            "owner, admin, editor, writer, approver, analyst, none",
        ),
        ("people place ada@rive.example owner", "admin, editor, writer, approver, analyst"),
        ("people add --name N --email n@rive.example --language de", "en, fr, ja, ko, zh-Hans"),
        ("people add --name N --email n@rive.example --role boss", "owner, admin"),
        (
            "token create --name t --scope read,fly",
            "read, write, publish, channels, pause, override, admin",
        ),
        ("token create --name t --scope read --expires soon", "2027-01-01T00:00:00Z"),
        ("pause --level some", "planned, replies, everything"),
        ("events --last 1000", "1..=100"),
    ] {
        let ended = place.call(line, "a few words in a row\n");
        refused(&ended, 2, words);
        for form in ["from the list", "is kept", "from the calendar"] {
            assert!(!ended.err.contains(form), "{line}: {}", ended.err);
        }
    }
}
