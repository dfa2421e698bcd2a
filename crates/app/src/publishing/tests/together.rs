//! Deliveries that are due together.

use std::time::Duration;

use bellwether_base::PersonId;

use super::clocks::{Running, until};
use super::world::{BY_HANDLE, NOOR, connect, worlds_with};
use crate::networks::{Content, Part};
use crate::posts::{self, Written};
use crate::publishing::{self, DeliveryState, Engine, When, delivery};
use crate::workspaces::{self, Founding};

#[tokio::test]
async fn one_that_cannot_be_read_keeps_nobody_waiting() {
    // The clock of a test stands in another year than the database's.
    let far = Duration::from_hours(24 * 366 * 100);
    for w in worlds_with(&BY_HANDLE, |parts| parts.settings.clock_offset = far).await {
        let by = PersonId::new(&w.app.clock, &*w.app.rng);
        let founding = Founding::new("Atelier", "Atelier", "Europe/Paris").unwrap();
        let mut tx = w.app.db.begin().await.unwrap();
        let neighbour = workspaces::found(&w.app, &mut tx, by, founding).await.unwrap().id;
        tx.commit().await.unwrap();
        let channel = connect(&w.app, neighbour).await;

        let broken = w.now("Illisible").await;
        let mut tx = w.app.db.begin().await.unwrap();
        let change = tx.sql("update posts set content = '{' where workspace_id = $1");
        assert_eq!(change.bind(w.ws).execute().await, Ok(1));
        tx.commit().await.unwrap();
        let part = Part { text: "Lisible".into(), ..Part::default() };
        let content = Content { parts: vec![part], ..Content::default() };
        let written = Written { content, ..Written::default() };
        let post = posts::write(&w.app, &NOOR, neighbour, written).await.unwrap();
        let planned =
            publishing::schedule(&w.app, &NOOR, neighbour, post.id, &[channel], &When::Now).await;
        let id = planned.unwrap().deliveries[0].id;

        let running = Running::of(Engine::new(w.app.app.clone(), "runs".into()));
        until(&w, "the one beside it is out", async || {
            let log = delivery(&w.app, &NOOR, neighbour, id).await.unwrap();
            log.delivery.state == DeliveryState::Live
        })
        .await;
        until(&w, "a person is told", async || {
            let delivery = w.delivery(broken).await;
            delivery.say.is_some_and(|say| say.key == "delivery-trouble-here")
        })
        .await;
        running.end(&w).await;
        assert_eq!(w.texts(), ["Lisible"]);
    }
}
