//! The engine: finds what is due, claims it, and carries each act through.
//!
//! It holds nothing that another process needs: everything it knows is in the
//! database, so it can be killed between any two lines.

mod begin;
mod clock;
mod health;
mod looking;
mod publish;
mod refresh;
mod settle;
mod takedown;
mod trouble;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bellwether_base::{Instant, Mono, Say};
use bellwether_db::Engine as DbEngine;
use bellwether_networks::http::OnBehalf;
use bellwether_networks::{Cx, Http, QuotaReadings};
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::pause;
use super::rules::{CLAIM, REFRESH_COMES};
use super::store::{self, Act, Claim};
use super::{ActKind, ActState, Delivery, HeldReason};
use crate::channels::{Channel, Login};
use crate::posts::Post;
use crate::{App, Caller, Error, Result, channels, media, posts};
use clock::{ClockGuard, Trusted};
use trouble::log;

pub use health::{Health, clock_trouble, trust_clock};

/// How often a worker says that it lives.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// Acts claimed in one transaction at most.
const CLAIM_BATCH: usize = 100;

/// The engine of one process.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    app: App,
    worker: String,
    slots: Arc<Semaphore>,
    freed: Notify,
    in_flight: AtomicUsize,
    tasks: TaskTracker,
    trusted: Mutex<Trusted>,
}

/// One act with everything that carrying it through needs.
pub(super) struct Job {
    act: Act,
    channel: Channel,
    login: Option<Login>,
    delivery: Option<Delivery>,
    post: Option<Post>,
    /// Counts the times that this installation was restored from a copy.
    epoch: i64,
    /// Whether nothing stood in the way of its request when it was loaded.
    is_free: bool,
}

impl Engine {
    /// An engine for `app` that signs its attempts as `worker`.
    pub fn new(app: App, worker: String) -> Self {
        let slots = Arc::new(Semaphore::new(app.settings.in_flight));
        let trusted = Mutex::new(Trusted::now(&app));
        Self {
            inner: Arc::new(Inner {
                app,
                worker,
                slots,
                freed: Notify::new(),
                in_flight: AtomicUsize::new(0),
                tasks: TaskTracker::new(),
                trusted,
            }),
        }
    }

    fn app(&self) -> &App {
        &self.inner.app
    }

    /// Runs until `stop`, then lets the requests under way end.
    pub async fn run(&self, stop: CancellationToken) {
        let started_at = self.app().now();
        let mut guard = ClockGuard::new(self.app());
        while let Err(error) = self.start(&mut guard).await {
            log(&error, "dispatch cannot start; trying again");
            tokio::select! {
                () = self.app().clock.sleep(Duration::from_secs(1)) => {}
                () = stop.cancelled() => return,
            }
        }
        let mut changed = self.app().db.changed();
        let mut beaten: Option<Mono> = None;
        while !stop.is_cancelled() {
            changed.mark_unchanged();
            let mono = self.app().clock.mono();
            if beaten.is_none_or(|last| mono.since(last) >= HEARTBEAT) {
                match self.beat(&mut guard, started_at).await {
                    Ok(()) => beaten = Some(mono),
                    Err(error) => log(&error, "the heartbeat was not written"),
                }
            }
            let sleep = match self.dispatch(&mut guard).await {
                Ok(sleep) => sleep,
                Err(error) => {
                    log(&error, "dispatch met trouble; trying again");
                    Duration::from_secs(1)
                }
            };
            if sleep.is_zero() {
                continue;
            }
            let until_beat = beaten.map_or(Duration::from_secs(1), |last| {
                HEARTBEAT.saturating_sub(self.app().clock.mono().since(last))
            });
            tokio::select! {
                () = self.app().clock.sleep(sleep.min(until_beat)) => {}
                _ = changed.changed() => {}
                () = self.inner.freed.notified() => {
                    // Let a few more slots come free, and claim for all of them at once. By
                    // the machine's own time: a clock that stands still must not keep an
                    // engine from being stopped.
                    tokio::time::sleep(Duration::from_millis(3)).await;
                }
                () = stop.cancelled() => {}
            }
        }
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }

    /// What is done once: on SQLite this process owns the database, so every
    /// lease in it is a dead one's.
    async fn start(&self, guard: &mut ClockGuard) -> Result<()> {
        guard.compare_with_heartbeat(self.app()).await?;
        if self.app().db.engine() == DbEngine::Sqlite {
            let mut tx = self.app().db.begin().await?;
            let ended = store::end_leases(&mut tx, self.app().now()).await?;
            tx.commit().await?;
            if ended > 0 {
                tracing::info!(acts = ended, "took over what the last process had begun");
            }
        }
        Ok(())
    }

    async fn beat(&self, guard: &mut ClockGuard, started_at: Instant) -> Result<()> {
        let app = self.app();
        let offset = match app.db.server_time().await? {
            Some(server) => app.now().millis() - server.millis(),
            None => 0,
        };
        let mut tx = app.db.begin().await?;
        store::register_worker(&mut tx, &self.inner.worker, started_at, app.now(), offset).await?;
        if guard.is_running() {
            store::beat(&mut tx, app.now()).await?;
        }
        tx.commit().await?;
        pause::acknowledge_abandoned(app).await?;
        channels::announce_ends(app).await
    }

    /// Claims what is due and starts it. Returns how long to sleep.
    async fn dispatch(&self, guard: &mut ClockGuard) -> Result<Duration> {
        let app = self.app();
        let longest = app.settings.longest_sleep;
        if !guard.check(app).await? {
            return Ok(longest.min(Duration::from_secs(5)));
        }
        *self.inner.trusted.lock().unwrap_or_else(PoisonError::into_inner) = guard.seen();
        self.release_logins().await?;
        let free = self.inner.slots.available_permits().min(CLAIM_BATCH);
        if free == 0 {
            return Ok(longest);
        }
        let now = app.now();
        let due = {
            let mut tx = app.db.read().await?;
            store::next_due(&mut tx).await?
        };
        if due.is_none_or(|due| due > now) {
            return Ok(due
                .map_or(longest, |due| due.since(now).max(Duration::from_millis(1)).min(longest)));
        }
        // Leases are compared by this clock, so it is looked at right before.
        if let Some(server) = app.db.server_time().await? {
            let offset = server.since(now).max(now.since(server));
            if offset > app.settings.clock_offset {
                tracing::error!(?offset, "this clock is not the database's: claiming nothing");
                return Ok(Duration::from_secs(5).min(longest));
            }
        }
        let mut tx = app.db.begin().await?;
        let limit = i64::try_from(free).unwrap_or(1);
        let claims = store::claim(&mut tx, &self.inner.worker, now, now + CLAIM, limit).await?;
        tx.commit().await?;
        let claimed = claims.len();
        for claim in claims {
            self.spawn(claim).await;
        }
        // What is due but not its turn yet is looked at again when a slot
        // comes free, and after a second in any case.
        Ok(if claimed == free { Duration::ZERO } else { Duration::from_secs(1).min(longest) })
    }

    /// Does everything that is due, one act after the other, and returns.
    /// An act whose work panics is left as a killed process would leave it.
    #[cfg(any(test, feature = "testing"))]
    pub async fn run_due(&self) -> Result<()> {
        while self.run_one(async {}, false).await? {}
        Ok(())
    }

    /// The same, and tells of our own trouble instead of raising it.
    #[cfg(test)]
    pub(in crate::publishing) async fn run_due_telling(&self) -> Result<()> {
        while self.run_one(async {}, true).await? {}
        Ok(())
    }

    /// Does one act that is due, if there is one; `meanwhile` happens between
    /// its claim and its work.
    #[cfg(test)]
    pub(in crate::publishing) async fn run_next(
        &self,
        meanwhile: impl Future<Output = ()>,
    ) -> Result<bool> {
        self.run_one(meanwhile, false).await
    }

    #[cfg(any(test, feature = "testing"))]
    async fn run_one(&self, meanwhile: impl Future<Output = ()>, is_telling: bool) -> Result<bool> {
        self.release_logins().await?;
        let app = self.app();
        let now = app.now();
        let mut tx = app.db.begin().await?;
        let claims = store::claim(&mut tx, &self.inner.worker, now, now + CLAIM, 1).await?;
        tx.commit().await?;
        meanwhile.await;
        for claim in &claims {
            let (engine, work) = (self.clone(), claim.clone());
            match tokio::spawn(async move { engine.work(&work).await }).await {
                Ok(Err(error)) if is_telling => self.tell_of_trouble(claim, &error).await?,
                Ok(worked) => worked?,
                Err(died) => tracing::info!(%died, "as if killed"),
            }
        }
        Ok(!claims.is_empty())
    }

    async fn spawn(&self, claim: Claim) {
        let Ok(slot) = Arc::clone(&self.inner.slots).acquire_owned().await else { return };
        let engine = self.clone();
        engine.inner.in_flight.fetch_add(1, Ordering::Relaxed);
        self.inner.tasks.spawn(async move {
            let act = claim.id;
            if let Err(error) = engine.work(&claim).await {
                // Whatever else happens, the lease runs out and the act is taken up again.
                tracing::error!(%act, %error, "an act was interrupted");
                if let Err(error) = engine.tell_of_trouble(&claim, &error).await {
                    tracing::error!(%act, %error, "and nobody could be told");
                }
            }
            engine.inner.in_flight.fetch_sub(1, Ordering::Relaxed);
            drop(slot);
            engine.inner.freed.notify_one();
        });
    }

    /// Lets go what waited for a login on channels that have one again.
    async fn release_logins(&self) -> Result<()> {
        let any = {
            let mut tx = self.app().db.read().await?;
            !store::acts_with_login_again(&mut tx, 1).await?.is_empty()
        };
        if !any {
            return Ok(());
        }
        let now = self.app().now();
        let mut tx = self.app().db.begin().await?;
        for mut act in store::acts_with_login_again(&mut tx, 500).await? {
            let fence = act.fence;
            if act.state == ActState::Held {
                act.become_state(ActState::Waiting)?;
            }
            act.held_reason = None;
            act.fence += 1;
            // What was held with its removed channel may not be due yet.
            act.let_go(Some(act.due_at.max(now)));
            settle::save(&mut tx, self.app(), &act, fence, None).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Carries one claimed act as far as it goes now.
    async fn work(&self, claim: &Claim) -> Result<()> {
        let Some(job) = self.load(claim).await? else { return Ok(()) };
        if self.stops_for_clock(&job.act).await? {
            return Ok(());
        }
        match (job.act.kind, job.act.state) {
            (ActKind::Publish, ActState::Waiting) => self.publish(job).await,
            (ActKind::Publish, ActState::Working) => self.recover(job).await,
            (ActKind::Publish, ActState::Processing) => self.check(job).await,
            (ActKind::Publish, ActState::Checking) => self.look(job).await,
            (ActKind::Delete, ActState::Waiting | ActState::Working) => self.take_down(job).await,
            (ActKind::Refresh, ActState::Waiting | ActState::Working) => self.refresh(job).await,
            (kind, state) => Err(Error::Internal(format!(
                "act {} is {kind:?} and {state:?} and yet due",
                claim.id
            ))),
        }
    }

    async fn load(&self, claim: &Claim) -> Result<Option<Job>> {
        let app = self.app();
        let mut tx = app.db.read().await?;
        let Some(act) = store::act(&mut tx, claim.workspace_id, claim.id).await? else {
            return Ok(None);
        };
        if act.fence != claim.fence {
            return Ok(None);
        }
        let (channel, login) =
            channels::login(app, &mut tx, act.workspace_id, act.channel_id).await?;
        let delivery = match act.delivery_id {
            Some(id) => store::delivery(&mut tx, act.workspace_id, id).await?,
            None => None,
        };
        let post = match &delivery {
            Some(delivery) => Some(posts::find(&mut tx, act.workspace_id, delivery.post_id).await?),
            None => None,
        };
        let epoch = store::installation(&mut tx).await?.epoch;
        let mut job = Job { act, channel, login, delivery, post, epoch, is_free: false };
        if let (ActState::Waiting, Some(login)) = (job.act.state, &job.login) {
            job.is_free = begin::is_free(app, &mut tx, &job, login.network.spec()).await?;
        }
        Ok(Some(job))
    }

    /// Holds an act whose channel has no login.
    async fn hold_for_login(&self, job: &Job) -> Result<()> {
        let say = job.channel.trouble.clone().unwrap_or_else(|| Say::new("channel-needs-login"));
        let mut tx = self.app().db.begin().await?;
        let mut act = job.act.clone();
        if act.state == ActState::Waiting {
            act.hold(HeldReason::Login)?;
        } else {
            // What is in doubt stays in doubt; it is looked for after the login.
            act.held_reason = Some(HeldReason::Login.as_str().to_owned());
            act.let_go(None);
        }
        settle::save(&mut tx, self.app(), &act, job.act.fence, Some(say)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Asks for a new credential and comes back to the act right after it.
    async fn wait_for_refresh(&self, job: &Job) -> Result<()> {
        let app = self.app();
        let now = app.now();
        if self.stops_for_clock(&job.act).await? {
            return Ok(());
        }
        let mut tx = app.db.begin().await?;
        settle::ask_refresh(&mut tx, app, &job.act, now).await?;
        let mut act = job.act.clone();
        act.let_go(Some(now + REFRESH_COMES));
        settle::save(&mut tx, app, &act, job.act.fence, None).await?;
        tx.wake();
        tx.commit().await?;
        Ok(())
    }
}

/// What a connector is handed for a job.
pub(super) struct Hands<'a> {
    app: &'a App,
    login: &'a Login,
    http: Http,
    media: media::Source,
    readings: QuotaReadings,
}

impl<'a> Hands<'a> {
    fn new(app: &'a App, login: &'a Login) -> Self {
        Self {
            app,
            login,
            http: app.http.on_behalf_of(OnBehalf {
                workspace: login.channel.workspace_id,
                channel: Some(login.channel.id),
            }),
            media: media::source(app, login.channel.workspace_id),
            readings: QuotaReadings::default(),
        }
    }

    fn cx(&'a self) -> Cx<'a> {
        Cx {
            http: &self.http,
            clock: &*self.app.clock,
            rng: &*self.app.rng,
            account: &self.login.account,
            credential: &self.login.credential,
            media: &self.media,
            endpoints: &self.login.endpoints,
            readings: &self.readings,
        }
    }
}

/// Lets the delivery of an act follow it, for what people do.
pub(super) async fn follow_act(
    tx: &mut bellwether_db::Tx,
    app: &App,
    act: &Act,
    say: Option<Say>,
    caller: &Caller,
) -> Result<()> {
    settle::follow(tx, app, act, say, caller).await
}

/// Starts what waited for `act` in the same delivery, for what people do.
pub(super) async fn start_next_part(
    tx: &mut bellwether_db::Tx,
    app: &App,
    act: &Act,
) -> Result<()> {
    settle::next_part(tx, app, act, app.now()).await
}
