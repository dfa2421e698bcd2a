//! One round: an installation is filled, run, killed over and over until
//! everything is out, and judged.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use bellwether_app::App;
use bellwether_base::{Clock as _, SystemClock};
use bellwether_db::Db;

use super::dice::Dice;
use super::killer::{Handle, Killer, Manners};
use super::node::Node;
use super::order;
use super::postgres::Postgres;
use super::report::Tally;
use super::site::{Site, Target};
use super::truth;
use super::twist::Twist;
use crate::plain_network::Variant;
use crate::standin::Faults;

/// What the log says when the clock was seen to jump.
const DISTRUST: &str = "the clock cannot be trusted";

/// So long after the last kill, waits that are longer than this are cut short.
const CALM: Duration = Duration::from_secs(70);

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
#[derive(Clone)]
pub struct Round {
    /// For reports; unique in a run.
    pub name: String,
    /// Decides everything.
    pub seed: u64,
    /// The networks.
    pub networks: Vec<Target>,
    /// Channels on each.
    pub channels: usize,
    /// Posts to plan.
    pub posts: usize,
    /// Over how long they are planned; all at once when zero.
    pub span: Duration,
    /// How much is killed and spoilt; nothing when absent.
    pub manners: Option<Manners>,
    /// What else goes wrong.
    pub twist: Twist,
    /// Killing ends after this time, so that what is left can go out.
    pub kill_for: Duration,
    /// Give up after this time; what is open then is stuck.
    pub patience: Duration,
    /// Two workers over a database of its own there. SQLite without.
    pub postgres: Option<Arc<Postgres>>,
}

impl Round {
    /// All plain networks.
    pub fn plain() -> Vec<Target> {
        Variant::ALL.into_iter().map(Target::Plain).collect()
    }

    /// All networks.
    pub fn all() -> Vec<Target> {
        let mut all = Self::plain();
        all.push(Target::Bluesky);
        all
    }
}

/// Plays a round.
pub async fn play(round: &Round, programs: &Programs) -> anyhow::Result<Tally> {
    let began = Instant::now();
    let dice = Dice::new(round.seed).split(&round.name);
    let manners = round.manners.unwrap_or(Manners { countdown: 1, faults_one_in: 0 });
    let killer = Killer::new(dice.split("killer"), manners);
    let faults = Faults::directed(Handle(killer.clone()));
    let postgres = match (round.twist, &round.postgres) {
        // Of its own: others are at work on theirs.
        (Twist::Restarted, Some(_)) => Postgres::start()?.map(Arc::new),
        (_, given) => given.clone(),
    };
    let database = match &postgres {
        Some(postgres) => {
            let name: String =
                round.name.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
            Some(postgres.database(&format!("chaos_{}_{}", name.to_lowercase(), round.seed))?)
        }
        None => None,
    };
    let mut site = Site::new(faults, database).await?;
    round.twist.lay(&site)?;
    let mut tally = Tally::default();
    let mut words = dice.split("words");
    let mut feed = None;
    {
        let opened = site.open().await?;
        site.settle(&opened.app, &round.networks, round.channels).await?;
        if postgres.is_some() {
            feed = Some(opened.app);
        } else {
            for post in 0..round.posts {
                let after = round.span * u32::try_from(post)? / u32::try_from(round.posts)?;
                site.promise(&opened.app, &mut words, after).await?;
            }
        }
    }
    killer.expire_by(site.expirer());
    if round.twist == Twist::Stopped {
        killer.slow_reads(Duration::from_millis(400));
    }
    let is_plain = round.networks.iter().any(|network| *network != Target::Bluesky);
    let program = match &programs.bellwether {
        Some(shipped) if !is_plain => shipped,
        _ => &programs.chaos_node,
    };
    let mut nodes = vec![Node::new(site.start(program, "serve", "first"))];
    if postgres.is_some() {
        nodes.push(Node::new(site.start(program, "worker", "second")));
    }
    round.twist.dress(&site, &nodes)?;
    killer.aim(nodes.clone());
    let over = Arc::new(AtomicBool::new(false));
    let times = Arc::new(AtomicU64::new(0));
    let twist = tokio::spawn(round.twist.play(
        site.dir.path().to_owned(),
        nodes.clone(),
        postgres.clone().zip(site.postgres.clone()),
        dice.split("twist"),
        over.clone(),
        times.clone(),
    ));
    let mut play = Play { round, nodes: &nodes, killer: &killer, feed, words, began };
    let end = play.run(&mut site, dice.split("planter"), &mut tally).await;
    killer.arm(false);
    over.store(true, Ordering::Relaxed);
    twist.await??;
    for node in &nodes {
        node.kill();
    }
    let db = site.look().await?;
    truth::judge(&site, &db, &mut tally).await?;
    drop((db, play));
    tally.struck(&killer);
    if round.twist != Twist::None {
        let times = times.load(Ordering::Relaxed);
        *tally.faults.entry(round.twist.name().to_owned()).or_default() += times;
    }
    if round.twist == Twist::Clock {
        let distrusted: usize = nodes.iter().map(|node| node.log_count(DISTRUST)).sum();
        anyhow::ensure!(distrusted > 0, "the clock was set and nobody noticed: was it?");
        tally.faults.insert("clocks distrusted".to_owned(), u64::try_from(distrusted)?);
    }
    tally.seconds = began.elapsed().as_secs_f64();
    if let Err(error) = end {
        tally.damage("stuck", format!("{error:#}"));
    }
    let keep = !tally.is_clean() && std::env::var_os("CHAOS_KEEP").is_some();
    if !tally.is_clean() {
        for node in &nodes {
            eprintln!("--- the end of a log\n{}", node.log_tail(12));
        }
    }
    if keep {
        eprintln!("kept: {}", site.dir.keep().display());
    } else {
        round.twist.clear(&site);
    }
    Ok(tally)
}

struct Play<'a> {
    round: &'a Round,
    nodes: &'a [Arc<Node>],
    killer: &'a Killer,
    /// On PostgreSQL: a third process's view of the installation.
    feed: Option<App>,
    words: Dice,
    began: Instant,
}

impl Play<'_> {
    async fn run(
        &mut self,
        site: &mut Site,
        mut planter: Dice,
        tally: &mut Tally,
    ) -> anyhow::Result<()> {
        let mut db: Option<Db> = None;
        let mut written = if self.feed.is_some() { 0 } else { self.round.posts };
        for node in self.nodes {
            node.start()?;
        }
        self.killer.arm(self.round.manners.is_some());
        let mut last = String::new();
        loop {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let elapsed = self.began.elapsed();
            if elapsed > self.round.kill_for {
                self.killer.arm(false);
            }
            if elapsed > self.round.patience {
                anyhow::bail!("after {:.0} s: {last}", elapsed.as_secs_f64());
            }
            site.plant(&mut planter);
            for node in self.nodes {
                if node.start()? {
                    *tally.faults.entry("ended by itself".to_owned()).or_default() += 1;
                }
            }
            if let Some(app) = &self.feed {
                // More is planned while everything goes on; what is not acknowledged is not promised.
                let share = if self.round.span.is_zero() {
                    1.0
                } else {
                    elapsed.as_secs_f64() / self.round.span.as_secs_f64()
                };
                for _ in 0..4 {
                    let is_time = f64::from(u32::try_from(written)?)
                        < share * f64::from(u32::try_from(self.round.posts)?);
                    if is_time
                        && written < self.round.posts
                        && site.promise(app, &mut self.words, Duration::ZERO).await.is_ok()
                    {
                        written += 1;
                    }
                }
            }
            // The database may be away just now.
            if let Some(app) = &self.feed
                && site.find_unsure(app).await.is_err()
            {
                continue;
            }
            let Ok(states) = self.look(site, &mut db).await else { continue };
            last = format!("{states:?}");
            let count =
                |names: &[&str]| -> i64 { names.iter().filter_map(|name| states.get(*name)).sum() };
            let moving = count(&["moving"]);
            let unknown = count(&["publish unknown"]);
            let open = count(&[
                "publish waiting",
                "publish working",
                "publish processing",
                "publish checking",
            ]);
            if written < self.round.posts || moving > 0 {
                if written >= self.round.posts && elapsed > self.round.kill_for + CALM {
                    self.shorten_waits(site, &mut db).await;
                }
                continue;
            }
            if unknown > 0 {
                // The database may go away under a person's hands; they try again until nobody waits
                // any longer.
                if let Err(error) = self.ask_person(site, tally).await {
                    last = format!("{last}; a person could not be asked: {error:#}");
                }
            } else if open == 0 {
                return Ok(());
            } else {
                anyhow::bail!("after {:.0} s: {last}", elapsed.as_secs_f64());
            }
        }
    }

    /// What failed a few times is tried again after a quarter of an hour or
    /// later. Nobody watches for so long: the wait is over now. Only time is
    /// changed by this, and only that of acts that nobody works on.
    async fn shorten_waits(&self, site: &mut Site, db: &mut Option<Db>) {
        let shortened = async {
            let db = match db {
                Some(db) => db,
                None => db.insert(site.look().await?),
            };
            let now = SystemClock.now();
            let mut tx = db.begin().await?;
            let waits = order::long_waits(&mut tx, now, now + CALM).await?;
            tx.sql(
                "update acts set next_at = $1 where next_at > $2 and lease_owner is null \
                 and state in ('waiting', 'checking')",
            )
            .bind(now)
            .bind(now + CALM)
            .execute()
            .await?;
            tx.wake();
            tx.commit().await?;
            site.cut_waits.extend(waits);
            anyhow::Ok(())
        };
        if let Err(error) = shortened.await {
            eprintln!("a wait could not be shortened: {error:#}");
        }
    }

    /// Acts by state, and how many the engine will go on with by itself.
    async fn look(
        &self,
        site: &Site,
        db: &mut Option<Db>,
    ) -> anyhow::Result<std::collections::BTreeMap<String, i64>> {
        let open = match db {
            Some(db) => db,
            None => db.insert(site.look().await?),
        };
        // One look: an act that ends between two would be seen nowhere.
        let mut tx = open.read().await?;
        let mut states = truth::states(&mut tx).await?;
        let moving = tx
            .sql("select count(*) from acts where kind = 'publish' and next_at is not null")
            .scalar()
            .await?;
        states.insert("moving".to_owned(), moving);
        Ok(states)
    }

    /// A person looks at what is unknown and says what is to be done.
    async fn ask_person(&self, site: &Site, tally: &mut Tally) -> anyhow::Result<()> {
        self.killer.arm(false);
        let settled = self.settle(site, tally).await;
        let may_kill = self.began.elapsed() < self.round.kill_for;
        self.killer.arm(self.round.manners.is_some() && may_kill);
        settled
    }

    async fn settle(&self, site: &Site, tally: &mut Tally) -> anyhow::Result<()> {
        if let Some(app) = &self.feed {
            truth::settle_unknown(site, app, tally).await?;
            return Ok(());
        }
        for node in self.nodes {
            node.kill();
        }
        let opened = site.open().await?;
        truth::settle_unknown(site, &opened.app, tally).await?;
        drop(opened);
        for node in self.nodes {
            node.start()?;
        }
        Ok(())
    }
}
