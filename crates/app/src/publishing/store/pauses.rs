//! What is stopped, who may claim, and the clock's heartbeat.

use bellwether_base::{ChannelId, Instant, PersonId, WorkspaceId};
use bellwether_db::{FromRow, Tx, fragments};

use crate::Result;

/// Narrows a query over acts and their channels: `$2` workspace, `$3`
/// channel, `$4` network, each ignored when null.
pub const SCOPE_FILTER: &str = "(a.workspace_id = $2 or $2 is null) \
    and (a.channel_id = $3 or $3 is null) and (c.network = $4 or $4 is null)";

/// The values of [`SCOPE_FILTER`].
#[derive(Debug, Clone, Default)]
pub struct ScopeFilter {
    pub workspace: Option<WorkspaceId>,
    pub channel: Option<ChannelId>,
    pub network: Option<String>,
}

/// One scope, as stored.
#[derive(Debug, Clone, FromRow)]
pub struct ScopeRow {
    pub key: String,
    pub workspace_id: Option<WorkspaceId>,
    pub level: i32,
    pub paused_at: Option<Instant>,
    pub paused_by: Option<PersonId>,
    pub acknowledged_at: Option<Instant>,
    pub reason: Option<String>,
}

/// How a pause is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// For writing an attempt down: what is read holds until the transaction ends.
    Locked,
    /// To see early whether going on makes sense.
    Peek,
}

/// The highest pause over an act.
pub async fn pause_level(
    tx: &mut Tx,
    workspace: WorkspaceId,
    network: &str,
    channel: ChannelId,
    reading: Reading,
) -> Result<i32> {
    let lock = match reading {
        Reading::Locked => fragments::share_lock(tx.engine()),
        Reading::Peek => "",
    };
    let levels: Vec<(i32,)> = tx
        .sql_owned(format!(
            "select level from pause_scopes where key in ('installation', $1, $2, $3) \
             order by key{lock}"
        ))
        .bind(format!("workspace:{workspace}"))
        .bind(format!("network:{network}"))
        .bind(format!("channel:{channel}"))
        .all()
        .await?;
    Ok(levels.into_iter().map(|(level,)| level).max().unwrap_or(0))
}

pub async fn insert_scope(tx: &mut Tx, key: &str, workspace: Option<WorkspaceId>) -> Result<()> {
    tx.sql(
        "insert into pause_scopes (key, workspace_id) values ($1, $2) on conflict (key) do nothing",
    )
    .bind(key.to_owned())
    .bind(workspace)
    .execute()
    .await?;
    Ok(())
}

/// A scope as it stands; nobody else changes it before this transaction ends.
pub async fn scope_to_change(tx: &mut Tx, key: &str) -> Result<Option<ScopeRow>> {
    let lock = fragments::update_lock(tx.engine());
    Ok(tx
        .sql_owned(format!(
            "select key, workspace_id, level, paused_at, paused_by, acknowledged_at, reason \
             from pause_scopes where key = $1{lock}"
        ))
        .bind(key.to_owned())
        .optional()
        .await?)
}

/// Everything that is paused and concerns a workspace.
pub async fn paused_scopes(tx: &mut Tx, workspace: Option<WorkspaceId>) -> Result<Vec<ScopeRow>> {
    Ok(tx
        .sql(
            "select key, workspace_id, level, paused_at, paused_by, acknowledged_at, reason \
             from pause_scopes \
             where level > 0 and (workspace_id = $1 or workspace_id is null or $1 is null) \
             order by paused_at, key",
        )
        .bind(workspace)
        .all()
        .await?)
}

pub async fn save_scope(tx: &mut Tx, row: &ScopeRow) -> Result<()> {
    tx.sql(
        "update pause_scopes set level = $2, paused_at = $3, paused_by = $4, \
         acknowledged_at = $5, reason = $6 where key = $1",
    )
    .bind(row.key.clone())
    .bind(row.level)
    .bind(row.paused_at)
    .bind(row.paused_by)
    .bind(row.acknowledged_at)
    .bind(row.reason.clone())
    .execute()
    .await?;
    Ok(())
}

/// Notes that nothing can go out any more, if the pause is still the one of `paused_at`.
pub async fn acknowledge(tx: &mut Tx, key: &str, paused_at: Instant, now: Instant) -> Result<()> {
    tx.sql(
        "update pause_scopes set acknowledged_at = $3 \
         where key = $1 and paused_at = $2 and level > 0 and acknowledged_at is null",
    )
    .bind(key.to_owned())
    .bind(paused_at)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

#[derive(Debug, Clone, FromRow)]
pub struct InstallationRow {
    pub epoch: i64,
    pub heartbeat_at: Option<Instant>,
    pub dispatch_stop: Option<String>,
}

pub async fn installation(tx: &mut Tx) -> Result<InstallationRow> {
    Ok(tx
        .sql("select epoch, heartbeat_at, dispatch_stop from installation where id = 1")
        .one()
        .await?)
}

/// Why dispatch is stopped; nothing too before an engine ever ran.
pub async fn dispatch_stop(tx: &mut Tx) -> Result<Option<String>> {
    let row: Option<(Option<String>,)> =
        tx.sql("select dispatch_stop from installation where id = 1").optional().await?;
    Ok(row.and_then(|(stop,)| stop))
}

pub async fn beat(tx: &mut Tx, now: Instant) -> Result<()> {
    tx.sql("update installation set heartbeat_at = $1 where id = 1").bind(now).execute().await?;
    Ok(())
}

pub async fn set_dispatch_stop(tx: &mut Tx, stop: Option<String>) -> Result<()> {
    tx.sql("update installation set dispatch_stop = $1 where id = 1").bind(stop).execute().await?;
    Ok(())
}

pub async fn register_worker(
    tx: &mut Tx,
    worker: &str,
    started_at: Instant,
    now: Instant,
    clock_offset: i64,
) -> Result<()> {
    tx.sql(
        "insert into workers (id, started_at, seen_at, clock_offset) values ($1, $2, $3, $4) \
         on conflict (id) do update set seen_at = excluded.seen_at, \
         clock_offset = excluded.clock_offset",
    )
    .bind(worker.to_owned())
    .bind(started_at)
    .bind(now)
    .bind(clock_offset)
    .execute()
    .await?;
    Ok(())
}

/// Some servers to ask for the time.
pub async fn some_servers(tx: &mut Tx) -> Result<Vec<(String,)>> {
    Ok(tx
        .sql("select distinct server from channels where state = 'connected' order by server limit 3")
        .all()
        .await?)
}
