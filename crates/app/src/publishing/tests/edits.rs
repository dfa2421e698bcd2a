//! What is planned and edited.

use std::time::Duration;

use super::world::{NOOR, Scene, World, connect, worlds};
use crate::networks::{FailureKind, Part};
use crate::posts::{self, Post, Written};
use crate::publishing::{self, DeliveryState, Scheduled, When, cancel, edit, retry, schedule};
use crate::{Error, Result};

fn tonight() -> When {
    When::At { local: "2026-03-02T18:00".into(), zone: None }
}

async fn change(w: &World, post: &Post, parts: &[&str]) -> Result<Post> {
    let mut content = post.content.clone();
    content.parts =
        parts.iter().map(|text| Part { text: (*text).into(), ..Part::default() }).collect();
    let written = Written { content, ..Written::default() };
    edit(&w.app, &NOOR, w.ws, post.id, post.revision, written).await
}

#[tokio::test]
async fn what_is_planned_is_not_edited_into_what_a_network_refuses() {
    for w in worlds().await {
        let id = w.plan(&["Ce soir"], &tonight()).await;
        let post = w.delivery(id).await.post_id;
        let post = posts::get(&w.app, &NOOR, w.ws, post).await.unwrap();
        let refused = change(&w, &post, &["trop ".repeat(40).as_str()]).await;
        assert!(matches!(refused, Err(Error::Content(_))), "{refused:?}");
        let kept = posts::get(&w.app, &NOOR, w.ws, post.id).await.unwrap();
        assert_eq!((kept.revision, kept.content), (post.revision, post.content));
    }
}

#[tokio::test]
async fn a_thread_goes_out_with_as_many_parts_as_it_has_by_then() {
    for w in worlds().await {
        let id = w.plan(&["1", "2"], &tonight()).await;
        let at = w.delivery(id).await;
        let post = posts::get(&w.app, &NOOR, w.ws, at.post_id).await.unwrap();
        let post = change(&w, &post, &["1", "2", "3", "4"]).await.unwrap();
        change(&w, &post, &["un", "deux", "trois"]).await.unwrap();
        w.after(at.planned_at.since(w.app.now())).await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
        assert_eq!(w.texts(), ["un", "deux", "trois"]);
    }
}

#[tokio::test]
async fn a_thread_that_was_begun_keeps_its_number_of_parts() {
    for w in worlds().await {
        w.script.next(Scene::Takes);
        w.script.next(Scene::Fails(FailureKind::Transient));
        let id = w.plan(&["1", "2", "3"], &When::Now).await;
        w.turn().await;
        let post = w.delivery(id).await.post_id;
        let post = posts::get(&w.app, &NOOR, w.ws, post).await.unwrap();
        let refused = change(&w, &post, &["1", "2"]).await.unwrap_err();
        assert!(matches!(&refused, Error::Conflict(say) if say.key == "post-thread-begun"));
        change(&w, &post, &["1", "2", "trois"]).await.unwrap();
        w.after(std::time::Duration::from_mins(1)).await;
        assert_eq!(w.texts(), ["1", "2", "trois"]);
    }
}

#[tokio::test]
async fn what_was_refused_goes_out_with_the_parts_that_it_has_when_it_is_sent_again() {
    for w in worlds().await {
        w.script.next(Scene::Fails(FailureKind::Rejected));
        let id = w.plan(&["1", "2"], &When::Now).await;
        w.turn().await;
        assert_eq!(w.state(id).await, DeliveryState::Refused);
        let post = posts::get(&w.app, &NOOR, w.ws, w.delivery(id).await.post_id).await.unwrap();
        change(&w, &post, &["un", "deux", "trois"]).await.unwrap();
        retry(&w.app, &NOOR, w.ws, id).await.unwrap();
        w.turn().await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
        assert_eq!(w.texts(), ["un", "deux", "trois"]);
    }
}

#[tokio::test]
async fn a_post_is_planned_once_on_a_channel() {
    for w in worlds().await {
        let again = async |post: &Post| {
            schedule(&w.app, &NOOR, w.ws, post.id, &[w.channel], &When::Now).await
        };
        let is_refused = |done: Result<Scheduled>, key: &str| {
            assert!(matches!(&done, Err(Error::Conflict(say)) if say.key == key), "{done:?}");
        };
        let id = w.plan(&["Une fois"], &tonight()).await;
        let post = posts::get(&w.app, &NOOR, w.ws, w.delivery(id).await.post_id).await.unwrap();
        is_refused(again(&post).await, "schedule-already-planned");
        cancel(&w.app, &NOOR, w.ws, id).await.unwrap();
        again(&post).await.unwrap();
        w.turn().await;
        is_refused(again(&post).await, "schedule-already-live");
        assert_eq!(w.texts(), ["Une fois"]);
    }
}

#[tokio::test]
async fn a_begun_thread_of_which_the_rest_was_missed_takes_no_further_part() {
    for w in worlds().await {
        w.script.next(Scene::Takes);
        w.script.next(Scene::Fails(FailureKind::Transient));
        let id = w.plan(&["1", "2"], &When::Now).await;
        w.turn().await;
        w.after(std::time::Duration::from_hours(24)).await;
        assert_eq!(w.state(id).await, DeliveryState::PartlyLive);
        let post = posts::get(&w.app, &NOOR, w.ws, w.delivery(id).await.post_id).await.unwrap();
        let refused = change(&w, &post, &["1", "2", "3"]).await.unwrap_err();
        assert!(matches!(&refused, Error::Conflict(say) if say.key == "post-thread-begun"));
        change(&w, &post, &["1", "deux"]).await.unwrap();
    }
}

/// What was asked for in vain is asked for as the post says by now; what may be there is not.
#[tokio::test]
async fn a_post_that_was_certainly_not_sent_goes_out_as_it_was_corrected() {
    for w in worlds().await {
        for (fails, next) in [
            (Scene::Fails(FailureKind::Reconnect), "corrected after a lost login"),
            (Scene::Fails(FailureKind::Transient), "corrected after a failure"),
        ] {
            w.script.next(fails);
            let id = w.now("wrong").await;
            w.turn().await;
            let post = w.delivery(id).await.post_id;
            let post = posts::get(&w.app, &NOOR, w.ws, post).await.unwrap();
            change(&w, &post, &[next]).await.unwrap();
            let log = publishing::delivery(&w.app, &NOOR, w.ws, id).await.unwrap();
            assert_eq!(log.sent.parts, [], "nothing is told as sent");
            connect(&w.app, w.ws).await;
            w.app.advance(Duration::from_mins(5));
            w.turn().await;
            assert_eq!(w.texts().last().unwrap(), next);
        }
        // The answer was lost, and the list that we are shown proves nothing.
        w.script.next(Scene::IsLost);
        let id = w.now("as it was").await;
        w.turn().await;
        let post = w.delivery(id).await.post_id;
        let post = posts::get(&w.app, &NOOR, w.ws, post).await.unwrap();
        change(&w, &post, &["too late"]).await.unwrap();
        let log = publishing::delivery(&w.app, &NOOR, w.ws, id).await.unwrap();
        assert_eq!(log.sent.parts[0].text, "as it was");
        for _ in 0..10 {
            w.app.advance(Duration::from_mins(5));
            w.turn().await;
        }
        assert!(!w.texts().contains(&"too late".to_owned()), "{:?}", w.texts());
    }
}
