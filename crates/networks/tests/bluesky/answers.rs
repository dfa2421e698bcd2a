//! What each answer of a server means. The answers are those that PDS 0.5.35
//! gave, and those that other servers and the machines between us give.

use bellwether_base::{Clock as _, Secret, SystemClock};
use bellwether_networks::bluesky::{Bluesky, limits};
use bellwether_networks::{
    Account, Failure, FailureKind, Found, Frozen, Network as _, QuotaReading, RemotePost, Sent,
};
use serde_json::{Value, json};
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::contract::stage::Stage;
use crate::contract::{Member, post, thread, with_pictures};

const DID: &str = "did:plc:abcdefghijklmnopqrstuvwx";
const TOKEN: &str = "eyJ0eXAi.secret-access.sig";

fn stage(server: &MockServer) -> Stage {
    let credential = json!({
        "service": server.uri(),
        "password": "abcd-efgh-ijkl-mnop",
        "access": TOKEN,
        "refresh": "eyJ0eXAi.secret-refresh.sig",
        "access_until": null,
        "refresh_until": null,
    });
    Stage::of(&Member {
        account: Account {
            remote_id: DID.to_owned(),
            handle: "kofi.test".to_owned(),
            server: server.uri().parse().unwrap(),
            limits: limits(),
        },
        credential: Secret::new(credential.to_string()),
    })
}

async fn answering(answer: ResponseTemplate) -> (MockServer, Stage) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let stage = stage(&server);
    (server, stage)
}

async fn submitted(answer: ResponseTemplate) -> Failure {
    let (_server, stage) = answering(answer).await;
    let frozen = stage.freeze(&Bluesky, &post("Hello")).await;
    stage.try_submit(&Bluesky, &frozen, &Value::Null).await.expect_err("no yes")
}

fn no(status: u16, error: &str, message: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"error": error, "message": message}))
}

fn page(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw("<html>Hello</html>", "text/html")
}

#[tokio::test]
async fn each_answer_to_a_write_has_its_meaning() {
    use FailureKind::{Expired, Reconnect, Rejected, Transient};
    use Sent::{No, Unknown};
    let answers = [
        (no(400, "ExpiredToken", "Token has expired"), Expired, No, "login-expired"),
        (no(400, "InvalidToken", "Token could not be verified"), Reconnect, No, "login-gone"),
        (no(401, "AuthMissing", "Authentication Required"), Reconnect, No, "login-gone"),
        (no(401, "AuthenticationRequired", "x"), Reconnect, No, "login-gone"),
        (no(401, "SomethingNew", "x"), Reconnect, No, "login-gone"),
        (no(401, "AccountTakedown", "x"), Reconnect, No, "bluesky-account-taken-down"),
        (no(401, "AccountDeactivated", "x"), Reconnect, No, "bluesky-account-deactivated"),
        (no(403, "AccountNotFound", "x"), Reconnect, No, "bluesky-account-moved"),
        (no(401, "AuthFactorTokenRequired", "x"), Reconnect, No, "login-second-factor"),
        (no(400, "InvalidRequest", "grapheme too big"), Rejected, No, "bluesky-refused"),
        (no(400, "InvalidRecord", "x"), Rejected, No, "bluesky-refused"),
        (no(403, "Forbidden", "x"), Rejected, No, "bluesky-refused"),
        (no(413, "PayloadTooLarge", "x"), Rejected, No, "bluesky-too-large"),
        (page(413), Rejected, No, "bluesky-too-large"),
        (no(400, "BlobNotFound", "x"), Transient, No, "bluesky-picture-gone"),
        (no(400, "InvalidSwap", "Record was at x"), Transient, Unknown, "bluesky-already-there"),
        (no(400, "RecordAlreadyExists", "x"), Transient, Unknown, "bluesky-already-there"),
        (no(409, "Conflict", "x"), Transient, Unknown, "bluesky-already-there"),
        (page(409), Transient, Unknown, "bluesky-already-there"),
        (no(500, "InternalServerError", "x"), Transient, Unknown, "server-trouble"),
        (no(502, "UpstreamFailure", "x"), Transient, Unknown, "server-trouble"),
        (page(503), Transient, Unknown, "server-trouble"),
        (no(408, "RequestTimeout", "x"), Transient, Unknown, "server-trouble"),
        (page(403), Transient, Unknown, "server-html"),
        (page(404), Transient, Unknown, "server-html"),
        (page(200), Transient, Unknown, "server-html"),
        (ResponseTemplate::new(400).set_body_json(json!([])), Transient, Unknown, "server-html"),
        (ResponseTemplate::new(302), Transient, Unknown, "server-redirects"),
        (ResponseTemplate::new(200), Transient, Unknown, "server-not-understood"),
        (
            ResponseTemplate::new(200).set_body_json(json!({"uri": "at://x"})),
            Transient,
            Unknown,
            "server-not-understood",
        ),
    ];
    for (answer, kind, sent, key) in answers {
        let shown = format!("{answer:?}");
        let failure = submitted(answer).await;
        assert_eq!(
            (failure.kind, failure.sent, failure.say.key.as_str()),
            (kind, sent, key),
            "{shown}"
        );
        assert_eq!(failure.prepare_again, key == "bluesky-picture-gone", "{shown}");
    }
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
    let limited = || no(429, "RateLimitExceeded", "Rate Limit Exceeded");
    let epoch = (now.millis() / 1000 + 300).to_string();
    assert!(soon(299).contains(&until(limited().insert_header("RateLimit-Reset", &*epoch)).await));
    assert!(soon(120).contains(&until(limited().insert_header("RateLimit-Reset", "120")).await));
    assert!(soon(30).contains(&until(limited().insert_header("Retry-After", "30")).await));
    assert!(soon(60).contains(&until(limited()).await));
    assert!(soon(60).contains(&until(page(429)).await));
    assert!(soon(86_400).contains(&until(limited().insert_header("Retry-After", "9999999")).await));
    let past = limited().insert_header("RateLimit-Reset", "1700000000");
    assert!(soon(1).contains(&until(past).await));
}

#[tokio::test]
async fn what_a_server_repeats_of_our_token_is_taken_out() {
    let echo = format!("bad token {TOKEN} and eyJhbGciOiJIUzI1NiJ9.e30.x");
    let failure = submitted(no(400, "InvalidToken", &echo)).await;
    let words = failure.vendor.expect("the server's words");
    assert!(words.starts_with("InvalidToken: bad token"), "{words}");
    assert!(!words.contains("eyJ") && !words.contains("secret-access"), "{words}");
}

#[tokio::test]
async fn only_the_hourly_limit_of_writes_is_noted() {
    let record = json!({"uri": "at://x/y/z", "cid": "bafy"});
    let answer = |policy: &str| {
        ResponseTemplate::new(200)
            .set_body_json(&record)
            .insert_header("RateLimit-Limit", "5000")
            .insert_header("RateLimit-Remaining", "4997")
            .insert_header("RateLimit-Reset", "1795339856")
            .insert_header("RateLimit-Policy", policy)
    };
    for (policy, is_noted) in
        [("5000;w=3600", true), ("3000;w=300", false), ("35000;w=86400", false)]
    {
        let (_server, stage) = answering(answer(policy)).await;
        let frozen = stage.freeze(&Bluesky, &post("Hello")).await;
        stage.submit(&Bluesky, &frozen, &Value::Null).await;
        let reading = QuotaReading {
            bucket: "writes",
            limit: 5000,
            remaining: 4997,
            resets_at: bellwether_base::Instant::from_millis(1_795_339_856_000),
        };
        assert_eq!(stage.readings.take(), if is_noted { vec![reading] } else { vec![] });
    }
}

async fn looked(answers: Vec<ResponseTemplate>, frozen_from: &[&str]) -> Result<Found, Failure> {
    let server = MockServer::start().await;
    let stage = stage(&server);
    let frozen = stage.freeze(&Bluesky, &thread(frozen_from)).await;
    for answer in answers {
        Mock::given(method("GET"))
            .and(path("/xrpc/com.atproto.repo.getRecord"))
            .respond_with(answer)
            .up_to_n_times(1)
            .mount(&server)
            .await;
    }
    let repository = json!({"did": DID, "handle": "kofi.test"});
    Mock::given(path("/xrpc/com.atproto.repo.describeRepo"))
        .respond_with(ResponseTemplate::new(200).set_body_json(repository))
        .mount(&server)
        .await;
    Bluesky.publish().find(&stage.cx(), &frozen, &Value::Null, &stage.trace()).await
}

fn there() -> ResponseTemplate {
    let record = json!({"uri": "at://x/y/z", "cid": "bafy", "value": {}});
    ResponseTemplate::new(200).set_body_json(record)
}

fn not_there() -> ResponseTemplate {
    no(400, "RecordNotFound", "Could not locate record")
}

#[tokio::test]
async fn absence_needs_the_words_for_it() {
    assert_eq!(looked(vec![not_there()], &["a"]).await.unwrap(), Found::Absent);
    assert_eq!(looked(vec![not_there(), not_there()], &["a", "b"]).await.unwrap(), Found::Absent);
    assert!(matches!(looked(vec![there()], &["a"]).await.unwrap(), Found::Found(_)));
    assert!(matches!(looked(vec![there(), there()], &["a", "b"]).await.unwrap(), Found::Found(_)));
    assert_eq!(looked(vec![there(), not_there()], &["a", "b"]).await.unwrap(), Found::CannotTell);
    let no_absence = [
        no(400, "InvalidRequest", "Could not locate record"),
        no(404, "XRPCNotSupported", "x"),
        no(502, "UpstreamFailure", "x"),
        no(500, "RecordNotFound", "x"),
        page(404),
        page(200),
        ResponseTemplate::new(200),
        no(429, "RateLimitExceeded", "x"),
    ];
    for answer in no_absence {
        let shown = format!("{answer:?}");
        let failure = looked(vec![answer], &["a"]).await.expect_err(&shown);
        assert_eq!(failure.sent, Sent::No, "{shown}");
    }
}

/// A server that no longer holds the account asks one that lags behind, whose
/// "not found" proves nothing.
#[tokio::test]
async fn only_the_server_that_holds_the_account_can_say_absent() {
    let looked = async |repository: ResponseTemplate| {
        let server = MockServer::start().await;
        let stage = stage(&server);
        let frozen = stage.freeze(&Bluesky, &post("a")).await;
        for (method, answer) in [("getRecord", not_there()), ("describeRepo", repository)] {
            Mock::given(path(format!("/xrpc/com.atproto.repo.{method}")))
                .respond_with(answer)
                .mount(&server)
                .await;
        }
        let publish = Bluesky.publish();
        publish.find(&stage.cx(), &frozen, &Value::Null, &stage.trace()).await
    };
    for (answer, key) in [
        (no(400, "RepoNotFound", "x"), "bluesky-account-moved"),
        (no(400, "RepoDeactivated", "x"), "bluesky-account-deactivated"),
        (page(200), "server-html"),
        (ResponseTemplate::new(200), "server-not-understood"),
    ] {
        assert_eq!(looked(answer).await.expect_err("no proof").say.key, key);
    }
    let holds = |did: &str| ResponseTemplate::new(200).set_body_json(json!({"did": did}));
    assert_eq!(looked(holds(DID)).await, Ok(Found::Absent));
    assert_eq!(looked(holds("did:plc:somebodyelse")).await, Ok(Found::CannotTell));
}

#[tokio::test]
async fn an_upload_that_went_wrong_published_nothing() {
    for (answer, key) in [
        (no(500, "InternalServerError", "x"), "server-trouble"),
        (page(200), "server-html"),
        (ResponseTemplate::new(200).set_body_json(json!({"blob": {}})), "server-not-understood"),
    ] {
        let (_server, stage) = answering(answer).await;
        let content = with_pictures("Look", vec![stage.media.png([1, 2, 3], "grey")]);
        let frozen = stage.freeze(&Bluesky, &content).await;
        let failure = stage.try_prepare(&Bluesky, &frozen).await.expect_err("no yes");
        assert_eq!((failure.kind, failure.sent), (FailureKind::Transient, Sent::No));
        assert_eq!(failure.say.key, key);
    }
}

#[tokio::test]
async fn a_picture_that_was_never_stored_is_no_passing_trouble() {
    let (_server, stage) = answering(ResponseTemplate::new(500)).await;
    let elsewhere = crate::contract::stage::Shelf::default();
    let content = with_pictures("Look", vec![elsewhere.png([1, 2, 3], "grey")]);
    let frozen = stage.freeze(&Bluesky, &content).await;
    let failure = stage.try_prepare(&Bluesky, &frozen).await.expect_err("no such picture");
    assert_eq!((failure.kind, failure.say.key.as_str()), (FailureKind::Rejected, "media-gone"));
}

#[tokio::test]
async fn a_stored_request_that_cannot_be_read_is_not_sent() {
    let (server, stage) = answering(ResponseTemplate::new(200)).await;
    for request in [json!(null), json!({"did": DID, "parts": []}), json!({"parts": 7})] {
        let frozen = Frozen { request, handles: vec![], texts: vec![] };
        let failure = stage.try_submit(&Bluesky, &frozen, &Value::Null).await.unwrap_err();
        assert_eq!((failure.kind, failure.sent), (FailureKind::Rejected, Sent::No));
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn only_our_own_posts_are_taken_down() {
    let (server, stage) = answering(ResponseTemplate::new(200)).await;
    for id in ["", "at://did:plc:somebodyelse/app.bsky.feed.post/3abc", "https://bsky.app/x"] {
        let post = RemotePost { id: id.to_owned(), url: None, version: None };
        let deleted = Bluesky.publish().delete(&stage.cx(), &post, &stage.permit()).await;
        assert_eq!(deleted.unwrap_err().kind, FailureKind::Rejected);
    }
    let ours = RemotePost {
        id: format!("at://{DID}/app.bsky.graph.follow/3abc"),
        url: None,
        version: None,
    };
    assert!(Bluesky.publish().delete(&stage.cx(), &ours, &stage.permit()).await.is_err());
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_credential_that_cannot_be_read_needs_a_person() {
    let (server, mut stage) = answering(ResponseTemplate::new(200)).await;
    let frozen = stage.freeze(&Bluesky, &post("Hello")).await;
    stage.credential = Secret::new("{}");
    let failure = stage.try_submit(&Bluesky, &frozen, &Value::Null).await.unwrap_err();
    assert_eq!((failure.kind, failure.sent), (FailureKind::Reconnect, Sent::No));
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_server_that_cannot_resolve_just_now_is_waited_for() {
    let text = post("Hello @ada.test and @noor.test");
    let (_server, stage) = answering(no(502, "UpstreamFailure", "x")).await;
    let failure = stage.try_freeze(&Bluesky, &text).await.unwrap_err();
    assert_eq!((failure.kind, failure.sent), (FailureKind::Transient, Sent::No));

    let (_server, stage) = answering(no(400, "HandleNotFound", "x")).await;
    let frozen = stage.freeze(&Bluesky, &text).await;
    let notes = &frozen.request["notes"];
    assert_eq!(notes[0]["say"]["key"], "bluesky-mention-unknown");
    assert_eq!(notes[0]["say"]["args"]["handle"], "ada.test");
    assert_eq!(notes[1]["say"]["args"]["handle"], "noor.test");
    assert_eq!(frozen.request["parts"][0]["record"]["facets"], Value::Null);
}
