//! Whether an installation is well: what `bellwether doctor` asks.
//!
//! Every finding says what to do. Looking changes nothing, and nothing is
//! told to anybody but whoever looks.

mod store;

use std::time::Duration;

use bellwether_base::Say;
use bellwether_db::Engine;
use serde::Serialize;

use crate::networks::http::Request;
use crate::publishing::{Health, PauseScope};
use crate::{App, Caller, Permission, Result, channels, publishing};

/// How long a worker may be silent.
const SILENCE: Duration = Duration::from_mins(1);
/// How far clocks may be apart.
const DRIFT: Duration = Duration::from_mins(1);

/// How a finding is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// All is well.
    Ok,
    /// Worth a look.
    Warning,
    /// Something does not work, or is not safe.
    Failed,
}

/// What looking at one thing showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub check: &'static str,
    /// How it is.
    pub weight: Weight,
    /// What it is, and what to do about it.
    pub say: Say,
}

impl Finding {
    fn ok(check: &'static str, say: Say) -> Self {
        Self { check, weight: Weight::Ok, say }
    }

    fn warning(check: &'static str, say: Say) -> Self {
        Self { check, weight: Weight::Warning, say }
    }

    fn failed(check: &'static str, say: Say) -> Self {
        Self { check, weight: Weight::Failed, say }
    }
}

/// Looks at everything that can be seen from within. Takes seconds: it reads
/// the database through and asks a network for the time.
pub async fn examine(app: &App, caller: &Caller) -> Result<Vec<Finding>> {
    if let Some(organization) = caller.organization() {
        caller.may_everywhere(Permission::Administer, organization)?;
    }
    let mut findings = database(app).await?;
    findings.push(schema(app).await?);
    findings.push(media(app).await);
    findings.extend(logins(app).await?);
    findings.push(dispatch(app).await?);
    findings.extend(pauses(app).await?);
    findings.extend(outside(app).await?);
    Ok(findings)
}

/// Whether the database is whole, and keeps what it acknowledged.
async fn database(app: &App) -> Result<Vec<Finding>> {
    const CHECK: &str = "database";
    let wanted: &[(&str, &str)] = match app.db.engine() {
        Engine::Sqlite => &[("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1")],
        Engine::Postgres => {
            &[("synchronous_commit", "on"), ("fsync", "on"), ("full_page_writes", "on")]
        }
    };
    let mut findings = Vec::new();
    // The settings of the connection that writes.
    let mut tx = app.db.begin().await?;
    for (name, wanted) in wanted {
        let found = store::setting(&mut tx, name).await?;
        if found != *wanted {
            let say = Say::new("upkeep-database-setting")
                .with("setting", name)
                .with("found", found)
                .with("wanted", wanted);
            findings.push(Finding::failed(CHECK, say));
        }
    }
    tx.rollback().await;
    let mut tx = app.db.read().await?;
    for damage in store::damages(&mut tx).await? {
        let say = Say::new("upkeep-database-damaged").with("what", damage);
        findings.push(Finding::failed(CHECK, say));
    }
    if findings.is_empty() {
        let say = Say::new("upkeep-database-sound").with("engine", app.db.engine());
        findings.push(Finding::ok(CHECK, say));
    }
    Ok(findings)
}

async fn schema(app: &App) -> Result<Finding> {
    let mut pending = app.db.pending().await?;
    pending.extend(app.streams.pending().await?);
    Ok(if pending.is_empty() {
        Finding::ok("schema", Say::new("upkeep-schema-current"))
    } else {
        let say = Say::new("upkeep-schema-behind").with("names", pending.join(", "));
        Finding::failed("schema", say)
    })
}

/// Whether pictures can be stored.
async fn media(app: &App) -> Finding {
    let probe = app.media_dir.join(".probe");
    let written = tokio::fs::write(&probe, b"x").await;
    let removed = tokio::fs::remove_file(&probe).await;
    match written.and(removed) {
        Ok(()) => Finding::ok("media", Say::new("upkeep-media-writable")),
        Err(error) => {
            let say = Say::new("upkeep-media-closed")
                .with("folder", app.media_dir.display())
                .with("why", error);
            Finding::failed("media", say)
        }
    }
}

/// Whether every stored login can be opened, and which are lost.
async fn logins(app: &App) -> Result<Vec<Finding>> {
    const CHECK: &str = "logins";
    let channels::Seals { open, closed, lost } = channels::seals(app).await?;
    let mut findings = Vec::new();
    for handle in closed {
        let say = Say::new("upkeep-seal-closed").with("channel", handle);
        findings.push(Finding::failed(CHECK, say));
    }
    for handle in lost {
        let say = Say::new("upkeep-channel-needs-login").with("channel", handle);
        findings.push(Finding::warning(CHECK, say));
    }
    if findings.is_empty() {
        findings.push(Finding::ok(CHECK, Say::new("upkeep-seals-open").with("count", open)));
    }
    Ok(findings)
}

/// Whether what is due is being sent.
async fn dispatch(app: &App) -> Result<Finding> {
    const CHECK: &str = "dispatch";
    let health = Health::read(app).await?;
    if let Some(stopped) = health.stopped {
        return Ok(Finding::failed(CHECK, stopped));
    }
    Ok(match health.heartbeat_at {
        Some(at) if app.now().since(at) < SILENCE => {
            Finding::ok(CHECK, Say::new("upkeep-dispatch-running"))
        }
        _ => Finding::warning(CHECK, Say::new("upkeep-dispatch-silent")),
    })
}

/// What is paused for everybody.
async fn pauses(app: &App) -> Result<Vec<Finding>> {
    let pauses = publishing::installation_pauses(app, &Caller::Operator).await?;
    let finding = |pause: publishing::Pause| {
        let what = match pause.scope {
            PauseScope::Network { network } => network,
            _ => "installation".to_owned(),
        };
        let say = Say::new("upkeep-paused").with("what", what).with("at", pause.paused_at);
        Finding::warning("pauses", say)
    };
    Ok(pauses.into_iter().map(finding).collect())
}

/// Whether networks can be reached, and whether they agree about the time.
async fn outside(app: &App) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut time = None;
    if let Some(server) = app.db.server_time().await? {
        time = Some((server, app.now()));
    }
    let servers = channels::servers(app).await?;
    let known = app.registry.connectable().filter_map(|network| {
        let (_, address) = network.spec().endpoints.first()?;
        address.parse().ok()
    });
    let asked = servers.iter().filter_map(|server| server.parse().ok()).chain(known).next();
    if let Some(url) = asked {
        let url: url::Url = url;
        let host = url.host_str().unwrap_or_default().to_owned();
        match app.http.read(Request::get(url)).await {
            Ok(answer) => {
                time = time.or_else(|| Some((answer.date()?, app.now())));
                let say = Say::new("upkeep-network-open").with("host", host);
                findings.push(Finding::ok("network", say));
            }
            Err(error) => {
                let say = Say::new("upkeep-network-closed").with("host", host).with("why", error);
                findings.push(Finding::failed("network", say));
            }
        }
    }
    let apart = time.map(|(theirs, ours)| theirs.since(ours).max(ours.since(theirs)));
    findings.push(match apart {
        None => Finding::warning("clock", Say::new("upkeep-clock-unproven")),
        Some(apart) if apart > DRIFT => {
            let say = Say::new("upkeep-clock-off").with("seconds", apart.as_secs());
            Finding::failed("clock", say)
        }
        Some(_) => Finding::ok("clock", Say::new("upkeep-clock-agrees")),
    });
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::apps;

    #[tokio::test]
    async fn a_fresh_installation_is_sound_but_cut_off() {
        for app in apps().await {
            let mut tx = app.db.begin().await.unwrap();
            tx.sql("insert into installation (id, created_at) values (1, 0)")
                .execute()
                .await
                .unwrap();
            tx.commit().await.unwrap();
            let findings = examine(&app, &Caller::Operator).await.unwrap();
            let of = |check: &str| {
                let found = findings.iter().find(|finding| finding.check == check);
                found.map(|finding| finding.weight)
            };
            for check in ["database", "schema", "media", "logins"] {
                assert_eq!(of(check), Some(Weight::Ok), "{check}: {findings:#?}");
            }
            // A test has no way out, and no worker runs.
            assert_eq!(of("network"), Some(Weight::Failed));
            assert_eq!(of("dispatch"), Some(Weight::Warning));
        }
    }

    #[tokio::test]
    async fn only_who_administers_everything_may_look() {
        for app in apps().await {
            let id = bellwether_base::PersonId::new(&app.clock, &*app.rng);
            let organization = bellwether_base::OrganizationId::new(&app.clock, &*app.rng);
            let writer = Caller::Person { id, organization, grants: Vec::new() };
            assert!(matches!(examine(&app, &writer).await, Err(crate::Error::Denied(_))));
        }
    }
}
