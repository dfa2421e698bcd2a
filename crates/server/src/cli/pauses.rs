//! Stopping, and starting again.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::At;
use super::client::Ask;
use super::exit::Failure;
use super::output::{items, table, text};

/// What is meant; the workspace, if nothing is said.
#[derive(Args)]
#[group(multiple = false)]
struct Scope {
    /// Only this channel: its id, its handle, or network:handle
    #[arg(long)]
    channel: Option<String>,
    /// This network, in all workspaces
    #[arg(long)]
    network: Option<String>,
    /// Everything here
    #[arg(long)]
    installation: bool,
}

impl Scope {
    fn is_said(&self) -> bool {
        self.channel.is_some() || self.network.is_some() || self.installation
    }
}

#[derive(Subcommand)]
enum Command {
    /// List what is paused, by whom and since when
    ///
    /// Everything that you may see; with --workspace what concerns that one.
    List,
}

#[derive(Args)]
pub(super) struct Pause {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    scope: Scope,
    /// How much: planned posts, replies as well, or everything
    #[arg(long, default_value = "planned", value_parser = ["planned", "replies", "everything"])]
    level: String,
}

#[derive(Args)]
pub(super) struct Resume {
    #[command(flatten)]
    scope: Scope,
    /// Why it was stopped, and why it may go on
    #[arg(long)]
    reason: String,
    /// Hold each post until a person released it
    #[arg(long)]
    look_first: bool,
}

/// The address and the body's beginning.
async fn scoped(at: &At<'_>, scope: &Scope) -> Result<(String, Value), Failure> {
    if scope.installation {
        return Ok(("/api/v1/pauses".to_owned(), json!({ "scope": "installation" })));
    }
    if let Some(network) = &scope.network {
        let body = json!({ "scope": "network", "network": network });
        return Ok(("/api/v1/pauses".to_owned(), body));
    }
    let base = at.base().await?;
    let path = format!("{base}/pauses");
    let Some(channel) = &scope.channel else {
        return Ok((path, json!({ "scope": "workspace" })));
    };
    let channel = at.channel(&base, channel).await?;
    Ok((path, json!({ "scope": "channel", "channel": channel["id"] })))
}

pub(super) async fn run(at: &At<'_>, given: Pause) -> Result<(), Failure> {
    match given.command {
        None => pause(at, given).await,
        Some(Command::List) if given.scope.is_said() => Err(Failure::usage(
            "pause list: --workspace says what is listed, and nothing else does",
        )),
        Some(Command::List) => list(at).await,
    }
}

async fn list(at: &At<'_>) -> Result<(), Failure> {
    let pauses = json!({ "items": pauses(at).await? });
    if items(&pauses).is_empty() {
        at.output.show(&pauses, |_| "Nothing is paused.\n".to_owned());
        return Ok(());
    }
    let shown = show(at, items(&pauses)).await?;
    at.output.show(&pauses, |_| shown);
    Ok(())
}

/// Pauses as a table, with the names of what they stop.
async fn show(at: &At<'_>, pauses: &[Value]) -> Result<String, Failure> {
    // Who may not see the team sees its ids.
    let people = at.all("/api/v1/people").await.unwrap_or_default();
    let workspaces = at.all("/api/v1/workspaces").await?;
    let mut channels = Vec::new();
    for pause in pauses.iter().filter(|pause| pause["scope"] == "channel") {
        let path = format!("/api/v1/workspaces/{}/channels", text(&pause["workspace"]));
        channels.extend_from_slice(items(&at.all(&path).await?));
    }
    let channels = json!({ "items": channels });
    let called = |known: &Value, id: &Value, name: &str| {
        let found = items(known).iter().find(|each| each["id"] == *id);
        found.map_or_else(|| text(id), |each| text(&each[name]))
    };
    let name = |known: &Value, id: &Value| called(known, id, "name");
    let row = |pause: &Value| {
        let scope = text(&pause["scope"]);
        let scope = match scope.as_str() {
            "network" => format!("network {}", text(&pause["network"])),
            "workspace" => format!("workspace {}", name(&workspaces, &pause["workspace"])),
            "channel" => format!(
                "channel {} of {}",
                called(&channels, &pause["channel"], "handle"),
                name(&workspaces, &pause["workspace"])
            ),
            _ => scope,
        };
        let by = match &pause["paused_by"] {
            Value::Null => "operator".to_owned(),
            person => name(&people, person),
        };
        let (level, since) = (text(&pause["level"]), text(&pause["paused_at"]));
        vec![scope, level, since, by, text(&pause["reason"])]
    };
    let rows: Vec<_> = pauses.iter().map(row).collect();
    // Nobody has to say why before going on.
    let is_said = rows.iter().any(|row| row.last().is_some_and(|reason| !reason.is_empty()));
    let head = ["SCOPE", "LEVEL", "SINCE", "BY", if is_said { "REASON" } else { "" }];
    Ok(table(&head, &rows))
}

/// What is paused, each once: what concerns everybody is listed for each workspace as well.
async fn pauses(at: &At<'_>) -> Result<Vec<Value>, Failure> {
    if at.workspace.is_some() {
        let base = at.base().await?;
        return Ok(items(&at.all(&format!("{base}/pauses")).await?).to_vec());
    }
    let mut found = match at.all("/api/v1/pauses").await {
        Ok(everybody) => items(&everybody).to_vec(),
        // Not for who has a role in some workspaces only: these tell of it.
        Err(failure) if failure.code() == 4 => Vec::new(),
        Err(failure) => return Err(failure),
    };
    for workspace in items(&at.all("/api/v1/workspaces").await?) {
        let path = format!("/api/v1/workspaces/{}/pauses", text(&workspace["id"]));
        for pause in items(&at.all(&path).await?) {
            if !found.contains(pause) {
                found.push(pause.clone());
            }
        }
    }
    Ok(found)
}

async fn pause(at: &At<'_>, pause: Pause) -> Result<(), Failure> {
    let (path, mut body) = scoped(at, &pause.scope).await?;
    body["level"] = json!(pause.level);
    let paused = at.client.ask(Ask::post(path, &body)).await?;
    at.output.show(&paused, |paused| {
        let mut lines = format!("Paused since {}.\n", text(&paused["pause"]["paused_at"]));
        let wire = paused["on_the_wire"].as_array().map_or(&[][..], Vec::as_slice);
        if wire.is_empty() {
            lines.push_str("Nothing was on its way.\n");
        } else {
            lines.push_str("These were on their way and could not be called back:\n");
        }
        for open in wire {
            let (delivery, channel) = (text(&open["delivery"]), text(&open["channel"]));
            lines.push_str(&format!("  delivery {delivery} on channel {channel}\n"));
        }
        lines
    });
    Ok(())
}

pub(super) async fn resume(at: &At<'_>, resume: Resume) -> Result<(), Failure> {
    let (path, mut body) = scoped(at, &resume.scope).await?;
    body["reason"] = json!(resume.reason);
    body["look_first"] = json!(resume.look_first);
    at.client.ask(Ask::post(format!("{path}/resume"), &body)).await?;
    let others = pauses(at).await?;
    at.output.done(match (others.is_empty(), resume.look_first) {
        (true, false) => "Publishing goes on.",
        (true, true) => "Publishing goes on; what was held waits until you release it.",
        (false, false) => "That pause is over. Others are still on:",
        (false, true) => {
            "That pause is over; what it held waits until you release it. Others are still on:"
        }
    });
    if !others.is_empty() {
        at.output.done(show(at, &others).await?.trim_end());
    }
    Ok(())
}
