//! What a refusal looks like to a script: RFC 9457.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use bellwether_base::Say;
use serde::Serialize;
use utoipa::ToSchema;

use super::MAX_JSON;
use super::values::ProblemNotice;
use super::words::Words;
use crate::errors::Trouble;
use crate::locale::Reader;

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
    /// What happened, for programs: stays the same from one version to the next.
    #[schema(example = "not-found-post")]
    code: String,
    /// What `detail` is about.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    args: BTreeMap<String, String>,
    /// What a network would refuse, where the content is the problem.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<ProblemNotice>,
}

impl ProblemDocument {
    /// What `reader` is told of `trouble`.
    pub fn of(trouble: &Trouble, reader: &Reader) -> Self {
        let words = Words::for_reader(reader.clone());
        let mut details: Vec<_> = trouble.details().iter().map(|say| words.text(say)).collect();
        // What the networks' rules say is about the content alone.
        if details.is_empty() || !trouble.problems.is_empty() {
            details.push(words.text(&usual(trouble.kind)));
        }
        let (code, args) = match &trouble.detail {
            Some(say) => (say.key.clone(), say.args.clone()),
            None => (trouble.kind.to_owned(), BTreeMap::new()),
        };
        Self {
            r#type: format!("urn:bellwether:problem:{}", trouble.kind),
            title: words.text(&trouble.title()),
            status: trouble.status.as_u16(),
            detail: details.join(&words.text(&Say::new("gap"))),
            code,
            args,
            problems: trouble.problems.iter().map(|problem| words.problem(problem)).collect(),
        }
    }
}

/// What is said of a refusal that says nothing itself. What pages say of these
/// speaks of pages.
fn usual(kind: &str) -> Say {
    match kind {
        "not-found" => Say::new("api-no-route"),
        "method" => Say::new("api-method"),
        "content" => Say::new("api-content"),
        _ => Say::new(format!("error-{kind}-next")),
    }
}

/// What the API refuses beside what use cases do.
impl Trouble {
    /// The request itself does not read.
    pub(crate) fn does_not_read(say: Say) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "unreadable", Some(say))
    }

    /// It reads, but makes no sense.
    pub(crate) fn invalid(say: Say) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", Some(say))
    }

    /// A body of JSON that is too large.
    pub(crate) fn too_much_json() -> Self {
        let say = Say::new("api-json-too-large").with("max", MAX_JSON);
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", Some(say))
    }

    /// A body of another kind than `expected`.
    pub(crate) fn other_media_type(expected: &str) -> Self {
        let say = Say::new("api-media-type").with("expected", expected);
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", Some(say))
    }

    /// What is said of the thing's state is missing or no longer so.
    pub(crate) fn precondition(status: StatusCode, say: Say) -> Self {
        Self::new(status, "precondition", Some(say))
    }

    /// The key of a request keeps it from being carried out.
    pub(crate) fn key(say: Say) -> Self {
        Self::new(StatusCode::CONFLICT, "idempotency", Some(say))
    }
}
