//! What is played in a short run and in a full one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use serde::{Deserialize, Serialize};

use super::killer::Manners;
use super::kin::KIN;
use super::postgres::Postgres;
use super::report::Tally;
use super::round::{Programs, Round, play};
use super::site::Target;
use super::twist::Twist;
use super::{pauses, real};
use crate::standin::Window;

/// Scenes that are played at the same time.
const AT_ONCE: usize = 3;

/// What to play.
#[derive(Clone)]
pub enum Scene {
    /// A round.
    Round(Box<Round>),
    /// Pauses under load.
    Pauses {
        /// How many.
        times: usize,
        /// Where.
        postgres: Arc<Postgres>,
    },
    /// The real Bluesky server.
    Real {
        /// How many deliveries.
        deliveries: usize,
    },
}

/// How much is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Size {
    /// Under two minutes.
    Short,
    /// Within 40 minutes on two cores.
    Full,
}

/// The scenes of a run, in order, with their names. What cannot be played
/// here is said on standard error.
pub fn scenes(size: Size, seed: u64, postgres: Option<&Arc<Postgres>>) -> Vec<(String, Scene)> {
    let is_full = size == Size::Full;
    let mut scenes = Vec::new();
    let mut round = |name: String, change: &dyn Fn(&mut Round)| {
        let mut round = Round {
            name: name.clone(),
            seed,
            networks: Round::plain(),
            channels: if is_full { 8 } else { 4 },
            posts: if is_full { 330 } else { 36 },
            span: Duration::ZERO,
            manners: Some(Manners { countdown: if is_full { 4 } else { 3 }, faults_one_in: 80 }),
            twist: Twist::None,
            kill_for: Duration::from_secs(if is_full { 150 } else { 40 }),
            patience: Duration::from_secs(if is_full { 480 } else { 200 }),
            postgres: None,
        };
        change(&mut round);
        scenes.push((name, Scene::Round(Box::new(round))));
    };
    for n in 1..=if is_full { 5 } else { 1 } {
        round(format!("sqlite bluesky {n}"), &|round| {
            round.networks = vec![Target::Bluesky];
            round.channels = 6;
            round.posts *= 2;
        });
        round(format!("sqlite plain {n}"), &|_| {});
    }
    if let Some(postgres) = postgres {
        for n in 1..=if is_full { 6 } else { 1 } {
            round(format!("postgres two workers {n}"), &|round| {
                round.postgres = Some(Arc::clone(postgres));
                round.networks = if is_full { Round::all() } else { Round::plain() };
                if !is_full {
                    // What a dead worker had claimed is free after a minute.
                    round.kill_for = Duration::from_secs(15);
                }
            });
        }
    }
    if is_full {
        for flavour in KIN {
            round(format!("sqlite {}", flavour.name()), &|round| {
                round.networks = vec![Target::Mastodon(flavour)];
                round.posts = 150;
            });
        }
        for twist in [Twist::Stopped, Twist::Restarted, Twist::Deaf, Twist::Clock, Twist::Full] {
            let needs_postgres = matches!(twist, Twist::Stopped | Twist::Restarted | Twist::Deaf);
            if let Some(why) = twist.missing() {
                eprintln!("left out: {}: {why}", twist.name());
                continue;
            }
            if needs_postgres && postgres.is_none() {
                continue;
            }
            round(twist.name().to_owned(), &|round| {
                round.twist = twist;
                round.posts = 150;
                round.channels = 4;
                if needs_postgres {
                    round.postgres = postgres.cloned();
                }
                round.span = Duration::from_secs(100);
                if twist == Twist::Stopped {
                    // Much at once: whoever is stopped must have claimed something.
                    round.posts = 400;
                    round.channels = 8;
                    round.span = Duration::from_secs(20);
                }
                if matches!(twist, Twist::Stopped | Twist::Clock) {
                    // Killing would end what is to be tried.
                    round.manners = None;
                }
                if twist == Twist::Full {
                    round.manners = Some(Manners { countdown: 12, faults_one_in: 0 });
                }
            });
        }
    }
    if let Some(postgres) = postgres {
        let times = if is_full { 1000 } else { 20 };
        let scene = Scene::Pauses { times, postgres: Arc::clone(postgres) };
        scenes.push((format!("{times} pauses"), scene));
    }
    if is_full {
        scenes.push(("the real bluesky server".to_owned(), Scene::Real { deliveries: 60 }));
    }
    scenes
}

/// What a run that is to prove something must have done, and has not.
pub fn shortfall(size: Size, sum: &Tally) -> Vec<String> {
    let (acts, kills, in_each) = match size {
        Size::Short => (0, 0, 1),
        Size::Full => (10_000, 1_000, 50),
    };
    let mut short = Vec::new();
    if sum.acts < acts {
        short.push(format!("{} acts of {acts}", sum.acts));
    }
    if sum.all_kills() < kills {
        short.push(format!("{} kills of {kills}", sum.all_kills()));
    }
    for window in Window::ALL {
        let killed = sum.kills.get(window.name()).copied().unwrap_or(0);
        if killed < in_each {
            short.push(format!("{killed} kills of {in_each} at {}", window.name()));
        }
    }
    short
}

/// What is over, to be gone on with later.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Progress {
    /// The seed of the run.
    pub seed: u64,
    /// Scenes that are over.
    pub over: BTreeMap<String, Tally>,
    #[serde(skip)]
    file: Option<PathBuf>,
}

impl Progress {
    /// From `file`, if it is there and of the same seed.
    pub fn open(file: Option<&Path>, seed: u64) -> anyhow::Result<Self> {
        let fresh = Self { seed, over: BTreeMap::new(), file: file.map(Path::to_owned) };
        let Some(text) = file.and_then(|file| std::fs::read_to_string(file).ok()) else {
            return Ok(fresh);
        };
        let known: Self = serde_json::from_str(&text)?;
        anyhow::ensure!(known.seed == seed, "that run had the seed {}", known.seed);
        Ok(Self { over: known.over, ..fresh })
    }

    fn save(&self) -> anyhow::Result<()> {
        if let Some(file) = &self.file {
            std::fs::write(file, serde_json::to_string_pretty(self)?)?;
        }
        Ok(())
    }

    /// All of it together.
    pub fn sum(&self) -> Tally {
        self.over.values().fold(Tally::default(), |mut sum, tally| {
            sum.add(tally);
            sum
        })
    }
}

/// Plays what is not over yet and says how each scene ended.
pub async fn run(
    scenes: Vec<(String, Scene)>,
    programs: &Programs,
    progress: &mut Progress,
) -> anyhow::Result<()> {
    let seed = progress.seed;
    let mut left = Vec::new();
    for (name, scene) in scenes {
        if progress.over.contains_key(&name) {
            println!("{name}: over already");
        } else {
            left.push((name, scene));
        }
    }
    let played = left.into_iter().map(|(name, scene)| async move {
        let tally = match scene {
            Scene::Round(round) => Some(play(&round, programs).await?),
            Scene::Pauses { times, postgres } => {
                Some(pauses::play(&postgres, &programs.chaos_node, seed, times).await?)
            }
            Scene::Real { deliveries } => real::play(programs, seed, deliveries).await?,
        };
        anyhow::Ok((name, tally))
    });
    // Much of a scene is waiting for leases, so several go on at once.
    let mut played = std::pin::pin!(futures::stream::iter(played).buffer_unordered(AT_ONCE));
    while let Some(done) = played.next().await {
        let (name, Some(tally)) = done? else { continue };
        println!("{name} (seed {seed})\n{tally}");
        progress.over.insert(name, tally);
        progress.save()?;
    }
    Ok(())
}
