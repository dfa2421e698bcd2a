//! What handlers take out of a request, with refusals that a client can read.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bellwether_app::Error;
use bellwether_base::{Cursor, PageRequest, Say};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::Trouble;

/// A JSON body. Members that we do not know are mistakes, and are named.
pub(crate) struct Json<T>(pub T);

impl<S, T> FromRequest<S> for Json<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Self, Trouble> {
        if !is_json(request.headers()) {
            return Err(Trouble::other_media_type("application/json"));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Trouble::too_much_json()
            } else {
                Trouble::does_not_read(Say::new("api-body-cut"))
            }
        })?;
        read(&bytes).map(Self)
    }
}

/// A JSON body that may be left out.
impl<S, T> OptionalFromRequest<S> for Json<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Trouble> {
        if !request.headers().contains_key(CONTENT_TYPE) {
            return Ok(None);
        }
        <Self as FromRequest<S>>::from_request(request, state).await.map(Some)
    }
}

/// Reads a JSON body, and says where it does not fit.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Trouble> {
    if bytes.trim_ascii().is_empty() {
        return Err(Trouble::does_not_read(Say::new("api-json-empty")));
    }
    if holds_zero(bytes) {
        return Err(Trouble::invalid(Say::new("api-json-zero")));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let (at, error) = (error.path().to_string(), error.into_inner());
        if error.is_data() {
            Trouble::invalid(unfit(&error.to_string()).with("at", at))
        } else {
            malformed(&error)
        }
    })?;
    json.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

/// Whether a text in it holds the zero character, which PostgreSQL keeps in no
/// text. JSON can only write it as an escape.
fn holds_zero(bytes: &[u8]) -> bool {
    let is_escape =
        |at: usize| bytes[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 0;
    bytes.windows(6).enumerate().any(|(at, window)| window == b"\\u0000" && is_escape(at))
}

fn malformed(error: &serde_json::Error) -> Trouble {
    let say =
        Say::new("api-json-malformed").with("line", error.line()).with("column", error.column());
    Trouble::does_not_read(say)
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
        || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// What does not fit, from the parser's words: the usual mistakes in the
/// reader's language, the others in the parser's.
fn unfit(text: &str) -> Say {
    // "unknown field `a`, expected one of `b`, `c` at line 1 column 2"
    let text = text.rsplit_once(" at line ").map_or(text, |(words, _)| words);
    let unfit = |what| Say::new("api-json-unfit").with("what", what).with("why", plain(text));
    if text.contains("UUID parsing failed") {
        return unfit("id");
    }
    let mut quoted = text.split('`').skip(1).step_by(2);
    let name = quoted.next().unwrap_or_default();
    let what = match () {
        () if text.starts_with("missing field") => "missing",
        () if text.starts_with("unknown field") => "unknown",
        () if text.starts_with("unknown variant") => "choice",
        () if text.starts_with("duplicate field") => "twice",
        () if text.starts_with("invalid type") => "kind",
        () => return unfit("other"),
    };
    unfit(what).with("name", name).with("known", quoted.collect::<Vec<_>>().join(", "))
}

/// What a parser says, without the names that things have in our code.
fn plain(text: &str) -> String {
    let mut words = text.split(' ').peekable();
    let mut plain = Vec::new();
    while let Some(word) = words.next() {
        if word == "struct" && words.peek().is_some_and(|next| next.starts_with(char::is_uppercase))
        {
            words.next();
            plain.push("an object");
        } else {
            plain.push(word);
        }
    }
    short(&plain.join(" "))
}

/// The first words of what a parser says.
fn short(text: &str) -> String {
    text.chars().take(200).collect()
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// What stands in the path. What is no identifier names nothing.
pub(crate) struct Path<T>(pub T);

impl<S, T> FromRequestParts<S> for Path<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Send,
{
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Trouble> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Error::not_found("thing").into()),
        }
    }
}

/// What stands behind the question mark.
pub(crate) struct Query<T>(pub T);

impl<S, T> FromRequestParts<S> for Query<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Trouble> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => {
                let why = rejection.body_text();
                let say = Say::new("api-query-unfit").with("name", asked_for(&why));
                Err(Trouble::does_not_read(say))
            }
        }
    }
}

/// Which of the things behind the question mark a parser means: "Failed to
/// deserialize query string: limit: invalid digit found in string".
fn asked_for(why: &str) -> String {
    let why = why.split_once("query string: ").map_or(why, |(_, why)| why);
    let quoted = why.split('`').nth(1);
    let name = quoted.or_else(|| why.split_once(':').map(|(name, _)| name));
    name.unwrap_or("?").to_owned()
}

/// Which page of a list is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// The `next` of the page before.
    after: Option<String>,
    /// How many items at most: 50 when absent, never more than 200.
    limit: Option<u16>,
}

impl From<Paging> for PageRequest {
    fn from(paging: Paging) -> Self {
        Self { after: paging.after.map(Cursor::from_text), limit: paging.limit }
    }
}
