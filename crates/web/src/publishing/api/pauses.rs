//! Stopping, and starting again.

use axum::extract::State;
use axum::http::StatusCode;
use bellwether_app::publishing::{self, PauseLevel, PauseScope};
use bellwether_app::{App, Caller};
use bellwether_base::{ChannelId, Say, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{Asker, Json, Moment, PageOf, Path, Trouble};

/// What is stopped in a workspace.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum WorkspaceScope {
    /// All of it.
    Workspace,
    /// One channel.
    Channel,
}

/// What is stopped in the installation.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum InstallationScope {
    /// Everything.
    Installation,
    /// One network, in all workspaces.
    Network,
}

/// How much is stopped. A person's own deletes always go.
#[derive(Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Level {
    /// Planned posts.
    #[default]
    Planned,
    /// Planned posts and replies.
    Replies,
    /// Everything.
    Everything,
}

impl From<Level> for PauseLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::Planned => Self::Planned,
            Level::Replies => Self::Replies,
            Level::Everything => Self::Everything,
        }
    }
}

impl From<PauseLevel> for Level {
    fn from(level: PauseLevel) -> Self {
        match level {
            PauseLevel::Planned => Self::Planned,
            PauseLevel::Replies => Self::Replies,
            PauseLevel::Everything => Self::Everything,
        }
    }
}

/// What to stop in a workspace, and how much.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPause {
    /// What.
    scope: WorkspaceScope,
    /// Which channel, if `scope` is one.
    #[serde(default)]
    channel: Option<Uuid>,
    /// How much.
    #[serde(default)]
    level: Level,
}

/// What goes on in a workspace, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Resume {
    /// What.
    scope: WorkspaceScope,
    /// Which channel, if `scope` is one.
    #[serde(default)]
    channel: Option<Uuid>,
    /// Why it was stopped, and why it may go on.
    reason: String,
    /// Whether a person looks at each held post before it goes.
    #[serde(default)]
    look_first: bool,
}

/// What to stop in the installation, and how much.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewInstallationPause {
    /// What.
    scope: InstallationScope,
    /// Which network, if `scope` is one.
    #[serde(default)]
    network: Option<String>,
    /// How much.
    #[serde(default)]
    level: Level,
}

/// What goes on in the installation, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InstallationResume {
    /// What.
    scope: InstallationScope,
    /// Which network, if `scope` is one.
    #[serde(default)]
    network: Option<String>,
    /// Why it was stopped, and why it may go on.
    reason: String,
    /// Whether a person looks at each held post before it goes.
    #[serde(default)]
    look_first: bool,
}

fn in_workspace(
    scope: WorkspaceScope,
    workspace: WorkspaceId,
    channel: Option<Uuid>,
) -> Result<PauseScope, Trouble> {
    match (scope, channel) {
        (WorkspaceScope::Workspace, None) => Ok(PauseScope::Workspace { workspace }),
        (WorkspaceScope::Channel, Some(channel)) => {
            Ok(PauseScope::Channel { workspace, channel: ChannelId(channel) })
        }
        _ => Err(Trouble::invalid(Say::new("pause-scope-unfit"))),
    }
}

fn in_installation(
    scope: InstallationScope,
    network: Option<String>,
) -> Result<PauseScope, Trouble> {
    match (scope, network) {
        (InstallationScope::Installation, None) => Ok(PauseScope::Installation),
        (InstallationScope::Network, Some(network)) => Ok(PauseScope::Network { network }),
        _ => Err(Trouble::invalid(Say::new("pause-scope-unfit"))),
    }
}

/// A pause that is on.
#[derive(Serialize, ToSchema)]
pub(super) struct Pause {
    /// `installation`, `network`, `workspace` or `channel`.
    #[schema(example = "workspace")]
    scope: &'static str,
    /// Which network.
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<String>,
    /// Which workspace.
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace: Option<Uuid>,
    /// Which channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<Uuid>,
    /// How much.
    level: Level,
    /// Since when.
    paused_at: Moment,
    /// By whom; nobody for the operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    paused_by: Option<Uuid>,
    /// Since when nothing can go out any more; not yet when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    acknowledged_at: Option<Moment>,
    /// Why, once somebody said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl From<publishing::Pause> for Pause {
    fn from(pause: publishing::Pause) -> Self {
        let (scope, network, workspace, channel) = match pause.scope {
            PauseScope::Installation => ("installation", None, None, None),
            PauseScope::Network { network } => ("network", Some(network), None, None),
            PauseScope::Workspace { workspace } => ("workspace", None, Some(workspace.0), None),
            PauseScope::Channel { workspace, channel } => {
                ("channel", None, Some(workspace.0), Some(channel.0))
            }
        };
        Self {
            scope,
            network,
            workspace,
            channel,
            level: pause.level.into(),
            paused_at: Moment(pause.paused_at),
            paused_by: pause.paused_by.map(|id| id.0),
            acknowledged_at: pause.acknowledged_at.map(Moment),
            reason: pause.reason,
        }
    }
}

/// An acknowledged pause.
#[derive(Serialize, ToSchema)]
pub(super) struct Paused {
    /// The pause.
    pause: Pause,
    /// What was on its way and could not be called back.
    on_the_wire: Vec<OnTheWire>,
}

/// A request that was under way when the pause came.
#[derive(Serialize, ToSchema)]
struct OnTheWire {
    /// Whose.
    workspace: Uuid,
    /// Where.
    channel: Uuid,
    /// Which delivery.
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery: Option<Uuid>,
}

async fn stop(
    app: &App,
    caller: &Caller,
    scope: PauseScope,
    level: Level,
) -> Result<(StatusCode, Json<Paused>), Trouble> {
    let publishing::Paused { pause, on_the_wire } =
        publishing::pause(app, caller, scope, level.into()).await?;
    let on_the_wire = on_the_wire
        .into_iter()
        .map(|open| OnTheWire {
            workspace: open.workspace_id.0,
            channel: open.channel_id.0,
            delivery: open.delivery_id.map(|id| id.0),
        })
        .collect();
    Ok((StatusCode::CREATED, Json(Paused { pause: pause.into(), on_the_wire })))
}

/// List pauses
///
/// Everything that is paused and concerns this workspace. They come whole.
#[utoipa::path(get, path = "/workspaces/{workspace}/pauses", tag = "pauses",
    operation_id = "list_pauses",
    params(("workspace" = Uuid, Path, description = "The workspace.")),
    responses((status = OK, body = PageOf<Pause>)))]
pub(super) async fn list(
    State(app): State<App>,
    Asker(caller): Asker,
    Path(workspace): Path<WorkspaceId>,
) -> Result<Json<PageOf<Pause>>, Trouble> {
    let pauses = publishing::pauses(&app, &caller, workspace).await?;
    Ok(Json(PageOf::whole(pauses, Pause::from)))
}

/// Pause in a workspace
///
/// It holds from the first moment. The answer comes when it is certain that nothing more leaves
/// (seconds), with what was on its way by then.
#[utoipa::path(post, path = "/workspaces/{workspace}/pauses", tag = "pauses",
    operation_id = "pause", request_body = NewPause,
    params(("workspace" = Uuid, Path, description = "The workspace.")),
    responses((status = CREATED, body = Paused)))]
pub(super) async fn pause(
    State(app): State<App>,
    Asker(caller): Asker,
    Path(workspace): Path<WorkspaceId>,
    Json(NewPause { scope, channel, level }): Json<NewPause>,
) -> Result<(StatusCode, Json<Paused>), Trouble> {
    stop(&app, &caller, in_workspace(scope, workspace, channel)?, level).await
}

/// Resume in a workspace
///
/// What is past its grace is asked about, not sent.
#[utoipa::path(post, path = "/workspaces/{workspace}/pauses/resume", tag = "pauses",
    operation_id = "resume", request_body = Resume,
    params(("workspace" = Uuid, Path, description = "The workspace.")),
    responses((status = NO_CONTENT, description = "Publishing goes on.")))]
pub(super) async fn resume(
    State(app): State<App>,
    Asker(caller): Asker,
    Path(workspace): Path<WorkspaceId>,
    Json(Resume { scope, channel, reason, look_first }): Json<Resume>,
) -> Result<StatusCode, Trouble> {
    let scope = in_workspace(scope, workspace, channel)?;
    publishing::resume(&app, &caller, scope, &reason, look_first).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List pauses for everybody
///
/// Of the installation, and of networks in all workspaces. They come whole.
#[utoipa::path(get, path = "/pauses", tag = "pauses", operation_id = "list_pauses_for_everybody",
    responses((status = OK, body = PageOf<Pause>)))]
pub(super) async fn list_everywhere(
    State(app): State<App>,
    Asker(caller): Asker,
) -> Result<Json<PageOf<Pause>>, Trouble> {
    let pauses = publishing::installation_pauses(&app, &caller).await?;
    Ok(Json(PageOf::whole(pauses, Pause::from)))
}

/// Pause everywhere
///
/// Everything, or one network in all workspaces; as in a workspace.
#[utoipa::path(post, path = "/pauses", tag = "pauses", request_body = NewInstallationPause,
    operation_id = "pause_everywhere",
    responses((status = CREATED, body = Paused)))]
pub(super) async fn pause_everywhere(
    State(app): State<App>,
    Asker(caller): Asker,
    Json(NewInstallationPause { scope, network, level }): Json<NewInstallationPause>,
) -> Result<(StatusCode, Json<Paused>), Trouble> {
    stop(&app, &caller, in_installation(scope, network)?, level).await
}

/// Resume everywhere
///
/// What was paused everywhere; what a workspace or channel paused itself stays so.
#[utoipa::path(post, path = "/pauses/resume", tag = "pauses", request_body = InstallationResume,
    operation_id = "resume_everywhere",
    responses((status = NO_CONTENT, description = "Publishing goes on.")))]
pub(super) async fn resume_everywhere(
    State(app): State<App>,
    Asker(caller): Asker,
    Json(InstallationResume { scope, network, reason, look_first }): Json<InstallationResume>,
) -> Result<StatusCode, Trouble> {
    let scope = in_installation(scope, network)?;
    publishing::resume(&app, &caller, scope, &reason, look_first).await?;
    Ok(StatusCode::NO_CONTENT)
}
