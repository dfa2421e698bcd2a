//! What a network is and allows, as data.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::ImageRule;

/// The facts about a network that hold for every channel on it.
#[derive(Debug)]
pub struct Spec {
    /// Lower-case, as in the database, the API and addresses.
    pub name: &'static str,
    /// As its users write it.
    pub title: &'static str,
    /// Two letters for the square beside a channel.
    pub mark: &'static str,
    /// What holds where a channel's own limits are not known.
    pub limits: fn() -> Limits,
    /// How several parts go out.
    pub thread: ThreadKind,
    /// How a doubt is resolved.
    pub find_by: FindBy,
    /// How long after a request ended its effect may still appear.
    pub settle: Duration,
    /// How long one write may take.
    pub timeout: Duration,
    /// What can be done to what is out.
    pub features: Features,
    /// The network's own choices for a post.
    pub options: &'static [OptionField],
    /// What the network lets one channel call.
    pub quotas: &'static [Quota],
    /// Its central services, with their addresses: an operator may move them.
    pub endpoints: &'static [(&'static str, &'static str)],
}

/// How a network takes a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThreadKind {
    /// It has no threads: one part only.
    None,
    /// All parts in one request, or none.
    Atomic,
    /// A request for each part, each naming the one before it.
    PartByPart,
}

/// What a connector's [`find`](crate::Publish::find) can stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindBy {
    /// An id that we chose, with a write that only creates: absence is proof.
    Handle,
    /// A list of own posts: absence is no proof.
    ReadingBack,
    /// Nothing.
    Nothing,
}

/// What can be done to what is out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Features {
    /// A published post can be taken down.
    pub delete: bool,
    /// Taking down twice does no harm.
    pub delete_repeatable: bool,
    /// A published post can be corrected in place.
    pub edit: bool,
}

/// What one channel may publish. Fetched where the network tells, stored with
/// its age, and given to every function that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// One part's text.
    pub text: TextLimit,
    /// Parts in a thread.
    pub parts: u32,
    /// Pictures in a part.
    pub images: u32,
    /// What a picture is made to fit.
    pub image: ImageRule,
    /// Graphemes of a picture's description; no limit when absent.
    pub alt_text: Option<u32>,
    /// Whether this server's answer `NotSeen` may lead to another send.
    pub resend_after_not_seen: bool,
    /// What the channel's own server says of itself, on networks of many servers.
    #[serde(default)]
    pub server: Option<ServerFacts>,
}

/// What one server of many says of itself, as far as it decides what can be
/// sent there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerFacts {
    /// What it runs, in small letters; empty where it does not say.
    pub software: String,
    /// Which version of it, as it writes that.
    pub version: String,
    /// Units that a link counts, however long it is; as many as it has when
    /// absent.
    pub link: Option<u32>,
    /// What a poll may be; it takes none when absent.
    pub poll: Option<PollRule>,
    /// Whether a post can quote another one.
    pub quotes: bool,
}

/// What a poll may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollRule {
    /// Choices; at least two.
    pub choices: u32,
    /// Characters of a choice.
    pub characters: u32,
    /// Seconds for which it is open at least.
    pub shortest: u64,
    /// Seconds for which it is open at most.
    pub longest: u64,
}

/// How long a text may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextLimit {
    /// How many units.
    pub max: u32,
    /// Which units.
    pub unit: Unit,
    /// UTF-8 bytes beside the units.
    pub max_bytes: Option<u32>,
}

/// What a network counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Extended grapheme clusters: what people see as one character.
    Graphemes,
    /// Weighted units: a letter one, an ideograph two, a link always the same.
    Weighted,
    /// Unicode scalar values.
    Characters,
    /// UTF-16 code units.
    Utf16,
}

/// One of a network's own choices for a post.
#[derive(Debug)]
pub struct OptionField {
    /// Its name in [`Content::options`](crate::Content::options).
    pub name: &'static str,
    /// Message key of its label; `<label>-help` explains it.
    pub label: &'static str,
    /// What it takes.
    pub kind: OptionKind,
}

/// What an option takes.
#[derive(Debug)]
pub enum OptionKind {
    /// One of these values; `<label>-<value>` are their message keys. The first is the default.
    One(&'static [&'static str]),
    /// Any of these values.
    Many(&'static [&'static str]),
    /// A line of text.
    Line,
    /// Several lines of text: a list.
    Lines,
}

/// How much a network lets one channel call.
#[derive(Debug)]
pub struct Quota {
    /// Its name.
    pub bucket: &'static str,
    /// Points in a window.
    pub limit: i64,
    /// The window.
    pub per: Duration,
    /// Points that one published part costs, as reckoned with while planning.
    /// What a request costs in the end says [`Publish::cost`](crate::Publish::cost).
    pub cost: i64,
}
