//! The shape of a frozen request and of what preparing it has brought.
//!
//! Both are stored, and read by later versions of this program: a field may
//! be added with a default, none may change its meaning.

use bellwether_base::{Instant, Say};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Failure, Frozen};

/// One post, but for what the server must answer first (the ids of uploads).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Plan {
    /// Sent with every attempt, the same each time.
    pub key: String,
    /// Its text.
    pub text: String,
    /// The id of the post that it answers: the part before this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// What stands in front of it; nothing when empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub warning: String,
    /// Whether its pictures are hidden at first.
    #[serde(default)]
    pub sensitive: bool,
    /// Who sees it.
    pub visibility: String,
    /// Its language, if somebody said which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Its pictures in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<Picture>,
    /// Its poll.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll: Option<Poll>,
    /// The server's id of the post that it quotes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// Who may quote it, where that is not left to the account's settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quotable: Option<String>,
}

/// A stored picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Picture {
    /// Which.
    pub hash: String,
    /// Its description.
    pub alt: String,
}

/// A poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Poll {
    /// What can be chosen.
    pub choices: Vec<String>,
    /// Seconds for which it is open.
    pub seconds: u64,
    /// Whether several may be chosen.
    #[serde(default)]
    pub several: bool,
    /// Whether counts are hidden until it closes.
    #[serde(default)]
    pub hidden: bool,
}

impl Plan {
    /// From a stored request.
    pub fn open(frozen: &Frozen) -> Result<Self, Failure> {
        serde_json::from_value(frozen.request.clone()).map_err(|error| {
            Failure::rejected(Say::new("frozen-unreadable")).vendor(error.to_string())
        })
    }
}

/// What was uploaded, picture by picture.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Uploads(pub Vec<Upload>);

/// One uploaded picture.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Upload {
    /// The server's id of it.
    pub id: String,
    /// When it was uploaded: unused files are collected after a while.
    pub at: Instant,
    /// Whether the server has finished with it. Until then no post can have it.
    pub is_ready: bool,
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
