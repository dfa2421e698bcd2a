//! A clock that cannot be trusted sends nothing, and says so.

use std::time::Duration;

use bellwether_base::Say;
use bellwether_db::Engine as DbEngine;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::world::{NOOR, World, worlds};
use crate::publishing::{DeliveryState, Engine, Health, When, clock_trouble, store, trust_clock};

const HOUR: Duration = Duration::from_hours(1);

/// A process that runs until it is told to end.
pub struct Running {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    fn start(w: &World, worker: &str) -> Self {
        Self::of(Engine::new(w.app.app.clone(), worker.to_owned()))
    }

    pub fn of(engine: Engine) -> Self {
        let stop = CancellationToken::new();
        let until = stop.clone();
        Self { stop, task: tokio::spawn(async move { engine.run(until).await }) }
    }

    pub async fn end(self, w: &World) {
        self.stop.cancel();
        w.app.advance(Duration::from_mins(1));
        self.task.await.unwrap();
    }
}

/// Lets the process turn a few times, a quarter of a minute each.
async fn let_it_turn(w: &World) {
    for _ in 0..6 {
        w.app.advance(Duration::from_secs(15));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

pub async fn until(w: &World, what: &str, is_so: impl AsyncFn() -> bool) {
    for _ in 0..400 {
        if is_so().await {
            return;
        }
        w.app.advance(Duration::from_secs(1));
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{what}: not after minutes");
}

async fn stopped(w: &World) -> Option<String> {
    Health::read(&w.app).await.unwrap().stopped.map(|say| say.key)
}

/// What was said to everybody about clocks.
async fn told(w: &World) -> Vec<String> {
    let mut tx = w.app.db.read().await.unwrap();
    let kinds: Vec<(String,)> = tx
        .sql("select kind from events where kind like '%clock%' order by seq")
        .all()
        .await
        .unwrap();
    kinds.into_iter().map(|(kind,)| kind).collect()
}

/// On PostgreSQL the database's clock has a say of its own: see below.
async fn small_worlds() -> Vec<World> {
    let mut worlds = worlds().await;
    worlds.retain(|w| w.app.db.engine() == DbEngine::Sqlite);
    worlds
}

#[tokio::test]
async fn a_clock_that_is_set_forward_sends_nothing_until_somebody_says_it_is_right() {
    for w in small_worlds().await {
        let local = w.app.app.now() + HOUR;
        let planned = bellwether_base::PlannedTime::of(local, "UTC").unwrap();
        let at = When::At { local: planned.local.to_string(), zone: Some("UTC".into()) };
        let id = w.plan(&["À dix heures"], &at).await;
        let running = Running::start(&w, "one");
        until(&w, "the first sign of life", async || {
            Health::read(&w.app).await.unwrap().heartbeat_at.is_some()
        })
        .await;

        w.app.clock.set_wall(w.app.app.now() + HOUR + HOUR / 2);
        until(&w, "it notices", async || stopped(&w).await.is_some()).await;
        assert_eq!(stopped(&w).await.as_deref(), Some("clock-jumped"));
        assert_eq!(told(&w).await, ["clock.stopped"]);
        let_it_turn(&w).await;
        assert_eq!(w.state(id).await, DeliveryState::Scheduled);
        assert!(w.script.requests.lock().unwrap().is_empty(), "nobody has confirmed the time");

        trust_clock(&w.app, &NOOR).await.unwrap();
        until(&w, "it goes out", async || w.state(id).await == DeliveryState::Live).await;
        assert_eq!(w.texts(), ["À dix heures"]);
        assert_eq!(stopped(&w).await, None);
        running.end(&w).await;
    }
}

#[tokio::test]
async fn a_start_before_the_last_sign_of_life_sends_nothing() {
    for w in small_worlds().await {
        let running = Running::start(&w, "one");
        until(&w, "the first sign of life", async || {
            Health::read(&w.app).await.unwrap().heartbeat_at.is_some()
        })
        .await;
        running.end(&w).await;

        let now = w.app.app.now();
        w.app.clock.set_wall(now - HOUR);
        let id = w.now("Trop tôt").await;
        let running = Running::start(&w, "two");
        until(&w, "it notices", async || stopped(&w).await.is_some()).await;
        assert_eq!(stopped(&w).await.as_deref(), Some("clock-behind-heartbeat"));
        let_it_turn(&w).await;
        assert_eq!(w.state(id).await, DeliveryState::Scheduled);

        // Somebody puts the clock right, which is a jump as well.
        w.app.clock.set_wall(now + Duration::from_mins(2));
        until(&w, "it notices", async || stopped(&w).await.as_deref() == Some("clock-jumped"))
            .await;
        trust_clock(&w.app, &NOOR).await.unwrap();
        until(&w, "it goes out", async || w.state(id).await == DeliveryState::Live).await;
        running.end(&w).await;
    }
}

#[tokio::test]
async fn a_worker_whose_clock_is_not_the_databases_claims_nothing() {
    for w in worlds().await {
        let id = w.now("À quelle heure ?").await;
        let running = Running::start(&w, "one");
        if w.app.db.engine() == DbEngine::Sqlite {
            // The only clock there is.
            until(&w, "it goes out", async || w.state(id).await == DeliveryState::Live).await;
        } else {
            // The test's clock stands in another year than the database's.
            let_it_turn(&w).await;
            assert_eq!(w.state(id).await, DeliveryState::Scheduled);
            assert!(w.script.requests.lock().unwrap().is_empty());
        }
        running.end(&w).await;
    }
}

/// What is stopped is said and lifted alike on both engines, whoever stopped it.
#[tokio::test]
async fn a_stop_is_said_until_somebody_trusts_the_clock() {
    for w in worlds().await {
        let servers = store::some_servers(&mut w.app.db.read().await.unwrap()).await.unwrap();
        assert_eq!(servers, [("https://scripted.example/".to_owned(),)]);
        assert_eq!(clock_trouble(&w.app).await.unwrap(), None);
        let why = Say::new("clock-jumped").with("seconds", 90);
        let mut tx = w.app.db.begin().await.unwrap();
        let stop = Some(serde_json::to_string(&why).unwrap());
        store::set_dispatch_stop(&mut tx, stop).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(clock_trouble(&w.app).await.unwrap(), Some(why));
        trust_clock(&w.app, &NOOR).await.unwrap();
        assert_eq!(clock_trouble(&w.app).await.unwrap(), None);
    }
}
