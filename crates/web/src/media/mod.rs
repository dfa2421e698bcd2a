//! Pictures: so far for API clients.

pub(crate) mod api;
