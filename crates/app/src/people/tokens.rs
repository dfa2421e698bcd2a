//! API tokens: what scripts hold.
//!
//! A token does what its scopes say, where they say, and never more than its
//! maker may at the moment it is used.

use std::time::Duration;

use bellwether_base::{Instant, Page, PageRequest, Say, Secret, TokenId, WorkspaceId};
use serde_json::json;

use super::{Token, after, bearer, record, roles, rules, sessions, store};
use crate::caller::Grant;
use crate::workspaces::{self, access};
use crate::{App, Caller, Error, Permission, Result};

/// Using a token is written down every ten minutes.
const TOUCH: Duration = Duration::from_mins(10);

/// What a new token needs.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// Where it is good; wherever its maker may, when absent.
    pub workspace: Option<WorkspaceId>,
    /// What it may do: at least one, and nothing that the caller may not.
    pub scopes: Vec<Permission>,
    /// When it ends; never, when absent.
    pub expires_at: Option<Instant>,
}

/// Makes a token. The secret is in this answer and nowhere else.
pub async fn create(app: &App, caller: &Caller, new: NewToken) -> Result<(Token, Secret)> {
    let name = rules::name(&new.name)?;
    if new.scopes.is_empty() {
        return Err(Error::invalid("token-without-scopes"));
    }
    if new.expires_at.is_some_and(|at| at <= app.now()) {
        return Err(Error::invalid("token-over-already"));
    }
    let mut tx = app.db.begin().await?;
    let organization_id = match new.workspace {
        Some(id) => access(&mut tx, caller, id, Permission::Administer).await?.organization_id,
        None => workspaces::organization_of(&mut tx, caller).await?,
    };
    for scope in new.scopes.iter().chain(&[Permission::Administer]) {
        match new.workspace {
            Some(id) => caller.may(*scope, organization_id, id)?,
            None => caller.may_everywhere(*scope, organization_id)?,
        }
    }
    let secret = bearer::generate(&*app.rng, bearer::TOKEN_PREFIX);
    let in_order = Permission::ALL.into_iter().filter(|scope| new.scopes.contains(scope));
    let token = Token {
        id: TokenId::new(&*app.clock, &*app.rng),
        organization_id,
        workspace_id: new.workspace,
        created_by: caller.person(),
        name,
        prefix: secret.expose().chars().take(bearer::SHOWN).collect(),
        scopes: in_order.collect(),
        created_at: app.now(),
        expires_at: new.expires_at,
        last_used_at: None,
        revoked_at: None,
    };
    store::tokens::insert(&mut tx, &token, &bearer::digest(secret.expose())).await?;
    let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.name()).collect();
    let data = json!({ "workspace": token.workspace_id, "scopes": scopes });
    record(&mut tx, organization_id, caller, "token.created", ("token", token.id.0), data);
    tx.commit().await?;
    Ok((token, secret))
}

/// The tokens that are good in `workspace` only; every one of the organization,
/// when absent. Oldest first, revoked ones too.
pub async fn list(
    app: &App,
    caller: &Caller,
    workspace: Option<WorkspaceId>,
    page: &PageRequest,
) -> Result<Page<Token>> {
    let (from, wanted) = (after(page)?, page.rows() + 1);
    let mut tx = app.db.read().await?;
    let rows = if let Some(id) = workspace {
        access(&mut tx, caller, id, Permission::Administer).await?;
        store::tokens::list_in(&mut tx, id, from, wanted).await?
    } else {
        let organization = workspaces::organization_of(&mut tx, caller).await?;
        caller.may_everywhere(Permission::Administer, organization)?;
        store::tokens::list(&mut tx, organization, from, wanted).await?
    };
    Ok(Page::cut(rows, page.rows(), |token| token.id))
}

/// Puts an end to a token, at once. Again does no harm.
pub async fn revoke(app: &App, caller: &Caller, id: TokenId) -> Result<()> {
    let no_such_token = || Error::not_found("token");
    let mut tx = app.db.begin().await?;
    let token = store::tokens::find(&mut tx, id).await?.ok_or_else(no_such_token)?;
    let organization = token.organization_id;
    let allowed = match token.workspace_id {
        Some(id) => caller.may(Permission::Administer, organization, id),
        None => caller.may_everywhere(Permission::Administer, organization),
    };
    allowed.map_err(|_| no_such_token())?;
    if store::tokens::revoke(&mut tx, id, app.now()).await? {
        let data = json!({ "workspace": token.workspace_id });
        record(&mut tx, organization, caller, "token.revoked", ("token", id.0), data);
        tx.commit().await?;
    }
    Ok(())
}

/// Who holds `bearer`, if it is a token that is good at this moment.
pub async fn token_caller(app: &App, bearer: &str) -> Result<Option<Caller>> {
    if !bearer.starts_with(bearer::TOKEN_PREFIX) {
        return Ok(None);
    }
    let now = app.now();
    let mut tx = app.db.read().await?;
    let found = store::tokens::find_by_secret(&mut tx, &bearer::digest(bearer)).await?;
    let is_good =
        |token: &Token| token.revoked_at.is_none() && token.expires_at.is_none_or(|at| now < at);
    let Some(token) = found.filter(is_good) else { return Ok(None) };
    let makers = match token.created_by {
        None => vec![Grant { workspace: None, permissions: Permission::ALL.into() }],
        Some(id) => {
            let maker = store::people::find(&mut tx, id).await?;
            let Some(maker) = maker.filter(|maker| maker.is_active) else { return Ok(None) };
            match sessions::caller_of(&mut tx, &maker).await? {
                Caller::Person { grants, .. } => grants,
                _ => Vec::new(),
            }
        }
    };
    drop(tx);
    if token.last_used_at.is_none_or(|at| now.since(at) >= TOUCH) {
        let mut tx = app.db.begin().await?;
        store::tokens::set_used(&mut tx, token.id, now).await?;
        tx.commit().await?;
    }
    Ok(Some(Caller::Token {
        id: token.id,
        person: token.created_by,
        organization: token.organization_id,
        grants: roles::narrowed(&makers, &token.scopes, token.workspace_id),
    }))
}

/// The scopes called `names`.
pub fn scopes<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Vec<Permission>> {
    let read = |name: &str| {
        let short: String = name.chars().take(80).collect();
        roles::permission(name)
            .ok_or_else(|| Error::Invalid(Say::new("token-unknown-scope").with("scope", short)))
    };
    names.into_iter().map(read).collect()
}
