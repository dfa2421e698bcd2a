//! Calls of the plain network, and what its refusals mean.

use std::time::Duration;

use bellwether_base::{Clock, Instant, Say, Secret};
use bellwether_networks::http::{Request, Response, Trouble};
use bellwether_networks::{Cx, Failure, FailureKind, Http, HttpError, Permit, Refreshed, Sent};
use bytes::Bytes;
use http::{HeaderName, Method};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

/// A login. No `Debug`: it is secret.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Session {
    pub account: String,
    pub password: String,
    pub access: String,
    pub refresh: String,
    pub expires_at: Instant,
}

impl Session {
    pub fn read(
        account: &str,
        password: &str,
        answer: &Value,
        clock: &dyn Clock,
    ) -> Result<Self, Failure> {
        let text = |name: &str| answer[name].as_str().map(str::to_owned);
        let seconds = answer["expires_in"].as_u64();
        let (Some(access), Some(refresh), Some(seconds)) =
            (text("access_token"), text("refresh_token"), seconds)
        else {
            return Err(not_understood());
        };
        Ok(Self {
            account: account.to_owned(),
            password: password.to_owned(),
            access,
            refresh,
            expires_at: clock.now() + Duration::from_secs(seconds),
        })
    }

    pub fn open(credential: &Secret) -> Result<Self, Failure> {
        serde_json::from_str(credential.expose())
            .map_err(|_| Failure::reconnect(Say::new("login-unreadable")))
    }

    pub fn seal(&self) -> Secret {
        Secret::new(serde_json::to_string(self).unwrap_or_default())
    }

    pub fn renewed(&self) -> Refreshed {
        let (credential, expires_at) = (self.seal(), Some(self.expires_at));
        Refreshed { credential, expires_at, login_ends_at: None }
    }
}

/// A yes that nobody can read.
pub(super) fn not_understood() -> Failure {
    Failure::transient(Say::new("server-not-understood")).sent(Sent::Unknown)
}

/// A good answer, or the `409` of a post that exists.
pub(super) struct Told {
    pub status: u16,
    pub body: Value,
}

/// Where and as whom a call is made.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    pub http: &'a Http,
    pub clock: &'a dyn Clock,
    pub server: &'a Url,
    pub token: Option<&'a str>,
}

impl<'a> Call<'a> {
    pub fn of(cx: &Cx<'a>, session: &'a Session) -> Self {
        Self {
            http: cx.http,
            clock: cx.clock,
            server: &cx.account.server,
            token: Some(&session.access),
        }
    }

    fn url(&self, path: &str) -> Result<Url, Failure> {
        self.server.join(path).map_err(|_| Failure::rejected(Say::new("server-bad-address")))
    }

    fn signed(&self, request: Request) -> Request {
        match self.token {
            Some(token) => request.bearer(&Secret::new(token)),
            None => request,
        }
    }

    pub async fn read(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, Failure> {
        let mut url = self.url(path)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let answer = self.http.read(self.signed(Request::get(url))).await;
        self.judge(answer, Sent::No).map(|told| told.body)
    }

    /// A first login, which is not the engine's.
    pub async fn log_in(&self, body: &Value) -> Result<Value, Failure> {
        let answer = self.http.read(Request::post_json(self.url("/v1/token")?, body)).await;
        self.judge(answer, Sent::No).map(|told| told.body)
    }

    pub async fn write(
        &self,
        path: &str,
        body: &Value,
        key: Option<&str>,
        permit: &Permit,
    ) -> Result<Told, Failure> {
        let mut request = self.signed(Request::post_json(self.url(path)?, body));
        if let Some(key) = key {
            request = request.header(HeaderName::from_static("idempotency-key"), key);
        }
        self.judge(self.http.write(request, permit).await, Sent::Unknown)
    }

    pub async fn upload(
        &self,
        path: &str,
        mime: &str,
        bytes: Bytes,
        permit: &Permit,
    ) -> Result<Told, Failure> {
        let request = self.signed(Request::post_bytes(self.url(path)?, mime, bytes));
        self.judge(self.http.write(request, permit).await, Sent::No)
    }

    pub async fn delete(&self, path: &str, permit: &Permit) -> Result<(), Failure> {
        let request = self.signed(Request::new(Method::DELETE, self.url(path)?));
        match self.http.write(request, permit).await {
            Ok(answer) if matches!(answer.status.as_u16(), 204 | 404) => Ok(()),
            other => self.judge(other, Sent::Unknown).map(drop),
        }
    }

    /// `doubt` is what is said where nobody knows whether it was done.
    fn judge(&self, answer: Result<Response, HttpError>, doubt: Sent) -> Result<Told, Failure> {
        let answer = answer.map_err(|error| {
            let key = match error.trouble {
                Trouble::PermitClosed => "not-sent-in-time",
                Trouble::Timeout => "server-slow",
                _ => "server-cut",
            };
            let sent = if doubt == Sent::Unknown { error.sent } else { Sent::No };
            Failure::transient(Say::new(key)).sent(sent).vendor(&error.detail)
        })?;
        let status = answer.status.as_u16();
        let body: Option<Value> = answer.json().ok();
        if status == 409 || answer.status.is_success() {
            let body = body.ok_or_else(|| not_understood().sent(doubt))?;
            return Ok(Told { status, body });
        }
        if !answer.status.is_client_error() {
            return Err(Failure::transient(Say::new("server-trouble")).sent(doubt));
        }
        let body = body.unwrap_or_default();
        let code = body["error"].as_str().unwrap_or_default();
        let now = self.clock.now();
        let failure = match code {
            "token_expired" => Failure::new(FailureKind::Expired, Say::new("login-expired")),
            "token_missing" | "token_invalid" | "login_refused" | "refresh_refused" => {
                Failure::reconnect(Say::new("login-gone"))
            }
            "rate_limited" => {
                let until = answer.retry_after(now).unwrap_or(now + Duration::from_mins(1));
                Failure::new(FailureKind::RateLimited { until }, Say::new("rate-limited"))
            }
            "media_unknown" | "media_not_ready" => {
                let mut failure = Failure::transient(Say::new("plain-picture-gone"));
                failure.prepare_again = true;
                failure
            }
            _ => Failure::rejected(Say::new("plain-refused")),
        };
        Err(failure.vendor(code))
    }
}
