//! `sign_in_tries`.

use bellwether_base::Instant;
use bellwether_base::uuid::Uuid;
use bellwether_db::{DbError, Tx, fragments};

pub async fn insert(tx: &mut Tx, key: &str, id: Uuid, at: Instant) -> Result<(), DbError> {
    tx.sql("insert into sign_in_tries (key, id, at) values ($1, $2, $3)")
        .bind(key)
        .bind(id)
        .bind(at)
        .execute()
        .await
        .map(drop)
}

pub const OTHERS: &str = "select at from sign_in_tries where key = $1 and id <> $2 and at > $3
     order by at desc limit $4";

/// When others tried with `key` since then, newest first.
pub async fn others(
    tx: &mut Tx,
    key: &str,
    own: Uuid,
    since: Instant,
    limit: usize,
) -> Result<Vec<Instant>, DbError> {
    tx.sql(OTHERS)
        .bind(key)
        .bind(own)
        .bind(since)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .scalars()
        .await
}

pub async fn delete(tx: &mut Tx, key: &str, id: Uuid) -> Result<(), DbError> {
    tx.sql("delete from sign_in_tries where key = $1 and id = $2")
        .bind(key)
        .bind(id)
        .execute()
        .await
        .map(drop)
}

pub async fn delete_key(tx: &mut Tx, key: &str) -> Result<(), DbError> {
    tx.sql("delete from sign_in_tries where key = $1").bind(key).execute().await.map(drop)
}

/// Those that somebody else takes away at this moment are left to them: nobody
/// waits here, and nobody for each other.
pub async fn delete_before(tx: &mut Tx, at: Instant) -> Result<(), DbError> {
    let lock = fragments::skip_locked(tx.engine());
    tx.sql_owned(format!(
        "delete from sign_in_tries where (key, id) in \
         (select key, id from sign_in_tries where at <= $1{lock})"
    ))
    .bind(at)
    .execute()
    .await
    .map(drop)
}
