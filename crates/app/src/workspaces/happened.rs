//! What happened, for whoever may look: in a workspace, or in the organization to
//! which no workspace belongs alone (people, tokens, the clock, pauses of everything).

use bellwether_base::WorkspaceId;
use bellwether_db::events::{self, Event};
use bellwether_db::{Scope, Tx};

use super::{access, organization_of};
use crate::{App, Caller, Permission, Result};

/// Where it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// In this workspace. For everybody who may read there.
    Workspace(WorkspaceId),
    /// In the organization itself. For whoever administers all of it: it tells who
    /// came, who went, and who was given which power.
    Organization,
}

/// The events of `stage` after the number `after`, in order, `limit` at most.
pub async fn happened(
    app: &App,
    caller: &Caller,
    stage: Stage,
    after: i64,
    limit: i64,
) -> Result<Vec<Event>> {
    let mut tx = app.db.read().await?;
    let scope = scope(&mut tx, caller, stage).await?;
    Ok(events::after(&mut tx, scope, after, limit).await?)
}

/// The number of the newest event of `stage`; 0 before the first.
pub async fn newest(app: &App, caller: &Caller, stage: Stage) -> Result<i64> {
    let mut tx = app.db.read().await?;
    let scope = scope(&mut tx, caller, stage).await?;
    Ok(events::latest(&mut tx, scope).await?)
}

async fn scope(tx: &mut Tx, caller: &Caller, stage: Stage) -> Result<Scope> {
    match stage {
        Stage::Workspace(workspace) => {
            access(tx, caller, workspace, Permission::Read).await?;
            Ok(Scope::Workspace(workspace))
        }
        Stage::Organization => {
            let organization = organization_of(tx, caller).await?;
            caller.may_everywhere(Permission::Administer, organization)?;
            Ok(Scope::Organization(organization))
        }
    }
}
