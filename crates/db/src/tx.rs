//! One transaction.

use std::fmt;
use std::sync::Arc;

use bellwether_base::Clock;
use sqlx::{
    AssertSqlSafe, PgConnection, Postgres, SqlSafeStr as _, Sqlite, SqliteConnection, Transaction,
};

use crate::postgres::Hints;
use crate::writer::Lease;
use crate::{DbError, Engine, NewEvent, Query, events};

/// A transaction: everything in it happens, or nothing. Dropping it undoes it.
///
/// After a statement failed, or was cancelled half-way, every later one and
/// [`commit`](Self::commit) answer [`DbError::Aborted`]. That is PostgreSQL's rule,
/// kept on both engines. Ask with `on conflict do nothing` where a conflict is
/// expected and the transaction should go on.
pub struct Tx {
    inner: Inner,
    clock: Arc<dyn Clock>,
    /// Whether every statement so far ended well. False while one is running, so
    /// that one that is cancelled is one that failed.
    sound: bool,
    wake: bool,
    events: Vec<NewEvent>,
}

pub(crate) enum Inner {
    SqliteWriter(Lease),
    SqliteReader(Transaction<'static, Sqlite>),
    PostgresWriter(Transaction<'static, Postgres>, Hints),
    PostgresReader(Transaction<'static, Postgres>),
}

pub(crate) enum Connection<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Tx {
    pub(crate) fn new(inner: Inner, clock: Arc<dyn Clock>) -> Self {
        Self { inner, clock, sound: true, wake: false, events: Vec::new() }
    }

    /// Which engine it runs on.
    pub fn engine(&self) -> Engine {
        match self.inner {
            Inner::SqliteWriter(_) | Inner::SqliteReader(_) => Engine::Sqlite,
            Inner::PostgresWriter(..) | Inner::PostgresReader(_) => Engine::Postgres,
        }
    }

    /// A statement, with `$1`, `$2` .. for what is bound to it.
    pub fn sql(&mut self, text: &'static str) -> Query<'_> {
        Query::new(self, text.into_sql_str())
    }

    /// A statement put together at run time.
    ///
    /// Only from constants of the source, such as [`fragments`](crate::fragments):
    /// never a letter of what came from outside, which is always bound.
    pub fn sql_owned(&mut self, text: String) -> Query<'_> {
        Query::new(self, AssertSqlSafe(text).into_sql_str())
    }

    /// Says that something happened. Written with its number at commit, after all
    /// other statements, and gone with the transaction if that is undone.
    pub fn record(&mut self, event: NewEvent) {
        self.events.push(event);
    }

    /// Moves [`Db::changed`](crate::Db::changed) at commit. Recording an event does
    /// so by itself.
    pub fn wake(&mut self) {
        self.wake = true;
    }

    /// Makes it all happen. `Ok` means that it is on the disk.
    ///
    /// An error proves nothing, and neither does a commit whose future was dropped:
    /// a lost connection can swallow the answer to a commit that was made. Only
    /// [`DbError::Aborted`] and [`DbError::Conflict`] are sure that nothing happened.
    pub async fn commit(mut self) -> Result<(), DbError> {
        if !self.sound {
            self.rollback().await;
            return Err(DbError::Aborted);
        }
        let recorded = std::mem::take(&mut self.events);
        let wake = self.wake || !recorded.is_empty();
        let writes = matches!(self.inner, Inner::SqliteWriter(_) | Inner::PostgresWriter(..));
        if wake && !writes {
            return Err(DbError::Internal("events in a transaction that only reads".to_owned()));
        }
        if !recorded.is_empty() {
            let clock = self.clock.clone();
            events::write(&mut self, recorded, clock.as_ref()).await?;
        }
        match self.inner {
            Inner::SqliteWriter(lease) => lease.commit(wake).await,
            Inner::SqliteReader(tx) => {
                tx.commit().await.map_err(|e| DbError::from_sqlx(&e, "commit"))
            }
            Inner::PostgresReader(tx) => {
                tx.commit().await.map_err(|e| DbError::from_sqlx(&e, "commit"))
            }
            Inner::PostgresWriter(tx, hints) => {
                tx.commit().await.map_err(|e| DbError::from_sqlx(&e, "commit"))?;
                if wake {
                    hints.changed();
                }
                Ok(())
            }
        }
    }

    /// Undoes it all, as dropping it does.
    pub async fn rollback(self) {
        let undone = match self.inner {
            // Its connection goes back by itself, and is rolled back before anybody else gets it.
            Inner::SqliteWriter(_) => Ok(()),
            Inner::SqliteReader(tx) => tx.rollback().await,
            Inner::PostgresWriter(tx, _) | Inner::PostgresReader(tx) => tx.rollback().await,
        };
        if let Err(error) = undone {
            tracing::debug!(%error, "a transaction was not rolled back by us; the engine will");
        }
    }

    /// Several statements at once, without values.
    pub(crate) async fn script(&mut self, text: String) -> Result<(), DbError> {
        self.start(None)?;
        let script = sqlx::raw_sql(AssertSqlSafe(text));
        let done = match self.connection()? {
            Connection::Sqlite(connection) => script.execute(connection).await.map(|_| ()),
            Connection::Postgres(connection) => script.execute(connection).await.map(|_| ()),
        };
        self.finish(done, "")
    }

    pub(crate) fn connection(&mut self) -> Result<Connection<'_>, DbError> {
        Ok(match &mut self.inner {
            Inner::SqliteWriter(lease) => Connection::Sqlite(lease.connection()?),
            Inner::SqliteReader(tx) => Connection::Sqlite(&mut *tx),
            Inner::PostgresWriter(tx, _) | Inner::PostgresReader(tx) => {
                Connection::Postgres(&mut *tx)
            }
        })
    }

    /// Before each statement.
    pub(crate) fn start(&mut self, trouble: Option<String>) -> Result<(), DbError> {
        if !self.sound {
            return Err(DbError::Aborted);
        }
        self.sound = false;
        trouble.map_or(Ok(()), |trouble| Err(DbError::Internal(trouble)))
    }

    /// After each statement.
    pub(crate) fn finish<T>(
        &mut self,
        done: Result<T, sqlx::Error>,
        text: &str,
    ) -> Result<T, DbError> {
        let done = done.map_err(|error| DbError::from_sqlx(&error, text))?;
        self.sound = true;
        Ok(done)
    }
}

impl fmt::Debug for Tx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tx({})", self.engine())
    }
}
