//! The SQL of organizations and workspaces.

use bellwether_base::{Instant, OrganizationId, WorkspaceId};
use bellwether_db::{DbError, Tx, fragments};

use super::Workspace;

pub async fn insert_organization(
    tx: &mut Tx,
    id: OrganizationId,
    name: &str,
    now: Instant,
) -> Result<(), DbError> {
    tx.sql("insert into organizations (id, name, created_at) values ($1, $2, $3)")
        .bind(id)
        .bind(name)
        .bind(now)
        .execute()
        .await
        .map(drop)
}

/// The organization that was made first.
pub async fn first_organization(tx: &mut Tx) -> Result<Option<OrganizationId>, DbError> {
    tx.sql("select id from organizations order by id limit 1").scalar_optional().await
}

/// Until this transaction ends nobody else passes here for the same organization.
pub async fn lock_organization(tx: &mut Tx, id: OrganizationId) -> Result<(), DbError> {
    tx.sql("update organizations set name = name where id = $1").bind(id).execute().await.map(drop)
}

pub async fn insert(tx: &mut Tx, workspace: &Workspace) -> Result<(), DbError> {
    tx.sql(
        "insert into workspaces (id, organization_id, name, time_zone, created_at)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(workspace.id)
    .bind(workspace.organization_id)
    .bind(&workspace.name)
    .bind(&workspace.time_zone)
    .bind(workspace.created_at)
    .execute()
    .await
    .map(drop)
}

pub async fn find(tx: &mut Tx, id: WorkspaceId) -> Result<Option<Workspace>, DbError> {
    tx.sql("select id, organization_id, name, time_zone, created_at from workspaces where id = $1")
        .bind(id)
        .optional()
        .await
}

/// Every workspace, of every organization: for the machine's own callers.
pub async fn list_all(
    tx: &mut Tx,
    after: Option<WorkspaceId>,
    rows: i64,
) -> Result<Vec<Workspace>, DbError> {
    tx.sql(
        "select id, organization_id, name, time_zone, created_at from workspaces
         where id > $1 order by id limit $2",
    )
    .bind(after.unwrap_or(FIRST))
    .bind(rows)
    .all()
    .await
}

pub const LIST_OF: &str = "select id, organization_id, name, time_zone, created_at from workspaces
     where organization_id = $1 and id > $2 order by id limit $3";

pub async fn list_of(
    tx: &mut Tx,
    organization: OrganizationId,
    after: Option<WorkspaceId>,
    rows: i64,
) -> Result<Vec<Workspace>, DbError> {
    tx.sql(LIST_OF).bind(organization).bind(after.unwrap_or(FIRST)).bind(rows).all().await
}

/// How many ids one statement of [`list_among`] takes.
pub const AMONG: usize = 25;

/// Those of `ids` (at most [`AMONG`]) that are the organization's, in order.
pub async fn list_among(
    tx: &mut Tx,
    organization: OrganizationId,
    ids: &[WorkspaceId],
) -> Result<Vec<Workspace>, DbError> {
    let Some(last) = ids.last() else { return Ok(Vec::new()) };
    let text = format!(
        "select id, organization_id, name, time_zone, created_at from workspaces
         where organization_id = $1 and id in ({}) order by id",
        fragments::placeholders(2, AMONG)
    );
    let mut query = tx.sql_owned(text).bind(organization);
    for id in ids.iter().chain(std::iter::repeat(last)).take(AMONG) {
        query = query.bind(*id);
    }
    query.all().await
}

pub async fn set_name(tx: &mut Tx, id: WorkspaceId, name: &str) -> Result<(), DbError> {
    tx.sql("update workspaces set name = $2 where id = $1")
        .bind(id)
        .bind(name)
        .execute()
        .await
        .map(drop)
}

pub async fn set_time_zone(tx: &mut Tx, id: WorkspaceId, zone: &str) -> Result<(), DbError> {
    tx.sql("update workspaces set time_zone = $2 where id = $1")
        .bind(id)
        .bind(zone)
        .execute()
        .await
        .map(drop)
}

/// Before every other id.
const FIRST: WorkspaceId = WorkspaceId(bellwether_base::uuid::Uuid::nil());
