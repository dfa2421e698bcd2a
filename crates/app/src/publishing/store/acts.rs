//! Acts: loading, saving behind the fence, and claiming what is due.

use bellwether_base::{ActId, AttemptId, ChannelId, DeliveryId, Instant, WorkspaceId};
use bellwether_db::{FromRow, Tx, fragments};
use bellwether_networks::Receipt;

use super::super::rules::ORDER_WAITS;
use super::super::{ActKind, ActState, Delivery, HeldReason};
use crate::{App, Error, Result};

/// One act, as stored.
#[derive(Debug, Clone, FromRow)]
pub struct Act {
    pub workspace_id: WorkspaceId,
    pub id: ActId,
    pub channel_id: ChannelId,
    pub delivery_id: Option<DeliveryId>,
    #[sqlx(try_from = "String")]
    pub kind: ActKind,
    pub part: i32,
    #[sqlx(try_from = "String")]
    pub state: ActState,
    pub held_reason: Option<String>,
    pub due_at: Instant,
    pub position: i64,
    pub next_at: Option<Instant>,
    pub lease_owner: Option<String>,
    pub fence: i64,
    pub open_attempt: Option<AttemptId>,
    pub attempts: i32,
    pub failures: i32,
    pub looks: i32,
    pub frozen: Option<String>,
    pub frozen_revision: Option<i64>,
    pub prepared: Option<String>,
    pub ticket: Option<String>,
    pub target: Option<String>,
    pub receipt: Option<String>,
    pub doubt_since: Option<Instant>,
    pub failure: Option<String>,
    pub created_at: Instant,
}

impl Act {
    /// The `nth` act of its kind of `delivery`, due at `due_at`. Nothing calls it yet.
    pub fn waiting(
        app: &App,
        delivery: &Delivery,
        kind: ActKind,
        nth: usize,
        due_at: Instant,
    ) -> Self {
        Self {
            workspace_id: delivery.workspace_id,
            id: ActId::new(&*app.clock, &*app.rng),
            channel_id: delivery.channel_id,
            delivery_id: Some(delivery.id),
            kind,
            part: i32::try_from(nth).unwrap_or(i32::MAX),
            state: ActState::Waiting,
            held_reason: None,
            due_at,
            position: 0,
            next_at: None,
            lease_owner: None,
            fence: 0,
            open_attempt: None,
            attempts: 0,
            failures: 0,
            looks: 0,
            frozen: None,
            frozen_revision: None,
            prepared: None,
            ticket: None,
            target: None,
            receipt: None,
            doubt_since: None,
            failure: None,
            created_at: app.now(),
        }
    }

    /// Moves to `next`, if the table of transitions has it.
    pub fn become_state(&mut self, next: ActState) -> Result<()> {
        if !self.state.may_become(next) {
            return Err(Error::Internal(format!(
                "act {} cannot go from {:?} to {next:?}",
                self.id, self.state
            )));
        }
        self.state = next;
        if next != ActState::Held {
            self.held_reason = None;
        }
        Ok(())
    }

    /// Lets go of the lease: the engine acts again at `next_at`, or not by itself.
    pub fn let_go(&mut self, next_at: Option<Instant>) {
        self.lease_owner = None;
        self.next_at = next_at;
    }

    /// Held for `reason`, until a person lifts it.
    pub fn hold(&mut self, reason: HeldReason) -> Result<()> {
        self.become_state(ActState::Held)?;
        self.held_reason = Some(reason.as_str().to_owned());
        self.let_go(None);
        Ok(())
    }
}

pub(super) const COLUMNS: &str = "workspace_id, id, channel_id, delivery_id, kind, part, state, held_reason, \
    due_at, position, next_at, lease_owner, fence, open_attempt, attempts, failures, looks, \
    frozen, frozen_revision, prepared, ticket, target, receipt, doubt_since, failure, created_at";

/// What a claim gives: which act, and the fence that its worker writes behind.
#[derive(Debug, Clone, FromRow)]
pub struct Claim {
    pub workspace_id: WorkspaceId,
    pub id: ActId,
    pub fence: i64,
}

pub async fn insert_act(tx: &mut Tx, act: &Act) -> Result<()> {
    tx.sql(
        "insert into acts (workspace_id, id, channel_id, delivery_id, kind, part, state, due_at, \
         position, next_at, target, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)",
    )
    .bind(act.workspace_id)
    .bind(act.id)
    .bind(act.channel_id)
    .bind(act.delivery_id)
    .bind(act.kind.as_str())
    .bind(act.part)
    .bind(act.state.as_str())
    .bind(act.due_at)
    .bind(act.position)
    .bind(act.next_at)
    .bind(act.target.clone())
    .bind(act.created_at)
    .execute()
    .await?;
    Ok(())
}

/// Asks for a credential's renewal, unless one is under way.
pub async fn insert_refresh(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ActId,
    channel: ChannelId,
    now: Instant,
) -> Result<bool> {
    let inserted = tx
        .sql(
            "insert into acts (workspace_id, id, channel_id, kind, state, due_at, position, \
             next_at, created_at, updated_at) \
             values ($1, $2, $3, 'refresh', 'waiting', $4, 0, $4, $4, $4) \
             on conflict (workspace_id, channel_id) where kind = 'refresh' and next_at is not null \
             do nothing",
        )
        .bind(workspace)
        .bind(id)
        .bind(channel)
        .bind(now)
        .execute()
        .await?;
    Ok(inserted == 1)
}

pub async fn act(tx: &mut Tx, workspace: WorkspaceId, id: ActId) -> Result<Option<Act>> {
    Ok(tx
        .sql_owned(format!("select {COLUMNS} from acts where workspace_id = $1 and id = $2"))
        .bind(workspace)
        .bind(id)
        .optional()
        .await?)
}

/// A delivery's acts: what puts its parts out, then what takes them down.
pub async fn acts_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    delivery: DeliveryId,
) -> Result<Vec<Act>> {
    acts_of_with(tx, workspace, delivery, "").await
}

/// Takes away an act that was never tried and that nothing has called yet.
pub async fn delete_untried(tx: &mut Tx, workspace: WorkspaceId, id: ActId) -> Result<()> {
    tx.sql("delete from acts where workspace_id = $1 and id = $2 and attempts = 0")
        .bind(workspace)
        .bind(id)
        .execute()
        .await?;
    Ok(())
}

/// The same as they stand, and nobody else changes them before this
/// transaction ends: an attempt that is being written down is waited for.
pub async fn acts_to_change(
    tx: &mut Tx,
    workspace: WorkspaceId,
    delivery: DeliveryId,
) -> Result<Vec<Act>> {
    let lock = fragments::update_lock(tx.engine());
    acts_of_with(tx, workspace, delivery, lock).await
}

/// What is yet to go out on a channel and waits or is held, and nobody else
/// changes it before this transaction ends.
pub async fn acts_planned_on(
    tx: &mut Tx,
    workspace: WorkspaceId,
    channel: ChannelId,
) -> Result<Vec<Act>> {
    let lock = fragments::update_lock(tx.engine());
    Ok(tx
        .sql_owned(format!(
            "select {COLUMNS} from acts where workspace_id = $1 and delivery_id in ( \
               select delivery_id from acts where workspace_id = $1 and channel_id = $2 \
                 and next_at is not null \
               union select delivery_id from acts where workspace_id = $1 and channel_id = $2 \
                 and held_reason is not null) \
             and kind = 'publish' and state in ('waiting', 'held') \
             order by due_at, position, part{lock}"
        ))
        .bind(workspace)
        .bind(channel)
        .all()
        .await?)
}

async fn acts_of_with(
    tx: &mut Tx,
    workspace: WorkspaceId,
    delivery: DeliveryId,
    lock: &str,
) -> Result<Vec<Act>> {
    Ok(tx
        .sql_owned(format!(
            "select {COLUMNS} from acts where workspace_id = $1 and delivery_id = $2 \
             order by kind desc, part, id{lock}"
        ))
        .bind(workspace)
        .bind(delivery)
        .all()
        .await?)
}

/// Writes an act back, if nobody else has claimed or changed it since `fence`.
pub async fn save_act(tx: &mut Tx, act: &Act, fence: i64, now: Instant) -> Result<bool> {
    let changed = tx
        .sql(
            "update acts set state = $4, held_reason = $5, due_at = $6, next_at = $7, \
             lease_owner = $8, fence = $9, open_attempt = $10, attempts = $11, failures = $12, \
             looks = $13, frozen = $14, frozen_revision = $15, prepared = $16, ticket = $17, \
             receipt = $18, doubt_since = $19, failure = $20, updated_at = $21 \
             where workspace_id = $1 and id = $2 and fence = $3",
        )
        .bind(act.workspace_id)
        .bind(act.id)
        .bind(fence)
        .bind(act.state.as_str())
        .bind(act.held_reason.clone())
        .bind(act.due_at)
        .bind(act.next_at)
        .bind(act.lease_owner.clone())
        .bind(act.fence)
        .bind(act.open_attempt)
        .bind(act.attempts)
        .bind(act.failures)
        .bind(act.looks)
        .bind(act.frozen.clone())
        .bind(act.frozen_revision)
        .bind(act.prepared.clone())
        .bind(act.ticket.clone())
        .bind(act.receipt.clone())
        .bind(act.doubt_since)
        .bind(act.failure.clone())
        .bind(now)
        .execute()
        .await?;
    Ok(changed == 1)
}

/// Claims up to `limit` acts that are due and whose turn it is.
///
/// An act's turn on its channel comes when no earlier one is being sent, is
/// in doubt, or will be tried within [`ORDER_WAITS`]: what is in doubt may
/// have to go again, and while it is looked for in a list nothing that says
/// the same may come into that list. Claiming again after a lease ran out
/// is how a dead worker's acts are taken over.
pub async fn claim(
    tx: &mut Tx,
    worker: &str,
    now: Instant,
    lease_until: Instant,
    limit: i64,
) -> Result<Vec<Claim>> {
    // Only the claimed rows are locked, not those that they are compared with.
    let lock = fragments::skip_locked(tx.engine());
    Ok(tx
        .sql_owned(format!(
            "update acts set lease_owner = $1, next_at = $2, fence = fence + 1 \
             where (workspace_id, id) in ( \
               select a.workspace_id, a.id from acts a \
               where a.next_at <= $3 \
                 and not (a.kind = 'publish' and a.state = 'waiting' and exists ( \
                   select 1 from acts e \
                   where e.workspace_id = a.workspace_id and e.channel_id = a.channel_id \
                     and e.next_at is not null and e.next_at <= $4 \
                     and e.kind = 'publish' and e.state in ('waiting', 'working', 'checking') \
                     and (e.due_at, e.position, e.part) < (a.due_at, a.position, a.part))) \
               order by a.next_at, a.position limit $5{lock}) \
             returning workspace_id, id, fence"
        ))
        .bind(worker.to_owned())
        .bind(lease_until)
        .bind(now)
        .bind(now + ORDER_WAITS)
        .bind(limit)
        .all()
        .await?)
}

/// Whether nothing on the channel that comes before `act` is being sent, is in
/// doubt, or will be tried soon: what [`claim`] asks, asked again. What was
/// held for the login comes soon as well: whoever asks has seen that the
/// channel has one, perhaps before the engine let go what waited for it.
pub async fn is_its_turn(tx: &mut Tx, act: &Act, now: Instant) -> Result<bool> {
    let before: Option<i32> = tx
        .sql(
            "select 1 from acts e where e.workspace_id = $1 and e.channel_id = $2 \
             and e.next_at is not null and e.next_at <= $3 \
             and e.kind = 'publish' and e.state in ('waiting', 'working', 'checking') \
             and (e.due_at, e.position, e.part) < ($4, $5, $6) \
             union all \
             select 1 from acts h where h.workspace_id = $1 and h.channel_id = $2 \
             and h.held_reason = 'login' and h.kind = 'publish' \
             and (h.due_at, h.position, h.part) < ($4, $5, $6) limit 1",
        )
        .bind(act.workspace_id)
        .bind(act.channel_id)
        .bind(now + ORDER_WAITS)
        .bind(act.due_at)
        .bind(act.position)
        .bind(act.part)
        .scalar_optional()
        .await?;
    Ok(before.is_none())
}

/// What others on the channel of `act` became since `since`. It is asked only
/// where a doubt ends by reading a list, which is slow anyway.
pub async fn receipts_beside(tx: &mut Tx, act: &Act, since: Instant) -> Result<Vec<Receipt>> {
    let receipts: Vec<(String,)> = tx
        .sql(
            "select receipt from acts where workspace_id = $1 and channel_id = $2 and id <> $3 \
             and kind = 'publish' and receipt is not null and updated_at >= $4",
        )
        .bind(act.workspace_id)
        .bind(act.channel_id)
        .bind(act.id)
        .bind(since)
        .all()
        .await?;
    Ok(receipts
        .iter()
        .map(|(receipt,)| serde_json::from_str(receipt))
        .collect::<std::result::Result<_, _>>()?)
}

/// When the next act is due.
pub async fn next_due(tx: &mut Tx) -> Result<Option<Instant>> {
    let next: Option<i64> =
        tx.sql("select min(next_at) from acts where next_at is not null").scalar().await?;
    Ok(next.map(Instant::from_millis))
}

/// Ends all leases: only for the one process that owns the database.
pub async fn end_leases(tx: &mut Tx, now: Instant) -> Result<u64> {
    Ok(tx
        .sql(
            // On SQLite only.
            "update acts set lease_owner = null, next_at = $1, fence = fence + 1 \
             where next_at is not null and lease_owner is not null",
        )
        .bind(now)
        .execute()
        .await?)
}
