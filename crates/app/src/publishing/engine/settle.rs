//! Writing down how something ended, and what follows from it.

use std::time::Duration;

use bellwether_base::{ActId, AttemptId, Instant, Say};
use bellwether_db::Tx;
use bellwether_db::events::{NewEvent, Scope};
use bellwether_networks::{Failure, FailureKind, FindBy, Receipt, Sent, Ticket};

use super::super::rules::{ORDER_WAITS, REFRESH_COMES, look_delay, retry_delay, settled_at};
use super::super::store::{self, Act};
use super::super::{ActKind, ActState, DeliveryState, HeldReason};
use crate::channels::{ChannelState, Login};
use crate::media::{self, Holder, HolderKind};
use crate::{App, Caller, Result, channels};

/// What a person is told although the engine goes on by itself.
const ALARMS: [&str; 3] =
    ["delivery-cannot-look", "delivery-cannot-delete", "delivery-trouble-here"];

/// Tries of a deletion in a row before a person is told that it does not get on.
const DELETE_TRIES: i32 = 5;

/// Expired tokens in a row before a person is asked.
const EXPIRED_IN_A_ROW: i32 = 5;

/// How a request ended.
pub(super) enum End {
    Done(Receipt),
    Pending(Ticket),
    Failed(Failure),
}

impl End {
    const fn outcome(&self) -> &'static str {
        match self {
            Self::Done(_) => "done",
            Self::Pending(_) => "pending",
            Self::Failed(_) => "failed",
        }
    }
}

/// Writes an act back behind its fence and lets its delivery follow. False,
/// with nothing written, if somebody else has the act by now.
pub(super) async fn save(
    tx: &mut Tx,
    app: &App,
    act: &Act,
    fence: i64,
    say: Option<Say>,
) -> Result<bool> {
    let now = app.now();
    let capped = until_grace(tx, app, act, now).await?;
    if !store::save_act(tx, capped.as_ref().unwrap_or(act), fence, now).await? {
        return Ok(false);
    }
    follow(tx, app, act, say, &Caller::Worker).await?;
    Ok(true)
}

/// The act with an earlier look, if it would wait past its grace: whoever
/// planned it is asked when that is over, not when the network would listen.
async fn until_grace(tx: &mut Tx, app: &App, act: &Act, now: Instant) -> Result<Option<Act>> {
    let (ActKind::Publish, ActState::Waiting, Some(next_at), Some(id)) =
        (act.kind, act.state, act.next_at, act.delivery_id)
    else {
        return Ok(None);
    };
    if next_at <= now + ORDER_WAITS {
        return Ok(None);
    }
    let Some(delivery) = store::delivery(tx, act.workspace_id, id).await? else {
        return Ok(None);
    };
    let over = delivery.grace_from + app.settings.grace + Duration::from_millis(1);
    // Not so soon that what comes after it on the channel would wait for it.
    let ask_at = over.max(now + ORDER_WAITS + Duration::from_secs(1));
    Ok((ask_at < next_at).then(|| Act { next_at: Some(ask_at), ..act.clone() }))
}

/// Lets the delivery of `act`, which was just saved, follow its acts; says so
/// if anything changed.
pub(in super::super) async fn follow(
    tx: &mut Tx,
    app: &App,
    act: &Act,
    say: Option<Say>,
    caller: &Caller,
) -> Result<()> {
    let now = app.now();
    let Some(id) = act.delivery_id else { return Ok(()) };
    let Some(mut delivery) = store::delivery_to_change(tx, act.workspace_id, id).await? else {
        return Ok(());
    };
    let acts = store::acts_of(tx, delivery.workspace_id, delivery.id).await?;
    let states = |kind: ActKind| {
        acts.iter().filter(|act| act.kind == kind).map(|act| act.state).collect::<Vec<_>>()
    };
    let next = DeliveryState::of(&states(ActKind::Publish), &states(ActKind::Delete));
    let held = acts
        .iter()
        .find(|act| act.state == ActState::Held)
        .and_then(|act| act.held_reason.clone())
        .and_then(|reason| HeldReason::try_from(reason).ok());
    let changed = next != delivery.state || held != delivery.held_reason;
    if !changed && say.is_none() {
        return Ok(());
    }
    let is_alarm = say.as_ref().is_some_and(|say| ALARMS.contains(&say.key.as_str()));
    let needs_person =
        next.needs_person() || act.state.needs_person() || act.held_reason.is_some() || is_alarm;
    delivery.state = next;
    delivery.held_reason = held;
    delivery.told_at = needs_person.then_some(now);
    let keeps = needs_person || next == DeliveryState::Checking;
    // Why something was given up stands in its history alone.
    let say = say.filter(|_| keeps || next == DeliveryState::Cancelled);
    delivery.say = say.clone().filter(|_| keeps);
    if next == DeliveryState::Live && delivery.live_at.is_none() {
        delivery.live_at = Some(now);
    }
    store::save_state(tx, &delivery, now).await?;
    tx.record(NewEvent {
        scope: Scope::Workspace(delivery.workspace_id),
        kind: next.event(),
        subject: Some(("delivery", delivery.id.0)),
        actor: caller.actor(),
        data: serde_json::json!({
            "post": delivery.post_id,
            "channel": delivery.channel_id,
            "act": act.kind,
            "part": act.part,
            "try": act.attempts,
            "say": say,
        }),
    });
    Ok(())
}

/// Writes down how an attempt ended. A result is always kept; what it changes
/// depends on whether the act is still this worker's.
pub(super) async fn end(
    tx: &mut Tx,
    app: &App,
    login: &Login,
    act: &Act,
    attempt: AttemptId,
    ended: &End,
) -> Result<()> {
    let now = app.now();
    let failure = match ended {
        End::Failed(failure) => Some(failure),
        _ => None,
    };
    store::add_result(tx, act.workspace_id, attempt, now, ended.outcome(), failure).await?;
    let Some(mut current) = store::act(tx, act.workspace_id, act.id).await? else { return Ok(()) };
    let fence = current.fence;
    let is_ours = fence == act.fence;
    // A late answer that proves the effect is worth more than any doubt.
    let settles_doubt = matches!(ended, End::Done(_))
        && matches!(current.state, ActState::Checking | ActState::Unknown | ActState::Working)
        && (current.open_attempt == Some(attempt) || current.open_attempt.is_none());
    if !is_ours && !settles_doubt {
        tracing::warn!(act = %act.id, %attempt, outcome = ended.outcome(), "a late answer");
        return Ok(());
    }
    if !is_ours {
        current.fence += 1;
    }
    current.open_attempt = None;
    match ended {
        End::Done(receipt) => done(tx, app, &mut current, fence, receipt).await,
        End::Pending(ticket) => {
            current.become_state(ActState::Processing)?;
            current.failures = 0;
            current.ticket = Some(serde_json::to_string(ticket)?);
            current.let_go(Some(ticket.look_at));
            save(tx, app, &current, fence, None).await.map(drop)
        }
        End::Failed(failure) => fail(tx, app, login, current, fence, failure).await,
    }
}

/// It is out: stores the proof and lets the next part begin.
pub(super) async fn done(
    tx: &mut Tx,
    app: &App,
    act: &mut Act,
    fence: i64,
    receipt: &Receipt,
) -> Result<()> {
    let now = app.now();
    act.become_state(ActState::Done)?;
    act.receipt = Some(serde_json::to_string(receipt)?);
    act.open_attempt = None;
    act.failure = None;
    act.failures = 0;
    act.let_go(None);
    if !save(tx, app, act, fence, None).await? {
        return Ok(());
    }
    if act.kind == ActKind::Publish {
        let holder = Holder { kind: HolderKind::Frozen, id: act.id.0 };
        media::release(app, tx, act.workspace_id, holder).await?;
        channels::note_success(tx, act.workspace_id, act.channel_id, now).await?;
    }
    next_part(tx, app, act, now).await
}

/// Starts what waited for this act in the same delivery.
pub(in super::super) async fn next_part(
    tx: &mut Tx,
    app: &App,
    act: &Act,
    now: Instant,
) -> Result<()> {
    let Some(delivery) = act.delivery_id else { return Ok(()) };
    let acts = store::acts_of(tx, act.workspace_id, delivery).await?;
    let next = acts.into_iter().find(|next| {
        next.kind == act.kind && next.state == ActState::Waiting && next.next_at.is_none()
    });
    if let Some(mut next) = next {
        let fence = next.fence;
        next.next_at = Some(now);
        save(tx, app, &next, fence, None).await?;
        tx.wake();
    }
    Ok(())
}

/// What follows from a failed call: another try, a look, or a person.
pub(super) async fn fail(
    tx: &mut Tx,
    app: &App,
    login: &Login,
    mut act: Act,
    fence: i64,
    failure: &Failure,
) -> Result<()> {
    let now = app.now();
    let spec = login.network.spec();
    let was_expired = last_failure(&act).is_some_and(|last| last.kind == FailureKind::Expired);
    act.failure = Some(serde_json::to_string(failure)?);
    if failure.prepare_again {
        act.prepared = None;
    }
    if failure.sent == Sent::Unknown && act.state == ActState::Working {
        if act.kind == ActKind::Delete {
            if spec.features.delete_repeatable {
                act.failures += 1;
                act.become_state(ActState::Waiting)?;
                act.let_go(Some(now + retry_delay(act.failures)));
                let say = cannot_delete(&act);
                return save(tx, app, &act, fence, say).await.map(drop);
            }
            act.become_state(ActState::Refused)?;
            act.let_go(None);
            return save(tx, app, &act, fence, Some(failure.say.clone())).await.map(drop);
        }
        let attempt = store::last_submit(tx, act.workspace_id, act.id).await?;
        act.become_state(ActState::Checking)?;
        act.doubt_since = attempt.as_ref().map(|attempt| attempt.started_at);
        act.looks = 0;
        let look_at = match (spec.find_by, attempt) {
            (FindBy::ReadingBack, Some(attempt)) => settled_at(attempt.send_by, spec),
            _ => now + Duration::from_secs(1),
        };
        act.let_go(Some(look_at));
        return save(tx, app, &act, fence, Some(failure.say.clone())).await.map(drop);
    }
    let is_looking = matches!(act.state, ActState::Checking | ActState::Processing);
    // While a renewal is under way, however long that takes, an expired token
    // says nothing new. Only one that is refused after it was renewed counts.
    let is_asked = failure.kind == FailureKind::Expired && ask_refresh(tx, app, &act, now).await?;
    let is_refused_after_all = is_asked && was_expired && act.failures >= EXPIRED_IN_A_ROW;
    match &failure.kind {
        FailureKind::Expired if !is_refused_after_all => {
            if is_asked {
                act.failures = if was_expired { act.failures + 1 } else { 1 };
            }
            if !is_looking {
                act.become_state(ActState::Waiting)?;
            }
            act.let_go(Some(now + REFRESH_COMES));
            save(tx, app, &act, fence, None).await?;
        }
        FailureKind::Reconnect | FailureKind::Expired => {
            let (workspace, channel, version) = (act.workspace_id, act.channel_id, login.version);
            let is_lost =
                channels::lose_login(tx, workspace, channel, version, &failure.say, now).await?;
            let current = channels::find(tx, workspace, channel).await?;
            if !is_lost && current.state == ChannelState::Connected {
                // It was the old login that was refused; there is a new one.
                if !is_looking {
                    act.become_state(ActState::Waiting)?;
                }
                act.let_go(Some(now + Duration::from_secs(1)));
                return save(tx, app, &act, fence, None).await.map(drop);
            }
            if is_looking {
                act.held_reason = Some(HeldReason::Login.as_str().to_owned());
                act.let_go(None);
            } else {
                act.hold(HeldReason::Login)?;
            }
            save(tx, app, &act, fence, Some(failure.say.clone())).await?;
        }
        // "No" to the question whether it is there is no answer to it.
        FailureKind::Rejected if !is_looking || act.state == ActState::Processing => {
            act.become_state(ActState::Refused)?;
            act.let_go(None);
            save(tx, app, &act, fence, Some(failure.say.clone())).await?;
        }
        FailureKind::RateLimited { until } => {
            if !is_looking {
                act.become_state(ActState::Waiting)?;
            }
            act.let_go(Some((*until).max(now + Duration::from_secs(1))));
            save(tx, app, &act, fence, None).await?;
        }
        FailureKind::Transient | FailureKind::Rejected => {
            let delay = if is_looking {
                act.looks += 1;
                look_delay(act.looks)
            } else {
                act.become_state(ActState::Waiting)?;
                act.failures += 1;
                retry_delay(act.failures)
            };
            act.let_go(Some(now + delay));
            // A doubt that looking cannot lift for a while: a person is told, and we go on looking.
            let is_blind = is_looking && act.looks >= 5;
            let say =
                if is_blind { Some(Say::new("delivery-cannot-look")) } else { cannot_delete(&act) };
            save(tx, app, &act, fence, say).await?;
        }
    }
    Ok(())
}

/// What a person is told of a deletion that does not get on; we go on trying.
fn cannot_delete(act: &Act) -> Option<Say> {
    let is_stuck = act.kind == ActKind::Delete && act.failures >= DELETE_TRIES;
    is_stuck.then(|| Say::new("delivery-cannot-delete"))
}

/// What went wrong with an act last.
fn last_failure(act: &Act) -> Option<Failure> {
    serde_json::from_str(act.failure.as_deref()?).ok()
}

/// The network answered a call that needed the credential: a token that had
/// expired before it is not the first of a row any more.
pub(super) fn token_was_good(act: &mut Act) {
    if last_failure(act).is_some_and(|last| last.kind == FailureKind::Expired) {
        act.failure = None;
    }
}

/// Asks for the channel's credential to be renewed, once. False if that is
/// under way already.
pub(super) async fn ask_refresh(tx: &mut Tx, app: &App, act: &Act, now: Instant) -> Result<bool> {
    let id = ActId::new(&*app.clock, &*app.rng);
    let is_new = store::insert_refresh(tx, act.workspace_id, id, act.channel_id, now).await?;
    tx.wake();
    Ok(is_new)
}
