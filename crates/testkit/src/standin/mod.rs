//! Servers that stand in for networks while the product is being killed.
//!
//! A chaos harness embeds them in its own process and runs the product as
//! child processes. Every request passes named [`Window`]s; at each, the
//! server asks the harness's [`Director`] what shall happen: go on, cut the
//! connection, hold, answer something else. A kill is the director's own deed;
//! the stand-in only offers the exact moment for it. What really happened is
//! in the [`Ledger`], which the product never sees.
//!
//! Three personalities speak over this machinery: [`pds`], written from the
//! vendor's published contract and measured against the real server;
//! [`mastodon`], written from the vendor's documentation and published source;
//! and [`plain`], a made-up minimal network whose contract is its module text.
//!
//! ```no_run
//! use std::sync::Arc;
//! use bellwether_testkit::standin::{Faults, Ledger, Seen, Server, Verdict, Window, pds};
//!
//! # async fn example() -> std::io::Result<()> {
//! let ledger = Ledger::new();
//! let network = pds::Pds::new(pds::Settings::default(), ledger.clone());
//! let did = network.add_account("ada.test", "app-password");
//! let faults = Faults::directed(|window: Window, seen: &Seen| {
//!     if window == Window::Stored && seen.has_taken_effect {
//!         // kill the child here, then:
//!         return Verdict::Cut;
//!     }
//!     Verdict::Go
//! });
//! let server = Server::start("127.0.0.1:0", network, ledger.clone(), faults).await?;
//! println!("point the product at {}", server.url());
//! let posts = ledger.posts(&did);
//! # Ok(())
//! # }
//! ```
//!
//! It must never do twice what was asked once: answers may be doubled, writes
//! never. And nothing here may depend on the product's own code for a network,
//! or both could be wrong in the same way.

mod connection;
mod faults;
mod ledger;
pub mod mastodon;
pub mod pds;
mod pile;
pub mod plain;
mod rates;
mod server;
mod service;
#[cfg(test)]
mod tests;
mod token;
mod wire;

pub use faults::{Counts, Director, Faults, Kind, Manner, Seen, Tally, Verdict, Window};
pub use ledger::{Author, Effect, Ending, Ledger, Post, RequestEntry, Stamp, What};
pub use pile::Snapshot;
pub use rates::Rate;
pub use server::{Mark, Server};
pub use service::{Answer, Head, Look, Request, Service};
