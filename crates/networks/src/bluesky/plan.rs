//! The shape of a frozen request and of what preparing it has brought.
//!
//! Both are stored, and read by later versions of this program: a field may
//! be added with a default, none may change its meaning.

use std::collections::BTreeMap;

use bellwether_base::{Instant, Say};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::{Failure, Frozen};

/// Everything that will be written, but for what the server must answer first
/// (the references of uploaded pictures).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Plan {
    /// Whose repository.
    pub did: String,
    /// Posts in order; each answers the one before it.
    pub parts: Vec<PlannedPost>,
    /// Rules on who may reply to the first post; no rules when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Value>,
    /// What was left out, for people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// One post.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PlannedPost {
    /// Its record key.
    pub rkey: String,
    /// The record without `reply` and `embed`.
    pub record: Value,
    /// Its pictures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<Picture>,
    /// Its link card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
}

/// A stored picture.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Picture {
    /// Which.
    pub hash: String,
    /// Its description.
    pub alt: String,
    /// Width and height, if known before it was fitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<(u32, u32)>,
}

/// A link card.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Card {
    /// Where it leads.
    pub uri: String,
    /// Its headline.
    pub title: String,
    /// A sentence or two.
    pub description: String,
    /// Where its picture is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Url>,
}

/// Something that could not be rendered as meant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Note {
    /// Which part.
    pub part: usize,
    /// What about it.
    pub say: Say,
}

impl Plan {
    /// From a stored request.
    pub fn open(frozen: &Frozen) -> Result<Self, Failure> {
        let plan: Self = serde_json::from_value(frozen.request.clone()).map_err(|error| {
            Failure::rejected(Say::new("frozen-unreadable")).vendor(error.to_string())
        })?;
        if plan.parts.is_empty() {
            return Err(Failure::rejected(Say::new("frozen-unreadable")));
        }
        Ok(plan)
    }

    /// How many records it creates.
    pub fn records(&self) -> usize {
        self.parts.len() + usize::from(self.gate.is_some())
    }

    /// The address of a record in this repository.
    pub fn uri(&self, collection: &str, rkey: &str) -> String {
        format!("at://{}/{collection}/{rkey}", self.did)
    }
}

/// What was uploaded, by [`picture_key`] or [`thumb_key`].
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Uploads(pub BTreeMap<String, Upload>);

/// One uploaded file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Upload {
    /// The server's reference; nothing if a card has to do without its picture.
    pub blob: Option<Value>,
    /// When it was uploaded: unused files are collected after a while.
    pub at: Instant,
    /// Width and height as uploaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<(u32, u32)>,
}

impl Uploads {
    /// From the stored state; `Null` is none.
    pub fn open(state: &Value) -> Self {
        serde_json::from_value(state.clone()).unwrap_or_default()
    }

    /// As a state to store.
    pub fn state(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// Under which name a picture's upload is kept.
pub(super) fn picture_key(hash: &str) -> String {
    format!("picture:{hash}")
}

/// Under which name a card picture's upload is kept.
pub(super) fn thumb_key(image: &Url) -> String {
    format!("thumb:{image}")
}
