//! What a server's "no", or its silence, means: what to do, and whether a
//! write may have happened all the same.
//!
//! Servers of different make say no in different words. `{"error": "..."}` is
//! common to most; Pleroma has `errors.detail`, Pixelfed `message`.

use std::time::Duration;

use bellwether_base::{Instant, Say};
use http::StatusCode;
use serde_json::Value;

use super::api::resets_at;
use crate::effect::Effect;
use crate::http::Response;
use crate::{Failure, FailureKind};

/// A server's "no".
#[derive(Debug)]
pub(super) struct Refusal {
    /// Its words; empty if this was no answer in the API's form.
    words: String,
    status: StatusCode,
    effect: Effect,
    until: Instant,
}

impl Refusal {
    /// Reads an answer that was not a plain yes.
    pub fn read(response: &Response, effect: Effect, now: Instant, token: Option<&str>) -> Self {
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let words = [&body["error"], &body["errors"]["detail"], &body["message"]]
            .into_iter()
            .find_map(Value::as_str)
            .unwrap_or_default();
        Self {
            words: scrub(words, token),
            status: response.status,
            effect,
            until: wait_until(response, now),
        }
    }

    /// Whether the server itself said, in the API's form, that it will not do
    /// this.
    pub fn is_definite(&self) -> bool {
        self.status.is_client_error()
            && !self.words.is_empty()
            && !matches!(self.status.as_u16(), 408 | 409 | 425 | 429)
    }

    /// Whether the server itself said that there is no such thing.
    pub fn is_not_found(&self) -> bool {
        self.is_definite() && matches!(self.status, StatusCode::NOT_FOUND | StatusCode::GONE)
    }

    /// Whether nothing is at this address, in whatever form.
    pub fn is_no_such_address(&self) -> bool {
        matches!(self.status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED)
    }

    /// Whether the server could not go through with an upload.
    pub fn is_unprocessable(&self) -> bool {
        self.is_definite() && self.status == StatusCode::UNPROCESSABLE_ENTITY
    }

    /// Whether somebody stands in front of the server, or no server of this
    /// kind is there.
    pub fn is_a_page(&self) -> bool {
        self.words.is_empty()
            && (self.status.is_success() || self.status.is_client_error())
            && !matches!(self.status.as_u16(), 408 | 425 | 429)
    }

    /// Whether the server says that this was posted before: Pixelfed of a key
    /// that it knows, Mastodon of pictures that a post has already.
    fn is_already_there(&self) -> bool {
        self.status == StatusCode::CONFLICT
            || self.says("idempotency key")
            || self.says("already attached")
    }

    fn says(&self, words: &str) -> bool {
        self.words.to_lowercase().contains(words)
    }

    /// As a failure.
    pub fn failure(self) -> Failure {
        self.kind().vendor(&self.words)
    }

    fn kind(&self) -> Failure {
        let gone = |key: &str| Failure::reconnect(Say::new(key));
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            let say = Say::new("rate-limited").with("until", self.until);
            return Failure::new(FailureKind::RateLimited { until: self.until }, say);
        }
        if self.status == StatusCode::PAYLOAD_TOO_LARGE {
            return Failure::rejected(Say::new("mastodon-too-large"));
        }
        if self.effect == Effect::Write && self.is_already_there() {
            let say = Say::new("mastodon-already-there");
            return Failure::transient(say).sent(self.effect.doubt());
        }
        if !self.is_definite() {
            return self.passing();
        }
        match self.status {
            StatusCode::UNAUTHORIZED => gone("login-gone"),
            StatusCode::FORBIDDEN if self.says("scope") => gone("mastodon-scope-missing"),
            StatusCode::FORBIDDEN if self.is_locked_out() => gone("mastodon-account-locked"),
            // Some servers call a token that they do not know a bad request.
            StatusCode::BAD_REQUEST if self.says("token") => gone("login-gone"),
            // Some releases of Mastodon say this of a token that belongs to nobody.
            StatusCode::UNPROCESSABLE_ENTITY if self.says("requires an authenticated user") => {
                gone("login-gone")
            }
            StatusCode::UNPROCESSABLE_ENTITY if self.says("not finished processing") => {
                let mut failure = Failure::transient(Say::new("mastodon-picture-busy"));
                failure.prepare_again = true;
                failure
            }
            _ => Failure::rejected(Say::new("mastodon-refused")),
        }
    }

    /// What Mastodon says of accounts that may do nothing for now.
    fn is_locked_out(&self) -> bool {
        ["disabled", "suspended", "pending", "confirm", "moved"].iter().any(|word| self.says(word))
    }

    /// Neither yes nor no: the server is in trouble, or something between us
    /// answered in its place.
    fn passing(&self) -> Failure {
        let status = self.status.as_u16();
        let say = if self.status.is_redirection() {
            Say::new("server-redirects")
        } else if self.is_a_page() {
            Say::new("server-html").with("status", status)
        } else {
            Say::new("server-trouble").with("status", status)
        };
        Failure::transient(say).sent(self.effect.doubt())
    }
}

/// No server is believed that wants to be left alone for longer.
const LONGEST_WAIT: Duration = Duration::from_hours(24);

/// When to call again after "too many calls": at least a second and at most a
/// day from now, a minute if the server does not say.
fn wait_until(response: &Response, now: Instant) -> Instant {
    response
        .retry_after(now)
        .or_else(|| resets_at(response))
        .unwrap_or(now + Duration::from_mins(1))
        .clamp(now + Duration::from_secs(1), now + LONGEST_WAIT)
}

/// Takes the token out that was sent: it must not be stored.
fn scrub(words: &str, token: Option<&str>) -> String {
    match token {
        Some(token) if !token.is_empty() => words.replace(token, "…"),
        _ => words.to_owned(),
    }
}
