//! The badge of a state: a word, a shape, a ground, a colour.

use bellwether_base::Say;

/// A badge. The family chooses shape, ground and colour together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    /// `is-<family>` in the style sheet, and the glyph of the same name.
    pub family: &'static str,
    /// The words. Never shortened.
    pub say: Say,
}

impl Badge {
    /// The badge called `state-<name>`.
    pub fn new(family: &'static str, name: &str) -> Self {
        Self { family, say: Say::new(format!("state-{name}")) }
    }
}
