//! What happens, as it happens: one stream of server-sent events for a browser.
//!
//! It tells that something changed and of what kind, never what it is now: a
//! page asks for that itself, with its own permissions. The place in the
//! stream is a number for each scope, so that a browser that comes back (or
//! another node that takes over) misses nothing.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bellwether_app::events::{self, Scope};
use bellwether_app::workspaces::Workspace;
use bellwether_app::{App, Caller, Error, people};
use bellwether_base::uuid::Uuid;
use bellwether_base::{Mono, OrganizationId, WorkspaceId};
use futures::Stream;
use serde::Deserialize;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::Web;
use crate::errors::Trouble;
use crate::session::{self, AtWork};

/// Hints may be lost, so everybody also looks by themselves this often.
const LOOK: Duration = Duration::from_secs(15);
/// A comment that keeps proxies from closing a quiet connection.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// Events read from one scope at a time. Whoever is further behind is told
/// to look at everything anew.
const BURST: i64 = 200;

/// How far somebody has read, for each scope by its id.
type Place = BTreeMap<Uuid, i64>;

/// The place as browsers hand it back: `Last-Event-ID`.
fn encode(place: &Place) -> String {
    let mut bytes = Vec::with_capacity(place.len() * 24);
    for (scope, seq) in place {
        bytes.extend_from_slice(scope.as_bytes());
        bytes.extend_from_slice(&seq.to_be_bytes());
    }
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(text: &str) -> Option<Place> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() % 24 == 0)?;
    bytes
        .chunks_exact(24)
        .map(|entry| {
            let (scope, seq) = entry.split_at(16);
            Some((Uuid::from_slice(scope).ok()?, i64::from_be_bytes(seq.try_into().ok()?)))
        })
        .collect()
}

/// Whose events `caller` may see.
fn scopes(caller: &Caller, brands: &[Workspace]) -> Vec<Scope> {
    let organization = caller.organization().map(Scope::Organization);
    let brands = brands.iter().map(|brand| Scope::Workspace(brand.id));
    organization.into_iter().chain(brands).collect()
}

fn id(scope: Scope) -> Uuid {
    match scope {
        Scope::Organization(OrganizationId(id)) | Scope::Workspace(WorkspaceId(id)) => id,
    }
}

/// Where the stream goes on after a page. Asked before anything that the page
/// shows is read: what happens meanwhile must not be missed.
pub async fn position(app: &App, caller: &Caller, brands: &[Workspace]) -> Result<String, Error> {
    Ok(encode(&here(app, &scopes(caller, brands)).await?))
}

async fn here(app: &App, scopes: &[Scope]) -> Result<Place, Error> {
    let mut tx = app.db.read().await?;
    let mut place = Place::new();
    for scope in scopes {
        place.insert(id(*scope), events::latest(&mut tx, *scope).await?);
    }
    Ok(place)
}

#[derive(Deserialize)]
pub struct After {
    after: Option<String>,
}

/// The stream.
pub async fn stream(
    at_work: AtWork,
    State(web): State<Web>,
    Query(query): Query<After>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Trouble> {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok());
    let known = last.or(query.after.as_deref()).and_then(decode);
    let scopes = scopes(&at_work.caller, &at_work.brands);
    let mut place = here(&web.app, &scopes).await?;
    // Scopes that the browser does not know of yet begin here.
    for (scope, seq) in known.into_iter().flatten() {
        place.entry(scope).and_modify(|at| *at = (*at).min(seq));
    }
    let web_mono = web.app.clock.mono();
    let token = session::token(&headers, at_work.visitor.secure).unwrap_or_default().to_owned();
    let reading = Reading {
        changed: web.app.db.changed(),
        app: web.app,
        stop: web.stop,
        token,
        scopes,
        place,
        ready: Vec::new(),
        has_looked: false,
        checked_at: web_mono,
    };
    let alive = KeepAlive::new().interval(HEARTBEAT);
    // Proxies must hand each event on at once.
    let headers = [("x-accel-buffering", "no"), ("cache-control", "no-store")];
    Ok((headers, Sse::new(told(reading)).keep_alive(alive)))
}

struct Reading {
    app: App,
    changed: watch::Receiver<u64>,
    stop: CancellationToken,
    token: String,
    scopes: Vec<Scope>,
    place: Place,
    ready: Vec<Event>,
    has_looked: bool,
    checked_at: Mono,
}

fn told(reading: Reading) -> impl Stream<Item = Result<Event, Infallible>> {
    futures::stream::unfold(reading, |mut reading| async move {
        loop {
            if let Some(event) = reading.ready.pop() {
                return Some((Ok(event), reading));
            }
            if reading.has_looked && !reading.wait().await {
                return None;
            }
            reading.has_looked = true;
            if let Err(error) = reading.look().await {
                tracing::warn!(%error, "a stream of events broke");
                return None;
            }
            reading.ready.reverse();
        }
    })
}

impl Reading {
    /// Waits for a hint or for the next look. False when the stream is over:
    /// the server stops, or the person has signed out since.
    async fn wait(&mut self) -> bool {
        let clock = self.app.clock.clone();
        tokio::select! {
            () = self.stop.cancelled() => return false,
            _ = self.changed.changed() => {}
            () = clock.sleep(LOOK) => {}
        }
        let now = self.app.clock.mono();
        if now.since(self.checked_at) < LOOK {
            return true;
        }
        self.checked_at = now;
        matches!(people::session_caller(&self.app, &self.token).await, Ok(Some(_)))
    }

    /// Reads what is new.
    async fn look(&mut self) -> Result<(), Error> {
        let mut tx = self.app.db.read().await?;
        for scope in &self.scopes {
            let at = self.place.get(&id(*scope)).copied().unwrap_or(0);
            let found = events::after(&mut tx, *scope, at, BURST).await?;
            let is_far_behind = i64::try_from(found.len()).unwrap_or(i64::MAX) >= BURST;
            if is_far_behind {
                let latest = events::latest(&mut tx, *scope).await?;
                self.place.insert(id(*scope), latest);
                self.ready.push(event(&self.place, "*", *scope));
                continue;
            }
            // A burst about one thing is told once.
            let mut last = None;
            for happened in found {
                self.place.insert(id(*scope), happened.seq);
                let topic = happened.kind.split('.').next().unwrap_or_default().to_owned();
                if last.as_ref() == Some(&topic) {
                    self.ready.pop();
                }
                self.ready.push(event(&self.place, &topic, *scope));
                last = Some(topic);
            }
        }
        Ok(())
    }
}

fn event(place: &Place, topic: &str, scope: Scope) -> Event {
    let workspace = match scope {
        Scope::Workspace(id) => Some(id),
        Scope::Organization(_) => None,
    };
    let data = serde_json::json!({ "topic": topic, "workspace": workspace });
    Event::default().id(encode(place)).data(data.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_the_browser() {
        let place = Place::from([(Uuid::max(), 7), (Uuid::nil(), 0)]);
        assert_eq!(decode(&encode(&place)), Some(place));
        assert_eq!(decode(""), Some(Place::new()));
        for foreign in ["%", "AAAA", "12"] {
            assert_eq!(decode(foreign), None, "{foreign}");
        }
    }
}
