//! API tokens.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::client::Ask;
use super::exit::Failure;
use super::links::piece;
use super::output::{facts, items, table, text};
use super::{At, values};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make a token; its secret is shown once
    Create(Create),
    /// List tokens
    List {
        /// Those of the whole organization
        #[arg(long)]
        everywhere: bool,
    },
    /// Put an end to a token
    Revoke {
        /// Its id
        token: String,
    },
}

#[derive(Args)]
pub(super) struct Create {
    /// What it is for
    #[arg(long)]
    name: String,
    /// What it may do; several with commas
    #[arg(long = "scope", required = true, value_delimiter = ',', value_parser = values::scope())]
    scopes: Vec<String>,
    /// When it ends, such as 2027-01-01T00:00:00Z
    #[arg(long, value_parser = values::moment)]
    expires: Option<String>,
    /// Good in every workspace
    #[arg(long)]
    everywhere: bool,
}

pub(super) async fn run(at: &At<'_>, command: Command) -> Result<(), Failure> {
    match command {
        Command::Create(Create { name, scopes, expires, everywhere }) => {
            let base = if everywhere { "/api/v1".to_owned() } else { at.base().await? };
            let body = json!({ "name": name, "scopes": scopes, "expires_at": expires });
            let made = at.client.ask(Ask::post(format!("{base}/tokens"), &body)).await?;
            at.output.show(&made, |made| {
                facts(&[("token", text(&made["id"])), ("secret", text(&made["secret"]))])
            });
        }
        Command::List { everywhere } => {
            let base = if everywhere { "/api/v1".to_owned() } else { at.base().await? };
            let all = at.all(&format!("{base}/tokens")).await?;
            at.output.show(&all, |all| {
                let rows: Vec<_> = items(all).iter().map(row).collect();
                table(&["ID", "PREFIX", "STATE", "SCOPES", "NAME"], &rows)
            });
        }
        Command::Revoke { token } => {
            at.client.ask(Ask::delete(format!("/api/v1/tokens/{}", piece(&token)))).await?;
            at.output.done(&format!("{token} is no good any more"));
        }
    }
    Ok(())
}

fn row(token: &Value) -> Vec<String> {
    let state = match (&token["revoked_at"], &token["expires_at"]) {
        (Value::String(_), _) => "revoked".to_owned(),
        (_, Value::String(at)) => format!("until {at}"),
        _ => "good".to_owned(),
    };
    let scopes = token["scopes"].as_array().into_iter().flatten().map(text);
    vec![
        text(&token["id"]),
        text(&token["prefix"]),
        state,
        scopes.collect::<Vec<_>>().join(","),
        text(&token["name"]),
    ]
}
