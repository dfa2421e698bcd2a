//! All SQL about keys.

use bellwether_base::Instant;
use bellwether_base::uuid::Uuid;
use bellwether_db::{FromRow, Tx};

use crate::Result;

#[derive(FromRow)]
pub(super) struct Row {
    pub request: Vec<u8>,
    pub subject: Uuid,
    pub worker: Option<String>,
    pub started_at: Instant,
    pub answer: Option<Vec<u8>>,
}

/// Whether it was not there yet.
pub(super) async fn insert(
    tx: &mut Tx,
    caller: &str,
    key: &str,
    row: &Row,
    expires_at: Instant,
) -> Result<bool> {
    let count = tx
        .sql(
            "insert into idempotency_keys (caller, key, request, subject, worker, started_at, \
             expires_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict (caller, key) do nothing",
        )
        .bind(caller.to_owned())
        .bind(key.to_owned())
        .bind(row.request.clone())
        .bind(row.subject)
        .bind(row.worker.clone())
        .bind(row.started_at)
        .bind(expires_at)
        .execute()
        .await?;
    Ok(count == 1)
}

pub(super) async fn get(tx: &mut Tx, caller: &str, key: &str) -> Result<Row> {
    let lock = bellwether_db::fragments::update_lock(tx.engine());
    Ok(tx
        .sql_owned(format!(
            "select request, subject, worker, started_at, answer from idempotency_keys \
             where caller = $1 and key = $2{lock}"
        ))
        .bind(caller.to_owned())
        .bind(key.to_owned())
        .one()
        .await?)
}

pub(super) async fn take_over(
    tx: &mut Tx,
    caller: &str,
    key: &str,
    worker: &str,
    now: Instant,
) -> Result<()> {
    tx.sql(
        "update idempotency_keys set worker = $3, started_at = $4 where caller = $1 and key = $2",
    )
    .bind(caller.to_owned())
    .bind(key.to_owned())
    .bind(worker.to_owned())
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

pub(super) async fn set_answer(
    tx: &mut Tx,
    caller: &str,
    key: &str,
    status: u16,
    sealed: &[u8],
) -> Result<()> {
    tx.sql(
        "update idempotency_keys set worker = null, status = $3, answer = $4 \
         where caller = $1 and key = $2",
    )
    .bind(caller.to_owned())
    .bind(key.to_owned())
    .bind(i32::from(status))
    .bind(sealed.to_vec())
    .execute()
    .await?;
    Ok(())
}

pub(super) async fn leave(tx: &mut Tx, caller: &str, key: &str) -> Result<()> {
    tx.sql("update idempotency_keys set worker = null where caller = $1 and key = $2")
        .bind(caller.to_owned())
        .bind(key.to_owned())
        .execute()
        .await?;
    Ok(())
}

pub(super) async fn delete(tx: &mut Tx, caller: &str, key: &str) -> Result<()> {
    tx.sql("delete from idempotency_keys where caller = $1 and key = $2")
        .bind(caller.to_owned())
        .bind(key.to_owned())
        .execute()
        .await?;
    Ok(())
}

pub(super) async fn delete_expired(tx: &mut Tx, now: Instant) -> Result<()> {
    tx.sql("delete from idempotency_keys where expires_at < $1").bind(now).execute().await?;
    Ok(())
}
