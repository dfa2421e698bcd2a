//! Planning deliveries: when, where, and at another time.

use std::time::Duration;

use bellwether_base::{
    ChannelId, DeliveryId, Instant, PlannedError, PlannedTime, PostId, Say, Shift, WorkspaceId,
};
use bellwether_db::events::{NewEvent, Scope};
use bellwether_db::{DbError, Tx};
use bellwether_networks::{Problem, Spec, ThreadKind, Weight};
use serde::{Deserialize, Serialize};

use super::store::{self, Act, Reading};
use super::{ActKind, ActState, Delivery, DeliveryState, crowd};
use crate::channels::{Channel, ChannelState};
use crate::posts::{Post, Written};
use crate::{App, Caller, Error, Permission, Result, channels, posts, workspaces};

/// How far in the past a planned time may lie: a form filled in slowly.
const SLOW_FORM: Duration = Duration::from_mins(5);

/// When a post is to go out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case", deny_unknown_fields)]
pub enum When {
    /// Now.
    Now,
    /// At a local time in a zone.
    At {
        /// `2026-12-24T18:00`.
        local: String,
        /// `Europe/Paris`; the workspace's zone when absent.
        #[serde(default)]
        zone: Option<String>,
    },
}

/// What was planned, and what is worth knowing about it.
#[derive(Debug, Clone, Serialize)]
pub struct Scheduled {
    /// One for each channel.
    pub deliveries: Vec<Delivery>,
    /// What the clocks do at that local time.
    pub shift: Shift,
    /// Warnings, by channel.
    pub warnings: Vec<(ChannelId, Problem)>,
}

/// Plans a post on channels. All of them, or none: an error on one channel
/// plans nothing.
pub async fn schedule(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    post: PostId,
    on: &[ChannelId],
    when: &When,
) -> Result<Scheduled> {
    let mut tx = app.db.begin().await?;
    let scheduled = schedule_in(&mut tx, app, caller, workspace, post, on, when).await?;
    tx.commit().await?;
    Ok(scheduled)
}

/// On which channels and when a post is to go out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The channels: at least one.
    pub on: Vec<ChannelId>,
    /// When.
    pub when: When,
}

/// Begins a post and plans it, both or neither. Without a plan it is a draft.
///
/// `id` comes from whoever asks, made by [`PostId::new`] and kept: asking again
/// with the same one, after the answer was lost, changes nothing and answers
/// what there is by then.
pub async fn write_and_schedule(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    id: PostId,
    written: Written,
    plan: Option<&Plan>,
) -> Result<(Post, Option<Scheduled>)> {
    match write_and_schedule_once(app, caller, workspace, id, written.clone(), plan).await {
        // The same was asked twice in one moment, and the other was first.
        Err(Error::Db(DbError::Conflict { .. })) => {
            write_and_schedule_once(app, caller, workspace, id, written, plan).await
        }
        answer => answer,
    }
}

async fn write_and_schedule_once(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    id: PostId,
    written: Written,
    plan: Option<&Plan>,
) -> Result<(Post, Option<Scheduled>)> {
    let mut tx = app.db.begin().await?;
    workspaces::access(&mut tx, caller, workspace, Permission::Write).await?;
    if let Some(post) = posts::find_if_any(&mut tx, workspace, id).await? {
        let deliveries = store::deliveries_of(&mut tx, workspace, id).await?;
        let again = Scheduled { deliveries, shift: Shift::None, warnings: Vec::new() };
        return Ok((post, plan.map(|_| again)));
    }
    let mut post = posts::write_in(&mut tx, app, caller, workspace, id, written).await?;
    let mut scheduled = None;
    if let Some(Plan { on, when }) = plan {
        let planned = schedule_in(&mut tx, app, caller, workspace, id, on, when).await?;
        scheduled = Some(planned);
        post = posts::find(&mut tx, workspace, id).await?;
    }
    tx.commit().await?;
    Ok((post, scheduled))
}

/// Plans a post within a transaction that the caller commits, or gives up
/// after an error.
async fn schedule_in(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    post: PostId,
    on: &[ChannelId],
    when: &When,
) -> Result<Scheduled> {
    if on.is_empty() {
        return Err(Error::invalid("schedule-no-channel"));
    }
    let now = app.now();
    let place = workspaces::access(tx, caller, workspace, Permission::Publish).await?;
    let post = posts::hold(tx, workspace, post).await?;
    let (planned, at, shift) = moment(when, &place.time_zone, now)?;
    let mut there = store::deliveries_of(tx, workspace, post.id).await?;
    there.retain(Delivery::is_there);
    let mut chosen = on.to_vec();
    chosen.sort_unstable();
    chosen.dedup();
    let mut deliveries = Vec::new();
    let mut warnings = Vec::new();
    let mut errors = Vec::new();
    for id in chosen {
        let channel = channels::find(tx, workspace, id).await?;
        if channel.state == ChannelState::Removed {
            return Err(Error::not_found("channel"));
        }
        if let Some(there) = there.iter().find(|there| there.channel_id == id) {
            return Err(planned_already(there, &channel));
        }
        let network =
            app.registry.network(&channel.network).ok_or_else(|| Error::not_found("network"))?;
        let content = post.content_for(id);
        for problem in posts::problems(app, &*network, content, &channel.limits) {
            match problem.weight {
                Weight::Error => errors.push(named(problem, &channel)),
                Weight::Warning => warnings.push((id, problem)),
            }
        }
        let parts = content.parts.len();
        if let Some(warning) = crowd::warning(tx, &channel, network.spec(), at, parts, None).await?
        {
            warnings.push((id, warning));
        }
        if channel.state == ChannelState::NeedsLogin {
            warnings.push((id, Problem::warning(None, Say::new("channel-needs-login"))));
        }
        if store::pause_level(tx, workspace, &channel.network, id, Reading::Peek).await? > 0 {
            let say = Say::new("schedule-paused").with("channel", &channel.handle);
            warnings.push((id, Problem::warning(None, say)));
        }
        let requests = requests(network.spec(), parts);
        let delivery = Delivery {
            workspace_id: workspace,
            id: DeliveryId::new(&*app.clock, &*app.rng),
            post_id: post.id,
            channel_id: id,
            state: DeliveryState::Scheduled,
            held_reason: None,
            planned_at: at,
            planned: planned.clone(),
            grace_from: at,
            is_let_through: false,
            told_at: None,
            say: None,
            live_at: None,
            created_by: caller.person(),
            created_at: now,
        };
        insert(tx, app, caller, &delivery, parts, requests).await?;
        deliveries.push(delivery);
    }
    if !errors.is_empty() {
        // The transaction goes with it: nothing is planned, the post is kept.
        return Err(Error::Content(errors));
    }
    posts::make_ready(tx, &post, now).await?;
    tx.wake();
    Ok(Scheduled { deliveries, shift, warnings })
}

/// A post goes out once on a channel. Who wants it there twice writes another.
fn planned_already(there: &Delivery, channel: &Channel) -> Error {
    let key = if there.state == DeliveryState::Live {
        "schedule-already-live"
    } else {
        "schedule-already-planned"
    };
    Error::Conflict(Say::new(key).with("channel", &channel.handle))
}

/// How many requests put `parts` out.
pub(super) fn requests(spec: &Spec, parts: usize) -> usize {
    match spec.thread {
        ThreadKind::PartByPart => parts,
        ThreadKind::None | ThreadKind::Atomic => 1,
    }
}

/// The act that puts the `nth` part of `delivery` out.
pub(super) fn part(app: &App, delivery: &Delivery, position: i64, nth: usize) -> Act {
    Act {
        position,
        // The parts of a thread wait for the one before them.
        next_at: (nth == 0).then_some(delivery.planned_at),
        ..Act::waiting(app, delivery, ActKind::Publish, nth, delivery.planned_at)
    }
}

async fn insert(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    delivery: &Delivery,
    parts: usize,
    requests: usize,
) -> Result<()> {
    let position = channels::take_position(tx, delivery.workspace_id, delivery.channel_id).await?;
    let parts = i64::try_from(parts).unwrap_or(i64::MAX);
    store::insert_delivery(tx, delivery, parts).await?;
    for nth in 0..requests {
        store::insert_act(tx, &part(app, delivery, position, nth)).await?;
    }
    tx.record(NewEvent {
        scope: Scope::Workspace(delivery.workspace_id),
        kind: DeliveryState::Scheduled.event(),
        subject: Some(("delivery", delivery.id.0)),
        actor: caller.actor(),
        data: serde_json::json!({
            "post": delivery.post_id,
            "channel": delivery.channel_id,
            "planned_at": delivery.planned_at,
        }),
    });
    Ok(())
}

/// The plan, its moment, and what the clocks do there.
fn moment(when: &When, zone: &str, now: Instant) -> Result<(PlannedTime, Instant, Shift)> {
    match when {
        When::Now => {
            let planned = PlannedTime::of(now, zone).map_err(planned_error)?;
            Ok((planned, now, Shift::None))
        }
        When::At { local, zone: own } => {
            let zone = own.as_deref().unwrap_or(zone);
            let planned = PlannedTime::parse(local, zone).map_err(planned_error)?;
            let resolved = planned.resolve().map_err(planned_error)?;
            if resolved.at + SLOW_FORM < now {
                let local = planned.local.strftime("%Y-%m-%dT%H:%M");
                let say = Say::new("time-past").with("local", local).with("zone", zone);
                return Err(Error::Invalid(say));
            }
            Ok((planned, resolved.at, resolved.shift))
        }
    }
}

fn planned_error(error: PlannedError) -> Error {
    Error::Invalid(match error {
        PlannedError::UnknownZone(zone) => Say::new("zone-unknown").with("zone", zone),
        PlannedError::NotADateTime(text) => Say::new("time-malformed").with("text", text),
        PlannedError::OutOfRange => Say::new("time-out-of-range"),
    })
}

/// The same problem, with the channel's name for whoever reads a list of them.
pub(super) fn named(mut problem: Problem, channel: &Channel) -> Problem {
    problem.say = problem.say.with("channel", &channel.handle);
    problem
}

/// A delivery at its new time, and what is worth knowing about it.
#[derive(Debug, Clone)]
pub struct Rescheduled {
    /// The delivery.
    pub delivery: Delivery,
    /// What the clocks do at that local time.
    pub shift: Shift,
    /// What is worth a thought.
    pub warning: Option<Problem>,
}

/// Moves a delivery to another time. Only while nothing of it was begun.
pub async fn reschedule(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    id: DeliveryId,
    when: &When,
) -> Result<Rescheduled> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let place = workspaces::access(&mut tx, caller, workspace, Permission::Publish).await?;
    let acts = store::acts_to_change(&mut tx, workspace, id).await?;
    let mut delivery = store::delivery_to_change(&mut tx, workspace, id)
        .await?
        .ok_or_else(|| Error::not_found("delivery"))?;
    let (planned, at, shift) = moment(when, &place.time_zone, now)?;
    for mut act in acts {
        let fence = act.fence;
        let is_free = matches!(act.state, ActState::Waiting | ActState::Missed | ActState::Held)
            && store::last_submit(&mut tx, workspace, act.id).await?.is_none();
        if !is_free {
            return Err(Error::conflict("delivery-already-begun"));
        }
        if act.state != ActState::Waiting {
            act.become_state(ActState::Waiting)?;
        }
        act.due_at = at;
        act.fence += 1;
        act.failures = 0;
        // What was rendered carries the time at which it was.
        act.frozen = None;
        act.frozen_revision = None;
        act.prepared = None;
        act.let_go((act.part == 0).then_some(at));
        if !store::save_act(&mut tx, &act, fence, now).await? {
            return Err(Error::conflict("delivery-already-begun"));
        }
    }
    delivery.planned = planned;
    delivery.planned_at = at;
    delivery.grace_from = at;
    delivery.state = DeliveryState::Scheduled;
    delivery.held_reason = None;
    delivery.told_at = None;
    delivery.say = None;
    // What was let through a pause was let through for its old time.
    delivery.is_let_through = false;
    let warning = crowd::warning_moved(&mut tx, app, &delivery).await?;
    store::save_plan(&mut tx, &delivery, now).await?;
    store::save_state(&mut tx, &delivery, now).await?;
    tx.record(NewEvent {
        scope: Scope::Workspace(workspace),
        kind: "delivery.rescheduled",
        subject: Some(("delivery", id.0)),
        actor: caller.actor(),
        data: serde_json::json!({ "post": delivery.post_id, "planned_at": at }),
    });
    tx.wake();
    tx.commit().await?;
    Ok(Rescheduled { delivery, shift, warning })
}
