//! Runs a stand-in by hand, to point a client at it and watch.
//!
//! ```text
//! standin pds --account ada.test=secret --access-life 30 --strike stored:post=cut
//! standin plain --account ada=secret:keys_ignored --strike arrived=hold:3000
//! standin mastodon --account ada --flavour gotosocial --strike stored:post/3=cut
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
    Answer, Author, Faults, Kind, Ledger, Manner, Seen, Server, Service, Verdict, Window, mastodon,
    pds, plain,
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
    /// Seconds that an access token is good, where tokens end
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
    /// End when standard input closes too, as servers for tests do
    #[arg(long)]
    while_input: bool,
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
    /// A server with the client API of Mastodon
    Mastodon {
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        town: Town,
    },
}

#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
struct Town {
    /// NAME; a token for it is printed
    #[arg(long, default_value = "ada")]
    account: Vec<String>,
    /// `mastodon-4.6`, `mastodon-4.2`, `gotosocial`, `pleroma`, `pixelfed` or `takahe`
    #[arg(long, default_value = "mastodon-4.6")]
    flavour: String,
    /// What a repeated key does, if not what the flavour does: `honoured`, `overlapping`, `replayed`,
    /// `fails`, `refused` or `ignored`
    #[arg(long)]
    keys: Option<String>,
    /// Milliseconds until a status is listed
    #[arg(long, default_value_t = 0)]
    list_lag: u64,
    /// Milliseconds until a status is found alone
    #[arg(long, default_value_t = 0)]
    look_lag: u64,
    /// Looks that find media still worked on
    #[arg(long)]
    media_looks: Option<u32>,
    /// Pictures are worked on too, not only what moves
    #[arg(long)]
    slow_pictures: bool,
    /// Work on media fails
    #[arg(long)]
    media_fails: bool,
    /// No metadata and no PKCE, as before 4.3
    #[arg(long)]
    old_oauth: bool,
    /// Count and tell the published limits
    #[arg(long)]
    limits: bool,
    /// Do not tell strangers the program of a status
    #[arg(long)]
    hide_app: bool,
}

impl Town {
    fn settings(&self) -> anyhow::Result<mastodon::Settings> {
        let flavour = mastodon::Flavour::ALL.into_iter().find(|known| known.name() == self.flavour);
        let mut settings = mastodon::Settings::of(flavour.context("no such flavour")?);
        let life = Duration::from_hours(1);
        settings.keys = match self.keys.as_deref() {
            None => settings.keys,
            Some("honoured") => mastodon::Keys::Honoured { life, overlap_posts: false },
            Some("overlapping") => mastodon::Keys::Honoured { life, overlap_posts: true },
            Some("replayed") => mastodon::Keys::Replayed { life },
            Some("fails") => mastodon::Keys::FailsOnRepeat { life },
            Some("refused") => mastodon::Keys::Refused { life },
            Some("ignored") => mastodon::Keys::Ignored,
            Some(keys) => bail!("no keys are {keys}"),
        };
        settings.processing = mastodon::Processing {
            looks: self.media_looks.unwrap_or(settings.processing.looks),
            fails: self.media_fails,
            includes_pictures: self.slow_pictures,
        };
        settings.list_lag = Duration::from_millis(self.list_lag);
        settings.look_lag = Duration::from_millis(self.look_lag);
        settings.has_new_oauth &= !self.old_oauth;
        settings.tells_app = !self.hide_app;
        settings.rates = self.limits.then(mastodon::Rates::published);
        Ok(settings)
    }
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
        Personality::Mastodon { common, town } => {
            let network = mastodon::Mastodon::new(town.settings()?, ledger.clone());
            for name in &town.account {
                let id = network.add_account(name);
                let token = network.token(name, "Stand-in", "read write");
                println!("{}", json!({"account": name, "id": id, "token": token}));
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
    tokio::select! {
        stopped = tokio::signal::ctrl_c() => stopped?,
        closed = input_closes(), if common.while_input => closed?,
    }
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

/// On a thread of its own that nobody waits for: a read cannot be called off.
async fn input_closes() -> anyhow::Result<()> {
    let (closed, told) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let copied = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        let _ = closed.send(copied);
    });
    told.await??;
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
