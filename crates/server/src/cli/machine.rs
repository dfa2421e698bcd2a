//! The sealing key and the clock of the machine.

use clap::Subcommand;
use serde_json::Value;

use super::At;
use super::client::Ask;
use super::exit::Failure;
use super::output::text;

#[derive(Subcommand)]
pub(super) enum KeyCommand {
    /// Seal every stored login with the current key
    ///
    /// After seal.key_file was changed and the server restarted. Exit code 1 if there are logins
    /// that no key opens: they are left as they are. Only for whoever has the machine.
    Reseal,
}

#[derive(Subcommand)]
pub(super) enum ClockCommand {
    /// Say that the clock is right: sending goes on
    ///
    /// After sending stopped because the clock jumped or went back, and you have looked at it.
    Trust,
}

pub(super) async fn key(at: &At<'_>, command: KeyCommand) -> Result<(), Failure> {
    let KeyCommand::Reseal = command;
    let done = at.client.ask(Ask::post("/api/v1/logins/reseal", &Value::Null)).await?;
    at.output.show(&done, |done| format!("{} logins were sealed anew.\n", text(&done["resealed"])));
    let closed: Vec<_> = done["unopened"].as_array().into_iter().flatten().map(text).collect();
    if closed.is_empty() {
        return Ok(());
    }
    Err(Failure::Outcome(format!(
        "No key that is there opens the login of {}. Nothing of theirs was changed. Name the older \
         key in seal.older_key_files, or connect these channels again.",
        closed.join(", ")
    )))
}

pub(super) async fn clock(at: &At<'_>, command: ClockCommand) -> Result<(), Failure> {
    let ClockCommand::Trust = command;
    at.client.ask(Ask::post("/api/v1/clock/trust", &Value::Null)).await?;
    at.output.done("Sending goes on.");
    Ok(())
}
