//! Putting a post, or one part of a thread, out.

use bellwether_base::Say;
use bellwether_networks::{
    Checked, Draft, Failure, FindBy, Frozen, Prepared, Receipt, RemotePost, Submitted, Ticket,
    Weight,
};
use serde_json::Value;

use super::super::rules::{FREEZE, OWN_CHECK, REFRESH_BEFORE};
use super::super::store::{self, Act};
use super::super::{ActKind, ActState};
use super::begin::{Begun, Step};
use super::settle::{self, End};
use super::{Engine, Hands, Job};
use crate::channels::Login;
use crate::{Result, posts};

impl Engine {
    /// Renders the request if that is not done yet, prepares it, writes the
    /// attempt down and sends it.
    pub(super) async fn publish(&self, mut job: Job) -> Result<()> {
        let app = self.app();
        let Some(login) = job.login.take() else { return self.hold_for_login(&job).await };
        let network = std::sync::Arc::clone(&login.network);
        let spec = network.spec();
        if self.is_stopped(&job, spec).await? {
            return Ok(());
        }
        if login.expires_at.is_some_and(|at| at <= app.now() + REFRESH_BEFORE) {
            return self.wait_for_refresh(&job).await;
        }
        let hands = Hands::new(app, &login);
        // Twice at most: an edit between rendering and writing down renders anew.
        for _ in 0..3 {
            let Some(frozen) = self.freeze(&mut job, &login, &hands).await? else { return Ok(()) };
            let Some(prepared) = self.prepare(&mut job, &login, &hands, &frozen).await? else {
                return Ok(());
            };
            let newest = if spec.find_by == FindBy::ReadingBack {
                match network.publish().newest(&hands.cx()).await {
                    Ok(newest) => {
                        settle::token_was_good(&mut job.act);
                        newest
                    }
                    Err(failure) => return self.failed_before(&job, &login, &failure).await,
                }
            } else {
                None
            };
            let (act, attempt, permit) = match self.begin(&job, spec, Step::Submit, newest).await? {
                Begun::Go { act, attempt, permit } => (act, attempt, permit),
                Begun::Stopped => return Ok(()),
                Begun::Edited => {
                    self.reload_post(&mut job).await?;
                    continue;
                }
            };
            let ended =
                match network.publish().submit(&hands.cx(), &frozen, &prepared, &permit).await {
                    Ok(Submitted::Done(receipt)) => End::Done(receipt),
                    Ok(Submitted::Pending(ticket)) => End::Pending(ticket),
                    Err(failure) => End::Failed(failure),
                };
            return self.mark(&act, attempt, &login, &hands, ended).await;
        }
        Ok(())
    }

    /// The frozen request, rendered now if there is none. Nothing if it ended here.
    async fn freeze(
        &self,
        job: &mut Job,
        login: &Login,
        hands: &Hands<'_>,
    ) -> Result<Option<Frozen>> {
        let app = self.app();
        let Some(post) = &job.post else { return Ok(None) };
        if let Some(frozen) = &job.act.frozen {
            let is_current = job.act.frozen_revision == Some(post.revision);
            if is_current || self.may_be_there(&job.act).await? {
                return Ok(Some(serde_json::from_str(frozen)?));
            }
        }
        let content = post.content_for(job.act.channel_id);
        let problems = posts::problems(app, &*login.network, content, &login.account.limits);
        if let Some(problem) = problems.into_iter().find(|p| p.weight == Weight::Error) {
            let failure = Failure::rejected(problem.say.with(OWN_CHECK, true));
            self.failed_before(job, login, &failure).await?;
            return Ok(None);
        }
        let previous = self.previous_parts(&job.act).await?;
        let draft = Draft {
            content,
            part: usize::try_from(job.act.part).unwrap_or(0),
            previous: &previous,
            created_at: app.now(),
        };
        let rendered =
            tokio::time::timeout(FREEZE, login.network.publish().freeze(&hands.cx(), &draft)).await;
        match rendered {
            Ok(Ok(frozen)) => {
                job.act.frozen = Some(serde_json::to_string(&frozen)?);
                job.act.frozen_revision = Some(post.revision);
                job.act.prepared = None;
                Ok(Some(frozen))
            }
            Ok(Err(failure)) => {
                self.failed_before(job, login, &failure).await?;
                Ok(None)
            }
            Err(_) => {
                let failure = Failure::transient(Say::new("delivery-rendering-too-slow"));
                self.failed_before(job, login, &failure).await?;
                Ok(None)
            }
        }
    }

    /// Harmless steps, each an attempt of its own. Nothing if it ended here.
    async fn prepare(
        &self,
        job: &mut Job,
        login: &Login,
        hands: &Hands<'_>,
        frozen: &Frozen,
    ) -> Result<Option<Value>> {
        let app = self.app();
        let publish = login.network.publish();
        let mut state: Value =
            job.act.prepared.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
        while !publish.is_prepared(frozen, &state, app.now()) {
            let spec = login.network.spec();
            let (act, attempt, permit) = match self.begin(job, spec, Step::Prepare, None).await? {
                Begun::Go { act, attempt, permit } => (act, attempt, permit),
                Begun::Stopped => return Ok(None),
                Begun::Edited => return Ok(Some(state)),
            };
            let step = publish.prepare(&hands.cx(), frozen, &state, &permit).await;
            let (next, wait) = match step {
                Ok(Prepared::Ready(next) | Prepared::More(next)) => (next, None),
                Ok(Prepared::Wait { until, state }) => (state, Some(until)),
                Err(failure) => {
                    let ended = End::Failed(failure);
                    self.mark(&act, attempt, login, hands, ended).await?;
                    return Ok(None);
                }
            };
            let mut act = *act;
            settle::token_was_good(&mut act);
            act.prepared = Some(next.to_string());
            act.open_attempt = None;
            if let Some(until) = wait {
                act.let_go(Some(until));
            }
            let mut tx = app.db.begin().await?;
            let now = app.now();
            store::add_result(&mut tx, act.workspace_id, attempt, now, "done", None).await?;
            if !settle::save(&mut tx, app, &act, job.act.fence, None).await? {
                return Ok(None);
            }
            self.store_readings(&mut tx, login, hands).await?;
            tx.commit().await?;
            job.act = act;
            state = next;
            if wait.is_some() {
                return Ok(None);
            }
        }
        Ok(Some(state))
    }

    /// Looks at what the network is still busy with.
    pub(super) async fn check(&self, mut job: Job) -> Result<()> {
        let app = self.app();
        let Some(login) = job.login.take() else { return self.hold_for_login(&job).await };
        let hands = Hands::new(app, &login);
        let (Some(frozen), Some(ticket)) = (&job.act.frozen, &job.act.ticket) else {
            return Err(crate::Error::Internal("a ticket is missing".into()));
        };
        let frozen: Frozen = serde_json::from_str(frozen)?;
        let ticket: Ticket = serde_json::from_str(ticket)?;
        let checked = login.network.publish().check(&hands.cx(), &frozen, &ticket).await;
        let mut tx = app.db.begin().await?;
        let fence = job.act.fence;
        match checked {
            Ok(Checked::Done(receipt)) => {
                settle::done(&mut tx, app, &mut job.act, fence, &receipt).await?;
            }
            Ok(Checked::Pending(ticket)) => {
                job.act.ticket = Some(serde_json::to_string(&ticket)?);
                job.act.let_go(Some(ticket.look_at));
                settle::save(&mut tx, app, &job.act, fence, None).await?;
            }
            Err(failure) => {
                settle::fail(&mut tx, app, &login, job.act.clone(), fence, &failure).await?;
            }
        }
        self.store_readings(&mut tx, &login, &hands).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Writes down how a request ended, again and again while the lease
    /// holds: an answer that is known must not become a doubt because the
    /// disk was full for a moment.
    pub(super) async fn mark(
        &self,
        act: &Act,
        attempt: bellwether_base::AttemptId,
        login: &Login,
        hands: &Hands<'_>,
        ended: End,
    ) -> Result<()> {
        let app = self.app();
        let readings = hands.readings.take();
        let lease = act.next_at.unwrap_or(app.now());
        loop {
            let written = async {
                let mut tx = app.db.begin().await?;
                settle::end(&mut tx, app, login, act, attempt, &ended).await?;
                for reading in &readings {
                    let (workspace, channel) = (act.workspace_id, act.channel_id);
                    store::put_quota(&mut tx, workspace, channel, reading, app.now()).await?;
                }
                tx.commit().await?;
                Ok(())
            }
            .await;
            match written {
                Ok(()) => return Ok(()),
                Err(crate::Error::Db(error)) if error.is_transient() && app.now() < lease => {
                    tracing::warn!(%attempt, %error, "the end of an attempt was not written; again");
                    app.clock.sleep(std::time::Duration::from_millis(500)).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// What follows from a failure before any attempt was written down.
    pub(super) async fn failed_before(
        &self,
        job: &Job,
        login: &Login,
        failure: &Failure,
    ) -> Result<()> {
        let app = self.app();
        let mut tx = app.db.begin().await?;
        let failure = failure.clone().sent(bellwether_networks::Sent::No);
        settle::fail(&mut tx, app, login, job.act.clone(), job.act.fence, &failure).await?;
        tx.commit().await?;
        Ok(())
    }

    pub(super) async fn store_readings(
        &self,
        tx: &mut bellwether_db::Tx,
        login: &Login,
        hands: &Hands<'_>,
    ) -> Result<()> {
        let now = self.app().now();
        for reading in hands.readings.take() {
            let channel = &login.channel;
            store::put_quota(tx, channel.workspace_id, channel.id, &reading, now).await?;
        }
        Ok(())
    }

    async fn may_be_there(&self, act: &Act) -> Result<bool> {
        let mut tx = self.app().db.read().await?;
        store::may_be_there(&mut tx, act.workspace_id, act.id).await
    }

    async fn reload_post(&self, job: &mut Job) -> Result<()> {
        if let Some(delivery) = &job.delivery {
            let mut tx = self.app().db.read().await?;
            let post = posts::find(&mut tx, job.act.workspace_id, delivery.post_id).await?;
            job.post = Some(post);
        }
        Ok(())
    }

    /// What the parts before this one became.
    async fn previous_parts(&self, act: &Act) -> Result<Vec<RemotePost>> {
        let Some(delivery) = act.delivery_id else { return Ok(Vec::new()) };
        if act.part == 0 {
            return Ok(Vec::new());
        }
        let mut tx = self.app().db.read().await?;
        let mut posts = Vec::new();
        for before in store::acts_of(&mut tx, act.workspace_id, delivery).await? {
            let is_before = before.kind == ActKind::Publish && before.part < act.part;
            if !is_before || before.state != ActState::Done {
                continue;
            }
            if let Some(receipt) = &before.receipt {
                posts.extend(serde_json::from_str::<Receipt>(receipt)?.posts);
            }
        }
        Ok(posts)
    }
}
