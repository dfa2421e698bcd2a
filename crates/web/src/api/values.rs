//! The shapes that answers share.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bellwether_app::networks;
use bellwether_base::{Instant, Page};
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

/// A moment, in RFC 3339 with milliseconds, in UTC.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment(pub Instant);

impl From<Instant> for Moment {
    fn from(at: Instant) -> Self {
        Self(at)
    }
}

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0.to_rfc3339())
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(from)?;
        let at: bellwether_base::jiff::Timestamp = text.parse().map_err(|_| {
            serde::de::Error::custom("expected a moment in RFC 3339, such as 2026-12-24T17:00:00Z")
        })?;
        Ok(Self(at.into()))
    }
}

impl PartialSchema for Moment {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .examples(["2026-12-24T17:00:00.000Z"])
            .into()
    }
}

impl ToSchema for Moment {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Moment")
    }
}

/// A message: for programs by its code, for people by its text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Notice {
    /// What it says, for programs: stays the same from one version to the next.
    #[schema(example = "text-too-long")]
    pub code: String,
    /// What it is about.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, String>,
    /// The sentence, in the language asked for with `Accept-Language`.
    pub text: String,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Weight {
    /// Worth a thought; does not stop anything.
    Warning,
    /// The network would refuse it.
    Error,
}

impl From<networks::Weight> for Weight {
    fn from(weight: networks::Weight) -> Self {
        match weight {
            networks::Weight::Warning => Self::Warning,
            networks::Weight::Error => Self::Error,
        }
    }
}

/// Something wrong with a content.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ProblemNotice {
    /// How bad it is.
    pub weight: Weight,
    /// Which part, counted from 0; the whole content when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<usize>,
    /// What it is.
    #[serde(flatten)]
    pub notice: Notice,
}

impl ProblemNotice {
    /// Something worth a thought.
    pub fn warning(notice: Notice) -> Self {
        Self { weight: Weight::Warning, part: None, notice }
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PageOf<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Send it as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> PageOf<T> {
    /// A page of `items`, each made into what the API shows.
    pub fn of<U>(page: Page<U>, show: impl FnMut(U) -> T) -> Self {
        let page = page.map(show);
        Self { items: page.items, next: page.next.map(|next| next.as_str().to_owned()) }
    }

    /// A list that comes whole.
    pub fn whole<U>(items: Vec<U>, show: impl FnMut(U) -> T) -> Self {
        Self { items: items.into_iter().map(show).collect(), next: None }
    }
}
