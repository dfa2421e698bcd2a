//! What the product does: one folder for each capability.
//!
//! A slice shows its face in `mod.rs`, keeps its SQL in `store.rs`, and talks
//! to other slices only through their faces, and only to those **above it in
//! this list**. `cargo xtask check` fails on an import that runs the other way.

mod app;
mod caller;
mod error;

pub mod idempotency;
pub mod workspaces;
pub mod people;
pub mod media;
pub mod channels;
pub mod calls;
pub mod posts;
pub mod publishing;
pub mod upkeep;

#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use app::{App, Parts, Settings};
pub use caller::{Caller, Grant, Permission};
pub use error::{Denied, Error, Result};

/// What pages and API need to know of the events table.
pub use bellwether_db::events;
/// What pages and API need to know of networks.
pub use bellwether_networks as networks;
