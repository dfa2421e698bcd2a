//! The face: opening, beginning, closing.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use bellwether_base::{Clock, Instant};
use tokio::sync::watch;

use crate::migrate::{self, MigrationReport, MigrationSet};
use crate::postgres::Postgres;
use crate::sqlite::Sqlite;
use crate::{DbError, Tx};

/// Which database is behind a [`Db`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// What to open, and how.
pub struct Options {
    /// `sqlite:/path/file.db` or `postgres://user:password@host/name`.
    pub url: String,
    /// How many reading connections (SQLite), or how many connections (PostgreSQL).
    pub readers: u32,
    /// Which tables are meant to be in it.
    pub set: MigrationSet,
    /// Gives [events](crate::events) their time.
    pub clock: Arc<dyn Clock>,
}

/// A database. Clones are the same one.
#[derive(Clone)]
pub struct Db {
    shared: Arc<Shared>,
}

struct Shared {
    backend: Backend,
    set: MigrationSet,
    clock: Arc<dyn Clock>,
    changed: watch::Sender<u64>,
    away: watch::Sender<Option<DbError>>,
}

enum Backend {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Db {
    /// Opens it, and creates the file of a SQLite database that is not there yet,
    /// readable by its owner alone; the directory must exist. Does not migrate. A
    /// server that gives no connection is [`DbError::Away`] after some seconds.
    ///
    /// Called within a tokio runtime, which must outlive the `Db`.
    pub async fn open(options: Options) -> Result<Self, DbError> {
        let Options { url, readers, set, clock } = options;
        let (changed, _) = watch::channel(0);
        let (away, _) = watch::channel(None);
        let backend = if url.starts_with("sqlite:") {
            let sqlite = Sqlite::open(&url, readers, clock.clone(), changed.clone()).await?;
            Backend::Sqlite(sqlite)
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let (changed, away) = (changed.clone(), away.clone());
            Backend::Postgres(Postgres::open(&url, readers, set.channel(), changed, away).await?)
        } else {
            return Err(DbError::Address(
                "it begins with neither sqlite: nor postgres://".to_owned(),
            ));
        };
        Ok(Self { shared: Arc::new(Shared { backend, set, clock, changed, away }) })
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match &self.shared.backend {
            Backend::Sqlite(_) => Engine::Sqlite,
            Backend::Postgres(_) => Engine::Postgres,
        }
    }

    /// Brings the tables up to what this binary knows, all pending migrations in
    /// one transaction. One node does it while others wait.
    ///
    /// A SQLite database that has anything in it is first copied into
    /// `backup_dir`, where one is given. Refuses a database that has a migration
    /// this binary does not know ([`DbError::NewerSchema`]) or knows otherwise
    /// ([`DbError::ChangedMigration`]).
    pub async fn migrate(
        &self,
        clock: &dyn Clock,
        backup_dir: Option<&Path>,
    ) -> Result<MigrationReport, DbError> {
        let set = self.shared.set;
        match &self.shared.backend {
            Backend::Sqlite(sqlite) => {
                migrate::sqlite(self.tx(sqlite.alone().await?), set, clock, backup_dir).await
            }
            Backend::Postgres(_) => migrate::postgres(self.begin().await?, set, clock).await,
        }
    }

    /// The names of the migrations that [`Db::migrate`] would apply, for a node
    /// that does not migrate itself. Refuses the same databases.
    pub async fn pending(&self) -> Result<Vec<&'static str>, DbError> {
        migrate::pending(self.read().await?, self.shared.set).await
    }

    /// A transaction that writes.
    ///
    /// On SQLite there is one at a time: keep it short, and never wait for the
    /// network, or for a second one, while holding it. Waits at most 30 seconds
    /// ([`DbError::Busy`]).
    pub async fn begin(&self) -> Result<Tx, DbError> {
        Ok(self.tx(match &self.shared.backend {
            Backend::Sqlite(sqlite) => sqlite.begin().await?,
            Backend::Postgres(postgres) => postgres.begin().await?,
        }))
    }

    /// A transaction that only reads, from one snapshot taken at its first statement.
    pub async fn read(&self) -> Result<Tx, DbError> {
        Ok(self.tx(match &self.shared.backend {
            Backend::Sqlite(sqlite) => sqlite.read().await?,
            Backend::Postgres(postgres) => postgres.read().await?,
        }))
    }

    /// Moves after commits that recorded an event or called [`Tx::wake`], and, on
    /// PostgreSQL, after those of other nodes.
    ///
    /// A hint and never more: one may stand for many commits, come without any, or
    /// be lost with a connection. Whoever waits on it also looks every 15 seconds.
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.shared.changed.subscribe()
    }

    /// Why the server of the database is away; nothing while it is there, and
    /// always where the database is in this process. While it is away, everything
    /// that begins is refused at once with the same error.
    pub fn away(&self) -> watch::Receiver<Option<DbError>> {
        self.shared.away.subscribe()
    }

    /// What the clock of a database server says; nothing where the database is in
    /// this process.
    pub async fn server_time(&self) -> Result<Option<Instant>, DbError> {
        match &self.shared.backend {
            Backend::Sqlite(_) => Ok(None),
            Backend::Postgres(_) => {
                let mut tx = self.read().await?;
                let time = tx
                    .sql("select (extract(epoch from clock_timestamp()) * 1000)::bigint")
                    .scalar()
                    .await?;
                Ok(Some(time))
            }
        }
    }

    /// Closes every connection, after the transactions that are open have ended.
    /// Clones get [`DbError::Unavailable`] from then on.
    pub async fn close(self) {
        match &self.shared.backend {
            Backend::Sqlite(sqlite) => sqlite.close().await,
            Backend::Postgres(postgres) => postgres.close().await,
        }
    }

    fn tx(&self, inner: crate::tx::Inner) -> Tx {
        Tx::new(inner, self.shared.clock.clone())
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Db({})", self.engine())
    }
}
