//! What a server's "no", or its silence, means: what to do, and whether a
//! write may have happened all the same.

use std::time::Duration;

use bellwether_base::{Instant, Say};
use http::StatusCode;
use serde_json::Value;

use crate::effect::Effect;
use crate::http::Response;
use crate::{Failure, FailureKind};

/// A server's "no".
#[derive(Debug)]
pub(super) struct Refusal {
    /// The protocol's name of it, as `RecordNotFound`; empty if this was no
    /// answer in the protocol's words.
    pub name: String,
    message: String,
    status: StatusCode,
    effect: Effect,
    until: Instant,
}

impl Refusal {
    /// Reads an answer that was not a plain yes.
    pub fn read(response: &Response, effect: Effect, now: Instant, token: Option<&str>) -> Self {
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let text = |name| body.get(name).and_then(Value::as_str).unwrap_or_default();
        Self {
            name: text("error").to_owned(),
            message: scrub(text("message"), token),
            status: response.status,
            effect,
            until: wait_until(response, now),
        }
    }

    /// Whether the server itself said, in the protocol's words, that it will
    /// not do this.
    pub fn is_definite(&self) -> bool {
        self.status.is_client_error()
            && !self.name.is_empty()
            && !matches!(self.status.as_u16(), 408 | 409 | 425 | 429)
    }

    /// Whether the server says that the record is already there. Newer
    /// servers have a name for it; the reference server answers 500 to a
    /// second create and `InvalidSwap` to a second put.
    fn is_already_there(&self) -> bool {
        self.name == "InvalidSwap"
            || self.name.ends_with("AlreadyExists")
            || self.name.ends_with("RecordExists")
            || self.status == StatusCode::CONFLICT
    }

    /// As a failure.
    pub fn failure(self) -> Failure {
        let vendor = match (self.name.as_str(), self.message.as_str()) {
            ("", "") => String::new(),
            (name, "") => name.to_owned(),
            (name, message) => format!("{name}: {message}"),
        };
        self.kind().vendor(vendor)
    }

    fn kind(&self) -> Failure {
        let gone = |key: &str| Failure::reconnect(Say::new(key));
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            let say = Say::new("rate-limited").with("until", self.until);
            return Failure::new(FailureKind::RateLimited { until: self.until }, say);
        }
        if self.status == StatusCode::PAYLOAD_TOO_LARGE || self.name == "PayloadTooLarge" {
            return Failure::rejected(Say::new("bluesky-too-large"));
        }
        if self.effect != Effect::Read && self.is_already_there() {
            return Failure::transient(Say::new("bluesky-already-there")).sent(self.effect.doubt());
        }
        if !self.is_definite() {
            return self.passing();
        }
        match self.name.as_str() {
            "ExpiredToken" => Failure::new(FailureKind::Expired, Say::new("login-expired")),
            "AccountTakedown" | "RepoTakendown" | "RepoSuspended" => {
                gone("bluesky-account-taken-down")
            }
            "AccountDeactivated" | "RepoDeactivated" => gone("bluesky-account-deactivated"),
            "AccountNotFound" | "RepoNotFound" => gone("bluesky-account-moved"),
            "AuthFactorTokenRequired" => gone("login-second-factor"),
            "InvalidToken" | "AuthMissing" | "AuthenticationRequired" => gone("login-gone"),
            "BlobNotFound" | "InvalidMimeType" | "InvalidSize" => {
                let mut failure = Failure::transient(Say::new("bluesky-picture-gone"));
                failure.prepare_again = true;
                failure
            }
            _ if self.status == StatusCode::UNAUTHORIZED => gone("login-gone"),
            _ => Failure::rejected(Say::new("bluesky-refused")),
        }
    }

    /// Neither yes nor no: the server is in trouble, or something between us
    /// answered in its place.
    fn passing(&self) -> Failure {
        let say = if self.status.is_server_error() {
            Say::new("server-trouble").with("status", self.status.as_u16())
        } else if self.status.is_redirection() {
            Say::new("server-redirects")
        } else if self.name.is_empty() {
            Say::new("server-html").with("status", self.status.as_u16())
        } else {
            Say::new("server-trouble").with("status", self.status.as_u16())
        };
        Failure::transient(say).sent(self.effect.doubt())
    }
}

/// No server is believed that wants to be left alone for longer.
const LONGEST_WAIT: Duration = Duration::from_hours(24);

/// When a window ends: servers in the field give seconds since the epoch,
/// the newer draft gives seconds from now.
pub(super) fn reset_at(reset: i64, now: Instant) -> Instant {
    let at = if reset > 1_000_000_000 {
        Instant::from_millis(reset.saturating_mul(1000))
    } else {
        now + Duration::from_secs(u64::try_from(reset).unwrap_or(0))
    };
    at.min(now + LONGEST_WAIT)
}

/// When to call again after "too many calls": at least a second and at most a
/// day from now, a minute if the server does not say.
fn wait_until(response: &Response, now: Instant) -> Instant {
    let reset = response.header("ratelimit-reset").and_then(|value| value.trim().parse().ok());
    response
        .retry_after(now)
        .or_else(|| Some(reset_at(reset?, now)))
        .unwrap_or(now + Duration::from_mins(1))
        .clamp(now + Duration::from_secs(1), now + LONGEST_WAIT)
}

/// Takes out what must not be stored: the token that was sent, and anything
/// that looks like one.
fn scrub(words: &str, token: Option<&str>) -> String {
    let words = match token {
        Some(token) if !token.is_empty() => words.replace(token, "…"),
        _ => words.to_owned(),
    };
    words
        .split(' ')
        .map(|word| if word.contains("eyJ") { "…" } else { word })
        .collect::<Vec<_>>()
        .join(" ")
}
