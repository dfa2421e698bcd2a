//! API tokens.

use axum::extract::State;
use axum::http::StatusCode;
use bellwether_app::people::tokens;
use bellwether_app::{App, people};
use bellwether_base::{TokenId, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{Asker, Json, Moment, PageOf, Paging, Path, Query, Trouble};

/// What a script holds.
#[derive(Serialize, ToSchema)]
pub(super) struct Token {
    /// Which.
    id: Uuid,
    /// What it is for.
    name: String,
    /// Its first characters.
    #[schema(example = "bw_Q7hX2k")]
    prefix: String,
    /// Where it is good; wherever its maker may, when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace: Option<Uuid>,
    /// What it may do, where its maker may.
    #[schema(example = json!(["read", "write", "publish"]))]
    scopes: Vec<&'static str>,
    /// Who made it; nobody for the operator's.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<Uuid>,
    /// Since when.
    created_at: Moment,
    /// When it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Moment>,
    /// When it was last used, to ten minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<Moment>,
    /// When somebody put an end to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Moment>,
}

impl From<people::Token> for Token {
    fn from(token: people::Token) -> Self {
        Self {
            id: token.id.0,
            name: token.name,
            prefix: token.prefix,
            workspace: token.workspace_id.map(|id| id.0),
            scopes: token.scopes.iter().map(|scope| scope.name()).collect(),
            created_by: token.created_by.map(|id| id.0),
            created_at: Moment(token.created_at),
            expires_at: token.expires_at.map(Moment),
            last_used_at: token.last_used_at.map(Moment),
            revoked_at: token.revoked_at.map(Moment),
        }
    }
}

/// What a new token needs.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewToken {
    /// What it is for.
    name: String,
    /// What it may do: `read`, `write`, `publish`, `channels`, `pause`, `override`, `admin`.
    #[schema(example = json!(["read", "write", "publish"]))]
    scopes: Vec<String>,
    /// When it ends; never, when absent.
    #[serde(default)]
    expires_at: Option<Moment>,
}

/// A token that was just made.
#[derive(Serialize, ToSchema)]
pub(super) struct MadeToken {
    /// The token.
    #[serde(flatten)]
    token: Token,
    /// What the script sends. It is in this answer and nowhere else.
    #[schema(example = "bw_...")]
    secret: String,
}

/// List a workspace's tokens
///
/// Those that are good in this workspace only, oldest first, revoked ones too.
#[utoipa::path(get, path = "/workspaces/{workspace}/tokens", tag = "tokens",
    operation_id = "list_tokens",
    params(("workspace" = Uuid, Path, description = "The workspace."), Paging),
    responses((status = OK, body = PageOf<Token>)))]
pub(super) async fn list(
    State(app): State<App>,
    Asker(caller): Asker,
    Path(workspace): Path<WorkspaceId>,
    Query(paging): Query<Paging>,
) -> Result<Json<PageOf<Token>>, Trouble> {
    let page = tokens::list(&app, &caller, Some(workspace), &paging.into()).await?;
    Ok(Json(PageOf::of(page, Token::from)))
}

/// List all tokens
///
/// Every token of the organization, oldest first, revoked ones too.
#[utoipa::path(get, path = "/tokens", tag = "tokens", params(Paging),
    operation_id = "list_all_tokens",
    responses((status = OK, body = PageOf<Token>)))]
pub(super) async fn list_all(
    State(app): State<App>,
    Asker(caller): Asker,
    Query(paging): Query<Paging>,
) -> Result<Json<PageOf<Token>>, Trouble> {
    let page = tokens::list(&app, &caller, None, &paging.into()).await?;
    Ok(Json(PageOf::of(page, Token::from)))
}

/// Make a token for a workspace
///
/// The secret is in this answer and nowhere else.
#[utoipa::path(post, path = "/workspaces/{workspace}/tokens", tag = "tokens",
    operation_id = "create_token", request_body = NewToken,
    params(("workspace" = Uuid, Path, description = "The workspace.")),
    responses((status = CREATED, body = MadeToken)))]
pub(super) async fn create(
    State(app): State<App>,
    Asker(caller): Asker,
    Path(workspace): Path<WorkspaceId>,
    Json(new): Json<NewToken>,
) -> Result<(StatusCode, Json<MadeToken>), Trouble> {
    make(&app, &caller, Some(workspace), new).await
}

/// Make a token for all workspaces
///
/// It is good wherever its maker may. The secret is in this answer and nowhere else.
#[utoipa::path(post, path = "/tokens", tag = "tokens", request_body = NewToken,
    operation_id = "create_token_everywhere",
    responses((status = CREATED, body = MadeToken)))]
pub(super) async fn create_everywhere(
    State(app): State<App>,
    Asker(caller): Asker,
    Json(new): Json<NewToken>,
) -> Result<(StatusCode, Json<MadeToken>), Trouble> {
    make(&app, &caller, None, new).await
}

async fn make(
    app: &App,
    caller: &bellwether_app::Caller,
    workspace: Option<WorkspaceId>,
    new: NewToken,
) -> Result<(StatusCode, Json<MadeToken>), Trouble> {
    let NewToken { name, scopes, expires_at } = new;
    let scopes = tokens::scopes(scopes.iter().map(String::as_str))?;
    let new = tokens::NewToken { name, workspace, scopes, expires_at: expires_at.map(|at| at.0) };
    let (token, secret) = tokens::create(app, caller, new).await?;
    let made = MadeToken { token: token.into(), secret: secret.expose().to_owned() };
    Ok((StatusCode::CREATED, Json(made)))
}

/// Revoke a token
///
/// It is no good from now on. Again does no harm.
#[utoipa::path(delete, path = "/tokens/{token}", tag = "tokens",
    operation_id = "revoke_token",
    params(("token" = Uuid, Path, description = "The token.")),
    responses((status = NO_CONTENT, description = "It is no good any more.")))]
pub(super) async fn revoke(
    State(app): State<App>,
    Asker(caller): Asker,
    Path(token): Path<TokenId>,
) -> Result<StatusCode, Trouble> {
    tokens::revoke(&app, &caller, token).await?;
    Ok(StatusCode::NO_CONTENT)
}
