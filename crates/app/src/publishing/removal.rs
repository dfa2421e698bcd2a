//! Removing a channel, and what was planned on it.

use bellwether_base::{ChannelId, Say, WorkspaceId};
use bellwether_db::Tx;

use super::store::{self, Act};
use super::{ActState, HeldReason};
use crate::channels::ChannelState;
use crate::{App, Caller, Result, channels};

/// What becomes of what was planned on a channel that is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Planned {
    /// It is held, and goes on if the same profile is connected again in time.
    #[default]
    Held,
    /// It is given up.
    Cancelled,
}

/// Removes a channel: its login is forgotten at once, what went out stays out.
/// Whoever planned something on it is told now, not when its time comes. What
/// is on its way or in doubt ends as it would. Returns how many deliveries were
/// held or cancelled.
pub async fn remove_channel(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    channel: ChannelId,
    planned: Planned,
) -> Result<usize> {
    let mut tx = app.db.begin().await?;
    let found = channels::to_remove(&mut tx, caller, workspace, channel).await?;
    // Acts before the channel, as who writes down how an attempt ended takes them.
    let mut stopped = stop_all(&mut tx, app, caller, workspace, channel, planned).await?;
    // Somebody who comes again may want to give up what is held.
    if found.state != ChannelState::Removed {
        channels::remove_in(&mut tx, app, caller, &found).await?;
        // And what was planned on it in between.
        stopped += stop_all(&mut tx, app, caller, workspace, channel, planned).await?;
    }
    tx.wake();
    tx.commit().await?;
    Ok(stopped)
}

async fn stop_all(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    channel: ChannelId,
    planned: Planned,
) -> Result<usize> {
    let mut deliveries = std::collections::BTreeSet::new();
    for mut act in store::acts_planned_on(tx, workspace, channel).await? {
        let fence = act.fence;
        if !stop(&mut act, planned)? {
            continue;
        }
        act.fence += 1;
        if store::save_act(tx, &act, fence, app.now()).await? {
            let say = match planned {
                Planned::Held => Say::new("channel-was-removed"),
                Planned::Cancelled => Say::new("delivery-cancelled-with-channel"),
            };
            super::engine::follow_act(tx, app, &act, Some(say), caller).await?;
            deliveries.extend(act.delivery_id);
        }
    }
    Ok(deliveries.len())
}

/// Stops one act that waits or is held. False if it may stay as it is.
fn stop(act: &mut Act, planned: Planned) -> Result<bool> {
    match planned {
        Planned::Cancelled => {
            act.become_state(ActState::Cancelled)?;
            act.let_go(None);
        }
        // The parts of a thread follow the one that is held.
        Planned::Held if act.state == ActState::Held || act.next_at.is_none() => return Ok(false),
        Planned::Held => act.hold(HeldReason::Login)?,
    }
    Ok(true)
}
