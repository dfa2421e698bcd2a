//! The team, and what proves each of them.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::client::Ask;
use super::exit::Failure;
use super::links::{pick, piece, stdin_line};
use super::output::{facts, items, table, text};
use super::{At, values};

#[derive(Subcommand)]
pub(super) enum Command {
    /// List everybody
    List,
    /// Add somebody
    ///
    /// The password that they sign in with at first is read from standard input.
    Add(Add),
    /// Give somebody another role in all workspaces
    Role {
        #[command(flatten)]
        who: Who,
        /// Which; none takes it away
        #[arg(value_parser = values::role_or_none())]
        role: String,
    },
    /// Shut somebody out, at once
    Deactivate(Who),
    /// Let somebody in again
    Activate(Who),
    /// Set a forgotten password
    ///
    /// The new one is read from standard input. Ends all their sessions. Only for whoever has the
    /// machine.
    Password(Who),
    /// List the browsers in which somebody is signed in
    Sessions(Who),
    /// Sign somebody out, everywhere or in one browser
    SignOut {
        #[command(flatten)]
        who: Who,
        /// Only this session: its id
        #[arg(long)]
        session: Option<String>,
    },
    /// List who has a role of their own in the workspace
    Members,
    /// Give somebody a role in the workspace
    Place {
        #[command(flatten)]
        who: Who,
        /// Which
        #[arg(value_parser = values::role_there())]
        role: String,
    },
    /// Take somebody's role in the workspace away
    Displace(Who),
}

#[derive(Args)]
pub(super) struct Who {
    /// Who: their e-mail address or id
    person: String,
}

#[derive(Args)]
pub(super) struct Add {
    /// Their name
    #[arg(long)]
    name: String,
    /// What they sign in with
    #[arg(long)]
    email: String,
    /// The language that the product speaks to them
    #[arg(long, default_value = "en", value_parser = values::language())]
    language: String,
    /// What they are in all workspaces
    #[arg(long, value_parser = values::role())]
    role: Option<String>,
}

pub(super) async fn run(at: &At<'_>, command: Command) -> Result<(), Failure> {
    match command {
        Command::List => {
            let all = at.all("/api/v1/people").await?;
            at.output.show(&all, |all| {
                let rows: Vec<_> = items(all).iter().map(row).collect();
                table(&["ID", "ROLE", "STATE", "EMAIL", "NAME"], &rows)
            });
        }
        Command::Add(Add { name, email, language, role }) => {
            let password = stdin_line().await?;
            let body = json!({
                "name": name, "email": email, "password": password,
                "language": language, "role": role,
            });
            let made = at.client.ask(Ask::post("/api/v1/people", &body)).await?;
            at.output.show(&made, show);
        }
        Command::Role { who, role } => {
            let path = format!("{}/role", address(at, &who).await?);
            let role = if role == "none" { Value::Null } else { json!(role) };
            let changed = at.client.ask(Ask::put(path, &json!({ "role": role }))).await?;
            at.output.show(&changed, show);
        }
        Command::Deactivate(who) => change(at, &who, "deactivate").await?,
        Command::Activate(who) => change(at, &who, "activate").await?,
        Command::Password(Who { person }) => {
            let body = json!({ "email": person, "password": stdin_line().await? });
            let set = at.client.ask(Ask::post("/api/v1/password-resets", &body)).await?;
            at.output.show(&set, |_| {
                format!("The password of {person} is set, and their sessions have ended.\n")
            });
        }
        Command::Sessions(who) => {
            let all = at.all(&format!("{}/sessions", address(at, &who).await?)).await?;
            at.output.show(&all, |all| {
                let names = ["id", "seen_at", "expires_at", "user_agent"];
                let row = |each: &Value| names.iter().map(|name| text(&each[*name])).collect();
                let rows: Vec<_> = items(all).iter().map(row).collect();
                table(&["ID", "LAST USED", "ENDS", "BROWSER"], &rows)
            });
        }
        Command::SignOut { who, session } => {
            let path = format!("{}/sessions", address(at, &who).await?);
            let path = match session {
                Some(session) => format!("{path}/{}", piece(&session)),
                None => path,
            };
            at.client.ask(Ask::delete(path)).await?;
            at.output.done(&format!("{} is signed out.", who.person));
        }
        Command::Members => {
            let all = at.all(&format!("{}/members", at.base().await?)).await?;
            at.output.show(&all, |all| {
                let names = ["person", "role", "name"];
                let row = |each: &Value| names.iter().map(|name| text(&each[*name])).collect();
                let rows: Vec<_> = items(all).iter().map(row).collect();
                table(&["PERSON", "ROLE", "NAME"], &rows)
            });
        }
        Command::Place { who, role } => {
            let path = member(at, &who).await?;
            at.client.ask(Ask::put(path, &json!({ "role": role }))).await?;
            at.output.done(&format!("{} is {role} there.", who.person));
        }
        Command::Displace(who) => {
            let path = member(at, &who).await?;
            at.client.ask(Ask::delete(path)).await?;
            at.output.done(&format!("{} has no role of their own there any more.", who.person));
        }
    }
    Ok(())
}

async fn change(at: &At<'_>, who: &Who, deed: &str) -> Result<(), Failure> {
    let path = format!("{}/{deed}", address(at, who).await?);
    let changed = at.client.ask(Ask::post(path, &Value::Null)).await?;
    at.output.show(&changed, show);
    Ok(())
}

/// The id of the person that is meant.
async fn id(at: &At<'_>, who: &Who) -> Result<String, Failure> {
    let known = at.all("/api/v1/people").await?;
    let names = |each: &Value| vec![text(&each["id"]), text(&each["email"])];
    Ok(text(&pick(items(&known), &who.person, "person", names)?["id"]))
}

async fn address(at: &At<'_>, who: &Who) -> Result<String, Failure> {
    Ok(format!("/api/v1/people/{}", id(at, who).await?))
}

async fn member(at: &At<'_>, who: &Who) -> Result<String, Failure> {
    Ok(format!("{}/members/{}", at.base().await?, id(at, who).await?))
}

fn state(person: &Value) -> String {
    if person["is_active"] == true { "active" } else { "shut out" }.to_owned()
}

fn row(person: &Value) -> Vec<String> {
    vec![
        text(&person["id"]),
        text(&person["role"]),
        state(person),
        text(&person["email"]),
        text(&person["name"]),
    ]
}

fn show(person: &Value) -> String {
    facts(&[
        ("person", text(&person["id"])),
        ("name", text(&person["name"])),
        ("email", text(&person["email"])),
        ("role", text(&person["role"])),
        ("state", state(person)),
    ])
}
