//! Bringing the tables up to what this binary knows.
//!
//! All pending migrations are one transaction, on both engines: a database is at
//! the old schema or at the new one, never between, whatever happens half-way.
//! A node that finds another one migrating waits and then finds nothing to do.

use std::path::{Path, PathBuf};

use bellwether_base::{Clock, Instant};
use sha2::{Digest as _, Sha256};

use crate::sqlite::create;
use crate::{DbError, Engine, Tx};

/// One numbered change of the schema.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Migration {
    pub(crate) version: i64,
    pub(crate) name: &'static str,
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

impl Migration {
    fn text(&self, engine: Engine) -> &'static str {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }

    fn checksum(&self, engine: Engine) -> Vec<u8> {
        Sha256::digest(self.text(engine).as_bytes()).to_vec()
    }
}

/// The tables that belong together in one [`Db`](crate::Db).
///
/// Two sets may live in one PostgreSQL database: each keeps its own list of what
/// was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MigrationSet {
    /// The table that lists what was applied.
    pub(crate) table: &'static str,
    /// The channel of its hints.
    pub(crate) channel: &'static str,
    /// The key of the lock while migrating.
    pub(crate) lock: i64,
    pub(crate) migrations: &'static [Migration],
}

impl MigrationSet {
    /// What the product knows and does.
    pub const MAIN: Self = Self {
        table: "migrations_main",
        channel: "bellwether",
        lock: 0x6265_6c6c_0001,
        migrations: include!(concat!(env!("OUT_DIR"), "/main.rs")),
    };

    /// What comes in masses and may be lost: logs, measurements, found posts. In a
    /// database with a writer of its own, so that it never delays publishing.
    pub const STREAMS: Self = Self {
        table: "migrations_streams",
        channel: "bellwether_streams",
        lock: 0x6265_6c6c_0002,
        migrations: include!(concat!(env!("OUT_DIR"), "/streams.rs")),
    };

    /// The set as it was when `version` was the newest.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn up_to(&self, version: i64) -> Self {
        let count = self.migrations.iter().take_while(|known| known.version <= version).count();
        Self { migrations: &self.migrations[..count], ..*self }
    }

    pub(crate) fn channel(&self) -> &'static str {
        self.channel
    }

    /// The newest migration of this binary.
    pub fn newest(&self) -> i64 {
        self.migrations.last().map_or(0, |migration| migration.version)
    }
}

/// See [`MigrationSet::MAIN`].
pub static MAIN: MigrationSet = MigrationSet::MAIN;

/// See [`MigrationSet::STREAMS`].
pub static STREAMS: MigrationSet = MigrationSet::STREAMS;

/// What [`Db::migrate`](crate::Db::migrate) did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationReport {
    /// The names of the migrations that were applied, in order.
    pub applied: Vec<&'static str>,
    /// The number of the newest one now.
    pub version: i64,
    /// The copy that was made before, if one was.
    pub backup: Option<PathBuf>,
}

/// On a connection that nobody else has and that is in no transaction.
pub(crate) async fn sqlite(
    mut tx: Tx,
    set: MigrationSet,
    clock: &dyn Clock,
    backup_dir: Option<&Path>,
) -> Result<MigrationReport, DbError> {
    let applied = applied(&mut tx, set).await?;
    let waiting = compare(&applied, set, Engine::Sqlite)?;
    let mut backup = None;
    if let Some(dir) = backup_dir
        && let Some(last) = applied.last()
        && !waiting.is_empty()
    {
        backup = Some(copy(&mut tx, dir, last.version, clock.now()).await?);
    }
    // Rebuilding a table, which is how SQLite changes one, must not cascade into others;
    // so keys are checked at the end instead. The setting has no effect within a transaction.
    tx.script("pragma foreign_keys = off; begin immediate".to_owned()).await?;
    let names = apply(&mut tx, set, clock.now()).await?;
    let broken: Vec<String> =
        tx.sql("select distinct \"table\" from pragma_foreign_key_check").scalars().await?;
    if !broken.is_empty() {
        return Err(DbError::Internal(format!("migrating broke foreign keys of {broken:?}")));
    }
    tx.script("commit".to_owned()).await?;
    tx.rollback().await;
    Ok(MigrationReport { applied: names, version: set.newest(), backup })
}

pub(crate) async fn postgres(
    mut tx: Tx,
    set: MigrationSet,
    clock: &dyn Clock,
) -> Result<MigrationReport, DbError> {
    tx.script("set local statement_timeout = 0; set local lock_timeout = '10min'".to_owned())
        .await?;
    tx.sql("select pg_advisory_xact_lock($1)").bind(set.lock).execute().await?;
    let names = apply(&mut tx, set, clock.now()).await?;
    tx.commit().await?;
    Ok(MigrationReport { applied: names, version: set.newest(), backup: None })
}

/// The names of what waits to be applied.
pub(crate) async fn pending(mut tx: Tx, set: MigrationSet) -> Result<Vec<&'static str>, DbError> {
    let applied = applied(&mut tx, set).await?;
    let waiting = compare(&applied, set, tx.engine())?;
    Ok(waiting.iter().map(|migration| migration.name).collect())
}

/// Applies what is pending, inside a transaction that holds the lock.
async fn apply(tx: &mut Tx, set: MigrationSet, now: Instant) -> Result<Vec<&'static str>, DbError> {
    let table = set.table;
    tx.script(format!(
        "create table if not exists {table} (
            version bigint not null primary key,
            name text not null,
            checksum bytea not null,
            applied_at bigint not null
        )"
    ))
    .await?;
    let engine = tx.engine();
    let waiting = compare(&applied(tx, set).await?, set, engine)?;
    for migration in waiting {
        tracing::info!(migration.name, "migrating");
        tx.script(migration.text(engine).to_owned()).await.map_err(|error| match error {
            DbError::Internal(said) => DbError::Internal(format!("{}: {said}", migration.name)),
            other => other,
        })?;
        tx.sql_owned(format!(
            "insert into {table} (version, name, checksum, applied_at) values ($1, $2, $3, $4)"
        ))
        .bind(migration.version)
        .bind(migration.name)
        .bind(migration.checksum(engine))
        .bind(now)
        .execute()
        .await?;
    }
    Ok(waiting.iter().map(|migration| migration.name).collect())
}

#[derive(sqlx::FromRow)]
struct Applied {
    version: i64,
    name: String,
    checksum: Vec<u8>,
}

/// What the database says was applied, in order; nothing if it was never migrated.
async fn applied(tx: &mut Tx, set: MigrationSet) -> Result<Vec<Applied>, DbError> {
    let there = match tx.engine() {
        Engine::Sqlite => "select count(*) from sqlite_schema where type = 'table' and name = $1",
        Engine::Postgres => {
            "select count(*) from pg_catalog.pg_tables
             where schemaname = current_schema() and tablename = $1"
        }
    };
    if tx.sql(there).bind(set.table).scalar::<i64>().await? == 0 {
        return Ok(Vec::new());
    }
    tx.sql_owned(format!("select version, name, checksum from {} order by version", set.table))
        .all()
        .await
}

/// What is still to be applied, or why this binary must keep its hands off.
fn compare(
    applied: &[Applied],
    set: MigrationSet,
    engine: Engine,
) -> Result<&'static [Migration], DbError> {
    for (index, row) in applied.iter().enumerate() {
        match set.migrations.get(index) {
            Some(known) if known.version == row.version => {
                if known.checksum(engine) != row.checksum {
                    let Applied { version, name, .. } = row;
                    return Err(DbError::ChangedMigration {
                        version: *version,
                        name: name.clone(),
                    });
                }
            }
            Some(known) if known.version < row.version => {
                return Err(DbError::Internal(format!(
                    "migration {} was never applied, but {} after it was",
                    known.version, row.version
                )));
            }
            _ => {
                let found = applied.last().map_or(0, |last| last.version);
                return Err(DbError::NewerSchema { found, known: set.newest() });
            }
        }
    }
    Ok(set.migrations.get(applied.len()..).unwrap_or_default())
}

/// Copies the database into `dir`, as it is before what comes after `version`.
async fn copy(tx: &mut Tx, dir: &Path, version: i64, now: Instant) -> Result<PathBuf, DbError> {
    let trouble = |error: std::io::Error| DbError::Unavailable(format!("backup: {error}"));
    let file = dir.join(format!("before-migration-{version:04}-{}.db", now.millis()));
    // SQLite would make it readable to everybody; into an empty file it also copies.
    create(&file)?;
    let name = file
        .to_str()
        .ok_or_else(|| DbError::Internal("the folder of backups has no plain name".to_owned()))?;
    tx.sql("vacuum into $1").bind(name).execute().await?;
    // The copy must outlive a loss of power in the middle of what follows.
    let (copy, folder) = (file.clone(), dir.to_owned());
    tokio::task::spawn_blocking(move || {
        std::fs::File::open(copy)?.sync_all()?;
        std::fs::File::open(folder)?.sync_all()
    })
    .await
    .map_err(|error| DbError::Internal(error.to_string()))?
    .map_err(trouble)?;
    Ok(file)
}
