//! The seals of stored logins: whether they open, and putting them in new ones
//! after the key was changed.

use bellwether_base::uuid::Uuid;
use bellwether_base::{ChannelId, Say, WorkspaceId};
use bellwether_db::{Db, NewEvent, Scope};
use serde_json::json;

use super::seal_context;
use super::store::{self, SealedRow};
use crate::{App, Caller, Denied, Result, workspaces};

/// Logins in one transaction.
const BATCH: i64 = 200;

/// What sealing anew did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resealed {
    /// How many logins were put in a seal of the current key.
    pub count: u64,
    /// Handles of channels whose login no key opens: left as they are.
    pub closed: Vec<String>,
}

/// Seals every stored login with the current key, so that older keys can be
/// taken away. Again does no harm. A login that is renewed in the meantime is
/// not touched: it has the current seal already.
pub async fn reseal(app: &App, caller: &Caller) -> Result<Resealed> {
    if *caller != Caller::Operator {
        return Err(Denied { say: Say::new("denied-operator-only") }.into());
    }
    let mut resealed = Resealed::default();
    let mut after = START;
    loop {
        let mut tx = app.db.begin().await?;
        let rows = store::sealed(&mut tx, after, BATCH).await?;
        let Some(last) = rows.last() else { break };
        after = (last.workspace_id, last.id);
        for row in rows {
            if app.keyring.is_current(&row.credential) {
                continue;
            }
            let context = seal_context(row.workspace_id, row.id);
            let Ok(plain) = app.keyring.open(&context, &row.credential) else {
                resealed.closed.push(row.handle);
                continue;
            };
            let sealed = app.keyring.seal(&*app.rng, &context, &plain);
            resealed.count += u64::from(store::replace_sealed(&mut tx, &row, &sealed).await?);
        }
        tx.commit().await?;
    }
    let mut tx = app.db.begin().await?;
    let organization = workspaces::organization_of(&mut tx, caller).await?;
    tx.record(NewEvent {
        scope: Scope::Organization(organization),
        kind: "logins.resealed",
        subject: None,
        actor: caller.actor(),
        data: json!({ "count": resealed.count, "closed": resealed.closed.len() }),
    });
    tx.commit().await?;
    Ok(resealed)
}

/// Whether stored logins can be used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Seals {
    /// How many open with a key that is there.
    pub open: usize,
    /// How many of these need an older key.
    pub older: usize,
    /// Handles of channels whose login no key opens.
    pub closed: Vec<String>,
    /// Handles of channels that a person must connect again.
    pub lost: Vec<String>,
}

/// Whether any login is stored, for whoever looks for the key.
pub async fn is_any_sealed(db: &Db) -> Result<bool> {
    let mut tx = db.read().await?;
    Ok(!store::sealed(&mut tx, START, 1).await?.is_empty())
}

/// Tries every stored login.
pub(crate) async fn seals(app: &App) -> Result<Seals> {
    let mut tx = app.db.read().await?;
    let mut seals =
        Seals { lost: store::handles_without_login(&mut tx).await?, ..Seals::default() };
    let mut after = START;
    loop {
        let rows = store::sealed(&mut tx, after, BATCH).await?;
        let Some(last) = rows.last() else { return Ok(seals) };
        after = (last.workspace_id, last.id);
        for SealedRow { workspace_id, id, handle, credential, .. } in rows {
            if app.keyring.open(&seal_context(workspace_id, id), &credential).is_err() {
                seals.closed.push(handle);
                continue;
            }
            seals.open += 1;
            seals.older += usize::from(!app.keyring.is_current(&credential));
        }
    }
}

/// Before the first.
const START: (WorkspaceId, ChannelId) = (WorkspaceId(Uuid::nil()), ChannelId(Uuid::nil()));
