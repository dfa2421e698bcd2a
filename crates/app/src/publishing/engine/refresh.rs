//! Renewing a channel's credential: an act like any other, one at a time.
//!
//! A refresh token may be good for one use only. So the new pair is stored
//! before anybody uses it, a refresh whose answer was lost is never repeated,
//! and only what can open a session of its own (an app password) tries that
//! instead, once; otherwise a person is asked.

use bellwether_base::Say;
use bellwether_networks::{Failure, FailureKind, Refreshed, Sent};

use super::super::ActState;
use super::super::rules::{REFRESH_COMES, REFRESH_TRIES, retry_delay};
use super::super::store::{self, Act};
use super::begin::{Begun, Step};
use super::{Engine, Hands, Job};
use crate::channels::{ChannelState, Login};
use crate::{Result, channels};

/// Marks in `prepared` that the refresh token is spent: only a new session helps.
const SPENT: &str = "\"spent\"";

impl Engine {
    pub(super) async fn refresh(&self, mut job: Job) -> Result<()> {
        let app = self.app();
        let Some(login) = job.login.take() else { return self.give_up(job.act, None).await };
        if job.channel.state != ChannelState::Connected {
            return self.give_up(job.act, None).await;
        }
        if job.act.state == ActState::Working {
            // The last try's answer was lost with its worker.
            job.act.become_state(ActState::Waiting)?;
            job.act.prepared = Some(SPENT.to_owned());
        }
        let network = std::sync::Arc::clone(&login.network);
        let is_spent = job.act.prepared.as_deref() == Some(SPENT);
        let step = if is_spent { Step::Reopen } else { Step::Refresh };
        let (act, attempt, permit) = match self.begin(&job, network.spec(), step, None).await? {
            Begun::Go { act, attempt, permit } => (*act, attempt, permit),
            Begun::Stopped | Begun::Edited => return Ok(()),
        };
        let hands = Hands::new(app, &login);
        let renewed = if is_spent {
            network.connect().reopen(&hands.cx(), &permit).await
        } else {
            network.connect().refresh(&hands.cx(), &permit).await.map(Some)
        };
        let now = app.now();
        let mut tx = app.db.begin().await?;
        let (outcome, failure) = match &renewed {
            Ok(_) => ("done", None),
            Err(failure) => ("failed", Some(failure)),
        };
        store::add_result(&mut tx, act.workspace_id, attempt, now, outcome, failure).await?;
        tx.commit().await?;
        match renewed {
            Ok(Some(refreshed)) => self.store_renewed(act, &login, &refreshed).await,
            Ok(None) => self.give_up(act, Some(Say::new("login-cannot-refresh"))).await,
            Err(failure) => self.refresh_failed(act, is_spent, &failure).await,
        }
    }

    async fn store_renewed(
        &self,
        mut act: Act,
        login: &Login,
        refreshed: &Refreshed,
    ) -> Result<()> {
        let app = self.app();
        let fence = act.fence;
        let mut tx = app.db.begin().await?;
        let (workspace, channel) = (act.workspace_id, act.channel_id);
        channels::save_credential(app, &mut tx, workspace, channel, login.version, refreshed)
            .await?;
        act.become_state(ActState::Done)?;
        act.open_attempt = None;
        act.let_go(None);
        // Whether or not the lease held: the pair is new and stored under its version.
        let now = app.now();
        store::save_act(&mut tx, &act, fence, now).await?;
        store::call_waiting(&mut tx, workspace, channel, now, now + REFRESH_COMES).await?;
        tx.wake();
        tx.commit().await?;
        Ok(())
    }

    async fn refresh_failed(&self, mut act: Act, was_spent: bool, failure: &Failure) -> Result<()> {
        let app = self.app();
        let now = app.now();
        let fence = act.fence;
        let is_lost = failure.sent == Sent::Unknown;
        let is_refused = matches!(
            failure.kind,
            FailureKind::Reconnect | FailureKind::Expired | FailureKind::Rejected
        );
        if was_spent && is_refused {
            return self.give_up(act, Some(failure.say.clone())).await;
        }
        act.failures += 1;
        if act.failures > REFRESH_TRIES {
            return self.give_up(act, Some(failure.say.clone())).await;
        }
        act.become_state(ActState::Waiting)?;
        act.open_attempt = None;
        act.failure = Some(serde_json::to_string(failure)?);
        if is_lost || is_refused {
            act.prepared = Some(SPENT.to_owned());
        }
        let at = match failure.kind {
            FailureKind::RateLimited { until } => until.max(now),
            _ if is_refused && !was_spent => now,
            _ => now + retry_delay(act.failures),
        };
        act.let_go(Some(at));
        let mut tx = app.db.begin().await?;
        store::save_act(&mut tx, &act, fence, now).await?;
        tx.wake();
        tx.commit().await?;
        Ok(())
    }

    /// A person must connect the channel again (or it is gone already).
    async fn give_up(&self, mut act: Act, say: Option<Say>) -> Result<()> {
        let app = self.app();
        let now = app.now();
        let fence = act.fence;
        let mut tx = app.db.begin().await?;
        if act.state == ActState::Working {
            act.become_state(ActState::Refused)?;
        } else {
            act.become_state(ActState::Cancelled)?;
        }
        act.open_attempt = None;
        act.let_go(None);
        store::save_act(&mut tx, &act, fence, now).await?;
        if let Some(say) = say {
            let (workspace, channel) = (act.workspace_id, act.channel_id);
            channels::lose_login(&mut tx, workspace, channel, &say, now).await?;
            store::call_waiting(&mut tx, workspace, channel, now, now + REFRESH_COMES).await?;
        }
        tx.wake();
        tx.commit().await?;
        Ok(())
    }
}
