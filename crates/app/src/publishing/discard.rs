//! Deleting a post of which nothing was ever sent.

use bellwether_base::{PostId, WorkspaceId};

use super::store::{self, Act};
use super::{ActState, DeliveryLog};
use crate::media::{self, Holder, HolderKind};
use crate::{App, Caller, Error, Result, posts};

/// Deletes a post for good, with its versions, and the deliveries that were
/// given up before anything was sent. What is planned must be cancelled first;
/// what was sent keeps its record, also after it was taken down.
pub async fn discard(app: &App, caller: &Caller, workspace: WorkspaceId, id: PostId) -> Result<()> {
    let mut tx = app.db.begin().await?;
    // Nobody plans or edits it from here on.
    let post = posts::hold_to_delete(&mut tx, caller, workspace, id).await?;
    for delivery in store::deliveries_of(&mut tx, workspace, id).await? {
        for act in store::acts_to_change(&mut tx, workspace, delivery.id).await? {
            if store::last_submit(&mut tx, workspace, act.id).await?.is_some() {
                return Err(Error::conflict("post-delete-was-sent"));
            }
            if !is_given_up(&act) {
                return Err(Error::conflict("post-delete-planned"));
            }
            let holder = Holder { kind: HolderKind::Frozen, id: act.id.0 };
            media::release(app, &mut tx, workspace, holder).await?;
        }
        store::delete_delivery(&mut tx, workspace, delivery.id).await?;
    }
    posts::delete_in(&mut tx, app, caller, &post).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether nothing of an act happens any more, not even an upload that is under way.
fn is_given_up(act: &Act) -> bool {
    is_over(act.state) && act.open_attempt.is_none()
}

const fn is_over(state: ActState) -> bool {
    matches!(state, ActState::Cancelled | ActState::Missed | ActState::Refused)
}

/// Whether a post with these deliveries can be discarded, as far as they tell.
pub fn is_discardable(logs: &[DeliveryLog]) -> bool {
    let mut acts = logs.iter().flat_map(|log| &log.acts);
    acts.all(|act| is_over(act.state) && act.attempts.iter().all(|one| one.step == "prepare"))
}
