//! What went wrong, what to do about it, and whether something may have
//! happened all the same.

use bellwether_base::{Instant, Say};
use serde::{Deserialize, Serialize};

/// Whether a write may have taken effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sent {
    /// Certainly not: it never left, or the network said no.
    No,
    /// Nobody knows: an answer was cut, late, or a server error.
    Unknown,
}

/// What to do about a failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FailureKind {
    /// The login is gone: a person must connect the channel again.
    Reconnect,
    /// The access token ran out: refresh it and go on. No person is involved.
    Expired,
    /// The network said no to this content and will say no again.
    Rejected,
    /// Too many calls.
    RateLimited {
        /// When to call again.
        until: Instant,
    },
    /// Passing: try again later.
    Transient,
}

/// A failed call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{kind:?}, sent: {sent:?}: {}", .say.key)]
pub struct Failure {
    /// What to do.
    pub kind: FailureKind,
    /// Whether the write may have happened. For calls that only read: `No`.
    pub sent: Sent,
    /// For people.
    pub say: Say,
    /// The vendor's own words, scrubbed of secrets, at most 500 characters.
    pub vendor: Option<String>,
    /// What [`Publish::prepare`](crate::Publish::prepare) made is no longer
    /// good (an uploaded picture was collected): begin it anew.
    #[serde(default)]
    pub prepare_again: bool,
}

impl Failure {
    /// A failure of `kind` that certainly wrote nothing.
    pub fn new(kind: FailureKind, say: Say) -> Self {
        Self { kind, sent: Sent::No, say, vendor: None, prepare_again: false }
    }

    /// The network said no.
    pub fn rejected(say: Say) -> Self {
        Self::new(FailureKind::Rejected, say)
    }

    /// Passing trouble.
    pub fn transient(say: Say) -> Self {
        Self::new(FailureKind::Transient, say)
    }

    /// The login is gone.
    pub fn reconnect(say: Say) -> Self {
        Self::new(FailureKind::Reconnect, say)
    }

    /// The same failure, with what is known about the write.
    #[must_use]
    pub fn sent(mut self, sent: Sent) -> Self {
        self.sent = sent;
        self
    }

    /// The same failure, with the vendor's words. The caller has taken secrets out.
    #[must_use]
    pub fn vendor(mut self, words: impl AsRef<str>) -> Self {
        let words: String = words.as_ref().chars().take(500).collect();
        self.vendor = (!words.is_empty()).then_some(words);
        self
    }
}
