//! Attempts and how they ended. Rows are only ever added.

use std::time::Duration;

use bellwether_base::{ActId, AttemptId, ChannelId, DeliveryId, Instant, WorkspaceId};
use bellwether_db::{FromRow, Tx};
use bellwether_networks::{Failure, QuotaReading, Sent};

use crate::Result;

/// One try, as stored.
#[derive(Debug, Clone, FromRow)]
pub struct Attempt {
    pub workspace_id: WorkspaceId,
    pub id: AttemptId,
    pub act_id: ActId,
    pub number: i32,
    pub step: String,
    pub is_harmless: bool,
    pub fence: i64,
    pub worker: String,
    pub epoch: i64,
    pub started_at: Instant,
    pub send_by: Instant,
    pub timeout: i64,
    pub newest_before: Option<String>,
}

/// What is known of a try's end, as stored.
#[derive(Debug, Clone, FromRow)]
pub struct AttemptResult {
    pub attempt_id: AttemptId,
    pub at: Instant,
    pub outcome: String,
    pub failure: Option<String>,
}

impl AttemptResult {
    /// Whether it is known that nothing was changed. What cannot be read says nothing.
    fn was_in_vain(&self) -> bool {
        let failure = || serde_json::from_str::<Failure>(self.failure.as_deref()?).ok();
        self.outcome == "failed" && failure().is_some_and(|failure| failure.sent == Sent::No)
    }
}

/// An attempt whose end is not known.
#[derive(Debug, Clone, FromRow)]
pub struct OpenAttempt {
    pub workspace_id: WorkspaceId,
    pub channel_id: ChannelId,
    pub delivery_id: Option<DeliveryId>,
    pub started_at: Instant,
    pub send_by: Instant,
}

pub async fn insert_attempt(tx: &mut Tx, attempt: &Attempt) -> Result<()> {
    tx.sql(
        "insert into attempts (workspace_id, id, act_id, number, step, is_harmless, fence, \
         worker, epoch, started_at, send_by, timeout, newest_before) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(attempt.workspace_id)
    .bind(attempt.id)
    .bind(attempt.act_id)
    .bind(attempt.number)
    .bind(attempt.step.clone())
    .bind(attempt.is_harmless)
    .bind(attempt.fence)
    .bind(attempt.worker.clone())
    .bind(attempt.epoch)
    .bind(attempt.started_at)
    .bind(attempt.send_by)
    .bind(attempt.timeout)
    .bind(attempt.newest_before.clone())
    .execute()
    .await?;
    Ok(())
}

/// Behind which fence a try was written down.
pub async fn fence_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    attempt: AttemptId,
) -> Result<Option<i64>> {
    Ok(tx
        .sql("select fence from attempts where workspace_id = $1 and id = $2")
        .bind(workspace)
        .bind(attempt)
        .scalar_optional()
        .await?)
}

/// The last try of an act that could have changed something.
pub async fn last_submit(
    tx: &mut Tx,
    workspace: WorkspaceId,
    act: ActId,
) -> Result<Option<Attempt>> {
    Ok(tx
        .sql(
            "select workspace_id, id, act_id, number, step, is_harmless, fence, worker, epoch, \
             started_at, send_by, timeout, newest_before \
             from attempts where workspace_id = $1 and act_id = $2 and not is_harmless \
             order by number desc limit 1",
        )
        .bind(workspace)
        .bind(act)
        .optional()
        .await?)
}

/// The first try of an act that could have changed something.
pub async fn first_submit(
    tx: &mut Tx,
    workspace: WorkspaceId,
    act: ActId,
) -> Result<Option<Attempt>> {
    Ok(tx
        .sql(
            "select workspace_id, id, act_id, number, step, is_harmless, fence, worker, epoch, \
             started_at, send_by, timeout, newest_before \
             from attempts where workspace_id = $1 and act_id = $2 and not is_harmless \
             order by number limit 1",
        )
        .bind(workspace)
        .bind(act)
        .optional()
        .await?)
}

/// Whether a network may have what an act asks for: of each try of it that
/// could have changed something it must be known that it changed nothing.
pub async fn may_be_there(tx: &mut Tx, workspace: WorkspaceId, act: ActId) -> Result<bool> {
    let attempts = attempts_of(tx, workspace, act).await?;
    let results = results_of(tx, workspace, act).await?;
    let was_in_vain = |attempt: &Attempt| {
        let mut own = results.iter().filter(|own| own.attempt_id == attempt.id).peekable();
        own.peek().is_some() && own.all(AttemptResult::was_in_vain)
    };
    Ok(attempts.iter().any(|attempt| !attempt.is_harmless && !was_in_vain(attempt)))
}

pub async fn attempts_of(tx: &mut Tx, workspace: WorkspaceId, act: ActId) -> Result<Vec<Attempt>> {
    Ok(tx
        .sql(
            "select workspace_id, id, act_id, number, step, is_harmless, fence, worker, epoch, \
             started_at, send_by, timeout, newest_before \
             from attempts where workspace_id = $1 and act_id = $2 order by number",
        )
        .bind(workspace)
        .bind(act)
        .all()
        .await?)
}

pub async fn results_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    act: ActId,
) -> Result<Vec<AttemptResult>> {
    Ok(tx
        .sql(
            "select r.attempt_id, r.at, r.outcome, r.failure from attempt_results r \
             join attempts a on a.workspace_id = r.workspace_id and a.id = r.attempt_id \
             where a.workspace_id = $1 and a.act_id = $2 order by a.number, r.number",
        )
        .bind(workspace)
        .bind(act)
        .all()
        .await?)
}

pub async fn add_result(
    tx: &mut Tx,
    workspace: WorkspaceId,
    attempt: AttemptId,
    at: Instant,
    outcome: &'static str,
    failure: Option<&Failure>,
) -> Result<()> {
    tx.sql(
        "insert into attempt_results (workspace_id, attempt_id, number, at, outcome, failure) \
         select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5 from attempt_results \
         where workspace_id = $1 and attempt_id = $2",
    )
    .bind(workspace)
    .bind(attempt)
    .bind(at)
    .bind(outcome)
    .bind(failure.map(serde_json::to_string).transpose()?)
    .execute()
    .await?;
    Ok(())
}

/// Attempts in a scope whose end is not known.
pub async fn open_attempts(tx: &mut Tx, scope: &super::ScopeFilter) -> Result<Vec<OpenAttempt>> {
    Ok(tx
        .sql_owned(format!(
            "select a.workspace_id, a.channel_id, a.delivery_id, t.started_at, t.send_by \
             from acts a join attempts t \
               on t.workspace_id = a.workspace_id and t.id = a.open_attempt \
             join channels c on c.workspace_id = a.workspace_id and c.id = a.channel_id \
             where a.open_attempt is not null and a.kind = 'publish' and $1 = $1 and {} \
             order by t.send_by",
            super::SCOPE_FILTER
        ))
        .bind(0_i64)
        .bind(scope.workspace)
        .bind(scope.channel)
        .bind(scope.network.clone())
        .all()
        .await?)
}

/// No request takes longer than this, its window and the network's timeout
/// together: what began earlier was over.
const LONGEST_REQUEST: Duration = Duration::from_mins(10);

/// Deliveries of a scope (with a workspace) of which a request was under way
/// at `at`. Ids of attempts are in the order of their time, so this reads a
/// stretch of their key.
pub async fn sent_across(
    tx: &mut Tx,
    scope: &super::ScopeFilter,
    at: Instant,
) -> Result<Vec<DeliveryId>> {
    let rows: Vec<(DeliveryId,)> = tx
        .sql_owned(format!(
            "select distinct a.delivery_id from attempts t \
             join acts a on a.workspace_id = t.workspace_id and a.id = t.act_id \
             join channels c on c.workspace_id = a.workspace_id and c.id = a.channel_id \
             where t.workspace_id = $2 and t.id >= $5 and t.id < $6 and t.started_at <= $1 \
             and a.kind = 'publish' and a.delivery_id is not null and not t.is_harmless \
             and not exists (select 1 from attempt_results r where \
               r.workspace_id = t.workspace_id and r.attempt_id = t.id and r.at <= $1) \
             and {} order by a.delivery_id",
            super::SCOPE_FILTER
        ))
        .bind(at)
        .bind(scope.workspace)
        .bind(scope.channel)
        .bind(scope.network.clone())
        .bind(AttemptId::first_at(at - LONGEST_REQUEST))
        .bind(AttemptId::first_at(at + Duration::from_millis(1)))
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

#[derive(FromRow)]
pub struct QuotaRow {
    pub quota: i64,
    pub remaining: i64,
    pub resets_at: Instant,
}

pub async fn quota(
    tx: &mut Tx,
    workspace: WorkspaceId,
    channel: ChannelId,
    bucket: &str,
) -> Result<Option<QuotaRow>> {
    Ok(tx
        .sql(
            "select quota, remaining, resets_at from quotas \
             where workspace_id = $1 and channel_id = $2 and bucket = $3",
        )
        .bind(workspace)
        .bind(channel)
        .bind(bucket.to_owned())
        .optional()
        .await?)
}

pub async fn put_quota(
    tx: &mut Tx,
    workspace: WorkspaceId,
    channel: ChannelId,
    reading: &QuotaReading,
    now: Instant,
) -> Result<()> {
    tx.sql(
        "insert into quotas (workspace_id, channel_id, bucket, quota, remaining, resets_at, \
         read_at) values ($1, $2, $3, $4, $5, $6, $7) \
         on conflict (workspace_id, channel_id, bucket) do update set \
         quota = excluded.quota, remaining = excluded.remaining, \
         resets_at = excluded.resets_at, read_at = excluded.read_at",
    )
    .bind(workspace)
    .bind(channel)
    .bind(reading.bucket)
    .bind(reading.limit)
    .bind(reading.remaining)
    .bind(reading.resets_at)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}
