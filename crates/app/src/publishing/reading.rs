//! Reading deliveries: lists of them, those of a post, one with its log, and
//! what is yet to go out on each channel.

use bellwether_base::{DeliveryId, Instant, Page, PageRequest, PostId, WorkspaceId};
use bellwether_db::Tx;
use bellwether_networks::Receipt;

use super::{ActView, AttemptView, Delivery, DeliveryLog, Queue, ResultView, Which};
use super::{sent, store};
use crate::{App, Caller, Error, Permission, Result, workspaces};

/// Deliveries, latest planned first.
pub async fn list(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    which: Which,
    page: &PageRequest,
) -> Result<Page<Delivery>> {
    let mut tx = app.db.read().await?;
    workspaces::access(&mut tx, caller, workspace, Permission::Read).await?;
    let before = match &page.after {
        None => (Instant::from_millis(i64::MAX), DeliveryId(bellwether_base::uuid::Uuid::max())),
        Some(cursor) => cursor.decode().ok_or_else(|| Error::invalid("cursor-unknown"))?,
    };
    let rows = store::deliveries(&mut tx, workspace, which, before, page.rows() + 1).await?;
    Ok(Page::cut(rows, page.rows(), |delivery| (delivery.planned_at, delivery.id)))
}

/// More than this many are not counted.
pub const MOST_COUNTED: i64 = 100;

/// How many deliveries need a person, up to [`MOST_COUNTED`].
pub async fn needing_person(app: &App, caller: &Caller, workspace: WorkspaceId) -> Result<i64> {
    let mut tx = app.db.read().await?;
    workspaces::access(&mut tx, caller, workspace, Permission::Read).await?;
    store::count_needing_person(&mut tx, workspace, MOST_COUNTED).await
}

/// A post's deliveries, each with its log, by planned time.
pub async fn deliveries_of(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    post: PostId,
) -> Result<Vec<DeliveryLog>> {
    let mut tx = app.db.read().await?;
    workspaces::access(&mut tx, caller, workspace, Permission::Read).await?;
    let mut logs = Vec::new();
    for delivery in store::deliveries_of(&mut tx, workspace, post).await? {
        logs.push(log(&mut tx, app, delivery).await?);
    }
    Ok(logs)
}

/// The deliveries of the posts on one page of a list, without their logs, by
/// planned time.
pub async fn deliveries_of_page(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    posts: &[PostId],
) -> Result<Vec<Delivery>> {
    let mut tx = app.db.read().await?;
    workspaces::access(&mut tx, caller, workspace, Permission::Read).await?;
    store::deliveries_of_all(&mut tx, workspace, posts).await
}

/// One delivery with everything that happened to it.
pub async fn delivery(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    id: DeliveryId,
) -> Result<DeliveryLog> {
    let mut tx = app.db.read().await?;
    workspaces::access(&mut tx, caller, workspace, Permission::Read).await?;
    let delivery = find(&mut tx, workspace, id).await?;
    log(&mut tx, app, delivery).await
}

/// What is yet to go out on the channels of a workspace. Channels on which
/// nothing is are not in it.
pub async fn queues(app: &App, caller: &Caller, workspace: WorkspaceId) -> Result<Vec<Queue>> {
    let mut tx = app.db.read().await?;
    workspaces::access(&mut tx, caller, workspace, Permission::Read).await?;
    store::queues(&mut tx, workspace).await
}

pub(super) async fn find(tx: &mut Tx, workspace: WorkspaceId, id: DeliveryId) -> Result<Delivery> {
    store::delivery(tx, workspace, id).await?.ok_or_else(|| Error::not_found("delivery"))
}

async fn log(tx: &mut Tx, app: &App, delivery: Delivery) -> Result<DeliveryLog> {
    let stored = store::acts_of(tx, delivery.workspace_id, delivery.id).await?;
    let sent = sent::of(tx, app, &delivery, &stored).await?;
    let mut acts = Vec::new();
    for act in stored {
        let results = store::results_of(tx, act.workspace_id, act.id).await?;
        let attempts = store::attempts_of(tx, act.workspace_id, act.id)
            .await?
            .into_iter()
            .map(|attempt| {
                let results = results
                    .iter()
                    .filter(|result| result.attempt_id == attempt.id)
                    .map(|result| {
                        let failure =
                            result.failure.as_deref().map(serde_json::from_str).transpose()?;
                        Ok(ResultView { at: result.at, outcome: result.outcome.clone(), failure })
                    })
                    .collect::<Result<_>>()?;
                Ok(AttemptView {
                    id: attempt.id,
                    number: attempt.number,
                    step: attempt.step,
                    started_at: attempt.started_at,
                    send_by: attempt.send_by,
                    results,
                })
            })
            .collect::<Result<_>>()?;
        let posts = match &act.receipt {
            Some(receipt) => serde_json::from_str::<Receipt>(receipt)?.posts,
            None => Vec::new(),
        };
        acts.push(ActView {
            id: act.id,
            kind: act.kind,
            part: act.part,
            state: act.state,
            next_at: act.next_at,
            posts,
            failure: act.failure.as_deref().map(serde_json::from_str).transpose()?,
            attempts,
        });
    }
    Ok(DeliveryLog { delivery, acts, sent })
}

/// Until when a delivery that could not go out at its time still goes by
/// itself. After that a person is asked.
pub fn grace_ends_at(app: &App, delivery: &Delivery) -> Instant {
    delivery.grace_from + app.settings.grace
}
