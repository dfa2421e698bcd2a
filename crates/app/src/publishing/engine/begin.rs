//! Writing an attempt down: the last moment at which everything is checked,
//! and the only place where a permit is made.

use std::sync::Arc;
use std::time::Duration;

use bellwether_base::{AttemptId, Instant, Say};
use bellwether_db::Tx;
use bellwether_networks::{Frozen, Permit, QuotaReading, Spec};

use super::super::rules::{is_past_grace, lease_until};
use super::super::store::{self, Act, Attempt, Reading};
use super::super::{ActKind, ActState, HeldReason};
use super::{Engine, Job, settle};
use crate::channels::ChannelState;
use crate::media::{self, Holder, HolderKind};
use crate::{App, Error, Result, channels, posts};

/// When an act that is not next on its channel any more looks again.
const TURN_COMES: Duration = Duration::from_millis(250);

/// One step of an act that sends a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Harmless: nobody sees its effect, and it may be repeated.
    Prepare,
    Submit,
    Delete,
    Refresh,
    Reopen,
}

impl Step {
    const fn name(self) -> &'static str {
        match self {
            Self::Prepare => "prepare",
            Self::Submit => "submit",
            Self::Delete => "delete",
            Self::Refresh => "refresh",
            Self::Reopen => "reopen",
        }
    }

    const fn is_harmless(self) -> bool {
        matches!(self, Self::Prepare)
    }
}

/// Whether an attempt may begin.
pub(super) enum Begun {
    /// It is on disk. `act` is as saved.
    Go { act: Box<Act>, attempt: AttemptId, permit: Permit },
    /// It may not; that is saved and said.
    Stopped,
    /// The post was edited since it was rendered, and nothing was sent yet.
    Edited,
}

/// Why the gate is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// To see whether rendering makes sense, in the transaction that loaded the job. Nothing is locked.
    Peek,
    /// In the transaction that writes an attempt down.
    ToWrite(Step),
}

/// What stands in an act's way.
enum Gate {
    Open,
    Hold(HeldReason, Say),
    Missed,
    Later(Instant),
}

impl Engine {
    /// Writes an attempt down, or says why not.
    pub(super) async fn begin(
        &self,
        job: &Job,
        spec: &Spec,
        step: Step,
        newest_before: Option<String>,
    ) -> Result<Begun> {
        let app = self.app();
        let mut tx = app.db.begin().await?;
        // Read after the wait for the database, which counts against nobody.
        let mono = app.clock.mono();
        let now = app.now();
        if self.clock_was_set().is_some() {
            drop(tx);
            self.stops_for_clock(&job.act).await?;
            return Ok(Begun::Stopped);
        }
        let Some(current) = store::act(&mut tx, job.act.workspace_id, job.act.id).await? else {
            return Ok(Begun::Stopped);
        };
        if current.fence != job.act.fence {
            return Ok(Begun::Stopped);
        }
        let mut act = job.act.clone();
        let gate = gate(app, &mut tx, job, spec, Look::ToWrite(step), now).await?;
        if stop_at(app, &mut tx, &mut act, job.act.fence, gate).await? {
            tx.commit().await?;
            return Ok(Begun::Stopped);
        }
        if let (ActKind::Publish, Some(delivery)) = (act.kind, &job.delivery) {
            let revision =
                posts::hold_revision(&mut tx, act.workspace_id, delivery.post_id).await?;
            let is_stale = act.frozen_revision != Some(revision);
            if is_stale && !store::may_be_there(&mut tx, act.workspace_id, act.id).await? {
                return Ok(Begun::Edited);
            }
        }
        if act.frozen_revision != current.frozen_revision
            && let Some(post) = &job.post
        {
            let parts = &post.content_for(act.channel_id).parts;
            let hashes: Vec<_> =
                parts.iter().flat_map(|part| &part.media).map(|medium| &medium.hash).collect();
            // An act without an attempt holds nothing yet.
            if !hashes.is_empty() || act.attempts > 0 {
                let holder = Holder { kind: HolderKind::Frozen, id: act.id.0 };
                media::hold_only(app, &mut tx, act.workspace_id, holder, hashes).await?;
            }
        }
        if let Some(left_open) = act.open_attempt.take() {
            store::add_result(&mut tx, act.workspace_id, left_open, now, "lost", None).await?;
        }
        let send_by = now + app.settings.send_window;
        act.attempts += 1;
        let attempt = Attempt {
            workspace_id: act.workspace_id,
            id: AttemptId::new(&*app.clock, &*app.rng),
            act_id: act.id,
            number: act.attempts,
            step: step.name().to_owned(),
            is_harmless: step.is_harmless(),
            fence: act.fence,
            worker: self.inner.worker.clone(),
            epoch: job.epoch,
            started_at: now,
            send_by,
            timeout: i64::try_from(spec.timeout.as_millis()).unwrap_or(i64::MAX),
            newest_before,
        };
        store::insert_attempt(&mut tx, &attempt).await?;
        act.open_attempt = Some(attempt.id);
        if !step.is_harmless() && act.state == ActState::Waiting {
            act.become_state(ActState::Working)?;
        }
        act.next_at = Some(lease_until(send_by, spec));
        if !settle::save(&mut tx, app, &act, job.act.fence, None).await? {
            return Ok(Begun::Stopped);
        }
        tx.commit().await?;
        let send_by = bellwether_base::Mono(mono.0 + app.settings.send_window);
        let permit = Permit::new(Arc::clone(&app.clock), send_by, spec.timeout);
        Ok(Begun::Go { act: Box::new(act), attempt: attempt.id, permit })
    }

    /// The same gate before anything is rendered: what may not go out needs no reads.
    pub(super) async fn is_stopped(&self, job: &Job, spec: &Spec) -> Result<bool> {
        let app = self.app();
        if job.is_free {
            return Ok(false);
        }
        let now = app.now();
        if self.stops_for_clock(&job.act).await? {
            return Ok(true);
        }
        let mut tx = app.db.begin().await?;
        let look = Look::ToWrite(Step::Prepare);
        let gate = gate(app, &mut tx, job, spec, look, now).await?;
        let mut act = job.act.clone();
        let is_stopped = stop_at(app, &mut tx, &mut act, job.act.fence, gate).await?;
        tx.commit().await?;
        Ok(is_stopped)
    }
}

/// Whether nothing stood in the way of a job when it was loaded, in the same transaction.
pub(super) async fn is_free(app: &App, tx: &mut Tx, job: &Job, spec: &Spec) -> Result<bool> {
    Ok(matches!(gate(app, tx, job, spec, Look::Peek, app.now()).await?, Gate::Open))
}

/// Does what the gate says. False if it is open; nothing is written then.
async fn stop_at(app: &App, tx: &mut Tx, act: &mut Act, fence: i64, gate: Gate) -> Result<bool> {
    let say = match gate {
        Gate::Open => return Ok(false),
        Gate::Hold(reason, say) => {
            act.hold(reason)?;
            Some(say)
        }
        Gate::Missed => {
            act.become_state(ActState::Missed)?;
            act.let_go(None);
            Some(Say::new("delivery-missed"))
        }
        Gate::Later(until) => {
            act.let_go(Some(until));
            None
        }
    };
    settle::save(tx, app, act, fence, say).await?;
    Ok(true)
}

/// What stands in the way. In a write transaction the answer holds until its
/// end: the pause's rows are locked.
async fn gate(
    app: &App,
    tx: &mut Tx,
    job: &Job,
    spec: &Spec,
    look: Look,
    now: Instant,
) -> Result<Gate> {
    let act = &job.act;
    if act.kind != ActKind::Publish {
        return Ok(Gate::Open);
    }
    let Some(id) = act.delivery_id else { return Ok(Gate::Open) };
    let (delivery, reading) = match look {
        Look::Peek => (job.delivery.clone(), Reading::Peek),
        Look::ToWrite(_) => (store::delivery(tx, act.workspace_id, id).await?, Reading::Locked),
    };
    let Some(delivery) = delivery else { return Ok(Gate::Open) };
    let network = &job.channel.network;
    let level = store::pause_level(tx, act.workspace_id, network, act.channel_id, reading).await?;
    if level > 0 && !delivery.is_let_through {
        return Ok(Gate::Hold(HeldReason::Paused, Say::new("delivery-held-paused")));
    }
    let channel = match look {
        Look::Peek => job.channel.clone(),
        Look::ToWrite(_) => channels::find(tx, act.workspace_id, act.channel_id).await?,
    };
    if channel.state != ChannelState::Connected {
        let say = channel.trouble.unwrap_or_else(|| Say::new("channel-needs-login"));
        return Ok(Gate::Hold(HeldReason::Login, say));
    }
    if is_past_grace(delivery.grace_from, app.settings.grace, now) {
        return Ok(Gate::Missed);
    }
    if look != Look::ToWrite(Step::Submit) {
        return Ok(Gate::Open);
    }
    // It was its turn when it was claimed; since then a pause may have been
    // lifted, or a person may have let an earlier one go.
    if !store::is_its_turn(tx, act, now).await? {
        return Ok(Gate::Later(now + TURN_COMES));
    }
    reserve(app, tx, job, spec, now).await
}

/// Takes what the frozen request costs from what the network lets the channel
/// call, or waits until there is enough of it.
async fn reserve(app: &App, tx: &mut Tx, job: &Job, spec: &Spec, now: Instant) -> Result<Gate> {
    let act = &job.act;
    let (Some(network), Some(frozen)) = (app.registry.network(spec.name), &act.frozen) else {
        return Err(Error::Internal("nothing frozen to reserve a quota for".into()));
    };
    let frozen: Frozen = serde_json::from_str(frozen)?;
    for quota in spec.quotas {
        let row = store::quota(tx, act.workspace_id, act.channel_id, quota.bucket).await?;
        // A server may have told a limit of its own.
        let limit = row.as_ref().map_or(quota.limit, |row| row.quota);
        let (remaining, resets_at) = match row {
            Some(row) if row.resets_at > now => (row.remaining, row.resets_at),
            _ => (limit, now + quota.per),
        };
        let cost = network.publish().cost(&frozen, quota);
        if remaining < cost {
            return Ok(Gate::Later(resets_at));
        }
        let remaining = remaining - cost;
        let reserved = QuotaReading { bucket: quota.bucket, limit, remaining, resets_at };
        store::put_quota(tx, act.workspace_id, act.channel_id, &reserved, now).await?;
    }
    Ok(Gate::Open)
}
