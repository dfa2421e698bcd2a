//! What happened to a delivery beside its attempts: what people did about it,
//! and what held it up. Read from the events, which are kept for that.

use bellwether_base::{DeliveryId, Instant, PersonId, Say, WorkspaceId};
use bellwether_db::events::{self, Event, Scope};
use serde::Serialize;

use super::reading::find;
use crate::{App, Caller, Permission, Result, people, workspaces};

/// More than a delivery ever has, unless somebody plays with it.
const LONGEST: i64 = 200;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Happened {
    /// When.
    pub at: Instant,
    /// The event's name: `delivery.rescheduled`.
    pub kind: String,
    /// What the person is called who did it, if it was one who is still known.
    pub by: Option<String>,
    /// What was said about it.
    pub say: Option<Say>,
    /// The new time, where one was set.
    pub planned_at: Option<Instant>,
}

/// What happened to a delivery, oldest first.
pub async fn history(
    app: &App,
    caller: &Caller,
    workspace: WorkspaceId,
    id: DeliveryId,
) -> Result<Vec<Happened>> {
    let mut tx = app.db.read().await?;
    let place = workspaces::access(&mut tx, caller, workspace, Permission::Read).await?;
    find(&mut tx, workspace, id).await?;
    let scope = Scope::Workspace(workspace);
    let mut found = events::about(&mut tx, scope, "delivery", id.0, LONGEST).await?;
    found.reverse();
    let mut all = Vec::with_capacity(found.len());
    for event in found {
        let person = event.actor_id.filter(|_| event.actor_kind == "person").map(PersonId);
        let by = match person {
            Some(person) => people::name(&mut tx, place.organization_id, person).await?,
            None => None,
        };
        all.push(happened(event, by));
    }
    Ok(all)
}

fn happened(event: Event, by: Option<String>) -> Happened {
    let read = |name: &str| event.data.get(name).cloned().unwrap_or_default();
    Happened {
        at: event.at,
        by,
        say: serde_json::from_value(read("say")).unwrap_or_default(),
        planned_at: serde_json::from_value(read("planned_at")).unwrap_or_default(),
        kind: event.kind,
    }
}
