//! After a doubt: look, and only then decide. Nothing here writes to a network.

use bellwether_base::Say;
use bellwether_networks::{Failure, FindBy, Found, Frozen, Sent, Spec, Trace};
use serde_json::Value;

use super::super::ActState;
use super::super::rules::{ABSENCE_IS_FRESH, LISTED_LATE, retry_delay, settled_at};
use super::super::store::{self, Attempt};
use super::{Engine, Hands, Job, settle};
use crate::{Error, Result};

impl Engine {
    /// A worker died (or was stopped past its lease) with an attempt under
    /// way: nobody knows how it ended.
    pub(super) async fn recover(&self, job: Job) -> Result<()> {
        let app = self.app();
        let Some(network) = app.registry.network(&job.channel.network) else {
            return Err(Error::Internal("the network is not part of this build".into()));
        };
        let spec = network.spec();
        let mut tx = app.db.begin().await?;
        let mut act = job.act.clone();
        let Some(attempt) = store::last_submit(&mut tx, act.workspace_id, act.id).await? else {
            return Err(Error::Internal("an act at work has no attempt".into()));
        };
        if let Some(open) = act.open_attempt.take() {
            store::add_result(&mut tx, act.workspace_id, open, app.now(), "lost", None).await?;
        }
        act.become_state(ActState::Checking)?;
        act.doubt_since = Some(attempt.started_at);
        act.looks = 0;
        let look_at = match spec.find_by {
            FindBy::ReadingBack => settled_at(attempt.send_by, spec).max(app.now()),
            FindBy::Handle | FindBy::Nothing => app.now(),
        };
        act.let_go(Some(look_at));
        let say = Say::new("delivery-interrupted");
        settle::save(&mut tx, app, &act, job.act.fence, Some(say)).await?;
        tx.wake();
        tx.commit().await?;
        Ok(())
    }

    /// Looks whether the attempt in doubt took effect.
    pub(super) async fn look(&self, mut job: Job) -> Result<()> {
        let app = self.app();
        let Some(login) = job.login.take() else { return self.hold_for_login(&job).await };
        if job.channel.state != crate::channels::ChannelState::Connected {
            return self.hold_for_login(&job).await;
        }
        let spec = login.network.spec();
        let Some(frozen) = &job.act.frozen else {
            return Err(Error::Internal("an act in doubt has no request".into()));
        };
        let frozen: Frozen = serde_json::from_str(frozen)?;
        let prepared: Value =
            job.act.prepared.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
        let (attempt, trace) = self.trace(&job, spec).await?;
        let hands = Hands::new(app, &login);
        let found = login.network.publish().find(&hands.cx(), &frozen, &prepared, &trace).await;
        let found = found.map(|found| not_anothers(found, &trace));
        let now = app.now();
        let fence = job.act.fence;
        let mut act = job.act;
        let mut tx = app.db.begin().await?;
        let outcome = match &found {
            Ok(Found::Found(_)) => Some("found"),
            Ok(Found::Absent) => Some("absent"),
            Ok(Found::NotSeen) => Some("not_seen"),
            Ok(Found::CannotTell) => Some("cannot_tell"),
            Err(_) => None,
        };
        // Behind the fence: a look of a worker that lost the act says nothing.
        let is_ours = store::act(&mut tx, act.workspace_id, act.id)
            .await?
            .is_some_and(|current| current.fence == fence);
        if !is_ours {
            return Ok(());
        }
        if let Some(outcome) = outcome {
            settle::token_was_good(&mut act);
            store::add_result(&mut tx, act.workspace_id, attempt.id, now, outcome, None).await?;
        }
        match found {
            Ok(Found::Found(receipt)) => {
                settle::done(&mut tx, app, &mut act, fence, &receipt).await?;
            }
            Ok(Found::Absent) if now.since(attempt.started_at) <= ABSENCE_IS_FRESH => {
                Self::send_again(&mut act, now)?;
                settle::save(&mut tx, app, &act, fence, None).await?;
            }
            Ok(Found::NotSeen)
                if login.account.limits.resend_after_not_seen
                    && now.since(attempt.started_at) <= ABSENCE_IS_FRESH
                    && is_settled(&attempt, spec, now) =>
            {
                Self::send_again(&mut act, now)?;
                settle::save(&mut tx, app, &act, fence, None).await?;
            }
            Ok(Found::NotSeen) if !is_settled(&attempt, spec, now) => {
                act.let_go(Some(settled_at(attempt.send_by, spec)));
                settle::save(&mut tx, app, &act, fence, None).await?;
            }
            Ok(Found::Absent) => {
                self.ask(&mut tx, &mut act, fence, "delivery-absent-late").await?;
            }
            Ok(Found::NotSeen) => {
                self.ask(&mut tx, &mut act, fence, "delivery-not-seen").await?;
            }
            Ok(Found::CannotTell) => {
                self.ask(&mut tx, &mut act, fence, "delivery-cannot-tell").await?;
            }
            Err(failure) => {
                let failure = Failure { sent: Sent::No, ..failure };
                settle::fail(&mut tx, app, &login, act, fence, &failure).await?;
            }
        }
        self.store_readings(&mut tx, &login, &hands).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What is known of the attempt in doubt. A list is read back to before
    /// the first attempt: what an earlier one became may be in it only now.
    async fn trace(&self, job: &Job, spec: &Spec) -> Result<(Attempt, Trace)> {
        let mut tx = self.app().db.read().await?;
        let (workspace, act) = (job.act.workspace_id, job.act.id);
        let attempt = store::last_submit(&mut tx, workspace, act).await?;
        let first = store::first_submit(&mut tx, workspace, act).await?;
        let (Some(attempt), Some(first)) = (attempt, first) else {
            return Err(Error::Internal("an act in doubt has no attempt".into()));
        };
        let mut trace = Trace {
            started_at: attempt.started_at,
            newest_before: first.newest_before,
            known: Vec::new(),
        };
        if spec.find_by == FindBy::ReadingBack {
            let since = first.started_at - LISTED_LATE;
            let receipts = store::receipts_beside(&mut tx, &job.act, since).await?;
            trace.known = receipts.into_iter().flat_map(|one| one.posts).map(|p| p.id).collect();
        }
        Ok((attempt, trace))
    }

    /// Proven absent: the same frozen request goes again, at once. A server
    /// that loses one after the other is given time.
    fn send_again(act: &mut super::Act, now: bellwether_base::Instant) -> Result<()> {
        act.become_state(ActState::Waiting)?;
        act.failures += 1;
        let at = if act.failures == 1 { now } else { now + retry_delay(act.failures - 1) };
        act.let_go(Some(at));
        Ok(())
    }

    /// What looking cannot settle: a person is told and asked.
    async fn ask(
        &self,
        tx: &mut bellwether_db::Tx,
        act: &mut super::Act,
        fence: i64,
        key: &str,
    ) -> Result<()> {
        act.become_state(ActState::Unknown)?;
        act.let_go(None);
        settle::save(tx, self.app(), act, fence, Some(Say::new(key))).await?;
        Ok(())
    }
}

/// What another act became is not what is looked for, whatever the connector says.
fn not_anothers(found: Found, trace: &Trace) -> Found {
    match found {
        Found::Found(receipt) if receipt.posts.iter().any(|p| trace.known.contains(&p.id)) => {
            Found::CannotTell
        }
        found => found,
    }
}

fn is_settled(attempt: &Attempt, spec: &Spec, now: bellwether_base::Instant) -> bool {
    now >= settled_at(attempt.send_by, spec)
}
