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

/// When the link was used, if it was, and whether it is `good` for that long
/// still; nothing for a link that is not ours.
pub async fn find(
    tx: &mut Tx,
    token_hash: &[u8],
    made_after: Instant,
) -> Result<Option<(Option<Instant>, bool)>, DbError> {
    tx.sql_owned(format!("select used_at, {GOOD} from setup_links where token_hash = $1"))
        .bind(token_hash)
        .bind(made_after)
        .optional()
        .await
}

/// Made after `$2`, and the newest of them.
const GOOD: &str = "(created_at > $2 and created_at >= \
    (select max(newest.created_at) from setup_links newest))";

/// Whether this was its first use, in time. A conflict if another link was used.
pub async fn claim(
    tx: &mut Tx,
    token_hash: &[u8],
    made_after: Instant,
    now: Instant,
) -> Result<bool, DbError> {
    let claimed = tx
        .sql_owned(format!(
            "update setup_links set used_at = $3 \
             where token_hash = $1 and used_at is null and {GOOD}"
        ))
        .bind(token_hash)
        .bind(made_after)
        .bind(now)
        .execute()
        .await?;
    Ok(claimed > 0)
}
