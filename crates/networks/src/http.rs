//! The guarded client: the only way out of the house.
//!
//! It refuses addresses inside private networks, after DNS and on every
//! redirect; it never uses a proxy from the environment; it bounds time and
//! size; its traces carry no secrets; and a write leaves only with a
//! [`Permit`], which the engine gives after it has written down the attempt.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bellwether_base::{Clock, Mono};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use ipnet::IpNet;
use url::Url;

use crate::Sent;

/// Leave for one write. The request is not begun after `send_by`, which is
/// re-checked on the monotonic clock right before its first byte.
#[derive(Clone)]
pub struct Permit {
    clock: Arc<dyn Clock>,
    send_by: Mono,
    timeout: Duration,
}

impl Permit {
    /// A permit until `send_by` for a request that may take `timeout`.
    /// Only the engine makes one, after the attempt is on disk.
    pub fn new(clock: Arc<dyn Clock>, send_by: Mono, timeout: Duration) -> Self {
        Self { clock, send_by, timeout }
    }

    /// Whether the request may still be begun.
    pub fn is_open(&self) -> bool {
        self.clock.mono() < self.send_by
    }

    /// How long the request may take.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }
}

/// How the client behaves.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// Private ranges that the operator allows.
    pub allow: Vec<IpNet>,
    /// How long a read may take.
    pub timeout: Duration,
    /// How long connecting may take.
    pub connect_timeout: Duration,
    /// What we call ourselves.
    pub user_agent: String,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            allow: Vec::new(),
            timeout: Duration::from_secs(20),
            connect_timeout: Duration::from_secs(3),
            user_agent: concat!("Bellwether/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// A request.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its method.
    pub method: Method,
    /// Its address.
    pub url: Url,
    /// Its headers; `authorization` and cookies are never traced.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
    /// Answers longer than this are cut off with [`Trouble::TooLarge`].
    pub max_answer: usize,
    /// Whether redirects are followed (reads only; each hop is guarded).
    pub follow: bool,
}

/// An answer, whole.
#[derive(Debug, Clone)]
pub struct Response {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
    /// Where it came from, after redirects.
    pub url: Url,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Not an address we call: wrong scheme, credentials in it, no host.
    BadAddress,
    /// It leads into a private network.
    Private,
    /// No such host.
    NoSuchHost,
    /// Nobody answers there, or not in time.
    NoConnection,
    /// The certificate is not good.
    Certificate,
    /// The permit had run out before the first byte.
    PermitClosed,
    /// It took too long.
    Timeout,
    /// The connection broke.
    Cut,
    /// The answer is larger than allowed.
    TooLarge,
    /// Too many redirects.
    Redirects,
}

/// No answer.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{trouble:?} ({sent:?}): {detail}")]
pub struct HttpError {
    /// Why.
    pub trouble: Trouble,
    /// Whether the request may have arrived.
    pub sent: Sent,
    /// For the log: no secrets, no query.
    pub detail: String,
}

/// What carries a request: the real client, or a recording in tests.
#[async_trait]
pub trait Transport: Send + Sync + 'static {
    /// Sends `request`; a write has a `permit`.
    async fn send(&self, request: Request, permit: Option<&Permit>) -> Result<Response, HttpError>;
}

/// The client that is handed to connectors. Cheap to clone.
#[derive(Clone)]
pub struct Http(Arc<dyn Transport>);

impl Http {
    /// Over another transport.
    pub fn over(transport: Arc<dyn Transport>) -> Self {
        Self(transport)
    }

    /// Sends a request that only reads.
    pub async fn read(&self, request: Request) -> Result<Response, HttpError> {
        self.0.send(request, None).await
    }

    /// Sends a request that changes something.
    pub async fn write(&self, request: Request, permit: &Permit) -> Result<Response, HttpError> {
        self.0.send(request, Some(permit)).await
    }
}
