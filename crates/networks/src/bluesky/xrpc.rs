//! Calls of the AT Protocol: one address for each method, JSON both ways.
//!
//! Source: <https://atproto.com/specs/xrpc>.

use bellwether_base::{Clock, Secret};
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, Method};
use serde_json::Value;
use url::Url;

use super::WRITES;
use super::refusal::Refusal;
use crate::effect::{Effect, trouble};
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

    /// Asks something. An outer error: no answer in the protocol's words.
    pub async fn ask(&self, method: &str, query: &[(&str, &str)]) -> Result<Answer, Failure> {
        let mut url = self.address(method);
        url.query_pairs_mut().extend_pairs(query);
        let request = Request::new(Method::GET, url);
        let answer = self.http.read(self.signed(request)).await;
        self.understand(Effect::Read, answer)
    }

    /// Opens a session: a call that changes nothing anybody sees, made before
    /// there is anything that an engine could have written down.
    pub async fn log_in(&self, body: &Value) -> Result<Answer, Failure> {
        let answer = self.http.read(self.login(body)).await;
        self.understand(Effect::Harmless, answer)
    }

    /// Opens a session for a channel that there is.
    pub async fn log_in_again(&self, body: &Value, permit: &Permit) -> Result<Answer, Failure> {
        let answer = self.http.write(self.login(body), permit).await;
        self.understand(Effect::Harmless, answer)
    }

    /// Sends something that changes something.
    pub async fn tell(
        &self,
        method: &str,
        body: Option<&Value>,
        permit: &Permit,
    ) -> Result<Answer, Failure> {
        let url = self.address(method);
        let request = match body {
            Some(body) => Request::post_json(url, body),
            None => Request::new(Method::POST, url),
        };
        let answer = self.http.write(self.signed(request), permit).await;
        self.understand(Effect::Write, answer)
    }

    /// Uploads a file that nobody sees until a record names it.
    pub async fn upload(
        &self,
        mime: &str,
        bytes: Bytes,
        permit: &Permit,
    ) -> Result<Answer, Failure> {
        let url = self.address("com.atproto.repo.uploadBlob");
        let request = Request::post_bytes(url, mime, bytes);
        let answer = self.http.write(self.signed(request), permit).await;
        self.understand(Effect::Harmless, answer)
    }

    fn address(&self, method: &str) -> Url {
        let mut url = self.server.clone();
        url.set_path(&format!("/xrpc/{method}"));
        url.set_query(None);
        url.set_fragment(None);
        url
    }

    fn signed(&self, request: Request) -> Request {
        let request = request.header(ACCEPT, "application/json").max_answer(MAX_ANSWER);
        match self.token {
            Some(token) => request.bearer(&Secret::new(token)),
            None => request,
        }
    }

    /// The body holds a password: a sensitive header tells the client that
    /// this must not cross a public network in the clear.
    fn login(&self, body: &Value) -> Request {
        let url = self.address("com.atproto.server.createSession");
        let mut request = self.signed(Request::post_json(url, body));
        if let Some(kind) = request.headers.get_mut(CONTENT_TYPE) {
            kind.set_sensitive(true);
        }
        request
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

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use async_trait::async_trait;
    use bellwether_base::SystemClock;
    use serde_json::json;

    use super::*;
    use crate::http::{Transport, Trouble};
    use crate::{HttpError, Sent};

    /// Keeps what it is handed, and sends nothing.
    #[derive(Default)]
    struct Kept(Mutex<Vec<Request>>);

    #[async_trait]
    impl Transport for Kept {
        async fn send(&self, request: Request, _: Option<&Permit>) -> Result<Response, HttpError> {
            self.0.lock().expect("kept").push(request);
            Err(HttpError { trouble: Trouble::Cut, sent: Sent::Unknown, detail: String::new() })
        }
    }

    /// The client refuses to carry sensitive headers over a public network in
    /// the clear, and a password is in the body of this one.
    #[tokio::test]
    async fn a_password_is_marked_as_one() {
        let kept = Arc::new(Kept::default());
        let http = Http::over(kept.clone());
        let server = "http://pds.example/somewhere?x=1".parse().expect("an address");
        let xrpc = Xrpc::open(&http, &SystemClock, &server);
        assert!(xrpc.log_in(&json!({"password": "hunter2"})).await.is_err());
        assert!(xrpc.ask("com.atproto.server.describeServer", &[("a", "b&c")]).await.is_err());
        let kept = kept.0.lock().expect("kept");
        let [login, question] = kept.as_slice() else { panic!("two requests") };
        assert!(login.headers.values().any(http::HeaderValue::is_sensitive));
        assert!(!question.headers.values().any(http::HeaderValue::is_sensitive));
        let address = "http://pds.example/xrpc/com.atproto.server.describeServer?a=b%26c";
        assert_eq!(question.url.as_str(), address);
        assert!(!login.follow && !question.follow);
    }
}
