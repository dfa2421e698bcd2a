//! What became of posts.

use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::At;
use super::client::Ask;
use super::exit::Failure;
use super::follow::{self, Wait};
use super::links::piece;
use super::output::{facts, items, table, text};

#[derive(Subcommand)]
pub(super) enum Command {
    /// List deliveries, the latest planned first
    List {
        /// Only those that go on only when somebody does something
        #[arg(long)]
        needs_person: bool,
        /// How many
        #[arg(long, default_value_t = 50)]
        limit: u16,
    },
    /// Show a delivery with everything that happened to it
    Show(One),
    /// Send it again, now
    Retry(Deed),
    /// It is live: here is the link
    Attach {
        #[command(flatten)]
        deed: Deed,
        /// The address at which people see it
        url: String,
    },
    /// What is not out will not go out; what is out stays
    Drop(Deed),
    /// Cancel it, while nothing was begun
    Cancel(Deed),
    /// Take down what is out
    Delete(Deed),
    /// Let go what was resumed with --look-first
    Release(Deed),
    /// Let it through a pause
    LetThrough(Deed),
    /// Move it to another time, while nothing was begun
    Reschedule {
        #[command(flatten)]
        deed: Deed,
        #[command(flatten)]
        when: When,
    },
    /// Wait until it is final or needs a person
    Wait {
        #[command(flatten)]
        one: One,
        /// How long, in seconds
        #[arg(long, default_value_t = 300)]
        timeout: u64,
    },
}

#[derive(Args)]
pub(super) struct One {
    /// Its id
    delivery: String,
}

#[derive(Args)]
pub(super) struct Deed {
    #[command(flatten)]
    one: One,
    /// Wait until it is final or needs a person
    #[arg(long)]
    wait: bool,
}

/// When something is to go out.
#[derive(Args)]
#[group(required = true, multiple = true)]
pub(super) struct When {
    /// Now
    #[arg(long, conflicts_with = "at")]
    now: bool,
    /// At a local time, such as 2026-12-24T18:00
    #[arg(long)]
    at: Option<String>,
    /// In which zone; the workspace's if left out
    #[arg(long, requires = "at")]
    zone: Option<String>,
}

impl When {
    pub fn body(&self) -> Value {
        match &self.at {
            Some(local) => json!({ "local": local, "zone": self.zone }),
            None => json!("now"),
        }
    }
}

pub(super) async fn run(at: &At<'_>, command: Command) -> Result<(), Failure> {
    let base = at.base().await?;
    let (name, deed, body) = match command {
        Command::List { needs_person, limit } => {
            let path = format!("{base}/deliveries?needs_person={needs_person}&limit={limit}");
            let page = at.client.ask(Ask::get(path)).await?;
            at.output.show(&page, |page| rows(items(page)));
            return Ok(());
        }
        Command::Show(One { delivery }) => {
            let log =
                at.client.ask(Ask::get(format!("{base}/deliveries/{}", piece(&delivery)))).await?;
            at.output.show(&log, show);
            return Ok(());
        }
        Command::Wait { one, timeout } => {
            let wait = Wait { limit: Duration::from_secs(timeout), until_down: false };
            return follow::wait(at, &base, &[one.delivery], &wait).await;
        }
        Command::Retry(deed) => ("retry", deed, Value::Null),
        Command::Attach { deed, url } => ("attach", deed, json!({ "url": url })),
        Command::Drop(deed) => ("drop", deed, Value::Null),
        Command::Cancel(deed) => ("cancel", deed, Value::Null),
        Command::Delete(deed) => ("delete", deed, Value::Null),
        Command::Release(deed) => ("release", deed, Value::Null),
        Command::LetThrough(deed) => ("let-through", deed, Value::Null),
        Command::Reschedule { deed, when } => ("reschedule", deed, json!({ "when": when.body() })),
    };
    let Deed { one: One { delivery }, wait } = deed;
    let path = format!("{base}/deliveries/{}/{name}", piece(&delivery));
    let done = at.client.ask(Ask::post(path, &body)).await?;
    for warning in done["warnings"].as_array().into_iter().flatten() {
        at.output.note(&format!("Note: {}", text(&warning["text"])));
    }
    if wait {
        let wait = Wait { limit: follow::USUAL, until_down: name == "delete" };
        return follow::wait(at, &base, &[delivery], &wait).await;
    }
    at.output.show(&done, |done| rows(std::slice::from_ref(done)));
    Ok(())
}

pub(super) fn rows(deliveries: &[Value]) -> String {
    let row = |each: &Value| {
        vec![
            text(&each["id"]),
            state(each),
            text(&each["planned"]["local"]),
            text(&each["planned"]["zone"]),
            text(&each["post"]),
        ]
    };
    let rows: Vec<_> = deliveries.iter().map(row).collect();
    table(&["DELIVERY", "STATE", "PLANNED", "ZONE", "POST"], &rows)
}

fn state(delivery: &Value) -> String {
    match delivery["held_reason"].as_str() {
        Some(reason) => format!("{} ({reason})", text(&delivery["state"])),
        None => text(&delivery["state"]),
    }
}

/// A delivery with its acts and their tries.
pub(super) fn show(log: &Value) -> String {
    let planned = &log["planned"];
    let mut lines = facts(&[
        ("delivery", text(&log["id"])),
        ("post", text(&log["post"])),
        ("channel", text(&log["channel"])),
        ("state", state(log)),
        ("told", text(&log["told"]["text"])),
        ("planned", format!("{} {}", text(&planned["local"]), text(&planned["zone"]))),
        ("live at", text(&log["live_at"])),
    ]);
    for act in log["acts"].as_array().into_iter().flatten() {
        let part = act["part"].as_u64().unwrap_or(0) + 1;
        lines.push_str(&format!("\n{} {part}: {}", text(&act["kind"]), text(&act["state"])));
        if let Some(next) = act["next_at"].as_str() {
            lines.push_str(&format!(", next at {next}"));
        }
        lines.push('\n');
        for post in act["posts"].as_array().into_iter().flatten() {
            let address = post["url"].as_str().or(post["id"].as_str()).unwrap_or_default();
            lines.push_str(&format!("  {address}\n"));
        }
        for attempt in act["attempts"].as_array().into_iter().flatten() {
            let begun = format!(
                "  try {} at {}: {}",
                attempt["number"],
                text(&attempt["started_at"]),
                text(&attempt["step"])
            );
            lines.push_str(&begun);
            for result in attempt["results"].as_array().into_iter().flatten() {
                lines.push_str(&format!(" -> {}", text(&result["outcome"])));
                let failure = &result["failure"];
                if !failure.is_null() {
                    let said = [&failure["say"]["text"], &failure["vendor"]].map(text);
                    lines.push_str(&format!(" ({})", said.join(" / ").trim_end_matches(" / ")));
                }
            }
            lines.push('\n');
        }
    }
    lines.push_str(&sent(log));
    lines
}

/// What the network was asked for, and whether the post still says that.
fn sent(log: &Value) -> String {
    let parts = log["sent"].as_array().map_or(&[][..], Vec::as_slice);
    if parts.is_empty() {
        return String::new();
    }
    let differs = log["sent_differs"].as_bool() == Some(true);
    let mut lines = "\nsent".to_owned();
    lines.push_str(if differs { ", and the post was changed since:\n" } else { ":\n" });
    for part in parts {
        let number = part["part"].as_u64().unwrap_or(0) + 1;
        for (at, line) in text(&part["text"]).split('\n').enumerate() {
            let mark = if at == 0 { format!("{number}.") } else { String::new() };
            lines.push_str(format!("  {mark:3} {line}").trim_end());
            lines.push('\n');
        }
        for medium in part["media"].as_array().into_iter().flatten() {
            lines.push_str(&format!("      picture: {}\n", text(&medium["alt"])));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_shows_what_was_sent_and_whether_the_post_still_says_that() {
        let part =
            json!({ "part": 1, "text": "Ce soir\n\nà 18 h", "media": [{ "alt": "a cake" }] });
        let log = |differs: bool| json!({ "sent": [part], "sent_differs": differs });
        let told = "  2.  Ce soir\n\n      à 18 h\n      picture: a cake\n";
        assert_eq!(sent(&log(false)), format!("\nsent:\n{told}"));
        let changed = "\nsent, and the post was changed since:\n";
        assert_eq!(sent(&log(true)), format!("{changed}{told}"));
        assert_eq!(sent(&json!({ "sent": [], "sent_differs": false })), "");
    }
}
