//! Pictures, made to fit.
