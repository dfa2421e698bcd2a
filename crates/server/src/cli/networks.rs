//! What can be connected, and how each network counts a text.

use bellwether_base::{Clock as _, Say, SystemClock};
use bellwether_networks::{Registry, measure as measured};
use bellwether_web::locale::{Lang, Reader};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::At;
use super::client::{Ask, language};
use super::exit::Failure;
use super::links::{stdin, without_last_line_end};
use super::output::{Output, items, table, text};

#[derive(Subcommand)]
pub(super) enum Command {
    /// List networks
    List,
}

pub(super) async fn run(at: &At<'_>, command: Command) -> Result<(), Failure> {
    let Command::List = command;
    let all = at.client.ask(Ask::get("/api/v1/networks")).await?;
    at.output.show(&all, |all| {
        let row = |each: &Value| {
            let limit = &each["limits"]["text"];
            vec![
                text(&each["name"]),
                text(&each["title"]),
                if each["connectable"] == true { "yes" } else { "text only" }.to_owned(),
                format!("{} {}", text(&limit["max"]), text(&limit["unit"])),
            ]
        };
        let rows: Vec<_> = items(all).iter().map(row).collect();
        table(&["NAME", "TITLE", "CONNECTABLE", "TEXT"], &rows)
    });
    Ok(())
}

#[derive(Subcommand)]
pub(super) enum TextCommand {
    /// Measure the text on standard input, as a network counts it
    ///
    /// Prints JSON: length, limit, remaining, valid, problems, links, mentions, tags. Without
    /// --channel neither a server nor an installation is needed. The exit code is 0 even for a
    /// text that the network would not take: `valid` says so.
    Measure(Measure),
}

#[derive(Args)]
pub(super) struct Measure {
    /// Which network
    #[arg(long)]
    network: String,
    /// Count by this channel's own limits
    #[arg(long)]
    channel: Option<String>,
}

impl TextCommand {
    /// Whether it needs nothing but this program.
    pub const fn is_alone(&self) -> bool {
        let Self::Measure(measure) = self;
        measure.channel.is_none()
    }
}

/// Measures without a server.
pub(super) fn measure_alone(
    command: &TextCommand,
    registry: &Registry,
    output: &Output,
) -> Result<(), Failure> {
    let TextCommand::Measure(Measure { network, .. }) = command;
    let mut text = Vec::new();
    std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut text)
        .map_err(|error| Failure::usage(format!("standard input: {error}")))?;
    let text =
        String::from_utf8(text).map_err(|_| Failure::usage("standard input is not UTF-8"))?;
    let measured = measured(registry, network, without_last_line_end(&text), None)
        .ok_or_else(|| Failure::NotFound(format!("There is no network called {network:?}.")))?;
    let mut answer = serde_json::to_value(&measured).map_err(anyhow::Error::from)?;
    // As the API answers it: a code for programs, a sentence for people.
    let reader = Reader::new(Lang::negotiate(&language().unwrap_or_default()), SystemClock.now());
    let say = |say: &Say| json!({ "code": say.key, "args": say.args, "text": reader.text(say) });
    answer["problems"] = measured.problems.iter().map(say).collect();
    output.json(&answer);
    Ok(())
}

/// Measures by a channel's own limits.
pub(super) async fn measure(at: &At<'_>, command: TextCommand) -> Result<(), Failure> {
    let TextCommand::Measure(Measure { network, channel }) = command;
    let base = at.base().await?;
    let channel = at.channel(&base, &channel.unwrap_or_default()).await?;
    let workspace = base.rsplit('/').next().unwrap_or_default();
    let body = json!({
        "network": network,
        "text": without_last_line_end(&stdin().await?),
        "workspace": workspace,
        "channel": channel["id"],
    });
    let measured = at.client.ask(Ask::post("/api/v1/text/measure", &body)).await?;
    at.output.json(&measured);
    Ok(())
}
