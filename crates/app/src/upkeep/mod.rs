//! Whether an installation is well (what `bellwether doctor` asks), and taking
//! away what nobody needs any more.
//!
//! Every finding says what to do. Looking changes nothing, and nothing is
//! told to anybody but whoever looks.

mod store;

use std::time::Duration;

use bellwether_base::Say;
use bellwether_db::{Engine, retention};
use serde::Serialize;

use crate::networks::http::{Request, Trouble};
use crate::publishing::{Health, PauseScope};
use crate::{App, Caller, Permission, Result, calls, channels, media, people, publishing};

/// How long a worker may be silent.
const SILENCE: Duration = Duration::from_mins(1);
/// Calls that went wrong, shown one by one.
const SHOWN_CALLS: usize = 3;
/// How far clocks may be apart.
const DRIFT: Duration = Duration::from_mins(1);

/// Rows that one transaction takes away: others wait for it on SQLite.
const BATCH: i64 = 1000;

/// What was taken away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tidied {
    /// Files that nothing used.
    pub media: u64,
    /// Rows of logs whose time was over.
    pub log_rows: u64,
}

/// Takes away what nobody needs any more: files that nothing uses, and what is
/// older than its table keeps. Safe to run at any time, anywhere, twice.
pub async fn tidy(app: &App) -> Result<Tidied> {
    let mut tidied = Tidied { media: media::collect(app).await?.media, log_rows: 0 };
    for (table, days) in retention::logs() {
        let before = app.now() - Duration::from_hours(24 * u64::from(days));
        loop {
            let mut tx = app.streams.begin().await?;
            let gone = store::delete_log(&mut tx, table, before, BATCH).await?;
            tx.commit().await?;
            tidied.log_rows += gone;
            if gone == 0 {
                break;
            }
        }
    }
    Ok(tidied)
}

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

/// Writes down, once, that there is an installation: how dispatch is stands in
/// that row. To be called at each start, before anything else.
pub async fn begin(app: &App) -> Result<()> {
    let mut tx = app.db.begin().await?;
    store::insert_installation(&mut tx, app.now()).await?;
    Ok(tx.commit().await?)
}

/// Looks at everything that can be seen from within. Takes seconds: it reads
/// the database through and asks a network for the time.
pub async fn examine(app: &App, caller: &Caller) -> Result<Vec<Finding>> {
    if let Some(organization) = caller.organization() {
        caller.may_everywhere(Permission::Administer, organization)?;
    }
    let mut findings = database(app).await?;
    findings.push(schema(app).await?);
    if !people::is_owned(app).await? {
        findings.push(Finding::warning("owner", Say::new("upkeep-owner-none")));
    }
    findings.push(pictures(app).await);
    findings.extend(logins(app).await?);
    findings.push(dispatch(app).await?);
    findings.extend(pauses(app).await?);
    findings.extend(outside(app).await?);
    findings.extend(last_calls(app).await?);
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
async fn pictures(app: &App) -> Finding {
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
    let channels::Seals { open, older, closed, lost } = channels::seals(app).await?;
    let mut findings = Vec::new();
    if older > 0 {
        findings.push(Finding::warning(CHECK, Say::new("upkeep-seals-older").with("count", older)));
    }
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
                let key = match error.trouble {
                    Trouble::NoSuchHost => "upkeep-network-no-name",
                    Trouble::Private => "upkeep-network-private",
                    Trouble::Certificate => "upkeep-network-certificate",
                    _ => "upkeep-network-closed",
                };
                findings.push(Finding::failed("network", Say::new(key).with("host", host)));
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

/// How the newest calls to networks ended, and the last that went wrong.
async fn last_calls(app: &App) -> Result<Vec<Finding>> {
    const CHECK: &str = "calls";
    let recent = calls::recent(app).await?;
    let mut findings = Vec::new();
    let wrong: Vec<_> = recent.iter().filter(|call| call.is_trouble()).collect();
    findings.push(match recent.last() {
        None => Finding::ok(CHECK, Say::new("upkeep-calls-none")),
        Some(first) => {
            let say = Say::new("upkeep-calls")
                .with("count", recent.len())
                .with("since", first.at)
                .with("wrong", wrong.len());
            let is_odd = wrong.len() * 2 > recent.len();
            if is_odd { Finding::warning(CHECK, say) } else { Finding::ok(CHECK, say) }
        }
    });
    for call in wrong.into_iter().take(SHOWN_CALLS) {
        let say = Say::new("upkeep-call-wrong")
            .with("call", format!("{} {}{}", call.method, call.host, call.path))
            .with("at", call.at)
            .with("outcome", call.outcome());
        findings.push(Finding::ok(CHECK, say));
    }
    let lost = app.http.lost_calls();
    if lost > 0 {
        findings.push(Finding::warning(CHECK, Say::new("upkeep-calls-lost").with("count", lost)));
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::apps;

    #[tokio::test]
    async fn a_fresh_installation_is_sound_but_cut_off() {
        for app in apps().await {
            let findings = examine(&app, &Caller::Operator).await.unwrap();
            let of = |check: &str| {
                let found = findings.iter().find(|finding| finding.check == check);
                found.map(|finding| finding.weight)
            };
            for check in ["database", "schema", "media", "logins", "calls"] {
                assert_eq!(of(check), Some(Weight::Ok), "{check}: {findings:#?}");
            }
            // Nobody has set it up.
            assert_eq!(of("owner"), Some(Weight::Warning));
            // A test has no way out, and no worker runs.
            assert_eq!(of("network"), Some(Weight::Failed));
            assert_eq!(of("dispatch"), Some(Weight::Warning));
        }
    }

    /// What a log keeps is what its table says, to the day; and every log is asked.
    #[tokio::test]
    async fn what_is_older_than_its_table_keeps_is_taken_away() {
        for app in apps().await {
            for (table, days) in retention::logs() {
                assert_eq!((table, days), ("network_calls", 30), "fill the other one here too");
            }
            let (recorder, mut queue) =
                calls::queue(std::sync::Arc::new(app.clock.clone()), 10_000);
            let call = crate::networks::http::Call {
                method: "GET".parse().unwrap(),
                host: "pds.example".into(),
                path: "/".into(),
                status: None,
                millis: 1,
                trouble: None,
                on_behalf: None,
            };
            let note = |count: i64| {
                use crate::networks::http::Observer as _;
                (0..count).for_each(|_| recorder.called(&call));
            };
            // More than one batch.
            note(BATCH + 1);
            app.advance(Duration::from_hours(24));
            note(2);
            queue.flush(&app).await;
            app.advance(Duration::from_hours(29 * 24));
            assert_eq!(tidy(&app).await.unwrap().log_rows, 0, "30 days to the hour");
            app.advance(Duration::from_secs(1));
            assert_eq!(tidy(&app).await.unwrap().log_rows, u64::try_from(BATCH + 1).unwrap());
            assert_eq!(calls::recent(&app).await.unwrap().len(), 2);
            assert_eq!(tidy(&app).await.unwrap(), Tidied::default());
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
