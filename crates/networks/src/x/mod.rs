//! X: so far its text rules.
pub mod text;
