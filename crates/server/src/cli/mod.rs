//! The command line: a client of the API, like any other.
//!
//! It talks to the server that runs on this machine (through the socket in
//! the data folder), to one elsewhere (`--server`), or, if none runs, opens
//! the installation itself and asks the same router within the process. So
//! there is one set of rules, and nothing here knows the database.

mod channels;
mod client;
mod configuration;
mod deliveries;
mod doctor;
mod events;
mod exit;
mod follow;
mod links;
mod machine;
mod media;
mod networks;
mod output;
mod owner;
mod pauses;
mod people;
mod posts;
mod starting;
mod tokens;
mod values;
mod workspaces;

use std::path::PathBuf;
use std::process::ExitCode;

use bellwether_networks::Registry;
use clap::{ArgMatches, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::config::Flags;
use crate::{Config, Role};
use client::Client;
use exit::Failure;
use output::Output;

/// Bellwether: a social media team's whole work in one program.
#[derive(Parser)]
#[command(name = "bellwether", version, about, after_help = exit::HELP)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Args)]
struct Global {
    /// The configuration file
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder for data
    #[arg(long, global = true, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// The address of a server elsewhere
    #[arg(long, global = true, value_name = "URL", env = "BELLWETHER_SERVER")]
    server: Option<url::Url>,
    /// The file with the API token for --server; else BELLWETHER_TOKEN is taken
    #[arg(long, global = true, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// The workspace, by name or id; may be left out where there is only one
    #[arg(long, short, global = true, value_name = "WORKSPACE")]
    workspace: Option<String>,
    /// Print what the API answers, as JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Run everything in one process
    Serve(Listen),
    /// Run pages and API only (over PostgreSQL)
    Web(Listen),
    /// Run the engine only (over PostgreSQL)
    Worker,
    /// The first owner
    #[command(subcommand)]
    Owner(owner::Command),
    /// The team, and what proves each of them
    #[command(subcommand)]
    People(people::Command),
    /// Brands or clients
    #[command(subcommand)]
    Workspace(workspaces::Command),
    /// What can be connected
    #[command(subcommand)]
    Network(networks::Command),
    /// Connected profiles
    #[command(subcommand)]
    Channel(channels::Command),
    /// Stored pictures
    #[command(subcommand)]
    Media(media::Command),
    /// What the team writes
    #[command(subcommand)]
    Post(posts::Command),
    /// What became of posts
    #[command(subcommand)]
    Delivery(deliveries::Command),
    /// What happened, and who did it
    ///
    /// With --json each event is one line.
    Events(events::Events),
    /// Stop publishing, or list what is stopped
    Pause(pauses::Pause),
    /// Let publishing go on
    Resume(pauses::Resume),
    /// API tokens
    #[command(subcommand)]
    Token(tokens::Command),
    /// Text as networks count it
    #[command(subcommand)]
    Text(networks::TextCommand),
    /// The key that seals stored logins
    #[command(subcommand)]
    Key(machine::KeyCommand),
    /// The clock that sending goes by
    #[command(subcommand)]
    Clock(machine::ClockCommand),
    /// The settings
    #[command(subcommand)]
    Config(configuration::Command),
    /// Look the installation over, and say what to do
    ///
    /// Exit code 0: all is well; 1: something is worth a look; 2: something does not work.
    Doctor,
    /// Print the description of the API
    Openapi,
}

#[derive(Args)]
struct Listen {
    /// Where to listen, such as 127.0.0.1:8080
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<std::net::SocketAddr>,
}

/// Runs the command that this process was started with, over `registry`.
pub fn main(registry: Registry) -> ExitCode {
    let matches = Cli::command().get_matches();
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    let output = Output::new(cli.global.json);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return output.fail(&Failure::Internal(error.into())),
    };
    match runtime.block_on(run(cli, &matches, registry, &output)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => output.fail(&failure),
    }
}

async fn run(
    cli: Cli,
    matches: &ArgMatches,
    registry: Registry,
    output: &Output,
) -> Result<(), Failure> {
    let Cli { global, command } = cli;
    let role = match &command {
        Command::Serve(listen) => Some((Role::Serve, listen.listen)),
        Command::Web(listen) => Some((Role::Web, listen.listen)),
        Command::Worker => Some((Role::Worker, None)),
        _ => None,
    };
    if let Some((role, listen)) = role {
        let flags = Flags { data: global.data, listen };
        let config = Config::load(global.config.as_deref(), &flags)?;
        crate::start_telemetry(&config.log)?;
        return Ok(crate::serve(config, registry, role).await?);
    }
    if let Command::Openapi = command {
        output.raw(&bellwether_web::api::document_json());
        return Ok(());
    }
    if let Command::Text(command) = &command
        && command.is_alone()
    {
        return networks::measure_alone(command, &registry, output);
    }
    if let Command::Doctor = command {
        return doctor::run(&global, registry, output).await;
    }
    if let Command::Config(command) = &command {
        return configuration::run(&global, &registry, command, output);
    }
    let may_found = matches!(command, Command::Owner(_));
    let client = Client::open(&global, registry, may_found).await?;
    let at = At { client: &client, workspace: global.workspace.as_deref(), output };
    let done = match command {
        Command::Owner(command) => owner::run(&at, command).await,
        Command::People(command) => people::run(&at, command).await,
        Command::Workspace(command) => workspaces::run(&at, command).await,
        Command::Network(command) => networks::run(&at, command).await,
        Command::Channel(command) => channels::run(&at, command).await,
        Command::Media(command) => media::run(&at, command).await,
        Command::Post(command) => posts::run(&at, command, innermost(matches)).await,
        Command::Delivery(command) => deliveries::run(&at, command).await,
        Command::Events(events) => events::run(&at, events).await,
        Command::Pause(pause) => pauses::run(&at, pause).await,
        Command::Resume(resume) => pauses::resume(&at, resume).await,
        Command::Token(command) => tokens::run(&at, command).await,
        Command::Text(command) => networks::measure(&at, command).await,
        Command::Key(command) => machine::key(&at, command).await,
        Command::Clock(command) => machine::clock(&at, command).await,
        Command::Serve(_)
        | Command::Web(_)
        | Command::Worker
        | Command::Doctor
        | Command::Openapi
        | Command::Config(_) => Ok(()),
    };
    client.close().await;
    done
}

/// What a command is handed.
struct At<'a> {
    client: &'a Client,
    workspace: Option<&'a str>,
    output: &'a Output,
}

/// The matches of the command itself, which know the order of its flags.
fn innermost(mut matches: &ArgMatches) -> &ArgMatches {
    while let Some((_, inner)) = matches.subcommand() {
        matches = inner;
    }
    matches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_contradict_nothing() {
        Cli::command().debug_assert();
    }
}
