//! The SQL of media and of who holds them.

use bellwether_base::{Instant, PersonId, WorkspaceId};
use bellwether_db::{DbError, FromRow, Tx};

use super::rules::Hash;
use super::{Holder, Medium};
use crate::Error;
use crate::networks::MediaFacts;

#[derive(FromRow)]
struct MediumRow {
    workspace_id: WorkspaceId,
    hash: String,
    mime: String,
    bytes: i64,
    width: i64,
    height: i64,
    name: String,
    created_at: Instant,
    created_by: Option<PersonId>,
}

impl TryFrom<MediumRow> for Medium {
    type Error = Error;

    fn try_from(row: MediumRow) -> Result<Self, Error> {
        let damaged = |_| Error::Internal(format!("stored data does not read: {}", row.hash));
        Ok(Self {
            facts: MediaFacts {
                mime: row.mime,
                bytes: u64::try_from(row.bytes).map_err(damaged)?,
                width: u32::try_from(row.width).map_err(damaged)?,
                height: u32::try_from(row.height).map_err(damaged)?,
            },
            workspace_id: row.workspace_id,
            hash: row.hash,
            name: row.name,
            created_at: row.created_at,
            created_by: row.created_by,
        })
    }
}

/// Stores the medium, or touches the one that is there already and saves it
/// from being removed. Until this transaction ends nobody removes it.
pub async fn put(tx: &mut Tx, medium: &Medium, now: Instant) -> Result<(), DbError> {
    tx.sql(
        "insert into media (workspace_id, organization_id, hash, mime, bytes, width, height, name,
                            created_at, created_by, touched_at)
         values ($1, (select organization_id from workspaces where id = $1), $2, $3, $4, $5, $6,
                 $7, $8, $9, $10)
         on conflict (workspace_id, hash)
         do update set touched_at = excluded.touched_at, doomed_at = null",
    )
    .bind(medium.workspace_id)
    .bind(&medium.hash)
    .bind(&medium.facts.mime)
    .bind(i64::try_from(medium.facts.bytes).unwrap_or(i64::MAX))
    .bind(i64::from(medium.facts.width))
    .bind(i64::from(medium.facts.height))
    .bind(&medium.name)
    .bind(medium.created_at)
    .bind(medium.created_by)
    .bind(now)
    .execute()
    .await
    .map(drop)
}

pub async fn find(
    tx: &mut Tx,
    workspace: WorkspaceId,
    hash: &str,
) -> Result<Option<Medium>, Error> {
    let row = tx
        .sql(
            "select workspace_id, hash, mime, bytes, width, height, name, created_at, created_by
             from media where workspace_id = $1 and hash = $2 and doomed_at is null",
        )
        .bind(workspace)
        .bind(hash)
        .optional::<MediumRow>()
        .await?;
    row.map(Medium::try_from).transpose()
}

pub const LIST: &str =
    "select workspace_id, hash, mime, bytes, width, height, name, created_at, created_by
     from media
     where workspace_id = $1 and (created_at, hash) < ($2, $3) and doomed_at is null
     order by created_at desc, hash desc limit $4";

/// Newest first, from before `before` on.
pub async fn list(
    tx: &mut Tx,
    workspace: WorkspaceId,
    before: &(Instant, String),
    rows: i64,
) -> Result<Vec<Medium>, Error> {
    let (at, hash) = before;
    let rows =
        tx.sql(LIST).bind(workspace).bind(*at).bind(hash).bind(rows).all::<MediumRow>().await?;
    rows.into_iter().map(Medium::try_from).collect()
}

/// Whether it was there to be touched. Until this transaction ends nobody dooms it.
pub async fn touch(
    tx: &mut Tx,
    workspace: WorkspaceId,
    hash: &str,
    now: Instant,
) -> Result<bool, DbError> {
    let touched = tx
        .sql(
            "update media set touched_at = $3
             where workspace_id = $1 and hash = $2 and doomed_at is null",
        )
        .bind(workspace)
        .bind(hash)
        .bind(now)
        .execute()
        .await?;
    Ok(touched > 0)
}

pub async fn insert_hold(
    tx: &mut Tx,
    workspace: WorkspaceId,
    hash: &str,
    holder: Holder,
) -> Result<(), DbError> {
    tx.sql(
        "insert into media_holds (workspace_id, hash, holder_kind, holder_id)
         values ($1, $2, $3, $4) on conflict do nothing",
    )
    .bind(workspace)
    .bind(hash)
    .bind(holder.kind.name())
    .bind(holder.id)
    .execute()
    .await
    .map(drop)
}

/// What `holder` holds.
pub async fn held_by(
    tx: &mut Tx,
    workspace: WorkspaceId,
    holder: Holder,
) -> Result<Vec<String>, DbError> {
    tx.sql(
        "select hash from media_holds
         where workspace_id = $1 and holder_kind = $2 and holder_id = $3",
    )
    .bind(workspace)
    .bind(holder.kind.name())
    .bind(holder.id)
    .scalars()
    .await
}

pub async fn delete_hold(
    tx: &mut Tx,
    workspace: WorkspaceId,
    hash: &str,
    holder: Holder,
) -> Result<(), DbError> {
    tx.sql(
        "delete from media_holds
         where workspace_id = $1 and hash = $2 and holder_kind = $3 and holder_id = $4",
    )
    .bind(workspace)
    .bind(hash)
    .bind(holder.kind.name())
    .bind(holder.id)
    .execute()
    .await
    .map(drop)
}

pub const DOOM: &str = "update media set doomed_at = $2
     where touched_at < $1 and doomed_at is null and (workspace_id, hash) in (
         select workspace_id, hash from media
         where touched_at < $1 and doomed_at is null and not exists (
             select 1 from media_holds
             where media_holds.workspace_id = media.workspace_id
               and media_holds.hash = media.hash)
         order by touched_at limit $3)";

/// Dooms some of what nobody holds and nobody has touched since `before`; how many.
///
/// The outer condition is not a repetition: while this waits for a row that is
/// being held, PostgreSQL looks at that row anew, but not at `media_holds`. Who
/// holds a medium touches it, so the row itself then says no.
pub async fn doom(tx: &mut Tx, before: Instant, now: Instant, rows: i64) -> Result<u64, DbError> {
    tx.sql(DOOM).bind(before).bind(now).bind(rows).execute().await
}

/// Some of what is doomed, longest first.
pub async fn doomed(tx: &mut Tx, rows: i64) -> Result<Vec<(WorkspaceId, String)>, DbError> {
    tx.sql(
        "select workspace_id, hash from media where doomed_at is not null
         order by doomed_at limit $1",
    )
    .bind(rows)
    .all()
    .await
}

/// Whether it was still doomed. Until this transaction ends nobody stores it anew.
pub async fn delete_doomed(
    tx: &mut Tx,
    workspace: WorkspaceId,
    hash: &Hash,
) -> Result<bool, DbError> {
    let deleted = tx
        .sql("delete from media where workspace_id = $1 and hash = $2 and doomed_at is not null")
        .bind(workspace)
        .bind(hash.as_str())
        .execute()
        .await?;
    Ok(deleted > 0)
}
