//! Whether what is due is being sent, and a person's word that the clock is right.

use bellwether_base::{Instant, Say};
use bellwether_db::{NewEvent, Scope};
use serde::Serialize;
use serde_json::json;

use super::super::store;
use crate::{App, Caller, Error, Permission, Result, workspaces};

/// How dispatch is.
#[derive(Debug, Clone, Serialize)]
pub struct Health {
    /// Why nothing is sent, if nothing is.
    pub stopped: Option<Say>,
    /// When a worker last said that it lives.
    pub heartbeat_at: Option<Instant>,
    /// When the next act is due.
    pub next_due: Option<Instant>,
}

impl Health {
    /// How dispatch is, for everybody who may see the installation.
    pub async fn read(app: &App) -> Result<Self> {
        let mut tx = app.db.read().await?;
        let row = store::installation(&mut tx).await?;
        Ok(Self {
            stopped: row.dispatch_stop.as_deref().map(serde_json::from_str).transpose()?,
            heartbeat_at: row.heartbeat_at,
            next_due: store::next_due(&mut tx).await?,
        })
    }
}

/// Why the clock is not trusted and nothing is sent, if that is so. For every
/// page: whoever works here must see it.
pub async fn clock_trouble(app: &App) -> Result<Option<Say>> {
    let mut tx = app.db.read().await?;
    let stop = store::dispatch_stop(&mut tx).await?;
    Ok(stop.as_deref().map(serde_json::from_str).transpose()?)
}

/// A person says that the clock is right: dispatch goes on. An error where it
/// had not stopped, so that nobody believes to have mended something.
pub async fn trust_clock(app: &App, caller: &Caller) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let organization = workspaces::organization_of(&mut tx, caller).await?;
    caller.may_everywhere(Permission::Override, organization)?;
    let stopped = store::installation(&mut tx).await?.dispatch_stop;
    let stopped = stopped.ok_or_else(|| Error::conflict("clock-not-stopped"))?;
    let why: Say = serde_json::from_str(&stopped)?;
    store::set_dispatch_stop(&mut tx, None).await?;
    store::beat(&mut tx, app.now()).await?;
    tx.record(NewEvent {
        scope: Scope::Organization(organization),
        kind: "clock.trusted",
        subject: None,
        actor: caller.actor(),
        data: json!({ "say": why }),
    });
    tx.wake();
    tx.commit().await?;
    Ok(())
}
