//! Calls of the AT Protocol: one address for each method, JSON both ways.
//!
//! Source: <https://atproto.com/specs/xrpc>.

use bellwether_base::{Clock, Instant, Say};
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use serde_json::Value;
use url::Url;

use super::WRITES;
use super::refusal::{Effect, Refusal, trouble};
use crate::http::{Request, Response};
use crate::{Cx, Failure, Http, Permit, QuotaReading, QuotaReadings};

/// Longer answers than this are no answers.
const MAX_ANSWER: usize = 2 * 1024 * 1024;

/// One server, as somebody or as nobody.
pub(super) struct Xrpc<'a> {
    http: &'a Http,
    clock: &'a dyn Clock,
    server: &'a Url,
    readings: Option<&'a QuotaReadings>,
    token: Option<&'a str>,
}

/// What a server answered: it did it, or it said no in the protocol's own words.
pub(super) type Answer = Result<Value, Refusal>;

impl<'a> Xrpc<'a> {
    /// `server`, as nobody in particular.
    pub fn open(http: &'a Http, clock: &'a dyn Clock, server: &'a Url) -> Self {
        Self { http, clock, server, readings: None, token: None }
    }

    /// The channel's own server, as nobody in particular.
    pub fn of(cx: &Cx<'a>) -> Self {
        Self { readings: Some(cx.readings), ..Self::open(cx.http, cx.clock, &cx.account.server) }
    }

    /// The same server, with a bearer token.
    #[must_use]
    pub fn with(mut self, token: &'a str) -> Self {
        self.token = Some(token);
        self
    }

    /// The time, as whoever calls sees it.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Asks something. An outer error: no answer in the protocol's words.
    pub async fn ask(&self, method: &str, query: &[(&str, &str)]) -> Result<Answer, Failure> {
        let mut request = self.request(Method::GET, method, Bytes::new(), None)?;
        request.url.query_pairs_mut().extend_pairs(query);
        let answer = self.http.read(request).await;
        self.understand(Effect::Read, answer)
    }

    /// Opens a session: a call that changes nothing anybody sees, before there
    /// is anything an engine could have written down.
    pub async fn log_in(&self, method: &str, body: &Value) -> Result<Answer, Failure> {
        let request = self.request(Method::POST, method, json(body), Some("application/json"))?;
        let answer = self.http.read(request).await;
        self.understand(Effect::Harmless, answer)
    }

    /// Sends JSON that changes something.
    pub async fn tell(
        &self,
        effect: Effect,
        method: &str,
        body: Option<&Value>,
        permit: &Permit,
    ) -> Result<Answer, Failure> {
        let (bytes, kind) =
            body.map_or((Bytes::new(), None), |body| (json(body), Some("application/json")));
        let request = self.request(Method::POST, method, bytes, kind)?;
        let answer = self.http.write(request, permit).await;
        self.understand(effect, answer)
    }

    /// Uploads a file that nobody sees until a record names it.
    pub async fn upload(
        &self,
        method: &str,
        mime: &str,
        bytes: Bytes,
        permit: &Permit,
    ) -> Result<Answer, Failure> {
        let request = self.request(Method::POST, method, bytes, Some(mime))?;
        let answer = self.http.write(request, permit).await;
        self.understand(Effect::Harmless, answer)
    }

    fn request(
        &self,
        http_method: Method,
        method: &str,
        body: Bytes,
        kind: Option<&str>,
    ) -> Result<Request, Failure> {
        let unsendable = || Failure::reconnect(Say::new("login-unreadable"));
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(kind) = kind {
            headers.insert(CONTENT_TYPE, HeaderValue::from_str(kind).map_err(|_| unsendable())?);
        }
        if let Some(token) = self.token {
            let mut value =
                HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| unsendable())?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let mut url = self.server.clone();
        url.set_path(&format!("/xrpc/{method}"));
        url.set_query(None);
        url.set_fragment(None);
        Ok(Request {
            method: http_method,
            url,
            headers,
            body,
            max_answer: MAX_ANSWER,
            follow: false,
        })
    }

    fn understand(
        &self,
        effect: Effect,
        answer: Result<Response, crate::HttpError>,
    ) -> Result<Answer, Failure> {
        let response = answer.map_err(|error| trouble(&error, effect))?;
        self.note_quota(&response.headers);
        if response.status.is_success() {
            if response.body.is_empty() {
                return Ok(Ok(Value::Null));
            }
            if let Ok(body) = serde_json::from_slice(&response.body) {
                return Ok(Ok(body));
            }
        }
        Ok(Err(Refusal::read(&response, effect, self.clock.now(), self.token)))
    }

    /// A server tells only its tightest limit; the one on writes is the one
    /// that is counted by the hour.
    fn note_quota(&self, headers: &HeaderMap) {
        let number = |name| headers.get(name)?.to_str().ok()?.trim().parse::<i64>().ok();
        let policy = headers.get("ratelimit-policy").and_then(|value| value.to_str().ok());
        if !policy.is_some_and(|policy| policy.ends_with(";w=3600")) {
            return;
        }
        let (Some(readings), Some(limit), Some(remaining), Some(reset)) = (
            self.readings,
            number("ratelimit-limit"),
            number("ratelimit-remaining"),
            number("ratelimit-reset"),
        ) else {
            return;
        };
        let resets_at = super::refusal::reset_at(reset, self.clock.now());
        readings.note(QuotaReading { bucket: WRITES, limit, remaining, resets_at });
    }
}

fn json(body: &Value) -> Bytes {
    Bytes::from(body.to_string())
}
