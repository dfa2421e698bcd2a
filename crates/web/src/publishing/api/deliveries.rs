//! What became of posts.

use axum::extract::State;
use bellwether_app::publishing::Which;
use bellwether_app::{App, publishing};
use bellwether_base::{Cursor, DeliveryId, PageRequest, PostId, WorkspaceId};
use serde::Deserialize;
use utoipa::IntoParams;

use super::views::{Delivery, DeliveryLog};
use crate::api::{Asker, Json, PageOf, Path, Query, Trouble, Words};

/// Which deliveries are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Listed {
    /// Only those that go on only when a person does something.
    #[serde(default)]
    needs_person: bool,
    /// The `next` of the page before.
    after: Option<String>,
    /// How many items at most: 50 when absent, never more than 200.
    limit: Option<u16>,
}

/// List deliveries
///
/// Latest planned first.
#[utoipa::path(get, path = "/workspaces/{workspace}/deliveries", tag = "deliveries",
    operation_id = "list_deliveries",
    params(("workspace" = Uuid, Path, description = "The workspace."), Listed),
    responses((status = OK, body = PageOf<Delivery>)))]
pub(super) async fn list(
    State(app): State<App>,
    Asker(caller): Asker,
    Path(workspace): Path<WorkspaceId>,
    Query(Listed { needs_person, after, limit }): Query<Listed>,
    words: Words,
) -> Result<Json<PageOf<Delivery>>, Trouble> {
    let which = if needs_person { Which::NeedingPerson } else { Which::All };
    let paging = PageRequest { after: after.map(Cursor::from_text), limit };
    let page = publishing::list(&app, &caller, workspace, which, &paging).await?;
    Ok(Json(PageOf::of(page, |delivery| Delivery::of(delivery, &words))))
}

/// Show a delivery
///
/// With its acts, every try at them, and what is known of how each ended.
#[utoipa::path(get, path = "/workspaces/{workspace}/deliveries/{delivery}", tag = "deliveries",
    operation_id = "get_delivery",
    params(
        ("workspace" = Uuid, Path, description = "The workspace."),
        ("delivery" = Uuid, Path, description = "The delivery."),
    ),
    responses((status = OK, body = DeliveryLog)))]
pub(super) async fn get(
    State(app): State<App>,
    Asker(caller): Asker,
    Path((workspace, delivery)): Path<(WorkspaceId, DeliveryId)>,
    words: Words,
) -> Result<Json<DeliveryLog>, Trouble> {
    let log = publishing::delivery(&app, &caller, workspace, delivery).await?;
    Ok(Json(DeliveryLog::of(log, &words)))
}

/// List a post's deliveries
///
/// By planned time, each with its log. They come whole.
#[utoipa::path(get, path = "/workspaces/{workspace}/posts/{post}/deliveries", tag = "deliveries",
    operation_id = "list_deliveries_of_post",
    params(
        ("workspace" = Uuid, Path, description = "The workspace."),
        ("post" = Uuid, Path, description = "The post."),
    ),
    responses((status = OK, body = PageOf<DeliveryLog>)))]
pub(super) async fn of_post(
    State(app): State<App>,
    Asker(caller): Asker,
    Path((workspace, post)): Path<(WorkspaceId, PostId)>,
    words: Words,
) -> Result<Json<PageOf<DeliveryLog>>, Trouble> {
    bellwether_app::posts::get(&app, &caller, workspace, post).await?;
    let logs = publishing::deliveries_of(&app, &caller, workspace, post).await?;
    Ok(Json(PageOf::whole(logs, |log| DeliveryLog::of(log, &words))))
}
