//! Media: pictures, stored once and never changed.
//!
//! A medium is its bytes: what has the same SHA-256 is the same one. It stays
//! while anybody [`hold`]s it, and a day longer. Its row and its file come and
//! go together: the file is there before the row says so, and the row is
//! [doomed](collect) before the file goes.

mod collecting;
mod files;
mod holds;
mod rules;
mod store;
#[cfg(test)]
mod tests;

use std::fmt::Display;
use std::io;

use async_trait::async_trait;
use bellwether_base::{Instant, Page, PageRequest, PersonId, Say, WorkspaceId};
use bellwether_db::{NewEvent, Scope, Tx};
use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use serde::Serialize;
use serde_json::json;
use tokio::sync::Semaphore;

use crate::networks::image::ImageTrouble;
use crate::networks::{MediaFacts, MediaSource, MissingMedia, image};
use crate::workspaces::access;
use crate::{App, Caller, Error, Permission, Result};

pub use collecting::{Collected, UNUSED_FOR, collect};
use files::{Arrived, Files};
pub use holds::{Holder, HolderKind, hold, hold_only, release};
use rules::Hash;

/// Pictures that are looked into at once in this process: one can take half a
/// gigabyte.
static LOOKED_INTO: Semaphore = Semaphore::const_new(2);

/// A stored picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Medium {
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Which: the SHA-256 of its bytes, in hexadecimal.
    pub hash: String,
    /// What kind of file, how large.
    #[serde(flatten)]
    pub facts: MediaFacts,
    /// The file's name when it first came; may be empty.
    pub name: String,
    /// When it first came.
    pub created_at: Instant,
    /// Who brought it, if that was a person.
    pub created_by: Option<PersonId>,
}

/// Stores what comes out of `stream`. The same bytes again are the same medium,
/// with the name and the date that it has.
pub async fn upload<E: Display>(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    name: &str,
    stream: impl Stream<Item = std::result::Result<Bytes, E>>,
) -> Result<Medium> {
    access(&mut app.db.read().await?, caller, workspace, Permission::Write).await?;
    let files = Files::of(&app.media_dir, workspace);
    let arrived = receive(app, &files, stream).await?;
    let facts = look_into(&arrived).await?;

    let now = app.now();
    let hash = arrived.hash.clone();
    let medium = Medium {
        workspace_id: workspace,
        hash: hash.to_string(),
        facts,
        name: rules::name(name),
        created_at: now,
        created_by: caller.person(),
    };
    let mut tx = app.db.begin().await?;
    // While it came they may have been shown the door.
    access(&mut tx, caller, workspace, Permission::Write).await?;
    let is_new = store::find(&mut tx, workspace, hash.as_str()).await?.is_none();
    store::put(&mut tx, &medium, now).await?;
    let medium = find(&mut tx, workspace, hash.as_str()).await?;
    // After its row is ours, so that it cannot be collected in between, and
    // before anybody else sees that row.
    files.place(arrived).await.map_err(disk)?;
    if is_new {
        tx.record(NewEvent {
            scope: Scope::Workspace(workspace),
            kind: "media.stored",
            subject: None,
            actor: caller.actor(),
            data: json!({ "hash": medium.hash }),
        });
    }
    tx.commit().await?;
    Ok(medium)
}

/// Fills a file from `stream`, and stops as soon as it is too much.
async fn receive<E: Display>(
    app: &App,
    files: &Files,
    stream: impl Stream<Item = std::result::Result<Bytes, E>>,
) -> Result<Arrived> {
    let max = app.settings.max_upload;
    // A UUIDv7 tells when, which is how a file that was left behind is known.
    let id = PersonId::new(&*app.clock, &*app.rng).0;
    let mut incoming = files.begin(id).await.map_err(disk)?;
    let mut stream = std::pin::pin!(stream);
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| {
            tracing::debug!(%error, "an upload broke off");
            Error::invalid("media-cut-off")
        })?;
        if incoming.length() + chunk.len() as u64 > max {
            let say = Say::new("media-too-large").with("max", rules::megabytes(max));
            return Err(Error::Invalid(say));
        }
        incoming.append(&chunk).await.map_err(disk)?;
    }
    incoming.end().await.map_err(disk)
}

/// What has arrived, if it is a whole picture that can be used.
async fn look_into(arrived: &Arrived) -> Result<MediaFacts> {
    let permit = LOOKED_INTO.acquire().await.map_err(|error| Error::Internal(error.to_string()))?;
    let path = arrived.path().to_owned();
    let looked = tokio::task::spawn_blocking(move || {
        // The permit goes with the work, which goes on when the upload is given up.
        let _permit = permit;
        std::fs::read(path).map(|bytes| image::verify(&bytes))
    });
    let found = looked.await.map_err(|error| Error::Internal(error.to_string()))?;
    found.map_err(disk)?.map_err(|trouble: ImageTrouble| Error::Invalid(trouble.say()))
}

/// One medium, for slices that have checked the caller.
pub async fn find(tx: &mut Tx, workspace: WorkspaceId, hash: &str) -> Result<Medium> {
    store::find(tx, workspace, hash).await?.ok_or_else(no_such_medium)
}

/// One medium.
pub async fn get(app: &App, caller: &Caller, workspace: WorkspaceId, hash: &str) -> Result<Medium> {
    let mut tx = app.db.read().await?;
    access(&mut tx, caller, workspace, Permission::Read).await?;
    find(&mut tx, workspace, hash).await
}

/// A workspace's media, newest first.
pub async fn list(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    page: &PageRequest,
) -> Result<Page<Medium>> {
    let before = match &page.after {
        None => (Instant::from_millis(i64::MAX), String::new()),
        Some(cursor) => cursor.decode().ok_or_else(|| Error::invalid("cursor-unknown"))?,
    };
    let mut tx = app.db.read().await?;
    access(&mut tx, caller, workspace, Permission::Read).await?;
    let rows = store::list(&mut tx, workspace, &before, page.rows() + 1).await?;
    Ok(Page::cut(rows, page.rows(), |medium| (medium.created_at, medium.hash.clone())))
}

/// One medium with its bytes, for showing it.
pub async fn read(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    hash: &str,
) -> Result<(Medium, Bytes)> {
    let medium = get(app, caller, workspace, hash).await?;
    let bytes = source(app, workspace).read(hash).await;
    let bytes = bytes.map_err(|missing| Error::Internal(missing.to_string()))?;
    Ok((medium, bytes))
}

/// Where connectors read a workspace's media. For the engine: nobody is asked
/// for permission.
pub fn source(app: &App, workspace: WorkspaceId) -> Source {
    Source(Files::of(&app.media_dir, workspace))
}

/// One workspace's media, by hash.
#[derive(Debug, Clone)]
pub struct Source(Files);

#[async_trait]
impl MediaSource for Source {
    async fn read(&self, hash: &str) -> std::result::Result<Bytes, MissingMedia> {
        let missing = |gone, why: String| MissingMedia { hash: hash.to_owned(), gone, why };
        let known = Hash::parse(hash).ok_or_else(|| missing(true, "not a hash".to_owned()))?;
        self.0.read(&known).await.map_err(|error| {
            let gone = matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData);
            missing(gone, error.to_string())
        })
    }
}

fn no_such_medium() -> Error {
    Error::not_found("media")
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it")]
fn disk(error: io::Error) -> Error {
    Error::Internal(format!("the media folder: {error}"))
}
