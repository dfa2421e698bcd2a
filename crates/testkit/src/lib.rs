//! What Bellwether is tested with: fakes, fixtures and stand-ins. Only ever a
//! dev-dependency.

pub mod standin;
