//! From a configuration to an [`App`].

use std::sync::Arc;

use anyhow::Context as _;
use bellwether_app::{App, Parts, Settings, calls, upkeep};
use bellwether_base::{Clock, Rng, SystemClock, SystemRng};
use bellwether_db::{Db, MAIN, Options, OwnerLock, STREAMS};
use bellwether_networks::http::HttpConfig;
use bellwether_networks::{Endpoints, Http, Registry};

use crate::{Config, ConfigError, keys};

/// An installation, opened and migrated.
pub struct Opened {
    /// The product.
    pub app: App,
    /// On SQLite: the proof that this process owns the database.
    pub lock: Option<OwnerLock>,
    /// Calls to networks that wait to be written down.
    pub calls: calls::Queue,
}

/// Notes of calls that may wait to be written down: some megabytes. A second of
/// more than this many calls that the disk does not follow loses the rest.
const CALLS_WAITING: usize = 10_000;

/// Opens the installation: folder, lock, keys, databases, migrations.
pub async fn open(config: &Config, registry: Registry) -> anyhow::Result<Opened> {
    let unknown = config.unknown_services(&registry);
    if !unknown.is_empty() {
        return Err(ConfigError::Unfit(unknown).into());
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let rng: Arc<dyn Rng> = Arc::new(SystemRng);
    keys::private_dir(&config.data)?;
    let media_dir = config.data.join("media");
    keys::private_dir(&media_dir)?;
    let lock = if config.is_sqlite() { Some(OwnerLock::acquire(&config.data)?) } else { None };
    let url = config.database_url()?.expose().to_owned();
    let streams_url = if config.is_sqlite() {
        format!("sqlite:{}", config.data.join("streams.db").display())
    } else {
        url.clone()
    };
    let readers = config.database.connections;
    let db = Db::open(Options { url, readers, set: MAIN, clock: Arc::clone(&clock) })
        .await
        .context("cannot open the database")?;
    let streams = Db::open(Options {
        url: streams_url,
        readers: readers.min(4),
        set: STREAMS,
        clock: Arc::clone(&clock),
    })
    .await
    .context("cannot open the database for streams")?;
    let backups = config.data.join("backups");
    keys::private_dir(&backups)?;
    for each in [&db, &streams] {
        let report = each.migrate(&*clock, Some(&backups)).await.context("cannot migrate")?;
        if !report.applied.is_empty() {
            tracing::info!(applied = ?report.applied, "the database is up to date now");
        }
    }
    let keyring = keys::keyring(config, &*rng, &db).await?;
    let (recorder, calls) = calls::queue(Arc::clone(&clock), CALLS_WAITING);
    let http_config = HttpConfig {
        allow: config.http.allow.clone(),
        observer: Some(recorder),
        ..HttpConfig::default()
    };
    let http = Http::guarded(http_config, Arc::clone(&clock)).context("cannot make the client")?;
    let endpoints = config
        .networks
        .iter()
        .map(|(network, addresses)| (network.clone(), Endpoints(addresses.clone())))
        .collect();
    let settings = Settings {
        grace: config.publishing.grace,
        send_window: config.publishing.send_window,
        in_flight: config.publishing.in_flight.max(1),
        max_upload: config.media.max_upload,
        ..Settings::default()
    };
    let app = App::new(Parts {
        db,
        streams,
        clock,
        rng,
        http,
        registry,
        endpoints,
        keyring,
        media_dir,
        settings,
    });
    upkeep::begin(&app).await.context("cannot write to the database")?;
    Ok(Opened { app, lock, calls })
}
