//! A hint makes things faster. Nothing waits for one.

use std::time::Duration;

use super::clocks::Running;
use super::world::{BY_HANDLE, NOOR, worlds_with};
use crate::networks::{Content, Part};
use crate::posts::{self, Written};
use crate::publishing::{self, DeliveryState, Engine, When};

/// What hints say that everybody looks by themselves.
const LOOK: Duration = Duration::from_secs(15);
const MOMENT: Duration = Duration::from_millis(300);

#[tokio::test]
async fn when_every_hint_is_lost_the_engine_looks_by_itself() {
    // The clock of a test stands in another year than the database's.
    let far = Duration::from_hours(24 * 366 * 100);
    for w in worlds_with(&BY_HANDLE, |parts| parts.settings.clock_offset = far).await {
        let what = w.app.db.engine();
        w.app.lose_hints().await;
        let (plans, sends) = (w.app.second_node().await, w.app.second_node().await);
        let mut changed = sends.db.changed();
        let running = Running::of(Engine::new(sends, "sends".into()));
        // Beginning to listen is a hint of its own.
        while tokio::time::timeout(MOMENT, changed.changed()).await.is_ok() {}

        // By a node that was opened after the hints were lost.
        let part = Part { text: "Sans un mot".into(), ..Part::default() };
        let content = Content { parts: vec![part], ..Content::default() };
        let written = Written { content, ..Written::default() };
        let post = posts::write(&plans, &NOOR, w.ws, written).await.unwrap();
        let on = [w.channel];
        let planned = publishing::schedule(&plans, &NOOR, w.ws, post.id, &on, &When::Now).await;
        let id = planned.unwrap().deliveries[0].id;
        let hint = tokio::time::timeout(MOMENT, changed.changed()).await;
        assert!(hint.is_err(), "{what}: a hint came through");
        assert!(w.texts().is_empty(), "{what}");

        w.app.advance(LOOK);
        // The clock stands still from here on: it is this one look that finds it.
        for _ in 0..400 {
            if w.state(id).await == DeliveryState::Live {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(w.state(id).await, DeliveryState::Live, "{what}");
        assert_eq!(w.texts(), ["Sans un mot"]);
        running.end(&w).await;
    }
}
