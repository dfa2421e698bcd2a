//! Stopping, and starting again.
//!
//! A pause takes effect when its row is committed: a worker reads that row,
//! locked, in the transaction that writes its attempt down. It is
//! acknowledged once every attempt in its scope is over, or can no longer be
//! begun; from then on no first byte of a planned post leaves.

use std::time::Duration;

use bellwether_base::{
    ChannelId, DeliveryId, Instant, Mono, OrganizationId, PersonId, Say, WorkspaceId,
};
use bellwether_db::Engine as DbEngine;
use bellwether_db::events::{NewEvent, Scope};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::engine::follow_act;
use super::store::{self, ScopeFilter, ScopeRow};
use super::{ActState, HeldReason};
use crate::channels::{self, Channel};
use crate::{App, Caller, Error, Permission, Result, workspaces};

/// How long another machine's commit may take to reach us.
const COMMIT_SHOWS: Duration = Duration::from_secs(2);

/// After this much more than an attempt's own window nobody waits for it.
const ABANDONED: Duration = Duration::from_secs(30);

/// What is stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "scope", rename_all = "snake_case", deny_unknown_fields)]
pub enum PauseScope {
    /// Everything here.
    Installation,
    /// One network, in all workspaces.
    Network {
        /// Its name.
        network: String,
    },
    /// One workspace.
    Workspace {
        /// Which.
        workspace: WorkspaceId,
    },
    /// One channel.
    Channel {
        /// Whose.
        workspace: WorkspaceId,
        /// Which.
        channel: ChannelId,
    },
}

/// How much is stopped. A person's own deletes always go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseLevel {
    /// Planned posts.
    #[default]
    Planned,
    /// Planned posts and replies.
    Replies,
    /// Everything.
    Everything,
}

impl PauseLevel {
    const fn number(self) -> i32 {
        match self {
            Self::Planned => 1,
            Self::Replies => 2,
            Self::Everything => 3,
        }
    }

    const fn of(number: i32) -> Self {
        match number {
            ..=1 => Self::Planned,
            2 => Self::Replies,
            _ => Self::Everything,
        }
    }
}

/// A pause that is on.
#[derive(Debug, Clone, Serialize)]
pub struct Pause {
    /// What is stopped.
    #[serde(flatten)]
    pub scope: PauseScope,
    /// How much.
    pub level: PauseLevel,
    /// Since when.
    pub paused_at: Instant,
    /// By whom.
    pub paused_by: Option<PersonId>,
    /// Since when nothing can go out any more; not yet when absent.
    pub acknowledged_at: Option<Instant>,
    /// Why, once somebody said so.
    pub reason: Option<String>,
}

/// A request that was under way when the pause came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OnTheWire {
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Where.
    pub channel_id: ChannelId,
    /// Which delivery.
    pub delivery_id: Option<DeliveryId>,
}

/// An acknowledged pause.
#[derive(Debug, Clone, Serialize)]
pub struct Paused {
    /// The pause.
    pub pause: Pause,
    /// What was on the wire and could not be called back.
    pub on_the_wire: Vec<OnTheWire>,
}

impl PauseScope {
    fn key(&self) -> String {
        match self {
            Self::Installation => "installation".to_owned(),
            Self::Network { network } => format!("network:{network}"),
            Self::Workspace { workspace } => format!("workspace:{workspace}"),
            Self::Channel { channel, .. } => format!("channel:{channel}"),
        }
    }

    fn parse(row: &ScopeRow) -> Option<Self> {
        if row.key == "installation" {
            return Some(Self::Installation);
        }
        let (kind, id) = row.key.split_once(':')?;
        Some(match kind {
            "network" => Self::Network { network: id.to_owned() },
            "workspace" => Self::Workspace { workspace: id.parse().ok()? },
            "channel" => Self::Channel { workspace: row.workspace_id?, channel: id.parse().ok()? },
            _ => return None,
        })
    }

    /// Whether it stops what goes out on a channel.
    pub fn covers(&self, channel: &Channel) -> bool {
        match self {
            Self::Installation => true,
            Self::Network { network } => *network == channel.network,
            Self::Workspace { workspace } => *workspace == channel.workspace_id,
            Self::Channel { channel: id, .. } => *id == channel.id,
        }
    }

    pub(super) const fn workspace(&self) -> Option<WorkspaceId> {
        match self {
            Self::Installation | Self::Network { .. } => None,
            Self::Workspace { workspace } | Self::Channel { workspace, .. } => Some(*workspace),
        }
    }

    pub(super) fn filter(&self) -> ScopeFilter {
        match self {
            Self::Installation => ScopeFilter::default(),
            Self::Network { network } => {
                ScopeFilter { network: Some(network.clone()), ..ScopeFilter::default() }
            }
            Self::Workspace { workspace } => {
                ScopeFilter { workspace: Some(*workspace), ..ScopeFilter::default() }
            }
            Self::Channel { workspace, channel } => {
                ScopeFilter { workspace: Some(*workspace), channel: Some(*channel), network: None }
            }
        }
    }
}

pub(super) fn view(row: &ScopeRow) -> Option<Pause> {
    Some(Pause {
        scope: PauseScope::parse(row)?,
        level: PauseLevel::of(row.level),
        paused_at: row.paused_at?,
        paused_by: row.paused_by,
        acknowledged_at: row.acknowledged_at,
        reason: row.reason.clone(),
    })
}

/// Stops publishing in `scope` and returns when it is certain: every request
/// under way is over, or on the wire, or can no longer be begun (seconds).
/// The pause itself holds from the first moment, even if the caller goes away.
pub async fn pause(
    app: &App,
    caller: &Caller,
    scope: PauseScope,
    level: PauseLevel,
) -> Result<Paused> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let organization = permit(&mut tx, app, caller, &scope, Permission::Pause).await?;
    let key = scope.key();
    store::insert_scope(&mut tx, &key, scope.workspace()).await?;
    let Some(mut row) = store::scope_to_change(&mut tx, &key).await? else {
        return Err(Error::Internal("a pause's row is missing".into()));
    };
    if row.level == 0 {
        row.paused_at = Some(now);
        row.paused_by = caller.person();
        row.reason = None;
    }
    row.level = row.level.max(level.number());
    row.acknowledged_at = None;
    store::save_scope(&mut tx, &row).await?;
    let level = PauseLevel::of(row.level);
    let more = json!({ "level": level });
    record(&mut tx, caller, &scope, organization, "publishing.paused", more);
    tx.wake();
    tx.commit().await?;
    let since = app.clock.mono();
    // The wait goes on even if whoever asked does not listen any more.
    let waiter = app.clone();
    let paused_at = row.paused_at.unwrap_or(now);
    let waiting = async move { wait_until_certain(&waiter, &scope, &key, paused_at, since).await };
    tokio::spawn(waiting)
        .await
        .map_err(|error| Error::Internal(format!("waiting for a pause: {error}")))?
}

async fn wait_until_certain(
    app: &App,
    scope: &PauseScope,
    key: &str,
    paused_at: Instant,
    since: Mono,
) -> Result<Paused> {
    // Every attempt that did not see the pause was written down before it was
    // committed, so it cannot be begun once its own window has passed since
    // then. Nobody's wall clock is asked. Another machine's commit may reach
    // us a little later than it happened.
    let margin = match app.db.engine() {
        DbEngine::Sqlite => Duration::ZERO,
        DbEngine::Postgres => COMMIT_SHOWS,
    };
    let on_the_wire = loop {
        let open = {
            let mut tx = app.db.read().await?;
            store::open_attempts(&mut tx, &scope.filter()).await?
        };
        let waited = app.clock.mono().since(since);
        if open.iter().all(|open| open.send_by.since(open.started_at) + margin < waited) {
            break open;
        }
        app.clock.sleep(Duration::from_millis(25)).await;
    };
    let mut tx = app.db.begin().await?;
    store::acknowledge(&mut tx, key, paused_at, app.now()).await?;
    let row = store::scope_to_change(&mut tx, key).await?;
    tx.commit().await?;
    // Somebody may have resumed while we waited; then nothing is certain.
    let pause = row
        .filter(|row| row.level > 0 && row.paused_at == Some(paused_at))
        .and_then(|row| view(&row))
        .ok_or_else(|| Error::conflict("pause-lifted-meanwhile"))?;
    let on_the_wire = on_the_wire
        .into_iter()
        .map(|open| OnTheWire {
            workspace_id: open.workspace_id,
            channel_id: open.channel_id,
            delivery_id: open.delivery_id,
        })
        .collect();
    Ok(Paused { pause, on_the_wire })
}

/// Acknowledges pauses whose process died while it waited: what did not see
/// them can no longer be begun.
pub(super) async fn acknowledge_abandoned(app: &App) -> Result<()> {
    let now = app.now();
    let certain = app.settings.send_window + ABANDONED;
    let mut tx = app.db.begin().await?;
    for row in store::paused_scopes(&mut tx, None).await? {
        let (None, Some(paused_at)) = (row.acknowledged_at, row.paused_at) else { continue };
        if paused_at + certain < now {
            store::acknowledge(&mut tx, &row.key, paused_at, now).await?;
            tx.wake();
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Lets publishing go on. What is past its grace will be asked about, not
/// sent. With `look_first`, nothing that was held goes before a person
/// releases it.
pub async fn resume(
    app: &App,
    caller: &Caller,
    scope: PauseScope,
    reason: &str,
    look_first: bool,
) -> Result<()> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::invalid("pause-reason-missing"));
    }
    if reason.chars().count() > 500 {
        return Err(Error::invalid("pause-reason-too-long"));
    }
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let organization = permit(&mut tx, app, caller, &scope, Permission::Pause).await?;
    let key = scope.key();
    let Some(mut row) = store::scope_to_change(&mut tx, &key).await?.filter(|row| row.level > 0)
    else {
        return Err(Error::conflict("pause-not-on"));
    };
    row.level = 0;
    row.reason = Some(reason.to_owned());
    store::save_scope(&mut tx, &row).await?;
    loop {
        let held = store::held_acts(&mut tx, HeldReason::Paused, &scope.filter(), 500).await?;
        if held.is_empty() {
            break;
        }
        for mut act in held {
            let fence = act.fence;
            act.fence += 1;
            if look_first {
                act.held_reason = Some(HeldReason::LookFirst.as_str().to_owned());
            } else {
                act.become_state(ActState::Waiting)?;
                act.let_go(Some(now));
            }
            store::save_act(&mut tx, &act, fence, now).await?;
            let say = look_first.then(|| Say::new("delivery-held-look-first"));
            follow_act(&mut tx, app, &act, say, caller).await?;
        }
    }
    // Who let a statement through did so for this pause, not for the next one.
    store::end_let_through(&mut tx, &scope.filter()).await?;
    let more = json!({ "reason": reason, "look_first": look_first });
    record(&mut tx, caller, &scope, organization, "publishing.resumed", more);
    tx.wake();
    tx.commit().await?;
    Ok(())
}

/// Checks the caller; returns the organization that the pause belongs to.
async fn permit(
    tx: &mut bellwether_db::Tx,
    app: &App,
    caller: &Caller,
    scope: &PauseScope,
    permission: Permission,
) -> Result<Option<OrganizationId>> {
    match scope {
        PauseScope::Installation | PauseScope::Network { .. } => {
            if let PauseScope::Network { network } = scope
                && app.registry.network(network).is_none()
            {
                return Err(Error::not_found("network"));
            }
            if let Some(organization) = caller.organization() {
                caller.may_everywhere(permission, organization)?;
            }
            // Who runs the machine has no organization of their own; there may be nobody to tell yet.
            Ok(workspaces::organization_of(tx, caller).await.ok())
        }
        PauseScope::Workspace { workspace } => {
            workspaces::access(tx, caller, *workspace, permission).await?;
            Ok(None)
        }
        PauseScope::Channel { workspace, channel } => {
            workspaces::access(tx, caller, *workspace, permission).await?;
            channels::find(tx, *workspace, *channel).await?;
            Ok(None)
        }
    }
}

fn record(
    tx: &mut bellwether_db::Tx,
    caller: &Caller,
    scope: &PauseScope,
    organization: Option<OrganizationId>,
    kind: &'static str,
    more: Value,
) {
    let event_scope = match (scope.workspace(), organization) {
        (Some(workspace), _) => Scope::Workspace(workspace),
        (None, Some(organization)) => Scope::Organization(organization),
        (None, None) => return,
    };
    let mut data = json!(scope);
    if let (Value::Object(data), Value::Object(more)) = (&mut data, more) {
        data.extend(more);
    }
    tx.record(NewEvent { scope: event_scope, kind, subject: None, actor: caller.actor(), data });
}
