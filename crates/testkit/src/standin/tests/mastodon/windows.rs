//! Requests that are struck, and what the ledger says of them.

use std::sync::Mutex;

use super::*;
use crate::standin::{Kind, Seen, Verdict, Window};

/// Cuts the first request of this kind at this window.
async fn cut(window: Window, kind: Kind) -> Town {
    let is_done = Mutex::new(false);
    let faults = Faults::directed(move |at: Window, seen: &Seen| {
        let is_due = at == window && seen.kind == kind;
        if is_due && !std::mem::replace(&mut *is_done.lock().unwrap(), true) {
            return Verdict::Cut;
        }
        Verdict::Go
    });
    Town::struck(Settings::default(), faults).await
}

#[tokio::test]
async fn a_cut_before_the_effect_leaves_nothing_and_one_after_it_a_post() {
    for window in [Window::Arrived, Window::HalfBody, Window::Stored, Window::HalfAnswer] {
        let town = cut(window, Kind::Post).await;
        assert!(try_with_key(&mut town.ada().await, "k1", &hello()).await.is_none(), "{window:?}");
        assert_eq!(town.texts().is_empty(), window.is_before_effect(), "{window:?}");
        let again = with_key(&mut town.ada().await, "k1", &hello()).await;
        assert_eq!((again.status, town.texts().len()), (200, 1), "{window:?}: the key saves it");
        let posts = town.ledger.posts("ada");
        assert_eq!((posts[0].key.as_deref(), posts[0].request.is_some()), (Some("k1"), true));
    }
}

#[tokio::test]
async fn without_a_key_a_repeat_posts_twice_and_the_ledger_tells() {
    let town = cut(Window::Stored, Kind::Post).await;
    let body = hello().to_string();
    let lost =
        send(&mut town.ada().await, "POST", STATUSES, "application/json", body.as_bytes(), "")
            .await;
    assert!(lost.is_none());
    post(&mut town.ada().await, &hello()).await;
    assert_eq!(town.texts(), ["Hello", "Hello"]);
}

#[tokio::test]
async fn later_parts_uploads_and_logins_have_their_kinds() {
    let passed = Arc::new(Mutex::new(Vec::new()));
    let seen_by = passed.clone();
    let faults = Faults::directed(move |window: Window, seen: &Seen| {
        if !matches!(
            window,
            Window::Arrived | Window::HalfBody | Window::HalfAnswer | Window::Answered
        ) {
            let what = (
                window,
                seen.kind,
                seen.account.as_deref().map(ToOwned::to_owned),
                seen.has_taken_effect,
            );
            seen_by.lock().unwrap().push(what);
        }
        Verdict::Go
    });
    let town = Town::struck(Settings::default(), faults).await;
    let mut ada = town.ada().await;
    let first = id(&post(&mut ada, &hello()).await);
    post(&mut ada, &json!({"status": "and", "in_reply_to_id": first})).await;
    upload(&mut ada, "image/png", PIXEL, "").await;
    put(&mut ada, &format!("{STATUSES}/{first}"), &json!({"status": "Hi"})).await;
    ada.try_call("DELETE", &format!("{STATUSES}/{first}")).await.unwrap();
    ada.get(&town.list("")).await;
    let ada = Some("ada".to_owned());
    let stored = |kind, effect| (Window::Stored, kind, ada.clone(), effect);
    assert_eq!(
        *passed.lock().unwrap(),
        [
            stored(Kind::Post, true),
            (Window::BetweenParts, Kind::Part, ada.clone(), false),
            stored(Kind::Part, true),
            (Window::Upload, Kind::Upload, ada.clone(), false),
            stored(Kind::Upload, true),
            stored(Kind::Write, true),
            stored(Kind::Delete, true),
            stored(Kind::Read, false),
        ]
    );
}

#[tokio::test]
async fn between_two_parts_a_cut_leaves_the_first() {
    let town = cut(Window::BetweenParts, Kind::Part).await;
    let first = id(&post(&mut town.ada().await, &hello()).await);
    let second = json!({"status": "and", "in_reply_to_id": first});
    assert!(try_with_key(&mut town.ada().await, "k2", &second).await.is_none());
    assert_eq!(town.texts(), ["Hello"]);
    with_key(&mut town.ada().await, "k2", &second).await;
    assert_eq!(town.ledger.posts("ada")[1].reply_to, Some(first));
}

// app/models/media_attachment.rb: nothing recognises a repeated upload
#[tokio::test]
async fn an_upload_that_is_repeated_makes_another_medium() {
    let town = cut(Window::Stored, Kind::Upload).await;
    let mut ada = town.ada().await;
    ada.send(
        ada.head(
            "POST",
            "/api/v2/media",
            &format!(
                "Content-Type: multipart/form-data; boundary=XyZ\r\nContent-Length: {}\r\n",
                body().len()
            ),
        )
        .as_bytes(),
    )
    .await;
    ada.send(&body()).await;
    assert!(ada.reply().await.is_none());
    upload(&mut town.ada().await, "image/png", PIXEL, "").await;
    let uploads = town
        .ledger
        .effects()
        .iter()
        .filter(|e| matches!(e.what, crate::standin::What::Uploaded(_)))
        .count();
    assert_eq!(uploads, 2);
}

fn body() -> Vec<u8> {
    let head = "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\nContent-Type: image/png\r\n\r\n";
    [head.as_bytes(), PIXEL, b"\r\n--XyZ--\r\n"].concat()
}
