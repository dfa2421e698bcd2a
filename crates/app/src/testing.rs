//! A product without doors for tests: time stands still until it is moved,
//! chance repeats itself, and nothing leaves the machine.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bellwether_base::{Clock, Instant, Keyring, Mono, Rng, SealKey};
use bellwether_db::testing::{TestDb, databases_with};
use bellwether_db::{Db, Engine, MigrationSet};
use bellwether_networks::http::{HttpError, Permit, Request, Response, Transport, Trouble};
use bellwether_networks::{Http, Registry, Sent};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::sync::watch;

use crate::{App, Parts, Settings};

/// A clock that moves only when it is told to.
#[derive(Debug, Clone)]
pub struct TestClock(Arc<watch::Sender<(Instant, Mono)>>);

impl TestClock {
    /// A clock that stands at `now`.
    pub fn at(now: Instant) -> Self {
        Self(Arc::new(watch::Sender::new((now, Mono(Duration::ZERO)))))
    }

    /// Time passes, on both clocks: whoever sleeps for less wakes up.
    pub fn advance(&self, by: Duration) {
        self.0.send_modify(|(now, mono)| {
            *now = *now + by;
            mono.0 += by;
        });
    }

    /// Somebody sets the wall clock; no time passes.
    pub fn set_wall(&self, to: Instant) {
        self.0.send_modify(|(now, _)| *now = to);
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Instant {
        self.0.borrow().0
    }

    fn mono(&self) -> Mono {
        self.0.borrow().1
    }

    async fn sleep(&self, duration: Duration) {
        let until = Mono(self.mono().0 + duration);
        // It fails only when the clock is gone, and `self` holds it.
        let _ = self.0.subscribe().wait_for(|(_, mono)| *mono >= until).await;
    }
}

/// Randomness that is the same in every run: SHA-256 of a seed and a counter.
#[derive(Debug)]
pub struct SeededRng {
    seed: u64,
    drawn: AtomicU64,
}

impl SeededRng {
    /// The sequence that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        Self { seed, drawn: AtomicU64::new(0) }
    }
}

impl Rng for SeededRng {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let draw = self.drawn.fetch_add(1, Ordering::Relaxed);
            let block = Sha256::new()
                .chain_update(self.seed.to_be_bytes())
                .chain_update(draw.to_be_bytes());
            chunk.copy_from_slice(&block.finalize()[..chunk.len()]);
        }
    }
}

/// A transport that refuses everything, as if every address were private.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoWayOut;

#[async_trait]
impl Transport for NoWayOut {
    async fn send(&self, request: Request, _: Option<&Permit>) -> Result<Response, HttpError> {
        Err(HttpError {
            trouble: Trouble::Private,
            sent: Sent::No,
            detail: format!("a test has no way out to {:?}", request.url.host_str()),
        })
    }
}

/// An [`App`] with the handles that a test moves it by. Its files go when it goes.
pub struct TestApp {
    /// The product.
    pub app: App,
    /// Its clock.
    pub clock: TestClock,
    files: TempDir,
    database: Option<TestDb>,
}

impl TestApp {
    /// Time passes.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// The product once more over the same database and files, as a second node
    /// would run it. Its chance is its own.
    pub async fn second_node(&self) -> App {
        let database = self.database.as_ref().expect("made by `apps`");
        App::new(Parts {
            streams: database.streams().await,
            db: database.open_again().await,
            clock: self.app.clock.clone(),
            rng: Arc::new(SeededRng::new(2)),
            http: self.app.http.clone(),
            registry: self.app.registry.clone(),
            endpoints: self.app.endpoints.clone(),
            keyring: self.app.keyring.clone(),
            media_dir: self.app.media_dir.clone(),
            settings: self.app.settings.clone(),
        })
    }

    /// No node that is made from now on hears of another one's commits by a hint.
    pub async fn lose_hints(&self) {
        self.database.as_ref().expect("made by `apps`").lose_hints().await;
    }

    /// The folder that media is kept in.
    pub fn files(&self) -> &std::path::Path {
        self.files.path()
    }
}

impl Deref for TestApp {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}

/// The moment at which tests begin: 2026-03-02T09:00:00Z, a Monday.
pub const START: Instant = Instant::from_millis(1_772_442_000_000);

/// The product over a fresh database of each engine.
pub async fn apps() -> Vec<TestApp> {
    apps_with(|_| {}).await
}

/// The same, with some of its parts changed before it is put together.
pub async fn apps_with(change: impl Fn(&mut Parts)) -> Vec<TestApp> {
    let clock = TestClock::at(START);
    let databases = databases_with(MigrationSet::MAIN, Arc::new(clock)).await;
    let mut apps = Vec::new();
    for database in databases {
        let streams = database.streams().await;
        let mut app = app_with(database.clone(), |parts| {
            parts.streams = streams;
            change(parts);
        });
        app.database = Some(database);
        crate::upkeep::begin(&app).await.expect("an installation");
        apps.push(app);
    }
    apps
}

/// How SQLite would go about `sql`, in its own words. Nothing on PostgreSQL,
/// which goes by how much there is: next to nothing in a test.
pub async fn plan(app: &TestApp, sql: &str) -> Option<String> {
    let mut tx = app.db.read().await.expect("a transaction");
    if tx.engine() != Engine::Sqlite {
        return None;
    }
    let steps = tx.sql_owned(format!("explain query plan {sql}"));
    let steps = steps.all::<(i64, i64, i64, String)>().await.expect("a plan");
    Some(steps.into_iter().map(|(.., step)| step).collect::<Vec<_>>().join("\n"))
}

/// The product over `db`, with a clock that stands at [`START`], chance from
/// seed 1, the networks that ship and no way out.
pub fn app_over(db: Db) -> TestApp {
    app_with(db, |_| {})
}

/// The same, with some of its parts changed before it is put together.
pub fn app_with(db: Db, change: impl FnOnce(&mut Parts)) -> TestApp {
    let clock = TestClock::at(START);
    let rng = Arc::new(SeededRng::new(1));
    let files = TempDir::new().expect("a temporary folder");
    let mut parts = Parts {
        streams: db.clone(),
        db,
        clock: Arc::new(clock.clone()),
        http: Http::over(Arc::new(NoWayOut)),
        registry: Registry::shipped(),
        endpoints: BTreeMap::new(),
        keyring: Keyring::new(SealKey::generate(&*rng), Vec::new()),
        rng,
        media_dir: files.path().to_owned(),
        settings: Settings::default(),
    };
    change(&mut parts);
    TestApp { app: App::new(parts), clock, files, database: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_begin_on_a_monday_morning() {
        assert_eq!(START.to_rfc3339(), "2026-03-02T09:00:00.000Z");
    }

    #[test]
    fn chance_repeats_itself_but_not_within_a_run() {
        let draw = |rng: &SeededRng| {
            let mut bytes = [0; 40];
            rng.fill(&mut bytes);
            bytes
        };
        let (one, other) = (SeededRng::new(7), SeededRng::new(7));
        let first = draw(&one);
        assert_eq!(first, draw(&other));
        assert_ne!(first, draw(&one));
        assert_ne!(first, draw(&SeededRng::new(8)));
    }

    #[tokio::test]
    async fn a_sleeper_wakes_when_the_clock_has_moved_enough() {
        let clock = TestClock::at(START);
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep(Duration::from_secs(10)).await }
        });
        tokio::task::yield_now().await;
        clock.advance(Duration::from_secs(9));
        clock.set_wall(START + Duration::from_hours(1));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        clock.advance(Duration::from_secs(1));
        sleeper.await.unwrap();
    }
}
