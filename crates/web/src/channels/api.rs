//! Channels: connected profiles.

mod connect;
mod networks;
mod seals;

use axum::extract::State;
use bellwether_app::publishing::{self, Queue};
use bellwether_app::{App, channels};
use bellwether_base::{ChannelId, Instant, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::Web;
use crate::api::{Asker, Json, Moment, Notice, PageOf, Path, Query, Trouble, Words};
pub(crate) use networks::LimitsView;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::default()
        .routes(routes!(list))
        .routes(routes!(get, remove))
        .routes(routes!(connect::connect))
        .routes(routes!(seals::reseal))
        .routes(routes!(networks::list))
        .routes(routes!(networks::measure))
}

/// One connected profile on one network.
#[derive(Serialize, ToSchema)]
pub(crate) struct Channel {
    /// Which.
    id: Uuid,
    /// On which network.
    network: String,
    /// The network's own id of it.
    remote_id: String,
    /// What people call it, without `@`.
    handle: String,
    /// The name shown.
    display_name: String,
    /// Its picture's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar_url: Option<String>,
    /// The server that holds it.
    server: String,
    /// `connected`, `needs_login` or `removed`.
    #[schema(value_type = String, example = "connected")]
    state: channels::ChannelState,
    /// Why it needs a login.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<Notice>,
    /// What is yet to go out on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    queue: Option<QueueView>,
    /// When its login ends for good, where that is known: then only a person can open another.
    #[serde(skip_serializing_if = "Option::is_none")]
    login_ends_at: Option<Moment>,
    /// What is said of that, from a week before.
    #[serde(skip_serializing_if = "Option::is_none")]
    ending: Option<Notice>,
    /// What it may publish.
    limits: LimitsView,
    /// When something last went out.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_success_at: Option<Moment>,
    /// When it was first connected.
    created_at: Moment,
}

/// Deliveries that are planned on a channel, or held.
#[derive(Serialize, ToSchema)]
#[schema(as = ChannelQueue)]
struct QueueView {
    /// How many, those that came due and those that did not.
    deliveries: i64,
    /// The earliest of their planned moments; it may be past.
    first_at: Moment,
}

impl Channel {
    fn of(channel: channels::Channel, now: Instant, queues: &[Queue], words: &Words) -> Self {
        let queue = queues.iter().find(|queue| queue.channel_id == channel.id);
        let ending = channel.ending(now);
        Self {
            id: channel.id.0,
            network: channel.network,
            remote_id: channel.remote_id,
            handle: channel.handle,
            display_name: channel.display_name,
            avatar_url: channel.avatar_url,
            server: channel.server,
            state: channel.state,
            trouble: channel.trouble.as_ref().map(|say| words.notice(say)),
            queue: queue.map(|queue| QueueView {
                deliveries: queue.deliveries,
                first_at: Moment(queue.first_at),
            }),
            login_ends_at: channel.login_ends_at.map(Moment),
            ending: ending.map(|say| words.notice(&say)),
            limits: (&channel.limits).into(),
            last_success_at: channel.last_success_at.map(Moment),
            created_at: Moment(channel.created_at),
        }
    }
}

/// List channels
///
/// Those that need a person first, then by handle. They come whole.
#[utoipa::path(get, path = "/workspaces/{workspace}/channels", tag = "channels",
    operation_id = "list_channels",
    params(("workspace" = Uuid, Path, description = "The workspace.")),
    responses((status = OK, body = PageOf<Channel>)))]
async fn list(
    State(app): State<App>,
    Asker(caller): Asker,
    Path(workspace): Path<WorkspaceId>,
    words: Words,
) -> Result<Json<PageOf<Channel>>, Trouble> {
    let channels = channels::list(&app, &caller, workspace).await?;
    let queues = publishing::queues(&app, &caller, workspace).await?;
    let now = app.now();
    Ok(Json(PageOf::whole(channels, |channel| Channel::of(channel, now, &queues, &words))))
}

/// Show a channel
#[utoipa::path(get, path = "/workspaces/{workspace}/channels/{channel}", tag = "channels",
    operation_id = "get_channel",
    params(
        ("workspace" = Uuid, Path, description = "The workspace."),
        ("channel" = Uuid, Path, description = "The channel."),
    ),
    responses((status = OK, body = Channel)))]
async fn get(
    State(app): State<App>,
    Asker(caller): Asker,
    Path((workspace, channel)): Path<(WorkspaceId, ChannelId)>,
    words: Words,
) -> Result<Json<Channel>, Trouble> {
    let channel = channels::get(&app, &caller, workspace, channel).await?;
    let queues = publishing::queues(&app, &caller, workspace).await?;
    Ok(Json(Channel::of(channel, app.now(), &queues, &words)))
}

/// Remove a channel
///
/// What is out stays out. What is planned on it is held at once, and goes on if the same profile is
/// connected again in time, or is cancelled if you ask for that with `planned=cancelled`.
#[utoipa::path(delete, path = "/workspaces/{workspace}/channels/{channel}", tag = "channels",
    operation_id = "remove_channel",
    params(
        ("workspace" = Uuid, Path, description = "The workspace."),
        ("channel" = Uuid, Path, description = "The channel."),
        Removal,
    ),
    responses((status = OK, body = Removed)))]
async fn remove(
    State(app): State<App>,
    Asker(caller): Asker,
    Path((workspace, channel)): Path<(WorkspaceId, ChannelId)>,
    Query(Removal { planned }): Query<Removal>,
) -> Result<Json<Removed>, Trouble> {
    let planned = planned.unwrap_or_default();
    let stopped =
        publishing::remove_channel(&app, &caller, workspace, channel, planned.into()).await?;
    Ok(Json(Removed { planned, deliveries: stopped }))
}

/// What becomes of what is planned on a channel that is removed.
#[derive(Debug, Default, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Planned {
    /// It is held.
    #[default]
    Held,
    /// It is given up.
    Cancelled,
}

impl From<Planned> for publishing::Planned {
    fn from(planned: Planned) -> Self {
        match planned {
            Planned::Held => Self::Held,
            Planned::Cancelled => Self::Cancelled,
        }
    }
}

/// How a channel is to be removed.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Removal {
    /// `held`, which it is without this, or `cancelled`.
    planned: Option<Planned>,
}

/// A channel was removed.
#[derive(Serialize, ToSchema)]
#[schema(as = ChannelRemoved)]
struct Removed {
    /// What became of what was planned on it.
    planned: Planned,
    /// Of how many deliveries.
    deliveries: usize,
}
