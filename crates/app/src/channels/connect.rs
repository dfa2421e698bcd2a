//! Connecting: the network's own login steps, driven by whoever shows them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bellwether_base::{ChannelId, WorkspaceId};
use bellwether_networks::connect::ConnectCx;
use bellwether_networks::http::OnBehalf;
use bellwether_networks::{Answer, Candidate, ConnectStep, Connected, FailureKind, Field};

use super::{Channel, ChannelState, event, seal_context, store};
use crate::{App, Caller, Error, Permission, Result, workspaces};

/// What the person sees next.
pub enum Screen {
    /// Questions.
    Ask {
        /// The questions.
        fields: Vec<Field>,
        /// Goes back with the answer; sealed, so that nobody can read or change it.
        state: String,
    },
    /// A choice of profiles; the answer's `choice` is a `remote_id`.
    Choose {
        /// The profiles.
        candidates: Vec<Candidate>,
        /// Goes back with the answer.
        state: String,
    },
    /// Connected.
    Done(Box<Channel>),
}

/// The first screen of a network's login.
pub async fn begin(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    network: &str,
) -> Result<Screen> {
    let mut tx = app.db.read().await?;
    workspaces::access(&mut tx, caller, workspace, Permission::ManageChannels).await?;
    let network = app.registry.network(network).ok_or_else(|| Error::not_found("network"))?;
    Ok(match network.connect().begin() {
        ConnectStep::Ask { fields, state } => {
            Screen::Ask { fields, state: seal(app, workspace, network.spec().name, &state) }
        }
        ConnectStep::Choose { candidates, state } => {
            Screen::Choose { candidates, state: seal(app, workspace, network.spec().name, &state) }
        }
        ConnectStep::Done(_) => {
            return Err(Error::Internal("a login cannot begin with its end".into()));
        }
    })
}

/// Takes the answer to a screen. An error leaves nothing behind; the same
/// screen can be answered again.
pub async fn proceed(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    network: &str,
    state: &str,
    answer: &Answer,
) -> Result<Screen> {
    {
        let mut tx = app.db.read().await?;
        workspaces::access(&mut tx, caller, workspace, Permission::ManageChannels).await?;
    }
    let network = app.registry.network(network).ok_or_else(|| Error::not_found("network"))?;
    let name = network.spec().name;
    let state = open(app, workspace, name, state)?;
    let endpoints = app.endpoints.get(name).cloned().unwrap_or_default();
    let http = app.http.on_behalf_of(OnBehalf { workspace, channel: None });
    let cx = ConnectCx { http: &http, clock: &*app.clock, rng: &*app.rng, endpoints: &endpoints };
    let step = network.connect().next(&cx, state, answer).await.map_err(|failure| {
        tracing::info!(network = name, failure = %failure, "a login did not go through");
        match failure.kind {
            // Nobody was asked.
            _ if failure.say.key == "server-bad-address" => Error::Invalid(failure.say),
            FailureKind::Rejected | FailureKind::Reconnect => Error::Refused(failure.say),
            _ => Error::Network(failure.say),
        }
    })?;
    Ok(match step {
        ConnectStep::Ask { fields, state } => {
            Screen::Ask { fields, state: seal(app, workspace, name, &state) }
        }
        ConnectStep::Choose { candidates, state } => {
            Screen::Choose { candidates, state: seal(app, workspace, name, &state) }
        }
        ConnectStep::Done(connected) => {
            Screen::Done(Box::new(save(app, caller, workspace, name, *connected).await?))
        }
    })
}

/// Stores a new channel, or gives a known one its new login.
async fn save(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    network: &str,
    connected: Connected,
) -> Result<Channel> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    workspaces::access(&mut tx, caller, workspace, Permission::ManageChannels).await?;
    let known = store::by_remote_id(&mut tx, workspace, network, &connected.remote_id).await?;
    let id = known.as_ref().map_or_else(|| ChannelId::new(&*app.clock, &*app.rng), |c| c.id);
    let sealed = app.keyring.seal(
        &*app.rng,
        &seal_context(workspace, id),
        connected.credential.expose().as_bytes(),
    );
    let channel = Channel {
        workspace_id: workspace,
        id,
        network: network.to_owned(),
        remote_id: connected.remote_id,
        handle: connected.handle,
        display_name: connected.display_name,
        avatar_url: connected.avatar.map(Into::into),
        server: connected.server.into(),
        state: ChannelState::Connected,
        trouble: None,
        limits: connected.limits,
        limits_at: now,
        login_ends_at: connected.login_ends_at,
        last_success_at: known.as_ref().and_then(|c| c.last_success_at),
        created_at: known.as_ref().map_or(now, |c| c.created_at),
    };
    let kind = if known.is_some() {
        store::reconnect(&mut tx, &channel, &sealed, connected.expires_at, now).await?;
        "channel.reconnected"
    } else {
        store::insert(&mut tx, &channel, &sealed, connected.expires_at, now).await?;
        store::insert_pause_scopes(&mut tx, workspace, network, id).await?;
        "channel.connected"
    };
    let data = serde_json::json!({ "network": network });
    tx.record(event(workspace, id, kind, caller.actor(), data));
    tx.wake();
    tx.commit().await?;
    Ok(channel)
}

fn seal(app: &App, workspace: WorkspaceId, network: &str, state: &serde_json::Value) -> String {
    let context = format!("connect/{workspace}/{network}");
    URL_SAFE_NO_PAD.encode(app.keyring.seal(&*app.rng, &context, state.to_string().as_bytes()))
}

fn open(
    app: &App,
    workspace: WorkspaceId,
    network: &str,
    state: &str,
) -> Result<serde_json::Value> {
    let stale = || Error::invalid("connect-stale");
    let context = format!("connect/{workspace}/{network}");
    let sealed = URL_SAFE_NO_PAD.decode(state).map_err(|_| stale())?;
    let plain = app.keyring.open(&context, &sealed).map_err(|_| stale())?;
    serde_json::from_slice(&plain).map_err(|_| stale())
}
