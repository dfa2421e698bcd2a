//! What is offered can be done, and what can be done is offered.

use std::time::Duration;

use bellwether_base::{DeliveryId, Say};

use super::world::{NOOR, Scene, World, worlds};
use crate::networks::{Failure, FailureKind, Found};
use crate::publishing::{
    self, Offer, PauseLevel, PauseScope, When, attach, cancel, delete, drop_doubt, let_through,
    offers, release, reschedule, retry,
};

/// The situations in which a person may find a delivery.
const SITUATIONS: [&str; 17] = [
    "planned",
    "waits for another try",
    "live",
    "live by a link",
    "being taken down",
    "taken down",
    "refused",
    "unknown",
    "being looked for",
    "looked for in vain",
    "paused",
    "to be looked at",
    "without a login",
    "missed",
    "half out, refused",
    "half out, paused",
    "cancelled",
];

async fn pause(w: &World) {
    let scope = PauseScope::Workspace { workspace: w.ws };
    publishing::pause(&w.app, &NOOR, scope, PauseLevel::Planned).await.unwrap();
}

async fn go_on(w: &World, look_first: bool) {
    let scope = PauseScope::Workspace { workspace: w.ws };
    publishing::resume(&w.app, &NOOR, scope, "calm", look_first).await.unwrap();
}

fn fails(w: &World, kind: FailureKind) {
    w.script.next(Scene::Fails(kind));
}

fn look(w: &World, found: Result<Found, Failure>) {
    w.script.looks.lock().unwrap().push_back(found);
}

fn tonight() -> When {
    When::At { local: "2026-03-02T18:00".into(), zone: None }
}

/// Brings a new delivery into `situation`.
async fn bring(w: &World, situation: &str) -> DeliveryId {
    let turned = async |text: &str| {
        let id = w.now(text).await;
        w.turn().await;
        id
    };
    match situation {
        "planned" => w.plan(&["Ce soir"], &tonight()).await,
        "waits for another try" => {
            fails(w, FailureKind::Transient);
            turned("Encore").await
        }
        "live" => turned("Sorti").await,
        "live by a link" => {
            let id = Box::pin(bring(w, "unknown")).await;
            attach(&w.app, &NOOR, w.ws, id, "https://scripted.example/1").await.unwrap();
            id
        }
        "being taken down" => {
            let id = turned("Oups").await;
            delete(&w.app, &NOOR, w.ws, id).await.unwrap();
            id
        }
        "taken down" => {
            let id = Box::pin(bring(w, "being taken down")).await;
            w.turn().await;
            id
        }
        "refused" => {
            fails(w, FailureKind::Rejected);
            turned("Non").await
        }
        "unknown" => {
            w.script.next(Scene::TakesAndIsCut);
            look(w, Ok(Found::CannotTell));
            let id = turned("Doute").await;
            w.after(Duration::from_secs(1)).await;
            id
        }
        "being looked for" => {
            w.script.next(Scene::TakesAndIsCut);
            turned("Perdu").await
        }
        "looked for in vain" => {
            w.script.next(Scene::TakesAndIsCut);
            for _ in 0..6 {
                look(w, Err(Failure::transient(Say::new("server-slow"))));
            }
            let id = turned("En vain").await;
            for _ in 0..6 {
                w.after(Duration::from_mins(5)).await;
            }
            id
        }
        "paused" => {
            pause(w).await;
            turned("Chut").await
        }
        "to be looked at" => {
            let id = Box::pin(bring(w, "paused")).await;
            go_on(w, true).await;
            id
        }
        "without a login" => {
            fails(w, FailureKind::Reconnect);
            turned("Dehors").await
        }
        "missed" => {
            let id = Box::pin(bring(w, "paused")).await;
            w.app.advance(Duration::from_hours(3));
            go_on(w, false).await;
            w.turn().await;
            id
        }
        "half out, refused" => {
            w.script.next(Scene::Takes);
            fails(w, FailureKind::Rejected);
            let id = w.plan(&["1/2", "2/2"], &When::Now).await;
            w.turn().await;
            id
        }
        "half out, paused" => {
            w.script.next(Scene::Takes);
            fails(w, FailureKind::Transient);
            let id = w.plan(&["1/2", "2/2"], &When::Now).await;
            w.turn().await;
            pause(w).await;
            w.after(Duration::from_mins(1)).await;
            id
        }
        "cancelled" => {
            let id = Box::pin(bring(w, "planned")).await;
            cancel(&w.app, &NOOR, w.ws, id).await.unwrap();
            id
        }
        other => panic!("{other}"),
    }
}

async fn works(w: &World, id: DeliveryId, offer: Offer) -> bool {
    let later = When::At { local: "2026-04-01T18:00".into(), zone: None };
    match offer {
        Offer::Attach => {
            attach(&w.app, &NOOR, w.ws, id, "https://scripted.example/2").await.is_ok()
        }
        Offer::Retry => retry(&w.app, &NOOR, w.ws, id).await.is_ok(),
        Offer::Drop => drop_doubt(&w.app, &NOOR, w.ws, id).await.is_ok(),
        Offer::Cancel => cancel(&w.app, &NOOR, w.ws, id).await.is_ok(),
        Offer::Reschedule => reschedule(&w.app, &NOOR, w.ws, id, &later).await.is_ok(),
        Offer::Release => release(&w.app, &NOOR, w.ws, id).await.is_ok(),
        Offer::LetThrough => let_through(&w.app, &NOOR, w.ws, id).await.is_ok(),
        Offer::TakeDown => delete(&w.app, &NOOR, w.ws, id).await.is_ok(),
    }
}

/// Giving up has one button, whichever deed is behind it; and letting through
/// is always possible, but means something only in a pause.
fn is_said_otherwise(offer: Offer, offered: &[Offer]) -> bool {
    match offer {
        Offer::Drop => offered.contains(&Offer::Cancel),
        Offer::Cancel => offered.contains(&Offer::Drop),
        Offer::LetThrough => true,
        _ => false,
    }
}

#[tokio::test]
async fn what_is_not_offered_cannot_be_done() {
    for situation in SITUATIONS {
        for w in worlds().await {
            let id = bring(&w, situation).await;
            let log = w.log(id).await;
            let offered = offers(&log, true);
            let must_act = log.delivery.state.needs_person();
            assert!(!must_act || !offered.is_empty(), "{situation}: nobody can do anything");
            for offer in Offer::ALL {
                if !offered.contains(&offer) && !is_said_otherwise(offer, &offered) {
                    assert!(!works(&w, id, offer).await, "{situation}: {offer:?} is kept back");
                }
            }
        }
    }
}

/// What is offered in `situation`, in a world of its own.
async fn offered_in(situation: &str) -> Option<(World, DeliveryId, Vec<Offer>)> {
    // Only our own tables tell the situations apart: one engine is enough.
    let w = worlds().await.into_iter().next()?;
    let id = bring(&w, situation).await;
    let offered = offers(&w.log(id).await, true);
    Some((w, id, offered))
}

#[tokio::test]
async fn what_is_offered_can_be_done() {
    for situation in SITUATIONS {
        let mut nth = 0;
        while let Some((w, id, offered)) = offered_in(situation).await {
            let Some(offer) = offered.get(nth) else { break };
            assert!(works(&w, id, *offer).await, "{situation}: {offer:?} is offered in vain");
            nth += 1;
        }
    }
}
