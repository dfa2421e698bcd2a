//! Going out once, whatever happens on the way.

use std::time::Duration;

use super::world::{BY_LIST, NOOR, Scene, receipt, worlds, worlds_of};
use crate::networks::{FailureKind, Found};
use crate::posts::{self, Written};
use crate::publishing::{ActState, DeliveryState, When};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

#[tokio::test]
async fn a_post_goes_out_once_and_its_log_says_so() {
    for w in worlds().await {
        let id = w.now("Bonjour").await;
        assert_eq!(w.state(id).await, DeliveryState::Scheduled);
        w.turn().await;
        let log = w.log(id).await;
        assert_eq!(log.delivery.state, DeliveryState::Live);
        assert_eq!(log.acts[0].attempts.len(), 1);
        assert_eq!(log.acts[0].attempts[0].results[0].outcome, "done");
        assert!(log.acts[0].posts[0].url.is_some());
        w.after(HOUR).await;
        assert_eq!(w.texts(), ["Bonjour"]);
        assert_eq!(w.script.requests.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_planned_post_waits_for_its_time() {
    for w in worlds().await {
        let at = When::At { local: "2026-03-02T18:00".into(), zone: None };
        let id = w.plan(&["Ce soir"], &at).await;
        w.after(Duration::from_mins(7 * 60 + 59)).await;
        assert_eq!(w.state(id).await, DeliveryState::Scheduled);
        w.after(MINUTE).await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
    }
}

#[tokio::test]
async fn a_lost_answer_is_looked_for_and_not_sent_again() {
    for w in worlds().await {
        w.script.next(Scene::TakesAndIsCut);
        let id = w.now("Une fois").await;
        w.turn().await;
        assert_eq!(w.state(id).await, DeliveryState::Checking);
        w.after(SECOND).await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
        assert_eq!(w.texts(), ["Une fois"]);
        assert_eq!(w.script.requests.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_lost_request_is_proven_absent_and_sent_again() {
    for w in worlds().await {
        w.script.next(Scene::IsLost);
        let id = w.now("Encore").await;
        w.turn().await;
        w.after(SECOND).await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
        assert_eq!(w.texts(), ["Encore"]);
        let handles = w.log(id).await.acts[0].attempts.len();
        assert_eq!(handles, 2);
    }
}

#[tokio::test]
async fn absence_first_seen_late_goes_to_a_person() {
    for w in worlds().await {
        w.script.next(Scene::IsLost);
        let id = w.now("Tard").await;
        w.turn().await;
        w.after(Duration::from_mins(16)).await;
        let delivery = w.delivery(id).await;
        assert_eq!(delivery.state, DeliveryState::Unknown);
        assert!(delivery.told_at.is_some());
        assert!(w.texts().is_empty());
    }
}

#[tokio::test]
async fn a_killed_worker_leaves_a_doubt_that_is_lifted() {
    for scene in [Scene::TakesAndWeDie, Scene::WeDie] {
        for w in worlds().await {
            w.script.next(scene.clone());
            let id = w.now("Survivre").await;
            w.turn().await;
            assert_eq!(w.state(id).await, DeliveryState::Sending);
            // Until the lease is over nobody touches it.
            w.after(5 * SECOND).await;
            assert_eq!(w.state(id).await, DeliveryState::Sending);
            w.after(MINUTE).await;
            w.after(SECOND).await;
            assert_eq!(w.state(id).await, DeliveryState::Live, "{scene:?}");
            assert_eq!(w.texts(), ["Survivre"]);
        }
    }
}

#[tokio::test]
async fn what_cannot_be_told_goes_to_a_person_and_is_never_sent_by_itself() {
    for w in worlds().await {
        w.script.next(Scene::TakesAndIsCut);
        w.script.looks.lock().unwrap().push_back(Ok(Found::CannotTell));
        let id = w.now("Doute").await;
        w.turn().await;
        w.after(SECOND).await;
        assert_eq!(w.state(id).await, DeliveryState::Unknown);
        w.after(24 * HOUR).await;
        assert_eq!(w.state(id).await, DeliveryState::Unknown);
        assert_eq!(w.script.requests.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn not_seen_is_no_proof() {
    for w in worlds().await {
        w.script.next(Scene::IsLost);
        w.script.looks.lock().unwrap().extend([Ok(Found::NotSeen), Ok(Found::NotSeen)]);
        let id = w.now("Pas vu").await;
        w.turn().await;
        w.after(SECOND).await;
        assert_eq!(w.state(id).await, DeliveryState::Checking);
        w.after(20 * SECOND).await;
        assert_eq!(w.state(id).await, DeliveryState::Unknown);
        assert!(w.texts().is_empty());
    }
}

#[tokio::test]
async fn a_refusal_is_told_and_can_be_mended_and_sent_again() {
    for w in worlds().await {
        w.script.next(Scene::Fails(FailureKind::Rejected));
        let id = w.now("Non").await;
        w.turn().await;
        let delivery = w.delivery(id).await;
        assert_eq!(delivery.state, DeliveryState::Refused);
        assert!(delivery.told_at.is_some() && delivery.say.is_some());
        let mut content = posts::get(&w.app, &NOOR, w.ws, delivery.post_id).await.unwrap().content;
        content.parts[0].text = "Oui".into();
        let written = Written { content, ..Written::default() };
        crate::publishing::edit(&w.app, &NOOR, w.ws, delivery.post_id, 1, written).await.unwrap();
        crate::publishing::retry(&w.app, &NOOR, w.ws, id).await.unwrap();
        w.turn().await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
        assert_eq!(w.texts(), ["Oui"]);
    }
}

#[tokio::test]
async fn passing_trouble_is_tried_again_until_the_grace_is_over() {
    for w in worlds().await {
        for _ in 0..20 {
            w.script.next(Scene::Fails(FailureKind::Transient));
        }
        let id = w.now("Patience").await;
        w.turn().await;
        assert_eq!(w.state(id).await, DeliveryState::Scheduled);
        w.after(10 * SECOND).await;
        w.after(MINUTE).await;
        assert_eq!(w.log(id).await.acts[0].attempts.len(), 3);
        for _ in 0..6 {
            w.after(HOUR).await;
        }
        let delivery = w.delivery(id).await;
        assert_eq!(delivery.state, DeliveryState::Missed);
        assert!(delivery.told_at.is_some());
        assert!(w.texts().is_empty());
    }
}

#[tokio::test]
async fn after_an_outage_nothing_floods_the_followers() {
    for w in worlds().await {
        let id = w.now("Il y a trois heures").await;
        w.after(3 * HOUR).await;
        assert_eq!(w.state(id).await, DeliveryState::Missed);
        crate::publishing::retry(&w.app, &NOOR, w.ws, id).await.unwrap();
        w.turn().await;
        assert_eq!(w.texts(), ["Il y a trois heures"]);
    }
}

#[tokio::test]
async fn a_rate_limit_is_waited_out() {
    for w in worlds().await {
        let until = w.app.now() + Duration::from_mins(20);
        w.script.next(Scene::Fails(FailureKind::RateLimited { until }));
        let id = w.now("Doucement").await;
        w.turn().await;
        w.after(Duration::from_mins(19)).await;
        assert!(w.texts().is_empty());
        w.after(MINUTE).await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
    }
}

#[tokio::test]
async fn a_channel_keeps_its_order() {
    for w in worlds().await {
        w.script.next(Scene::Fails(FailureKind::Transient));
        w.now("un").await;
        w.now("deux").await;
        w.now("trois").await;
        w.turn().await;
        // The first will be tried within ten minutes: the others wait for it.
        assert!(w.texts().is_empty());
        w.after(10 * SECOND).await;
        assert_eq!(w.texts(), ["un", "deux", "trois"]);
    }
}

#[tokio::test]
async fn what_will_not_be_tried_soon_blocks_nobody() {
    for w in worlds().await {
        let until = w.app.now() + Duration::from_mins(30);
        w.script.next(Scene::Fails(FailureKind::RateLimited { until }));
        w.now("un").await;
        w.now("deux").await;
        w.turn().await;
        assert_eq!(w.texts(), ["deux"]);
    }
}

#[tokio::test]
async fn a_doubt_that_may_have_to_go_again_keeps_its_place() {
    for w in worlds().await {
        w.script.next(Scene::IsLost);
        w.now("un").await;
        w.now("deux").await;
        w.turn().await;
        assert!(w.texts().is_empty());
        w.after(SECOND).await;
        assert_eq!(w.texts(), ["un", "deux"]);
    }
}

#[tokio::test]
async fn a_doubt_that_a_person_must_settle_blocks_nobody() {
    for w in worlds().await {
        w.script.next(Scene::IsLost);
        w.script.looks.lock().unwrap().push_back(Ok(Found::CannotTell));
        w.now("un").await;
        w.now("deux").await;
        w.turn().await;
        w.after(SECOND).await;
        assert_eq!(w.texts(), ["deux"]);
    }
}

#[tokio::test]
async fn what_another_delivery_became_ends_no_doubt() {
    for w in worlds_of(&BY_LIST).await {
        w.now("the same").await;
        w.turn().await;
        let first = w.script.ledger.lock().unwrap()[0].0.clone();
        // The list shows the first one late, so that it is taken for the second.
        w.script.next(Scene::IsLost);
        w.script.looks.lock().unwrap().push_back(Ok(Found::Found(receipt(&first))));
        let second = w.now("the same").await;
        w.turn().await;
        w.after(Duration::from_mins(1)).await;
        assert_eq!(w.script.traces.lock().unwrap()[0].known, [first]);
        assert_eq!(w.state(second).await, DeliveryState::Unknown);
    }
}

#[tokio::test]
async fn a_list_is_read_back_to_before_the_first_attempt() {
    for w in worlds_of(&BY_LIST).await {
        w.now("before").await;
        w.turn().await;
        let before = w.script.ledger.lock().unwrap()[0].0.clone();
        // It is out, but the list does not show it yet, so a person sends it again.
        w.script.next(Scene::TakesAndIsCut);
        w.script.looks.lock().unwrap().push_back(Ok(Found::NotSeen));
        let late = w.now("late").await;
        w.turn().await;
        w.after(Duration::from_mins(1)).await;
        assert_eq!(w.state(late).await, DeliveryState::Unknown);
        w.script.next(Scene::IsLost);
        crate::publishing::retry(&w.app, &NOOR, w.ws, late).await.unwrap();
        w.turn().await;
        w.after(Duration::from_mins(1)).await;
        let traces = w.script.traces.lock().unwrap();
        let back_to: Vec<_> = traces.iter().map(|trace| trace.newest_before.clone()).collect();
        assert_eq!(back_to, [Some(before.clone()), Some(before)]);
    }
}

#[tokio::test]
async fn a_thread_goes_part_by_part_and_stops_at_a_refusal() {
    for w in worlds().await {
        w.script.next(Scene::Takes);
        w.script.next(Scene::Fails(FailureKind::Rejected));
        let id = w.plan(&["1/3", "2/3", "3/3"], &When::Now).await;
        w.turn().await;
        let log = w.log(id).await;
        assert_eq!(log.delivery.state, DeliveryState::PartlyLive);
        assert!(log.delivery.told_at.is_some());
        assert_eq!(w.texts(), ["1/3"]);
        let states: Vec<_> = log.acts.iter().map(|act| act.state).collect();
        assert_eq!(states, [ActState::Done, ActState::Refused, ActState::Waiting]);
        // "Go on": the rest goes out in order.
        crate::publishing::retry(&w.app, &NOOR, w.ws, id).await.unwrap();
        w.turn().await;
        assert_eq!(w.texts(), ["1/3", "2/3", "3/3"]);
        assert_eq!(w.state(id).await, DeliveryState::Live);
    }
}

#[tokio::test]
async fn a_later_post_waits_for_a_whole_thread() {
    for w in worlds().await {
        w.plan(&["1/2", "2/2"], &When::Now).await;
        w.now("après").await;
        w.turn().await;
        assert_eq!(w.texts(), ["1/2", "2/2", "après"]);
    }
}

#[tokio::test]
async fn a_busy_network_is_looked_at_until_it_is_out() {
    for w in worlds().await {
        w.script.next(Scene::IsBusy);
        let id = w.now("Vidéo").await;
        w.turn().await;
        assert_eq!(w.state(id).await, DeliveryState::Processing);
        w.after(5 * SECOND).await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
    }
}

#[tokio::test]
async fn an_edit_before_sending_goes_out_and_one_after_it_does_not() {
    for w in worlds().await {
        let post = w.write(&["avant"]).await;
        let mut content = post.content.clone();
        content.parts[0].text = "mieux".into();
        let written = Written { content: content.clone(), ..Written::default() };
        w.script.next(Scene::IsLost);
        crate::publishing::schedule(&w.app, &NOOR, w.ws, post.id, &[w.channel], &When::Now)
            .await
            .unwrap();
        let post = crate::publishing::edit(&w.app, &NOOR, w.ws, post.id, post.revision, written)
            .await
            .unwrap();
        w.turn().await;
        // One try was begun with "mieux", and may have arrived: what is edited now does not change it.
        content.parts[0].text = "trop tard".into();
        let written = Written { content, ..Written::default() };
        crate::publishing::edit(&w.app, &NOOR, w.ws, post.id, post.revision, written)
            .await
            .unwrap();
        for _ in 0..20 {
            w.after(60 * SECOND).await;
        }
        assert!(!w.texts().contains(&"trop tard".to_owned()), "{:?}", w.texts());
    }
}

#[tokio::test]
async fn a_permit_that_has_run_out_sends_nothing() {
    for w in worlds().await {
        w.script.next(Scene::IsTooLate);
        let id = w.now("Lent").await;
        w.turn().await;
        assert!(w.script.requests.lock().unwrap().iter().all(|text| text == "Lent"));
        w.after(10 * SECOND).await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
        assert_eq!(w.texts(), ["Lent"]);
    }
}

#[tokio::test]
async fn two_workers_send_it_once() {
    for w in worlds().await {
        let ids = [w.now("a").await, w.now("b").await, w.now("c").await];
        let other = crate::publishing::Engine::new(w.app.second_node().await, "other".into());
        let (one, two) = tokio::join!(w.engine.run_due(), other.run_due());
        one.unwrap();
        two.unwrap();
        w.turn().await;
        for id in ids {
            assert_eq!(w.state(id).await, DeliveryState::Live);
        }
        assert_eq!(w.texts(), ["a", "b", "c"]);
        assert_eq!(w.script.requests.lock().unwrap().len(), 3);
    }
}
