//! A request that is struck at each window, and what is left of it.

use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::standin::{Ending, Kind, Seen, Verdict, What, Window};

/// Strikes once, at this window, a request of this kind.
fn once(window: Window, kind: Kind, verdict: fn() -> Verdict) -> Arc<Faults> {
    let is_done = Mutex::new(false);
    Faults::directed(move |at: Window, seen: &Seen| {
        let mut is_done = is_done.lock().unwrap();
        if at == window && seen.kind == kind && !*is_done {
            *is_done = true;
            return verdict();
        }
        Verdict::Go
    })
}

/// A post that is cut at the window; tells whether it was stored, and what
/// came of the answer.
async fn cut_post(window: Window, seen_as: Kind) -> (bool, Option<u16>, Stage) {
    let stage = Stage::with_faults(once(window, seen_as, || Verdict::Cut)).await;
    let mut ada = stage.ada().await;
    let reply = ada.try_post(CREATE, &stage.record(&key(0), "hello")).await;
    let entry = stage.last_entry().await;
    assert_eq!(entry.ended().unwrap().1, Ending::Cut(window));
    assert_eq!(stage.server.counts().cut(window), 1);
    assert_eq!(entry.effect().is_some(), !stage.texts().is_empty());
    (entry.effect().is_some(), reply.map(|reply| reply.status), stage)
}

#[tokio::test]
async fn before_the_request_takes_effect_a_cut_leaves_nothing() {
    for window in [Window::Arrived, Window::HalfBody] {
        let (is_stored, status, stage) = cut_post(window, Kind::Write).await;
        assert_eq!((is_stored, status), (false, None), "{window:?}");
        // The same request on a new connection goes through.
        assert_eq!(
            stage.ada().await.post(CREATE, &stage.record(&key(0), "hello")).await.status,
            200
        );
    }
}

#[tokio::test]
async fn stored_but_unanswered() {
    let (is_stored, status, stage) = cut_post(Window::Stored, Kind::Post).await;
    assert_eq!((is_stored, status), (true, None));
    let entry = stage.last_entry().await;
    assert_eq!((entry.status(), entry.answer_begun()), (None, None), "not a byte was sent");
    assert_eq!(stage.texts(), ["hello"]);
}

#[tokio::test]
async fn half_an_answer_ends_in_the_middle_of_its_body() {
    let stage = Stage::with_faults(once(Window::HalfAnswer, Kind::Post, || Verdict::Cut)).await;
    let mut ada = stage.ada().await;
    let request = ada.post_bytes(CREATE, &stage.record(&key(0), "hello"));
    ada.send(&request).await;
    let (text, _) = ada.rest().await;
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK"));
    assert!(body.starts_with("{\"") && serde_json::from_str::<Value>(body).is_err(), "{body}");
    assert_eq!(stage.texts(), ["hello"]);
}

#[tokio::test]
async fn answered_is_after_the_last_byte() {
    let (is_stored, status, _stage) = cut_post(Window::Answered, Kind::Post).await;
    assert_eq!((is_stored, status), (true, Some(200)));
}

#[tokio::test]
async fn a_later_part_of_a_thread_has_a_window_of_its_own() {
    let stage = Stage::with_faults(once(Window::BetweenParts, Kind::Part, || Verdict::Cut)).await;
    let mut ada = stage.ada().await;
    let root = ada.post(CREATE, &stage.record(&key(0), "one")).await.json();
    let root = json!({"uri": root["uri"], "cid": root["cid"]});
    let mut second = stage.record(&key(1), "two");
    second["record"]["reply"] = json!({"root": root, "parent": root});
    assert!(ada.try_post(CREATE, &second).await.is_none());
    assert_eq!(stage.texts(), ["one"]);
    assert_eq!(stage.last_entry().await.kind(), Some(Kind::Part));
    stage.ada().await.post(CREATE, &second).await;
    let posts = stage.ledger.posts(&stage.did);
    assert_eq!(posts[1].reply_to.as_deref(), root["uri"].as_str());
}

#[tokio::test]
async fn an_upload_has_a_window_of_its_own_and_can_stop_halfway() {
    let stage = Stage::with_faults(once(Window::Upload, Kind::Upload, || Verdict::Cut)).await;
    let mut ada = stage.ada().await;
    let head = ada.head("POST", UPLOAD, "Content-Type: image/png\r\nContent-Length: 5\r\n");
    ada.send(format!("{head}hello").as_bytes()).await;
    assert!(ada.reply().await.is_none());
    assert!(!stage.ledger.effects().iter().any(|effect| matches!(effect.what, What::Uploaded(_))));

    let stage = Stage::with_faults(once(Window::HalfBody, Kind::Upload, || Verdict::Cut)).await;
    let mut ada = stage.ada().await;
    let head = ada.head("POST", UPLOAD, "Content-Type: image/png\r\nContent-Length: 4000000\r\n");
    ada.send(head.as_bytes()).await;
    ada.send(&vec![0; 2_000_000]).await;
    assert!(ada.reply().await.is_none(), "half was enough to strike");
    assert_eq!(stage.last_entry().await.ended().unwrap().1, Ending::Cut(Window::HalfBody));
}

async fn refresh_cut_at(window: Window) -> (bool, Reply) {
    let stage = Stage::with_faults(once(window, Kind::Refresh, || Verdict::Cut)).await;
    let mut client = stage.stranger().await;
    let body = json!({"identifier": "ada.test", "password": PASSWORD});
    let pair = client.post(LOGIN, &body).await.json();
    client.token = Some(pair["refreshJwt"].as_str().unwrap().to_owned());
    assert!(client.try_call("POST", REFRESH).await.is_none());
    let is_rotated = stage.last_entry().await.effect().is_some();
    let mut again = stage.stranger().await;
    again.token = client.token.clone();
    (is_rotated, again.try_call("POST", REFRESH).await.unwrap())
}

#[tokio::test]
async fn a_token_refresh_can_be_struck_before_and_after_it_rotates() {
    let (is_rotated, again) = refresh_cut_at(Window::Refresh).await;
    assert_eq!((is_rotated, again.status), (false, 200));
    let (is_rotated, again) = refresh_cut_at(Window::Stored).await;
    assert_eq!((is_rotated, again.error()), (true, (400, "ExpiredToken".to_owned())));
}

#[tokio::test]
async fn a_request_passes_its_windows_in_order_and_they_are_counted() {
    let passed = Arc::new(Mutex::new(Vec::new()));
    let order = passed.clone();
    let faults = Faults::directed(move |window: Window, seen: &Seen| {
        order.lock().unwrap().push((window, seen.kind, seen.has_taken_effect, seen.text.clone()));
        Verdict::Go
    });
    let stage = Stage::with_faults(faults).await;
    let mut ada = stage.ada().await;
    passed.lock().unwrap().clear();
    ada.post(CREATE, &stage.record(&key(0), "hello")).await;
    stage.last_entry().await;
    let text = Some("hello".to_owned());
    assert_eq!(
        *passed.lock().unwrap(),
        [
            (Window::Arrived, Kind::Write, false, None),
            (Window::HalfBody, Kind::Write, false, None),
            (Window::Stored, Kind::Post, true, text.clone()),
            (Window::HalfAnswer, Kind::Post, true, text.clone()),
            (Window::Answered, Kind::Post, true, text),
        ]
    );
    assert_eq!(stage.server.counts().passed(Window::Stored), 2, "the login and the post");
}

#[tokio::test]
async fn a_cut_may_be_a_reset() {
    let stage = Stage::with_faults(once(Window::Stored, Kind::Post, || Verdict::Reset)).await;
    let mut ada = stage.ada().await;
    let request = ada.post_bytes(CREATE, &stage.record(&key(0), "hello"));
    ada.send(&request).await;
    assert_eq!(ada.rest().await, (String::new(), true));
}

#[tokio::test]
async fn what_is_held_takes_effect_late_even_when_the_client_is_gone() {
    let hold = || Verdict::Hold(Duration::from_millis(100));
    let stage = Stage::with_faults(once(Window::Arrived, Kind::Write, hold)).await;
    let mut ada = stage.ada().await;
    let request = ada.post_bytes(CREATE, &stage.record(&key(0), "hello"));
    ada.send(&request).await;
    drop(ada);
    assert!(stage.texts().is_empty());
    stage.entry(1).await;
    assert_eq!(stage.texts(), ["hello"]);
}
