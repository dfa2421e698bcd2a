//! Posts: what the team writes.

mod content;

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::header::{ETAG, HeaderValue, IF_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bellwether_app::{App, posts, publishing};
use bellwether_base::{ChannelId, PostId, Say, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::Web;
use crate::api::values::ProblemNotice;
use crate::api::{Asker, Json, Moment, PageOf, Paging, Path, Query, Trouble, Words};
pub(crate) use content::Content;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::default()
        .routes(routes!(list))
        .routes(routes!(get, edit, delete))
        .routes(routes!(check))
}

/// What the team writes: one idea, with a version per channel where it differs.
#[derive(Serialize, ToSchema)]
pub(crate) struct Post {
    /// Which.
    pub id: Uuid,
    /// `draft`, `in_review`, `changes_asked` or `ready`.
    #[schema(value_type = String, example = "draft")]
    state: posts::PostState,
    /// Raised with every change of what goes out. Also the entity tag.
    revision: i64,
    /// What all channels share.
    content: Content,
    /// What differs, by channel.
    versions: BTreeMap<Uuid, Content>,
    /// Who wrote it; nobody for the operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<Uuid>,
    /// When it was begun.
    created_at: Moment,
    /// When it was last changed.
    updated_at: Moment,
}

impl From<posts::Post> for Post {
    fn from(post: posts::Post) -> Self {
        Self {
            id: post.id.0,
            state: post.state,
            revision: post.revision,
            content: post.content.into(),
            versions: post
                .versions
                .into_iter()
                .map(|(channel, content)| (channel.0, content.into()))
                .collect(),
            author: post.author.map(|id| id.0),
            created_at: Moment(post.created_at),
            updated_at: Moment(post.updated_at),
        }
    }
}

impl Post {
    /// Its revision as an entity tag.
    pub fn tag(&self) -> HeaderValue {
        HeaderValue::from_str(&format!("\"{}\"", self.revision))
            .unwrap_or(HeaderValue::from_static("\"0\""))
    }
}

/// What all channels share, and what differs.
pub(crate) fn written(content: Content, versions: BTreeMap<Uuid, Content>) -> posts::Written {
    posts::Written {
        content: content.into(),
        versions: versions
            .into_iter()
            .map(|(channel, content)| (ChannelId(channel), content.into()))
            .collect(),
    }
}

/// List posts
///
/// Newest first.
#[utoipa::path(get, path = "/workspaces/{workspace}/posts", tag = "posts",
    operation_id = "list_posts",
    params(("workspace" = Uuid, Path, description = "The workspace."), Paging),
    responses((status = OK, body = PageOf<Post>)))]
async fn list(
    State(app): State<App>,
    Asker(caller): Asker,
    Path(workspace): Path<WorkspaceId>,
    Query(paging): Query<Paging>,
) -> Result<Json<PageOf<Post>>, Trouble> {
    let page = posts::list(&app, &caller, workspace, &paging.into()).await?;
    Ok(Json(PageOf::of(page, Post::from)))
}

/// Show a post
#[utoipa::path(get, path = "/workspaces/{workspace}/posts/{post}", tag = "posts",
    operation_id = "get_post",
    params(
        ("workspace" = Uuid, Path, description = "The workspace."),
        ("post" = Uuid, Path, description = "The post."),
    ),
    responses((status = OK, body = Post, headers(("etag" = String, description = "The revision.")))))]
async fn get(
    State(app): State<App>,
    Asker(caller): Asker,
    Path((workspace, post)): Path<(WorkspaceId, PostId)>,
) -> Result<Response, Trouble> {
    let post = Post::from(posts::get(&app, &caller, workspace, post).await?);
    Ok(([(ETAG, post.tag())], Json(post)).into_response())
}

/// What a post is changed into.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Edit {
    /// What all channels share.
    content: Content,
    /// What differs, by channel.
    #[serde(default)]
    versions: BTreeMap<Uuid, Content>,
    /// The revision that was read, where it is not sent as `If-Match`.
    #[serde(default)]
    revision: Option<i64>,
}

/// Change a post
///
/// Replaces everything that was written. Send the revision that you read, as `If-Match` or as
/// `revision`: if somebody else changed the post since, nothing is overwritten (412 or 409). What
/// a network has been asked for already does not change by this. What is planned goes out as it is
/// edited, so it is held to the rules of its networks (422), and a thread of which a part was begun
/// keeps its number of parts (409).
#[utoipa::path(put, path = "/workspaces/{workspace}/posts/{post}", tag = "posts",
    operation_id = "edit_post", request_body = Edit,
    params(
        ("workspace" = Uuid, Path, description = "The workspace."),
        ("post" = Uuid, Path, description = "The post."),
        ("if-match" = Option<String>, Header, description = "The entity tag that was read."),
    ),
    responses((status = OK, body = Post, headers(("etag" = String, description = "The revision.")))))]
async fn edit(
    State(app): State<App>,
    Asker(caller): Asker,
    Path((workspace, id)): Path<(WorkspaceId, PostId)>,
    headers: HeaderMap,
    Json(Edit { content, versions, revision }): Json<Edit>,
) -> Result<Response, Trouble> {
    let matched = headers.get(IF_MATCH).map(|tag| {
        let tag = tag.to_str().unwrap_or_default().trim();
        tag.trim_start_matches("W/").trim_matches('"').parse::<i64>().unwrap_or(-1)
    });
    let seen = matched.or(revision).ok_or_else(|| {
        let say = Say::new("api-revision-missing");
        Trouble::precondition(StatusCode::PRECONDITION_REQUIRED, say)
    })?;
    let written = written(content, versions);
    let edited = publishing::edit(&app, &caller, workspace, id, seen, written).await;
    let post = edited.map_err(|error| match error {
        bellwether_app::Error::Conflict(say)
            if matched.is_some() && say.key == "post-changed-meanwhile" =>
        {
            Trouble::precondition(StatusCode::PRECONDITION_FAILED, say)
        }
        other => other.into(),
    })?;
    let post = Post::from(post);
    Ok(([(ETAG, post.tag())], Json(post)).into_response())
}

/// Delete a post
///
/// For good, with its versions. Only a post of which nothing was ever sent to a network: what was
/// sent keeps its record, also after it was taken down (409). What is planned has to be cancelled
/// first (409).
#[utoipa::path(delete, path = "/workspaces/{workspace}/posts/{post}", tag = "posts",
    operation_id = "delete_post",
    params(
        ("workspace" = Uuid, Path, description = "The workspace."),
        ("post" = Uuid, Path, description = "The post."),
    ),
    responses((status = NO_CONTENT, description = "It is deleted.")))]
async fn delete(
    State(app): State<App>,
    Asker(caller): Asker,
    Path((workspace, post)): Path<(WorkspaceId, PostId)>,
) -> Result<StatusCode, Trouble> {
    publishing::discard(&app, &caller, workspace, post).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is to be checked, and for which channels.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Check {
    /// What all channels share.
    content: Content,
    /// What differs, by channel.
    #[serde(default)]
    versions: BTreeMap<Uuid, Content>,
    /// For which channels.
    channels: Vec<Uuid>,
}

/// What was found for one channel.
#[derive(Serialize, ToSchema)]
struct ChannelCheck {
    /// Which channel.
    channel: Uuid,
    /// What is wrong; an error would keep it from being scheduled.
    problems: Vec<ProblemNotice>,
}

/// Check a content
///
/// What would go wrong on each channel, by the networks' own rules, in the order asked. They come
/// whole. Writes nothing. The same check decides when a post is scheduled.
#[utoipa::path(post, path = "/workspaces/{workspace}/posts/check", tag = "posts",
    operation_id = "check_post", request_body = Check,
    params(("workspace" = Uuid, Path, description = "The workspace.")),
    responses((status = OK, body = PageOf<ChannelCheck>)))]
async fn check(
    State(app): State<App>,
    Asker(caller): Asker,
    Path(workspace): Path<WorkspaceId>,
    words: Words,
    Json(Check { content, versions, channels }): Json<Check>,
) -> Result<Json<PageOf<ChannelCheck>>, Trouble> {
    let on: Vec<ChannelId> = channels.into_iter().map(ChannelId).collect();
    let written = written(content, versions);
    let found = posts::check(&app, &caller, workspace, written, &on).await?;
    let show = |(channel, problems): (ChannelId, Vec<_>)| ChannelCheck {
        channel: channel.0,
        problems: problems.iter().map(|problem| words.problem(problem)).collect(),
    };
    Ok(Json(PageOf::whole(found, show)))
}
