//! What the crate promises, on each engine there is.

mod errors;
mod events;
mod floors;
mod group;
mod hints;
mod migrations;
mod opening;
mod owner;
mod reach;
mod references;
mod schema;
mod transactions;
mod types;

use std::sync::Arc;

use bellwether_base::{SystemClock, SystemRng, WorkspaceId};
use uuid::Uuid;

use crate::testing::{TestDb, databases, sqlite};
use crate::{Db, DbError, MigrationSet};

/// A new identifier.
fn new_id() -> Uuid {
    WorkspaceId::new(&SystemClock, &SystemRng).0
}

/// A migrated SQLite database, for what only SQLite does.
async fn only_sqlite() -> TestDb {
    sqlite(MigrationSet::MAIN, Arc::new(SystemClock)).await
}

/// Adds an organization of this name, in a transaction of its own.
async fn add(db: &Db, name: &str) -> Result<Uuid, DbError> {
    let mut tx = db.begin().await?;
    let id = add_in(&mut tx, name).await?;
    tx.commit().await?;
    Ok(id)
}

/// Adds an organization of this name.
async fn add_in(tx: &mut crate::Tx, name: &str) -> Result<Uuid, DbError> {
    let id = new_id();
    tx.sql("insert into organizations (id, name, created_at) values ($1, $2, $3)")
        .bind(id)
        .bind(name)
        .bind(0_i64)
        .execute()
        .await?;
    Ok(id)
}

/// The names of all organizations, in order.
async fn names(db: &Db) -> Vec<String> {
    let mut tx = db.read().await.unwrap();
    tx.sql("select name from organizations order by name").scalars().await.unwrap()
}
