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
mod kin;
mod node;
pub mod order;
pub mod pauses;
pub mod plan;
mod postgres;
mod proxy;
pub mod real;
mod report;
mod round;
mod site;
pub mod truth;
mod twist;

pub use dice::Dice;
pub use killer::{Handle, Killer, Manners};
pub use node::{Node, Start};
pub use postgres::Postgres;
pub use report::Tally;
pub use round::{Programs, Round, play};
pub use site::{Outlet, Promised, Site, Target};
pub use twist::Twist;
