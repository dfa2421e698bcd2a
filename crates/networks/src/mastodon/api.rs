//! Calls of Mastodon's client API: JSON both ways, a bearer token.
//!
//! Source: <https://docs.joinmastodon.org/client/intro/>.

use bellwether_base::{Clock, Instant, Secret, jiff};
use bytes::Bytes;
use http::header::ACCEPT;
use http::{HeaderName, Method, StatusCode};
use serde_json::Value;
use url::Url;

use super::POSTS;
use super::refusal::Refusal;
use crate::effect::{Effect, trouble};
use crate::http::{Request, Response};
use crate::{Cx, Failure, Http, HttpError, Permit, QuotaReading, QuotaReadings};

/// Longer answers than this are no answers. A page of forty posts with
/// everything about their authors is about 200 KB.
const MAX_ANSWER: usize = 4 << 20;

static KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// One server, as somebody or as nobody.
pub(super) struct Api<'a> {
    http: &'a Http,
    clock: &'a dyn Clock,
    server: &'a Url,
    readings: Option<&'a QuotaReadings>,
    token: Option<&'a str>,
}

/// A server's yes.
#[derive(Debug)]
pub(super) struct Said {
    /// Which yes: 202 and 206 say that it is not finished yet.
    pub status: StatusCode,
    /// What it says.
    pub body: Value,
}

/// What a server answered: it did it, or it said no in the API's own words.
pub(super) type Answer = Result<Said, Refusal>;

impl<'a> Api<'a> {
    /// `server`, as nobody in particular.
    pub fn open(http: &'a Http, clock: &'a dyn Clock, server: &'a Url) -> Self {
        Self { http, clock, server, readings: None, token: None }
    }

    /// The channel's own server.
    pub fn of(cx: &Cx<'a>, token: &'a str) -> Self {
        let open = Self::open(cx.http, cx.clock, &cx.account.server);
        Self { readings: Some(cx.readings), ..open }.with(token)
    }

    /// The same server, with a bearer token.
    #[must_use]
    pub fn with(mut self, token: &'a str) -> Self {
        self.token = Some(token);
        self
    }

    /// Asks something. An outer error: no answer at all.
    pub async fn ask(&self, path: &str, query: &[(&str, &str)]) -> Result<Answer, Failure> {
        let mut url = self.address(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let answer = self.http.read(self.signed(Request::new(Method::GET, url))).await;
        self.understand(Effect::Read, answer)
    }

    /// Publishes a post.
    pub async fn post(
        &self,
        status: &Value,
        key: &str,
        permit: &Permit,
    ) -> Result<Answer, Failure> {
        let request = Request::post_json(self.address("/api/v1/statuses"), status);
        let request = self.signed(request.header(KEY.clone(), key));
        let answer = self.http.write(request, permit).await;
        if let Ok(response) = &answer {
            self.note_quota(response);
        }
        self.understand(Effect::Write, answer)
    }

    /// Takes a post down.
    pub async fn delete(&self, id: &str, permit: &Permit) -> Result<Answer, Failure> {
        let url = self.address(&format!("/api/v1/statuses/{id}"));
        let answer = self.http.write(self.signed(Request::new(Method::DELETE, url)), permit).await;
        self.understand(Effect::Write, answer)
    }

    /// Uploads a picture that nobody sees until a post names it.
    pub async fn upload(
        &self,
        mime: &str,
        picture: &Bytes,
        alt: &str,
        permit: &Permit,
    ) -> Result<Answer, Failure> {
        let (kind, body) = form(mime, picture, alt);
        let request = Request::post_bytes(self.address("/api/v2/media"), &kind, body);
        let answer = self.http.write(self.signed(request), permit).await;
        self.understand(Effect::Harmless, answer)
    }

    fn address(&self, path: &str) -> Url {
        let mut url = self.server.clone();
        url.set_path(path);
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

    fn understand(
        &self,
        effect: Effect,
        answer: Result<Response, HttpError>,
    ) -> Result<Answer, Failure> {
        let response = answer.map_err(|error| trouble(&error, effect))?;
        let status = response.status;
        if status.is_success() {
            if response.body.is_empty() {
                return Ok(Ok(Said { status, body: Value::Null }));
            }
            if let Ok(body) = serde_json::from_slice(&response.body) {
                return Ok(Ok(Said { status, body }));
            }
        }
        Ok(Err(Refusal::read(&response, effect, self.clock.now(), self.token)))
    }

    /// With the answer to a post, a server tells how many more it takes.
    fn note_quota(&self, response: &Response) {
        let number = |name: &str| response.header(name)?.trim().parse::<i64>().ok();
        if let (Some(readings), Some(limit), Some(remaining), Some(resets_at)) = (
            self.readings,
            number("x-ratelimit-limit"),
            number("x-ratelimit-remaining"),
            resets_at(response),
        ) {
            readings.note(QuotaReading { bucket: POSTS, limit, remaining, resets_at });
        }
    }
}

/// When a window ends: written out, unlike anywhere else (`2026-11-22T10:00:00.000000Z`).
pub(super) fn resets_at(response: &Response) -> Option<Instant> {
    let moment: jiff::Timestamp = response.header("x-ratelimit-reset")?.trim().parse().ok()?;
    Some(moment.into())
}

/// A picture and its description as a form: its media type, and its bytes.
fn form(mime: &str, picture: &Bytes, alt: &str) -> (String, Bytes) {
    use sha2::{Digest as _, Sha256};

    // A line that is in neither, and the same for the same picture.
    let boundary = format!("bellwether-{}", hex::encode(&Sha256::digest(picture)[..16]));
    let ending = mime.rsplit('/').next().unwrap_or("jpeg");
    let mut body = Vec::with_capacity(picture.len() + 1024);
    let mut part = |head: &str, content: &[u8]| {
        body.extend_from_slice(format!("--{boundary}\r\n{head}\r\n\r\n").as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    };
    if !alt.is_empty() {
        part("Content-Disposition: form-data; name=\"description\"", alt.as_bytes());
    }
    let head = format!(
        "Content-Disposition: form-data; name=\"file\"; filename=\"picture.{ending}\"\r\nContent-Type: {mime}"
    );
    part(&head, picture);
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), Bytes::from(body))
}
