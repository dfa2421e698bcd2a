//! `members`: roles in single workspaces.

use bellwether_base::{Instant, PersonId, WorkspaceId};
use bellwether_db::{DbError, FromRow, Tx};

use super::{FIRST, damaged};
use crate::Error;
use crate::people::{Member, Role};
use crate::workspaces::Workspace;

#[derive(FromRow)]
struct MemberRow {
    person_id: PersonId,
    name: String,
    role: String,
}

pub const ROLES_OF: &str =
    "select workspace_id, role from members where person_id = $1 order by workspace_id";

/// Where the person has a role of their own, and which.
pub async fn roles_of(tx: &mut Tx, person: PersonId) -> Result<Vec<(WorkspaceId, Role)>, Error> {
    let rows = tx.sql(ROLES_OF).bind(person).all::<(WorkspaceId, String)>().await?;
    let read = |(workspace, role): (WorkspaceId, String)| {
        Ok((workspace, role.parse().map_err(|_| damaged("role", &role))?))
    };
    rows.into_iter().map(read).collect()
}

pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    after: Option<PersonId>,
    rows: i64,
) -> Result<Vec<Member>, Error> {
    let rows = tx
        .sql(
            "select members.person_id, people.name, members.role
             from members join people on people.id = members.person_id
             where members.workspace_id = $1 and members.person_id > $2
             order by members.person_id limit $3",
        )
        .bind(workspace)
        .bind(after.unwrap_or(PersonId(FIRST)))
        .bind(rows)
        .all::<MemberRow>()
        .await?;
    let read = |row: MemberRow| {
        let role = row.role.parse().map_err(|_| damaged("role", &row.role))?;
        Ok(Member { person: row.person_id, name: row.name, role })
    };
    rows.into_iter().map(read).collect()
}

/// Gives the person this role there, whatever it was before.
pub async fn put(
    tx: &mut Tx,
    workspace: &Workspace,
    person: PersonId,
    role: Role,
    now: Instant,
) -> Result<(), DbError> {
    tx.sql(
        "insert into members (organization_id, workspace_id, person_id, role, created_at)
         values ($1, $2, $3, $4, $5)
         on conflict (workspace_id, person_id) do update set role = excluded.role",
    )
    .bind(workspace.organization_id)
    .bind(workspace.id)
    .bind(person)
    .bind(role.name())
    .bind(now)
    .execute()
    .await
    .map(drop)
}

/// Whether there was anything to remove.
pub async fn remove(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
) -> Result<bool, DbError> {
    let removed = tx
        .sql("delete from members where workspace_id = $1 and person_id = $2")
        .bind(workspace)
        .bind(person)
        .execute()
        .await?;
    Ok(removed > 0)
}
