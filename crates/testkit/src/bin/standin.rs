//! Runs a stand-in by hand, to point a client at it and watch.
//!
//! ```text
//! standin pds --account ada.test=secret --access-life 30 --strike stored:post=cut
//! standin plain --account ada=secret:keys_ignored --strike arrived=hold:3000
//! ```
//!
//! Prints where it listens and the accounts; on Ctrl-C what passed each window
//! and what was posted.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use bellwether_testkit::standin::{
    Answer, Author, Faults, Kind, Ledger, Manner, Seen, Server, Service, Verdict, Window, pds,
    plain,
};
use clap::{Args, Parser, Subcommand};
use serde_json::json;

#[derive(Parser)]
#[command(about = "A network that is not one, for trying clients out")]
struct Options {
    #[command(subcommand)]
    personality: Personality,
}

#[derive(Args)]
struct Common {
    /// Where to listen; port 0 for a free one
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: String,
    /// Seconds that an access token is good
    #[arg(long, default_value_t = 7200)]
    access_life: u64,
    /// `WINDOW[:KIND][/N]=DEED`: at every Nth passage. Windows: arrived, half_body, between_parts,
    /// upload, refresh, stored, half_answer, answered. Kinds: post, part, write, delete, upload,
    /// refresh, login, read; a post is a write until its body is read. Deeds: cut, reset, hold:MS, status:CODE, status_after:CODE, double,
    /// slow:PIECES:MS
    #[arg(long)]
    strike: Vec<Strike>,
    /// Milliseconds by which the Date header is off
    #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
    date_offset: i64,
}

#[derive(Subcommand)]
enum Personality {
    /// An AT Protocol data server
    Pds {
        #[command(flatten)]
        common: Common,
        /// HANDLE=PASSWORD
        #[arg(long, default_value = "ada.test=secret")]
        account: Vec<String>,
        /// Count and tell the limits of the public servers
        #[arg(long)]
        limits: bool,
        /// Seconds that a used refresh token is still good
        #[arg(long, default_value_t = 0)]
        refresh_grace: u64,
    },
    /// The made-up minimal network
    Plain {
        #[command(flatten)]
        common: Common,
        /// NAME=PASSWORD:MODE, the mode `create_only`, `keys_honoured`, `keys_ignored` or `unreadable`
        #[arg(long, default_value = "ada=secret:keys_ignored")]
        account: Vec<String>,
        /// Milliseconds until a post is listed
        #[arg(long, default_value_t = 0)]
        settle: u64,
        /// Milliseconds that media is worked on
        #[arg(long, default_value_t = 0)]
        media_takes: u64,
        /// Do not tell the program of a post
        #[arg(long)]
        hide_app: bool,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let ledger = Ledger::new();
    match Options::parse().personality {
        Personality::Pds { common, account, limits, refresh_grace } => {
            let mut settings = pds::Settings {
                access_life: Duration::from_secs(common.access_life),
                limits: limits.then(pds::Limits::published),
                ..pds::Settings::default()
            };
            if refresh_grace > 0 {
                settings.refresh_reuse =
                    pds::RefreshReuse::Within(Duration::from_secs(refresh_grace));
            }
            let network = pds::Pds::new(settings, ledger.clone());
            for account in &account {
                let (handle, password) = account.split_once('=').context("HANDLE=PASSWORD")?;
                println!(
                    "{}",
                    json!({"handle": handle, "did": network.add_account(handle, password)})
                );
            }
            run(common, network, ledger).await
        }
        Personality::Plain { common, account, settle, media_takes, hide_app } => {
            let settings = plain::Settings {
                access_life: Duration::from_secs(common.access_life),
                settle: Duration::from_millis(settle),
                media_takes: Duration::from_millis(media_takes),
                tells_app: !hide_app,
                ..plain::Settings::default()
            };
            let network = plain::Plain::new(settings, ledger.clone());
            for account in &account {
                let parts = account
                    .split_once('=')
                    .and_then(|(name, rest)| Some((name, rest.rsplit_once(':')?)));
                let (name, (password, mode)) = parts.context("NAME=PASSWORD:MODE")?;
                let mode = plain::Mode::ALL.into_iter().find(|known| known.name() == mode);
                let tokens = network.add_account(name, password, mode.context("no such mode")?);
                println!(
                    "{}",
                    json!({"account": name, "access": tokens.access, "refresh": tokens.refresh})
                );
            }
            run(common, network, ledger).await
        }
    }
}

async fn run(common: Common, network: Arc<dyn Service>, ledger: Arc<Ledger>) -> anyhow::Result<()> {
    let strikes = common.strike;
    let faults = Faults::directed(move |window: Window, seen: &Seen| {
        let struck = strikes.iter().find(|strike| strike.is_due(window, seen));
        struck.map_or(Verdict::Go, |strike| strike.deed.verdict())
    });
    faults.set_date_offset(common.date_offset);
    let server = Server::start(&common.listen, network, ledger.clone(), faults).await?;
    println!("{}", json!({"url": server.url()}));
    tokio::signal::ctrl_c().await?;
    print!("\n{}", server.counts());
    for account in ledger.accounts() {
        let posts = ledger.posts(&account);
        let mut texts: HashMap<&str, u32> = HashMap::new();
        for post in posts.iter().filter(|post| post.author == Author::Client) {
            *texts.entry(&post.text).or_default() += 1;
        }
        let repeated = texts.values().filter(|count| **count > 1).count();
        println!("{account}: {} posts, {repeated} texts more than once", posts.len());
    }
    server.stop().await;
    Ok(())
}

/// What to do at which passage of which window.
#[derive(Debug, Clone)]
struct Strike {
    window: Window,
    kind: Option<Kind>,
    every: u64,
    passed: Arc<AtomicU64>,
    deed: Deed,
}

#[derive(Debug, Clone, Copy)]
enum Deed {
    Cut,
    Reset,
    Hold(Duration),
    Status(u16),
    StatusAfter(u16),
    Answering(Manner),
}

impl Strike {
    fn is_due(&self, window: Window, seen: &Seen) -> bool {
        window == self.window
            && self.kind.is_none_or(|kind| kind == seen.kind)
            && (self.passed.fetch_add(1, Ordering::Relaxed) + 1).is_multiple_of(self.every)
    }
}

impl Deed {
    fn verdict(self) -> Verdict {
        let answer =
            |status| Answer::json(status, &json!({"error": "Struck", "message": "as you asked"}));
        match self {
            Self::Cut => Verdict::Cut,
            Self::Reset => Verdict::Reset,
            Self::Hold(duration) => Verdict::Hold(duration),
            Self::Status(status) => Verdict::Status(answer(status)),
            Self::StatusAfter(status) => Verdict::StatusAfter(answer(status)),
            Self::Answering(manner) => Verdict::Answering(manner),
        }
    }
}

impl FromStr for Strike {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let (place, deed) = text.split_once('=').context("WINDOW=DEED")?;
        let (place, every) = place.split_once('/').unwrap_or((place, "1"));
        let (window, kind) =
            place.split_once(':').map_or((place, None), |(window, kind)| (window, Some(kind)));
        let known = |name: &str| Window::ALL.into_iter().find(|window| window.name() == name);
        let kind = kind.map(|name| {
            let known = Kind::ALL.into_iter().find(|kind| kind.name() == name);
            known.ok_or_else(|| anyhow!("no kind {name}"))
        });
        Ok(Self {
            window: known(window).ok_or_else(|| anyhow!("no window {window}"))?,
            kind: kind.transpose()?,
            every: every.parse::<u64>()?.max(1),
            passed: Arc::default(),
            deed: deed.parse()?,
        })
    }
}

impl FromStr for Deed {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let millis = |text: &str| anyhow::Ok(Duration::from_millis(text.parse()?));
        let words: Vec<_> = text.split(':').collect();
        Ok(match words.as_slice() {
            ["cut"] => Self::Cut,
            ["reset"] => Self::Reset,
            ["hold", time] => Self::Hold(millis(time)?),
            ["status", status] => Self::Status(status.parse()?),
            ["status_after", status] => Self::StatusAfter(status.parse()?),
            ["double"] => Self::Answering(Manner::doubled()),
            ["slow", pieces, pause] => {
                Self::Answering(Manner::slow(pieces.parse()?, millis(pause)?))
            }
            _ => bail!("no deed {text}"),
        })
    }
}
