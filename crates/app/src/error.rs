//! What a use case can answer instead of its result.

use bellwether_base::{Say, SealError};
use bellwether_db::DbError;
use bellwether_networks::Problem;

/// The result of every use case.
pub type Result<T> = std::result::Result<T, Error>;

/// The caller may not do that.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{say:?}")]
pub struct Denied {
    /// For people.
    pub say: Say,
}

/// Outcomes that a person or a script can cause, and one for everything else.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Who asks may not do that.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such thing, or not for this caller.
    #[error("not found: {}", .0.key)]
    NotFound(Say),
    /// What was asked makes no sense as it stands.
    #[error("invalid: {}", .0.key)]
    Invalid(Say),
    /// It made sense once, but things have moved on.
    #[error("conflict: {}", .0.key)]
    Conflict(Say),
    /// The content would be refused by a network.
    #[error("the content has problems")]
    Content(Vec<Problem>),
    /// A network was not to be had while somebody waited: it may be otherwise
    /// next time.
    #[error("network: {}", .0.key)]
    Network(Say),
    /// A network said no while somebody waited, or what it was to be called
    /// with can never do: the same again ends the same.
    #[error("refused: {}", .0.key)]
    Refused(Say),
    /// Too many tries.
    #[error("too many tries")]
    TooMany {
        /// Seconds until the next one is taken.
        retry_after: u64,
    },
    /// Our trouble.
    #[error("internal: {0}")]
    Internal(String),
    /// The database's trouble.
    #[error(transparent)]
    Db(DbError),
}

impl Error {
    /// There is no such `thing` (a message key's middle: `post`, `channel`).
    pub fn not_found(thing: &str) -> Self {
        Self::NotFound(Say::new(format!("not-found-{thing}")))
    }

    /// What was asked makes no sense.
    pub fn invalid(key: &str) -> Self {
        Self::Invalid(Say::new(key))
    }

    /// Whether it is nothing but that the server of the database is away.
    pub fn is_away(&self) -> bool {
        matches!(self, Self::Db(error) if error.is_away())
    }

    /// Things have moved on.
    pub fn conflict(key: &str) -> Self {
        Self::Conflict(Say::new(key))
    }
}

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        match error {
            DbError::NotFound => Self::NotFound(Say::new("not-found-thing")),
            other => Self::Db(other),
        }
    }
}

impl From<SealError> for Error {
    fn from(error: SealError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(format!("stored data does not read: {error}"))
    }
}
