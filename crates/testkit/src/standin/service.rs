//! What a personality is to the server.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use super::Kind;

/// A personality: a network that answers requests. Called from many threads.
pub trait Service: Send + Sync + 'static {
    /// What this request is for. Called once with the head alone, and again
    /// with the whole body. It must not change anything.
    fn look(&self, head: &Head, body: Option<&[u8]>) -> Look;

    /// Does it: when this returns, the effect is complete and in the ledger
    /// under the request's number. Called at most once for a request, and
    /// only with its whole body.
    fn serve(&self, request: &Request) -> Answer;
}

/// The first line and the headers of a request.
#[derive(Debug, Clone)]
pub struct Head {
    /// `POST` and the like.
    pub method: String,
    /// The path, still percent-encoded.
    pub path: String,
    /// What follows the question mark; empty without one.
    pub query: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub(super) body: BodyLength,
    pub(super) is_kept_alive: bool,
}

/// How the end of a body is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyLength {
    Known(u64),
    Chunked,
}

impl Head {
    /// The first header of this name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The first parameter of this name in the query.
    pub fn parameter(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// The bearer token of the `Authorization` header.
    pub fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header("authorization")?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token)
    }
}

/// A whole request.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its number in the ledger.
    pub number: u64,
    /// Its head.
    pub head: Head,
    /// Its body, without chunks.
    pub body: Bytes,
}

/// What a request is for, as far as it can be told.
#[derive(Debug, Clone)]
pub struct Look {
    /// What for.
    pub kind: Kind,
    /// Whose account it acts on.
    pub account: Option<Arc<str>>,
    /// The text it posts.
    pub text: Option<String>,
    /// The idempotency key or the id chosen by the client.
    pub key: Option<String>,
}

impl Look {
    /// Only what it is for.
    pub fn of(kind: Kind) -> Self {
        Self { kind, account: None, text: None, key: None }
    }
}

/// An answer, before it is put on the wire. `Date`, `Content-Length` and
/// `Connection` are added there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Three digits.
    pub status: u16,
    /// In this order.
    pub headers: Vec<(&'static str, String)>,
    /// All of it.
    pub body: Bytes,
}

impl Answer {
    /// No body.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Bytes::new() }
    }

    /// JSON.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::typed(status, "application/json; charset=utf-8", body.to_string())
    }

    /// Anything of this `Content-Type`.
    pub fn typed(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self { status, headers: vec![("Content-Type", content_type.to_owned())], body: body.into() }
    }

    /// With one more header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
