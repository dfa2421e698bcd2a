//! What a network lets a channel call, and who is told before it is too much.

use std::time::Duration;

use super::world::{NOOR, WHOLE, World, worlds_of};
use crate::networks::{Problem, Weight};
use crate::publishing::{self, DeliveryState, Scheduled, When};

fn at(local: &str) -> When {
    When::At { local: format!("2026-03-02T{local}"), zone: None }
}

async fn plan(w: &World, parts: &[&str], when: &When) -> Scheduled {
    let post = w.write(parts).await;
    publishing::schedule(&w.app, &NOOR, w.ws, post.id, &[w.channel], when).await.unwrap()
}

fn allowed(warning: &Problem) -> &str {
    assert_eq!(
        (warning.weight, warning.say.key.as_str()),
        (Weight::Warning, "schedule-over-quota")
    );
    &warning.say.args["allowed"]
}

#[tokio::test]
async fn a_thread_takes_as_much_of_the_quota_as_its_parts() {
    for w in worlds_of(&WHOLE).await {
        let thread = w.plan(&["1/3", "2/3", "3/3"], &When::Now).await;
        let single = w.now("Seule").await;
        w.turn().await;
        assert_eq!(w.state(thread).await, DeliveryState::Live);
        assert_eq!(w.state(single).await, DeliveryState::Scheduled, "one point is left of ten");
        w.after(Duration::from_mins(59)).await;
        assert_eq!(w.state(single).await, DeliveryState::Scheduled);
        w.after(Duration::from_mins(1)).await;
        assert_eq!(w.state(single).await, DeliveryState::Live);
        assert_eq!(w.texts(), ["1/3", "Seule"]);
    }
}

#[tokio::test]
async fn planning_more_than_a_network_takes_warns_and_plans_it_all_the_same() {
    for w in worlds_of(&WHOLE).await {
        assert!(plan(&w, &["1/3", "2/3", "3/3"], &at("18:00")).await.warnings.is_empty());
        let over = plan(&w, &["Une de trop"], &at("18:30")).await;
        let [(channel, warning)] = over.warnings.as_slice() else { panic!("{over:?}") };
        assert_eq!((*channel, allowed(warning)), (w.channel, "3"));
        assert_eq!(over.deliveries.len(), 1);
        // Just before and just after, each within its own hour.
        assert!(plan(&w, &["Avant"], &at("17:00")).await.warnings.is_empty());
        let fits = plan(&w, &["Après"], &at("19:15")).await;
        assert!(fits.warnings.is_empty());
        // Between two pairs that are more than an hour apart.
        for (parts, local) in
            [(&["a", "b"][..], "12:00"), (&["a", "b"], "13:30"), (&["c"], "12:50")]
        {
            assert!(plan(&w, parts, &at(local)).await.warnings.is_empty(), "{local}");
        }
        // In an hour that has all three of them in it.
        let between = plan(&w, &["a", "b"], &at("19:29")).await;
        assert_eq!(allowed(&between.warnings[0].1), "3");
    }
}

#[tokio::test]
async fn what_is_moved_counts_where_it_goes_and_not_where_it_was() {
    for w in worlds_of(&WHOLE).await {
        plan(&w, &["1/3", "2/3", "3/3"], &at("18:00")).await;
        let id = plan(&w, &["Plus tard"], &at("20:00")).await.deliveries[0].id;
        let moved = publishing::reschedule(&w.app, &NOOR, w.ws, id, &at("18:59")).await.unwrap();
        assert_eq!(moved.warning.as_ref().map(allowed), Some("3"));
        let moved = publishing::reschedule(&w.app, &NOOR, w.ws, id, &at("19:00")).await.unwrap();
        assert!(moved.warning.is_none(), "{:?}", moved.warning);
        let planned_at = moved.delivery.planned_at;
        let pair = plan(&w, &["a", "b"], &at("22:00")).await.deliveries[0].id;
        let moved = publishing::reschedule(&w.app, &NOOR, w.ws, pair, &at("22:01")).await.unwrap();
        assert!(moved.warning.is_none(), "{:?}", moved.warning);
        // What was called off takes nothing.
        let beside = planned_at + Duration::from_mins(30);
        let ask = async || {
            let on = [(w.channel, 3)];
            publishing::over_quota(&w.app, &NOOR, w.ws, beside, &on).await.unwrap().len()
        };
        assert_eq!(ask().await, 1);
        publishing::cancel(&w.app, &NOOR, w.ws, id).await.unwrap();
        assert_eq!(ask().await, 0);
    }
}

#[tokio::test]
async fn the_composer_is_told_before_anything_is_planned() {
    for w in worlds_of(&WHOLE).await {
        let now = w.app.now();
        let ask = async |parts| {
            let on = [(w.channel, parts)];
            publishing::over_quota(&w.app, &NOOR, w.ws, now, &on).await.unwrap().len()
        };
        assert_eq!((ask(3).await, ask(4).await), (0, 1));
        plan(&w, &["a"], &When::Now).await;
        assert_eq!((ask(2).await, ask(3).await), (0, 1));
    }
}
