//! Workspaces: one for each brand or client.

use axum::extract::State;
use axum::http::StatusCode;
use bellwether_app::{App, workspaces};
use bellwether_base::WorkspaceId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::Web;
use crate::api::{Asker, Json, Moment, PageOf, Paging, Path, Query, Trouble};

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::default().routes(routes!(list, create)).routes(routes!(get))
}

/// One brand or client with its channels and content.
#[derive(Serialize, ToSchema)]
pub(crate) struct Workspace {
    /// Which.
    id: Uuid,
    /// As people call it.
    name: String,
    /// The IANA zone in which its plans are meant.
    #[schema(example = "Europe/Paris")]
    time_zone: String,
    /// Since when.
    created_at: Moment,
}

impl From<workspaces::Workspace> for Workspace {
    fn from(workspace: workspaces::Workspace) -> Self {
        Self {
            id: workspace.id.0,
            name: workspace.name,
            time_zone: workspace.time_zone,
            created_at: Moment(workspace.created_at),
        }
    }
}

/// What a new workspace needs.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewWorkspace {
    /// As people will call it.
    name: String,
    /// An IANA zone.
    #[schema(example = "Europe/Paris")]
    time_zone: String,
}

/// List workspaces
///
/// Those that the caller may read, oldest first.
#[utoipa::path(get, path = "/workspaces", tag = "workspaces", params(Paging),
    operation_id = "list_workspaces",
    responses((status = OK, body = PageOf<Workspace>)))]
async fn list(
    State(app): State<App>,
    Asker(caller): Asker,
    Query(paging): Query<Paging>,
) -> Result<Json<PageOf<Workspace>>, Trouble> {
    let page = workspaces::list(&app, &caller, &paging.into()).await?;
    Ok(Json(PageOf::of(page, Workspace::from)))
}

/// Make a workspace
#[utoipa::path(post, path = "/workspaces", tag = "workspaces", request_body = NewWorkspace,
    operation_id = "create_workspace",
    responses((status = CREATED, body = Workspace)))]
async fn create(
    State(app): State<App>,
    Asker(caller): Asker,
    Json(NewWorkspace { name, time_zone }): Json<NewWorkspace>,
) -> Result<(StatusCode, Json<Workspace>), Trouble> {
    let new = workspaces::NewWorkspace { name, time_zone };
    let workspace = workspaces::create(&app, &caller, new).await?;
    Ok((StatusCode::CREATED, Json(workspace.into())))
}

/// Show a workspace
#[utoipa::path(get, path = "/workspaces/{workspace}", tag = "workspaces",
    operation_id = "get_workspace",
    params(("workspace" = Uuid, Path, description = "The workspace.")),
    responses((status = OK, body = Workspace)))]
async fn get(
    State(app): State<App>,
    Asker(caller): Asker,
    Path(workspace): Path<WorkspaceId>,
) -> Result<Json<Workspace>, Trouble> {
    Ok(Json(workspaces::get(&app, &caller, workspace).await?.into()))
}
