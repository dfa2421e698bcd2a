//! The binary's inside: configuration, wiring and the commands that run.
//!
//! Everything ambient (environment, paths, clocks, the network) enters here
//! and is handed down from here. The registry of networks is a parameter, so
//! that a test harness can run the very same program over networks of its own.

pub mod cli;
pub mod config;
mod keys;
mod serve;
mod starting;
mod telemetry;
mod wiring;

pub use config::{Config, ConfigError};
pub use serve::{Role, serve};
pub use starting::Obstacle;
pub use telemetry::start_telemetry;
pub use wiring::{Opened, open};
