//! The guarded client: the only way out of the house.
//!
//! It refuses addresses inside private networks, after DNS and on every
//! redirect; it never uses a proxy from the environment; it bounds time and
//! size; its traces carry no secrets; and a write leaves only with a
//! [`Permit`], which the engine gives after it has written down the attempt.

mod address;
mod gate;
mod guarded;
mod message;
mod names;
mod recording;
#[cfg(test)]
mod tests;
mod trouble;
mod watch;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bellwether_base::{Clock, Instant, Mono};
use ipnet::IpNet;

pub use guarded::Guarded;
pub use message::{Request, Response};
pub use recording::{Recording, RecordingError};
pub use trouble::{HttpError, Trouble};
pub use watch::{Call, Observer, OnBehalf};

/// Leave for one write. The request is not begun after `send_by`, which is
/// re-checked right before its first byte: on the monotonic clock, which
/// nobody sets, and on the wall clock, which goes on while a machine is
/// suspended. Whichever is later closes the permit.
#[derive(Clone)]
pub struct Permit {
    clock: Arc<dyn Clock>,
    send_by: Mono,
    wall_by: Instant,
    timeout: Duration,
}

impl Permit {
    /// A permit until `send_by` for a request that may take `timeout`.
    /// Only the engine makes one, after the attempt is on disk.
    pub fn new(clock: Arc<dyn Clock>, send_by: Mono, timeout: Duration) -> Self {
        let wall_by = clock.now() + send_by.since(clock.mono());
        Self { clock, send_by, wall_by, timeout }
    }

    /// Whether the request may still be begun.
    pub fn is_open(&self) -> bool {
        self.clock.mono() < self.send_by && self.clock.now() < self.wall_by
    }

    /// How long the request may take, from its first byte.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Returns when the permit has closed.
    async fn closed(&self) {
        while self.is_open() {
            self.clock.sleep(self.send_by.since(self.clock.mono())).await;
            // A clock that stands still must not keep the processor to itself.
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

/// How the client behaves.
#[derive(Clone)]
pub struct HttpConfig {
    /// Private ranges that the operator allows.
    pub allow: Vec<IpNet>,
    /// How long a read may take, redirects included.
    pub timeout: Duration,
    /// How long connecting may take: finding the host, TCP and TLS together.
    pub connect_timeout: Duration,
    /// What we call ourselves.
    pub user_agent: String,
    /// Told of each call, for a log that people can read.
    pub observer: Option<Arc<dyn Observer>>,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            allow: Vec::new(),
            timeout: Duration::from_secs(20),
            connect_timeout: Duration::from_secs(3),
            user_agent: concat!("Bellwether/", env!("CARGO_PKG_VERSION")).to_owned(),
            observer: None,
        }
    }
}

impl fmt::Debug for HttpConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpConfig")
            .field("allow", &self.allow)
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("user_agent", &self.user_agent)
            .field("observer", &self.observer.is_some())
            .finish()
    }
}

/// The client cannot be made: no certificate authorities on this machine, or
/// a user agent that is no header.
#[derive(Debug, Clone, thiserror::Error)]
#[error("no HTTP client: {0}")]
pub struct HttpSetupError(pub(crate) String);

/// What carries a request: the real client, or a recording in tests.
#[async_trait]
pub trait Transport: Send + Sync + 'static {
    /// Sends `request`; a write has a `permit`. Must send at most once when
    /// there is a permit, and must say [`Sent::Unknown`](crate::Sent::Unknown)
    /// whenever a byte of such a request may have left.
    async fn send(&self, request: Request, permit: Option<&Permit>) -> Result<Response, HttpError>;

    /// The last `Date` that a network's server gave, and what the local clock
    /// said when it came.
    fn last_date(&self) -> Option<(Instant, Instant)> {
        None
    }

    /// How many calls the observer could not take since this process started.
    fn lost_calls(&self) -> u64 {
        0
    }
}

/// The client that is handed to connectors. Cheap to clone.
#[derive(Clone)]
pub struct Http {
    transport: Arc<dyn Transport>,
    on_behalf: Option<OnBehalf>,
}

impl Http {
    /// Over another transport.
    pub fn over(transport: Arc<dyn Transport>) -> Self {
        Self { transport, on_behalf: None }
    }

    /// The real client.
    pub fn guarded(config: HttpConfig, clock: Arc<dyn Clock>) -> Result<Self, HttpSetupError> {
        Ok(Self::over(Arc::new(Guarded::new(config, clock)?)))
    }

    /// The same client for calls on behalf of `whom`: the observer is told so,
    /// and nobody else.
    #[must_use]
    pub fn on_behalf_of(&self, whom: OnBehalf) -> Self {
        Self { transport: Arc::clone(&self.transport), on_behalf: Some(whom) }
    }

    /// Sends a request that only reads.
    pub async fn read(&self, request: Request) -> Result<Response, HttpError> {
        self.send(request, None).await
    }

    /// Sends a request that changes something.
    pub async fn write(&self, request: Request, permit: &Permit) -> Result<Response, HttpError> {
        self.send(request, Some(permit)).await
    }

    async fn send(
        &self,
        mut request: Request,
        permit: Option<&Permit>,
    ) -> Result<Response, HttpError> {
        request.on_behalf = self.on_behalf.or(request.on_behalf);
        self.transport.send(request, permit).await
    }

    /// The last `Date` that a network's server gave, and what the local clock
    /// said when it came: for noticing a clock that is wrong. Only answers to
    /// writes and to requests with credentials count, and never one that a
    /// cache may have kept, so that no page that somebody linked to can tell
    /// us the time.
    pub fn last_date(&self) -> Option<(Instant, Instant)> {
        self.transport.last_date()
    }

    /// How many calls could not be written down since this process started.
    pub fn lost_calls(&self) -> u64 {
        self.transport.lost_calls()
    }
}
