//! What happened in a workspace: as a stream, or page by page.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use bellwether_app::{App, Caller, Permission, events, workspaces};
use bellwether_base::{Say, WorkspaceId};
use futures::Stream;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Asker, Json, Moment, Path, Query, Trouble};

/// How many events are read at once.
const BATCH: i64 = 100;
/// Nothing relies on hints: the table is looked at this often.
const LOOK: Duration = Duration::from_secs(15);

/// Something that happened.
#[derive(Serialize, ToSchema)]
#[schema(as = Event)]
pub(super) struct EventView {
    /// Its number in the workspace, from 1 without gaps.
    seq: i64,
    /// When.
    at: Moment,
    /// What.
    #[schema(example = "delivery.live")]
    kind: String,
    /// What it happened to.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<Subject>,
    /// Who did it.
    actor: Actor,
    /// What else is worth knowing.
    data: Value,
}

/// What an event happened to.
#[derive(Serialize, ToSchema)]
#[schema(as = EventSubject)]
struct Subject {
    /// `post`, `delivery`, `channel` ..
    kind: String,
    /// Which.
    id: Uuid,
}

/// Who did something.
#[derive(Serialize, ToSchema)]
#[schema(as = EventActor)]
struct Actor {
    /// `person`, `token`, `operator` or `worker`.
    kind: String,
    /// Which.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
}

impl From<events::Event> for EventView {
    fn from(event: events::Event) -> Self {
        Self {
            seq: event.seq,
            at: Moment(event.at),
            kind: event.kind,
            subject: event.subject.map(|(kind, id)| Subject { kind, id }),
            actor: Actor { kind: event.actor_kind, id: event.actor_id },
            data: event.data,
        }
    }
}

/// Events in their order.
#[derive(Serialize, ToSchema)]
pub(super) struct EventPage {
    /// At most a hundred.
    items: Vec<EventView>,
    /// Send it as `after` for what comes then, now or later.
    next: i64,
    /// Whether there are more already.
    more: bool,
}

/// From where on events are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct After {
    /// The number of the last event that the client has seen. Without it a page begins with
    /// the first event, a stream with the next one.
    after: Option<i64>,
}

/// What happened in a workspace
///
/// With `Accept: text/event-stream` a stream of server-sent events that goes on; else one page.
/// An event's number is its `id`, so that `Last-Event-ID` (or `after`) goes on where a stream broke
/// off. Numbers have no gaps and no late arrivals.
#[utoipa::path(get, path = "/workspaces/{workspace}/events", tag = "events",
    params(
        ("workspace" = Uuid, Path, description = "The workspace."),
        After,
        ("last-event-id" = Option<i64>, Header, description = "As `after`, sent by browsers."),
    ),
    responses((status = OK, description = "Events.", content(
        (EventPage = "application/json"),
        (str = "text/event-stream"),
    ))))]
pub(super) async fn events(
    State(app): State<App>,
    Asker(caller): Asker,
    Path(workspace): Path<WorkspaceId>,
    Query(After { after }): Query<After>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let after = match headers.get("last-event-id") {
        None => after,
        Some(id) => Some(
            id.to_str()
                .ok()
                .and_then(|id| id.trim().parse().ok())
                .ok_or_else(|| Trouble::does_not_read(Say::new("api-last-event-id-unfit")))?,
        ),
    };
    let wants_stream = headers
        .get(ACCEPT)
        .is_some_and(|kinds| kinds.to_str().is_ok_and(|kinds| kinds.contains("text/event-stream")));
    if wants_stream {
        let from = match after {
            Some(after) => after,
            None => newest(&app, &caller, workspace).await?,
        };
        // Whoever may not read here hears so before the stream begins.
        read(&app, &caller, workspace, from).await?;
        let keep_alive = KeepAlive::new().interval(LOOK).text("");
        return Ok(Sse::new(stream(app, caller, workspace, from))
            .keep_alive(keep_alive)
            .into_response());
    }
    let from = after.unwrap_or(0);
    let found = read(&app, &caller, workspace, from).await?;
    let more = i64::try_from(found.len()).is_ok_and(|count| count == BATCH);
    let items: Vec<EventView> = found.into_iter().map(EventView::from).collect();
    let next = items.last().map_or(from, |event| event.seq);
    Ok(Json(EventPage { items, next, more }).into_response())
}

async fn newest(app: &App, caller: &Caller, workspace: WorkspaceId) -> Result<i64, Trouble> {
    let mut tx = app.db.read().await.map_err(bellwether_app::Error::from)?;
    workspaces::access(&mut tx, caller, workspace, Permission::Read).await?;
    let newest = events::latest(&mut tx, events::Scope::Workspace(workspace)).await;
    Ok(newest.map_err(bellwether_app::Error::from)?)
}

async fn read(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    after: i64,
) -> Result<Vec<events::Event>, Trouble> {
    let mut tx = app.db.read().await.map_err(bellwether_app::Error::from)?;
    workspaces::access(&mut tx, caller, workspace, Permission::Read).await?;
    let found = events::after(&mut tx, events::Scope::Workspace(workspace), after, BATCH).await;
    Ok(found.map_err(bellwether_app::Error::from)?)
}

/// Events after `from`, for as long as the client listens. It ends when they
/// cannot be read any more: the client comes back with the last id it saw.
fn stream(
    app: App,
    caller: Caller,
    workspace: WorkspaceId,
    from: i64,
) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
    let changed = app.db.changed();
    let start = (app, caller, workspace, from, changed, std::collections::VecDeque::new());
    futures::stream::unfold(
        start,
        |(app, caller, workspace, mut from, mut changed, mut ready)| async move {
            loop {
                if let Some(event) = ready.pop_front() {
                    return Some((Ok(event), (app, caller, workspace, from, changed, ready)));
                }
                changed.mark_unchanged();
                let found = read(&app, &caller, workspace, from).await.ok()?;
                for event in found {
                    from = event.seq;
                    let (id, kind) = (event.seq.to_string(), event.kind.clone());
                    let data =
                        Event::default().id(id).event(kind).json_data(EventView::from(event));
                    ready.push_back(data.ok()?);
                }
                if ready.is_empty() {
                    tokio::select! {
                        _ = changed.changed() => {}
                        () = app.clock.sleep(LOOK) => {}
                    }
                }
            }
        },
    )
}
