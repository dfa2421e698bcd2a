//! The wall clock is set while something is under way.

use std::time::Duration;

use bellwether_base::PlannedTime;

use super::world::{Scene, World, worlds};
use crate::publishing::rules::LONGEST_WAIT;
use crate::publishing::{DeliveryState, When, store};

const HOURS: Duration = Duration::from_hours(5);

/// Claims what is due without doing it, sets the clock, and does it.
async fn set_between_claim_and_work(w: &World, forth: bool) {
    let now = w.app.now();
    let to = if forth { now + HOURS } else { now - HOURS };
    assert!(w.engine.run_next(async { w.app.clock.set_wall(to) }).await.unwrap());
}

#[tokio::test]
async fn a_clock_that_is_set_under_way_sends_nothing_and_asks_nobody() {
    for forth in [true, false] {
        for w in worlds().await {
            let right = w.app.now();
            let id = w.plan(&["un"], &When::Now).await;
            set_between_claim_and_work(&w, forth).await;
            assert!(w.texts().is_empty());
            let delivery = w.delivery(id).await;
            assert_eq!(delivery.state, DeliveryState::Scheduled);
            assert_eq!(delivery.told_at, None);
            // It is right again: what was let go is due at once.
            w.app.clock.set_wall(right);
            w.turn().await;
            assert_eq!(w.state(id).await, DeliveryState::Live);
            assert_eq!(w.texts(), ["un"]);
        }
    }
}

#[tokio::test]
async fn a_clock_that_was_set_forth_sends_nothing_before_its_time() {
    for w in worlds().await {
        let right = w.app.now();
        let at = PlannedTime::of(right + Duration::from_hours(2), "Europe/Paris").unwrap();
        let id = w.plan(&["un"], &When::At { local: at.local.to_string(), zone: None }).await;
        w.app.clock.set_wall(right + HOURS);
        assert!(w.engine.run_next(async {}).await.unwrap());
        w.app.clock.set_wall(right);
        w.turn().await;
        assert!(w.texts().is_empty());
        assert_eq!(w.state(id).await, DeliveryState::Scheduled);
        w.after(Duration::from_hours(2)).await;
        assert_eq!(w.texts(), ["un"]);
    }
}

#[tokio::test]
async fn what_was_put_off_while_the_clock_was_ahead_is_called_when_it_is_right() {
    for w in worlds().await {
        let right = w.app.now();
        w.script.next(Scene::Waits);
        let id = w.plan(&["1/2", "2/2"], &When::Now).await;
        let answered_ahead = async {
            w.script.arrived.notified().await;
            w.app.clock.set_wall(right + HOURS);
            w.script.go.notify_one();
        };
        tokio::join!(answered_ahead, async { w.engine.run_next(async {}).await.unwrap() });
        w.app.clock.set_wall(right);
        w.turn().await;
        assert_eq!(w.texts(), ["1/2"]);
        let mut tx = w.app.db.begin().await.unwrap();
        store::call_put_off(&mut tx, right, right + LONGEST_WAIT).await.unwrap();
        tx.commit().await.unwrap();
        w.turn().await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
    }
}
