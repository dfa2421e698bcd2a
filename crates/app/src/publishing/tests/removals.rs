//! Channels that are removed, and what was planned on them.

use std::time::Duration;

use super::world::{NOOR, Scene, World, connect, worlds};
use crate::channels::{self, ChannelState};
use crate::publishing::{
    DeliveryState, HeldReason, Planned, When, history, queues, remove_channel,
};

fn tonight() -> When {
    When::At { local: "2026-03-02T18:00".into(), zone: None }
}

async fn remove(w: &World, planned: Planned) -> usize {
    remove_channel(&w.app, &NOOR, w.ws, w.channel, planned).await.unwrap()
}

#[tokio::test]
async fn what_is_planned_on_a_removed_channel_is_held_at_once_and_goes_on_with_it() {
    for w in worlds().await {
        let out = w.now("Sorti").await;
        w.turn().await;
        let id = w.plan(&["1/2", "2/2"], &tonight()).await;
        let planned_at = w.delivery(id).await.planned_at;

        assert_eq!(remove(&w, Planned::Held).await, 1, "a thread counts once");
        let channel = channels::get(&w.app, &NOOR, w.ws, w.channel).await.unwrap();
        assert_eq!(channel.state, ChannelState::Removed);
        let held = w.delivery(id).await;
        assert_eq!(held.held_reason, Some(HeldReason::Login));
        assert!(held.told_at.is_some());
        assert_eq!(held.say.unwrap().key, "channel-was-removed");
        assert_eq!(w.state(out).await, DeliveryState::Live);

        assert_eq!(connect(&w.app, w.ws).await, w.channel);
        w.turn().await;
        assert_eq!(w.state(id).await, DeliveryState::Scheduled);
        assert_eq!(w.texts(), ["Sorti"], "not before its time");
        w.after(planned_at.since(w.app.now())).await;
        assert_eq!(w.texts(), ["Sorti", "1/2", "2/2"]);
    }
}

#[tokio::test]
async fn what_is_planned_on_a_removed_channel_can_be_given_up_with_it() {
    for w in worlds().await {
        w.plan(&["1/2", "2/2"], &tonight()).await;
        let id = w.plan(&["Ce soir"], &tonight()).await;
        assert_eq!(remove(&w, Planned::Cancelled).await, 2);
        assert_eq!(w.state(id).await, DeliveryState::Cancelled);
        let last = history(&w.app, &NOOR, w.ws, id).await.unwrap().pop().unwrap();
        assert_eq!(last.say.unwrap().key, "delivery-cancelled-with-channel");
        assert_eq!(queues(&w.app, &NOOR, w.ws).await.unwrap(), []);

        connect(&w.app, w.ws).await;
        w.after(Duration::from_hours(24)).await;
        assert!(w.texts().is_empty());
    }
}

#[tokio::test]
async fn what_is_held_with_a_removed_channel_can_be_given_up_later() {
    for w in worlds().await {
        let id = w.plan(&["Ce soir"], &tonight()).await;
        assert_eq!(remove(&w, Planned::Held).await, 1);
        assert_eq!(remove(&w, Planned::Held).await, 0);
        assert_eq!(remove(&w, Planned::Cancelled).await, 1);
        assert_eq!(w.state(id).await, DeliveryState::Cancelled);
        let mut tx = w.app.db.read().await.unwrap();
        let told = tx.sql("select count(*) from events where kind = 'channel.removed'");
        assert_eq!(told.scalar::<i64>().await.unwrap(), 1, "it was removed once");
    }
}

#[tokio::test]
async fn a_doubt_on_a_removed_channel_stays_a_doubt_and_is_told() {
    for w in worlds().await {
        w.script.next(Scene::TakesAndIsCut);
        let id = w.now("Doute").await;
        w.turn().await;
        assert_eq!(remove(&w, Planned::Cancelled).await, 0, "it may be out");
        w.after(Duration::from_secs(10)).await;
        let delivery = w.delivery(id).await;
        assert_eq!(delivery.state, DeliveryState::Checking);
        assert!(delivery.told_at.is_some());
        connect(&w.app, w.ws).await;
        w.turn().await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
        assert_eq!(w.texts(), ["Doute"]);
    }
}
