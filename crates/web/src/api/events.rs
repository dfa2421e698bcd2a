//! What happened in a workspace, or in the organization: as a stream, or page by page.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::extract::{FromRequestParts as _, State};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, Request};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use bellwether_app::workspaces::{self, Stage};
use bellwether_app::{Caller, Error, events};
use bellwether_base::{Say, WorkspaceId};
use futures::Stream;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::watch;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Asker, Json, Moment, Path, Query, Trouble};
use crate::{Operator, Web};

/// How many events are read at once.
const BATCH: i64 = 100;
/// Nothing relies on hints: the table is looked at this often.
const LOOK: Duration = Duration::from_secs(15);
/// A comment that keeps proxies from closing a quiet connection.
const HEARTBEAT: Duration = Duration::from_secs(20);

/// Something that happened.
#[derive(Serialize, ToSchema)]
#[schema(as = Event)]
pub(super) struct EventView {
    /// Its number there, from 1 without gaps.
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
    /// Begin with the newest so many, a hundred at most. Not heeded together with `after`.
    #[serde(default)]
    #[param(maximum = 100)]
    last: Option<u8>,
}

/// What happened in a workspace
///
/// With `Accept: text/event-stream` a stream of server-sent events that goes on; else one page.
/// An event's number is its `id`, so that `Last-Event-ID` (or `after`) goes on where a stream broke
/// off. Numbers have no gaps and no late arrivals.
#[utoipa::path(get, path = "/workspaces/{workspace}/events", tag = "events",
    operation_id = "events",
    params(
        ("workspace" = Uuid, Path, description = "The workspace."),
        After,
        ("last-event-id" = Option<i64>, Header, description = "As `after`, sent by browsers."),
    ),
    responses((status = OK, description = "Events.", content(
        (EventPage = "application/json"),
        (str = "text/event-stream"),
    ))))]
pub(super) async fn of_workspace(
    web: State<Web>,
    asker: Asker,
    Path(workspace): Path<WorkspaceId>,
    after: Query<After>,
    operator: Option<Extension<Operator>>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    events(web, asker, Stage::Workspace(workspace), after, operator, headers).await
}

/// What happened in the organization
///
/// What belongs to no workspace: people and what they may do, tokens that are good everywhere,
/// pauses of everything, the clock. For whoever administers all of it; else as in a workspace.
#[utoipa::path(get, path = "/events", tag = "events", operation_id = "events_of_organization",
    params(
        After,
        ("last-event-id" = Option<i64>, Header, description = "As `after`, sent by browsers."),
    ),
    responses((status = OK, description = "Events.", content(
        (EventPage = "application/json"),
        (str = "text/event-stream"),
    ))))]
pub(super) async fn of_organization(
    web: State<Web>,
    asker: Asker,
    after: Query<After>,
    operator: Option<Extension<Operator>>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    events(web, asker, Stage::Organization, after, operator, headers).await
}

async fn events(
    State(web): State<Web>,
    asker: Asker,
    stage: Stage,
    Query(After { after, last }): Query<After>,
    operator: Option<Extension<Operator>>,
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
    // Whoever may not read here hears so before a stream begins. Numbers have no gaps.
    let newest = workspaces::newest(&web.app, &asker.0, stage).await?;
    let last = last.map(|last| (newest - i64::from(last).min(BATCH)).max(0));
    let after = after.or(last);
    let wants_stream = headers
        .get(ACCEPT)
        .is_some_and(|kinds| kinds.to_str().is_ok_and(|kinds| kinds.contains("text/event-stream")));
    if !wants_stream {
        let from = after.unwrap_or(0);
        let found = workspaces::happened(&web.app, &asker.0, stage, from, BATCH).await?;
        let more = i64::try_from(found.len()).is_ok_and(|count| count == BATCH);
        let items: Vec<EventView> = found.into_iter().map(EventView::from).collect();
        let next = items.last().map_or(from, |event| event.seq);
        return Ok(Json(EventPage { items, next, more }).into_response());
    }
    let reading = Reading {
        changed: web.app.db.changed(),
        caller: asker.0,
        from: after.unwrap_or(newest),
        ready: VecDeque::new(),
        has_looked: false,
        web,
        stage,
        operator: operator.map(|Extension(operator)| operator),
        headers,
    };
    let events = Sse::new(told(reading)).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    // Proxies must hand each event on at once.
    let headers = [("x-accel-buffering", "no"), ("cache-control", "no-store")];
    Ok((headers, events).into_response())
}

/// Somebody who listens.
struct Reading {
    web: Web,
    stage: Stage,
    changed: watch::Receiver<u64>,
    from: i64,
    ready: VecDeque<Event>,
    has_looked: bool,
    /// Who, and what that is found out from.
    caller: Caller,
    operator: Option<Operator>,
    headers: HeaderMap,
}

/// Events for as long as the client listens, may listen, and can be told. When
/// it ends, the client comes back with the last id it saw.
fn told(reading: Reading) -> impl Stream<Item = Result<Event, Infallible>> {
    futures::stream::unfold(reading, |mut reading| async move {
        loop {
            if let Some(event) = reading.ready.pop_front() {
                return Some((Ok(event), reading));
            }
            if reading.has_looked && !reading.wait().await {
                return None;
            }
            reading.has_looked = true;
            if !reading.is_still_let_in().await {
                return None;
            }
            if let Err(error) = reading.look().await {
                tracing::debug!(%error, "a stream of events ends");
                return None;
            }
        }
    })
}

impl Reading {
    /// Waits for a hint or for the next look. False when the server stops.
    async fn wait(&mut self) -> bool {
        let clock = self.web.app.clock.clone();
        tokio::select! {
            () = self.web.stop.cancelled() => false,
            _ = self.changed.changed() => true,
            () = clock.sleep(LOOK) => true,
        }
    }

    /// Finds out anew who listens, before each look: a token that was revoked
    /// hears nothing of what came after it.
    async fn is_still_let_in(&mut self) -> bool {
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.headers = self.headers.clone();
        if let Some(operator) = self.operator {
            parts.extensions.insert(operator);
        }
        match Asker::from_request_parts(&mut parts, &self.web).await {
            Ok(Asker(caller)) => {
                self.caller = caller;
                true
            }
            Err(_) => false,
        }
    }

    /// Reads what is new. A full batch is not all: the next look follows at once.
    async fn look(&mut self) -> Result<(), Error> {
        let (app, caller) = (&self.web.app, &self.caller);
        let found = workspaces::happened(app, caller, self.stage, self.from, BATCH).await?;
        self.has_looked = i64::try_from(found.len()).is_ok_and(|count| count < BATCH);
        for event in found {
            self.from = event.seq;
            let told = Event::default().id(event.seq.to_string()).event(event.kind.clone());
            let told = told.json_data(EventView::from(event));
            self.ready.push_back(told.map_err(|error| Error::Internal(error.to_string()))?);
        }
        Ok(())
    }
}
