//! What each engine tells of itself.

use bellwether_base::Instant;
use bellwether_db::{Engine, Tx};

use crate::Result;

/// What the setting called `name`, one of ours, stands at.
pub(super) async fn setting(tx: &mut Tx, name: &'static str) -> Result<String> {
    Ok(match tx.engine() {
        // A pragma's value is a number or a text; the cast makes it one.
        Engine::Sqlite => {
            tx.sql_owned(format!("select cast({name} as text) from pragma_{name}")).scalar().await?
        }
        Engine::Postgres => tx.sql("select current_setting($1)").bind(name).scalar().await?,
    })
}

/// What is broken in the file. A server's files are its own affair.
pub(super) async fn damages(tx: &mut Tx) -> Result<Vec<String>> {
    if tx.engine() == Engine::Postgres {
        return Ok(Vec::new());
    }
    let mut found: Vec<String> =
        tx.sql("select quick_check from pragma_quick_check").scalars().await?;
    found.retain(|line| line != "ok");
    let loose: Vec<String> =
        tx.sql("select distinct \"table\" from pragma_foreign_key_check").scalars().await?;
    found.extend(loose.into_iter().map(|table| format!("{table}: a reference leads nowhere")));
    Ok(found)
}

/// Makes the one row about this installation, if it is not there.
pub(super) async fn insert_installation(tx: &mut Tx, now: Instant) -> Result<()> {
    tx.sql("insert into installation (id, created_at) values (1, $1) on conflict (id) do nothing")
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// Takes away rows of a log that are older than `before`, a few at a time.
/// How many there were. `table` is one of [`retention::logs`](bellwether_db::retention::logs).
pub(super) async fn delete_log(
    tx: &mut Tx,
    table: &'static str,
    before: Instant,
    most: i64,
) -> Result<u64> {
    let sql = format!(
        "delete from {table} where id in \
         (select id from {table} where at < $1 order by at limit $2)"
    );
    Ok(tx.sql_owned(sql).bind(before).bind(most).execute().await?)
}
