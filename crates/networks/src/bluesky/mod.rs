//! Bluesky and every other AT Protocol server.
pub mod text;
