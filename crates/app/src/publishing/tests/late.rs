//! Workers that fall asleep somewhere, and what others did by the time they wake.

use std::time::Duration;

use bellwether_base::Say;
use tokio::task::JoinHandle;

use super::clocks::Running;
use super::world::{NOOR, Scene, World, worlds};
use crate::Result;
use crate::channels::ChannelState;
use crate::networks::{Failure, Found};
use crate::posts::{self, Written};
use crate::publishing::{self, DeliveryState, Engine, When};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);

/// Works until the script keeps it waiting.
async fn falls_asleep(w: &World) -> JoinHandle<Result<()>> {
    let engine = w.engine.clone();
    let asleep = tokio::spawn(async move { engine.run_due().await });
    w.script.arrived.notified().await;
    asleep
}

async fn another_works(w: &World) {
    let other = Engine::new(w.app.second_node().await, "other".into());
    other.run_due().await.unwrap();
}

async fn wakes(w: &World, asleep: JoinHandle<Result<()>>) {
    w.script.go.notify_one();
    asleep.await.unwrap().unwrap();
}

#[tokio::test]
async fn who_wakes_in_front_of_the_first_byte_sends_nothing() {
    for w in worlds().await {
        w.script.next(Scene::Sleeps);
        let id = w.now("Lent").await;
        let asleep = falls_asleep(&w).await;
        w.app.advance(6 * SECOND);
        wakes(&w, asleep).await;
        assert!(w.script.requests.lock().unwrap().is_empty());
        w.after(10 * SECOND).await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
        assert_eq!(w.texts(), ["Lent"]);
    }
}

#[tokio::test]
async fn who_wakes_after_another_has_sent_it_changes_nothing() {
    for w in worlds().await {
        let failure = Failure::transient(Say::new("scripted"));
        w.script.slow_renderings.lock().unwrap().push_back(Err(failure));
        let id = w.now("Réveil").await;
        let asleep = falls_asleep(&w).await;
        // It sleeps past its lease, and another worker sends the post.
        w.app.advance(2 * MINUTE);
        another_works(&w).await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
        wakes(&w, asleep).await;
        w.after(MINUTE).await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
        assert_eq!(w.texts(), ["Réveil"]);
    }
}

#[tokio::test]
async fn a_late_answer_settles_the_doubt_that_it_left() {
    for w in worlds().await {
        w.script.next(Scene::Waits);
        let id = w.now("Réveil").await;
        let asleep = falls_asleep(&w).await;
        // It sleeps past its lease; another worker takes over and looks.
        w.app.advance(2 * MINUTE);
        w.script.looks.lock().unwrap().push_back(Ok(Found::CannotTell));
        another_works(&w).await;
        assert_eq!(w.state(id).await, DeliveryState::Unknown);
        wakes(&w, asleep).await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
        assert_eq!(w.texts(), ["Réveil"]);
    }
}

#[tokio::test]
async fn a_late_refusal_changes_nothing() {
    for w in worlds().await {
        w.script.next(Scene::WaitsAndIsRefused);
        let id = w.now("Réveil").await;
        let asleep = falls_asleep(&w).await;
        // It sleeps past its lease; another worker looks, and asks a person.
        w.app.advance(2 * MINUTE);
        w.script.looks.lock().unwrap().push_back(Ok(Found::CannotTell));
        another_works(&w).await;
        assert_eq!(w.state(id).await, DeliveryState::Unknown);
        wakes(&w, asleep).await;
        assert_eq!(w.state(id).await, DeliveryState::Unknown);
        let channel = crate::channels::get(&w.app, &NOOR, w.ws, w.channel).await.unwrap();
        assert_eq!(channel.state, ChannelState::Connected);
    }
}

#[tokio::test]
async fn what_is_seen_too_late_is_not_said() {
    for w in worlds().await {
        w.script.next(Scene::TakesAndWeDie);
        let id = w.now("Réveil").await;
        w.turn().await;
        w.script.arrived.notified().await;
        *w.script.slow_looks.lock().unwrap() = 1;
        w.app.advance(2 * MINUTE);
        let asleep = falls_asleep(&w).await;
        // It sleeps past its lease, and another worker looks meanwhile.
        w.app.advance(2 * MINUTE);
        another_works(&w).await;
        assert_eq!(w.state(id).await, DeliveryState::Live);
        let seen = w.log(id).await.acts[0].attempts[0].results.len();
        wakes(&w, asleep).await;
        assert_eq!(w.log(id).await.acts[0].attempts[0].results.len(), seen);
        assert_eq!(w.state(id).await, DeliveryState::Live);
    }
}

#[tokio::test]
async fn an_edit_while_it_is_rendered_goes_out() {
    for w in worlds().await {
        w.script.slow_renderings.lock().unwrap().push_back(Ok(()));
        let post = w.write(&["avant"]).await;
        let mut content = post.content.clone();
        content.parts[0].text = "mieux".into();
        let written = Written { content, ..Written::default() };
        publishing::schedule(&w.app, &NOOR, w.ws, post.id, &[w.channel], &When::Now).await.unwrap();
        let post = posts::get(&w.app, &NOOR, w.ws, post.id).await.unwrap();
        let rendering = falls_asleep(&w).await;
        crate::publishing::edit(&w.app, &NOOR, w.ws, post.id, post.revision, written)
            .await
            .unwrap();
        wakes(&w, rendering).await;
        assert_eq!(w.texts(), ["mieux"]);
    }
}

/// On SQLite, where a process owns the database: nobody else can have a lease.
#[tokio::test]
async fn what_a_killed_process_had_begun_is_taken_up_at_once() {
    for w in worlds().await {
        if w.app.db.engine() != bellwether_db::Engine::Sqlite {
            continue;
        }
        w.script.next(Scene::TakesAndWeDie);
        let id = w.now("Réveil").await;
        w.turn().await;
        assert_eq!(w.state(id).await, DeliveryState::Sending);
        let next = Running::of(Engine::new(w.app.app.clone(), "next".into()));
        // The clock stands still: the lease of the dead has not run out.
        let mut looks = 0;
        while w.state(id).await == DeliveryState::Sending {
            looks += 1;
            assert!(looks < 400, "the dead one's lease is waited for");
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        next.end(&w).await;
    }
}
