//! What people do about a delivery.

use std::time::Duration;

use super::world::{NOOR, Scene, World, worlds};
use crate::networks::{FailureKind, Found};
use crate::publishing::{
    self, DeliveryState, PauseLevel, PauseScope, Planned, When, attach, cancel, delete, drop_doubt,
    remove_channel, reschedule, retry,
};
use crate::{Caller, Error, Grant, Permission};
use bellwether_base::uuid::Uuid;
use bellwether_base::{DeliveryId, OrganizationId, PersonId, Say};

async fn unknown(w: &World) -> DeliveryId {
    w.script.next(Scene::TakesAndIsCut);
    w.script.looks.lock().unwrap().push_back(Ok(Found::CannotTell));
    let id = w.now("Doute").await;
    w.turn().await;
    w.after(Duration::from_secs(1)).await;
    assert_eq!(w.state(id).await, DeliveryState::Unknown);
    id
}

#[tokio::test]
async fn a_doubt_can_be_settled_by_a_link() {
    for w in worlds().await {
        let id = unknown(&w).await;
        let bad = attach(&w.app, &NOOR, w.ws, id, "javascript:alert(1)").await;
        assert!(matches!(bad, Err(Error::Invalid(_))));
        let url = "https://scripted.example/1";
        let delivery = attach(&w.app, &NOOR, w.ws, id, url).await.unwrap();
        assert_eq!(delivery.state, DeliveryState::Live);
        assert_eq!(w.log(id).await.acts[0].posts[0].url.as_deref(), Some(url));
    }
}

#[tokio::test]
async fn a_doubt_can_be_dropped_or_sent_again() {
    for w in worlds().await {
        let id = unknown(&w).await;
        assert_eq!(
            drop_doubt(&w.app, &NOOR, w.ws, id).await.unwrap().state,
            DeliveryState::Cancelled
        );
        let id = unknown(&w).await;
        retry(&w.app, &NOOR, w.ws, id).await.unwrap();
        w.turn().await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
    }
}

#[tokio::test]
async fn what_was_not_begun_can_be_cancelled_and_moved() {
    for w in worlds().await {
        let at = When::At { local: "2026-03-02T18:00".into(), zone: None };
        let id = w.plan(&["Ce soir"], &at).await;
        let later = When::At { local: "2026-03-03T18:00".into(), zone: None };
        reschedule(&w.app, &NOOR, w.ws, id, &later).await.unwrap();
        w.after(Duration::from_hours(12)).await;
        assert_eq!(w.state(id).await, DeliveryState::Scheduled);
        assert_eq!(cancel(&w.app, &NOOR, w.ws, id).await.unwrap().state, DeliveryState::Cancelled);
        w.after(Duration::from_hours(48)).await;
        assert!(w.texts().is_empty());
    }
}

#[tokio::test]
async fn what_was_begun_cannot_be_cancelled() {
    for w in worlds().await {
        w.script.next(Scene::WeDie);
        let id = w.now("Parti").await;
        w.turn().await;
        assert!(matches!(cancel(&w.app, &NOOR, w.ws, id).await, Err(Error::Conflict(_))));
        let later = When::At { local: "2026-03-03T18:00".into(), zone: None };
        let moved = reschedule(&w.app, &NOOR, w.ws, id, &later).await;
        assert!(matches!(moved, Err(Error::Conflict(_))));
    }
}

#[tokio::test]
async fn a_list_finds_the_deliveries_of_its_posts_and_no_others() {
    for w in worlds().await {
        let (first, second) = (w.now("Un").await, w.now("Deux").await);
        w.now("Trois").await;
        let mut posts = vec![w.delivery(first).await.post_id, w.delivery(second).await.post_id];
        posts.push(w.write(&["sans plan"]).await.id);
        let found = publishing::deliveries_of_page(&w.app, &NOOR, w.ws, &posts).await.unwrap();
        let found: Vec<DeliveryId> = found.into_iter().map(|delivery| delivery.id).collect();
        assert_eq!(found, [first, second]);
        let none = publishing::deliveries_of_page(&w.app, &NOOR, w.ws, &[]).await.unwrap();
        assert!(none.is_empty());
    }
}

#[tokio::test]
async fn a_takedown_whose_worker_died_is_asked_for_again() {
    for w in worlds().await {
        let id = w.now("Oups").await;
        w.turn().await;
        *w.script.dies_deleting.lock().unwrap() = true;
        delete(&w.app, &NOOR, w.ws, id).await.unwrap();
        for _ in 0..3 {
            w.after(Duration::from_mins(2)).await;
        }
        assert_eq!(w.state(id).await, DeliveryState::Deleted);
        assert!(w.texts().is_empty());
    }
}

#[tokio::test]
async fn a_thread_is_taken_down_last_part_first() {
    for w in worlds().await {
        let id = w.plan(&["1/2", "2/2"], &When::Now).await;
        w.turn().await;
        w.script.requests.lock().unwrap().clear();
        delete(&w.app, &NOOR, w.ws, id).await.unwrap();
        w.turn().await;
        assert_eq!(w.state(id).await, DeliveryState::Deleted);
        let log = w.log(id).await;
        let out: Vec<_> = log
            .acts
            .iter()
            .filter(|a| a.kind == publishing::ActKind::Publish)
            .map(|a| a.posts[0].id.clone())
            .collect();
        let asked = w.script.requests.lock().unwrap().clone();
        assert_eq!(asked, [format!("delete {}", out[1]), format!("delete {}", out[0])]);
        assert!(matches!(delete(&w.app, &NOOR, w.ws, id).await, Err(Error::Conflict(_))));
    }
}

#[tokio::test]
async fn nobody_acts_without_permission_or_on_anothers_brand() {
    for w in worlds().await {
        let id = w.now("À nous").await;
        let post = w.write(&["x"]).await.id;
        let mut tx = w.app.db.read().await.unwrap();
        let organization = crate::workspaces::access(&mut tx, &NOOR, w.ws, Permission::Read)
            .await
            .unwrap()
            .organization_id;
        drop(tx);
        let reader = Caller::Person {
            id: PersonId(Uuid::from_u128(1)),
            organization,
            grants: vec![Grant { workspace: Some(w.ws), permissions: vec![Permission::Read] }],
        };
        let stranger = Caller::Person {
            id: PersonId(Uuid::from_u128(2)),
            organization: OrganizationId(Uuid::from_u128(3)),
            grants: vec![Grant { workspace: None, permissions: Permission::ALL.to_vec() }],
        };
        for (caller, is_stranger) in [(&reader, false), (&stranger, true)] {
            let answers = [
                retry(&w.app, caller, w.ws, id).await.err(),
                attach(&w.app, caller, w.ws, id, "https://a.example").await.err(),
                drop_doubt(&w.app, caller, w.ws, id).await.err(),
                cancel(&w.app, caller, w.ws, id).await.err(),
                publishing::discard(&w.app, caller, w.ws, post).await.err(),
                remove_channel(&w.app, caller, w.ws, w.channel, Planned::Cancelled).await.err(),
                delete(&w.app, caller, w.ws, id).await.err(),
                publishing::release(&w.app, caller, w.ws, id).await.err(),
                publishing::let_through(&w.app, caller, w.ws, id).await.err(),
                reschedule(&w.app, caller, w.ws, id, &When::Now).await.err(),
                publishing::schedule(&w.app, caller, w.ws, post, &[w.channel], &When::Now)
                    .await
                    .err(),
            ];
            for (index, answer) in answers.into_iter().enumerate() {
                let is_right = matches!(
                    (&answer, is_stranger),
                    (Some(Error::NotFound(_)), true) | (Some(Error::Denied(_)), false)
                );
                assert!(is_right, "{index}: {answer:?}");
            }
        }
    }
}

#[tokio::test]
async fn who_asks_to_send_again_what_needs_no_person_is_told_what_is_true() {
    let told = async |w: &World, id| match retry(&w.app, &NOOR, w.ws, id).await {
        Err(Error::Conflict(say)) => say,
        other => panic!("{other:?}"),
    };
    for w in worlds().await {
        let tonight = When::At { local: "2026-03-02T18:00".into(), zone: None };
        let id = w.plan(&["Ce soir"], &tonight).await;
        let planned_at = w.delivery(id).await.planned_at;
        assert_eq!(told(&w, id).await, Say::new("retry-not-yet").with("at", planned_at));
        w.after(planned_at.since(w.app.now())).await;
        assert_eq!(told(&w, id).await.key, "retry-is-out");

        w.script.next(Scene::Fails(FailureKind::Transient));
        let id = w.now("Encore").await;
        w.turn().await;
        assert_eq!(told(&w, id).await.key, "retry-by-itself");
        w.after(Duration::from_mins(1)).await;

        w.script.next(Scene::IsBusy);
        let id = w.now("Lentement").await;
        w.turn().await;
        assert_eq!(told(&w, id).await.key, "retry-on-its-way");
        w.after(Duration::from_secs(5)).await;

        w.script.next(Scene::IsLost);
        let id = w.now("Silence").await;
        w.turn().await;
        assert_eq!(told(&w, id).await.key, "retry-while-looking");
        w.after(Duration::from_mins(1)).await;

        let scope = PauseScope::Workspace { workspace: w.ws };
        publishing::pause(&w.app, &NOOR, scope, PauseLevel::Planned).await.unwrap();
        let id = w.now("Pause").await;
        w.turn().await;
        assert_eq!(told(&w, id).await.key, "retry-on-hold");
        cancel(&w.app, &NOOR, w.ws, id).await.unwrap();
        assert_eq!(told(&w, id).await.key, "delivery-moved-on");
    }
}

#[tokio::test]
async fn what_a_network_would_refuse_is_not_planned() {
    for w in worlds().await {
        let long = "x".repeat(101);
        let post = w.write(&[&long]).await;
        let planned =
            publishing::schedule(&w.app, &NOOR, w.ws, post.id, &[w.channel], &When::Now).await;
        assert!(matches!(planned, Err(Error::Content(_))));
        let none = publishing::deliveries_of(&w.app, &NOOR, w.ws, post.id).await.unwrap();
        assert!(none.is_empty());
    }
}

#[tokio::test]
async fn times_that_make_no_sense_are_named() {
    for w in worlds().await {
        let key = async |local: &str, zone: &str| {
            let when = When::At { local: local.into(), zone: Some(zone.into()) };
            let post = w.write(&["Heure"]).await;
            match publishing::schedule(&w.app, &NOOR, w.ws, post.id, &[w.channel], &when).await {
                Err(Error::Invalid(say)) => say.key,
                Ok(scheduled) => format!("{:?}", scheduled.shift),
                other => format!("{other:?}"),
            }
        };
        assert_eq!(key("2026-03-01T09:00", "UTC").await, "time-past");
        assert_eq!(key("2026-03-03T09:00", "Mars/Olympus").await, "zone-unknown");
        assert_eq!(key("soon", "UTC").await, "time-malformed");
        assert_eq!(key("2026-03-29T02:30", "Europe/Paris").await, "Gap");
        assert_eq!(key("2026-10-25T02:30", "Europe/Paris").await, "Overlap");
    }
}

#[tokio::test]
async fn what_needs_a_person_is_listed_and_counted_by_itself() {
    use crate::publishing::{Which, list, needing_person, store};
    use bellwether_base::PageRequest;

    for state in DeliveryState::ALL {
        let is_in = store::NEEDING_PERSON.contains(&format!("'{}'", state.as_str()));
        assert_eq!(is_in, state.needs_person(), "{state:?}");
    }
    for w in worlds().await {
        w.script.next(Scene::Fails(FailureKind::Rejected));
        let refused = w.now("Non").await;
        w.turn().await;
        w.now("Oui").await;
        w.turn().await;
        let narrowed =
            list(&w.app, &NOOR, w.ws, Which::NeedingPerson, &PageRequest::default()).await.unwrap();
        let ids: Vec<_> = narrowed.items.iter().map(|delivery| delivery.id).collect();
        assert_eq!((ids, narrowed.next), (vec![refused], None));
        assert_eq!(needing_person(&w.app, &NOOR, w.ws).await.unwrap(), 1);
        let all = list(&w.app, &NOOR, w.ws, Which::All, &PageRequest::default()).await.unwrap();
        assert_eq!(all.items.len(), 2);
        drop_doubt(&w.app, &NOOR, w.ws, refused).await.unwrap();
        assert_eq!(needing_person(&w.app, &NOOR, w.ws).await.unwrap(), 0);
    }
}
