//! Connected profiles.

use std::collections::BTreeMap;

use bellwether_base::uuid::Uuid;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::At;
use super::client::Ask;
use super::exit::Failure;
use super::links::{piece, stdin_line};
use super::output::{facts, items, table, text};

/// Steps that a login may have; more is a circle.
const MOST_STEPS: usize = 10;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Connect a profile, or give a known one a new login
    ///
    /// Without fields it prints what the network asks for.
    Connect(Connect),
    /// List channels
    List,
    /// Show a channel
    Show {
        /// Its id, its handle, or network:handle
        channel: String,
    },
    /// List what was asked of its network and how that ended, newest first
    Calls {
        /// Its id, its handle, or network:handle
        channel: String,
        /// How many
        #[arg(long, default_value_t = 50)]
        limit: u16,
    },
    /// Remove a channel
    ///
    /// What is out stays out. What is planned on it is held, and goes on if the same profile is
    /// connected again in time.
    Remove {
        /// Its id, its handle, or network:handle
        channel: String,
        /// Cancel what is planned on it
        #[arg(long)]
        cancel_planned: bool,
    },
}

#[derive(Args)]
pub(super) struct Connect {
    /// On which network
    #[arg(long)]
    network: String,
    /// An answer that the network's login asks for
    #[arg(long = "field", value_name = "NAME=VALUE")]
    fields: Vec<String>,
    /// The name of an answer that is read from standard input, such as a password
    #[arg(long, value_name = "NAME")]
    secret_stdin: Option<String>,
    /// Which profile, where the login leads to several: its handle or id
    #[arg(long)]
    choose: Option<String>,
}

pub(super) async fn run(at: &At<'_>, command: Command) -> Result<(), Failure> {
    let base = at.base().await?;
    match command {
        Command::Connect(how) => connect(at, &base, how).await?,
        Command::List => {
            let all = at.all(&format!("{base}/channels")).await?;
            at.output.show(&all, |all| {
                let row = |each: &Value| {
                    vec![
                        text(&each["id"]),
                        text(&each["network"]),
                        text(&each["state"]),
                        format!("@{}", text(&each["handle"])),
                    ]
                };
                let rows: Vec<_> = items(all).iter().map(row).collect();
                table(&["ID", "NETWORK", "STATE", "HANDLE"], &rows)
            });
        }
        Command::Show { channel } => {
            let channel = at.channel(&base, &channel).await?;
            at.output.show(&channel, show);
        }
        Command::Calls { channel, limit } => {
            let id = text(&at.channel(&base, &channel).await?["id"]);
            let path = format!("{base}/channels/{id}/calls?limit={limit}");
            let page = at.client.ask(Ask::get(path)).await?;
            at.output.show(&page, calls);
        }
        Command::Remove { channel, cancel_planned } => {
            // A removed one is in no list, and may still hold something.
            let id = match channel.parse::<Uuid>() {
                Ok(id) => id.to_string(),
                Err(_) => text(&at.channel(&base, &channel).await?["id"]),
            };
            let planned = if cancel_planned { "cancelled" } else { "held" };
            let path = format!("{base}/channels/{id}?planned={planned}");
            let removed = at.client.ask(Ask::delete(path)).await?;
            at.output.show(&removed, |removed| {
                let deliveries = text(&removed["deliveries"]);
                format!("{id} is removed; planned on it, now {planned}: {deliveries}\n")
            });
        }
    }
    Ok(())
}

fn calls(page: &Value) -> String {
    let row = |each: &Value| {
        let outcome = if each["status"].is_null() { &each["trouble"] } else { &each["status"] };
        let call = [&each["method"], &each["host"], &each["path"]].map(text);
        let [method, host, path] = call;
        vec![
            text(&each["at"]),
            text(outcome),
            format!("{} ms", text(&each["milliseconds"])),
            format!("{method} {host}{path}"),
        ]
    };
    let rows: Vec<_> = items(page).iter().map(row).collect();
    table(&["AT", "OUTCOME", "TOOK", "CALL"], &rows)
}

fn show(channel: &Value) -> String {
    facts(&[
        ("channel", text(&channel["id"])),
        ("network", text(&channel["network"])),
        ("handle", format!("@{}", text(&channel["handle"]))),
        ("name", text(&channel["display_name"])),
        ("server", text(&channel["server"])),
        ("state", text(&channel["state"])),
        ("trouble", text(&channel["trouble"]["text"])),
        ("login ends", text(&channel["login_ends_at"])),
        ("last success", text(&channel["last_success_at"])),
    ])
}

async fn connect(at: &At<'_>, base: &str, how: Connect) -> Result<(), Failure> {
    let Connect { network, fields, secret_stdin, choose } = how;
    let mut answers = BTreeMap::new();
    for field in fields {
        let (name, value) = field
            .split_once('=')
            .ok_or_else(|| Failure::usage(format!("--field {field:?}: it is NAME=VALUE")))?;
        answers.insert(name.to_owned(), value.to_owned());
    }
    let asks_only = answers.is_empty() && secret_stdin.is_none();
    if let Some(name) = secret_stdin {
        answers.insert(name, stdin_line().await?);
    }
    let path = format!("{base}/channels/connect/{}", piece(&network));
    let mut step = at.client.ask(Ask::post(&path, &Value::Null)).await?;
    if asks_only && !step["fields"].is_null() {
        at.output.show(&step, questions);
        return Ok(());
    }
    for _ in 0..MOST_STEPS {
        if step["id"].is_string() {
            at.output.show(&step, show);
            return Ok(());
        }
        let given = match step["choices"].as_array() {
            Some(choices) => json!({ "choice": chosen(choices, choose.as_deref())? }),
            None => json!(answer(&step, &answers)?),
        };
        let body = json!({ "state": step["state"], "answers": given });
        step = at.client.ask(Ask::post(&path, &body)).await?;
    }
    Err(Failure::Outcome("The network's login goes round in a circle.".to_owned()))
}

/// The answers to this step's questions, out of all that were given.
fn answer(step: &Value, given: &BTreeMap<String, String>) -> Result<Value, Failure> {
    let mut answers = serde_json::Map::new();
    let fields = step["fields"].as_array().map_or(&[][..], Vec::as_slice);
    for field in fields {
        let name = text(&field["name"]);
        let value = given.get(&name).cloned().or_else(|| field["default"].as_str().map(Into::into));
        match value {
            Some(value) => {
                answers.insert(name, value.into());
            }
            None if field["required"] == true => {
                return Err(Failure::usage(format!(
                    "The login asks for {name:?} as well:\n{}",
                    questions(step)
                )));
            }
            None => {}
        }
    }
    let unknown = given.keys().find(|name| fields.iter().all(|field| field["name"] != **name));
    if let Some(name) = unknown {
        return Err(Failure::usage(format!(
            "The login does not ask for {name:?}. It asks for:\n{}",
            questions(step)
        )));
    }
    Ok(Value::Object(answers))
}

fn questions(step: &Value) -> String {
    let fields = step["fields"].as_array().map_or(&[][..], Vec::as_slice);
    let row = |field: &Value| {
        let name = text(&field["name"]);
        let flag = if field["kind"] == "secret" {
            format!("--secret-stdin {name}")
        } else {
            format!("--field {name}=...")
        };
        vec![flag, text(&field["default"]), text(&field["label"])]
    };
    table(&["FLAG", "DEFAULT", "WHAT"], &fields.iter().map(row).collect::<Vec<_>>())
}

fn chosen(choices: &[Value], wanted: Option<&str>) -> Result<Value, Failure> {
    let names = |each: &Value| [text(&each["handle"]), text(&each["remote_id"])];
    let all = || {
        let handles: Vec<_> = choices.iter().map(|each| text(&each["handle"])).collect();
        handles.join(", ")
    };
    let wanted = wanted
        .ok_or_else(|| Failure::usage(format!("--choose one of these profiles: {}", all())))?;
    choices
        .iter()
        .find(|each| names(each).iter().any(|name| name == wanted))
        .map(|each| each["remote_id"].clone())
        .ok_or_else(|| Failure::NotFound(format!("{wanted:?} is none of these: {}", all())))
}
