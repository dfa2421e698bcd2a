//! Logins that end, and tokens that are renewed.

use std::time::Duration;

use bellwether_base::{Instant, Say};

use super::clocks::{Running, until};
use super::world::{NOOR, Scene, World, connect, worlds};
use crate::channels::{self, ChannelState};
use crate::events;
use crate::networks::{Failure, FailureKind, Found, Sent};
use crate::publishing::{DeliveryState, HeldReason, Queue, When, cancel, queues, store};
use crate::testing::plan;

const DAY: Duration = Duration::from_hours(24);

async fn channel_state(w: &World) -> ChannelState {
    channels::get(&w.app, &NOOR, w.ws, w.channel).await.unwrap().state
}

#[tokio::test]
async fn a_lost_login_holds_and_reconnecting_lets_go() {
    for w in worlds().await {
        w.script.next(Scene::Fails(FailureKind::Reconnect));
        let first = w.now("un").await;
        let second = w.now("deux").await;
        w.turn().await;
        assert_eq!(channel_state(&w).await, ChannelState::NeedsLogin);
        for id in [first, second] {
            let delivery = w.delivery(id).await;
            assert_eq!(delivery.held_reason, Some(HeldReason::Login));
            assert!(delivery.told_at.is_some());
        }
        w.app.advance(Duration::from_mins(30));
        assert_eq!(connect(&w.app, w.ws).await, w.channel, "the same channel, with its queue");
        w.turn().await;
        assert_eq!(w.texts(), ["un", "deux"]);
    }
}

#[tokio::test]
async fn a_channel_says_what_is_yet_to_go_out_on_it() {
    for w in worlds().await {
        let queues = async || queues(&w.app, &NOOR, w.ws).await.unwrap();
        let at = When::At { local: "2026-03-02T18:00".into(), zone: None };
        w.plan(&["Ce soir", "et demain"], &at).await;
        let cancelled = w.plan(&["Jamais"], &at).await;
        cancel(&w.app, &NOOR, w.ws, cancelled).await.unwrap();
        w.now("Sorti").await;
        w.turn().await;
        let tonight = w.delivery(cancelled).await.planned_at;
        let planned = Queue { channel_id: w.channel, deliveries: 1, first_at: tonight };
        assert_eq!(
            queues().await,
            std::slice::from_ref(&planned),
            "what is out or given up is not in it"
        );

        w.script.next(Scene::Fails(FailureKind::Reconnect));
        let first_at = w.delivery(w.plan(&["1/2", "2/2"], &When::Now).await).await.planned_at;
        w.turn().await;
        let waits = |deliveries| Queue { channel_id: w.channel, deliveries, first_at };
        assert_eq!(queues().await, [waits(2)], "threads count once, held and planned");
        w.now("deux").await;
        assert_eq!(queues().await, [waits(3)], "also before it is held");

        connect(&w.app, w.ws).await;
        w.turn().await;
        assert_eq!(queues().await, [planned], "all the others went out by themselves");
    }
}

#[tokio::test]
async fn what_waits_for_channels_is_found_by_indexes() {
    for w in worlds().await {
        let Some(plan) = plan(&w.app, store::QUEUES).await else { continue };
        assert!(plan.contains("acts_held (workspace_id=? AND channel_id=?"), "{plan}");
        assert!(plan.contains("acts_lane (workspace_id=? AND channel_id=?"), "{plan}");
        assert!(!plan.contains("SCAN a"), "{plan}");
    }
}

#[tokio::test]
async fn the_order_is_kept_when_the_login_comes_back_under_way() {
    for w in worlds().await {
        w.script.next(Scene::Fails(FailureKind::Reconnect));
        w.now("un").await;
        w.turn().await;
        w.now("deux").await;
        let reconnecting = async { assert_eq!(connect(&w.app, w.ws).await, w.channel) };
        assert!(Box::pin(w.engine.run_next(reconnecting)).await.unwrap(), "the second was claimed");
        w.after(Duration::from_secs(1)).await;
        assert_eq!(w.texts(), ["un", "deux"]);
    }
}

#[tokio::test]
async fn after_a_long_time_without_login_it_is_asked() {
    for w in worlds().await {
        w.script.next(Scene::Fails(FailureKind::Reconnect));
        let id = w.now("un").await;
        w.turn().await;
        w.app.advance(Duration::from_hours(3));
        connect(&w.app, w.ws).await;
        w.turn().await;
        assert_eq!(w.state(id).await, DeliveryState::Missed);
    }
}

#[tokio::test]
async fn a_doubt_survives_a_lost_login() {
    for w in worlds().await {
        w.script.next(Scene::TakesAndIsCut);
        w.script.looks.lock().unwrap().push_back(Err(Failure::reconnect(Say::new("gone"))));
        let id = w.now("Doute").await;
        w.turn().await;
        w.after(Duration::from_secs(1)).await;
        let delivery = w.delivery(id).await;
        assert_eq!(delivery.state, DeliveryState::Checking);
        assert!(delivery.told_at.is_some());
        assert!(w.stuck().await.is_empty());
        connect(&w.app, w.ws).await;
        w.turn().await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
        assert_eq!(w.script.requests.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn an_expired_token_is_renewed_and_nobody_is_asked() {
    for w in worlds().await {
        w.script.next(Scene::Fails(FailureKind::Expired));
        let id = w.now("Jeton").await;
        w.turn().await;
        w.after(Duration::from_secs(1)).await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
        assert_eq!(*w.script.requests.lock().unwrap(), ["Jeton", "refresh", "Jeton"]);
        assert_eq!(channel_state(&w).await, ChannelState::Connected);
    }
}

#[tokio::test]
async fn tokens_that_expire_between_calls_that_work_are_no_reason_to_ask() {
    for w in worlds().await {
        let id = w.now("Jeton").await;
        w.script.next(Scene::Fails(FailureKind::Expired));
        // Then it is sent, lost, looked for and proven absent, time and again.
        for _ in 0..4 {
            w.script.next(Scene::IsLost);
        }
        w.script.next(Scene::Fails(FailureKind::Expired));
        for _ in 0..80 {
            w.turn().await;
            w.app.advance(Duration::from_secs(20));
        }
        assert_eq!(channel_state(&w).await, ChannelState::Connected);
        assert_eq!(w.state(id).await, DeliveryState::Live);
    }
}

#[tokio::test]
async fn a_refresh_whose_answer_is_lost_is_never_repeated() {
    for w in worlds().await {
        w.script.next(Scene::Fails(FailureKind::Expired));
        let lost = Failure::transient(Say::new("cut")).sent(Sent::Unknown);
        w.script.refreshes.lock().unwrap().push_back(Err(lost));
        let id = w.now("Jeton").await;
        w.turn().await;
        w.after(Duration::from_secs(10)).await;
        w.after(Duration::from_secs(1)).await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
        let requests = w.script.requests.lock().unwrap().clone();
        assert_eq!(requests.iter().filter(|r| *r == "refresh").count(), 1, "{requests:?}");
        assert_eq!(requests.iter().filter(|r| *r == "reopen").count(), 1, "{requests:?}");
    }
}

#[tokio::test]
async fn a_refresh_whose_worker_died_is_never_repeated() {
    for w in worlds().await {
        w.script.next(Scene::Fails(FailureKind::Expired));
        *w.script.dies_renewing.lock().unwrap() = true;
        let id = w.now("Jeton").await;
        for _ in 0..3 {
            w.after(Duration::from_mins(2)).await;
        }
        assert_eq!(w.state(id).await, DeliveryState::Live);
        let requests = w.script.requests.lock().unwrap().clone();
        assert_eq!(requests.iter().filter(|r| *r == "refresh").count(), 1, "{requests:?}");
        assert_eq!(requests.iter().filter(|r| *r == "reopen").count(), 1, "{requests:?}");
    }
}

#[tokio::test]
async fn when_no_session_can_be_opened_a_person_is_asked() {
    for w in worlds().await {
        w.script.next(Scene::Fails(FailureKind::Expired));
        let gone = || Failure::reconnect(Say::new("gone"));
        w.script.refreshes.lock().unwrap().push_back(Err(gone()));
        w.script.reopens.lock().unwrap().push_back(Err(gone()));
        let id = w.now("Jeton").await;
        w.turn().await;
        w.after(Duration::from_secs(1)).await;
        assert_eq!(channel_state(&w).await, ChannelState::NeedsLogin);
        assert_eq!(w.delivery(id).await.held_reason, Some(HeldReason::Login));
    }
}

#[tokio::test]
async fn a_token_that_ends_soon_is_renewed_before_it_is_used_once_for_all() {
    for w in worlds().await {
        w.app.advance(Duration::from_hours(24 * 30));
        let ids = [w.now("a").await, w.now("b").await];
        w.turn().await;
        w.after(Duration::from_secs(1)).await;
        w.after(Duration::from_secs(1)).await;
        for id in ids {
            assert_eq!(w.state(id).await, DeliveryState::Live);
        }
        assert_eq!(*w.script.requests.lock().unwrap(), ["refresh", "a", "b"]);
    }
}

#[tokio::test]
async fn looking_that_fails_goes_on_and_tells_somebody() {
    for w in worlds().await {
        w.script.next(Scene::TakesAndIsCut);
        for _ in 0..4 {
            let down = Failure::transient(Say::new("down"));
            let no = Failure::rejected(Say::new("no"));
            w.script.looks.lock().unwrap().extend([Err(down), Err(no)]);
        }
        let id = w.now("Doute").await;
        w.turn().await;
        for _ in 0..8 {
            w.after(Duration::from_mins(15)).await;
        }
        let delivery = w.delivery(id).await;
        assert_eq!(delivery.state, DeliveryState::Checking);
        assert!(w.stuck().await.is_empty());
        w.script.looks.lock().unwrap().clear();
        w.script.looks.lock().unwrap().push_back(Ok(Found::CannotTell));
        w.after(Duration::from_mins(15)).await;
        assert_eq!(w.state(id).await, DeliveryState::Unknown);
    }
}

/// The moments of the channel's ends that were announced.
async fn announced(w: &World) -> Vec<Instant> {
    let mut tx = w.app.db.read().await.unwrap();
    let all = events::after(&mut tx, events::Scope::Workspace(w.ws), 0, 100).await.unwrap();
    let all = all.into_iter().filter(|event| event.kind == "channel.login_ends");
    all.map(|event| serde_json::from_value(event.data["ends_at"].clone()).unwrap()).collect()
}

async fn said(w: &World) -> Option<String> {
    let channel = channels::get(&w.app, &NOOR, w.ws, w.channel).await.unwrap();
    channel.ending(w.app.now()).map(|say| say.key)
}

#[tokio::test]
async fn a_login_that_ends_is_announced_a_week_before_and_once() {
    for w in worlds().await {
        let ends_at = w.app.now() + 60 * DAY;
        *w.script.login_ends_at.lock().unwrap() = Some(ends_at);
        connect(&w.app, w.ws).await;
        w.app.advance(52 * DAY + Duration::from_secs(86_399));
        channels::announce_ends(&w.app).await.unwrap();
        assert_eq!((announced(&w).await, said(&w).await), (vec![], None));
        w.app.advance(Duration::from_secs(1));
        for _ in 0..2 {
            channels::announce_ends(&w.app).await.unwrap();
            assert_eq!(announced(&w).await, [ends_at]);
            assert_eq!(said(&w).await.as_deref(), Some("channel-login-ends"));
        }
        // A renewal that changes nothing about it is no reason to say it again,
        w.now("Renouvelé").await;
        w.turn().await;
        assert!(w.script.requests.lock().unwrap().contains(&"refresh".to_owned()));
        channels::announce_ends(&w.app).await.unwrap();
        assert_eq!(announced(&w).await, [ends_at]);
        // and a new login ends it; its own end is another one.
        let next = ends_at + 60 * DAY;
        *w.script.login_ends_at.lock().unwrap() = Some(next);
        connect(&w.app, w.ws).await;
        assert_eq!(said(&w).await, None);
        channels::announce_ends(&w.app).await.unwrap();
        assert_eq!(announced(&w).await, [ends_at]);
        w.app.advance(60 * DAY);
        channels::announce_ends(&w.app).await.unwrap();
        assert_eq!(announced(&w).await, [ends_at, next]);
    }
}

#[tokio::test]
async fn what_renews_itself_or_is_lost_already_is_not_announced() {
    for w in worlds().await {
        let script = &w.script.login_ends_at;
        w.app.advance(365 * DAY);
        channels::announce_ends(&w.app).await.unwrap();
        assert_eq!((announced(&w).await, said(&w).await), (vec![], None), "it renews itself");
        *script.lock().unwrap() = Some(w.app.now() + 8 * DAY);
        connect(&w.app, w.ws).await;
        w.script.next(Scene::Fails(FailureKind::Reconnect));
        w.now("un").await;
        w.turn().await;
        assert_eq!(channel_state(&w).await, ChannelState::NeedsLogin);
        w.app.advance(2 * DAY);
        channels::announce_ends(&w.app).await.unwrap();
        assert_eq!((announced(&w).await, said(&w).await), (vec![], None), "it is said already");
    }
}

#[tokio::test]
async fn a_process_that_runs_announces_by_itself() {
    for w in worlds().await {
        let ends_at = w.app.now() + 7 * DAY + Duration::from_mins(2);
        *w.script.login_ends_at.lock().unwrap() = Some(ends_at);
        connect(&w.app, w.ws).await;
        let running = Running::of(w.engine.clone());
        until(&w, "it is announced", async || announced(&w).await == [ends_at]).await;
        assert!(w.app.now() >= ends_at - 7 * DAY, "and not before");
        running.end(&w).await;
    }
}

/// It is asked every ten seconds.
#[tokio::test]
async fn logins_that_end_are_found_by_index() {
    for w in worlds().await {
        let Some(plan) = plan(&w.app, channels::ANY_ENDING).await else { continue };
        assert!(plan.contains("INDEX channels_login_ends (login_ends_at>"), "{plan}");
    }
}
