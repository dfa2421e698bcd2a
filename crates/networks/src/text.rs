//! Text as a network counts it, with the links, mentions and tags that it
//! would find in it. One function for each network, used by composer, API,
//! CLI and engine alike.
//!
//! A counting function never changes the text, never fails and never panics.
//! What it finds never overlaps: of two that would, the one that begins first
//! stays, as on the networks themselves.
//!
//! Problems carry these keys: `text-empty` (no arguments; whoever measures a
//! part that has pictures leaves it out), `text-too-long` (`over`, `limit`,
//! `unit`), `text-too-many-bytes` (`over`, `limit`), and where a network
//! forbids characters `text-forbidden-character` (`character`, as `U+FEFF`).

use std::ops::Range;

use bellwether_base::Say;
use serde::{Deserialize, Serialize};

use crate::{Limits, Registry, TextLimit, Unit};

#[cfg(test)]
pub(crate) mod tests;

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
    /// What it means: the full address of a link, a handle without `@`, a tag
    /// without `#`. A cash tag keeps its `$` and is in capitals: `$ACME`.
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
    /// Whether the network would take it by itself: exactly when there are no problems.
    pub valid: bool,
    /// Why not. An empty text, or one of nothing but white space, has the problem `text-empty`.
    pub problems: Vec<Say>,
    /// Links found, in their order.
    pub links: Vec<Span>,
    /// Mentions found, in their order.
    pub mentions: Vec<Span>,
    /// Tags found, in their order.
    pub tags: Vec<Span>,
}

/// What a stretch of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A link.
    Link,
    /// A mention of a profile.
    Mention,
    /// A tag.
    Tag,
}

impl Span {
    /// A stretch with its meaning.
    pub(crate) fn new(at: Range<usize>, value: impl Into<String>) -> Self {
        Self { start: at.start, end: at.end, value: value.into() }
    }
}

impl Measured {
    /// Holds `text`, which counts `length` units, against `limit`.
    pub(crate) fn judge(text: &str, length: usize, limit: &TextLimit) -> Self {
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        let remaining = i64::from(limit.max) - i64::from(length);
        let mut problems = Vec::new();
        if text.trim().is_empty() {
            problems.push(Say::new("text-empty"));
        }
        if remaining < 0 {
            let say = Say::new("text-too-long").with("over", -remaining).with("limit", limit.max);
            problems.push(say.with("unit", unit_name(limit.unit)));
        }
        if let Some(max) = limit.max_bytes
            && let Ok(over) = u32::try_from(text.len().saturating_sub(max as usize))
            && over > 0
        {
            problems.push(Say::new("text-too-many-bytes").with("over", over).with("limit", max));
        }
        let valid = problems.is_empty();
        let (links, mentions, tags) = Default::default();
        Self { length, limit: limit.max, remaining, valid, problems, links, mentions, tags }
    }

    /// Adds a problem that only this network has.
    pub(crate) fn with_problem(mut self, problem: Say) -> Self {
        self.problems.push(problem);
        self.valid = false;
        self
    }

    /// Adds what was found, in any order. Of two that overlap, the one that begins first stays.
    pub(crate) fn with_found(mut self, mut found: Vec<(Kind, Span)>) -> Self {
        found.sort_by_key(|(kind, span)| (span.start, *kind));
        let mut free_from = 0;
        for (kind, span) in found {
            if span.start < free_from {
                continue;
            }
            free_from = span.end;
            match kind {
                Kind::Link => self.links.push(span),
                Kind::Mention => self.mentions.push(span),
                Kind::Tag => self.tags.push(span),
            }
        }
        self
    }
}

/// The unit as messages know it: the same word as in the API.
fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Graphemes => "graphemes",
        Unit::Weighted => "weighted",
        Unit::Characters => "characters",
        Unit::Utf16 => "utf16",
    }
}

/// Whether `label` is a top-level domain (IANA's list), in ASCII and in any case.
pub(crate) fn is_top_level(label: &str) -> bool {
    tld::exist_case_insensitive(label)
}

/// Bytes of `http://` or `https://`, in any case, at the start of `rest`; 0 without.
pub(crate) fn scheme_len(rest: &str) -> usize {
    let starts = |scheme: &str| {
        rest.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme))
    };
    ["https://", "http://"].into_iter().find(|scheme| starts(scheme)).map_or(0, str::len)
}

/// Measures `text` for the network called `name`; nothing if there is none.
pub fn measure(
    registry: &Registry,
    name: &str,
    text: &str,
    limits: Option<&Limits>,
) -> Option<Measured> {
    let registered = registry.find(name)?;
    Some(match limits {
        Some(limits) => (registered.text)(text, limits),
        None => (registered.text)(text, &(registered.limits)()),
    })
}
