//! Pauses as people see them: what is stopped, and what that did.

use bellwether_base::{DeliveryId, WorkspaceId};
use serde::Serialize;

use super::HeldReason;
use super::pause::{Pause, view};
use super::store::{self, ScopeFilter};
use crate::{App, Caller, Permission, Result, people, workspaces};

/// Everything that is paused and concerns a workspace.
pub async fn pauses(app: &App, caller: &Caller, workspace: WorkspaceId) -> Result<Vec<Pause>> {
    let mut tx = app.db.read().await?;
    workspaces::access(&mut tx, caller, workspace, Permission::Read).await?;
    let rows = store::paused_scopes(&mut tx, Some(workspace)).await?;
    Ok(rows.iter().filter_map(view).collect())
}

/// A pause as it looks from one workspace.
#[derive(Debug, Clone, Serialize)]
pub struct Stop {
    /// The pause.
    #[serde(flatten)]
    pub pause: Pause,
    /// What the person who paused is called, if there is one.
    pub by: Option<String>,
    /// What of this workspace was on its way when it began, and could not be
    /// called back.
    pub on_the_way: Vec<DeliveryId>,
    /// How many deliveries of this workspace it has held so far.
    pub held: i64,
}

/// Everything that is paused and concerns a workspace, with what it did there.
pub async fn stops(app: &App, caller: &Caller, workspace: WorkspaceId) -> Result<Vec<Stop>> {
    let mut tx = app.db.read().await?;
    let place = workspaces::access(&mut tx, caller, workspace, Permission::Read).await?;
    let rows = store::paused_scopes(&mut tx, Some(workspace)).await?;
    let mut stops = Vec::with_capacity(rows.len());
    for pause in rows.iter().filter_map(view) {
        let scope = ScopeFilter { workspace: Some(workspace), ..pause.scope.filter() };
        let by = match pause.paused_by {
            Some(person) => people::name(&mut tx, place.organization_id, person).await?,
            None => None,
        };
        let on_the_way = store::sent_across(&mut tx, &scope, pause.paused_at).await?;
        let held = store::count_held(&mut tx, HeldReason::Paused, &scope).await?;
        stops.push(Stop { pause, by, on_the_way, held });
    }
    Ok(stops)
}

/// What is paused for everybody: the installation, or a network.
pub async fn installation_pauses(app: &App, caller: &Caller) -> Result<Vec<Pause>> {
    if let Some(organization) = caller.organization() {
        caller.may_everywhere(Permission::Read, organization)?;
    }
    let mut tx = app.db.read().await?;
    let rows = store::paused_scopes(&mut tx, None).await?;
    let is_everybodys = |pause: &Pause| pause.scope.workspace().is_none();
    Ok(rows.iter().filter_map(view).filter(is_everybodys).collect())
}
