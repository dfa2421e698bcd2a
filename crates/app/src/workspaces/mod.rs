//! Workspaces: one for each brand or client, with its channels and content,
//! and the organization that they belong to.
//!
//! [`access`] is the only way in: it answers existence and permission
//! together, so that nobody learns of a workspace that is not theirs.

mod happened;
mod rules;
mod store;
#[cfg(test)]
mod tests;

use bellwether_base::{Instant, OrganizationId, Page, PageRequest, PersonId, WorkspaceId};
use bellwether_db::{FromRow, NewEvent, Scope, Tx};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{App, Caller, Error, Permission, Result};

pub use happened::{Stage, happened, newest};
pub use rules::LONGEST_NAME;

/// One brand or client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow)]
pub struct Workspace {
    /// Which.
    pub id: WorkspaceId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// As people call it; not unique.
    pub name: String,
    /// The IANA zone in which its plans are meant: `Europe/Paris`.
    pub time_zone: String,
    /// Since when.
    pub created_at: Instant,
}

/// What a new workspace needs.
#[derive(Debug, Clone)]
pub struct NewWorkspace {
    /// As people will call it.
    pub name: String,
    /// An IANA zone, in any case.
    pub time_zone: String,
}

/// The workspace, if `caller` may do `permission` there.
///
/// To somebody who may not even read there it does not exist.
pub async fn access(
    tx: &mut Tx,
    caller: &Caller,
    id: WorkspaceId,
    permission: Permission,
) -> Result<Workspace> {
    let workspace = store::find(tx, id).await?.ok_or_else(no_such_workspace)?;
    if caller.may(Permission::Read, workspace.organization_id, id).is_err() {
        return Err(no_such_workspace());
    }
    caller.may(permission, workspace.organization_id, id)?;
    Ok(workspace)
}

/// One workspace that the caller may read.
pub async fn get(app: &App, caller: &Caller, id: WorkspaceId) -> Result<Workspace> {
    let mut tx = app.db.read().await?;
    access(&mut tx, caller, id, Permission::Read).await
}

/// Every workspace that the caller may read, oldest first.
pub async fn list(app: &App, caller: &Caller, page: &PageRequest) -> Result<Page<Workspace>> {
    let after = match &page.after {
        None => None,
        Some(cursor) => Some(cursor.decode().ok_or_else(|| Error::invalid("cursor-unknown"))?),
    };
    let mut tx = app.db.read().await?;
    let rows = match (caller.organization(), rules::readable(caller)) {
        (None, _) => store::list_all(&mut tx, after, page.rows() + 1).await?,
        (Some(own), None) => store::list_of(&mut tx, own, after, page.rows() + 1).await?,
        (Some(own), Some(ids)) => {
            let wanted = usize::try_from(page.rows() + 1).unwrap_or(usize::MAX);
            let ids: Vec<_> = ids.into_iter().filter(|id| Some(*id) > after).take(wanted).collect();
            let mut rows = Vec::with_capacity(ids.len());
            for some in ids.chunks(store::AMONG) {
                rows.extend(store::list_among(&mut tx, own, some).await?);
            }
            rows
        }
    };
    Ok(Page::cut(rows, page.rows(), |workspace| workspace.id))
}

/// Makes a workspace.
pub async fn create(app: &App, caller: &Caller, new: NewWorkspace) -> Result<Workspace> {
    let (name, time_zone) = (rules::name(&new.name)?, rules::time_zone(&new.time_zone)?);
    let mut tx = app.db.begin().await?;
    let organization_id = organization_of(&mut tx, caller).await?;
    caller.may_everywhere(Permission::Administer, organization_id)?;
    let workspace = Workspace {
        id: WorkspaceId::new(&*app.clock, &*app.rng),
        organization_id,
        name,
        time_zone,
        created_at: app.now(),
    };
    insert(&mut tx, caller, &workspace).await?;
    tx.commit().await?;
    Ok(workspace)
}

/// Gives a workspace another name.
pub async fn rename(app: &App, caller: &Caller, id: WorkspaceId, name: &str) -> Result<Workspace> {
    let name = rules::name(name)?;
    let mut tx = app.db.begin().await?;
    let mut workspace = access(&mut tx, caller, id, Permission::Administer).await?;
    if workspace.name != name {
        store::set_name(&mut tx, id, &name).await?;
        record(&mut tx, caller, id, "workspace.renamed", json!({ "name": name }));
        tx.commit().await?;
        workspace.name = name;
    }
    Ok(workspace)
}

/// Sets the zone in which plans are made from now on. What is already planned
/// keeps the zone that it was planned in.
pub async fn set_time_zone(
    app: &App,
    caller: &Caller,
    id: WorkspaceId,
    zone: &str,
) -> Result<Workspace> {
    let time_zone = rules::time_zone(zone)?;
    let mut tx = app.db.begin().await?;
    let mut workspace = access(&mut tx, caller, id, Permission::Administer).await?;
    if workspace.time_zone != time_zone {
        store::set_time_zone(&mut tx, id, &time_zone).await?;
        record(&mut tx, caller, id, "workspace.zone_set", json!({ "time_zone": time_zone }));
        tx.commit().await?;
        workspace.time_zone = time_zone;
    }
    Ok(workspace)
}

/// An organization to be made with its first workspace. Made by
/// [`Founding::new`], so its texts are known to be good.
#[derive(Debug, Clone)]
pub struct Founding {
    organization: String,
    workspace: String,
    time_zone: String,
}

impl Founding {
    /// Checks what somebody typed.
    pub fn new(organization: &str, workspace: &str, time_zone: &str) -> Result<Self> {
        Ok(Self {
            organization: rules::name(organization)?,
            workspace: rules::name(workspace)?,
            time_zone: rules::time_zone(time_zone)?,
        })
    }
}

/// Makes an organization and its first workspace, within the transaction that
/// makes their first owner, `by`.
pub async fn found(app: &App, tx: &mut Tx, by: PersonId, founding: Founding) -> Result<Workspace> {
    let organization_id = OrganizationId::new(&*app.clock, &*app.rng);
    store::insert_organization(tx, organization_id, &founding.organization, app.now()).await?;
    let workspace = Workspace {
        id: WorkspaceId::new(&*app.clock, &*app.rng),
        organization_id,
        name: founding.workspace,
        time_zone: founding.time_zone,
        created_at: app.now(),
    };
    let owner = Caller::Person { id: by, organization: organization_id, grants: Vec::new() };
    insert(tx, &owner, &workspace).await?;
    Ok(workspace)
}

/// The organization that `caller` acts in: their own; for the machine's own
/// callers the installation's, if it was set up.
pub async fn organization_of(tx: &mut Tx, caller: &Caller) -> Result<OrganizationId> {
    match caller.organization() {
        Some(own) => Ok(own),
        None => store::first_organization(tx).await?.ok_or_else(|| Error::conflict("not-set-up")),
    }
}

/// Lets only one transaction at a time change who owns the organization.
pub async fn lock_organization(tx: &mut Tx, id: OrganizationId) -> Result<()> {
    Ok(store::lock_organization(tx, id).await?)
}

async fn insert(tx: &mut Tx, caller: &Caller, workspace: &Workspace) -> Result<()> {
    store::insert(tx, workspace).await?;
    let data = json!({ "name": workspace.name, "time_zone": workspace.time_zone });
    record(tx, caller, workspace.id, "workspace.created", data);
    Ok(())
}

fn record(tx: &mut Tx, caller: &Caller, id: WorkspaceId, kind: &'static str, data: Value) {
    tx.record(NewEvent {
        scope: Scope::Workspace(id),
        kind,
        subject: Some(("workspace", id.0)),
        actor: caller.actor(),
        data,
    });
}

fn no_such_workspace() -> Error {
    Error::not_found("workspace")
}
