//! Channels: connected profiles, their logins and their health.
//!
//! A channel outlives its login: reconnecting the same profile finds the same
//! channel, with its history and its queue. Credentials are sealed at rest
//! and leave this slice only towards a connector.

mod connect;
mod ending;
mod seals;
mod store;
#[cfg(test)]
pub(crate) mod tests;

use bellwether_base::{ChannelId, Instant, Say, Secret, WorkspaceId};
use bellwether_db::Tx;
use bellwether_networks::{Account, Endpoints, Limits, Network, Refreshed};
use serde::Serialize;
use std::sync::Arc;
use url::Url;

use crate::{App, Caller, Error, Permission, Result, workspaces};

pub use connect::{Screen, begin, proceed};
pub(crate) use ending::announce_ends;
pub use seals::{Resealed, is_any_sealed, reseal};
pub(crate) use seals::{Seals, seals};
#[cfg(test)]
pub(crate) use store::ANY_ENDING;

/// Whether a channel can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelState {
    /// All is well.
    Connected,
    /// A person must connect it again; its deliveries wait.
    NeedsLogin,
    /// Taken away by a person; its history stays.
    Removed,
}

impl ChannelState {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::NeedsLogin => "needs_login",
            Self::Removed => "removed",
        }
    }
}

impl TryFrom<String> for ChannelState {
    type Error = String;

    fn try_from(text: String) -> std::result::Result<Self, String> {
        [Self::Connected, Self::NeedsLogin, Self::Removed]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(text)
    }
}

/// One connected profile.
#[derive(Debug, Clone, Serialize)]
pub struct Channel {
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Which.
    pub id: ChannelId,
    /// On which network.
    pub network: String,
    /// The network's own id of it.
    pub remote_id: String,
    /// What people call it, without `@`.
    pub handle: String,
    /// The name shown.
    pub display_name: String,
    /// Its picture's address.
    pub avatar_url: Option<String>,
    /// The server that holds it.
    pub server: String,
    /// Whether it can be used.
    pub state: ChannelState,
    /// Why it needs a login.
    pub trouble: Option<Say>,
    /// What it may publish.
    pub limits: Limits,
    /// When the limits were asked for.
    pub limits_at: Instant,
    /// When the login ends for good, if that is known.
    pub login_ends_at: Option<Instant>,
    /// When something last went out.
    pub last_success_at: Option<Instant>,
    /// When it was first connected.
    pub created_at: Instant,
}

/// A channel with what a connector needs to act for it. Never leaves the engine.
pub(crate) struct Login {
    pub channel: Channel,
    pub network: Arc<dyn Network>,
    pub account: Account,
    pub credential: Secret,
    pub version: i64,
    pub expires_at: Option<Instant>,
    pub endpoints: Endpoints,
}

/// All channels of a workspace, those that need a person first, then by handle.
pub async fn list(app: &App, caller: &Caller, workspace: WorkspaceId) -> Result<Vec<Channel>> {
    let mut tx = app.db.read().await?;
    workspaces::access(&mut tx, caller, workspace, Permission::Read).await?;
    store::list(&mut tx, workspace).await
}

/// One channel.
pub async fn get(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    id: ChannelId,
) -> Result<Channel> {
    let mut tx = app.db.read().await?;
    workspaces::access(&mut tx, caller, workspace, Permission::Read).await?;
    find(&mut tx, workspace, id).await
}

/// Where people see the channel's profile, if its network has such addresses.
pub fn profile(app: &App, channel: &Channel) -> Option<Url> {
    let network = app.registry.network(&channel.network)?;
    network.profile(&account(channel).ok()?, &endpoints(app, channel))
}

/// A channel that `caller` may remove.
pub(crate) async fn to_remove(
    tx: &mut Tx,
    caller: &Caller,
    workspace: WorkspaceId,
    id: ChannelId,
) -> Result<Channel> {
    workspaces::access(tx, caller, workspace, Permission::ManageChannels).await?;
    find(tx, workspace, id).await
}

/// Removes what [`to_remove`] gave and forgets its login, within a transaction of
/// a slice below, which knows what is planned on it: see `publishing::remove_channel`.
pub(crate) async fn remove_in(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    channel: &Channel,
) -> Result<()> {
    let (workspace, id, why) = (channel.workspace_id, channel.id, Say::new("channel-was-removed"));
    store::set_state(tx, workspace, id, ChannelState::Removed, Some(&why), app.now()).await?;
    store::forget_credential(tx, workspace, id).await?;
    tx.record(event(workspace, id, "channel.removed", caller.actor(), serde_json::json!({})));
    Ok(())
}

/// One channel, for slices that have checked the caller.
pub(crate) async fn find(tx: &mut Tx, workspace: WorkspaceId, id: ChannelId) -> Result<Channel> {
    store::get(tx, workspace, id).await?.ok_or_else(|| Error::not_found("channel"))
}

/// The channel with its credential opened, for the engine. `None` if it has
/// none, or its network is not part of this build.
pub(crate) async fn login(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ChannelId,
) -> Result<(Channel, Option<Login>)> {
    let channel = find(tx, workspace, id).await?;
    let Some(row) = store::credential(tx, workspace, id).await? else {
        return Ok((channel, None));
    };
    let (Some(sealed), Some(network)) = (row.credential, app.registry.network(&channel.network))
    else {
        return Ok((channel, None));
    };
    let plain = app.keyring.open(&seal_context(workspace, id), &sealed)?;
    let credential =
        String::from_utf8(plain).map_err(|_| Error::Internal("a credential is not text".into()))?;
    let login = Login {
        endpoints: endpoints(app, &channel),
        account: account(&channel)?,
        channel: channel.clone(),
        network,
        credential: Secret::new(credential),
        version: row.credential_version,
        expires_at: row.credential_expires_at,
    };
    Ok((channel, Some(login)))
}

/// The login of `version` is gone: marks the channel and tells. Deliveries are
/// held by the engine as they come due. False if somebody has connected the
/// channel anew since, or if it has no login any more.
pub(crate) async fn lose_login(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ChannelId,
    version: i64,
    why: &Say,
    now: Instant,
) -> Result<bool> {
    if !store::lose_login(tx, workspace, id, version, why, now).await? {
        return Ok(false);
    }
    let actor = Caller::Worker.actor();
    tx.record(event(
        workspace,
        id,
        "channel.needs_login",
        actor,
        serde_json::json!({ "say": why }),
    ));
    Ok(true)
}

/// Stores a renewed credential over the one of `version`. False if a newer
/// one is there already.
pub(crate) async fn save_credential(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ChannelId,
    version: i64,
    refreshed: &Refreshed,
) -> Result<bool> {
    let sealed = app.keyring.seal(
        &*app.rng,
        &seal_context(workspace, id),
        refreshed.credential.expose().as_bytes(),
    );
    let ends = (refreshed.expires_at, refreshed.login_ends_at);
    store::save_credential(tx, workspace, id, version, &sealed, ends).await
}

/// Notes that something went out.
pub(crate) async fn note_success(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ChannelId,
    now: Instant,
) -> Result<()> {
    store::note_success(tx, workspace, id, now).await
}

/// The next place in the channel's order.
pub(crate) async fn take_position(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ChannelId,
) -> Result<i64> {
    store::take_position(tx, workspace, id).await?.ok_or_else(|| Error::not_found("channel"))
}

/// Some servers that hold our channels.
pub(crate) async fn servers(app: &App) -> Result<Vec<String>> {
    store::some_servers(&mut app.db.read().await?).await
}

/// The channel as its network sees it.
fn account(channel: &Channel) -> Result<Account> {
    let server = channel
        .server
        .parse()
        .map_err(|_| Error::Internal("a channel's server is not an address".into()))?;
    Ok(Account {
        remote_id: channel.remote_id.clone(),
        handle: channel.handle.clone(),
        server,
        limits: channel.limits.clone(),
    })
}

/// Where the channel's network has its central services.
fn endpoints(app: &App, channel: &Channel) -> Endpoints {
    app.endpoints.get(&channel.network).cloned().unwrap_or_default()
}

fn seal_context(workspace: WorkspaceId, id: ChannelId) -> String {
    format!("channels/{workspace}/{id}/credential")
}

fn event(
    workspace: WorkspaceId,
    id: ChannelId,
    kind: &'static str,
    actor: bellwether_db::events::Actor,
    data: serde_json::Value,
) -> bellwether_db::events::NewEvent {
    bellwether_db::events::NewEvent {
        scope: bellwether_db::events::Scope::Workspace(workspace),
        kind,
        subject: Some(("channel", id.0)),
        actor,
        data,
    }
}
