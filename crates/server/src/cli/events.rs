//! What happened: who did what, in a workspace or in the organization.

use std::time::Duration;

use clap::Args;
use serde_json::Value;

use super::At;
use super::client::Ask;
use super::exit::Failure;
use super::output::{items, short, text};

/// How often it is looked for what is new.
const LOOK: Duration = Duration::from_secs(1);

#[derive(Args)]
pub(super) struct Events {
    /// Of the organization: people, tokens, the clock, pauses of everything
    #[arg(long, conflicts_with = "workspace")]
    organization: bool,
    /// How many of the newest; 100 at most
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u8).range(1..=100))]
    last: u8,
    /// All that came after the event of this number, oldest first; 0 is before the first
    #[arg(long, value_name = "NUMBER", conflicts_with = "last")]
    after: Option<i64>,
    /// Go on with what happens from now on, until this command is ended
    #[arg(long, short)]
    follow: bool,
}

pub(super) async fn run(at: &At<'_>, events: Events) -> Result<(), Failure> {
    let base = if events.organization { "/api/v1".to_owned() } else { at.base().await? };
    let mut query = match events.after {
        Some(after) => format!("after={after}"),
        None => format!("last={}", events.last),
    };
    if events.follow && at.client.is_here() {
        at.output.note("No server runs: only what other commands do will be seen.");
    }
    loop {
        let page = at.client.ask(Ask::get(format!("{base}/events?{query}"))).await?;
        for event in items(&page) {
            at.output.line(event, line);
        }
        query = format!("after={}", page["next"]);
        if page["more"] == true {
            continue;
        }
        if !events.follow {
            return Ok(());
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// An event as one line: its number, when, what, to what, by whom.
fn line(event: &Value) -> String {
    let named = |what: &Value| {
        let words = [text(&what["kind"]), text(&what["id"])];
        words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let subject = named(&event["subject"]);
    let subject = if subject.is_empty() { subject } else { format!("  {subject}") };
    let (seq, at, kind) = (&event["seq"], text(&event["at"]), text(&event["kind"]));
    let details = details(&event["data"]);
    format!("{seq:<6} {at}  {kind}{subject}{details}  by {}\n", named(&event["actor"]))
}

/// What else there is to an event, as far as it fits on a line.
fn details(data: &Value) -> String {
    let said = data.as_object().into_iter().flatten().filter(|(_, value)| {
        matches!(value, Value::String(text) if !text.is_empty())
            || value.is_number()
            || value.is_boolean()
    });
    said.map(|(name, value)| format!("  {name}={}", short(&text(value), 60))).collect()
}
