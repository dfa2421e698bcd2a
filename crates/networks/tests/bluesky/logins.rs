//! Logging in, with everything that people type and that becomes of accounts.

use std::sync::Arc;

use bellwether_networks::bluesky::Bluesky;
use bellwether_networks::{Endpoints, FailureKind, Network as _};
use serde_json::json;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::contract::{Fact, Harness as _, login, post};
use crate::facts;
use crate::pds::{Pds, answer};

pub fn facts(harness: &Arc<Pds>) -> Vec<Fact> {
    facts![harness;
        a_login_takes_what_people_type,
        a_login_brings_name_and_picture,
        a_deactivated_account_is_named,
        an_account_taken_down_is_named,
        a_deactivated_account_cannot_publish,
        a_changed_handle_opens_a_session_all_the_same,
        a_revoked_app_password_needs_a_person,
    ]
}

async fn a_login_takes_what_people_type(pds: Arc<Pds>) {
    let (handle, password, account) = pds.account().await;
    let server = pds.server();
    let name = handle.strip_suffix(".test").unwrap();
    let mail = account["email"].as_str().map_or(format!("{name}@mail.test"), str::to_owned);
    for typed in [
        handle.clone(),
        format!(" @{handle} "),
        format!("\u{2068}@{}\u{2069}", handle.to_uppercase()),
        name.to_owned(),
        mail,
        account["did"].as_str().unwrap().to_owned(),
    ] {
        let fields = answer(server.as_str(), &typed, &format!(" {password}\n"));
        let connected = login::log_in(&*pds, &fields).await;
        let connected = connected.unwrap_or_else(|failure| panic!("{typed}: {failure:?}"));
        assert_eq!(connected.handle, handle, "{typed}");
        assert_eq!(connected.remote_id, account["did"].as_str().unwrap());
        assert!(connected.expires_at.is_some());
    }
    // An address of a page on the right server, and the app's own address.
    let page = server.join("/profile/kofi?x=1#y").unwrap();
    let fields = answer(page.as_str(), &handle, &password);
    assert_eq!(login::log_in(&*pds, &fields).await.unwrap().server, server);
    let endpoints = Endpoints(
        [
            ("app".to_owned(), "https://app.invalid/".parse().unwrap()),
            ("service".to_owned(), server.clone()),
        ]
        .into(),
    );
    let fields = answer("app.invalid", &handle, &password);
    let connected = login::log_in_at(&Bluesky, &endpoints, &fields).await.unwrap();
    assert_eq!(connected.server, server);
}

async fn a_login_brings_name_and_picture(pds: Arc<Pds>) {
    let (handle, password, account) = pds.account().await;
    let token = account["accessJwt"].as_str();
    let fields = answer(pds.server().as_str(), &handle, &password);
    let bare = login::log_in(&*pds, &fields).await.unwrap();
    assert_eq!((bare.display_name.as_str(), bare.avatar), (handle.as_str(), None));

    let stage = crate::contract::stage::Shelf::default();
    let picture = stage.png([90, 90, 200], "");
    let bytes = bellwether_networks::MediaSource::read(&stage, &picture.hash).await.unwrap();
    let blob = pds.upload(bytes.to_vec(), "image/png", token.unwrap()).await;
    let body = json!({
        "repo": account["did"],
        "collection": "app.bsky.actor.profile",
        "rkey": "self",
        "record": {"$type": "app.bsky.actor.profile", "displayName": " Kofi ", "avatar": blob},
    });
    pds.call("com.atproto.repo.putRecord", &body, token).await;
    let connected = login::log_in(&*pds, &fields).await.unwrap();
    assert_eq!(connected.display_name, "Kofi");
    let avatar = reqwest::get(connected.avatar.expect("a picture")).await.unwrap();
    assert!(avatar.status().is_success());
}

async fn a_deactivated_account_is_named(pds: Arc<Pds>) {
    let (handle, password, account) = pds.account().await;
    let token = account["accessJwt"].as_str();
    pds.call("com.atproto.server.deactivateAccount", &json!({}), token).await;
    let fields = answer(pds.server().as_str(), &handle, &password);
    let failure = login::log_in(&*pds, &fields).await.unwrap_err();
    let expected = (FailureKind::Rejected, "bluesky-account-deactivated");
    assert_eq!((failure.kind, failure.say.key.as_str()), expected);
}

async fn an_account_taken_down_is_named(pds: Arc<Pds>) {
    let (handle, _, account) = pds.account().await;
    pds.take_down(account["did"].as_str().unwrap()).await;
    let main = format!("main-{}", handle.strip_suffix(".test").unwrap());
    let fields = answer(pds.server().as_str(), &handle, &main);
    let failure = login::log_in(&*pds, &fields).await.unwrap_err();
    assert_eq!(failure.say.key, "bluesky-account-taken-down");
}

async fn a_deactivated_account_cannot_publish(pds: Arc<Pds>) {
    let network = pds.network();
    let (handle, password, account) = pds.account().await;
    let member = pds.connect(&handle, &password).await;
    let stage = crate::contract::stage::Stage::of(&member);
    let frozen = stage.freeze(network, &post("Am I here?")).await;
    let token = account["accessJwt"].as_str();
    pds.call("com.atproto.server.deactivateAccount", &json!({}), token).await;
    let prepared = serde_json::Value::Null;
    let failure = stage.try_submit(network, &frozen, &prepared).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Reconnect);
    assert_eq!(failure.say.key, "bluesky-account-deactivated");
    let publish = network.publish();
    let looked = publish.find(&stage.cx(), &frozen, &prepared, &stage.trace()).await;
    looked.expect_err("a server that hides an account proves no absence");
}

async fn a_changed_handle_opens_a_session_all_the_same(pds: Arc<Pds>) {
    let network = pds.network();
    let (handle, password, account) = pds.account().await;
    let member = pds.connect(&handle, &password).await;
    let mut stage = crate::contract::stage::Stage::of(&member);
    let new = json!({"handle": format!("n{handle}")});
    let token = account["accessJwt"].as_str();
    pds.call("com.atproto.identity.updateHandle", &new, token).await;
    let reopened = network.connect().reopen(&stage.cx(), &stage.permit()).await.unwrap();
    stage.credential = reopened.expect("an app password opens a session").credential;
    stage.publish(network, &post("Renamed")).await;
}

async fn a_revoked_app_password_needs_a_person(pds: Arc<Pds>) {
    let network = pds.network();
    let (handle, password, account) = pds.account().await;
    let member = pds.connect(&handle, &password).await;
    let stage = crate::contract::stage::Stage::of(&member);
    let token = account["accessJwt"].as_str();
    let named = json!({"name": "suite"});
    pds.call("com.atproto.server.revokeAppPassword", &named, token).await;
    for outcome in [
        network.connect().refresh(&stage.cx(), &stage.permit()).await.map(|_| ()),
        network.connect().reopen(&stage.cx(), &stage.permit()).await.map(|_| ()),
    ] {
        let failure = outcome.expect_err("revoked");
        assert_eq!(
            (failure.kind, failure.say.key.as_str()),
            (FailureKind::Reconnect, "login-gone")
        );
    }
}

/// What a central service answers: the account lives on a server of its own.
#[tokio::test]
async fn a_login_leads_to_the_server_that_holds_the_account() {
    let service = MockServer::start().await;
    let described = json!({"did": "did:web:x", "availableUserDomains": [".bsky.social"]});
    Mock::given(path("/xrpc/com.atproto.server.describeServer"))
        .respond_with(ResponseTemplate::new(200).set_body_json(described))
        .mount(&service)
        .await;
    let opened = json!({
        "accessJwt": "a.b.c",
        "refreshJwt": "d.e.f",
        "did": "did:plc:abc",
        "handle": "kofi.bsky.social",
        "didDoc": {"service": [
            {"id": "#other", "type": "Other", "serviceEndpoint": "https://other.example"},
            {
                "id": "#atproto_pds",
                "type": "AtprotoPersonalDataServer",
                "serviceEndpoint": "https://morel.host.invalid",
            },
        ]},
    });
    Mock::given(path("/xrpc/com.atproto.server.createSession"))
        .respond_with(ResponseTemplate::new(200).set_body_json(opened))
        .mount(&service)
        .await;
    let fields = answer(&service.uri(), "Kofi", "abcd-efgh-ijkl-mnop");
    let connected = login::log_in_at(&Bluesky, &Endpoints::default(), &fields).await.unwrap();
    assert_eq!(connected.server.as_str(), "https://morel.host.invalid/");
    assert_eq!(connected.display_name, "kofi.bsky.social");
    assert_eq!(connected.expires_at, None);
    let requests = service.received_requests().await.unwrap();
    let body: serde_json::Value = serde_json::from_slice(&requests[1].body).unwrap();
    assert_eq!(body["identifier"], "kofi.bsky.social");
    assert_eq!(Bluesky.spec().name, "bluesky");
}

/// A password goes only to something that says it is a server of this kind.
#[tokio::test]
async fn a_server_of_another_kind_gets_no_password() {
    for answer_to_all in [
        ResponseTemplate::new(404).set_body_json(json!({"error": "NotFound"})),
        ResponseTemplate::new(200).set_body_json(json!({"hello": "world"})),
        ResponseTemplate::new(200).set_body_raw("<html></html>", "text/html"),
        ResponseTemplate::new(301).insert_header("Location", "https://elsewhere.invalid/"),
    ] {
        let server = MockServer::start().await;
        Mock::given(wiremock::matchers::any()).respond_with(answer_to_all).mount(&server).await;
        let fields = answer(&server.uri(), "kofi.test", "abcd-efgh-ijkl-mnop");
        let failure = login::log_in_at(&Bluesky, &Endpoints::default(), &fields).await.unwrap_err();
        let expected = ["bluesky-not-a-server", "server-html", "server-redirects"];
        assert!(expected.contains(&failure.say.key.as_str()), "{failure:?}");
        let requests = server.received_requests().await.unwrap();
        assert!(requests.iter().all(|request| request.method == "GET"));
    }
}

/// What the client refuses by itself is said in words as well.
#[tokio::test]
async fn an_address_that_is_not_called_is_named() {
    for (typed, key) in [
        ("http://10.1.2.3:2583", "server-private-address"),
        ("https://[fd00::1]/", "server-private-address"),
        ("https://kofi:password@pds.invalid", "server-bad-address"),
        ("ftp://pds.invalid", "server-bad-address"),
        ("at://did:plc:abc", "server-bad-address"),
        ("", "server-bad-address"),
    ] {
        let fields = answer(typed, "kofi.test", "abcd-efgh-ijkl-mnop");
        let failure = login::log_in_at(&Bluesky, &Endpoints::default(), &fields).await.unwrap_err();
        assert_eq!(failure.say.key, key, "{typed}");
    }
}

/// A second factor, and a login that is asked for too often.
#[tokio::test]
async fn a_login_says_why_it_was_refused() {
    for (status, error, key) in [
        (401, "AuthFactorTokenRequired", "login-second-factor"),
        (401, "AuthenticationRequired", "login-refused"),
        (401, "AccountTakedown", "bluesky-account-taken-down"),
        (429, "RateLimitExceeded", "rate-limited"),
        (500, "InternalServerError", "server-trouble"),
    ] {
        let server = MockServer::start().await;
        let described = json!({"availableUserDomains": []});
        Mock::given(path("/xrpc/com.atproto.server.describeServer"))
            .respond_with(ResponseTemplate::new(200).set_body_json(described))
            .mount(&server)
            .await;
        let body = json!({"error": error, "message": "no to abcd-efgh-ijkl-mnop"});
        Mock::given(path("/xrpc/com.atproto.server.createSession"))
            .respond_with(ResponseTemplate::new(status).set_body_json(body))
            .mount(&server)
            .await;
        let fields = answer(&server.uri(), "kofi.test", "abcd-efgh-ijkl-mnop");
        let failure = login::log_in_at(&Bluesky, &Endpoints::default(), &fields).await.unwrap_err();
        assert_eq!(failure.say.key, key);
        assert!(!format!("{failure:?}").contains("abcd-efgh"), "{failure:?}");
    }
}
