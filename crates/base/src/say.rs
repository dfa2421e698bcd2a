//! A sentence for a person, not yet in any language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A message key with its arguments. It is stored and passed around as such
/// and rendered when somebody reads it, in that reader's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Say {
    /// The message's name in the language files: `channel-wrong-address`.
    pub key: String,
    /// What fills its gaps.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, String>,
}

impl Say {
    /// A message without gaps.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), args: BTreeMap::new() }
    }

    /// Fills one gap.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "calls read better with values than with references"
    )]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }
}
