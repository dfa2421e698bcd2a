//! Text as a network counts it, with the links, mentions and tags that it
//! would find in it. One function for each network, used by composer, API,
//! CLI and engine alike.

use bellwether_base::Say;
use serde::{Deserialize, Serialize};

use crate::{Limits, Registry};

/// A network's counting function: pure, total, fast enough for each keystroke.
pub type MeasureText = fn(&str, &Limits) -> Measured;

/// A stretch of the text. Offsets are UTF-8 bytes, the end is exclusive, both
/// lie on character boundaries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it means: the full address of a link, a handle without `@`, a tag without `#`.
    pub value: String,
}

/// What a network makes of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// Units used.
    pub length: u32,
    /// Units allowed.
    pub limit: u32,
    /// Units left; negative when too long.
    pub remaining: i64,
    /// Whether the network would take it (an empty text is not valid by itself).
    pub valid: bool,
    /// Why not.
    pub problems: Vec<Say>,
    /// Links found.
    pub links: Vec<Span>,
    /// Mentions found.
    pub mentions: Vec<Span>,
    /// Tags found.
    pub tags: Vec<Span>,
}

/// Measures `text` for the network called `name`; nothing if there is none.
pub fn measure(registry: &Registry, name: &str, text: &str, limits: Option<&Limits>) -> Option<Measured> {
    let registered = registry.find(name)?;
    Some(match limits {
        Some(limits) => (registered.text)(text, limits),
        None => (registered.text)(text, &(registered.limits)()),
    })
}
