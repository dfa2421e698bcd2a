//! The first owner.

use clap::{Args, Subcommand};
use serde_json::json;

use super::client::Ask;
use super::exit::Failure;
use super::links::stdin_line;
use super::output::{facts, text};
use super::{At, values};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make the organization, its owner and its first workspace
    ///
    /// The password is read from standard input. Only for whoever has the machine.
    Create(Create),
}

#[derive(Args)]
pub(super) struct Create {
    /// Their name
    #[arg(long)]
    name: String,
    /// What they sign in with
    #[arg(long)]
    email: String,
    /// The language that the product speaks to them
    #[arg(long, default_value = "en", value_parser = values::language())]
    language: String,
    /// The company's or agency's name
    #[arg(long)]
    organization: String,
    /// The first brand's or client's name
    #[arg(long)]
    brand: String,
    /// Its time zone, such as Europe/Paris
    #[arg(long, default_value = "UTC")]
    zone: String,
}

pub(super) async fn run(at: &At<'_>, command: Command) -> Result<(), Failure> {
    let Command::Create(Create { name, email, language, organization, brand, zone }) = command;
    let body = json!({
        "name": name,
        "email": email,
        "password": stdin_line().await?,
        "language": language,
        "organization": organization,
        "workspace": brand,
        "time_zone": zone,
    });
    let made = at.client.ask(Ask::post("/api/v1/owner", &body)).await?;
    at.output.show(&made, |made| {
        facts(&[
            ("owner", text(&made["person"])),
            ("organization", text(&made["organization"])),
            ("workspace", text(&made["workspace"])),
        ])
    });
    Ok(())
}
