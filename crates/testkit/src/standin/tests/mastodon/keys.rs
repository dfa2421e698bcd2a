//! `Idempotency-Key`: methods/statuses/#create, app/services/post_status_service.rb.

use std::sync::Mutex;
use std::time::Duration;

use super::*;
use crate::standin::mastodon::Keys;
use crate::standin::{Kind, Seen, Verdict, Window};

const LIFE: Duration = Duration::from_hours(1);

#[tokio::test]
async fn the_same_key_gives_the_same_status_for_an_hour() {
    let town = Town::new().await;
    let mut ada = town.ada().await;
    let first = with_key(&mut ada, "k1", &hello()).await;
    let again = with_key(&mut ada, "k1", &json!({"status": "something else"})).await;
    assert_eq!((again.status, again.json()), (200, first.json()), "the body is not compared");
    assert_ne!(id(&with_key(&mut ada, "k2", &hello()).await), id(&first));
    town.mastodon.add_account("noor");
    let mut noor = town.stranger().await;
    noor.token = town.mastodon.token("noor", "bellwether", SCOPES);
    assert_ne!(
        id(&with_key(&mut noor, "k1", &hello()).await),
        id(&first),
        "keys are an account's own"
    );
    let keys: Vec<_> = town.ledger.posts("ada").iter().map(|post| post.key.clone()).collect();
    assert_eq!(keys, [Some("k1".to_owned()), Some("k2".to_owned())]);

    let life = Duration::from_millis(30);
    let keys = Keys::Honoured { life, overlap_posts: false };
    let town = Town::with(Settings { keys, ..Settings::default() }).await;
    let mut ada = town.ada().await;
    with_key(&mut ada, "k1", &hello()).await;
    tokio::time::sleep(2 * life).await;
    with_key(&mut ada, "k1", &hello()).await;
    assert_eq!(town.texts().len(), 2, "and no longer");
}

#[tokio::test]
async fn a_key_does_not_bring_back_what_was_deleted() {
    let town = Town::new().await;
    let mut ada = town.ada().await;
    let parent = id(&with_key(&mut ada, "k1", &hello()).await);
    let answer = json!({"status": "and", "in_reply_to_id": parent});
    with_key(&mut ada, "k2", &answer).await;
    ada.try_call("DELETE", &format!("{STATUSES}/{parent}")).await.unwrap();
    assert_eq!(
        with_key(&mut ada, "k1", &hello()).await.error(),
        (404, "Record not found".to_owned())
    );
    assert_eq!(
        with_key(&mut ada, "k2", &answer).await.status,
        404,
        "its parent is looked for first"
    );
    assert_eq!(town.texts().len(), 2);
}

// mastodon#30039
#[tokio::test]
async fn a_key_is_not_remembered_for_what_waits() {
    let town = Town::new().await;
    let mut ada = town.ada().await;
    let body = json!({"status": "Later", "scheduled_at": "2999-01-01T00:00:00Z"});
    let (one, two) = (with_key(&mut ada, "k1", &body).await, with_key(&mut ada, "k1", &body).await);
    assert_ne!(id(&one), id(&two));
}

#[tokio::test]
async fn a_refused_request_leaves_its_key_free() {
    let town = Town::new().await;
    let mut ada = town.ada().await;
    assert_eq!(with_key(&mut ada, "k1", &json!({"status": ""})).await.status, 422);
    assert_eq!(with_key(&mut ada, "k1", &hello()).await.status, 200);
}

/// The first post is done and unanswered for a while; its repeat comes then.
async fn overlapping(keys: Keys) -> Vec<String> {
    let is_first = Mutex::new(true);
    let faults = Faults::directed(move |window: Window, seen: &Seen| {
        let is_held = window == Window::Stored && seen.kind == Kind::Post;
        if is_held && std::mem::take(&mut *is_first.lock().unwrap()) {
            return Verdict::Hold(Duration::from_millis(200));
        }
        Verdict::Go
    });
    let town = Town::struck(Settings { keys, ..Settings::default() }, faults).await;
    let (mut one, mut two) = (town.ada().await, town.ada().await);
    let (body, extra) = (hello().to_string(), "Idempotency-Key: k1\r\n");
    let head =
        format!("Content-Length: {}\r\nContent-Type: application/json\r\n{extra}", body.len());
    one.send((one.head("POST", STATUSES, &head) + &body).as_bytes()).await;
    while town.texts().is_empty() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let second = id(&with_key(&mut two, "k1", &hello()).await);
    let first = id(&one.reply().await.unwrap());
    // Once both are answered, the key is good again.
    let third = id(&with_key(&mut two, "k1", &hello()).await);
    assert_eq!(third, second);
    assert_eq!(town.texts().len(), if first == second { 1 } else { 2 });
    vec![first, second]
}

// mastodon#37879
#[tokio::test]
async fn before_the_lock_two_overlapping_requests_both_post() {
    let ids = overlapping(Keys::Honoured { life: LIFE, overlap_posts: true }).await;
    assert_ne!(ids[0], ids[1]);
    let ids = overlapping(Keys::Honoured { life: LIFE, overlap_posts: false }).await;
    assert_eq!(ids[0], ids[1]);
}

// mastodon#40399
#[tokio::test]
async fn an_affected_release_answers_a_repeat_with_500_and_posts_nothing() {
    let keys = Keys::FailsOnRepeat { life: LIFE };
    let town = Town::with(Settings { keys, ..Settings::default() }).await;
    let mut ada = town.ada().await;
    with_key(&mut ada, "k1", &hello()).await;
    let again = with_key(&mut ada, "k1", &hello()).await;
    assert_eq!((again.status, town.texts().len()), (500, 1));
    assert!(again.headers["content-type"].starts_with("text/html"));
}

#[tokio::test]
async fn others_ignore_refuse_or_replay() {
    for (flavour, status, posts) in [
        (Flavour::GoToSocial, 200, 2),
        (Flavour::Takahe, 200, 2),
        (Flavour::Pixelfed, 400, 1),
        (Flavour::Pleroma, 200, 1),
    ] {
        let town = Town::of(flavour).await;
        let mut ada = town.ada().await;
        let picture = id(&upload(&mut ada, "image/png", PIXEL, "").await);
        let first =
            with_key(&mut ada, "k1", &json!({"status": "Hello", "media_ids": [picture]})).await;
        assert_eq!(first.status, 200, "{first:?}");
        let again = with_key(&mut ada, "k1", &hello()).await;
        assert_eq!((again.status, town.texts().len()), (status, posts), "{flavour:?}");
    }
    let town = Town::of(Flavour::Pleroma).await;
    let mut ada = town.ada().await;
    let first = with_key(&mut ada, "k1", &hello()).await;
    ada.try_call("DELETE", &format!("{STATUSES}/{}", id(&first))).await.unwrap();
    assert_eq!(
        with_key(&mut ada, "k1", &hello()).await.json(),
        first.json(),
        "the answer, not the status"
    );
}
