//! One installation with its stand-ins: made, filled, opened and closed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use bellwether_app::channels::{self, Screen};
use bellwether_app::posts::{self, Written};
use bellwether_app::publishing::{self, When};
use bellwether_app::workspaces::{self, NewWorkspace};
use bellwether_app::{App, Caller, media};
use bellwether_base::{
    ChannelId, DeliveryId, OrganizationId, PlannedTime, PostId, Secret, SystemClock, WorkspaceId,
};
use bellwether_db::{Db, MAIN, Options};
use bellwether_networks::{Answer, Content, MediaRef, Part};
use bellwether_server::config::Flags;
use bellwether_server::{Config, Opened, open};
use bytes::Bytes;

use super::dice::Dice;
use super::kin::Kin;
use super::node::Start;
use super::order::CutWait;
use crate::plain_network::{self, Variant};
use crate::quick_mastodon;
use crate::standin::mastodon::Flavour;
use crate::standin::{Faults, Ledger, Server, pds, plain};

/// A pixel.
const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
const PASSWORD: &str = "app-password";

/// A channel and where it leads.
#[derive(Debug, Clone)]
pub struct Outlet {
    /// Its workspace.
    pub workspace: WorkspaceId,
    /// The channel.
    pub channel: ChannelId,
    /// The network's name in the product.
    pub network: String,
    /// The account's name in the ledger.
    pub account: String,
    /// What the password belongs to.
    pub handle: String,
}

/// What was acknowledged.
#[derive(Debug, Clone)]
pub struct Promised {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The delivery.
    pub delivery: DeliveryId,
    /// Where, as in [`Site::outlets`].
    pub outlet: usize,
    /// What, one for each part.
    pub texts: Vec<String>,
}

/// The installation and the networks around it.
pub struct Site {
    /// Where it keeps everything.
    pub dir: tempfile::TempDir,
    /// The database's address, unless it is SQLite.
    pub postgres: Option<String>,
    /// What really happened.
    pub ledger: Arc<Ledger>,
    /// The stand-in for a data server.
    pub pds: Arc<pds::Pds>,
    /// The stand-in for the plain network.
    pub plain: Arc<plain::Plain>,
    /// The stand-ins for Mastodon and its kin.
    kin: Kin,
    servers: Vec<Server>,
    /// The channels.
    pub outlets: Vec<Outlet>,
    /// What was acknowledged, by channel in its order.
    pub promised: Vec<Promised>,
    /// Waits that were ended before their time.
    pub cut_waits: Vec<CutWait>,
    /// Planned without an answer: it may be there or not.
    unsure: Option<(PostId, Vec<String>)>,
    /// How long after it was written down a request may be begun.
    pub send_window: Duration,
    workspace: Option<WorkspaceId>,
    pool: Vec<String>,
    picture: Option<MediaRef>,
    count: usize,
}

/// A whole number of seconds more than the engine wants to be left of a token.
const ACCESS_LIFE: Duration = Duration::from_hours(1);

impl Site {
    /// Stand-ins that run, and a folder.
    pub async fn new(faults: Arc<Faults>, postgres: Option<String>) -> anyhow::Result<Self> {
        let ledger = Ledger::new();
        let pds = pds::Pds::new(
            pds::Settings { access_life: ACCESS_LIFE, ..pds::Settings::default() },
            ledger.clone(),
        );
        let plain = plain::Plain::new(
            plain::Settings {
                access_life: ACCESS_LIFE,
                settle: Duration::from_millis(300),
                ..plain::Settings::default()
            },
            ledger.clone(),
        );
        let kin = Kin::start(&ledger, &faults).await?;
        let servers = vec![
            Server::start("127.0.0.1:0", pds.clone(), ledger.clone(), faults.clone()).await?,
            Server::start("127.0.0.1:0", plain.clone(), ledger.clone(), faults).await?,
        ];
        Ok(Self {
            dir: tempfile::Builder::new().prefix("bellwether-chaos-").tempdir()?,
            postgres,
            ledger,
            pds,
            plain,
            kin,
            servers,
            outlets: Vec::new(),
            promised: Vec::new(),
            cut_waits: Vec::new(),
            unsure: None,
            send_window: Duration::from_secs(2),
            workspace: None,
            pool: (0..6).map(|n| format!("The same words again & again, number {n}")).collect(),
            picture: None,
            count: 0,
        })
    }

    /// The workspace, once it is made.
    pub fn workspace(&self) -> WorkspaceId {
        self.workspace.unwrap_or(WorkspaceId(bellwether_base::uuid::Uuid::nil()))
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// What a person sees in the address bar who looks at a post.
    pub fn address(&self, outlet: &Outlet, id: &str) -> String {
        let elsewhere = || format!("{}{}/{id}", self.servers[1].url(), outlet.account);
        self.kin.address(outlet, id).unwrap_or_else(elsewhere)
    }

    /// The servers, but for those of Mastodon's kin.
    pub fn servers(&self) -> &[Server] {
        &self.servers
    }

    fn config(&self) -> anyhow::Result<Config> {
        let flags = Flags { data: Some(self.data()), ..Flags::default() };
        let mut config = Config::load(None, &flags)?;
        config.http.allow = vec!["127.0.0.0/8".parse()?, "::1/128".parse()?];
        config.publishing.send_window = self.send_window;
        config.database.url = self.postgres.clone().map(Secret::new);
        config.database.connections = 4;
        Ok(config)
    }

    /// Opens the installation in this process.
    pub async fn open(&self) -> anyhow::Result<Opened> {
        let registry = quick_mastodon::with(plain_network::registry());
        open(&self.config()?, registry).await
    }

    /// The database alone, for looking past the product while it runs.
    pub async fn look(&self) -> anyhow::Result<Db> {
        let url = self
            .postgres
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data().join("bellwether.db").display()));
        Ok(Db::open(Options { url, readers: 2, set: MAIN, clock: Arc::new(SystemClock) }).await?)
    }

    /// How a process of the product is started here.
    pub fn start(&self, program: &Path, role: &'static str, name: &str) -> Start {
        let mut env: Vec<(String, String)> = [
            ("BELLWETHER_HTTP__ALLOW", "[\"127.0.0.0/8\", \"::1/128\"]"),
            ("BELLWETHER_DATABASE__CONNECTIONS", "4"),
            ("BELLWETHER_LOG__LEVEL", "warn,bellwether=info"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
        let window = format!("{}ms", self.send_window.as_millis());
        env.push(("BELLWETHER_PUBLISHING__SEND_WINDOW".to_owned(), window));
        if let Some(url) = &self.postgres {
            env.push(("BELLWETHER_DATABASE__URL".to_owned(), url.clone()));
        }
        Start {
            program: program.to_owned(),
            role,
            data: self.data(),
            env,
            log: self.dir.path().join(format!("{name}.log")),
        }
    }

    /// Makes a workspace with `each` channels on every network of `networks`.
    pub async fn settle(
        &mut self,
        app: &App,
        networks: &[Target],
        each: usize,
    ) -> anyhow::Result<()> {
        let mut tx = app.db.begin().await?;
        tx.sql("insert into organizations (id, name, created_at) values ($1, 'Maison Lune', 0)")
            .bind(OrganizationId(bellwether_base::uuid::Uuid::max()))
            .execute()
            .await?;
        tx.commit().await?;
        let new = NewWorkspace { name: "Maison Lune".into(), time_zone: "Europe/Paris".into() };
        let workspace = workspaces::create(app, &Caller::Operator, new).await.map_err(shown)?.id;
        self.workspace = Some(workspace);
        for (at, target) in networks.iter().enumerate() {
            for n in 0..each {
                let outlet = self.connect(app, workspace, *target, &format!("a{at}x{n}")).await?;
                self.outlets.push(outlet);
            }
        }
        let bytes = {
            use base64::Engine as _;
            base64::engine::general_purpose::STANDARD.decode(PICTURE)?
        };
        let stream = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from(bytes))]);
        let medium = media::upload(app, &Caller::Operator, workspace, "pixel.png", stream)
            .await
            .map_err(shown)?;
        self.picture = Some(MediaRef { hash: medium.hash, alt: "A pixel".into(), facts: None });
        Ok(())
    }

    async fn connect(
        &self,
        app: &App,
        workspace: WorkspaceId,
        target: Target,
        name: &str,
    ) -> anyhow::Result<Outlet> {
        let mut secret = PASSWORD.to_owned();
        let (network, server, handle, account) = match target {
            Target::Bluesky => {
                let handle = format!("{name}.test");
                let did = self.pds.add_account(&handle, PASSWORD);
                ("bluesky", self.servers[0].url(), handle, did)
            }
            Target::Plain(variant) => {
                let mode = plain::Mode::ALL.into_iter().find(|m| m.name() == variant.mode());
                self.plain.add_account(name, PASSWORD, mode.context("no such mode")?);
                (variant.name(), self.servers[1].url(), name.to_owned(), name.to_owned())
            }
            Target::Mastodon(_) => {
                let joined = self.kin.join(target.name(), name).context("no such server")?;
                secret = joined.1;
                (target.name(), joined.0, name.to_owned(), name.to_owned())
            }
        };
        let by = &Caller::Operator;
        let screen = channels::begin(app, by, workspace, network).await.map_err(shown)?;
        let Screen::Ask { state, fields } = screen else { bail!("the first screen asks") };
        let value = |field: &str| match field {
            "server" => server.to_string(),
            "password" | "token" => secret.clone(),
            _ => handle.clone(),
        };
        let answers: BTreeMap<_, _> = fields
            .iter()
            .map(|field| (field.name.to_owned(), Secret::new(value(field.name))))
            .collect();
        let screen = channels::proceed(app, by, workspace, network, &state, &Answer(answers))
            .await
            .map_err(shown)?;
        let Screen::Done(channel) = screen else { bail!("connected") };
        let (network, channel) = (network.to_owned(), channel.id);
        Ok(Outlet { workspace, channel, network, account, handle })
    }

    /// Writes a post and plans it on one to three channels, so long from now.
    pub async fn promise(
        &mut self,
        app: &App,
        dice: &mut Dice,
        after: Duration,
    ) -> anyhow::Result<()> {
        self.find_unsure(app).await?;
        self.count += 1;
        let parts = match dice.below(4) {
            0 => 2 + dice.below(2),
            _ => 1,
        };
        let with_picture = dice.one_in(4);
        let mut texts = Vec::new();
        for part in 0..parts {
            texts.push(if dice.one_in(3) {
                dice.pick(&self.pool).clone()
            } else {
                format!("No. {} part {part}: bread from five o'clock", self.count)
            });
        }
        let media = |part: usize| match &self.picture {
            Some(picture) if with_picture && part == 0 => vec![picture.clone()],
            _ => Vec::new(),
        };
        let content = Content {
            parts: texts
                .iter()
                .enumerate()
                .map(|(at, text)| Part { text: text.clone(), media: media(at), card: None })
                .collect(),
            ..Content::default()
        };
        let workspace = self.workspace();
        let mut on: Vec<usize> =
            (0..=dice.below(3)).map(|_| dice.below(self.outlets.len())).collect();
        on.sort_unstable();
        on.dedup();
        let by = &Caller::Operator;
        let post = posts::write(app, by, workspace, Written { content, ..Written::default() })
            .await
            .map_err(shown)?;
        let channels: Vec<_> = on.iter().map(|at| self.outlets[*at].channel).collect();
        let when = if after.is_zero() {
            When::Now
        } else {
            let local = PlannedTime::of(app.now() + after, "Europe/Paris")?.local.to_string();
            When::At { local, zone: None }
        };
        let scheduled = publishing::schedule(app, by, workspace, post.id, &channels, &when).await;
        let scheduled = match scheduled {
            Ok(scheduled) => scheduled,
            Err(error) => {
                self.unsure = Some((post.id, texts));
                return Err(shown(error));
            }
        };
        for delivery in scheduled.deliveries {
            self.note(delivery.id, delivery.channel_id, &texts)?;
        }
        Ok(())
    }

    fn note(
        &mut self,
        delivery: DeliveryId,
        channel: ChannelId,
        texts: &[String],
    ) -> anyhow::Result<()> {
        let outlet = self.outlets.iter().position(|outlet| outlet.channel == channel);
        self.promised.push(Promised {
            workspace: self.workspace(),
            delivery,
            outlet: outlet.context("a channel that nobody asked for")?,
            texts: texts.to_vec(),
        });
        Ok(())
    }

    /// What was planned when the database went away before it answered: what
    /// is there after all goes out, and is held to the same promise.
    pub async fn find_unsure(&mut self, app: &App) -> anyhow::Result<()> {
        let Some((post, texts)) = self.unsure.clone() else { return Ok(()) };
        let planned: Vec<(DeliveryId, ChannelId)> = {
            let mut tx = app.db.read().await?;
            tx.sql("select id, channel_id from deliveries where post_id = $1")
                .bind(post)
                .all()
                .await?
        };
        self.unsure = None;
        for (delivery, channel) in planned {
            self.note(delivery, channel, &texts)?;
        }
        Ok(())
    }

    /// Somebody posts the same words with another program.
    pub fn plant(&self, dice: &mut Dice) {
        let outlet = dice.pick(&self.outlets);
        let text = dice.pick(&self.pool);
        if outlet.network == "bluesky" {
            self.pds.plant(&outlet.handle, text, "another");
        } else if !self.kin.plant(outlet, text) {
            self.plain.plant(&outlet.account, text, "another");
        }
    }

    /// What makes all access tokens expire.
    pub fn expirer(&self) -> impl Fn() + Send + Sync + 'static {
        let (pds, plain) = (self.pds.clone(), self.plain.clone());
        let outlets = self.outlets.clone();
        move || {
            for outlet in &outlets {
                if outlet.network == "bluesky" {
                    pds.expire_access(&outlet.handle);
                } else if outlet.network.starts_with("plain") {
                    // Tokens of the others do not run out.
                    plain.expire_access(&outlet.account);
                }
            }
        }
    }
}

/// A network to make channels on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Bluesky, at the stand-in for its server.
    Bluesky,
    /// A plain one.
    Plain(Variant),
    /// One of Mastodon's kin, at its stand-in.
    Mastodon(Flavour),
}

impl Target {
    /// Its name in the product.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bluesky => "bluesky",
            Self::Plain(variant) => variant.name(),
            Self::Mastodon(flavour) => quick_mastodon::name(flavour),
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to `map_err`")]
pub(super) fn shown(error: bellwether_app::Error) -> anyhow::Error {
    anyhow!("{error:?}")
}
