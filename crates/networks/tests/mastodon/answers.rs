//! What each answer of a server means. The answers are those that Mastodon 4.6
//! and its kin document or have in their source, those that were measured, and
//! those that the machines between us give.

use std::time::Duration;

use bellwether_base::{Clock as _, Secret, SystemClock};
use bellwether_networks::mastodon::{Mastodon, limits};
use bellwether_networks::{
    Account, Failure, FailureKind, Frozen, Network as _, QuotaReading, RemotePost, Sent,
};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::contract::stage::Stage;
use crate::contract::{Member, post, with_pictures};

pub const TOKEN: &str = "secret-access-token";

pub fn stage(server: &MockServer) -> Stage {
    let credential = json!({"token": TOKEN, "program": "Bellwether"});
    Stage::of(&Member {
        account: Account {
            remote_id: "109@social.example".to_owned(),
            handle: "kofi@social.example".to_owned(),
            server: server.uri().parse().unwrap(),
            limits: limits(),
        },
        credential: Secret::new(credential.to_string()),
    })
}

pub async fn answering(answer: ResponseTemplate) -> (MockServer, Stage) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let stage = stage(&server);
    (server, stage)
}

async fn submitted(answer: ResponseTemplate) -> Failure {
    let (_server, stage) = answering(answer).await;
    let frozen = stage.freeze(&Mastodon, &post("Hello")).await;
    stage.try_submit(&Mastodon, &frozen, &Value::Null).await.expect_err("no yes")
}

pub fn no(status: u16, error: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"error": error}))
}

pub fn page(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw("<html>Hello</html>", "text/html")
}

fn json_of(status: u16, body: Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

type Meaning = (ResponseTemplate, FailureKind, Sent, &'static str);

async fn each_means(answers: Vec<Meaning>) {
    for (answer, kind, sent, key) in answers {
        let shown = format!("{answer:?}");
        let failure = submitted(answer).await;
        let told = (failure.kind, failure.sent, failure.say.key.as_str());
        assert_eq!(told, (kind, sent, key), "{shown}");
        assert_eq!(failure.prepare_again, key == "mastodon-picture-busy", "{shown}");
    }
}

#[tokio::test]
async fn each_no_to_a_post_has_its_meaning() {
    use FailureKind::{Reconnect, Rejected, Transient};
    use Sent::No;
    each_means(vec![
        // Who we are.
        (no(401, "The access token is invalid"), Reconnect, No, "login-gone"),
        (no(401, "The access token was revoked"), Reconnect, No, "login-gone"),
        (no(400, "Bad Request: invalid access token"), Reconnect, No, "login-gone"),
        (no(422, "This method requires an authenticated user"), Reconnect, No, "login-gone"),
        (
            no(403, "This action is outside the authorized scopes"),
            Reconnect,
            No,
            "mastodon-scope-missing",
        ),
        (no(403, "Your login is currently disabled"), Reconnect, No, "mastodon-account-locked"),
        (
            no(403, "Your login is currently pending approval"),
            Reconnect,
            No,
            "mastodon-account-locked",
        ),
        (
            no(403, "Your login is missing a confirmed e-mail address"),
            Reconnect,
            No,
            "mastodon-account-locked",
        ),
        // What we want.
        (
            no(422, "Validation failed: Text character limit of 500 exceeded"),
            Rejected,
            No,
            "mastodon-refused",
        ),
        (no(422, "Validation failed: Text can't be blank"), Rejected, No, "mastodon-refused"),
        (
            no(400, "Bad Request: status too long, 5001 characters provided but limit is 5000"),
            Rejected,
            No,
            "mastodon-refused",
        ),
        (no(403, "This action is not allowed"), Rejected, No, "mastodon-refused"),
        (no(404, "Record not found"), Rejected, No, "mastodon-refused"),
        (
            json_of(400, json!({"errors": {"detail": "Bad request"}})),
            Rejected,
            No,
            "mastodon-refused",
        ),
        (
            json_of(
                422,
                json!({"message": "The status field is required.", "errors": {"status": ["x"]}}),
            ),
            Rejected,
            No,
            "mastodon-refused",
        ),
        (no(413, "Payload too large"), Rejected, No, "mastodon-too-large"),
        (page(413), Rejected, No, "mastodon-too-large"),
        (
            no(
                422,
                "Cannot attach files that have not finished processing. Try again in a moment!",
            ),
            Transient,
            No,
            "mastodon-picture-busy",
        ),
    ])
    .await;
}

#[tokio::test]
async fn what_is_neither_yes_nor_no_to_a_post_is_a_doubt() {
    use FailureKind::Transient;
    use Sent::Unknown;
    each_means(vec![
        // What may have been posted before.
        (no(400, "Duplicate idempotency key."), Transient, Unknown, "mastodon-already-there"),
        (
            no(422, "Media 22345792 not found or already attached to another post"),
            Transient,
            Unknown,
            "mastodon-already-there",
        ),
        (no(409, "Conflict"), Transient, Unknown, "mastodon-already-there"),
        (page(409), Transient, Unknown, "mastodon-already-there"),
        // A repeat of a known key, on some releases.
        (no(500, "Internal Server Error"), Transient, Unknown, "server-trouble"),
        (page(500), Transient, Unknown, "server-trouble"),
        (page(503), Transient, Unknown, "server-trouble"),
        (ResponseTemplate::new(504), Transient, Unknown, "server-trouble"),
        (no(408, "Request Timeout"), Transient, Unknown, "server-trouble"),
        // No answer of this kind.
        (page(401), Transient, Unknown, "server-html"),
        (page(403), Transient, Unknown, "server-html"),
        (page(404), Transient, Unknown, "server-html"),
        (page(200), Transient, Unknown, "server-html"),
        (json_of(400, json!([])), Transient, Unknown, "server-html"),
        (
            ResponseTemplate::new(302).insert_header("location", "/login"),
            Transient,
            Unknown,
            "server-redirects",
        ),
        (ResponseTemplate::new(200), Transient, Unknown, "server-not-understood"),
        (json_of(200, json!({})), Transient, Unknown, "server-not-understood"),
        (json_of(200, json!({"id": 7})), Transient, Unknown, "server-not-understood"),
        (json_of(200, json!({"id": "../x"})), Transient, Unknown, "server-not-understood"),
    ])
    .await;
}

#[tokio::test]
async fn too_many_calls_say_until_when() {
    let now = SystemClock.now();
    let until = async |answer: ResponseTemplate| {
        let failure = submitted(answer).await;
        assert_eq!(failure.sent, Sent::No);
        let FailureKind::RateLimited { until } = failure.kind else { panic!("{failure:?}") };
        until.since(now).as_secs()
    };
    let soon = |seconds: u64| seconds..=seconds + 10;
    let limited = || no(429, "Too many requests");
    let reset = (now + Duration::from_mins(5)).to_string();
    let told = limited().insert_header("X-RateLimit-Reset", &*reset);
    assert!(soon(299).contains(&until(told).await), "{reset}");
    assert!(soon(30).contains(&until(limited().insert_header("Retry-After", "30")).await));
    assert!(soon(60).contains(&until(limited()).await));
    assert!(soon(60).contains(&until(page(429)).await));
    assert!(soon(86_400).contains(&until(limited().insert_header("Retry-After", "9999999")).await));
    let past = limited().insert_header("X-RateLimit-Reset", "2020-01-01T00:00:00.000Z");
    assert!(soon(1).contains(&until(past).await));
}

#[tokio::test]
async fn how_many_posts_are_left_is_noted() {
    let status = json!({"id": "1", "url": "https://social.example/@kofi/1"});
    let answer = ResponseTemplate::new(200)
        .set_body_json(status)
        .insert_header("X-RateLimit-Limit", "300")
        .insert_header("X-RateLimit-Remaining", "299")
        .insert_header("X-RateLimit-Reset", "2026-11-22T12:00:00.000000Z");
    let (_server, stage) = answering(answer).await;
    let frozen = stage.freeze(&Mastodon, &post("Hello")).await;
    stage.submit(&Mastodon, &frozen, &Value::Null).await;
    let resets_at = bellwether_base::Instant::from_millis(1_795_348_800_000);
    let reading = QuotaReading { bucket: "posts", limit: 300, remaining: 299, resets_at };
    assert_eq!(stage.readings.take(), [reading]);
    // What a read says is another limit.
    let _ = Mastodon.publish().newest(&stage.cx()).await;
    assert_eq!(stage.readings.take(), []);
}

#[tokio::test]
async fn what_a_server_repeats_of_our_token_is_taken_out() {
    let failure = submitted(no(422, &format!("odd token {TOKEN}!"))).await;
    assert_eq!(failure.vendor.as_deref(), Some("odd token …!"));
}

#[tokio::test]
async fn a_request_says_what_must_be_said_and_never_when() {
    let status = json!({"id": "1"});
    let (server, stage) = answering(ResponseTemplate::new(200).set_body_json(status)).await;
    let frozen = stage.freeze(&Mastodon, &post(" Hello\r\nthere ")).await;
    for _ in 0..2 {
        stage.submit(&Mastodon, &frozen, &Value::Null).await;
    }
    let requests = server.received_requests().await.unwrap();
    let sent: Value = requests[0].body_json().unwrap();
    let expected = json!({
        "status": "Hello\nthere", "visibility": "public", "sensitive": false, "content_type": "text/plain",
    });
    assert_eq!(sent, expected);
    let key = |at: usize| requests[at].headers.get("idempotency-key").unwrap().clone();
    assert_eq!(key(0), key(1), "each attempt has the same");
    assert_eq!(key(0).len(), 32);
    assert_eq!(frozen.texts, ["Hello\nthere"]);
}

#[tokio::test]
async fn a_post_that_was_gone_before_is_gone() {
    let deleted = async |answer: ResponseTemplate| {
        let (_server, stage) = answering(answer).await;
        let post = RemotePost { id: "1".to_owned(), url: None, version: None };
        Mastodon.publish().delete(&stage.cx(), &post, &stage.permit()).await
    };
    let gone = json!({"id": "1", "text": "Hello"});
    assert_eq!(deleted(ResponseTemplate::new(200).set_body_json(gone)).await, Ok(()));
    assert_eq!(deleted(no(404, "Record not found")).await, Ok(()));
    assert_eq!(deleted(no(410, "Gone")).await, Ok(()));
    for (answer, sent) in
        [(page(404), Sent::Unknown), (no(500, "x"), Sent::Unknown), (no(403, "x"), Sent::No)]
    {
        assert_eq!(deleted(answer).await.unwrap_err().sent, sent);
    }
}

#[tokio::test]
async fn a_stored_request_that_cannot_be_read_is_not_sent() {
    let (server, stage) = answering(ResponseTemplate::new(200)).await;
    for request in [json!(null), json!({"text": "x"}), json!(7)] {
        let frozen = Frozen { request, handles: vec![], texts: vec![] };
        let failure = stage.try_submit(&Mastodon, &frozen, &Value::Null).await.unwrap_err();
        assert_eq!((failure.kind, failure.sent), (FailureKind::Rejected, Sent::No));
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_credential_that_cannot_be_read_needs_a_person() {
    let (server, mut stage) = answering(ResponseTemplate::new(200)).await;
    let frozen = stage.freeze(&Mastodon, &post("Hello")).await;
    stage.credential = Secret::new("{}");
    let failure = stage.try_submit(&Mastodon, &frozen, &Value::Null).await.unwrap_err();
    assert_eq!((failure.kind, failure.sent), (FailureKind::Reconnect, Sent::No));
    assert!(server.received_requests().await.unwrap().is_empty());
}

/// Nothing is posted without a picture that was meant to be there.
#[tokio::test]
async fn a_post_waits_for_its_pictures() {
    let (server, stage) = answering(ResponseTemplate::new(200)).await;
    let content = with_pictures("Look", vec![stage.media.png([1, 2, 3], "grey")]);
    let frozen = stage.freeze(&Mastodon, &content).await;
    let busy = json!([{"id": "1", "at": SystemClock.now(), "is_ready": false}]);
    for prepared in [Value::Null, json!([]), busy] {
        let failure = stage.try_submit(&Mastodon, &frozen, &prepared).await.unwrap_err();
        assert_eq!((failure.kind, failure.sent), (FailureKind::Transient, Sent::No));
        assert!(failure.prepare_again);
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}
