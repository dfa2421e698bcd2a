//! Looking an installation over: from outside here, from within through the API.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use bellwether_base::SealKey;
use bellwether_networks::Registry;
use serde_json::{Value, json};

use super::client::{Ask, Client};
use super::exit::Failure;
use super::output::{Output, items, table, text};
use super::{Global, starting};
use crate::config::{self, Flags};
use crate::{Config, ConfigError};

/// Bytes that must be free: databases and their copies need room to grow.
const ROOM: u64 = 1024 * 1024 * 1024;
/// Below this, writing may fail at any moment.
const NO_ROOM: u64 = 100 * 1024 * 1024;

/// Looks at everything, tells it, and ends as the worst of it says.
pub(super) async fn run(
    global: &Global,
    registry: Registry,
    output: &Output,
) -> Result<(), Failure> {
    let mut findings = Vec::new();
    let goes_on = global.server.is_some() || outside(global, &registry, &mut findings);
    if goes_on {
        match within(global, registry).await {
            Ok(more) => findings.extend(more),
            Err(failure) => findings.push(failed("server", &failure.lines().join(" "))),
        }
    }
    let is = |weight: &str| findings.iter().any(|finding| finding["weight"] == weight);
    let (is_broken, is_odd) = (is("failed"), is("warning"));
    output.show(&json!({ "items": findings }), |all| {
        let row =
            |each: &Value| vec![text(&each["weight"]), text(&each["check"]), text(&each["text"])];
        table(&["STATE", "CHECK", "FINDING"], &items(all).iter().map(row).collect::<Vec<_>>())
    });
    if is_broken || is_odd { Err(Failure::Findings { is_broken }) } else { Ok(()) }
}

/// What the installation says of itself.
async fn within(global: &Global, registry: Registry) -> Result<Vec<Value>, Failure> {
    let client = Client::open(global, registry, false).await?;
    let mut found = items(&client.ask(Ask::get("/api/v1/checks")).await?).to_vec();
    if client.is_here() {
        // Nobody sends while no server runs: that is said more plainly.
        found.retain(|finding| finding["code"] != "upkeep-dispatch-silent");
        found.push(warning("server", "No server runs. `bellwether serve` starts one."));
    } else {
        found.push(ok("server", "The server answers."));
    }
    client.close().await;
    Ok(found)
}

/// What can be seen on the machine. False if there is nothing within to look at.
fn outside(global: &Global, registry: &Registry, findings: &mut Vec<Value>) -> bool {
    let (file, flags) =
        (global.config.as_deref(), Flags { data: global.data.clone(), ..Flags::default() });
    let (config, misfits) = match Config::load(file, &flags) {
        Ok(config) => {
            let misfits = config.unknown_services(registry);
            (Some(config), misfits)
        }
        Err(ConfigError::Unfit(misfits)) => (None, misfits),
        Err(error) => {
            findings.push(failed("configuration", &format!("{error}.")));
            return false;
        }
    };
    findings.extend(misfits.iter().map(|misfit| failed("configuration", &misfit.to_string())));
    let Some(config) = config.filter(|_| misfits.is_empty()) else {
        findings.push(warning(
            "installation",
            "Nothing else was looked at: nothing starts before the configuration fits.",
        ));
        return false;
    };
    findings.push(ok("configuration", "The configuration can be read."));
    let database = config.data.join("bellwether.db");
    if config.is_sqlite() && !database.exists() && !config.data.join("seal.key").exists() {
        findings.push(failed("installation", &format!(
            "There is no installation in {} (the setting data, {}). To begin one there: `bellwether \
             serve`, which prints a link for the first owner, or `bellwether owner create`. If \
             there is one elsewhere, name its folder with --data, or its configuration with \
             --config.",
            starting::shown(&config.data),
            config::whence(file, &flags, "data"),
        )));
        return false;
    }
    findings.push(folder(&config.data));
    findings.push(key(&config));
    findings.push(room(&config.data));
    true
}

fn folder(path: &Path) -> Value {
    let shown = path.display();
    match path.metadata() {
        Err(error) => failed("folder", &format!("{shown} cannot be read: {error}.")),
        Ok(found) if !found.is_dir() => failed("folder", &format!("{shown} is not a folder.")),
        Ok(found) if found.permissions().mode() & 0o077 != 0 => {
            warning("folder", &format!("Others can look into {shown}. Close it: chmod 700 {shown}"))
        }
        Ok(found) if found.uid() != rustix::process::geteuid().as_raw() => failed(
            "folder",
            &format!("{shown} belongs to another user. Run this as the one that runs the server."),
        ),
        Ok(_) => ok("folder", &format!("{shown} is for its owner alone.")),
    }
}

/// The file with the key, as far as it can be told from outside.
fn key(config: &Config) -> Value {
    if config.seal.key.is_some() {
        return warning(
            "key",
            "The sealing key stands in the configuration or the environment. A file \
             (seal.key_file) is safer: other processes of the same user can read the environment.",
        );
    }
    let path = config.seal.key_file.clone().unwrap_or_else(|| config.data.join("seal.key"));
    let shown = path.display();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            return failed(
                "key",
                &format!(
                    "The sealing key {shown} cannot be read: {error}. Without it no stored login \
                     opens: restore it from where you keep it."
                ),
            );
        }
    };
    if SealKey::parse(&text).is_err() {
        return failed("key", &format!("{shown} is no sealing key: 64 hexadecimal digits."));
    }
    match path.metadata() {
        Ok(found) if found.permissions().mode() & 0o077 != 0 => {
            failed("key", &format!("Others can read the sealing key. Close it: chmod 600 {shown}"))
        }
        _ => ok("key", &format!("{shown} is for its owner alone. Keep a copy elsewhere.")),
    }
}

fn room(path: &Path) -> Value {
    let Ok(found) = rustix::fs::statvfs(path) else {
        return warning("disk", "How much room is left on the disk cannot be told.");
    };
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    let megabytes = free / (1024 * 1024);
    let said = format!("{megabytes} MB are free on the disk");
    match free {
        ..NO_ROOM => failed("disk", &format!("{said}: make room now, before writing fails.")),
        NO_ROOM..ROOM => warning("disk", &format!("{said}: make room soon.")),
        _ => ok("disk", &format!("{said}.")),
    }
}

fn ok(check: &str, said: &str) -> Value {
    finding(check, "ok", said)
}

fn warning(check: &str, said: &str) -> Value {
    finding(check, "warning", said)
}

fn failed(check: &str, said: &str) -> Value {
    finding(check, "failed", said)
}

fn finding(check: &str, weight: &str, said: &str) -> Value {
    json!({ "check": check, "weight": weight, "text": said })
}
