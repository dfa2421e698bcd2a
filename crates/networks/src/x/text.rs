//! stand-in
pub fn measure(_: &str, _: &crate::Limits) -> crate::Measured { unimplemented!() }
