//! Changing a post of which something may be planned: what goes out as it is
//! edited is held to the same rules as when it was planned, in the same
//! transaction.

use bellwether_base::{PostId, WorkspaceId};
use bellwether_db::Tx;
use bellwether_networks::{Problem, Weight};

use super::schedule::{named, part, requests};
use super::store::{self, Act};
use super::{ActKind, ActState, Delivery};
use crate::posts::{Post, Written};
use crate::{App, Caller, Error, Result, channels, posts};

/// Changes a post. `seen` is the revision that the person was looking at: if
/// somebody else changed it since, nothing is overwritten. What a network has
/// been asked for already does not change by this; what is planned goes out as
/// it is edited, so whoever edits it must be allowed to publish, and nothing is
/// changed if a network on which it is planned would not take it.
pub async fn edit(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    id: PostId,
    seen: i64,
    written: Written,
) -> Result<Post> {
    let mut tx = app.db.begin().await?;
    // From here on no attempt at this post is begun before this transaction ends.
    let post = posts::edit_in(&mut tx, app, caller, workspace, id, seen, written).await?;
    let mut errors = Vec::new();
    for delivery in store::deliveries_of(&mut tx, workspace, id).await? {
        errors.extend(follow(&mut tx, app, &post, &delivery).await?);
    }
    if !errors.is_empty() {
        // The transaction goes with it.
        return Err(Error::Content(errors));
    }
    tx.wake();
    tx.commit().await?;
    Ok(post)
}

/// Whether an act asks for what the post says when its time comes, or when a
/// person sends it again.
async fn goes_as_edited(tx: &mut Tx, act: &Act) -> Result<bool> {
    Ok(match act.state {
        // An upload alone asks for nothing yet, and what was asked for in vain is asked for anew.
        ActState::Waiting | ActState::Held => {
            act.attempts == 0 || !store::may_be_there(tx, act.workspace_id, act.id).await?
        }
        ActState::Refused | ActState::Missed => true,
        _ => false,
    })
}

/// Lets what is yet to go out follow the post; what its network would not take.
async fn follow(tx: &mut Tx, app: &App, post: &Post, delivery: &Delivery) -> Result<Vec<Problem>> {
    let mut acts = store::acts_to_change(tx, delivery.workspace_id, delivery.id).await?;
    acts.retain(|act| act.kind == ActKind::Publish);
    let (mut follows, mut is_planned, mut is_begun) = (false, false, false);
    for act in &acts {
        let goes = goes_as_edited(tx, act).await?;
        follows |= goes;
        is_planned |= goes && matches!(act.state, ActState::Waiting | ActState::Held);
        is_begun |= !goes;
    }
    if !follows {
        return Ok(Vec::new());
    }
    let channel = channels::find(tx, delivery.workspace_id, delivery.channel_id).await?;
    let Some(network) = app.registry.network(&channel.network) else { return Ok(Vec::new()) };
    let content = post.content_for(channel.id);
    let problems = posts::problems(app, &*network, content, &channel.limits);
    // What waits for a person is held to the rules when the person sends it.
    let errors: Vec<_> = problems
        .into_iter()
        .filter(|problem| is_planned && problem.weight == Weight::Error)
        .map(|problem| named(problem, &channel))
        .collect();
    let wanted = requests(network.spec(), content.parts.len());
    if errors.is_empty() && wanted != acts.len() {
        if is_begun {
            return Err(Error::conflict("post-thread-begun"));
        }
        resize(tx, app, delivery, &acts, wanted).await?;
    }
    store::set_parts(tx, delivery.workspace_id, delivery.id, content.parts.len()).await?;
    Ok(errors)
}

/// Makes `acts`, the parts of a thread that was not begun, as many as `wanted`.
async fn resize(
    tx: &mut Tx,
    app: &App,
    delivery: &Delivery,
    acts: &[Act],
    wanted: usize,
) -> Result<()> {
    let Some(first) = acts.first() else { return Ok(()) };
    for surplus in acts.iter().skip(wanted) {
        store::delete_untried(tx, surplus.workspace_id, surplus.id).await?;
    }
    for missing in acts.len()..wanted {
        store::insert_act(tx, &part(app, delivery, first.position, missing)).await?;
    }
    Ok(())
}
