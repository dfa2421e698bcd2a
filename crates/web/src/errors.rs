//! The one place where an [`Error`] becomes something that its reader can use:
//! a page, a toast for a request from the page, or problem+json for a script.
//!
//! A handler returns [`Trouble`]; the layer [`dress`] sees who asked and in
//! which language, and gives it its form. It also dresses the bare refusals of
//! the router and of extractors, so that nobody ever meets an empty page.

use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bellwether_app::Error;
use bellwether_app::networks::Problem;
use bellwether_base::Say;

use crate::Outside;
use crate::api::ProblemDocument;
use crate::page::{self, Hx, Page, Toast, Visitor, filters};

/// What a handler answers instead of a page.
#[derive(Debug, Clone)]
pub struct Trouble {
    pub(crate) status: StatusCode,
    /// Middle of the keys `error-<kind>-title` and `error-<kind>-next`.
    pub(crate) kind: &'static str,
    pub(crate) detail: Option<Say>,
    pub(crate) problems: Box<[Problem]>,
    pub(crate) retry_after: Option<u64>,
    /// Where its page leads; home if nowhere in particular.
    pub(crate) next: Option<Box<str>>,
}

impl Trouble {
    pub(crate) fn new(status: StatusCode, kind: &'static str, detail: Option<Say>) -> Self {
        Self { status, kind, detail, problems: Box::default(), retry_after: None, next: None }
    }

    /// It may be tried again after so many seconds.
    #[must_use]
    pub fn after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// There is no page at that address.
    pub fn no_page() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", None)
    }

    /// Nobody is signed in.
    pub fn sign_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "sign-in", None)
    }

    /// Nobody is signed in any more; afterwards it goes on at `page`.
    pub fn sign_in_then(page: &str) -> Self {
        let next = Some(crate::urls::SignIn::new().then(page).into());
        Self { next, ..Self::sign_in() }
    }

    /// Something of ours failed; `why` is for the log only.
    pub fn internal(why: &dyn std::fmt::Display) -> Self {
        tracing::error!(error = %why, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", None)
    }

    /// The request makes no sense.
    pub fn unreadable() -> Self {
        Self::of_status(StatusCode::BAD_REQUEST)
    }

    /// More than we take.
    pub fn too_large() -> Self {
        Self::of_status(StatusCode::PAYLOAD_TOO_LARGE)
    }

    /// What a bare status of the router or of an extractor means.
    pub fn of_status(status: StatusCode) -> Self {
        let kind = match status.as_u16() {
            401 => "sign-in",
            403 => "cross-site",
            404 => "not-found",
            405 => "method",
            415 => "media-type",
            413 => "too-large",
            429 => "too-many",
            400..=499 => "unreadable",
            _ => "internal",
        };
        Self::new(status, kind, None)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match error {
            Error::Denied(denied) => Self::new(StatusCode::FORBIDDEN, "denied", Some(denied.say)),
            Error::NotFound(say) => Self::new(StatusCode::NOT_FOUND, "not-found", Some(say)),
            Error::Invalid(say) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", Some(say))
            }
            Error::Conflict(say) => Self::new(StatusCode::CONFLICT, "conflict", Some(say)),
            Error::Content(problems) => {
                let problems = problems.into();
                Self { problems, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "content", None) }
            }
            Error::Network(say) => Self::new(StatusCode::BAD_GATEWAY, "network", Some(say)),
            Error::Refused(say) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "network", Some(say))
            }
            Error::TooMany { retry_after } => Self {
                retry_after: Some(retry_after),
                ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many", None)
            },
            Error::Internal(why) => Self::internal(&why),
            // Whoever watches the database has written it into the log.
            Error::Db(error) if error.is_away() => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "database-away", None)
            }
            Error::Db(error) if error.is_transient() => {
                tracing::warn!(%error, "a request could not be served just now");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", None).after(1)
            }
            Error::Db(error) => Self::internal(&error),
        }
    }
}

impl From<askama::Error> for Trouble {
    fn from(error: askama::Error) -> Self {
        Self::internal(&error)
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// What a form shows above its fields when it comes back, and with which
/// status. Troubles that have nothing to do with what was typed are not for it.
pub fn for_form(error: Error) -> Result<(StatusCode, FormTrouble), Trouble> {
    let trouble = match error {
        error @ (Error::Denied(_) | Error::NotFound(_) | Error::Internal(_) | Error::Db(_)) => {
            return Err(error.into());
        }
        error => Trouble::from(error),
    };
    let say = trouble.details().into_iter().next().filter(|_| trouble.problems.is_empty());
    let say = say.unwrap_or_else(|| trouble.title());
    // Proxies put a page of their own in the place of ours for 5xx.
    let is_ours = trouble.status.is_client_error();
    let status = if is_ours { trouble.status } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, FormTrouble { problems: trouble.problems.into(), ..FormTrouble::of(say) }))
}

/// Why a form came back.
#[derive(Debug, Clone)]
pub struct FormTrouble {
    /// In one sentence.
    pub say: Say,
    /// In detail, where content is refused.
    pub problems: Vec<Problem>,
    /// The field beside which it stands; above the form if there is none.
    pub at: Option<&'static str>,
}

impl FormTrouble {
    /// One sentence, above the form.
    pub fn of(say: Say) -> Self {
        Self { say, problems: Vec::new(), at: None }
    }

    /// Stands beside the field that it is about, if that is one of `fields`.
    #[must_use]
    pub fn beside(mut self, fields: &[&str]) -> Self {
        self.at = field_of(&self.say.key).filter(|field| fields.contains(field));
        self
    }

    /// What is wrong with one part of a post; the same on two channels is said once.
    pub fn of_part(&self, part: usize) -> Vec<Say> {
        let mut all: Vec<Say> = Vec::new();
        for problem in self.problems.iter().filter(|problem| problem.part == Some(part)) {
            let mut say = problem.say.clone();
            say.args.remove("channel");
            if !all.contains(&say) {
                all.push(say);
            }
        }
        all
    }

    /// Whether it stands beside the field `name`.
    pub fn is_at(&self, name: &str) -> bool {
        self.at == Some(name)
    }
}

/// The field that a refusal is about, as forms name it.
fn field_of(key: &str) -> Option<&'static str> {
    Some(match key {
        "name-missing" | "name-unfit" => "name",
        "email-unfit" | "email-taken" => "email",
        "password-too-short" | "password-too-long" | "password-is-yours" => "password",
        "password-wrong" => "current",
        "workspace-name-missing" | "workspace-name-unfit" => "workspace",
        "time-zone-unknown" => "time_zone",
        "role-unknown" | "role-owner-everywhere" | "denied-owner-only" => "role",
        "token-without-scopes" | "token-unknown-scope" => "scope",
        "token-over-already" => "days",
        "time-past" | "time-malformed" | "time-out-of-range" => "local",
        "schedule-no-channel" => "channel",
        _ => return None,
    })
}

/// The page of an error.
#[derive(Template)]
#[template(path = "page/error.html")]
pub struct ErrorPage {
    kind: &'static str,
    details: Vec<Say>,
    /// Where to sign in.
    next: Option<String>,
    home: crate::urls::Home,
}

/// Gives every refusal its form.
pub async fn dress(State(outside): State<Arc<Outside>>, request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    write_out(response, &headers, &path, &outside)
}

/// A refusal in the form that suits whoever sent `headers` to `path`; every
/// other answer, and what has its form already, as it is.
pub fn write_out(
    response: Response,
    headers: &HeaderMap,
    path: &str,
    outside: &Outside,
) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let trouble = match response.extensions().get::<Arc<Trouble>>() {
        Some(trouble) => Arc::clone(trouble),
        // A form that comes back with its mistakes has a body of its own.
        None if is_dressed(response.headers()) => return response,
        None => Arc::new(Trouble::of_status(status)),
    };
    let visitor = Visitor::of(headers, outside);
    let is_api = path.starts_with("/api/");
    let mut dressed = if is_api {
        trouble.as_json(&visitor)
    } else if Hx::of(headers).is_some() {
        trouble.as_toast(&visitor)
    } else {
        trouble.as_page(&visitor)
    };
    *dressed.status_mut() = status;
    for name in [axum::http::header::ALLOW, axum::http::header::SET_COOKIE] {
        if let Some(value) = response.headers().get(&name) {
            dressed.headers_mut().insert(name, value.clone());
        }
    }
    if trouble.status == StatusCode::UNAUTHORIZED && is_api {
        dressed.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(seconds) = trouble.retry_after {
        dressed.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    dressed
}

fn is_dressed(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/html") || kind.contains("json"))
}

impl Trouble {
    pub(crate) fn title(&self) -> Say {
        Say::new(format!("error-{}-title", self.kind))
    }

    /// What happened, sentence by sentence.
    pub(crate) fn details(&self) -> Vec<Say> {
        let wait = self.retry_after.map(|s| Say::new("error-too-many-wait").with("seconds", s));
        let problems = self.problems.iter().map(|problem| problem.say.clone());
        self.detail.iter().cloned().chain(problems).chain(wait).collect()
    }

    fn as_page(&self, visitor: &Visitor) -> Response {
        let fragment = ErrorPage {
            kind: self.kind,
            details: self.details(),
            next: self.next.as_deref().map(str::to_owned),
            home: crate::urls::Home::new(),
        };
        page::show_or_plain(visitor, Page::door(self.title(), fragment))
    }

    fn as_toast(&self, visitor: &Visitor) -> Response {
        let say = self.detail.clone().unwrap_or_else(|| self.title());
        let mut response = page::toasts(visitor, &[Toast::trouble(say)]);
        response.headers_mut().insert("bellwether-toast", HeaderValue::from_static("1"));
        response
    }

    /// RFC 9457.
    fn as_json(&self, visitor: &Visitor) -> Response {
        let problem = ProblemDocument::of(self, &visitor.reader);
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

#[cfg(test)]
impl crate::views::View for ErrorPage {
    fn samples() -> Vec<Page<Self>> {
        let kinds = [
            "sign-in",
            "denied",
            "not-found",
            "invalid",
            "conflict",
            "content",
            "network",
            "too-many",
            "internal",
            "cross-site",
            "method",
            "too-large",
            "unreadable",
            "media-type",
            "precondition",
            "idempotency",
            "busy",
            "set-up",
            "database-away",
        ];
        let details = vec![Say::new("error-too-many-wait").with("seconds", 30)];
        kinds
            .map(|kind| {
                let fragment = Self {
                    kind,
                    details: details.clone(),
                    next: (kind == "sign-in").then(|| "/sign-in?next=x".into()),
                    home: crate::urls::Home::new(),
                };
                Page::door(format!("error-{kind}-title"), fragment)
            })
            .into()
    }
}
