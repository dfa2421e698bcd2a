//! Everything that use cases are handed: the product without its doors.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bellwether_base::{Clock, Instant, Keyring, Rng};
use bellwether_db::Db;
use bellwether_networks::{Endpoints, Http, Registry};

/// What can be set about publishing.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How late a planned post may still go out.
    pub grace: Duration,
    /// How long after it is written down a request may still be begun.
    pub send_window: Duration,
    /// Requests in flight at once in this process.
    pub in_flight: usize,
    /// The longest sleep of dispatch.
    pub longest_sleep: Duration,
    /// How far this process's clock may be from the database's.
    pub clock_offset: Duration,
    /// Bytes that one uploaded file may have.
    pub max_upload: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            grace: Duration::from_hours(2),
            send_window: Duration::from_secs(5),
            in_flight: 200,
            longest_sleep: Duration::from_secs(15),
            clock_offset: Duration::from_secs(2),
            max_upload: 50 * 1024 * 1024,
        }
    }
}

/// The parts of an [`App`].
pub struct Parts {
    /// Posts, channels, people: what must not be lost.
    pub db: Db,
    /// High-volume data with a writer of its own.
    pub streams: Db,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// The guarded client.
    pub http: Http,
    /// The networks of this installation.
    pub registry: Registry,
    /// Addresses of central services that the operator moved, by network.
    pub endpoints: BTreeMap<String, Endpoints>,
    /// The keys for secrets at rest.
    pub keyring: Keyring,
    /// Where files are kept.
    pub media_dir: PathBuf,
    /// What can be set.
    pub settings: Settings,
}

/// The product. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

impl App {
    /// From its parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The wall clock.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
