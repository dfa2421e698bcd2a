//! Opening SQLite: one connection that writes, several that read.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bellwether_base::Clock;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::sync::watch;

use crate::DbError;
use crate::tx::Inner;
use crate::writer::Writer;

/// How long a connection waits for a lock that another process holds.
const BUSY: Duration = Duration::from_secs(5);

/// How long to wait for a connection of our own.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Sqlite {
    writer: Writer,
    readers: SqlitePool,
}

impl Sqlite {
    pub(crate) async fn open(
        url: &str,
        readers: u32,
        clock: Arc<dyn Clock>,
        changed: watch::Sender<u64>,
    ) -> Result<Self, DbError> {
        let path = path(url)?;
        create(&path)?;
        let options = options(&path);
        let writer = Writer::start(options.clone(), clock, changed).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(readers.max(1))
            .acquire_timeout(PATIENCE)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options.pragma("query_only", "on"))
            .await
            .map_err(|error| DbError::from_sqlx(&error, ""))?;
        Ok(Self { writer, readers })
    }

    pub(crate) async fn begin(&self) -> Result<Inner, DbError> {
        Ok(Inner::SqliteWriter(self.writer.begin().await?))
    }

    /// The writing connection without a transaction, and without anybody else.
    pub(crate) async fn alone(&self) -> Result<Inner, DbError> {
        Ok(Inner::SqliteWriter(self.writer.alone().await?))
    }

    pub(crate) async fn read(&self) -> Result<Inner, DbError> {
        let tx = self.readers.begin().await;
        Ok(Inner::SqliteReader(tx.map_err(|error| DbError::from_sqlx(&error, "begin"))?))
    }

    /// The readers first: the last connection to go folds the write-ahead log into
    /// the file.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// The file in `sqlite:/path/file.db` or `sqlite:///path/file.db`.
fn path(url: &str) -> Result<PathBuf, DbError> {
    let rest = url.strip_prefix("sqlite:").unwrap_or(url);
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    if rest.is_empty() || rest.contains(":memory:") || rest.contains('?') {
        return Err(DbError::Address("a SQLite address is sqlite: and the path of a file".into()));
    }
    Ok(PathBuf::from(rest))
}

/// Makes the file for its owner alone. SQLite gives the files beside it the same
/// permissions; those of a file that is there are left as they are.
pub(crate) fn create(path: &Path) -> Result<(), DbError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) => Err(DbError::Unavailable(format!("{}: {error}", path.display()))),
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .statement_cache_capacity(300)
        // macOS forgets what was merely fsynced.
        .pragma("fullfsync", "on")
        .pragma("checkpoint_fullfsync", "on")
        // A log that grew once gives the room back.
        .pragma("journal_size_limit", "67108864")
        .pragma("cache_size", "-16384")
        .pragma("trusted_schema", "off")
}
