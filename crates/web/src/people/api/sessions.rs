//! The browsers in which people are signed in.

use axum::extract::State;
use axum::http::StatusCode;
use bellwether_app::App;
use bellwether_app::people::{self, sessions};
use bellwether_base::{PersonId, SessionId};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{Asker, Json, Moment, PageOf, Paging, Path, Query, Trouble};

/// One browser in which somebody is signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub(super) struct SessionView {
    /// Which.
    id: Uuid,
    /// What the browser called itself, cut short.
    user_agent: String,
    /// When they signed in.
    created_at: Moment,
    /// When it was last used, to the hour.
    seen_at: Moment,
    /// When it ends if it is not used.
    expires_at: Moment,
}

impl From<people::Session> for SessionView {
    fn from(session: people::Session) -> Self {
        Self {
            id: session.id.0,
            user_agent: session.user_agent,
            created_at: Moment(session.created_at),
            seen_at: Moment(session.seen_at),
            expires_at: Moment(session.expires_at),
        }
    }
}

/// List somebody's sessions
///
/// Those that are open, oldest first: one's own, or anybody's for whoever administers the team.
#[utoipa::path(get, path = "/people/{person}/sessions", tag = "people",
    operation_id = "list_sessions",
    params(("person" = Uuid, Path, description = "The person."), Paging),
    responses((status = OK, body = PageOf<SessionView>)))]
pub(super) async fn list(
    State(app): State<App>,
    Asker(caller): Asker,
    Path(person): Path<PersonId>,
    Query(paging): Query<Paging>,
) -> Result<Json<PageOf<SessionView>>, Trouble> {
    let page = sessions::list_of(&app, &caller, person, &paging.into()).await?;
    Ok(Json(PageOf::of(page, SessionView::from)))
}

/// Sign somebody out everywhere
///
/// At once. Owners are signed out by owners only. Again does no harm.
#[utoipa::path(delete, path = "/people/{person}/sessions", tag = "people",
    operation_id = "end_sessions",
    params(("person" = Uuid, Path, description = "The person.")),
    responses((status = NO_CONTENT, description = "They are signed out.")))]
pub(super) async fn end_all(
    State(app): State<App>,
    Asker(caller): Asker,
    Path(person): Path<PersonId>,
) -> Result<StatusCode, Trouble> {
    sessions::end_all(&app, &caller, person).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End a session
#[utoipa::path(delete, path = "/people/{person}/sessions/{session}", tag = "people",
    operation_id = "end_session",
    params(
        ("person" = Uuid, Path, description = "The person."),
        ("session" = Uuid, Path, description = "The session."),
    ),
    responses((status = NO_CONTENT, description = "That browser is signed out.")))]
pub(super) async fn end(
    State(app): State<App>,
    Asker(caller): Asker,
    Path((person, session)): Path<(PersonId, SessionId)>,
) -> Result<StatusCode, Trouble> {
    sessions::end_of(&app, &caller, person, session).await?;
    Ok(StatusCode::NO_CONTENT)
}
