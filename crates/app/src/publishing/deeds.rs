//! What a person can do about a delivery.

use bellwether_base::{DeliveryId, Instant, Say, WorkspaceId};
use bellwether_db::Tx;
use bellwether_db::events::{NewEvent, Scope};
use bellwether_networks::{Receipt, RemotePost};

use super::engine::follow_act;
use super::reading::find;
use super::store::{self, Act};
use super::{ActKind, ActState, Delivery, DeliveryState, HeldReason};
use crate::{App, Caller, Error, Permission, Result, channels, workspaces};

/// Opens a deed: checks the caller and gives the delivery with its acts as
/// they stand. No attempt begins before the deed is done.
async fn open(
    tx: &mut Tx,
    caller: &Caller,
    workspace: WorkspaceId,
    id: DeliveryId,
    permission: Permission,
) -> Result<(Delivery, Vec<Act>)> {
    workspaces::access(tx, caller, workspace, permission).await?;
    let acts = store::acts_to_change(tx, workspace, id).await?;
    let delivery = store::delivery_to_change(tx, workspace, id)
        .await?
        .ok_or_else(|| Error::not_found("delivery"))?;
    Ok((delivery, acts))
}

/// Writes a changed act back and says who did what.
async fn close(
    tx: &mut Tx,
    app: &App,
    caller: &Caller,
    act: &mut Act,
    deed: &'static str,
    say: Option<Say>,
) -> Result<()> {
    let fence = act.fence;
    act.fence += 1;
    if !store::save_act(tx, act, fence, app.now()).await? {
        return Err(Error::conflict("delivery-moved-on"));
    }
    if let Some(delivery) = act.delivery_id {
        tx.record(NewEvent {
            scope: Scope::Workspace(act.workspace_id),
            kind: deed,
            subject: Some(("delivery", delivery.0)),
            actor: caller.actor(),
            data: serde_json::json!({ "act": act.kind, "part": act.part }),
        });
    }
    follow_act(tx, app, act, say, caller).await
}

/// The first act that is in one of `states`, or in a doubt that a person was
/// told of because looking does not get on.
fn first_in<'a>(
    acts: &'a mut [Act],
    states: &[ActState],
    delivery: &Delivery,
) -> Result<&'a mut Act> {
    let is_told = delivery.told_at.is_some() && states.contains(&ActState::Unknown);
    acts.iter_mut()
        .find(|act| states.contains(&act.state) || (is_told && act.state == ActState::Checking))
        .ok_or_else(|| Error::conflict("delivery-moved-on"))
}

/// "Send again" / "Send it now": after a refusal, a miss, or a doubt that a
/// person has settled. Goes out at once; grace counts from now.
pub async fn retry(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    id: DeliveryId,
) -> Result<Delivery> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let (mut delivery, mut acts) =
        open(&mut tx, caller, workspace, id, Permission::Publish).await?;
    let settled = [ActState::Refused, ActState::Unknown, ActState::Missed];
    let nothing_to_retry = nothing_to_retry(&delivery, &acts);
    let act = first_in(&mut acts, &settled, &delivery).map_err(|_| nothing_to_retry)?;
    delivery.grace_from = now;
    store::save_plan(&mut tx, &delivery, now).await?;
    if matches!(act.state, ActState::Refused | ActState::Missed) {
        // It is certain that nothing of it is there, and the post may have
        // been mended since: what goes out now is rendered now.
        act.frozen = None;
        act.frozen_revision = None;
        act.prepared = None;
    }
    go(act, now)?;
    close(&mut tx, app, caller, act, "delivery.sent_again", None).await?;
    finish(tx, workspace, id).await
}

/// Why a delivery is not sent again that needs nobody for that.
fn nothing_to_retry(delivery: &Delivery, acts: &[Act]) -> Error {
    let key = match delivery.state {
        DeliveryState::Scheduled if acts.iter().any(|act| act.failures > 0) => "retry-by-itself",
        DeliveryState::Scheduled => {
            let say = Say::new("retry-not-yet").with("at", delivery.planned_at);
            return Error::Conflict(say);
        }
        DeliveryState::Sending | DeliveryState::Processing => "retry-on-its-way",
        DeliveryState::Checking => "retry-while-looking",
        DeliveryState::Live => "retry-is-out",
        DeliveryState::Held => "retry-on-hold",
        _ => "delivery-moved-on",
    };
    Error::conflict(key)
}

fn go(act: &mut Act, now: Instant) -> Result<()> {
    act.become_state(ActState::Waiting)?;
    act.due_at = now;
    act.failures = 0;
    act.looks = 0;
    act.let_go(Some(now));
    Ok(())
}

/// "It is live: here is the link."
pub async fn attach(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    id: DeliveryId,
    url: &str,
) -> Result<Delivery> {
    let url: url::Url = url
        .trim()
        .parse()
        .ok()
        .filter(|url: &url::Url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(|| Error::invalid("attach-not-a-link"))?;
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let (delivery, mut acts) = open(&mut tx, caller, workspace, id, Permission::Publish).await?;
    let act = first_in(&mut acts, &[ActState::Unknown], &delivery)?;
    if let Some(attempt) = store::last_submit(&mut tx, workspace, act.id).await? {
        store::add_result(&mut tx, workspace, attempt.id, now, "by_hand", None).await?;
    }
    let post = RemotePost { id: url.to_string(), url: Some(url.to_string()), version: None };
    act.become_state(ActState::Done)?;
    act.receipt = Some(serde_json::to_string(&Receipt { posts: vec![post] })?);
    act.let_go(None);
    close(&mut tx, app, caller, act, "delivery.attached", None).await?;
    super::engine::start_next_part(&mut tx, app, act).await?;
    finish(tx, workspace, id).await
}

/// "Drop it": what is not out will not go out; what is out stays.
pub async fn drop_doubt(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    id: DeliveryId,
) -> Result<Delivery> {
    let mut tx = app.db.begin().await?;
    let (delivery, mut acts) = open(&mut tx, caller, workspace, id, Permission::Publish).await?;
    first_in(
        &mut acts,
        &[ActState::Unknown, ActState::Refused, ActState::Missed, ActState::Held],
        &delivery,
    )?;
    for act in &mut acts {
        let is_open = !act.state.is_final() && act.kind == ActKind::Publish;
        if is_open {
            act.become_state(ActState::Cancelled)?;
            act.let_go(None);
            close(&mut tx, app, caller, act, "delivery.dropped", None).await?;
        }
    }
    finish(tx, workspace, id).await
}

/// Cancels a delivery of which nothing was begun.
pub async fn cancel(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    id: DeliveryId,
) -> Result<Delivery> {
    let mut tx = app.db.begin().await?;
    let (_, mut acts) = open(&mut tx, caller, workspace, id, Permission::Publish).await?;
    for act in &acts {
        let may_be_cancelled = matches!(
            act.state,
            ActState::Waiting | ActState::Held | ActState::Missed | ActState::Refused
        );
        if !may_be_cancelled {
            return Err(Error::conflict("delivery-already-begun"));
        }
    }
    for act in &mut acts {
        act.become_state(ActState::Cancelled)?;
        act.let_go(None);
        close(&mut tx, app, caller, act, "delivery.given_up", None).await?;
    }
    finish(tx, workspace, id).await
}

/// Lets go what was resumed with "look at them first".
pub async fn release(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    id: DeliveryId,
) -> Result<Delivery> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let (_, mut acts) = open(&mut tx, caller, workspace, id, Permission::Publish).await?;
    let act = acts
        .iter_mut()
        .find(|act| act.held_reason.as_deref() == Some(HeldReason::LookFirst.as_str()))
        .ok_or_else(|| Error::conflict("delivery-moved-on"))?;
    act.become_state(ActState::Waiting)?;
    act.let_go(Some(now));
    close(&mut tx, app, caller, act, "delivery.released", None).await?;
    finish(tx, workspace, id).await
}

/// Lets one named statement through a pause. For owners and admins, who are
/// asked twice; logged.
pub async fn let_through(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    id: DeliveryId,
) -> Result<Delivery> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let (mut delivery, mut acts) =
        open(&mut tx, caller, workspace, id, Permission::Override).await?;
    let channel = channels::find(&mut tx, workspace, delivery.channel_id).await?;
    let (network, reading) = (&channel.network, store::Reading::Peek);
    if store::pause_level(&mut tx, workspace, network, channel.id, reading).await? == 0 {
        // There is nothing to pass, and no leave for pauses to come.
        return Err(Error::conflict("pause-not-on"));
    }
    delivery.is_let_through = true;
    store::save_plan(&mut tx, &delivery, now).await?;
    tx.record(NewEvent {
        scope: Scope::Workspace(workspace),
        kind: "delivery.let_through",
        subject: Some(("delivery", id.0)),
        actor: caller.actor(),
        data: serde_json::json!({ "post": delivery.post_id }),
    });
    for act in &mut acts {
        if act.held_reason.as_deref() == Some(HeldReason::Paused.as_str()) {
            act.become_state(ActState::Waiting)?;
            act.let_go(Some(now));
            close(&mut tx, app, caller, act, "delivery.released", None).await?;
        }
    }
    finish(tx, workspace, id).await
}

/// Takes down everything of a delivery that is out, last part first. Works
/// during a pause: it is a person's explicit wish.
pub async fn delete(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    id: DeliveryId,
) -> Result<Delivery> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let (delivery, mut acts) = open(&mut tx, caller, workspace, id, Permission::Publish).await?;
    let channel = channels::find(&mut tx, workspace, delivery.channel_id).await?;
    let network =
        app.registry.network(&channel.network).ok_or_else(|| Error::not_found("network"))?;
    if !network.spec().features.delete {
        return Err(Error::conflict("delete-not-offered"));
    }
    if acts.iter().any(|act| act.kind == ActKind::Delete) {
        // An earlier wish that stopped at a failure goes on from there.
        let failed = acts
            .iter_mut()
            .find(|act| act.kind == ActKind::Delete && act.state.needs_person())
            .ok_or_else(|| Error::conflict("delete-already-asked"))?;
        go(failed, now)?;
        close(&mut tx, app, caller, failed, "delivery.delete_asked", None).await?;
        return finish(tx, workspace, id).await;
    }
    let mut targets = Vec::new();
    for act in &acts {
        if let (ActState::Done, Some(receipt)) = (act.state, &act.receipt) {
            targets.extend(serde_json::from_str::<Receipt>(receipt)?.posts);
        }
    }
    if targets.is_empty() {
        return Err(Error::conflict("delete-nothing-out"));
    }
    if targets.iter().any(|post| post.url.as_deref() == Some(post.id.as_str())) {
        // Only a link is known: a person attached it.
        return Err(Error::conflict("delete-only-a-link"));
    }
    // What is not out must not follow what is being taken down.
    for act in acts.iter_mut().filter(|act| !act.state.is_final()) {
        if !matches!(
            act.state,
            ActState::Waiting | ActState::Held | ActState::Missed | ActState::Refused
        ) {
            return Err(Error::conflict("delete-while-sending"));
        }
        act.become_state(ActState::Cancelled)?;
        act.let_go(None);
        close(&mut tx, app, caller, act, "delivery.dropped", None).await?;
    }
    for (part, target) in targets.iter().rev().enumerate() {
        let mut act = Act {
            target: Some(serde_json::to_string(target)?),
            ..Act::waiting(app, &delivery, ActKind::Delete, part, now)
        };
        store::insert_act(&mut tx, &act).await?;
        if part == 0 {
            act.next_at = Some(now);
            close(&mut tx, app, caller, &mut act, "delivery.delete_asked", None).await?;
        }
    }
    finish(tx, workspace, id).await
}

async fn finish(mut tx: Tx, workspace: WorkspaceId, id: DeliveryId) -> Result<Delivery> {
    let delivery = find(&mut tx, workspace, id).await?;
    tx.wake();
    tx.commit().await?;
    Ok(delivery)
}
