//! What is written, as the API takes and shows it.

use std::collections::BTreeMap;

use bellwether_app::networks;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One version of a post: one part, or several that make a thread.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Content {
    /// The parts, in order: several make a thread.
    parts: Vec<Part>,
    /// BCP 47 languages of the text.
    #[serde(default)]
    #[schema(example = json!(["en"]))]
    languages: Vec<String>,
    /// The networks' own choices, by the names in their `options`.
    #[serde(default)]
    options: BTreeMap<String, serde_json::Value>,
}

/// One part of a post.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Part {
    /// As typed.
    #[serde(default)]
    text: String,
    /// Pictures, in order.
    #[serde(default)]
    media: Vec<Medium>,
    /// The address that gets a link card: the first link of the text when absent, no card when
    /// empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    card: Option<String>,
}

/// A stored picture as used in a part.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PartMedium)]
struct Medium {
    /// Which: the hash that storing it answered.
    hash: String,
    /// What somebody who cannot see it should know.
    #[serde(default)]
    alt: String,
    /// What is known of the file. Ignored when sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    facts: Option<Facts>,
}

/// What is known of a stored file.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MediumFacts)]
struct Facts {
    /// `image/jpeg`.
    mime: String,
    /// Bytes.
    bytes: u64,
    /// Pixels, after orientation.
    width: u32,
    /// Pixels, after orientation.
    height: u32,
}

impl From<networks::Content> for Content {
    fn from(content: networks::Content) -> Self {
        let networks::Content { parts, languages, options } = content;
        Self { parts: parts.into_iter().map(Part::from).collect(), languages, options }
    }
}

impl From<networks::Part> for Part {
    fn from(part: networks::Part) -> Self {
        let networks::Part { text, media, card } = part;
        Self { text, media: media.into_iter().map(Medium::from).collect(), card }
    }
}

impl From<networks::MediaRef> for Medium {
    fn from(medium: networks::MediaRef) -> Self {
        let networks::MediaRef { hash, alt, facts } = medium;
        let facts = facts.map(|networks::MediaFacts { mime, bytes, width, height }| Facts {
            mime,
            bytes,
            width,
            height,
        });
        Self { hash, alt, facts }
    }
}

impl From<Content> for networks::Content {
    fn from(content: Content) -> Self {
        let Content { parts, languages, options } = content;
        let part = |Part { text, media, card }| networks::Part {
            text,
            media: media.into_iter().map(networks::MediaRef::from).collect(),
            card,
        };
        Self { parts: parts.into_iter().map(part).collect(), languages, options }
    }
}

impl From<Medium> for networks::MediaRef {
    fn from(Medium { hash, alt, facts: _ }: Medium) -> Self {
        Self { hash, alt, facts: None }
    }
}
