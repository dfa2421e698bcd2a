//! Trouble of our own: a key that is missing, stored data that does not read.
//! It must not be tried in silence for ever.

use bellwether_base::Say;

use super::super::rules::{is_past_grace, retry_delay};
use super::super::store::{self, Claim};
use super::super::{ActKind, ActState};
use super::{Engine, settle};
use crate::{Error, Result};

impl Engine {
    /// Our own trouble with an act (a key that is missing, data that does not
    /// read): a person is told, and it is tried again until its grace is over.
    pub(super) async fn tell_of_trouble(&self, claim: &Claim, error: &Error) -> Result<()> {
        if matches!(error, Error::Db(error) if error.is_transient()) {
            return Ok(());
        }
        let app = self.app();
        let now = app.now();
        let mut tx = app.db.begin().await?;
        let Some(mut act) = store::act(&mut tx, claim.workspace_id, claim.id).await? else {
            return Ok(());
        };
        if act.fence != claim.fence {
            return Ok(());
        }
        // An attempt of this very claim may be under way: its lease is waited
        // for. One from before is a dead worker's, and nobody else will tell.
        if let Some(open) = act.open_attempt
            && store::fence_of(&mut tx, act.workspace_id, open).await? == Some(claim.fence)
        {
            return Ok(());
        }
        let grace_from = match act.delivery_id {
            Some(id) => store::delivery(&mut tx, act.workspace_id, id).await?.map(|d| d.grace_from),
            None => None,
        };
        let is_late = grace_from.is_some_and(|from| is_past_grace(from, app.settings.grace, now));
        if act.kind == ActKind::Publish && act.state == ActState::Waiting && is_late {
            act.become_state(ActState::Missed)?;
            act.let_go(None);
        } else {
            act.failures += 1;
            act.let_go(Some(now + retry_delay(act.failures)));
        }
        let say = Say::new("delivery-trouble-here");
        settle::save(&mut tx, app, &act, claim.fence, Some(say)).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Writes into the log what will be tried again within seconds. That the database is
/// away is said by whoever watches it, once.
pub(super) fn log(error: &Error, text: &str) {
    if error.is_away() {
        tracing::debug!(%error, "{text}");
    } else {
        tracing::error!(%error, "{text}");
    }
}
