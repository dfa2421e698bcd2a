//! Renewing a channel's credential: an act like any other, one at a time.
//!
//! A refresh token may be good for one use only. So the new pair is stored
//! before anybody uses it, a refresh whose answer was lost is never repeated,
//! and only what can open a session of its own (an app password) tries that
//! instead, once; otherwise a person is asked.

use std::time::Duration;

use bellwether_base::{AttemptId, Say};
use bellwether_db::Tx;
use bellwether_networks::{Failure, FailureKind, Refreshed, Sent};

use super::super::ActState;
use super::super::rules::{REFRESH_COMES, REFRESH_TRIES, retry_delay};
use super::super::store::{self, Act};
use super::begin::{Begun, Step};
use super::{Engine, Hands, Job};
use crate::channels::{ChannelState, Login};
use crate::{App, Result, channels};

/// Marks in `prepared` that the refresh token is spent: only a new session helps.
const SPENT: &str = "\"spent\"";

impl Engine {
    pub(super) async fn refresh(&self, mut job: Job) -> Result<()> {
        let app = self.app();
        let is_connected = job.channel.state == ChannelState::Connected;
        let Some(login) = job.login.take().filter(|_| is_connected) else {
            let mut tx = app.db.begin().await?;
            give_up(&mut tx, app, job.act, None).await?;
            return Ok(tx.commit().await?);
        };
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
        let lease = act.next_at.unwrap_or(app.now());
        // Again and again while the lease holds: the new pair may be the only
        // one that still opens the account, and the disk full for a moment.
        loop {
            match self.end_renewal(&act, attempt, &login, is_spent, &renewed).await {
                Err(crate::Error::Db(error)) if error.is_transient() && app.now() < lease => {
                    tracing::warn!(%attempt, %error, "the end of a renewal was not written; again");
                    app.clock.sleep(Duration::from_millis(500)).await;
                }
                ended => return ended,
            }
        }
    }

    /// The result, what it gave and what follows from it: all or nothing.
    async fn end_renewal(
        &self,
        act: &Act,
        attempt: AttemptId,
        login: &Login,
        is_spent: bool,
        renewed: &std::result::Result<Option<Refreshed>, Failure>,
    ) -> Result<()> {
        let app = self.app();
        let act = act.clone();
        let mut tx = app.db.begin().await?;
        let (outcome, failure) = match renewed {
            Ok(_) => ("done", None),
            Err(failure) => ("failed", Some(failure)),
        };
        store::add_result(&mut tx, act.workspace_id, attempt, app.now(), outcome, failure).await?;
        match renewed {
            Ok(Some(refreshed)) => store_renewed(&mut tx, app, act, login, refreshed).await?,
            Ok(None) => {
                let say = Say::new("login-cannot-refresh");
                give_up(&mut tx, app, act, Some((login, &say))).await?;
            }
            Err(failure) => refresh_failed(&mut tx, app, act, login, is_spent, failure).await?,
        }
        tx.wake();
        Ok(tx.commit().await?)
    }
}

async fn store_renewed(
    tx: &mut Tx,
    app: &App,
    mut act: Act,
    login: &Login,
    refreshed: &Refreshed,
) -> Result<()> {
    let fence = act.fence;
    let (workspace, channel) = (act.workspace_id, act.channel_id);
    channels::save_credential(app, tx, workspace, channel, login.version, refreshed).await?;
    act.become_state(ActState::Done)?;
    act.open_attempt = None;
    act.let_go(None);
    // Whether or not the lease held: the pair is new and stored under its version.
    let now = app.now();
    store::save_act(tx, &act, fence, now).await?;
    store::call_waiting(tx, workspace, channel, now, now + REFRESH_COMES).await
}

async fn refresh_failed(
    tx: &mut Tx,
    app: &App,
    mut act: Act,
    login: &Login,
    was_spent: bool,
    failure: &Failure,
) -> Result<()> {
    let now = app.now();
    let fence = act.fence;
    let is_lost = failure.sent == Sent::Unknown;
    let is_refused = matches!(
        failure.kind,
        FailureKind::Reconnect | FailureKind::Expired | FailureKind::Rejected
    );
    act.failures += 1;
    if (was_spent && is_refused) || act.failures > REFRESH_TRIES {
        return give_up(tx, app, act, Some((login, &failure.say))).await;
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
    store::save_act(tx, &act, fence, now).await?;
    Ok(())
}

/// A person must connect the channel again (or it is gone already).
async fn give_up(tx: &mut Tx, app: &App, mut act: Act, lost: Option<(&Login, &Say)>) -> Result<()> {
    let now = app.now();
    let fence = act.fence;
    if act.state == ActState::Working {
        act.become_state(ActState::Refused)?;
    } else {
        act.become_state(ActState::Cancelled)?;
    }
    act.open_attempt = None;
    act.let_go(None);
    store::save_act(tx, &act, fence, now).await?;
    if let Some((login, say)) = lost {
        let (workspace, channel) = (act.workspace_id, act.channel_id);
        channels::lose_login(tx, workspace, channel, login.version, say, now).await?;
        store::call_waiting(tx, workspace, channel, now, now + REFRESH_COMES).await?;
    }
    Ok(())
}
