//! One statement, with its values, for whichever engine the transaction is on.

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments as _, Decode, Encode, FromRow, Postgres, SqlStr, Sqlite, Type};

use crate::tx::{Connection, Tx};
use crate::{DbError, Engine};

/// What can be bound to `$1`: anything that both engines take.
pub trait Value<'q>:
    Encode<'q, Sqlite> + Type<Sqlite> + Encode<'q, Postgres> + Type<Postgres>
{
}

impl<'q, T> Value<'q> for T where
    T: Encode<'q, Sqlite> + Type<Sqlite> + Encode<'q, Postgres> + Type<Postgres>
{
}

/// What a row can be read into: `#[derive(sqlx::FromRow)]` structs, and tuples.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{}

/// What a single column can be read into.
pub trait Scalar:
    for<'r> Decode<'r, Sqlite>
    + Type<Sqlite>
    + for<'r> Decode<'r, Postgres>
    + Type<Postgres>
    + Send
    + Unpin
{
}

impl<T> Scalar for T where
    T: for<'r> Decode<'r, Sqlite>
        + Type<Sqlite>
        + for<'r> Decode<'r, Postgres>
        + Type<Postgres>
        + Send
        + Unpin
{
}

enum Arguments {
    Sqlite(SqliteArguments),
    Postgres(PgArguments),
}

/// A statement that waits for its values and is then run once.
#[must_use = "a statement does nothing until it is run"]
pub struct Query<'t> {
    tx: &'t mut Tx,
    text: SqlStr,
    arguments: Arguments,
    trouble: Option<String>,
}

impl<'t> Query<'t> {
    pub(crate) fn new(tx: &'t mut Tx, text: SqlStr) -> Self {
        let arguments = match tx.engine() {
            Engine::Sqlite => Arguments::Sqlite(SqliteArguments::default()),
            Engine::Postgres => Arguments::Postgres(PgArguments::default()),
        };
        Self { tx, text, arguments, trouble: None }
    }

    /// The value of the next `$n`, beginning with `$1`.
    pub fn bind<'q, T: Value<'q>>(mut self, value: T) -> Self {
        let added = match &mut self.arguments {
            Arguments::Sqlite(arguments) => arguments.add(value),
            Arguments::Postgres(arguments) => arguments.add(value),
        };
        if let Err(error) = added {
            self.trouble.get_or_insert_with(|| error.to_string());
        }
        self
    }

    /// Runs it; how many rows it wrote.
    pub async fn execute(self) -> Result<u64, DbError> {
        let Self { tx, text, arguments, trouble } = self;
        let said = text.clone();
        tx.start(trouble)?;
        let done = match (tx.connection()?, arguments) {
            (Connection::Sqlite(connection), Arguments::Sqlite(arguments)) => {
                sqlx::query_with(text, arguments)
                    .execute(connection)
                    .await
                    .map(|done| done.rows_affected())
            }
            (Connection::Postgres(connection), Arguments::Postgres(arguments)) => {
                sqlx::query_with(text, arguments)
                    .execute(connection)
                    .await
                    .map(|done| done.rows_affected())
            }
            _ => return Err(DbError::Internal("values of another engine".to_owned())),
        };
        tx.finish(done, said.as_str())
    }

    /// Runs it; every row.
    pub async fn all<T: Row>(self) -> Result<Vec<T>, DbError> {
        // One row is also read through here, never by stopping after the first: no statement
        // is left half-run, and an error that comes after the first row is heard.
        let Self { tx, text, arguments, trouble } = self;
        let said = text.clone();
        tx.start(trouble)?;
        let rows = match (tx.connection()?, arguments) {
            (Connection::Sqlite(connection), Arguments::Sqlite(arguments)) => {
                sqlx::query_as_with(text, arguments).fetch_all(connection).await
            }
            (Connection::Postgres(connection), Arguments::Postgres(arguments)) => {
                sqlx::query_as_with(text, arguments).fetch_all(connection).await
            }
            _ => return Err(DbError::Internal("values of another engine".to_owned())),
        };
        tx.finish(rows, said.as_str())
    }

    /// Runs it; the first row, or nothing.
    pub async fn optional<T: Row>(self) -> Result<Option<T>, DbError> {
        Ok(self.all().await?.into_iter().next())
    }

    /// Runs it; the first row, or [`DbError::NotFound`].
    pub async fn one<T: Row>(self) -> Result<T, DbError> {
        self.optional().await?.ok_or(DbError::NotFound)
    }

    /// Runs it; the first column of the first row, or [`DbError::NotFound`].
    pub async fn scalar<T: Scalar>(self) -> Result<T, DbError> {
        self.scalar_optional().await?.ok_or(DbError::NotFound)
    }

    /// Runs it; the first column of the first row, or nothing.
    ///
    /// For a column that may be null, `T` is an `Option` of its own.
    pub async fn scalar_optional<T: Scalar>(self) -> Result<Option<T>, DbError> {
        Ok(self.optional::<(T,)>().await?.map(|(value,)| value))
    }

    /// Runs it; the first column of every row.
    pub async fn scalars<T: Scalar>(self) -> Result<Vec<T>, DbError> {
        Ok(self.all::<(T,)>().await?.into_iter().map(|(value,)| value).collect())
    }
}
