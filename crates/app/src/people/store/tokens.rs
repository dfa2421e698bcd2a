//! `tokens`.

use bellwether_base::{Instant, OrganizationId, PersonId, TokenId, WorkspaceId};
use bellwether_db::{DbError, FromRow, Tx};

use super::{FIRST, damaged};
use crate::Error;
use crate::people::{Token, roles};

#[derive(FromRow)]
struct TokenRow {
    id: TokenId,
    organization_id: OrganizationId,
    workspace_id: Option<WorkspaceId>,
    created_by: Option<PersonId>,
    name: String,
    prefix: String,
    scopes: String,
    created_at: Instant,
    expires_at: Option<Instant>,
    last_used_at: Option<Instant>,
    revoked_at: Option<Instant>,
}

impl TryFrom<TokenRow> for Token {
    type Error = Error;

    fn try_from(row: TokenRow) -> Result<Self, Error> {
        let read = |name: &str| roles::permission(name).ok_or_else(|| damaged("scope", name));
        Ok(Self {
            id: row.id,
            organization_id: row.organization_id,
            workspace_id: row.workspace_id,
            created_by: row.created_by,
            name: row.name,
            prefix: row.prefix,
            scopes: row.scopes.split_whitespace().map(read).collect::<Result<_, Error>>()?,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            revoked_at: row.revoked_at,
        })
    }
}

pub async fn insert(tx: &mut Tx, token: &Token, secret_hash: &[u8]) -> Result<(), DbError> {
    let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.name()).collect();
    tx.sql(
        "insert into tokens (id, organization_id, workspace_id, created_by, name, prefix,
                             secret_hash, scopes, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(token.id)
    .bind(token.organization_id)
    .bind(token.workspace_id)
    .bind(token.created_by)
    .bind(&token.name)
    .bind(&token.prefix)
    .bind(secret_hash)
    .bind(scopes.join(" "))
    .bind(token.created_at)
    .bind(token.expires_at)
    .execute()
    .await
    .map(drop)
}

pub async fn find(tx: &mut Tx, id: TokenId) -> Result<Option<Token>, Error> {
    let row = tx
        .sql(
            "select id, organization_id, workspace_id, created_by, name, prefix, scopes,
                    created_at, expires_at, last_used_at, revoked_at
             from tokens where id = $1",
        )
        .bind(id)
        .optional::<TokenRow>()
        .await?;
    row.map(Token::try_from).transpose()
}

pub const FIND_BY_SECRET: &str =
    "select id, organization_id, workspace_id, created_by, name, prefix, scopes,
            created_at, expires_at, last_used_at, revoked_at
     from tokens where secret_hash = $1";

pub async fn find_by_secret(tx: &mut Tx, secret_hash: &[u8]) -> Result<Option<Token>, Error> {
    let row = tx.sql(FIND_BY_SECRET).bind(secret_hash).optional::<TokenRow>().await?;
    row.map(Token::try_from).transpose()
}

/// Every token of the organization.
pub async fn list(
    tx: &mut Tx,
    organization: OrganizationId,
    after: Option<TokenId>,
    rows: i64,
) -> Result<Vec<Token>, Error> {
    let rows = tx
        .sql(
            "select id, organization_id, workspace_id, created_by, name, prefix, scopes,
                    created_at, expires_at, last_used_at, revoked_at
             from tokens where organization_id = $1 and id > $2 order by id limit $3",
        )
        .bind(organization)
        .bind(after.unwrap_or(TokenId(FIRST)))
        .bind(rows)
        .all::<TokenRow>()
        .await?;
    rows.into_iter().map(Token::try_from).collect()
}

/// The tokens that are good in this workspace only.
pub async fn list_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    after: Option<TokenId>,
    rows: i64,
) -> Result<Vec<Token>, Error> {
    let rows = tx
        .sql(
            "select id, organization_id, workspace_id, created_by, name, prefix, scopes,
                    created_at, expires_at, last_used_at, revoked_at
             from tokens where workspace_id = $1 and id > $2 order by id limit $3",
        )
        .bind(workspace)
        .bind(after.unwrap_or(TokenId(FIRST)))
        .bind(rows)
        .all::<TokenRow>()
        .await?;
    rows.into_iter().map(Token::try_from).collect()
}

pub async fn set_used(tx: &mut Tx, id: TokenId, now: Instant) -> Result<(), DbError> {
    tx.sql("update tokens set last_used_at = $2 where id = $1")
        .bind(id)
        .bind(now)
        .execute()
        .await
        .map(drop)
}

/// Whether it was still good.
pub async fn revoke(tx: &mut Tx, id: TokenId, now: Instant) -> Result<bool, DbError> {
    let revoked = tx
        .sql("update tokens set revoked_at = $2 where id = $1 and revoked_at is null")
        .bind(id)
        .bind(now)
        .execute()
        .await?;
    Ok(revoked > 0)
}
