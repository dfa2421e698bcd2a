//! More planned around one time than a network lets a channel call. Nothing is
//! refused for it: what does not fit goes out later, and who plans is told.

use bellwether_base::{ChannelId, DeliveryId, Instant, Say, WorkspaceId};
use bellwether_db::Tx;
use bellwether_networks::{Problem, Spec};

use super::{Delivery, store};
use crate::channels::Channel;
use crate::{App, Caller, Permission, Result, channels, workspaces};

/// What would be too much, if as many parts more were planned `at` that time on
/// each channel. For the composer; scheduling answers the same.
pub async fn over_quota(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    at: Instant,
    on: &[(ChannelId, usize)],
) -> Result<Vec<(ChannelId, Problem)>> {
    let mut tx = app.db.read().await?;
    workspaces::access(&mut tx, caller, workspace, Permission::Read).await?;
    let mut found = Vec::new();
    for (id, parts) in on {
        let channel = channels::find(&mut tx, workspace, *id).await?;
        let Some(network) = app.registry.network(&channel.network) else { continue };
        let warning = warning(&mut tx, &channel, network.spec(), at, *parts, None).await?;
        found.extend(warning.map(|problem| (*id, problem)));
    }
    Ok(found)
}

/// The same for one delivery that was moved, which does not count where it was.
pub(super) async fn warning_moved(
    tx: &mut Tx,
    app: &App,
    delivery: &Delivery,
) -> Result<Option<Problem>> {
    let channel = channels::find(tx, delivery.workspace_id, delivery.channel_id).await?;
    let Some(network) = app.registry.network(&channel.network) else { return Ok(None) };
    let parts = store::parts_of(tx, delivery.workspace_id, delivery.id).await?;
    let parts = usize::try_from(parts).unwrap_or(1);
    warning(tx, &channel, network.spec(), delivery.planned_at, parts, Some(delivery.id)).await
}

/// The same within a transaction. `apart` does not count.
pub(super) async fn warning(
    tx: &mut Tx,
    channel: &Channel,
    spec: &Spec,
    at: Instant,
    parts: usize,
    apart: Option<DeliveryId>,
) -> Result<Option<Problem>> {
    let place = (channel.workspace_id, channel.id);
    let parts = i64::try_from(parts.max(1)).unwrap_or(i64::MAX);
    for quota in spec.quotas {
        let known = store::quota(tx, place.0, place.1, quota.bucket).await?;
        // A server may have told a limit of its own.
        let limit = known.map_or(quota.limit, |row| row.quota);
        let allowed = limit / quota.cost.max(1);
        if store::most_planned(tx, place, quota.per, at, parts, apart).await? > allowed {
            let say = Say::new("schedule-over-quota").with("allowed", allowed);
            return Ok(Some(Problem::warning(None, say)));
        }
    }
    Ok(None)
}
