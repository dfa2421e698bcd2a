//! The API as scripts see it, on both engines: whole answers, and what is
//! said of every mistake.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bad_inputs;
mod callers;
mod channels;
mod document;
mod events;
mod idempotency;
mod media;
mod people;
mod pauses;
mod posts;
mod small_network;
mod world;
