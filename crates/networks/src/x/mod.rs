//! X: so far its text rules.

use crate::{ImageRule, Limits, TextLimit, Unit};

pub mod text;

/// What holds for a channel without a paid subscription
/// (<https://docs.x.com/fundamentals/counting-characters>, `/x-api/media`).
pub fn limits() -> Limits {
    Limits {
        text: TextLimit { max: 280, unit: Unit::Weighted, max_bytes: None },
        parts: 25,
        images: 4,
        image: ImageRule { max_bytes: 5_000_000, max_side: 4096 },
        alt_text: Some(1000),
        // Own posts can only be read back: not seeing one proves nothing.
        resend_after_not_seen: false,
        server: None,
    }
}
