//! Calls made to networks.

use axum::extract::State;
use bellwether_app::{App, calls};
use bellwether_base::{ChannelId, WorkspaceId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::Web;
use crate::api::{Asker, Json, Moment, PageOf, Paging, Path, Query, Trouble};

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::default().routes(routes!(list))
}

/// A call that is over. Neither headers, query nor bodies are kept.
#[derive(Serialize, ToSchema)]
struct NetworkCall {
    /// Which.
    id: Uuid,
    /// When it was over.
    at: Moment,
    /// The HTTP method.
    #[schema(example = "POST")]
    method: String,
    /// The server's name.
    #[schema(example = "bsky.social")]
    host: String,
    /// Its path, without the query; what looks like a key is cut out.
    #[schema(example = "/xrpc/com.atproto.repo.applyWrites")]
    path: String,
    /// The HTTP status of the answer; absent where none came.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 200)]
    status: Option<i32>,
    /// How long it took, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    milliseconds: Option<i64>,
    /// Why no answer came: `bad_address`, `private`, `no_such_host`, `no_connection`,
    /// `certificate`, `permit_closed`, `timeout`, `cut`, `too_large` or `redirects`.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
}

impl From<calls::NetworkCall> for NetworkCall {
    fn from(call: calls::NetworkCall) -> Self {
        Self {
            id: call.id.0,
            at: Moment(call.at),
            method: call.method,
            host: call.host,
            path: call.path,
            status: call.status,
            milliseconds: call.millis,
            trouble: call.trouble,
        }
    }
}

/// List a channel's calls
///
/// What was asked of its network and how that ended, newest first, for 30 days. Under pressure
/// some may be missing: no call waits for its note.
#[utoipa::path(get, path = "/workspaces/{workspace}/channels/{channel}/calls", tag = "channels",
    operation_id = "list_channel_calls",
    params(
        ("workspace" = Uuid, Path, description = "The workspace."),
        ("channel" = Uuid, Path, description = "The channel."),
        Paging,
    ),
    responses((status = OK, body = PageOf<NetworkCall>)))]
async fn list(
    State(app): State<App>,
    Asker(caller): Asker,
    Path((workspace, channel)): Path<(WorkspaceId, ChannelId)>,
    Query(paging): Query<Paging>,
) -> Result<Json<PageOf<NetworkCall>>, Trouble> {
    let page = calls::of_channel(&app, &caller, workspace, channel, &paging.into()).await?;
    Ok(Json(PageOf::of(page, NetworkCall::from)))
}
