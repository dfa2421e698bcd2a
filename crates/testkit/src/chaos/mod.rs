//! Chaos: the product is killed at every moment that a network's server can
//! choose, and afterwards everything that was promised is held against what
//! really happened.
//!
//! One seed decides what is written, where it goes and which moments are
//! struck (not what the machine's timing makes of it). What was promised is
//! kept here, what happened is in the stand-ins' ledger; the product's own
//! database is only asked what *it* believes.

mod dice;
mod killer;
mod node;
mod report;
mod round;
mod site;
pub mod truth;

pub use dice::Dice;
pub use killer::{Handle, Killer, Manners};
pub use node::{Node, Start};
pub use report::Tally;
pub use round::{Programs, Round, play};
pub use site::{Outlet, Promised, Site, Target};
