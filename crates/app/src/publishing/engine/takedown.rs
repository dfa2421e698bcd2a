//! Taking one post down. A person's explicit wish: no pause stops it.

use bellwether_base::Say;
use bellwether_networks::{Receipt, RemotePost};

use super::super::ActState;
use super::super::store;
use super::begin::{Begun, Step};
use super::settle::End;
use super::{Engine, Hands, Job, settle};
use crate::{Error, Result};

impl Engine {
    pub(super) async fn take_down(&self, mut job: Job) -> Result<()> {
        let app = self.app();
        let Some(login) = job.login.take() else { return self.hold_for_login(&job).await };
        if job.channel.state != crate::channels::ChannelState::Connected {
            return self.hold_for_login(&job).await;
        }
        let network = std::sync::Arc::clone(&login.network);
        let spec = network.spec();
        if job.act.state == ActState::Working {
            if !spec.features.delete_repeatable {
                return self.ask_about_delete(job).await;
            }
            job.act.become_state(ActState::Waiting)?;
        }
        if login.expires_at.is_some_and(|at| at <= app.now() + super::super::rules::REFRESH_BEFORE)
        {
            return self.wait_for_refresh(&job).await;
        }
        let target: RemotePost = match &job.act.target {
            Some(target) => serde_json::from_str(target)?,
            None => return Err(Error::Internal("a delete names no post".into())),
        };
        let (act, attempt, permit) = match self.begin(&job, spec, Step::Delete, None).await? {
            Begun::Go { act, attempt, permit } => (act, attempt, permit),
            Begun::Stopped | Begun::Edited => return Ok(()),
        };
        let hands = Hands::new(app, &login);
        let ended = match network.publish().delete(&hands.cx(), &target, &permit).await {
            Ok(()) => End::Done(Receipt { posts: vec![target] }),
            Err(failure) => End::Failed(failure),
        };
        self.mark(&act, attempt, &login, &hands, ended).await
    }

    /// A worker died while it took down, on a network where doing it twice
    /// may do harm: a person looks.
    async fn ask_about_delete(&self, mut job: Job) -> Result<()> {
        let app = self.app();
        let fence = job.act.fence;
        let mut tx = app.db.begin().await?;
        if let Some(open) = job.act.open_attempt.take() {
            let workspace = job.act.workspace_id;
            store::add_result(&mut tx, workspace, open, app.now(), "lost", None).await?;
        }
        job.act.become_state(ActState::Refused)?;
        job.act.let_go(None);
        let say = Say::new("delete-not-confirmed");
        settle::save(&mut tx, app, &job.act, fence, Some(say)).await?;
        tx.commit().await?;
        Ok(())
    }
}
