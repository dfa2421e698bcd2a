//! What happened, in the same transaction as the change itself.
//!
//! Each scope, a workspace or an organization, counts its events from 1. A number
//! becomes visible only after every smaller one: at commit, after all other
//! statements, a transaction locks the counters of its scopes in the order of their
//! ids, takes its numbers and writes. Whoever comes next waits for that commit. So
//! a reader that has seen 7 has seen everything up to 7 (numbers of a transaction
//! that fails at this very point are given out again).
//!
//! An event names people by id and never by anything else (no name, no address in
//! `data`), so that a person can be erased while the fact stays.

use std::collections::BTreeMap;

use bellwether_base::{Clock, Instant, OrganizationId, WorkspaceId};
use serde_json::Value;
use uuid::Uuid;

use crate::fragments::placeholders;
use crate::{DbError, Json, Tx};

/// Whose event it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    Organization(OrganizationId),
    Workspace(WorkspaceId),
}

impl Scope {
    fn id(self) -> Uuid {
        match self {
            Self::Organization(id) => id.0,
            Self::Workspace(id) => id.0,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Organization(_) => "organization",
            Self::Workspace(_) => "workspace",
        }
    }
}

/// Who did it: a person, a token, a rule, a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    pub kind: &'static str,
    pub id: Option<Uuid>,
}

/// An event that is about to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    pub scope: Scope,
    /// What happened, such as `delivery.live`.
    pub kind: &'static str,
    /// What it happened to: its kind, such as `post`, and its id.
    pub subject: Option<(&'static str, Uuid)>,
    pub actor: Actor,
    /// What else is worth knowing. Ids of people, nothing else about them.
    pub data: Value,
}

/// An event that was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The number in its scope, from 1 without gaps.
    pub seq: i64,
    /// When it was recorded. Numbers decide the order, not this.
    pub at: Instant,
    pub kind: String,
    pub subject: Option<(String, Uuid)>,
    pub actor_kind: String,
    pub actor_id: Option<Uuid>,
    pub data: Value,
}

#[derive(sqlx::FromRow)]
struct EventRow {
    seq: i64,
    at: Instant,
    kind: String,
    subject_kind: Option<String>,
    subject_id: Option<Uuid>,
    actor_kind: String,
    actor_id: Option<Uuid>,
    data: Json<Value>,
}

impl From<EventRow> for Event {
    fn from(row: EventRow) -> Self {
        Self {
            seq: row.seq,
            at: row.at,
            kind: row.kind,
            subject: row.subject_kind.zip(row.subject_id),
            actor_kind: row.actor_kind,
            actor_id: row.actor_id,
            data: row.data.0,
        }
    }
}

/// The events of `scope` after the number `seq`, in order, `limit` at most.
pub async fn after(tx: &mut Tx, scope: Scope, seq: i64, limit: i64) -> Result<Vec<Event>, DbError> {
    let rows = tx
        .sql(
            "select seq, at, kind, subject_kind, subject_id, actor_kind, actor_id, data
             from events where scope_id = $1 and seq > $2 order by seq limit $3",
        )
        .bind(scope.id())
        .bind(seq)
        .bind(limit)
        .all::<EventRow>()
        .await?;
    Ok(rows.into_iter().map(Event::from).collect())
}

/// The number of the newest event of `scope`; 0 before the first.
pub async fn latest(tx: &mut Tx, scope: Scope) -> Result<i64, DbError> {
    let seq = tx
        .sql("select last_seq from event_sequences where scope_id = $1")
        .bind(scope.id())
        .scalar_optional()
        .await?;
    Ok(seq.unwrap_or(0))
}

/// What happened to one thing, the newest first, `limit` at most.
pub async fn about(
    tx: &mut Tx,
    scope: Scope,
    subject_kind: &str,
    subject_id: Uuid,
    limit: i64,
) -> Result<Vec<Event>, DbError> {
    let rows = tx
        .sql(
            "select seq, at, kind, subject_kind, subject_id, actor_kind, actor_id, data
             from events where scope_id = $1 and subject_kind = $2 and subject_id = $3
             order by seq desc limit $4",
        )
        .bind(scope.id())
        .bind(subject_kind)
        .bind(subject_id)
        .bind(limit)
        .all::<EventRow>()
        .await?;
    Ok(rows.into_iter().map(Event::from).collect())
}

/// How many rows go into one statement.
const CHUNK: usize = 16;

/// How many values a row has.
const COLUMNS: usize = 10;

/// Writes what was recorded. The last statements of a transaction, because from the
/// first of them on every other commit in these scopes waits.
pub(crate) async fn write(
    tx: &mut Tx,
    recorded: Vec<NewEvent>,
    clock: &dyn Clock,
) -> Result<(), DbError> {
    let mut scopes = BTreeMap::<Uuid, Vec<NewEvent>>::new();
    for event in recorded {
        scopes.entry(event.scope.id()).or_default().push(event);
    }
    let mut numbered = Vec::new();
    for (scope, events) in scopes {
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        let last: i64 = tx
            .sql(
                "insert into event_sequences (scope_id, last_seq) values ($1, $2)
                 on conflict (scope_id)
                 do update set last_seq = event_sequences.last_seq + excluded.last_seq
                 returning last_seq",
            )
            .bind(scope)
            .bind(count)
            .scalar()
            .await?;
        numbered.extend((last - count + 1..).zip(events));
    }
    let now = clock.now();
    for chunk in numbered.chunks(CHUNK) {
        let rows = (0..chunk.len())
            .map(|row| format!("({})", placeholders(row * COLUMNS + 1, COLUMNS)))
            .collect::<Vec<_>>()
            .join(", ");
        let mut insert = tx.sql_owned(format!(
            "insert into events (scope_id, seq, scope, at, kind, subject_kind, subject_id, \
             actor_kind, actor_id, data) values {rows}"
        ));
        for (seq, event) in chunk {
            insert = insert
                .bind(event.scope.id())
                .bind(*seq)
                .bind(event.scope.name())
                .bind(now)
                .bind(event.kind)
                .bind(event.subject.map(|(kind, _)| kind))
                .bind(event.subject.map(|(_, id)| id))
                .bind(event.actor.kind)
                .bind(event.actor.id)
                .bind(event.data.to_string());
        }
        insert.execute().await?;
    }
    Ok(())
}
