//! One round: an installation is filled, run, killed over and over until
//! everything is out, and judged.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::dice::Dice;
use super::killer::{Handle, Killer, Manners};
use super::node::Node;
use super::report::Tally;
use super::site::{Site, Target};
use super::truth;
use crate::plain_network::Variant;
use crate::standin::Faults;

/// The programs under test.
#[derive(Debug, Clone)]
pub struct Programs {
    /// As it ships; absent where it was not built.
    pub bellwether: Option<PathBuf>,
    /// The same with the plain networks.
    pub chaos_node: PathBuf,
}

impl Programs {
    /// Beside `program`, which is one of this build's.
    pub fn beside(program: &Path) -> anyhow::Result<Self> {
        let dir = program.parent().context("no folder")?;
        let dir = if dir.ends_with("deps") { dir.parent().context("no folder")? } else { dir };
        let bellwether = Some(dir.join("bellwether")).filter(|path| path.is_file());
        if bellwether.is_none() {
            eprintln!("the shipped program is not built; chaos-node takes its place");
        }
        Ok(Self { bellwether, chaos_node: dir.join("chaos-node") })
    }
}

/// What a round is about.
#[derive(Debug, Clone)]
pub struct Round {
    /// For reports.
    pub name: String,
    /// Decides everything.
    pub seed: u64,
    /// The networks.
    pub networks: Vec<Target>,
    /// Channels on each.
    pub channels: usize,
    /// Posts to plan.
    pub posts: usize,
    /// How much is killed and spoilt.
    pub manners: Manners,
    /// Give up after this time; what is open then is stuck.
    pub patience: Duration,
    /// A PostgreSQL database, empty; SQLite without.
    pub postgres: Option<String>,
}

impl Round {
    /// All plain networks.
    pub fn plain() -> Vec<Target> {
        Variant::ALL.into_iter().map(Target::Plain).collect()
    }
}

/// Plays a round.
pub async fn play(round: &Round, programs: &Programs) -> anyhow::Result<Tally> {
    let began = Instant::now();
    let dice = Dice::new(round.seed);
    let killer = Killer::new(dice.split("killer"), round.manners);
    let faults = Faults::directed(Handle(killer.clone()));
    let mut site = Site::new(faults, round.postgres.clone()).await?;
    let mut tally = Tally::default();
    {
        let opened = site.open().await?;
        site.settle(&opened.app, &round.networks, round.channels).await?;
        let mut words = dice.split("words");
        for _ in 0..round.posts {
            site.promise(&opened.app, &mut words).await?;
        }
    }
    killer.expire_by(site.expirer());
    let is_plain = round.networks.iter().any(|network| *network != Target::Bluesky);
    let program = match &programs.bellwether {
        Some(shipped) if !is_plain => shipped,
        _ => &programs.chaos_node,
    };
    let mut nodes = vec![Node::new(site.start(program, "serve", "first"))];
    if round.postgres.is_some() {
        nodes.push(Node::new(site.start(program, "worker", "second")));
    }
    killer.aim(nodes.clone());
    let end = run(round, &site, &nodes, &killer, dice.split("planter"), &mut tally, began).await;
    killer.arm(false);
    for node in &nodes {
        node.kill();
    }
    let db = site.look().await?;
    truth::judge(&site, &db, &mut tally).await?;
    drop(db);
    tally.struck(&killer);
    tally.seconds = began.elapsed().as_secs_f64();
    if let Err(error) = end {
        tally.damage("stuck", format!("{error:#}"));
    }
    if !tally.is_clean() {
        for node in &nodes {
            eprintln!("--- the end of a log\n{}", node.log_tail(20));
        }
        if std::env::var_os("CHAOS_KEEP").is_some() {
            eprintln!("kept: {}", site.dir.keep().display());
        }
    }
    Ok(tally)
}

async fn run(
    round: &Round,
    site: &Site,
    nodes: &[std::sync::Arc<Node>],
    killer: &Killer,
    mut planter: Dice,
    tally: &mut Tally,
    began: Instant,
) -> anyhow::Result<()> {
    let db = site.look().await?;
    for node in nodes {
        node.start()?;
    }
    killer.arm(true);
    loop {
        tokio::time::sleep(Duration::from_millis(250)).await;
        site.plant(&mut planter);
        for node in nodes {
            if node.start()? {
                *tally.faults.entry("it ended by itself".to_owned()).or_default() += 1;
            }
        }
        let states = truth::states(&db).await?;
        let count = |names: &[&str]| -> i64 {
            names.iter().filter_map(|name| states.get(&format!("publish {name}"))).sum()
        };
        let open = count(&["waiting", "working", "processing", "checking"]);
        let unknown = count(&["unknown"]);
        // A thread whose first part is unknown waits with it.
        let moving: i64 = moving(&db).await?;
        if unknown > 0 && moving == 0 {
            killer.arm(false);
            for node in nodes {
                node.kill();
            }
            let opened = site.open().await?;
            truth::settle_unknown(site, &opened.app, tally).await?;
            drop(opened);
            for node in nodes {
                node.start()?;
            }
            killer.arm(true);
            continue;
        }
        if open == 0 && unknown == 0 {
            return Ok(());
        }
        if moving == 0 || began.elapsed() > round.patience {
            anyhow::bail!("after {:.0} s: {states:?}", began.elapsed().as_secs_f64());
        }
    }
}

/// Acts that the engine will go on with by itself.
async fn moving(db: &bellwether_db::Db) -> anyhow::Result<i64> {
    let mut tx = db.read().await?;
    Ok(tx
        .sql("select count(*) from acts where kind = 'publish' and next_at is not null")
        .scalar()
        .await?)
}
