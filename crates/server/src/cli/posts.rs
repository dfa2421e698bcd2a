//! What the team writes.

mod written;

use std::time::Duration;

use clap::{ArgMatches, Args, Subcommand};
use serde_json::{Value, json};

use super::At;
use super::client::Ask;
use super::deliveries::{self, When};
use super::exit::Failure;
use super::follow::{self, Wait};
use super::links::piece;
use super::output::{facts, items, short, table, text};
use written::{Words, content};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Write a post, and send or plan it if a time is given
    ///
    /// The text comes from --text, --file or --part, or else from standard input. Each further
    /// --part is a part of a thread; an --image belongs to the part before it.
    Create(Create),
    /// List posts, newest first
    List {
        /// How many
        #[arg(long, default_value_t = 50)]
        limit: u16,
    },
    /// Show a post and what became of it
    Show {
        /// Its id
        post: String,
    },
    /// Send or plan a post
    Schedule(Schedule),
    /// Write a post anew
    ///
    /// Replaces its parts by --text, --file, --part or standard input; what is not said anew
    /// (pictures, languages, options, the card) stays, and the words do where only such is said.
    Edit(Edit),
    /// Write a version of a post for one channel
    ///
    /// It goes out there in place of the post's own words. What is not said anew (pictures,
    /// languages, options) is taken from what goes out there so far.
    Version(Version),
    /// Delete a post of which nothing was ever sent
    ///
    /// What is planned has to be cancelled first. What was sent keeps its record.
    Delete {
        /// Its id
        post: String,
    },
}

#[derive(Args)]
pub(super) struct Create {
    #[command(flatten)]
    words: Words,
    /// On which channels: id, handle, or network:handle
    #[arg(long = "channel")]
    channels: Vec<String>,
    /// Send it now
    #[arg(long, conflicts_with = "at", requires = "channels")]
    now: bool,
    /// Plan it for a local time, such as 2026-12-24T18:00
    #[arg(long, requires = "channels")]
    at: Option<String>,
    /// In which zone; the workspace's if left out
    #[arg(long, requires = "at")]
    zone: Option<String>,
    /// Wait until it is out everywhere, or needs a person
    #[arg(long)]
    wait: bool,
    /// How long to wait, in seconds
    #[arg(long, default_value_t = 300)]
    timeout: u64,
    /// A key of your own: the same command with the same key writes one post
    #[arg(long)]
    key: Option<String>,
}

#[derive(Args)]
pub(super) struct Schedule {
    /// Which post: its id
    post: String,
    /// On which channels: id, handle, or network:handle
    #[arg(long = "channel", required = true)]
    channels: Vec<String>,
    #[command(flatten)]
    when: When,
    /// Wait until it is out everywhere, or needs a person
    #[arg(long)]
    wait: bool,
}

#[derive(Args)]
pub(super) struct Edit {
    /// Which post: its id
    post: String,
    #[command(flatten)]
    words: Words,
    /// The revision that you read; the newest if left out
    #[arg(long)]
    revision: Option<i64>,
}

#[derive(Args)]
pub(super) struct Version {
    /// Which post: its id
    post: String,
    /// For which channel: id, handle, or network:handle
    #[arg(long)]
    channel: String,
    /// Take the version away: the post's own words go out there again
    #[arg(long, conflicts_with_all = ["text", "file", "parts", "images", "languages", "options", "card"])]
    none: bool,
    #[command(flatten)]
    words: Words,
    /// The revision that you read; the newest if left out
    #[arg(long)]
    revision: Option<i64>,
}

pub(super) async fn run(
    at: &At<'_>,
    command: Command,
    matches: &ArgMatches,
) -> Result<(), Failure> {
    let base = at.base().await?;
    match command {
        Command::Create(create) => write(at, &base, create, matches).await,
        Command::List { limit } => {
            let page = at.client.ask(Ask::get(format!("{base}/posts?limit={limit}"))).await?;
            at.output.show(&page, |page| {
                let row = |each: &Value| {
                    let first = text(&each["content"]["parts"][0]["text"]);
                    vec![text(&each["id"]), text(&each["state"]), short(&first, 60)]
                };
                let rows: Vec<_> = items(page).iter().map(row).collect();
                table(&["POST", "STATE", "TEXT"], &rows)
            });
            Ok(())
        }
        Command::Show { post } => {
            let path = format!("{base}/posts/{}", piece(&post));
            let mut shown = at.client.ask(Ask::get(&path)).await?;
            let made = at.client.ask(Ask::get(format!("{path}/deliveries"))).await?;
            shown["deliveries"] = made["items"].clone();
            at.output.show(&shown, show);
            Ok(())
        }
        Command::Schedule(Schedule { post, channels, when, wait }) => {
            let body = json!({ "channels": ids(at, &base, &channels).await?, "when": when.body() });
            let path = format!("{base}/posts/{}/schedule", piece(&post));
            let planned = at.client.ask(Ask::post(path, &body)).await?;
            warn(at, &planned);
            if wait {
                return await_all(at, &base, &planned, follow::USUAL).await;
            }
            at.output.show(&planned, |planned| deliveries::rows(&list(&planned["deliveries"])));
            Ok(())
        }
        Command::Edit(Edit { post, words, revision }) => {
            let path = format!("{base}/posts/{}", piece(&post));
            let old = at.client.ask(Ask::get(&path)).await?;
            let content = content(at, &base, words, matches, Some(&old["content"])).await?;
            let versions = old["versions"].clone();
            write_anew(at, &path, content, versions, revision, &old).await
        }
        Command::Version(Version { post, channel, none, words, revision }) => {
            let path = format!("{base}/posts/{}", piece(&post));
            let channel = text(&at.channel(&base, &channel).await?["id"]);
            let old = at.client.ask(Ask::get(&path)).await?;
            let mut versions = old["versions"].clone();
            if none {
                if let Some(versions) = versions.as_object_mut() {
                    versions.remove(&channel);
                }
            } else {
                let there = versions.get(&channel).unwrap_or(&old["content"]);
                versions[channel.as_str()] =
                    content(at, &base, words, matches, Some(there)).await?;
            }
            write_anew(at, &path, old["content"].clone(), versions, revision, &old).await
        }
        Command::Delete { post } => {
            at.client.ask(Ask::delete(format!("{base}/posts/{}", piece(&post)))).await?;
            at.output.done(&format!("{post} is deleted"));
            Ok(())
        }
    }
}

async fn write(
    at: &At<'_>,
    base: &str,
    create: Create,
    matches: &ArgMatches,
) -> Result<(), Failure> {
    let Create { words, channels, now, at: local, zone, wait, timeout, key } = create;
    let mut body = json!({ "content": content(at, base, words, matches, None).await? });
    if now || local.is_some() {
        let when = match local {
            Some(local) => json!({ "local": local, "zone": zone }),
            None => json!("now"),
        };
        body["schedule"] = json!({ "channels": ids(at, base, &channels).await?, "when": when });
    } else if wait {
        return Err(Failure::usage("--wait needs --now or --at"));
    }
    let ask = Ask::post(format!("{base}/posts"), &body).with_key(key);
    let made = at.client.ask(ask).await?;
    let planned = &made["scheduled"];
    warn(at, planned);
    if wait {
        at.output.note(&format!("post {}", text(&made["id"])));
        return await_all(at, base, planned, Duration::from_secs(timeout)).await;
    }
    at.output.show(&made, |made| {
        let mut lines = facts(&[("post", text(&made["id"])), ("state", text(&made["state"]))]);
        if !planned.is_null() {
            lines.push_str(&deliveries::rows(&list(&planned["deliveries"])));
        }
        lines
    });
    Ok(())
}

/// Replaces a post as it was read, unless somebody else was faster.
async fn write_anew(
    at: &At<'_>,
    path: &str,
    content: Value,
    versions: Value,
    revision: Option<i64>,
    old: &Value,
) -> Result<(), Failure> {
    let revision = revision.map_or_else(|| old["revision"].clone(), |seen| json!(seen));
    let body = json!({ "content": content, "versions": versions, "revision": revision });
    let new = at.client.ask(Ask::put(path, &body)).await?;
    at.output.show(&new, show);
    Ok(())
}

/// The ids of the channels that are meant.
async fn ids(at: &At<'_>, base: &str, wanted: &[String]) -> Result<Vec<Value>, Failure> {
    let mut ids = Vec::new();
    for each in wanted {
        ids.push(at.channel(base, each).await?["id"].clone());
    }
    Ok(ids)
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

/// Says what is worth a thought about a plan.
fn warn(at: &At<'_>, planned: &Value) {
    for warning in list(&planned["warnings"]) {
        at.output.note(&format!("Note: {}", text(&warning["text"])));
    }
}

async fn await_all(
    at: &At<'_>,
    base: &str,
    planned: &Value,
    limit: Duration,
) -> Result<(), Failure> {
    let ids: Vec<_> = list(&planned["deliveries"]).iter().map(|each| text(&each["id"])).collect();
    follow::wait(at, base, &ids, &Wait { limit, until_down: false }).await
}

fn show(post: &Value) -> String {
    let mut lines = facts(&[
        ("post", text(&post["id"])),
        ("state", text(&post["state"])),
        ("revision", text(&post["revision"])),
        ("changed", text(&post["updated_at"])),
    ]);
    lines.push_str(&words_of(&post["content"]));
    for (channel, version) in post["versions"].as_object().into_iter().flatten() {
        lines.push_str(&format!("\non channel {channel}:\n{}", words_of(version)));
    }
    let made = list(&post["deliveries"]);
    if !made.is_empty() {
        lines.push('\n');
        lines.push_str(&deliveries::rows(&made));
    }
    lines
}

/// The parts of a content, with their pictures.
fn words_of(content: &Value) -> String {
    let mut lines = String::new();
    for part in list(&content["parts"]) {
        lines.push_str(&format!("\n{}\n", text(&part["text"])));
        for medium in list(&part["media"]) {
            let (hash, alt) = (text(&medium["hash"]), text(&medium["alt"]));
            lines.push_str(&format!("[{} {alt}]\n", short(&hash, 13)));
        }
    }
    lines
}
