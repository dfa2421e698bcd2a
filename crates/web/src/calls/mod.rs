//! Calls made to networks, for whoever asks what went out and what came back.

pub(crate) mod api;
