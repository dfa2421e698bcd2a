//! Deliveries.

use std::time::Duration;

use bellwether_base::{ChannelId, DeliveryId, Instant, PersonId, PlannedTime, PostId, WorkspaceId};
use bellwether_db::{FromRow, Tx, fragments};

use super::super::{Delivery, DeliveryState, HeldReason, Which};
use crate::{Error, Result};

const COLUMNS: &str = "workspace_id, id, post_id, channel_id, state, held_reason, planned_at, \
    planned_local, planned_zone, grace_from, is_let_through, told_at, say, live_at, created_by, \
    created_at";

#[derive(FromRow)]
struct Row {
    workspace_id: WorkspaceId,
    id: DeliveryId,
    post_id: PostId,
    channel_id: ChannelId,
    #[sqlx(try_from = "String")]
    state: DeliveryState,
    held_reason: Option<String>,
    planned_at: Instant,
    planned_local: String,
    planned_zone: String,
    grace_from: Instant,
    is_let_through: bool,
    told_at: Option<Instant>,
    say: Option<String>,
    live_at: Option<Instant>,
    created_by: Option<PersonId>,
    created_at: Instant,
}

impl TryFrom<Row> for Delivery {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let internal = |what: String| Error::Internal(format!("stored delivery: {what}"));
        Ok(Self {
            workspace_id: row.workspace_id,
            id: row.id,
            post_id: row.post_id,
            channel_id: row.channel_id,
            state: row.state,
            held_reason: row.held_reason.map(HeldReason::try_from).transpose().map_err(internal)?,
            planned_at: row.planned_at,
            planned: PlannedTime::parse(&row.planned_local, &row.planned_zone)
                .map_err(|error| internal(error.to_string()))?,
            grace_from: row.grace_from,
            is_let_through: row.is_let_through,
            told_at: row.told_at,
            say: row.say.as_deref().map(serde_json::from_str).transpose()?,
            live_at: row.live_at,
            created_by: row.created_by,
            created_at: row.created_at,
        })
    }
}

/// `parts` is how many it has by now.
pub async fn insert_delivery(tx: &mut Tx, delivery: &Delivery, parts: i64) -> Result<()> {
    tx.sql(
        "insert into deliveries (workspace_id, organization_id, id, post_id, channel_id, state, \
         planned_at, planned_local, planned_zone, grace_from, created_by, created_at, updated_at, \
         parts) values ($1, (select organization_id from workspaces where id = $1), $2, $3, $4, \
         $5, $6, $7, $8, $9, $10, $11, $11, $12)",
    )
    .bind(delivery.workspace_id)
    .bind(delivery.id)
    .bind(delivery.post_id)
    .bind(delivery.channel_id)
    .bind(delivery.state.as_str())
    .bind(delivery.planned_at)
    .bind(delivery.planned.local.to_string())
    .bind(delivery.planned.zone.clone())
    .bind(delivery.grace_from)
    .bind(delivery.created_by)
    .bind(delivery.created_at)
    .bind(parts)
    .execute()
    .await?;
    Ok(())
}

pub async fn delivery(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: DeliveryId,
) -> Result<Option<Delivery>> {
    let row: Option<Row> = tx
        .sql_owned(format!("select {COLUMNS} from deliveries where workspace_id = $1 and id = $2"))
        .bind(workspace)
        .bind(id)
        .optional()
        .await?;
    row.map(Delivery::try_from).transpose()
}

/// The deliveries of `posts` (some, not thousands), by planned time.
pub async fn deliveries_of_all(
    tx: &mut Tx,
    workspace: WorkspaceId,
    posts: &[PostId],
) -> Result<Vec<Delivery>> {
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    let gaps: Vec<String> = (2..posts.len() + 2).map(|gap| format!("${gap}")).collect();
    let mut query = tx
        .sql_owned(format!(
            "select {COLUMNS} from deliveries where workspace_id = $1 and post_id in ({}) \
             order by planned_at, id",
            gaps.join(", ")
        ))
        .bind(workspace);
    for post in posts {
        query = query.bind(*post);
    }
    let rows: Vec<Row> = query.all().await?;
    rows.into_iter().map(Delivery::try_from).collect()
}

pub async fn deliveries_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    post: PostId,
) -> Result<Vec<Delivery>> {
    let rows: Vec<Row> = tx
        .sql_owned(format!(
            "select {COLUMNS} from deliveries where workspace_id = $1 and post_id = $2 \
             order by planned_at, id"
        ))
        .bind(workspace)
        .bind(post)
        .all()
        .await?;
    rows.into_iter().map(Delivery::try_from).collect()
}

/// The states that need a person, as [`DeliveryState::needs_person`] has them
/// and the index `deliveries_needing_person`.
pub const NEEDING_PERSON: &str = "state in ('partly_live', 'refused', 'unknown', \
    'held', 'missed', 'waiting_for_person')";

/// Deliveries by planned time, latest first, before `(planned_at, id)`.
pub async fn deliveries(
    tx: &mut Tx,
    workspace: WorkspaceId,
    which: Which,
    before: (Instant, DeliveryId),
    rows: i64,
) -> Result<Vec<Delivery>> {
    let filter = match which {
        Which::All => String::new(),
        Which::NeedingPerson => format!(" and {NEEDING_PERSON}"),
    };
    let rows: Vec<Row> = tx
        .sql_owned(format!(
            "select {COLUMNS} from deliveries \
             where workspace_id = $1 and (planned_at, id) < ($2, $3){filter} \
             order by planned_at desc, id desc limit $4"
        ))
        .bind(workspace)
        .bind(before.0)
        .bind(before.1)
        .bind(rows)
        .all()
        .await?;
    rows.into_iter().map(Delivery::try_from).collect()
}

/// How many deliveries of a workspace need a person, counted up to `most`.
pub async fn count_needing_person(tx: &mut Tx, workspace: WorkspaceId, most: i64) -> Result<i64> {
    let (count,): (i64,) = tx
        .sql_owned(format!(
            "select count(*) from (select 1 from deliveries \
             where workspace_id = $1 and {NEEDING_PERSON} limit $2) waiting"
        ))
        .bind(workspace)
        .bind(most)
        .one()
        .await?;
    Ok(count)
}

/// How many parts a delivery had when it was planned; one of an unknown delivery.
pub async fn parts_of(tx: &mut Tx, workspace: WorkspaceId, id: DeliveryId) -> Result<i64> {
    let parts = tx
        .sql("select parts from deliveries where workspace_id = $1 and id = $2")
        .bind(workspace)
        .bind(id)
        .scalar_optional()
        .await?;
    Ok(parts.unwrap_or(1))
}

/// Deletes a delivery with everything that was tried for it.
pub async fn delete_delivery(tx: &mut Tx, workspace: WorkspaceId, id: DeliveryId) -> Result<()> {
    for statement in [
        "delete from attempt_results where workspace_id = $1 and attempt_id in (select t.id \
         from attempts t join acts a on a.workspace_id = t.workspace_id and a.id = t.act_id \
         where a.workspace_id = $1 and a.delivery_id = $2)",
        "delete from attempts where workspace_id = $1 and act_id in (select a.id from acts a \
         where a.workspace_id = $1 and a.delivery_id = $2)",
        "delete from acts where workspace_id = $1 and delivery_id = $2",
        "delete from deliveries where workspace_id = $1 and id = $2",
    ] {
        tx.sql(statement).bind(workspace).bind(id).execute().await?;
    }
    Ok(())
}

/// Notes how many parts a delivery has by now.
pub async fn set_parts(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: DeliveryId,
    parts: usize,
) -> Result<()> {
    tx.sql("update deliveries set parts = $3 where workspace_id = $1 and id = $2")
        .bind(workspace)
        .bind(id)
        .bind(i64::try_from(parts).unwrap_or(i64::MAX))
        .execute()
        .await?;
    Ok(())
}

/// The most parts that would be planned on `channel` in any stretch of `per`
/// around `at`, if `parts` more were planned for then. `apart` does not count.
pub async fn most_planned(
    tx: &mut Tx,
    (workspace, channel): (WorkspaceId, ChannelId),
    per: Duration,
    at: Instant,
    parts: i64,
    apart: Option<DeliveryId>,
) -> Result<i64> {
    // A frame's width is no value that can be bound: it is one of a network's constants.
    let before = per.as_millis().saturating_sub(1);
    Ok(tx
        .sql_owned(format!(
            "select cast(coalesce(max(total), 0) as bigint) from ( \
               select planned_at, sum(parts) over ( \
                 order by planned_at range between {before} preceding and current row) as total \
               from ( \
                 select planned_at, parts from deliveries \
                 where workspace_id = $1 and channel_id = $2 \
                   and planned_at > $3 and planned_at < $4 and id <> $7 \
                   and state not in ('cancelled', 'missed') \
                 union all select $5, $6) as planned) as stretches \
             where planned_at >= $5"
        ))
        .bind(workspace)
        .bind(channel)
        .bind(at - per)
        .bind(at + per)
        .bind(at)
        .bind(parts)
        .bind(apart.unwrap_or(DeliveryId(bellwether_base::uuid::Uuid::nil())))
        .scalar()
        .await?)
}

/// The delivery as it stands; nobody else changes it before this transaction
/// ends. Its acts are locked before it, never after.
pub async fn delivery_to_change(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: DeliveryId,
) -> Result<Option<Delivery>> {
    let lock = fragments::update_lock(tx.engine());
    let row: Option<Row> = tx
        .sql_owned(format!(
            "select {COLUMNS} from deliveries where workspace_id = $1 and id = $2{lock}"
        ))
        .bind(workspace)
        .bind(id)
        .optional()
        .await?;
    row.map(Delivery::try_from).transpose()
}

/// Stores what follows from a delivery's acts.
pub async fn save_state(tx: &mut Tx, delivery: &Delivery, now: Instant) -> Result<()> {
    tx.sql(
        "update deliveries set state = $3, held_reason = $4, told_at = $5, say = $6, live_at = $7, \
         updated_at = $8 where workspace_id = $1 and id = $2",
    )
    .bind(delivery.workspace_id)
    .bind(delivery.id)
    .bind(delivery.state.as_str())
    .bind(delivery.held_reason.map(HeldReason::as_str))
    .bind(delivery.told_at)
    .bind(delivery.say.as_ref().map(serde_json::to_string).transpose()?)
    .bind(delivery.live_at)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// Stores what a person decided: when it goes, and whether a pause lets it through.
pub async fn save_plan(tx: &mut Tx, delivery: &Delivery, now: Instant) -> Result<()> {
    tx.sql(
        "update deliveries set planned_at = $3, planned_local = $4, planned_zone = $5, \
         grace_from = $6, is_let_through = $7, updated_at = $8 \
         where workspace_id = $1 and id = $2",
    )
    .bind(delivery.workspace_id)
    .bind(delivery.id)
    .bind(delivery.planned_at)
    .bind(delivery.planned.local.to_string())
    .bind(delivery.planned.zone.clone())
    .bind(delivery.grace_from)
    .bind(delivery.is_let_through)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

/// What was let through a pause of this scope is so no more.
pub async fn end_let_through(tx: &mut Tx, scope: &super::ScopeFilter) -> Result<()> {
    tx.sql_owned(format!(
        "update deliveries as a set is_let_through = $1 where a.is_let_through and exists ( \
         select 1 from channels c where c.workspace_id = a.workspace_id and c.id = a.channel_id \
         and {})",
        super::SCOPE_FILTER
    ))
    .bind(false)
    .bind(scope.workspace)
    .bind(scope.channel)
    .bind(scope.network.clone())
    .execute()
    .await?;
    Ok(())
}
