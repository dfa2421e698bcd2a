//! The SQL of this slice, a file for each group of tables.

pub mod links;
pub mod members;
pub mod people;
pub mod sessions;
pub mod tokens;
pub mod tries;

use bellwether_base::uuid::Uuid;

use crate::Error;

/// Before every other id.
const FIRST: Uuid = Uuid::nil();

/// A stored text that this program cannot have written.
fn damaged(what: &str, text: &str) -> Error {
    Error::Internal(format!("stored data does not read: {what} {text:?}"))
}
