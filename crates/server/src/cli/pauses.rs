//! Stopping, and starting again.

use clap::Args;
use serde_json::{Value, json};

use super::At;
use super::client::Ask;
use super::exit::Failure;
use super::output::text;

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

#[derive(Args)]
pub(super) struct Pause {
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

pub(super) async fn pause(at: &At<'_>, pause: Pause) -> Result<(), Failure> {
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
    at.output.done(if resume.look_first {
        "Publishing goes on; what was held waits until you release it."
    } else {
        "Publishing goes on."
    });
    Ok(())
}
