//! Loading what was claimed: everything that was claimed together, in one look
//! at the database.

use std::collections::HashMap;

use super::super::ActState;
use super::super::store::{self, Claim};
use super::{Engine, Job, begin};
use crate::{Error, Result, channels, posts};

impl Engine {
    /// The jobs of `claims`; those that are somebody else's by now are left out.
    /// An error is that of any of them.
    pub(super) async fn load(&self, claims: &[Claim]) -> Result<Vec<Job>> {
        let app = self.app();
        let mut tx = app.db.read().await?;
        let fences: HashMap<_, _> = claims.iter().map(|claim| (claim.id, claim.fence)).collect();
        let mut acts = store::claimed_acts(&mut tx, claims).await?;
        acts.retain(|act| fences.get(&act.id) == Some(&act.fence));

        let on: Vec<_> = acts.iter().map(|act| (act.workspace_id, act.channel_id)).collect();
        let logins = channels::logins(&mut tx, &on).await?;
        let of: Vec<_> =
            acts.iter().filter_map(|act| Some((act.workspace_id, act.delivery_id?))).collect();
        let deliveries = store::deliveries_by_id(&mut tx, &of).await?;
        let of: Vec<_> =
            deliveries.values().map(|delivery| (delivery.workspace_id, delivery.post_id)).collect();
        let posts = posts::find_all(&mut tx, &of).await?;
        let epoch = store::installation(&mut tx).await?.epoch;
        let is_any_paused = store::is_any_paused(&mut tx).await?;

        let mut jobs = Vec::with_capacity(acts.len());
        for act in acts {
            let login = logins.get(&act.channel_id).ok_or_else(|| Error::not_found("channel"))?;
            let (channel, login) = login.open(app)?;
            let delivery = act.delivery_id.and_then(|id| deliveries.get(&id)).cloned();
            let post = match &delivery {
                Some(delivery) => {
                    let post = posts.get(&delivery.post_id);
                    Some(post.cloned().ok_or_else(|| Error::not_found("post"))?)
                }
                None => None,
            };
            let mut job = Job { act, channel, login, delivery, post, epoch, is_free: false };
            if let (ActState::Waiting, Some(login)) = (job.act.state, &job.login) {
                let spec = login.network.spec();
                job.is_free = begin::is_free(app, &mut tx, &job, spec, is_any_paused).await?;
            }
            jobs.push(job);
        }
        Ok(jobs)
    }
}
