//! Calls made to networks: what went out and what came back, for whoever asks.
//!
//! The client tells of each call; the note goes into a queue in memory and is
//! written down from there, many at once and away from publishing. A queue
//! that is full loses notes, and counts them: **no call ever waits for its
//! note**. Never a header, a query string or a body: those carry secrets.

mod queue;
mod store;
#[cfg(test)]
mod tests;

use bellwether_base::uuid::Uuid;
use bellwether_base::{CallId, ChannelId, Instant, Page, PageRequest, WorkspaceId};
use bellwether_db::FromRow;
use serde::Serialize;

use crate::{App, Caller, Error, Permission, Result, channels, workspaces};

pub use queue::{Queue, Recorder, queue};

/// How many of the newest calls say how things are.
const RECENT: i64 = 500;

/// A call that is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow)]
pub struct NetworkCall {
    /// Which.
    pub id: CallId,
    /// Whose.
    pub workspace_id: Option<WorkspaceId>,
    /// For which channel; none while it is being connected.
    pub channel_id: Option<ChannelId>,
    /// When it was over.
    pub at: Instant,
    /// `GET`.
    pub method: String,
    /// The server's name.
    pub host: String,
    /// Its path, without the query; what looks like a key is cut out.
    pub path: String,
    /// The HTTP status of the answer, if there was one.
    pub status: Option<i32>,
    /// How long it took, in milliseconds.
    pub millis: Option<i64>,
    /// Why there was no answer: a [`Trouble`](crate::networks::http::Trouble) by its name.
    pub trouble: Option<String>,
}

impl NetworkCall {
    /// Whether something was wrong with the server or the way to it. A refusal
    /// (4xx) is an answer: servers say no for many good reasons.
    pub fn is_trouble(&self) -> bool {
        self.status.is_none_or(|status| status >= 500)
    }

    /// The status, or the name of the trouble.
    pub fn outcome(&self) -> String {
        match (self.status, &self.trouble) {
            (Some(status), _) => status.to_string(),
            (None, Some(trouble)) => trouble.clone(),
            (None, None) => String::new(),
        }
    }
}

/// The calls made for a channel, newest first. What was lost under pressure is
/// not among them, nor what is older than its table keeps.
pub async fn of_channel(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    channel: ChannelId,
    page: &PageRequest,
) -> Result<Page<NetworkCall>> {
    let mut tx = app.db.read().await?;
    workspaces::access(&mut tx, caller, workspace, Permission::Read).await?;
    channels::find(&mut tx, workspace, channel).await?;
    drop(tx);
    let before = match &page.after {
        None => (Instant::from_millis(i64::MAX), CallId(Uuid::max())),
        Some(cursor) => cursor.decode().ok_or_else(|| Error::invalid("cursor-unknown"))?,
    };
    let mut tx = app.streams.read().await?;
    let rows = store::of_channel(&mut tx, workspace, channel, before, page.rows() + 1).await?;
    Ok(Page::cut(rows, page.rows(), |call| (call.at, call.id)))
}

/// The newest calls of everybody, newest first: for looking an installation over.
pub(crate) async fn recent(app: &App) -> Result<Vec<NetworkCall>> {
    store::recent(&mut app.streams.read().await?, RECENT).await
}
