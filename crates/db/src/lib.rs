//! Where Bellwether keeps what it knows: one face over SQLite and PostgreSQL.
//!
//! The same SQL text runs on both. A store writes
//! `tx.sql("select .. where id = $1").bind(id).one::<T>()` and never asks which
//! engine it talks to, except for the few words in [`fragments`].
//!
//! What holds on both engines:
//!
//! - A [`Tx`] is all or nothing. After a statement of it failed or was
//!   cancelled, it can only be rolled back: nothing half-done is ever committed.
//! - [`Tx::commit`] returns `Ok` only when the change is on the disk. An error
//!   of it proves nothing: the change may be there or not (see there).
//! - [Events](events) have one sequence per scope without late arrivals: who has
//!   read up to 7 has seen everything up to 7.
//! - [`Db::changed`] is a hint. Whoever listens to it also looks by himself,
//!   every 15 seconds at the latest.
//!
//! Column types for both: `uuid`, `bigint`, `integer`, `boolean`, `text`,
//! `bytea`, `double precision`. JSON is kept in `text` and read through [`Json`].
//! Write `not null primary key` (SQLite allows null in a primary key), `nulls
//! first`/`nulls last` where order meets null, and a cast around `sum` and `avg`.
//! Constraints are never deferred: a commit is shared (see `writer`), so what one
//! member violated at commit would fail its neighbours.

mod db;
mod error;
pub mod events;
pub mod fragments;
mod json;
mod migrate;
mod owner;
mod postgres;
mod query;
mod reach;
pub mod retention;
mod sqlite;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod tx;
mod writer;

pub use db::{Db, Engine, Options};
pub use error::DbError;
pub use events::{Actor, Event, NewEvent, Scope};
pub use json::Json;
pub use migrate::{MAIN, MigrationReport, MigrationSet, STREAMS};
pub use owner::OwnerLock;
pub use query::{Query, Row, Scalar, Value};
pub use reach::{Absence, Place};
pub use tx::Tx;

/// The derive for rows. What it generates names `::sqlx`, so a crate that uses
/// it depends on `sqlx` as well (the workspace's, without features of its own).
pub use sqlx::FromRow;
