//! Acts that look again sooner than they would by themselves.

use bellwether_base::{ChannelId, Instant, WorkspaceId};
use bellwether_db::Tx;

use crate::Result;

/// Calls what waits on a channel and would look again before `until`.
pub async fn call_waiting(
    tx: &mut Tx,
    workspace: WorkspaceId,
    channel: ChannelId,
    now: Instant,
    until: Instant,
) -> Result<()> {
    tx.sql(
        "update acts set next_at = $3 where workspace_id = $1 and channel_id = $2 \
         and next_at > $3 and next_at <= $4 and lease_owner is null \
         and state in ('waiting', 'checking', 'processing')",
    )
    .bind(workspace)
    .bind(channel)
    .bind(now)
    .bind(until)
    .execute()
    .await?;
    Ok(())
}

/// Calls what was put off with a clock that was ahead: by itself the engine
/// waits for nothing longer than until `latest`, but for what was planned for
/// later. Whoever is at work on an act keeps it.
pub async fn call_put_off(tx: &mut Tx, now: Instant, latest: Instant) -> Result<()> {
    tx.sql(
        "update acts set next_at = case when due_at > $1 then due_at else $1 end \
         where next_at > $2 and next_at > due_at and lease_owner is null",
    )
    .bind(now)
    .bind(latest)
    .execute()
    .await?;
    Ok(())
}
