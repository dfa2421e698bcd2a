//! The program as it ships, with the plain networks and a quick Mastodon beside the
//! shipped ones.
//! Nothing else differs.

use std::path::PathBuf;

use bellwether_server::config::Flags;
use bellwether_server::{Config, Role};
use bellwether_testkit::{plain_network, quick_mastodon};
use clap::{Parser, ValueEnum};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
struct Options {
    role: Part,
    /// The folder for data.
    #[arg(long)]
    data: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Part {
    Serve,
    Web,
    Worker,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let flags = Flags { data: options.data, ..Flags::default() };
    let config = Config::load(None, &flags)?;
    bellwether_server::start_telemetry(&config.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let role = match options.role {
        Part::Serve => Role::Serve,
        Part::Web => Role::Web,
        Part::Worker => Role::Worker,
    };
    runtime.block_on(bellwether_server::serve(
        config,
        quick_mastodon::with(plain_network::registry()),
        role,
    ))
}
