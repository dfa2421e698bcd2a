//! Servers that speak the API each in their way, asked what they are.

use bellwether_networks::mastodon::Mastodon;
use bellwether_networks::{Connected, Endpoints, Failure, FailureKind};
use serde_json::{Value, json};
use wiremock::matchers::{header_exists, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::answers::{no, page};
use crate::contract::login::log_in_at;
use crate::server::answer;

const TOKEN: &str = "a-good-token";

fn json_of(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

/// Connects to a server that answers like this; whatever else is asked is not there.
async fn connected(
    answers: &[(&str, ResponseTemplate)],
) -> (Result<Connected, Failure>, Vec<String>) {
    let server = MockServer::start().await;
    for (place, answer) in answers {
        Mock::given(path(*place)).respond_with(answer.clone()).mount(&server).await;
    }
    let answer = answer(&server.uri(), TOKEN);
    let connected = log_in_at(&Mastodon, &Endpoints::default(), &answer).await;
    let asked = server.received_requests().await.unwrap();
    (connected, asked.iter().map(|request| request.url.path().to_owned()).collect())
}

fn account() -> Vec<(&'static str, ResponseTemplate)> {
    let account = json!({"id": "109", "username": "kofi", "display_name": " ", "avatar": "https://social.example/a.png"});
    vec![
        ("/api/v1/accounts/verify_credentials", json_of(account)),
        ("/api/v1/accounts/109/statuses", json_of(json!([]))),
    ]
}

fn nodeinfo(software: &str) -> Vec<(&'static str, ResponseTemplate)> {
    // Wherever it leads: the server itself is asked.
    let links = json!({"links": [{"rel": "x", "href": "https://elsewhere.invalid/nodeinfo/2.0"}]});
    vec![
        ("/.well-known/nodeinfo", json_of(links)),
        ("/nodeinfo/2.0", json_of(json!({"software": {"name": software, "version": "1"}}))),
    ]
}

#[tokio::test]
async fn mastodon_is_known_by_its_nodeinfo() {
    for version in ["4.6.0", "4.5.0+glitch"] {
        let v2 = json!({"domain": "social.example", "version": version, "api_versions": {"mastodon": 10}});
        let answers =
            [account(), nodeinfo("mastodon"), vec![("/api/v2/instance", json_of(v2))]].concat();
        let (connected, _) = connected(&answers).await;
        let connected = connected.unwrap();
        assert_eq!(connected.handle, "kofi@social.example");
        assert_eq!(connected.display_name, "kofi@social.example", "it has no other name");
        assert!(connected.remote_id.starts_with("109@127.0.0.1:"), "{}", connected.remote_id);
        assert!(connected.expires_at.is_none() && connected.login_ends_at.is_none());
        assert!(connected.limits.resend_after_not_seen);
        assert!(connected.limits.server.unwrap().quotes);
    }
}

#[tokio::test]
async fn a_server_from_before_its_second_description_is_asked_for_the_first() {
    let v1 = json!({"uri": "https://social.example/", "version": "3.5.3"});
    for missing in [no(404, "Record not found"), page(404)] {
        let v2 = vec![("/api/v2/instance", missing), ("/api/v1/instance", json_of(v1.clone()))];
        let (connected, asked) = connected(&[account(), nodeinfo("mastodon"), v2].concat()).await;
        let connected = connected.unwrap();
        assert_eq!(connected.handle, "kofi@social.example");
        assert_eq!(connected.limits.text.max, 500);
        assert_eq!(asked[..2], ["/api/v2/instance", "/api/v1/instance"]);
    }
}

#[tokio::test]
async fn others_are_known_by_their_version_or_nodeinfo_and_never_sent_to_twice() {
    for (version, named, software) in [
        ("0.19.1 git-eb1fbf8", Some("gotosocial"), "gotosocial"),
        ("2.7.2 (compatible; Akkoma 3.15.2)", None, "akkoma"),
        ("takahe/0.11.0", None, "takahe"),
        // A server that does not tell what it is.
        ("4.4.0", None, ""),
    ] {
        let v2 = json!({"domain": "social.example", "version": version});
        let nodeinfo = named.map(nodeinfo).unwrap_or_default();
        let (connected, _) =
            connected(&[account(), nodeinfo, vec![("/api/v2/instance", json_of(v2))]].concat())
                .await;
        let limits = connected.unwrap().limits;
        assert!(!limits.resend_after_not_seen, "{version}");
        let server = limits.server.unwrap();
        assert_eq!((server.software.as_str(), server.version.as_str()), (software, version));
    }
}

#[tokio::test]
async fn the_token_is_not_given_to_whatever_answers() {
    for (answers, key) in [
        (vec![("/api/v2/instance", page(200))], "mastodon-not-a-server"),
        (vec![("/api/v2/instance", json_of(json!({"hello": "there"})))], "mastodon-not-a-server"),
        (vec![("/api/v2/instance", no(503, "x"))], "server-trouble"),
        (vec![], "mastodon-not-a-server"),
    ] {
        let server = MockServer::start().await;
        for (place, answer) in &answers {
            Mock::given(path(*place)).respond_with(answer.clone()).mount(&server).await;
        }
        Mock::given(header_exists("authorization"))
            .respond_with(page(200))
            .expect(0)
            .mount(&server)
            .await;
        let answer = answer(&server.uri(), TOKEN);
        let failure = log_in_at(&Mastodon, &Endpoints::default(), &answer).await.unwrap_err();
        assert_eq!(failure.say.key, key);
    }
}

#[tokio::test]
async fn a_token_that_cannot_do_what_is_needed_is_not_taken() {
    let v2 = || {
        vec![("/api/v2/instance", json_of(json!({"domain": "social.example", "version": "4.6.0"})))]
    };
    let scope = || no(403, "This action is outside the authorized scopes");
    let own = |answer| vec![("/api/v1/accounts/verify_credentials", answer)];
    for (answers, key) in [
        (own(no(401, "The access token is invalid")), "mastodon-token-refused"),
        (own(scope()), "mastodon-scope-missing"),
        (own(no(403, "Your login is currently disabled")), "mastodon-account-locked"),
        (
            [account()[..1].to_vec(), vec![("/api/v1/accounts/109/statuses", scope())]].concat(),
            "mastodon-scope-missing",
        ),
    ] {
        let (connected, _) = connected(&[v2(), answers].concat()).await;
        let failure = connected.unwrap_err();
        assert_eq!((failure.kind, failure.say.key.as_str()), (FailureKind::Rejected, key));
    }
}
