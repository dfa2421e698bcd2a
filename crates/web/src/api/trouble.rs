//! The one place where an error becomes problem+json (RFC 9457).
//!
//! A handler returns [`Trouble`]; the layer [`dress`] knows the reader's
//! language and writes it out. The layer also dresses the bare refusals of
//! the router, so that a client never meets an answer it cannot read.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bellwether_app::Error;
use bellwether_app::networks::Problem;
use bellwether_base::Say;
use serde::Serialize;
use utoipa::ToSchema;

use super::values::{Notice, ProblemNotice};
use super::words::Words;

/// Seconds after which a request that failed for want of the database may be sent again.
const BUSY: u64 = 1;

/// What a handler answers instead of a result.
#[derive(Debug, Clone)]
pub(crate) struct Trouble {
    status: StatusCode,
    /// The last part of the problem's type.
    kind: &'static str,
    say: Say,
    problems: Vec<Problem>,
    retry_after: Option<u64>,
}

impl Trouble {
    pub fn new(status: StatusCode, kind: &'static str, say: Say) -> Self {
        Self { status, kind, say, problems: Vec::new(), retry_after: None }
    }

    /// Nothing is at that address.
    pub fn no_route() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", Say::new("api-no-route"))
    }

    /// Nobody said who asks, or what they said is not good.
    pub fn who(key: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", Say::new(key))
    }

    /// The request itself does not read.
    pub fn unreadable(say: Say) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "unreadable", say)
    }

    /// It reads, but makes no sense.
    pub fn invalid(say: Say) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", say)
    }

    /// There is no such thing.
    pub fn not_found(thing: &str) -> Self {
        let say = Say::new(format!("not-found-{thing}"));
        Self::new(StatusCode::NOT_FOUND, "not-found", say)
    }

    /// The body is larger than allowed.
    pub fn too_large(max: u64) -> Self {
        let say = Say::new("api-body-too-large").with("max", max);
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", say)
    }

    /// Something of ours failed; `why` is for the log only.
    pub fn internal(why: &dyn std::fmt::Display) -> Self {
        tracing::error!(error = %why, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", Say::new("api-internal"))
    }

    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// What a bare refusal of the router or of axum means.
    fn of_status(status: StatusCode) -> Self {
        let (kind, key) = match status.as_u16() {
            404 => ("not-found", "api-no-route"),
            405 => ("method", "api-method"),
            408 | 504 => ("timeout", "api-timeout"),
            413 => ("too-large", "api-body-too-large"),
            415 => ("media-type", "api-media-type"),
            429 => ("too-many", "api-too-many"),
            400..=499 => ("unreadable", "api-unreadable"),
            _ => ("internal", "api-internal"),
        };
        Self::new(status, kind, Say::new(key))
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match error {
            Error::Denied(denied) => Self::new(StatusCode::FORBIDDEN, "denied", denied.say),
            Error::NotFound(say) => Self::new(StatusCode::NOT_FOUND, "not-found", say),
            Error::Invalid(say) => Self::invalid(say),
            Error::Conflict(say) => Self::new(StatusCode::CONFLICT, "conflict", say),
            Error::Content(problems) => Self {
                problems,
                ..Self::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "content",
                    Say::new("api-content-problems"),
                )
            },
            Error::Network(say) => Self::new(StatusCode::BAD_GATEWAY, "network", say),
            Error::TooMany { retry_after } => {
                let say = Say::new("api-too-many").with("seconds", retry_after);
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many", say).retry_after(retry_after)
            }
            Error::Db(error) if error.is_transient() => {
                tracing::warn!(%error, "a request could not be served just now");
                let say = Say::new("api-busy");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", say).retry_after(BUSY)
            }
            Error::Db(error) => Self::internal(&error),
            Error::Internal(why) => Self::internal(&why),
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Why a request was refused (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemDocument {
    /// What sort of problem it is: stays the same from one version to the next.
    #[schema(example = "urn:bellwether:problem:not-found")]
    r#type: String,
    /// The sort of problem, for people.
    title: String,
    /// The status of the response.
    #[schema(example = 404)]
    status: u16,
    /// What happened, for people, in the language asked for with `Accept-Language`.
    detail: String,
    /// What happened, for programs.
    #[schema(example = "not-found-post")]
    code: String,
    /// What `detail` is about.
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    args: std::collections::BTreeMap<String, String>,
    /// What a network would refuse, where the content is the problem.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<ProblemNotice>,
}

impl Trouble {
    fn document(&self, words: &Words) -> ProblemDocument {
        let Notice { code, args, text } = words.notice(&self.say);
        ProblemDocument {
            r#type: format!("urn:bellwether:problem:{}", self.kind),
            title: words.text(&Say::new(format!("api-title-{}", self.kind))),
            status: self.status.as_u16(),
            detail: text,
            code,
            args,
            problems: self.problems.iter().map(|problem| words.problem(problem)).collect(),
        }
    }

    fn dressed(&self, words: &Words) -> Response {
        let body = serde_json::to_vec(&self.document(words)).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Writes every refusal out.
pub(super) async fn dress(request: Request, next: Next) -> Response {
    let words = Words::of(request.headers());
    write_out(next.run(request).await, &words)
}

/// A refusal as a document; any other answer as it is.
pub(super) fn write_out(response: Response, words: &Words) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let mut dressed = match response.extensions().get::<Arc<Trouble>>() {
        Some(trouble) => trouble.dressed(words),
        None if has_document(response.headers()) => return response,
        None => Trouble::of_status(status).dressed(words),
    };
    if let Some(allow) = response.headers().get(ALLOW) {
        dressed.headers_mut().insert(ALLOW, allow.clone());
    }
    dressed
}

fn has_document(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().ends_with(b"json"))
}
