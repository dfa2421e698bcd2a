//! Reading own posts back, as servers of different make list them.

use bellwether_networks::mastodon::Mastodon;
use bellwether_networks::{Failure, FailureKind, Found, Network as _, Sent, Trace};
use serde_json::{Value, json};
use wiremock::matchers::{method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::answers::{no, page, stage};
use crate::contract::post;

/// Posts by number, newest first.
fn list(numbers: impl Iterator<Item = u32>) -> Vec<Value> {
    numbers.map(|number| status(number, "<p>Something else</p>")).collect()
}

fn status(number: u32, content: &str) -> Value {
    json!({
        "id": number.to_string(), "content": content, "spoiler_text": "", "in_reply_to_id": null,
        "media_attachments": [], "poll": null, "reblog": null, "application": null,
        "url": format!("https://social.example/@kofi/{number}"),
    })
}

/// What looking shows where the server lists these pages, one after the other.
async fn looked(pages: Vec<Vec<Value>>, newest_before: Option<&str>) -> Result<Found, Failure> {
    let server = MockServer::start().await;
    let mut before: Option<String> = None;
    for page in pages {
        let asked = Mock::given(method("GET")).and(path("/api/v1/accounts/109/statuses"));
        let asked = asked.and(query_param("exclude_reblogs", "true"));
        let asked = match &before {
            Some(before) => asked.and(query_param("max_id", before)),
            None => asked.and(query_param_is_missing("max_id")),
        };
        before = page.last().map(|last| last["id"].as_str().unwrap().to_owned());
        asked.respond_with(ResponseTemplate::new(200).set_body_json(page)).mount(&server).await;
    }
    let stage = stage(&server);
    let frozen = stage.freeze(&Mastodon, &post("Hello @ada@social.example")).await;
    let trace = Trace { newest_before: newest_before.map(str::to_owned), ..stage.trace() };
    Mastodon.publish().find(&stage.cx(), &frozen, &Value::Null, &trace).await
}

fn ours(number: u32) -> Value {
    status(
        number,
        "<p>Hello <span class=\"h-card\"><a href=\"x\" class=\"u-url mention\">@<span>ada</span></a></span></p>",
    )
}

fn id(found: &Result<Found, Failure>) -> Option<&str> {
    match found {
        Ok(Found::Found(receipt)) => Some(&receipt.posts[0].id),
        _ => None,
    }
}

#[tokio::test]
async fn a_list_is_complete_at_its_end_or_at_what_was_newest_before() {
    assert_eq!(looked(vec![vec![]], None).await, Ok(Found::NotSeen));
    // The last page is the empty one: a short page may be a filtered one.
    let pages = || vec![list((5..9).rev()), list((1..5).rev()), vec![]];
    assert_eq!(looked(pages(), None).await, Ok(Found::NotSeen));
    assert_eq!(looked(pages(), Some("4")).await, Ok(Found::NotSeen));
    // What was newest before was deleted: the end will do.
    assert_eq!(looked(pages(), Some("4711")).await, Ok(Found::NotSeen));
    let mut with_ours = list((5..9).rev());
    with_ours[1] = ours(7);
    let found = looked(vec![with_ours.clone(), list((1..5).rev()), vec![]], Some("3")).await;
    assert_eq!(id(&found), Some("7"));
    // What lies before the first attempt is not looked at.
    let old = vec![list((5..9).rev()), vec![ours(4), ours(3)]];
    assert_eq!(looked(old, Some("6")).await, Ok(Found::NotSeen));
}

#[tokio::test]
async fn a_list_without_an_end_says_nothing() {
    let endless = || (0..11).map(|page| list((0..40).map(move |post| 9000 - page * 40 - post)));
    assert_eq!(looked(endless().collect(), Some("1")).await, Ok(Found::CannotTell));
    assert_eq!(looked(endless().collect(), None).await, Ok(Found::CannotTell));
    // What is found is found all the same.
    let mut pages: Vec<_> = endless().collect();
    pages[3][5] = ours(8875);
    assert_eq!(id(&looked(pages, Some("1")).await), Some("8875"));
    // A server that does not page gives the same posts for ever.
    let same = list((1..5).rev());
    assert_eq!(looked(vec![same.clone(), same], Some("0")).await, Ok(Found::CannotTell));
}

#[tokio::test]
async fn what_is_ours_is_ours_in_everything() {
    let with = async |name: &str, value: Value| {
        let mut post = ours(7);
        post[name] = value;
        let found = looked(vec![vec![post], vec![]], None).await;
        id(&found).is_some()
    };
    assert!(with("visibility", json!("unlisted")).await, "a silenced account's posts are");
    assert!(with("application", json!({"name": "Bellwether"})).await);
    assert!(!with("application", json!({"name": "Web"})).await, "a person posted it");
    assert!(!with("in_reply_to_id", json!("3")).await);
    assert!(!with("spoiler_text", json!("Food")).await);
    assert!(!with("media_attachments", json!([{"id": "1"}])).await);
    assert!(!with("poll", json!({"options": [{"title": "a"}]})).await);
    assert!(!with("reblog", json!({"id": "1"})).await);
    assert!(!with("content", json!("<p>Hello @noor</p>")).await);
    assert!(!with("id", json!("../7")).await);
}

#[tokio::test]
async fn looking_takes_nothing_for_an_answer_that_is_none() {
    for (answer, kind) in [
        (page(200), FailureKind::Transient),
        (page(404), FailureKind::Transient),
        (no(500, "x"), FailureKind::Transient),
        (no(404, "Record not found"), FailureKind::Rejected),
        (no(401, "The access token is invalid"), FailureKind::Reconnect),
        (no(403, "This action is outside the authorized scopes"), FailureKind::Reconnect),
        (ResponseTemplate::new(200), FailureKind::Transient),
        (ResponseTemplate::new(200).set_body_json(json!({})), FailureKind::Transient),
        (ResponseTemplate::new(200).set_body_json(json!([{}])), FailureKind::Transient),
        (ResponseTemplate::new(200).set_body_json(json!([{"id": 7}])), FailureKind::Transient),
    ] {
        let shown = format!("{answer:?}");
        let (_server, stage) = crate::answers::answering(answer).await;
        let frozen = stage.freeze(&Mastodon, &post("Hello")).await;
        let publish = Mastodon.publish();
        let looked = publish.find(&stage.cx(), &frozen, &Value::Null, &stage.trace()).await;
        let failure = looked.expect_err(&shown);
        assert_eq!((failure.kind, failure.sent), (kind.clone(), Sent::No), "{shown}");
        let failure = publish.newest(&stage.cx()).await.expect_err(&shown);
        assert_eq!((failure.kind, failure.sent), (kind, Sent::No), "{shown}");
    }
}
