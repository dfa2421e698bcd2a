//! All SQL about calls. The table is one of the streams'.

use bellwether_base::{CallId, ChannelId, Instant, WorkspaceId};
use bellwether_db::Tx;

use super::NetworkCall;
use crate::Result;

pub(super) async fn insert(tx: &mut Tx, call: &NetworkCall) -> Result<()> {
    tx.sql(
        "insert into network_calls \
         (id, workspace_id, channel_id, at, method, host, path, status, millis, trouble) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(call.id)
    .bind(call.workspace_id)
    .bind(call.channel_id)
    .bind(call.at)
    .bind(call.method.clone())
    .bind(call.host.clone())
    .bind(call.path.clone())
    .bind(call.status)
    .bind(call.millis)
    .bind(call.trouble.clone())
    .execute()
    .await?;
    Ok(())
}

pub(super) const OF_CHANNEL: &str = "select id, workspace_id, channel_id, at, method, host, path, \
     status, millis, trouble from network_calls \
     where workspace_id = $1 and channel_id = $2 and (at, id) < ($3, $4) \
     order by at desc, id desc limit $5";

/// Newest first, from before `before` on.
pub(super) async fn of_channel(
    tx: &mut Tx,
    workspace: WorkspaceId,
    channel: ChannelId,
    before: (Instant, CallId),
    rows: i64,
) -> Result<Vec<NetworkCall>> {
    Ok(tx
        .sql(OF_CHANNEL)
        .bind(workspace)
        .bind(channel)
        .bind(before.0)
        .bind(before.1)
        .bind(rows)
        .all()
        .await?)
}

pub(super) const RECENT: &str = "select id, workspace_id, channel_id, at, method, host, path, \
     status, millis, trouble from network_calls order by at desc limit $1";

/// The newest of everybody.
pub(super) async fn recent(tx: &mut Tx, rows: i64) -> Result<Vec<NetworkCall>> {
    Ok(tx.sql(RECENT).bind(rows).all().await?)
}
