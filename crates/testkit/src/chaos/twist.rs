//! What else goes wrong while a round is played.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::ensure;

use super::dice::Dice;
use super::node::Node;
use super::postgres::Postgres;
use super::site::Site;

/// One more trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twist {
    /// None.
    None,
    /// The last worker is stopped past its leases while the other goes on.
    Stopped,
    /// The database is cut off and comes back.
    Restarted,
    /// Connections that listen for notifications are ended all the time.
    Deaf,
    /// The clock is set hours forth and back.
    Clock,
    /// The disk is full every few seconds.
    Full,
}

/// Longer than a lease of the plain networks.
const PAST_LEASE: Duration = Duration::from_secs(14);
/// Longer than a claim of what was not begun.
const PAST_CLAIM: Duration = Duration::from_secs(63);
/// For a worker that was stopped to do what it has in mind.
const AWAKE: Duration = Duration::from_secs(4);
const DISK: &str = "48m";
const TIME_FILE: &str = "time";

impl Twist {
    /// Its name in reports; nothing for none.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Stopped => "a worker stopped past its lease",
            Self::Restarted => "the database restarted",
            Self::Deaf => "notifications dropped",
            Self::Clock => "the clock set",
            Self::Full => "the disk full",
        }
    }

    /// Why it cannot be played on this machine.
    pub fn missing(self) -> Option<&'static str> {
        match self {
            Self::Clock if faketime().is_none() => Some("libfaketime is not installed"),
            Self::Full if !may_mount() => Some("only root may mount a small disk"),
            _ => None,
        }
    }

    /// Before the installation is made.
    pub fn lay(self, site: &Site) -> anyhow::Result<()> {
        if self == Self::Full {
            std::fs::create_dir(site.data())?;
            let mut mount = Command::new("mount");
            let options = format!("size={DISK},mode=700");
            mount.args(["-t", "tmpfs", "-o", &options, "bellwether-chaos"]).arg(site.data());
            ensure!(mount.status()?.success(), "no small disk");
        }
        Ok(())
    }

    /// Before the nodes are started.
    pub fn dress(self, site: &Site, nodes: &[Arc<Node>]) -> anyhow::Result<()> {
        if self == Self::Clock
            && let Some(library) = faketime()
        {
            let file = site.dir.path().join(TIME_FILE);
            std::fs::write(&file, "+0")?;
            for node in nodes {
                node.set_env("LD_PRELOAD", &library.display().to_string());
                node.set_env("FAKETIME_TIMESTAMP_FILE", &file.display().to_string());
                node.set_env("FAKETIME_NO_CACHE", "1");
                node.set_env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
            }
        }
        Ok(())
    }

    /// Goes on until `over`, and leaves everything in order.
    pub async fn play(
        self,
        site_dir: PathBuf,
        nodes: Vec<Arc<Node>>,
        postgres: Option<(Arc<Postgres>, String)>,
        mut dice: Dice,
        over: Arc<AtomicBool>,
        times: Arc<AtomicU64>,
    ) -> anyhow::Result<()> {
        let is_over = || over.load(Ordering::Relaxed);
        let once = || times.fetch_add(1, Ordering::Relaxed);
        match (self, postgres) {
            (Self::Stopped, Some((postgres, database))) => {
                let Some(node) = nodes.last() else { return Ok(()) };
                for time in [PAST_CLAIM, PAST_LEASE].into_iter().cycle() {
                    pause(&over, Duration::from_millis(100 + dice.draw() % 200)).await;
                    let must_hold = time == PAST_CLAIM;
                    if !stopped_at_work(node, &postgres, &database, &over, must_hold).await? {
                        break;
                    }
                    once();
                    pause(&over, time).await;
                    let _ = node.signal("CONT");
                    // Whatever it does with what it held is seen before the round ends.
                    tokio::time::sleep(AWAKE).await;
                }
            }
            (Self::Restarted, Some((postgres, _))) => {
                while !is_over() {
                    pause(&over, Duration::from_millis(2000 + dice.draw() % 6000)).await;
                    if is_over() {
                        break;
                    }
                    let postgres = Arc::clone(&postgres);
                    tokio::task::spawn_blocking(move || postgres.restart()).await??;
                    once();
                }
            }
            (Self::Deaf, Some((postgres, database))) => {
                while !is_over() {
                    pause(&over, Duration::from_millis(150)).await;
                    let (postgres, database) = (Arc::clone(&postgres), database.clone());
                    let ended = tokio::task::spawn_blocking(move || postgres.deafen(&database));
                    times.fetch_add(ended.await??, Ordering::Relaxed);
                }
            }
            (Self::Clock, _) => {
                let file = site_dir.join(TIME_FILE);
                while !is_over() {
                    pause(&over, Duration::from_millis(1000 + dice.draw() % 3000)).await;
                    let hours = 1 + dice.below(5);
                    let sign = if dice.one_in(2) { '+' } else { '-' };
                    std::fs::write(&file, format!("{sign}{hours}h"))?;
                    once();
                    pause(&over, Duration::from_millis(1000 + dice.draw() % 5000)).await;
                    std::fs::write(&file, "+0")?;
                }
                std::fs::write(&file, "+0")?;
            }
            (Self::Full, _) => {
                let ballast = site_dir.join("data/ballast");
                while !is_over() {
                    pause(&over, Duration::from_millis(1000 + dice.draw() % 2000)).await;
                    let path = ballast.clone();
                    let _ = tokio::task::spawn_blocking(move || fill(&path)).await?;
                    once();
                    pause(&over, Duration::from_millis(1000 + dice.draw() % 2000)).await;
                    let _ = std::fs::remove_file(&ballast);
                }
                let _ = std::fs::remove_file(&ballast);
            }
            _ => {}
        }
        Ok(())
    }

    /// After everything.
    pub fn clear(self, site: &Site) {
        if self == Self::Full {
            let _ = Command::new("umount").arg("-l").arg(site.data()).status();
        }
    }
}

/// Stops a worker, if it must be: at a moment at which it holds claims of which
/// nothing was begun. The other one is done with its own in the meantime. False
/// if the round is over before that.
async fn stopped_at_work(
    node: &Node,
    postgres: &Postgres,
    database: &str,
    over: &AtomicBool,
    must_hold: bool,
) -> anyhow::Result<bool> {
    while !over.load(Ordering::Relaxed) {
        if node.signal("STOP").is_ok() {
            let before = postgres.claims(database)?;
            pause(over, Duration::from_millis(500)).await;
            if !must_hold || !postgres.claims(database)?.is_disjoint(&before) {
                return Ok(true);
            }
            let _ = node.signal("CONT");
        }
        pause(over, Duration::from_millis(70)).await;
    }
    Ok(false)
}

async fn pause(over: &AtomicBool, time: Duration) {
    let until = tokio::time::Instant::now() + time;
    while !over.load(Ordering::Relaxed) && tokio::time::Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn fill(path: &Path) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut file = std::fs::File::create(path)?;
    for size in [1 << 20, 4096, 1] {
        let bytes = vec![b'x'; size];
        while file.write_all(&bytes).is_ok() {}
    }
    Ok(())
}

fn may_mount() -> bool {
    let uid = Command::new("id").arg("-u").output();
    uid.is_ok_and(|out| out.stdout.starts_with(b"0\n"))
}

/// The library that moves clocks, if it is installed.
fn faketime() -> Option<PathBuf> {
    let mut found: Vec<_> = Vec::new();
    for folder in [
        "/usr/lib",
        "/usr/local/lib",
        "/usr/lib64",
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
    ] {
        found.push(Path::new(folder).join("faketime/libfaketimeMT.so.1"));
    }
    found.into_iter().find(|path| path.is_file())
}
