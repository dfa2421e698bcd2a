//! A scheduler is as good as its clock: this watches it.
//!
//! Dispatch stops when the wall clock and the monotonic clock drift apart by
//! more than a minute (somebody set the clock, or the machine slept), or when
//! the process starts earlier than the last stored heartbeat. It goes on when
//! the database's clock or a network's `Date` agrees, or a person says so.

use std::sync::PoisonError;
use std::time::Duration;

use bellwether_base::{Instant, Mono, Say};
use bellwether_db::Tx;
use bellwether_db::events::{NewEvent, Scope};
use bellwether_networks::http::Request;

use super::super::rules::{CLOCK_DRIFT, LONGEST_WAIT};
use super::super::store::{self, Act};
use super::{Engine, settle};
use crate::{App, Caller, Result, workspaces};

/// What both clocks said when dispatch last trusted them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trusted {
    wall: Instant,
    mono: Mono,
}

impl Trusted {
    pub fn now(app: &App) -> Self {
        Self { wall: app.clock.now(), mono: app.clock.mono() }
    }

    /// What the wall clock shows at `mono` if nobody sets it.
    fn reckoned(self, mono: Mono) -> Instant {
        self.wall + mono.since(self.mono)
    }
}

impl Engine {
    /// What the wall clock would show if it had not been set since dispatch
    /// last looked at it. Asked after the time that is to be relied on was read.
    pub(super) fn clock_was_set(&self) -> Option<Instant> {
        let trusted = *self.inner.trusted.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Trusted::now(self.app());
        let reckoned = trusted.reckoned(now.mono);
        (apart(reckoned, now.wall) > CLOCK_DRIFT).then_some(reckoned)
    }

    /// Lets an act go, as it is in the database, if the clock was set since
    /// dispatch last looked at it: what is reckoned with that time (its grace,
    /// its leases, its next try) would be hours off. It is due again at the
    /// earlier of both times, whichever turns out to be right, but not before
    /// it was planned: a clock that was set forth may have called it too early.
    pub(super) async fn stops_for_clock(&self, act: &Act) -> Result<bool> {
        let app = self.app();
        let Some(reckoned) = self.clock_was_set() else { return Ok(false) };
        let mut tx = app.db.begin().await?;
        let stored = store::act(&mut tx, act.workspace_id, act.id).await?;
        if let Some(mut stored) = stored.filter(|stored| stored.fence == act.fence) {
            let due = stored.due_at.max(reckoned.min(app.now()));
            stored.let_go(Some(due));
            settle::save(&mut tx, app, &stored, act.fence, None).await?;
            tx.commit().await?;
        }
        Ok(true)
    }
}

pub(super) struct ClockGuard {
    seen: Trusted,
    stopped: bool,
    asked_at: Option<Mono>,
}

impl ClockGuard {
    pub fn new(app: &App) -> Self {
        Self { seen: Trusted::now(app), stopped: false, asked_at: None }
    }

    pub const fn is_running(&self) -> bool {
        !self.stopped
    }

    /// What the clocks said at the last look.
    pub const fn seen(&self) -> Trusted {
        self.seen
    }

    /// At the start: time must not have gone back since the last process.
    pub async fn compare_with_heartbeat(&mut self, app: &App) -> Result<()> {
        let row = {
            let mut tx = app.db.read().await?;
            store::installation(&mut tx).await?
        };
        self.stopped = row.dispatch_stop.is_some();
        let now = app.clock.now();
        if let Some(last) = row.heartbeat_at
            && last > now + CLOCK_DRIFT
        {
            let say = Say::new("clock-behind-heartbeat").with("seconds", last.since(now).as_secs());
            self.stop(app, say).await?;
        }
        Ok(())
    }

    /// Whether dispatch may go on.
    pub async fn check(&mut self, app: &App) -> Result<bool> {
        let now = Trusted::now(app);
        let drift = apart(self.seen.reckoned(now.mono), now.wall);
        if drift > CLOCK_DRIFT {
            let say = Say::new("clock-jumped").with("seconds", drift.as_secs());
            self.stop(app, say).await?;
        }
        self.seen = now;
        if !self.stopped {
            return Ok(true);
        }
        let cleared = {
            let mut tx = app.db.read().await?;
            store::installation(&mut tx).await?.dispatch_stop.is_none()
        };
        if cleared || self.is_confirmed(app).await? {
            self.go_on(app).await?;
        }
        Ok(!self.stopped)
    }

    async fn stop(&mut self, app: &App, say: Say) -> Result<()> {
        tracing::error!(reason = say.key, args = ?say.args, "the clock cannot be trusted: nothing is sent");
        let mut tx = app.db.begin().await?;
        store::set_dispatch_stop(&mut tx, Some(serde_json::to_string(&say)?)).await?;
        tell(&mut tx, "clock.stopped", serde_json::json!({ "say": say })).await?;
        tx.commit().await?;
        self.stopped = true;
        self.asked_at = None;
        Ok(())
    }

    async fn go_on(&mut self, app: &App) -> Result<()> {
        tracing::info!("the clock is confirmed: sending goes on");
        let mut tx = app.db.begin().await?;
        let now = app.now();
        store::set_dispatch_stop(&mut tx, None).await?;
        store::beat(&mut tx, now).await?;
        store::call_put_off(&mut tx, now, now + LONGEST_WAIT).await?;
        tell(&mut tx, "clock.confirmed", serde_json::Value::Null).await?;
        tx.commit().await?;
        self.stopped = false;
        Ok(())
    }

    /// Whether the database or a network agrees with our clock. Asks at most
    /// every half minute.
    async fn is_confirmed(&mut self, app: &App) -> Result<bool> {
        let mono = app.clock.mono();
        if self.asked_at.is_some_and(|asked| mono.since(asked) < Duration::from_secs(30)) {
            return Ok(false);
        }
        self.asked_at = Some(mono);
        if let Some(server) = app.db.server_time().await? {
            return Ok(agrees(server, app.now()));
        }
        let servers: Vec<(String,)> = {
            let mut tx = app.db.read().await?;
            store::some_servers(&mut tx).await?
        };
        for (server,) in servers {
            let Ok(url) = server.parse() else { continue };
            // Any answer will do: it is the date in its head that counts. The client's own
            // memory of dates is of no use here: a request without credentials leaves none.
            let request = Request { follow: false, ..Request::get(url) };
            let Ok(answer) = app.http.read(request).await else { continue };
            // One server whose own clock is wrong decides nothing.
            if answer.date().is_some_and(|theirs| agrees(theirs, app.now())) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Says so to everybody, once there is somebody.
async fn tell(tx: &mut Tx, kind: &'static str, data: serde_json::Value) -> Result<()> {
    let Ok(organization) = workspaces::organization_of(tx, &Caller::Worker).await else {
        return Ok(());
    };
    tx.record(NewEvent {
        scope: Scope::Organization(organization),
        kind,
        subject: None,
        actor: Caller::Worker.actor(),
        data,
    });
    Ok(())
}

fn agrees(theirs: Instant, ours: Instant) -> bool {
    apart(theirs, ours) <= CLOCK_DRIFT
}

fn apart(one: Instant, other: Instant) -> Duration {
    one.since(other).max(other.since(one))
}
