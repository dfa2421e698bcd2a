//! Stopping: at once, with certainty, and without losing anything.

use std::time::Duration;

use super::world::{NOOR, Scene, World, worlds};
use crate::events::{self, Scope};
use crate::publishing::{
    self, DeliveryState, HeldReason, PauseLevel, PauseScope, let_through, pause, release, resume,
};
use crate::{Error, workspaces};

async fn stop(w: &World) -> publishing::Paused {
    let scope = PauseScope::Workspace { workspace: w.ws };
    pause(&w.app, &NOOR, scope, PauseLevel::Planned).await.unwrap()
}

async fn go_on(w: &World, look_first: bool) {
    let scope = PauseScope::Workspace { workspace: w.ws };
    resume(&w.app, &NOOR, scope, "All is calm", look_first).await.unwrap();
}

#[tokio::test]
async fn a_paused_workspace_sends_nothing_and_says_so() {
    for w in worlds().await {
        let id = w.now("Chut").await;
        let paused = stop(&w).await;
        assert!(paused.on_the_wire.is_empty());
        assert!(paused.pause.acknowledged_at.is_some());
        w.turn().await;
        let delivery = w.delivery(id).await;
        assert_eq!(delivery.state, DeliveryState::Held);
        assert_eq!(delivery.held_reason, Some(HeldReason::Paused));
        assert!(delivery.told_at.is_some());
        assert!(w.script.requests.lock().unwrap().is_empty());
        go_on(&w, false).await;
        w.turn().await;
        assert_eq!(w.texts(), ["Chut"]);
    }
}

#[tokio::test]
async fn a_pause_of_everything_is_told_to_everybody_whoever_made_it() {
    for w in worlds().await {
        let scope = PauseScope::Installation;
        pause(&w.app, &NOOR, scope.clone(), PauseLevel::Planned).await.unwrap();
        resume(&w.app, &NOOR, scope, "calm", false).await.unwrap();
        let mut tx = w.app.db.read().await.unwrap();
        let everybody = workspaces::organization_of(&mut tx, &NOOR).await.unwrap();
        let told = events::after(&mut tx, Scope::Organization(everybody), 0, 100).await.unwrap();
        let told: Vec<_> = told.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(told, ["publishing.paused", "publishing.resumed"]);
    }
}

#[tokio::test]
async fn every_scope_stops_what_is_in_it() {
    for w in worlds().await {
        let scopes = [
            PauseScope::Installation,
            PauseScope::Network { network: "scripted".into() },
            PauseScope::Workspace { workspace: w.ws },
            PauseScope::Channel { workspace: w.ws, channel: w.channel },
        ];
        for scope in scopes {
            let id = w.now("Chut").await;
            let before = w.texts().len();
            pause(&w.app, &NOOR, scope.clone(), PauseLevel::Planned).await.unwrap();
            w.turn().await;
            assert_eq!(w.state(id).await, DeliveryState::Held, "{scope:?}");
            assert_eq!(w.texts().len(), before);
            resume(&w.app, &NOOR, scope, "calm", false).await.unwrap();
            w.turn().await;
            assert_eq!(w.state(id).await, DeliveryState::Live);
        }
    }
}

#[tokio::test]
async fn a_pause_is_acknowledged_only_when_nothing_can_leave_any_more() {
    for w in worlds().await {
        w.script.next(Scene::Waits);
        let id = w.now("En route").await;
        let engine = w.engine.clone();
        let sending = tokio::spawn(async move { engine.run_due().await });
        w.script.arrived.notified().await;
        let (app, ws) = (w.app.app.clone(), w.ws);
        let pausing = tokio::spawn(async move {
            let scope = PauseScope::Workspace { workspace: ws };
            pause(&app, &NOOR, scope, PauseLevel::Planned).await
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(!pausing.is_finished(), "a request that may still be begun is waited for");
        // Past its `send_by` it is on the wire, and told.
        for _ in 0..100 {
            w.app.advance(Duration::from_millis(100));
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let paused = pausing.await.unwrap().unwrap();
        assert_eq!(paused.on_the_wire.len(), 1);
        assert_eq!(paused.on_the_wire[0].delivery_id, Some(id));
        w.script.go.notify_one();
        sending.await.unwrap().unwrap();
        assert_eq!(w.state(id).await, DeliveryState::Live);
    }
}

#[tokio::test]
async fn a_pause_whose_process_died_is_acknowledged_by_the_next() {
    for w in worlds().await {
        stop(&w).await;
        let mut tx = w.app.db.begin().await.unwrap();
        // As it stands between the pause and the end of its wait.
        tx.sql("update pause_scopes set acknowledged_at = null where level > 0")
            .execute()
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let seen = async || {
            crate::publishing::pause::acknowledge_abandoned(&w.app).await.unwrap();
            let pauses = publishing::pauses(&w.app, &NOOR, w.ws).await.unwrap();
            pauses[0].acknowledged_at
        };
        w.app.advance(Duration::from_secs(6));
        assert_eq!(seen().await, None, "somebody may still be waiting");
        w.app.advance(Duration::from_secs(30));
        assert!(seen().await.is_some());
    }
}

#[tokio::test]
async fn a_long_pause_does_not_flood_the_followers() {
    for w in worlds().await {
        let id = w.now("Périmé").await;
        stop(&w).await;
        w.turn().await;
        w.app.advance(Duration::from_hours(3));
        go_on(&w, false).await;
        w.turn().await;
        assert_eq!(w.state(id).await, DeliveryState::Missed);
        assert!(w.texts().is_empty());
    }
}

#[tokio::test]
async fn resuming_can_look_first() {
    for w in worlds().await {
        let id = w.now("À relire").await;
        stop(&w).await;
        w.turn().await;
        go_on(&w, true).await;
        w.turn().await;
        assert_eq!(w.delivery(id).await.held_reason, Some(HeldReason::LookFirst));
        assert!(w.texts().is_empty());
        release(&w.app, &NOOR, w.ws, id).await.unwrap();
        w.turn().await;
        assert_eq!(w.texts(), ["À relire"]);
    }
}

#[tokio::test]
async fn one_named_statement_can_be_let_through() {
    for w in worlds().await {
        let statement = w.now("Nous avons entendu.").await;
        let other = w.now("Promo !").await;
        stop(&w).await;
        w.turn().await;
        let_through(&w.app, &NOOR, w.ws, statement).await.unwrap();
        w.turn().await;
        assert_eq!(w.texts(), ["Nous avons entendu."]);
        assert_eq!(w.state(other).await, DeliveryState::Held);
    }
}

#[tokio::test]
async fn a_takedown_works_during_a_pause() {
    for w in worlds().await {
        let id = w.now("Oups").await;
        w.turn().await;
        stop(&w).await;
        publishing::delete(&w.app, &NOOR, w.ws, id).await.unwrap();
        w.turn().await;
        assert_eq!(w.state(id).await, DeliveryState::Deleted);
        assert!(w.texts().is_empty());
    }
}

#[tokio::test]
async fn resuming_needs_a_reason_and_a_pause() {
    for w in worlds().await {
        let scope = PauseScope::Workspace { workspace: w.ws };
        let none = resume(&w.app, &NOOR, scope.clone(), "because", false).await;
        assert!(matches!(none, Err(Error::Conflict(_))));
        stop(&w).await;
        let mute = resume(&w.app, &NOOR, scope.clone(), "  ", false).await;
        assert!(matches!(mute, Err(Error::Invalid(_))));
        assert_eq!(publishing::pauses(&w.app, &NOOR, w.ws).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn what_was_claimed_while_an_earlier_one_was_held_lets_it_go_first() {
    for w in worlds().await {
        w.now("un").await;
        w.now("deux").await;
        stop(&w).await;
        // The first is held, so nothing is before the second when it is claimed.
        assert!(w.engine.run_next(async {}).await.unwrap());
        assert!(Box::pin(w.engine.run_next(go_on(&w, false))).await.unwrap());
        assert!(w.texts().is_empty());
        w.turn().await;
        w.after(Duration::from_secs(1)).await;
        assert_eq!(w.texts(), ["un", "deux"]);
    }
}
