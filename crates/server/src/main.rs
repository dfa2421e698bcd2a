//! Bellwether: a social media team's whole work in one program.

use std::path::PathBuf;

use bellwether_networks::Registry;
use bellwether_server::config::Flags;
use bellwether_server::{Config, Role};
use clap::{Parser, Subcommand};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(name = "bellwether", version, about)]
struct Cli {
    /// The configuration file.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// The folder for data.
    #[arg(long, global = true)]
    data: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs everything in one process.
    Serve,
    /// Runs pages and API only (over PostgreSQL).
    Web,
    /// Runs the engine only (over PostgreSQL).
    Worker,
}

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let flags = Flags { data: cli.data, ..Flags::default() };
    let config = Config::load(cli.config.as_deref(), &flags)?;
    bellwether_server::start_telemetry(&config.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let role = match cli.command {
        Command::Serve => Role::Serve,
        Command::Web => Role::Web,
        Command::Worker => Role::Worker,
    };
    runtime.block_on(bellwether_server::serve(config, Registry::shipped(), role))
}
