//! Runs chaos and says what it came to.

use std::time::Duration;

use bellwether_testkit::chaos::{Manners, Programs, Round, Target, play};
use bellwether_testkit::plain_network::Variant;
use clap::Parser;

#[derive(Parser)]
struct Options {
    /// Decides everything.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Posts in a round.
    #[arg(long, default_value_t = 60)]
    posts: usize,
    /// Only this network.
    #[arg(long)]
    network: Option<String>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let programs = Programs::beside(&std::env::current_exe()?)?;
    let all = [
        Target::Bluesky,
        Target::Plain(Variant::CreateOnly),
        Target::Plain(Variant::Keys),
        Target::Plain(Variant::NoKeys),
        Target::Plain(Variant::Careful),
        Target::Plain(Variant::Unreadable),
    ];
    let networks = all
        .into_iter()
        .filter(|network| options.network.as_deref().is_none_or(|name| network.name() == name))
        .collect();
    let round = Round {
        name: "one".into(),
        seed: options.seed,
        networks,
        channels: 3,
        posts: options.posts,
        manners: Manners { countdown: 6, faults_one_in: 60 },
        patience: Duration::from_secs(240),
        postgres: None,
    };
    let tally = play(&round, &programs).await?;
    println!("seed {}\n{tally}", options.seed);
    if !tally.is_clean() {
        std::process::exit(1);
    }
    Ok(())
}
