//! Requests and answers, and short ways to make and read them.

use std::fmt;
use std::time::Duration;

use bellwether_base::{Instant, Secret, jiff};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde::de::DeserializeOwned;
use url::Url;

use super::watch::{self, OnBehalf};

/// What an answer may be long when nobody says otherwise: 4 MiB.
const MAX_ANSWER: usize = 4 << 20;

/// A request.
#[derive(Clone)]
pub struct Request {
    /// Its method.
    pub method: Method,
    /// Its address.
    pub url: Url,
    /// Its headers; `authorization` and cookies are never traced. Those that
    /// frame a message (`content-length`, `host`, `connection` and their kin)
    /// are the client's own and are left out.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
    /// Answers longer than this are cut off with
    /// [`Trouble::TooLarge`](super::Trouble::TooLarge).
    pub max_answer: usize,
    /// Whether redirects are followed (GET and HEAD that read; each hop is guarded).
    pub follow: bool,
    /// For whom it is made, as [`Http`](super::Http) knows; never sent.
    pub on_behalf: Option<OnBehalf>,
}

impl Request {
    /// A request without a body. Redirects are not followed.
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            max_answer: MAX_ANSWER,
            follow: false,
            on_behalf: None,
        }
    }

    /// A GET. Redirects are followed; credentials stay behind where they lead
    /// to another server.
    pub fn get(url: Url) -> Self {
        Self { follow: true, ..Self::new(Method::GET, url) }
    }

    /// A POST of JSON.
    pub fn post_json(url: Url, body: &serde_json::Value) -> Self {
        Self::post_bytes(url, "application/json", Bytes::from(body.to_string()))
    }

    /// A POST of `body` as it is.
    pub fn post_bytes(url: Url, mime: &str, body: Bytes) -> Self {
        Self { body, ..Self::new(Method::POST, url) }.header(header::CONTENT_TYPE, mime)
    }

    /// With a header. Characters that a header cannot hold are left out.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.insert(name, lenient(value));
        self
    }

    /// With a bearer token.
    #[must_use]
    pub fn bearer(mut self, token: &Secret) -> Self {
        let mut value = lenient(&format!("Bearer {}", token.expose().trim()));
        value.set_sensitive(true);
        self.headers.insert(header::AUTHORIZATION, value);
        self
    }

    /// Taking at most `bytes` of answer.
    #[must_use]
    pub fn max_answer(mut self, bytes: usize) -> Self {
        self.max_answer = bytes;
        self
    }

    /// Whether it carries something that must not cross a public network in the clear.
    pub(super) fn has_credentials(&self) -> bool {
        self.headers.iter().any(|(name, value)| is_credential(name) || value.is_sensitive())
    }
}

/// Whether a header of this name proves who is asking.
fn is_credential(name: &HeaderName) -> bool {
    [header::AUTHORIZATION, header::COOKIE, header::PROXY_AUTHORIZATION].contains(name)
        || ["dpop", "x-api-key"].contains(&name.as_str())
}

/// The value without control characters, which no header can hold.
fn lenient(value: &str) -> HeaderValue {
    let bytes: Vec<u8> = value.bytes().filter(|b| *b >= b' ' && *b != 0x7f).collect();
    HeaderValue::from_bytes(&bytes).unwrap_or_else(|_| HeaderValue::from_static(""))
}

impl fmt::Debug for Request {
    /// Neither headers, query nor body: it ends up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.host_str().unwrap_or_default();
        write!(f, "Request({} {host}{})", self.method, watch::shown_path(&self.url))
    }
}

/// An answer, whole.
#[derive(Clone)]
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

impl Response {
    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }

    /// The first header called `name`, if it is text.
    pub fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// When the server wants to be called again (`Retry-After`, in seconds or
    /// as a date). Never before `now`.
    pub fn retry_after(&self, now: Instant) -> Option<Instant> {
        let value = self.header(header::RETRY_AFTER)?.trim();
        if let Ok(seconds) = value.parse::<u64>() {
            return Some(now + Duration::from_secs(seconds.min(u64::from(u32::MAX))));
        }
        http_date(value).map(|at| at.max(now))
    }

    /// What the server says the time is, unless a cache may have kept the answer.
    pub fn date(&self) -> Option<Instant> {
        if self.headers.contains_key(header::AGE) {
            return None;
        }
        http_date(self.header(header::DATE)?)
    }
}

impl fmt::Debug for Response {
    /// Neither headers nor body: an answer to a login holds tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.host_str().unwrap_or_default();
        write!(f, "Response({} {host}, {} bytes)", self.status, self.body.len())
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, as every server of this century writes it.
fn http_date(text: &str) -> Option<Instant> {
    let timestamp = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok()?;
    Some(timestamp.into())
}
