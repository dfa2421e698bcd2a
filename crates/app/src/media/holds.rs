//! Who needs which media.

use std::collections::BTreeSet;

use bellwether_base::WorkspaceId;
use bellwether_base::uuid::Uuid;
use bellwether_db::Tx;

use super::{no_such_medium, store};
use crate::{App, Result};

/// What kind of thing holds a medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HolderKind {
    /// A post, with its versions.
    Post,
    /// A request that was frozen for sending.
    Frozen,
    /// Something that can still be undone.
    Undo,
    /// A backup that is being made.
    Backup,
}

impl HolderKind {
    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Frozen => "frozen",
            Self::Undo => "undo",
            Self::Backup => "backup",
        }
    }
}

/// Who holds a medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// What kind of thing.
    pub kind: HolderKind,
    /// Which.
    pub id: Uuid,
}

/// Keeps `hashes` for `holder` from when this transaction commits, beside what
/// it holds already. Not found if one of them is not there, or is just being
/// removed.
pub async fn hold(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    holder: Holder,
    hashes: impl IntoIterator<Item = impl AsRef<str>>,
) -> Result<()> {
    let wanted = hashes.into_iter().map(|hash| hash.as_ref().to_owned()).collect();
    change(app, tx, workspace, holder, &wanted, &BTreeSet::new()).await
}

/// The same, and lets go of everything else that `holder` holds.
pub async fn hold_only(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    holder: Holder,
    hashes: impl IntoIterator<Item = impl AsRef<str>>,
) -> Result<()> {
    let wanted: BTreeSet<_> = hashes.into_iter().map(|hash| hash.as_ref().to_owned()).collect();
    let held = store::held_by(tx, workspace, holder).await?;
    let unwanted = held.into_iter().filter(|hash| !wanted.contains(hash)).collect();
    change(app, tx, workspace, holder, &wanted, &unwanted).await
}

/// Lets go of everything that `holder` holds.
pub async fn release(app: &App, tx: &mut Tx, workspace: WorkspaceId, holder: Holder) -> Result<()> {
    hold_only(app, tx, workspace, holder, std::iter::empty::<&str>()).await
}

/// In the order of the hashes, so that two that change the same ones do not
/// wait for each other. Touching comes first: it is what [`collect`](super::collect)
/// stumbles over, and from letting go the day counts anew.
async fn change(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    holder: Holder,
    wanted: &BTreeSet<String>,
    unwanted: &BTreeSet<String>,
) -> Result<()> {
    let now = app.now();
    for hash in wanted.union(unwanted) {
        let is_there = store::touch(tx, workspace, hash, now).await?;
        if unwanted.contains(hash) {
            store::delete_hold(tx, workspace, hash, holder).await?;
        } else if is_there {
            store::insert_hold(tx, workspace, hash, holder).await?;
        } else {
            return Err(no_such_medium());
        }
    }
    Ok(())
}
