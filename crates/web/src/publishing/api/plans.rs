//! Writing a post and planning when it goes out.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ETAG, HeaderName, HeaderValue, LOCATION};
use axum::response::{IntoResponse, Response};
use bellwether_app::{App, publishing};
use bellwether_base::{ChannelId, PostId, Say, Shift, WorkspaceId};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use super::views::Delivery;
use crate::api::values::ProblemNotice;
use crate::api::{Asker, Json, Notice, Path, Subject, Trouble, Words};
use crate::posts::api::{Content, Post, written};

/// When a post is to go out: `"now"`, or at a local time.
pub(super) enum When {
    /// `now`.
    Now,
    /// At a local time in a zone.
    At(LocalTime),
}

impl PartialSchema for When {
    fn schema() -> RefOr<Schema> {
        let now = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["now"]));
        OneOfBuilder::new().item(now).item(LocalTime::schema()).into()
    }
}

impl ToSchema for When {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("When")
    }
}

/// A local date and time.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LocalTime {
    /// Date and time, without an offset.
    #[schema(example = "2026-12-24T18:00")]
    local: String,
    /// An IANA zone; the workspace's when absent.
    #[serde(default)]
    #[schema(example = "Europe/Paris")]
    zone: Option<String>,
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reads;
        impl<'de> Visitor<'de> for Reads {
            type Value = When;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(r#""now", or {"local": "2026-12-24T18:00", "zone": "Europe/Paris"}"#)
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<When, E> {
                if text != "now" {
                    return Err(E::invalid_value(serde::de::Unexpected::Str(text), &self));
                }
                Ok(When::Now)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<When, A::Error> {
                LocalTime::deserialize(MapAccessDeserializer::new(map)).map(When::At)
            }
        }
        from.deserialize_any(Reads)
    }
}

impl From<When> for publishing::When {
    fn from(when: When) -> Self {
        match when {
            When::Now => Self::Now,
            When::At(LocalTime { local, zone }) => Self::At { local, zone },
        }
    }
}

/// On which channels and when a post is to go out.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    /// The channels: all of them are planned, or none.
    channels: Vec<Uuid>,
    /// When.
    when: When,
}

impl From<Plan> for publishing::Plan {
    fn from(Plan { channels, when }: Plan) -> Self {
        Self { on: channels.into_iter().map(ChannelId).collect(), when: when.into() }
    }
}

/// What a new post needs.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPost {
    /// What all channels share.
    content: Content,
    /// What differs, by channel.
    #[serde(default)]
    versions: BTreeMap<Uuid, Content>,
    /// Where and when it is to go out; a draft when absent.
    #[serde(default)]
    schedule: Option<Plan>,
}

/// A warning about a plan.
#[derive(Serialize, ToSchema)]
pub(super) struct PlanWarning {
    /// Which channel it concerns; all when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<Uuid>,
    /// What it is.
    #[serde(flatten)]
    problem: ProblemNotice,
}

/// What was planned, and what is worth knowing about it.
#[derive(Serialize, ToSchema)]
pub(super) struct Scheduled {
    /// One for each channel.
    deliveries: Vec<Delivery>,
    /// What the clocks do at that local time: `none`, `gap` (they jump over it, so it is as much
    /// later) or `overlap` (it comes twice, and the first is meant).
    #[schema(value_type = String, example = "none")]
    shift: Shift,
    /// What is worth a thought.
    warnings: Vec<PlanWarning>,
}

impl Scheduled {
    fn of(scheduled: publishing::Scheduled, words: &Words) -> Self {
        let publishing::Scheduled { deliveries, shift, warnings } = scheduled;
        let shifted = deliveries.first().and_then(|delivery| shift_notice(shift, delivery, words));
        let shifted = shifted
            .map(|notice| PlanWarning { channel: None, problem: ProblemNotice::warning(notice) });
        let warning = |(channel, problem): (ChannelId, _)| PlanWarning {
            channel: Some(channel.0),
            problem: words.problem(&problem),
        };
        Self {
            shift,
            warnings: shifted.into_iter().chain(warnings.into_iter().map(warning)).collect(),
            deliveries: deliveries.into_iter().map(|each| Delivery::of(each, words)).collect(),
        }
    }
}

/// What is said of a local time that the clocks skip or repeat.
pub(super) fn shift_notice(
    shift: Shift,
    delivery: &publishing::Delivery,
    words: &Words,
) -> Option<Notice> {
    let say = match shift {
        Shift::None => return None,
        Shift::Gap => Say::new("shift-gap"),
        Shift::Overlap => Say::new("shift-overlap"),
    };
    let say = say.with("at", delivery.planned_at);
    Some(words.in_zone(&delivery.planned.zone).notice(&say))
}

/// A post, and what was planned with it.
#[derive(Serialize, ToSchema)]
pub(super) struct WrittenPost {
    /// The post.
    #[serde(flatten)]
    post: Post,
    /// What was planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    scheduled: Option<Scheduled>,
}

/// Write a post
///
/// With `schedule` it is planned in the same step: both happen, or neither.
#[utoipa::path(post, path = "/workspaces/{workspace}/posts", tag = "posts",
    operation_id = "create_post", request_body = NewPost,
    params(("workspace" = Uuid, Path, description = "The workspace.")),
    responses((status = CREATED, body = WrittenPost, headers(
        ("location" = String, description = "Where the post is."),
        ("etag" = String, description = "The revision."),
    ))))]
pub(super) async fn create(
    State(app): State<App>,
    Asker(caller): Asker,
    Path(workspace): Path<WorkspaceId>,
    words: Words,
    subject: Option<Extension<Subject>>,
    Json(NewPost { content, versions, schedule }): Json<NewPost>,
) -> Result<Response, Trouble> {
    let id = subject
        .map_or_else(|| PostId::new(&*app.clock, &*app.rng), |Extension(Subject(id))| PostId(id));
    let plan = schedule.map(publishing::Plan::from);
    let written = written(content, versions);
    let (post, scheduled) =
        publishing::write_and_schedule(&app, &caller, workspace, id, written, plan.as_ref())
            .await?;
    let post = Post::from(post);
    let headers = location(&format!("/api/v1/workspaces/{workspace}/posts/{}", post.id));
    let tag = [(ETAG, post.tag())];
    let scheduled = scheduled.map(|scheduled| Scheduled::of(scheduled, &words));
    Ok((StatusCode::CREATED, headers, tag, Json(WrittenPost { post, scheduled })).into_response())
}

fn location(path: &str) -> [(HeaderName, HeaderValue); 1] {
    [(LOCATION, HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/")))]
}

/// Schedule a post
///
/// On all of the channels, or on none: an error on one plans nothing.
#[utoipa::path(post, path = "/workspaces/{workspace}/posts/{post}/schedule", tag = "posts",
    operation_id = "schedule_post", request_body = Plan,
    params(
        ("workspace" = Uuid, Path, description = "The workspace."),
        ("post" = Uuid, Path, description = "The post."),
    ),
    responses((status = CREATED, body = Scheduled)))]
pub(super) async fn schedule(
    State(app): State<App>,
    Asker(caller): Asker,
    Path((workspace, post)): Path<(WorkspaceId, PostId)>,
    words: Words,
    Json(plan): Json<Plan>,
) -> Result<(StatusCode, Json<Scheduled>), Trouble> {
    let publishing::Plan { on, when } = plan.into();
    let scheduled = publishing::schedule(&app, &caller, workspace, post, &on, &when).await?;
    Ok((StatusCode::CREATED, Json(Scheduled::of(scheduled, &words))))
}
