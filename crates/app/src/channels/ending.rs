//! Logins that end at a known moment, and that nothing but a person can renew:
//! said a week before, so that no post has to wait for one.

use std::time::Duration;

use bellwether_base::{Instant, Say};

use super::{Channel, ChannelState, event, store};
use crate::{App, Caller, Result};

/// How long before its end a login is spoken of.
const ANNOUNCED: Duration = Duration::from_hours(7 * 24);

impl Channel {
    /// What is said of a login that ends soon. Nothing of one that has ended
    /// already, once the network has said so: that is its [`trouble`](Self::trouble).
    pub fn ending(&self, now: Instant) -> Option<Say> {
        let ends_at = self.login_ends_at.filter(|at| *at <= now + ANNOUNCED)?;
        let is_connected = self.state == ChannelState::Connected;
        is_connected.then(|| Say::new("channel-login-ends").with("at", ends_at))
    }
}

/// Says which logins end within a week: once for each login. Part of the
/// engine's regular turn; writes nothing where there is nothing to say.
pub(crate) async fn announce_ends(app: &App) -> Result<()> {
    let now = app.now();
    let until = now + ANNOUNCED;
    if !store::any_ending(&mut app.db.read().await?, until).await? {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    for row in store::note_ending(&mut tx, until, now).await? {
        let data = serde_json::json!({ "ends_at": row.login_ends_at });
        let actor = Caller::Worker.actor();
        tx.record(event(row.workspace_id, row.id, "channel.login_ends", actor, data));
    }
    tx.commit().await?;
    Ok(())
}
