//! What goes out on one channel: the version of a post that is meant for it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use bellwether_base::Say;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::MediaFacts;

/// One version of a post: one part, or several that make a thread.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// At least one.
    pub parts: Vec<Part>,
    /// BCP 47 languages of the text.
    #[serde(default)]
    pub languages: Vec<String>,
    /// The network's own choices, by the names in its [`Spec::options`](crate::Spec::options).
    #[serde(default)]
    pub options: BTreeMap<String, serde_json::Value>,
}

/// One part of a post.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// As typed.
    #[serde(default)]
    pub text: String,
    /// Pictures in order.
    #[serde(default)]
    pub media: Vec<MediaRef>,
    /// The address that gets a link card; the first link of the text when
    /// absent; no card when empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<String>,
}

/// A stored picture as used in a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MediaRef {
    /// Which: the SHA-256 of its bytes, in hexadecimal.
    pub hash: String,
    /// What somebody who cannot see it should know.
    #[serde(default)]
    pub alt: String,
    /// Facts about the file, filled in by whoever stores media.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<MediaFacts>,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Worth a thought; does not stop anything.
    Warning,
    /// The network would refuse it: it cannot be scheduled.
    Error,
}

/// Something wrong with a content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// How bad it is.
    pub weight: Weight,
    /// Which part, counted from 0; the whole content when absent.
    pub part: Option<usize>,
    /// For people.
    pub say: Say,
}

impl Problem {
    /// The network would refuse it.
    pub fn error(part: impl Into<Option<usize>>, say: Say) -> Self {
        Self { weight: Weight::Error, part: part.into(), say }
    }

    /// Worth a thought.
    pub fn warning(part: impl Into<Option<usize>>, say: Say) -> Self {
        Self { weight: Weight::Warning, part: part.into(), say }
    }
}

/// A stored picture could not be read.
#[derive(Debug, Clone, thiserror::Error)]
#[error("media {hash}: {why}")]
pub struct MissingMedia {
    /// Which.
    pub hash: String,
    /// Whether it is gone for good (it was never stored) or could not be read just now.
    pub gone: bool,
    /// For the log.
    pub why: String,
}

/// Where connectors read stored files.
#[async_trait]
pub trait MediaSource: Send + Sync {
    /// The bytes behind `hash`.
    async fn read(&self, hash: &str) -> Result<Bytes, MissingMedia>;
}
