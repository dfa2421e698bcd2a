//! Taking away what nobody needs.
//!
//! In two steps, each a transaction, so that neither a crash nor somebody who
//! comes in between leaves a row without its file:
//!
//! 1. What nobody holds and nobody has touched for a day is doomed. From then
//!    on it can be neither seen nor held; only a new upload saves it.
//! 2. What is still doomed loses its row and its file within one transaction.
//!    A new upload of the same bytes waits for that and then brings both back.
//!    A crash after the file went leaves a doomed row, and this step is done again.

use std::time::Duration;

use bellwether_base::WorkspaceId;
use bellwether_db::{NewEvent, Scope};
use serde_json::json;

use super::files::{self, Files};
use super::rules::Hash;
use super::{disk, store};
use crate::{App, Caller, Error, Result};

/// How long a medium stays that nobody holds: a day.
pub const UNUSED_FOR: Duration = Duration::from_hours(24);

/// Media that one transaction dooms.
const BATCH: i64 = 100;

/// What was taken away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Collected {
    /// How many media.
    pub media: u64,
}

/// Takes away what nobody has held or touched for [`UNUSED_FOR`], and what
/// broken uploads left behind. Safe to run at any time, anywhere, twice.
pub async fn collect(app: &App) -> Result<Collected> {
    let before = app.now() - UNUSED_FOR;
    files::sweep(&app.media_dir, before).await.map_err(disk)?;
    let mut collected = Collected::default();
    loop {
        let mut tx = app.db.begin().await?;
        let doomed = store::doom(&mut tx, before, app.now(), BATCH).await?;
        tx.commit().await?;
        let removed = remove_doomed(app).await?;
        collected.media += removed;
        if doomed == 0 && removed == 0 {
            return Ok(collected);
        }
    }
}

async fn remove_doomed(app: &App) -> Result<u64> {
    let doomed = store::doomed(&mut app.db.read().await?, BATCH).await?;
    let mut removed = 0;
    for (workspace, hash) in doomed {
        let hash = Hash::parse(&hash)
            .ok_or_else(|| Error::Internal(format!("stored data does not read: hash {hash:?}")))?;
        removed += u64::from(remove(app, workspace, &hash).await?);
    }
    Ok(removed)
}

/// Whether it was still doomed.
async fn remove(app: &App, workspace: WorkspaceId, hash: &Hash) -> Result<bool> {
    let mut tx = app.db.begin().await?;
    if !store::delete_doomed(&mut tx, workspace, hash).await? {
        return Ok(false);
    }
    Files::of(&app.media_dir, workspace).remove(hash).await.map_err(disk)?;
    tx.record(NewEvent {
        scope: Scope::Workspace(workspace),
        kind: "media.collected",
        subject: None,
        actor: Caller::Worker.actor(),
        data: json!({ "hash": hash.as_str() }),
    });
    tx.commit().await?;
    Ok(true)
}
