//! tmp
use crate::{Caller, Error, Permission, Result};
use bellwether_base::{OrganizationId, WorkspaceId};
use bellwether_db::{FromRow, Tx};
#[derive(Debug, Clone, FromRow)]
pub struct Workspace {
    pub id: WorkspaceId,
    pub organization_id: OrganizationId,
    pub name: String,
    pub time_zone: String,
}
pub async fn access(
    tx: &mut Tx,
    caller: &Caller,
    id: WorkspaceId,
    permission: Permission,
) -> Result<Workspace> {
    let w: Option<Workspace> = tx
        .sql("select id, organization_id, name, time_zone from workspaces where id = $1")
        .bind(id)
        .optional()
        .await?;
    let w = w.ok_or_else(|| Error::not_found("workspace"))?;
    caller.may(permission, w.organization_id, id)?;
    Ok(w)
}
