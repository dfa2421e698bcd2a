//! What a network was asked for, however the post is edited later.

use std::time::Duration;

use super::world::{NOOR, Scene, World, worlds};
use crate::networks::{FailureKind, Part};
use crate::posts::{self, Written};
use crate::publishing::{DeliveryState, Sent, When, edit};
use bellwether_base::DeliveryId;

async fn change(w: &World, id: DeliveryId, parts: &[&str]) {
    let post = w.delivery(id).await.post_id;
    let post = posts::get(&w.app, &NOOR, w.ws, post).await.unwrap();
    let mut content = post.content.clone();
    content.parts =
        parts.iter().map(|text| Part { text: (*text).into(), ..Part::default() }).collect();
    let written = Written { content, ..Written::default() };
    edit(&w.app, &NOOR, w.ws, post.id, post.revision, written).await.unwrap();
}

async fn sent(w: &World, id: DeliveryId) -> (Vec<(usize, String)>, bool) {
    let Sent { parts, differs } = w.log(id).await.sent;
    (parts.into_iter().map(|part| (part.part, part.text)).collect(), differs)
}

fn texts(texts: &[&str]) -> Vec<(usize, String)> {
    texts.iter().enumerate().map(|(part, text)| (part, (*text).to_owned())).collect()
}

#[tokio::test]
async fn what_is_out_is_told_as_it_went_out() {
    for w in worlds().await {
        let tonight = When::At { local: "2026-03-02T18:00".into(), zone: None };
        let id = w.plan(&["Ce soir"], &tonight).await;
        assert_eq!(sent(&w, id).await, (Vec::new(), false), "nothing was asked for yet");
        w.after(w.delivery(id).await.planned_at.since(w.app.now())).await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
        assert_eq!(sent(&w, id).await, (texts(&["Ce soir"]), false));
        // The space at the end, which no network keeps, is no other text.
        change(&w, id, &["Ce soir \n"]).await;
        assert_eq!(sent(&w, id).await, (texts(&["Ce soir"]), false));
        change(&w, id, &["Ce soir, à 18 h"]).await;
        assert_eq!(sent(&w, id).await, (texts(&["Ce soir"]), true));
        change(&w, id, &["Ce soir", "et demain"]).await;
        assert_eq!(sent(&w, id).await, (texts(&["Ce soir"]), true), "a part more is a difference");
        change(&w, id, &["Ce soir"]).await;
        assert_eq!(sent(&w, id).await, (texts(&["Ce soir"]), false));
    }
}

#[tokio::test]
async fn what_is_under_way_is_told_as_it_was_asked_for() {
    for w in worlds().await {
        w.script.next(Scene::Fails(FailureKind::Transient));
        let id = w.now("Ce soir").await;
        w.turn().await;
        assert_eq!(w.state(id).await, DeliveryState::Scheduled);
        assert_eq!(sent(&w, id).await, (Vec::new(), false), "asked for, and certainly not there");
        w.script.next(Scene::IsLost);
        w.after(Duration::from_mins(1)).await;
        change(&w, id, &["Demain"]).await;
        assert_eq!(sent(&w, id).await, (texts(&["Ce soir"]), true), "nobody knows");
    }
}

#[tokio::test]
async fn what_a_network_refused_is_asked_for_anew_as_the_post_says_then() {
    for w in worlds().await {
        w.script.next(Scene::Fails(FailureKind::Rejected));
        let id = w.now("Ce soir").await;
        w.turn().await;
        let delivery = w.delivery(id).await;
        assert_eq!(delivery.state, DeliveryState::Refused);
        assert!(!delivery.is_refused_here(), "it was the network that said no");
        assert_eq!(sent(&w, id).await, (Vec::new(), false));
    }
}

#[tokio::test]
async fn of_a_thread_only_the_parts_that_were_asked_for_are_told() {
    for w in worlds().await {
        w.script.next(Scene::Takes);
        w.script.next(Scene::Fails(FailureKind::Rejected));
        let id = w.plan(&["1", "2", "3"], &When::Now).await;
        w.turn().await;
        assert_eq!(w.state(id).await, DeliveryState::PartlyLive);
        change(&w, id, &["1", "deux", "trois"]).await;
        assert_eq!(sent(&w, id).await, (texts(&["1"]), false), "the others go as they are edited");
        change(&w, id, &["un", "deux", "trois"]).await;
        assert_eq!(sent(&w, id).await, (texts(&["1"]), true));
    }
}
