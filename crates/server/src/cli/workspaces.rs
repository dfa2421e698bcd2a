//! Brands or clients.

use clap::Subcommand;
use serde_json::{Value, json};

use super::At;
use super::client::Ask;
use super::exit::Failure;
use super::output::{items, table, text};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make a workspace
    Create {
        /// As people will call it
        name: String,
        /// Its time zone, such as Europe/Paris
        #[arg(long)]
        zone: String,
    },
    /// List workspaces
    List,
}

pub(super) async fn run(at: &At<'_>, command: Command) -> Result<(), Failure> {
    match command {
        Command::Create { name, zone } => {
            let body = json!({ "name": name, "time_zone": zone });
            let made = at.client.ask(Ask::post("/api/v1/workspaces", &body)).await?;
            at.output.show(&made, |made| rows(std::slice::from_ref(made)));
        }
        Command::List => {
            let all = at.all("/api/v1/workspaces").await?;
            at.output.show(&all, |all| rows(items(all)));
        }
    }
    Ok(())
}

fn rows(workspaces: &[Value]) -> String {
    let row = |each: &Value| vec![text(&each["id"]), text(&each["time_zone"]), text(&each["name"])];
    table(&["ID", "ZONE", "NAME"], &workspaces.iter().map(row).collect::<Vec<_>>())
}
