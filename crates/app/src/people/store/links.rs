//! `setup_links`.

use bellwether_base::Instant;
use bellwether_db::{DbError, Tx};

pub async fn insert(tx: &mut Tx, token_hash: &[u8], now: Instant) -> Result<(), DbError> {
    tx.sql(
        "insert into setup_links (token_hash, purpose, created_at)
         values ($1, 'first_owner', $2)",
    )
    .bind(token_hash)
    .bind(now)
    .execute()
    .await
    .map(drop)
}

/// When the link was used, if it was; nothing for a link that is not ours.
pub async fn used_at(tx: &mut Tx, token_hash: &[u8]) -> Result<Option<Option<Instant>>, DbError> {
    tx.sql("select used_at from setup_links where token_hash = $1")
        .bind(token_hash)
        .scalar_optional()
        .await
}

/// Whether this was its first use. A conflict if another link was used.
pub async fn claim(tx: &mut Tx, token_hash: &[u8], now: Instant) -> Result<bool, DbError> {
    let claimed = tx
        .sql("update setup_links set used_at = $2 where token_hash = $1 and used_at is null")
        .bind(token_hash)
        .bind(now)
        .execute()
        .await?;
    Ok(claimed > 0)
}
