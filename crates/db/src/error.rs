//! What can go wrong, said alike for both engines.

use std::fmt;
use std::path::PathBuf;

use bellwether_base::Instant;
use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::postgres::PgDatabaseError;

use crate::reach::{Absence, Place};

/// Why the database did not do what it was asked.
///
/// It can be cloned because the members of one shared commit all get the same one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DbError {
    /// One row was asked for and there is none. The transaction goes on.
    #[error("no such row")]
    NotFound,

    /// A unique or foreign key was violated.
    ///
    /// `constraint` is `table(column, column)` for a unique key over columns, the
    /// index's name for one over an expression, and `foreign key` for any foreign
    /// key, because SQLite does not say which.
    #[error("conflict with {constraint}")]
    Conflict { constraint: String },

    /// Somebody else held what was needed for too long, or the two would have
    /// waited for each other. The whole transaction may be tried again.
    #[error("the database is busy: {0}")]
    Busy(String),

    /// The server of the database gives us no connection.
    #[error("{}", Told(.place, .why))]
    Away {
        /// Where it should be.
        place: Place,
        /// What it says instead.
        why: Absence,
    },

    /// The connection broke, the database is closed, or has no room left.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),

    /// An earlier statement of this transaction failed, or was cancelled, so
    /// nothing of it is kept.
    #[error("the transaction was given up, because a statement in it failed")]
    Aborted,

    /// The database has a migration that this binary does not know.
    #[error("the database is at migration {found}, this version of Bellwether knows {known}")]
    NewerSchema { found: i64, known: i64 },

    /// A migration that was applied reads differently in this binary.
    #[error("migration {version} ({name}) differs from the one that was applied")]
    ChangedMigration { version: i64, name: String },

    /// Another process owns the database.
    #[error("{} is held by another process{}", lock.display(), pid.map(|pid| format!(" ({pid})")).unwrap_or_default())]
    Owned {
        /// The file that says so.
        lock: PathBuf,
        /// Whose it is, as the file says.
        pid: Option<u32>,
        /// Since when, as the file's own time says.
        since: Option<Instant>,
    },

    /// The address of the database is not understood, or what it names is refused.
    #[error("the address of the database leads nowhere: {0}")]
    Address(String),

    /// A mistake of ours, or a broken database.
    #[error("{0}")]
    Internal(String),
}

impl DbError {
    /// Whether the same transaction, tried again a little later, may well succeed.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Unavailable(_) | Self::Away { .. })
    }

    /// Whether the server is away. [`Db::away`](crate::Db::away) tells of that, so that nobody
    /// who only meets it has to.
    pub fn is_away(&self) -> bool {
        matches!(self, Self::Away { .. })
    }

    /// Whether a server that is started or stopped may say so, and another try soon is worth it.
    pub fn may_pass_soon(&self) -> bool {
        match self {
            Self::Away { why, .. } => matches!(why, Absence::Unreachable(_)),
            other => other.is_transient(),
        }
    }

    /// Whether this is the violation of `constraint`, written as in [`Self::Conflict`].
    pub fn is_conflict_with(&self, wanted: &str) -> bool {
        matches!(self, Self::Conflict { constraint } if constraint == wanted)
    }

    /// From sqlx, with the first words of the statement for whoever reads the log.
    /// Statements are constant texts, so there is nobody's data in them.
    pub(crate) fn from_sqlx(error: &sqlx::Error, text: &str) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Database(inner) => {
                if let Some(postgres) = inner.try_downcast_ref::<PgDatabaseError>() {
                    from_postgres(postgres, text)
                } else {
                    from_sqlite(inner.as_ref(), text)
                }
            }
            sqlx::Error::PoolTimedOut => Self::Busy("no free connection in time".to_owned()),
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolClosed
            | sqlx::Error::BeginFailed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error.to_string()),
            sqlx::Error::Configuration(_) => Self::Address(error.to_string()),
            other => Self::Internal(during(&other.to_string(), text)),
        }
    }
}

/// An absence with its place, in words.
struct Told<'a>(&'a Place, &'a Absence);

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.tell(self.1, f)
    }
}

/// `trouble`, and in which statement.
fn during(trouble: &str, text: &str) -> String {
    let words = text.split_whitespace().take(12).collect::<Vec<_>>().join(" ");
    if words.is_empty() { trouble.to_owned() } else { format!("{trouble} (in: {words})") }
}

const FOREIGN_KEY: &str = "foreign key";

fn from_postgres(error: &PgDatabaseError, text: &str) -> DbError {
    let said = || during(error.message(), text);
    match DatabaseError::kind(error) {
        ErrorKind::UniqueViolation => DbError::Conflict { constraint: postgres_unique(error) },
        ErrorKind::ForeignKeyViolation => DbError::Conflict { constraint: FOREIGN_KEY.to_owned() },
        _ => match error.code() {
            // serialization failure, deadlock, lock not available, query cancelled by a timeout
            "40001" | "40P01" | "55P03" | "57014" => DbError::Busy(said()),
            // connection lost, out of resources (disk full among them), shutting down, I/O error
            code if ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class)) => {
                DbError::Unavailable(said())
            }
            // idle in a transaction for too long
            "25P03" => DbError::Unavailable(said()),
            // no such database, no such user, wrong password
            code if code == "3D000" || code.starts_with("28") => DbError::Address(said()),
            _ => DbError::Internal(said()),
        },
    }
}

/// `table(column, column)` out of `Key (column, column)=(..) already exists.`,
/// whatever language the server speaks; an expression gets its index's name.
fn postgres_unique(error: &PgDatabaseError) -> String {
    let named = error.constraint().unwrap_or_default();
    let columns = error
        .detail()
        .and_then(|detail| detail.split_once('('))
        .and_then(|(_, rest)| rest.split_once(")="))
        .map(|(columns, _)| columns)
        .filter(|columns| !columns.contains('('));
    match (error.table(), columns) {
        (Some(table), Some(columns)) => format!("{table}({columns})"),
        _ => named.to_owned(),
    }
}

fn from_sqlite(error: &dyn DatabaseError, text: &str) -> DbError {
    let said = || during(error.message(), text);
    match error.kind() {
        ErrorKind::UniqueViolation => {
            return DbError::Conflict { constraint: sqlite_unique(error.message()) };
        }
        ErrorKind::ForeignKeyViolation => {
            return DbError::Conflict { constraint: FOREIGN_KEY.to_owned() };
        }
        _ => {}
    }
    let extended: i32 = error.code().and_then(|code| code.parse().ok()).unwrap_or(1);
    // The low byte is the primary result code: https://sqlite.org/rescode.html
    match extended & 0xff {
        // busy, locked
        5 | 6 => DbError::Busy(said()),
        // out of memory, I/O error, full, cannot open
        7 | 10 | 13 | 14 => DbError::Unavailable(said()),
        _ => DbError::Internal(said()),
    }
}

/// `table(column, column)` out of `UNIQUE constraint failed: table.column, table.column`,
/// the name out of `UNIQUE constraint failed: index 'name'`.
fn sqlite_unique(message: &str) -> String {
    let list = message.split_once(": ").map_or(message, |(_, list)| list);
    if let Some(index) = list.strip_prefix("index '") {
        return index.trim_end_matches('\'').to_owned();
    }
    let mut table = "";
    let columns = list
        .split(", ")
        .map(|qualified| match qualified.split_once('.') {
            Some((owner, column)) => {
                table = owner;
                column
            }
            None => qualified,
        })
        .collect::<Vec<_>>()
        .join(", ");
    format!("{table}({columns})")
}
