//! What may be told of a call: never a header, a query or a body.

use std::time::Duration;

use bellwether_base::{ChannelId, WorkspaceId};
use http::{Method, StatusCode};
use url::Url;

use super::{HttpError, Request, Response, Trouble};

/// Is told of each call.
pub trait Observer: Send + Sync + 'static {
    /// Called after each call, for each hop of a redirect once. Must not block.
    fn called(&self, call: &Call);

    /// How many calls it could not take since it was made.
    fn lost(&self) -> u64 {
        0
    }
}

/// For whom a call is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnBehalf {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Which channel; none yet while it is being connected.
    pub channel: Option<ChannelId>,
}

/// A call that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its method.
    pub method: Method,
    /// The server's name.
    pub host: String,
    /// Its path, without the query; stretches that look like keys are cut out.
    pub path: String,
    /// What was answered, if anything was.
    pub status: Option<StatusCode>,
    /// How long it took, in milliseconds.
    pub millis: u64,
    /// Why there is no answer.
    pub trouble: Option<Trouble>,
    /// For whom it was made, if for somebody.
    pub on_behalf: Option<OnBehalf>,
}

impl Call {
    pub(super) fn over(
        request: &Request,
        took: Duration,
        outcome: &Result<Response, HttpError>,
    ) -> Self {
        Self {
            method: request.method.clone(),
            host: request.url.host_str().unwrap_or_default().to_owned(),
            path: shown_path(&request.url),
            status: outcome.as_ref().ok().map(|response| response.status),
            millis: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            trouble: outcome.as_ref().err().map(|error| error.trouble),
            on_behalf: request.on_behalf,
        }
    }
}

/// The path without what may be a key. Some networks want their tokens there
/// (`/bot123:AAbb.../sendMessage`, `/webhooks/1/AAbb...`): a long segment that
/// mixes letters and digits is cut out.
pub(super) fn shown_path(url: &Url) -> String {
    let segments =
        url.path().split('/').map(|segment| if is_keylike(segment) { "…" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

fn is_keylike(segment: &str) -> bool {
    segment.len() >= 16
        && segment.bytes().any(|b| b.is_ascii_digit())
        && segment.bytes().any(|b| b.is_ascii_alphabetic())
}
