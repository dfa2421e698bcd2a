//! Runs chaos and says what it came to.
//!
//! ```text
//! chaos --size full --seed 7 --resume chaos.json
//! chaos --size short --only 'sqlite plain'
//! ```

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use bellwether_testkit::chaos::plan::{Progress, Size, run, scenes, shortfall};
use bellwether_testkit::chaos::{Postgres, Programs};
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

#[derive(Parser)]
#[command(about = "Kills the product at every moment, and counts what was lost or doubled")]
struct Options {
    /// How much is played
    #[arg(long, default_value = "full")]
    size: Size,
    /// Decides everything that chance decides
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where finished scenes are written down; those in it are not played again. Without a name:
    /// chaos-<seed>.json in the folder for temporary files
    #[arg(long, num_args = 0..=1)]
    #[expect(
        clippy::option_option,
        reason = "not given, given, given with a file: as clap reads it"
    )]
    resume: Option<Option<PathBuf>>,
    /// Only scenes of which the name holds this; may be given more than once
    #[arg(long)]
    only: Vec<String>,
    /// Without PostgreSQL
    #[arg(long)]
    sqlite: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    println!("seed {}", options.seed);
    let programs = Programs::beside(&std::env::current_exe()?)?;
    let postgres = if options.sqlite { None } else { Postgres::start()?.map(Arc::new) };
    let mut all = scenes(options.size, options.seed, postgres.as_ref());
    if !options.only.is_empty() {
        all.retain(|(name, _)| options.only.iter().any(|part| name.contains(part)));
    }
    let resume = options.resume.map(|file| {
        file.unwrap_or_else(|| std::env::temp_dir().join(format!("chaos-{}.json", options.seed)))
    });
    let mut progress = Progress::open(resume.as_deref(), options.seed)?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        // What is dropped here takes its processes along.
        done = run(all, &programs, &mut progress) => done?,
        _ = terminate.recv() => return Ok(ExitCode::FAILURE),
        _ = tokio::signal::ctrl_c() => return Ok(ExitCode::FAILURE),
    }
    let sum = progress.sum();
    println!("all together (seed {})\n{sum}", options.seed);
    let short = if options.only.is_empty() { shortfall(options.size, &sum) } else { Vec::new() };
    for line in &short {
        println!("too little: {line}");
    }
    Ok(if sum.is_clean() && short.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
