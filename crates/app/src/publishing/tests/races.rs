//! What people do in the very moment in which the engine does something else,
//! and servers that are sick for long.

use std::time::Duration;

use bellwether_base::{DeliveryId, OrganizationId, PersonId, uuid::Uuid};

use super::world::{NOOR, Scene, World, connect, worlds};
use crate::channels::ChannelState;
use crate::networks::{Failure, FailureKind, Part};
use crate::posts::Written;
use crate::publishing::{
    self, Delivery, DeliveryState, HeldReason, PauseLevel, PauseScope, When, cancel, delete,
    let_through, pause, reschedule, resume,
};
use crate::{Caller, Error, Grant, Permission, Result};

/// Asks for `deed` while an attempt of `id` is being written down.
async fn during_begin<F>(w: &World, id: DeliveryId, deed: F) -> Result<Delivery>
where
    F: Future<Output = Result<Delivery>> + Send + 'static,
{
    let mut beginning = w.app.db.begin().await.unwrap();
    beginning
        .sql("update acts set state = 'working' where workspace_id = $1 and delivery_id = $2")
        .bind(w.ws)
        .bind(id)
        .execute()
        .await
        .unwrap();
    let doing = tokio::spawn(deed);
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert!(!doing.is_finished(), "whoever writes an attempt down is waited for");
    beginning.commit().await.unwrap();
    doing.await.unwrap()
}

#[tokio::test]
async fn who_cancels_what_is_just_going_out_is_told() {
    for w in worlds().await {
        let id = w.now("Trop tard").await;
        let (app, ws) = (w.app.app.clone(), w.ws);
        let answer = during_begin(&w, id, async move { cancel(&app, &NOOR, ws, id).await }).await;
        assert!(matches!(answer, Err(Error::Conflict(_))), "{answer:?}");
        assert_eq!(w.log(id).await.acts[0].state, publishing::ActState::Working);

        let id = w.now("Trop tard aussi").await;
        let (app, ws) = (w.app.app.clone(), w.ws);
        let moving = async move {
            let when = When::At { local: "2030-01-01T09:00".into(), zone: None };
            reschedule(&app, &NOOR, ws, id, &when).await.map(|moved| moved.delivery)
        };
        let answer = during_begin(&w, id, moving).await;
        assert!(matches!(answer, Err(Error::Conflict(_))), "{answer:?}");
    }
}

#[tokio::test]
async fn a_server_that_loses_everything_is_given_time() {
    for w in worlds().await {
        for _ in 0..1000 {
            w.script.next(Scene::IsLost);
        }
        w.now("Encore et encore").await;
        for _ in 0..60 {
            w.after(Duration::from_secs(10)).await;
        }
        let asked = w.script.requests.lock().unwrap().len();
        assert!((3..=8).contains(&asked), "{asked} requests in ten minutes");
    }
}

#[tokio::test]
async fn a_long_rate_limit_is_told_when_the_grace_is_over() {
    for w in worlds().await {
        let until = w.app.now() + Duration::from_hours(20);
        w.script.next(Scene::Fails(FailureKind::RateLimited { until }));
        let id = w.now("Plus tard ?").await;
        w.turn().await;
        assert_eq!(w.state(id).await, DeliveryState::Scheduled);
        w.after(Duration::from_hours(2)).await;
        w.after(Duration::from_mins(1)).await;
        let delivery = w.delivery(id).await;
        assert_eq!(delivery.state, DeliveryState::Missed);
        assert!(delivery.told_at.is_some());
    }
}

#[tokio::test]
async fn trouble_of_our_own_is_told_even_with_a_dead_workers_attempt() {
    for w in worlds().await {
        w.script.next(Scene::TakesAndWeDie);
        let id = w.now("Clé perdue").await;
        w.turn().await;
        let mut tx = w.app.db.begin().await.unwrap();
        let broken = tx
            .sql("update acts set frozen = 'not a request' where workspace_id = $1")
            .bind(w.ws)
            .execute()
            .await
            .unwrap();
        assert_eq!(broken, 1);
        tx.commit().await.unwrap();
        for _ in 0..5 {
            w.app.advance(Duration::from_mins(2));
            w.turn_with_trouble().await;
        }
        let delivery = w.delivery(id).await;
        assert!(delivery.told_at.is_some(), "{delivery:?}");
        assert_eq!(delivery.say.map(|say| say.key).as_deref(), Some("delivery-trouble-here"));
    }
}

/// The attempt stays open where nothing was sent that could have changed something.
#[tokio::test]
async fn trouble_is_told_while_a_dead_workers_preparing_is_still_open() {
    for w in worlds().await {
        w.script.next(Scene::WeDie);
        let id = w.now("Clé perdue").await;
        w.turn().await;
        let mut tx = w.app.db.begin().await.unwrap();
        let change = "update acts set state = 'waiting', frozen = 'not a request' \
            where workspace_id = $1 and open_attempt is not null";
        assert_eq!(tx.sql(change).bind(w.ws).execute().await, Ok(1));
        tx.commit().await.unwrap();
        w.app.advance(Duration::from_mins(2));
        w.turn_with_trouble().await;
        let delivery = w.delivery(id).await;
        assert_eq!(delivery.say.map(|say| say.key).as_deref(), Some("delivery-trouble-here"));
    }
}

#[tokio::test]
async fn a_pause_that_was_lifted_meanwhile_is_not_acknowledged() {
    for w in worlds().await {
        w.script.next(Scene::Waits);
        w.now("En route").await;
        let engine = w.engine.clone();
        let sending = tokio::spawn(async move { engine.run_due().await });
        w.script.arrived.notified().await;
        let (app, ws) = (w.app.app.clone(), w.ws);
        let pausing = tokio::spawn(async move {
            let scope = PauseScope::Workspace { workspace: ws };
            pause(&app, &NOOR, scope, PauseLevel::Planned).await
        });
        while publishing::pauses(&w.app, &NOOR, w.ws).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let scope = PauseScope::Workspace { workspace: w.ws };
        resume(&w.app, &NOOR, scope, "A false alarm", false).await.unwrap();
        for _ in 0..100 {
            w.app.advance(Duration::from_millis(100));
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let answer = pausing.await.unwrap();
        assert!(matches!(answer, Err(Error::Conflict(_))), "{answer:?}");
        w.script.go.notify_one();
        sending.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_leave_to_pass_ends_with_its_pause() {
    for w in worlds().await {
        let scope = PauseScope::Workspace { workspace: w.ws };
        let stop = async || pause(&w.app, &NOOR, scope.clone(), PauseLevel::Planned).await.unwrap();
        let id = w.now("Nous avons entendu.").await;
        let early = let_through(&w.app, &NOOR, w.ws, id).await;
        assert!(matches!(early, Err(Error::Conflict(_))), "there is no pause to pass");

        stop().await;
        w.turn().await;
        w.script.next(Scene::Fails(FailureKind::Transient));
        let_through(&w.app, &NOOR, w.ws, id).await.unwrap();
        w.turn().await;
        assert_eq!(w.state(id).await, DeliveryState::Scheduled, "it will be tried again");
        resume(&w.app, &NOOR, scope.clone(), "calm", false).await.unwrap();
        stop().await;
        w.after(Duration::from_mins(1)).await;
        assert_eq!(w.delivery(id).await.held_reason, Some(HeldReason::Paused));

        let id = w.now("Pour plus tard").await;
        let_through(&w.app, &NOOR, w.ws, id).await.unwrap();
        let later = When::At { local: "2026-12-24T09:00".into(), zone: None };
        let moved = reschedule(&w.app, &NOOR, w.ws, id, &later).await.unwrap().delivery;
        assert!(!moved.is_let_through, "it was let through for its old time");
        assert!(w.texts().is_empty());
    }
}

#[tokio::test]
async fn the_old_logins_refusal_does_not_touch_the_new_login() {
    for w in worlds().await {
        w.script.next(Scene::WaitsAndIsRefused);
        let id = w.now("Nouveau mot de passe").await;
        let engine = w.engine.clone();
        let sending = tokio::spawn(async move { engine.run_due().await });
        w.script.arrived.notified().await;
        connect(&w.app, w.ws).await;
        w.script.go.notify_one();
        sending.await.unwrap().unwrap();
        let mut tx = w.app.db.read().await.unwrap();
        let channel = crate::channels::find(&mut tx, w.ws, w.channel).await.unwrap();
        drop(tx);
        assert_eq!(channel.state, ChannelState::Connected);
        w.after(Duration::from_secs(2)).await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
    }
}

#[tokio::test]
async fn what_is_not_out_does_not_follow_what_is_taken_down() {
    for w in worlds().await {
        w.script.next(Scene::Takes);
        w.script.next(Scene::Fails(FailureKind::Transient));
        let id = w.plan(&["Un", "Deux"], &When::Now).await;
        w.turn().await;
        assert_eq!(w.texts(), ["Un"]);
        delete(&w.app, &NOOR, w.ws, id).await.unwrap();
        w.turn().await;
        w.after(Duration::from_mins(30)).await;
        assert!(w.texts().is_empty(), "{:?}", w.texts());
        assert_eq!(w.state(id).await, DeliveryState::Deleted);
    }
}

#[tokio::test]
async fn a_deletion_that_does_not_get_on_is_told() {
    for w in worlds().await {
        let id = w.now("Oups").await;
        w.turn().await;
        let failing = || Failure::new(FailureKind::Transient, bellwether_base::Say::new("down"));
        w.script.deletes.lock().unwrap().extend((0..6).map(|_| failing()));
        delete(&w.app, &NOOR, w.ws, id).await.unwrap();
        for _ in 0..8 {
            w.after(Duration::from_mins(61)).await;
            if w.delivery(id).await.told_at.is_some() {
                break;
            }
        }
        let delivery = w.delivery(id).await;
        assert_eq!(delivery.say.map(|say| say.key).as_deref(), Some("delivery-cannot-delete"));
        for _ in 0..3 {
            w.after(Duration::from_mins(61)).await;
        }
        assert_eq!(w.state(id).await, DeliveryState::Deleted, "and it goes on trying");
    }
}

#[tokio::test]
async fn who_may_only_write_does_not_change_what_is_planned() {
    for w in worlds().await {
        let mut tx = w.app.db.read().await.unwrap();
        let place = crate::workspaces::access(&mut tx, &NOOR, w.ws, Permission::Read).await;
        drop(tx);
        let permissions = vec![Permission::Read, Permission::Write];
        let kofi = Caller::Person {
            id: PersonId(Uuid::from_u128(1)),
            organization: place.map_or(OrganizationId(Uuid::nil()), |place| place.organization_id),
            grants: vec![Grant { workspace: Some(w.ws), permissions }],
        };
        let other = |text: &str| {
            let mut written = Written::default();
            written.content.parts = vec![Part { text: text.into(), ..Part::default() }];
            written
        };
        let draft = w.write(&["Brouillon"]).await;
        let edited = crate::publishing::edit(&w.app, &kofi, w.ws, draft.id, 1, other("Mieux"))
            .await
            .unwrap();
        assert_eq!(edited.revision, 2);

        let id = w.now("Approuvé").await;
        let planned = w.delivery(id).await.post_id;
        let refused =
            crate::publishing::edit(&w.app, &kofi, w.ws, planned, 1, other("Autre chose")).await;
        assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
        w.turn().await;
        assert_eq!(w.texts(), ["Approuvé"]);
    }
}

#[tokio::test]
async fn what_became_unfit_after_it_was_planned_is_not_sent() {
    for w in worlds().await {
        let at = When::At { local: "2026-03-02T18:00".into(), zone: None };
        let id = w.plan(&["Trop long pour elle"], &at).await;
        // Meanwhile the network takes less than it did.
        let mut limits = crate::channels::get(&w.app, &NOOR, w.ws, w.channel).await.unwrap().limits;
        limits.text.max = 5;
        let mut tx = w.app.db.begin().await.unwrap();
        tx.sql("update channels set limits = $2 where workspace_id = $1")
            .bind(w.ws)
            .bind(serde_json::to_string(&limits).unwrap())
            .execute()
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let planned_at = w.delivery(id).await.planned_at;
        w.after(planned_at.since(w.app.now())).await;
        let delivery = w.delivery(id).await;
        assert_eq!(delivery.state, DeliveryState::Refused);
        assert!(delivery.is_refused_here(), "the network was never asked");
        assert_eq!(delivery.say.unwrap().key, "text-too-long");
        assert!(w.script.requests.lock().unwrap().is_empty());
    }
}
