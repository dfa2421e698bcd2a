//! `sessions`.

use bellwether_base::{Instant, PersonId, SessionId};
use bellwether_db::{DbError, Tx, fragments};

use super::FIRST;
use crate::people::Session;

pub async fn insert(tx: &mut Tx, session: &Session, token_hash: &[u8]) -> Result<(), DbError> {
    tx.sql(
        "insert into sessions (id, person_id, token_hash, user_agent, created_at, seen_at,
                               expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(session.id)
    .bind(session.person_id)
    .bind(token_hash)
    .bind(&session.user_agent)
    .bind(session.created_at)
    .bind(session.seen_at)
    .bind(session.expires_at)
    .execute()
    .await
    .map(drop)
}

pub const FIND_BY_TOKEN: &str = "select id, person_id, user_agent, created_at, seen_at, expires_at
     from sessions where token_hash = $1 and expires_at > $2";

pub async fn find_by_token(
    tx: &mut Tx,
    token_hash: &[u8],
    now: Instant,
) -> Result<Option<Session>, DbError> {
    tx.sql(FIND_BY_TOKEN).bind(token_hash).bind(now).optional().await
}

pub async fn list(
    tx: &mut Tx,
    person: PersonId,
    now: Instant,
    after: Option<SessionId>,
    rows: i64,
) -> Result<Vec<Session>, DbError> {
    tx.sql(
        "select id, person_id, user_agent, created_at, seen_at, expires_at
         from sessions where person_id = $1 and id > $2 and expires_at > $3
         order by id limit $4",
    )
    .bind(person)
    .bind(after.unwrap_or(SessionId(FIRST)))
    .bind(now)
    .bind(rows)
    .all()
    .await
}

/// The session was used.
pub async fn touch(
    tx: &mut Tx,
    id: SessionId,
    seen_at: Instant,
    expires_at: Instant,
) -> Result<(), DbError> {
    tx.sql("update sessions set seen_at = $2, expires_at = $3 where id = $1 and seen_at < $2")
        .bind(id)
        .bind(seen_at)
        .bind(expires_at)
        .execute()
        .await
        .map(drop)
}

/// Whether the person had that session.
pub async fn delete(tx: &mut Tx, person: PersonId, id: SessionId) -> Result<bool, DbError> {
    let deleted = tx
        .sql("delete from sessions where id = $1 and person_id = $2")
        .bind(id)
        .bind(person)
        .execute()
        .await?;
    Ok(deleted > 0)
}

/// Ends every session of the person, but for `keep`.
pub async fn delete_all(
    tx: &mut Tx,
    person: PersonId,
    keep: Option<SessionId>,
) -> Result<(), DbError> {
    tx.sql("delete from sessions where person_id = $1 and id <> $2")
        .bind(person)
        .bind(keep.unwrap_or(SessionId(FIRST)))
        .execute()
        .await
        .map(drop)
}

/// Those that somebody else is ending at this moment are left to them: whoever
/// signs in must not wait for another person's rows, nor they for each other.
pub async fn delete_expired(tx: &mut Tx, now: Instant) -> Result<(), DbError> {
    let lock = fragments::skip_locked(tx.engine());
    tx.sql_owned(format!(
        "delete from sessions where id in (select id from sessions where expires_at <= $1{lock})"
    ))
    .bind(now)
    .execute()
    .await
    .map(drop)
}
