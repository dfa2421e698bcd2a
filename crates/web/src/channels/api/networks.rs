//! What each network is and allows, and how it counts a text.

use axum::extract::State;
use bellwether_app::networks::{self, Limits, OptionKind, Registered, Unit};
use bellwether_app::{App, Error, channels};
use bellwether_base::{ChannelId, Say, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{Asker, Json, Notice, PageOf, Trouble, Words};

/// A network.
#[derive(Serialize, ToSchema)]
pub(super) struct NetworkView {
    /// Its name in this API.
    name: &'static str,
    /// As its users write it.
    title: &'static str,
    /// Whether channels on it can be connected. Text can be measured for all.
    connectable: bool,
    /// What holds where a channel's own limits do not say otherwise.
    limits: LimitsView,
    /// The network's own choices for a post.
    options: Vec<OptionView>,
}

/// What may be published.
#[derive(Serialize, ToSchema)]
#[schema(as = Limits)]
pub(crate) struct LimitsView {
    /// One part's text.
    text: TextLimitView,
    /// Parts in a thread.
    parts: u32,
    /// Pictures in a part.
    images: u32,
    /// What a picture is made to fit.
    image: ImageRuleView,
    /// Graphemes of a picture's description.
    #[serde(skip_serializing_if = "Option::is_none")]
    alt_text: Option<u32>,
}

/// How long a text may be.
#[derive(Serialize, ToSchema)]
#[schema(as = TextLimit)]
struct TextLimitView {
    /// How many units.
    max: u32,
    /// `graphemes`, `weighted`, `characters` or `utf16`.
    #[schema(value_type = String, example = "graphemes")]
    unit: Unit,
    /// UTF-8 bytes beside the units.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_bytes: Option<u32>,
}

/// What a picture is made to fit.
#[derive(Serialize, ToSchema)]
#[schema(as = ImageRule)]
struct ImageRuleView {
    /// Bytes.
    max_bytes: u64,
    /// Pixels of the longer side.
    max_side: u32,
}

impl From<&Limits> for LimitsView {
    fn from(limits: &Limits) -> Self {
        let Limits { text, parts, images, image, alt_text, .. } = limits;
        Self {
            text: TextLimitView { max: text.max, unit: text.unit, max_bytes: text.max_bytes },
            parts: *parts,
            images: *images,
            image: ImageRuleView { max_bytes: image.max_bytes, max_side: image.max_side },
            alt_text: *alt_text,
        }
    }
}

/// One of a network's own choices for a post.
#[derive(Serialize, ToSchema)]
#[schema(as = NetworkOption)]
struct OptionView {
    /// Its name in a content's `options`.
    name: &'static str,
    /// Whether several values may be given.
    several: bool,
    /// What may be chosen. Where only one may, the first is the default. Empty where it takes a
    /// line of your own text, or with `several` a list of them.
    values: Vec<&'static str>,
}

impl From<&Registered> for NetworkView {
    fn from(registered: &Registered) -> Self {
        let spec = registered.network.as_ref().map(|network| network.spec());
        let options = spec.map_or(&[][..], |spec| spec.options);
        Self {
            name: registered.name,
            title: spec.map_or(registered.name, |spec| spec.title),
            connectable: spec.is_some(),
            limits: (&(registered.limits)()).into(),
            options: options
                .iter()
                .map(|option| {
                    let (several, values) = match option.kind {
                        OptionKind::One(values) => (false, values),
                        OptionKind::Many(values) => (true, values),
                        OptionKind::Line => (false, &[][..]),
                        OptionKind::Lines => (true, &[][..]),
                    };
                    OptionView { name: option.name, several, values: values.to_vec() }
                })
                .collect(),
        }
    }
}

/// List networks
///
/// What each is and allows. A channel's own limits may differ.
#[utoipa::path(get, path = "/networks", tag = "networks", operation_id = "list_networks",
    responses((status = OK, body = PageOf<NetworkView>)))]
pub(super) async fn list(State(app): State<App>, _: Asker) -> Json<PageOf<NetworkView>> {
    Json(PageOf::whole(app.registry.all().collect(), NetworkView::from))
}

/// A text to measure.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Text {
    /// For which network.
    network: String,
    /// The text of one part.
    text: String,
    /// By this channel's own limits.
    #[serde(default)]
    channel: Option<Uuid>,
    /// The channel's workspace, if there is one.
    #[serde(default)]
    workspace: Option<Uuid>,
}

/// What a network makes of a text.
#[derive(Serialize, ToSchema)]
#[schema(as = Measured)]
pub(super) struct MeasuredView {
    /// Units used.
    length: u32,
    /// Units allowed.
    limit: u32,
    /// Units left; negative when too long.
    remaining: i64,
    /// Whether the network would take it by itself.
    valid: bool,
    /// Why not.
    problems: Vec<Notice>,
    /// Links found, in their order.
    links: Vec<SpanView>,
    /// Mentions found, in their order.
    mentions: Vec<SpanView>,
    /// Tags found, in their order.
    tags: Vec<SpanView>,
}

/// A stretch of a text, in UTF-8 bytes; the end is exclusive.
#[derive(Serialize, ToSchema)]
#[schema(as = Span)]
struct SpanView {
    /// First byte.
    start: usize,
    /// One past the last byte.
    end: usize,
    /// What it means: a full address, a handle without `@`, a tag without `#`.
    value: String,
}

impl MeasuredView {
    fn of(measured: networks::Measured, words: &Words) -> Self {
        let spans = |spans: Vec<networks::Span>| {
            spans
                .into_iter()
                .map(|span| SpanView { start: span.start, end: span.end, value: span.value })
                .collect()
        };
        Self {
            length: measured.length,
            limit: measured.limit,
            remaining: measured.remaining,
            valid: measured.valid,
            problems: measured.problems.iter().map(|say| words.notice(say)).collect(),
            links: spans(measured.links),
            mentions: spans(measured.mentions),
            tags: spans(measured.tags),
        }
    }
}

/// Measure a text
///
/// As the network counts it, with the links, mentions and tags that it would find.
#[utoipa::path(post, path = "/text/measure", tag = "networks", request_body = Text,
    operation_id = "measure_text",
    responses((status = OK, body = MeasuredView)))]
pub(super) async fn measure(
    State(app): State<App>,
    Asker(caller): Asker,
    words: Words,
    Json(Text { network, text, channel, workspace }): Json<Text>,
) -> Result<Json<MeasuredView>, Trouble> {
    let limits = match (workspace, channel) {
        (None, None) => None,
        (Some(workspace), Some(channel)) => {
            let (workspace, id) = (WorkspaceId(workspace), ChannelId(channel));
            let channel = channels::get(&app, &caller, workspace, id).await?;
            if channel.network != network {
                return Err(Trouble::invalid(Say::new("measure-other-network")));
            }
            Some(channel.limits)
        }
        _ => return Err(Trouble::invalid(Say::new("measure-channel-without-workspace"))),
    };
    let measured = networks::measure(&app.registry, &network, &text, limits.as_ref());
    let measured = measured.ok_or_else(|| Error::not_found("network"))?;
    Ok(Json(MeasuredView::of(measured, &words)))
}
