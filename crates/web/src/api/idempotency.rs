//! `Idempotency-Key`: the same write sent twice has one effect.
//!
//! What is promised, per caller and key, for 24 hours:
//!
//! - The first answer is kept and given again (`Idempotency-Replayed: true`),
//!   refusals among them; only what certainly changed nothing and may end
//!   otherwise next time (a network that was not to be had, too many tries) is
//!   not kept.
//! - While the first request is under way: 409 `idempotency-running`. It runs
//!   to its end even if its client goes away.
//! - If the process died before it kept the answer, or something of ours broke
//!   half-way, nobody knows whether the effect is there. Writing a post (with
//!   its plan) is asked again safely: it finds what is there. Everything else
//!   answers 409 `idempotency-outcome-unknown`, for good: look first, and use a
//!   new key if it is still wanted. So a write happens at most once.
//!
//! Uploads are addressed by what is in them, so they need no key and ignore it.

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts as _, MatchedPath, Request, State};
use axum::http::header::{CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LOCATION};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bellwether_app::Caller;
use bellwether_app::idempotency::{self, Answer, Claimed, Wish};
use bellwether_base::Say;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Asker, MAX_JSON, Trouble};
use crate::{Web, errors};

/// The header that carries the key.
pub(super) const HEADER: &str = "idempotency-key";
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Characters of a key.
const LONGEST: usize = 255;
/// Headers of an answer that are kept with it.
const KEPT: [HeaderName; 3] = [CONTENT_TYPE, LOCATION, ETAG];

/// Writes that make a thing called by the claim's subject, and find it when
/// they are made again.
const REPEATABLE: [&str; 1] = ["/api/v1/workspaces/{workspace}/posts"];
/// Writes that need no key.
const BY_CONTENT: [&str; 1] = ["/api/v1/workspaces/{workspace}/media"];

/// What a thing that the request makes is called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject(pub Uuid);

/// What the layer needs.
#[derive(Clone)]
pub(super) struct Keys {
    web: Web,
    /// This process, since it started.
    worker: String,
}

impl Keys {
    pub fn new(web: Web) -> Self {
        let worker = bellwether_base::SessionId::new(&*web.app.clock, &*web.app.rng).to_string();
        Self { web, worker }
    }
}

/// The layer.
pub(super) async fn once(State(keys): State<Keys>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let is_meant = request.method() == Method::POST
        && request.headers().contains_key(HEADER)
        && path.as_deref().is_some_and(|path| !BY_CONTENT.contains(&path));
    if !is_meant {
        return next.run(request).await;
    }
    let may_repeat = path.is_some_and(|path| REPEATABLE.contains(&path.as_str()));
    take(&keys, request, next, may_repeat).await.unwrap_or_else(Trouble::into_response)
}

async fn take(
    keys: &Keys,
    request: Request,
    next: Next,
    may_repeat: bool,
) -> Result<Response, Trouble> {
    let (mut parts, body) = request.into_parts();
    let key = key(&parts)?;
    let Asker(caller) = Asker::from_request_parts(&mut parts, &keys.web).await?;
    let body = to_bytes(body, MAX_JSON).await.map_err(|_| Trouble::too_much_json())?;
    let claim = Claim { keys: keys.clone(), caller, key, request: digest(&parts, &body) };
    let subject = match idempotency::claim(&keys.web.app, &claim.wish()).await? {
        Claimed::New { subject } => subject,
        Claimed::Abandoned { subject } if may_repeat => subject,
        Claimed::Abandoned { .. } => {
            idempotency::abandon(&keys.web.app, &claim.wish()).await?;
            return Err(Trouble::key(Say::new("idempotency-outcome-unknown")));
        }
        Claimed::Running => {
            return Err(Trouble::key(Say::new("idempotency-running")).after(1));
        }
        Claimed::Different => {
            return Err(Trouble::invalid(Say::new("idempotency-other-request")));
        }
        Claimed::Answered(answer) => return Ok(replay(answer)),
    };
    parts.extensions.insert(Subject(subject));
    let request = Request::from_parts(parts, Body::from(body));
    // A task of its own: it goes on to its end even if the client goes away.
    let carried_out = tokio::spawn(async move {
        let (headers, path) = (request.headers().clone(), request.uri().path().to_owned());
        let response = next.run(request).await;
        let trouble = response.extensions().get::<Arc<Trouble>>();
        let became = what_became(response.status(), trouble.map(|trouble| trouble.kind));
        // As the client will read it: that is what is kept.
        let outside = &claim.keys.web.outside;
        let response = errors::write_out(response, &headers, &format!("/api{path}"), outside);
        claim.keep(response, became).await
    });
    carried_out.await.map_err(|error| Trouble::internal(&error))?
}

fn key(parts: &Parts) -> Result<String, Trouble> {
    let unfit = || Trouble::does_not_read(Say::new("idempotency-key-unfit").with("max", LONGEST));
    let mut keys = parts.headers.get_all(HEADER).iter();
    let key = keys.next().and_then(|key| key.to_str().ok()).ok_or_else(unfit)?;
    let is_fit = !key.is_empty()
        && key.len() <= LONGEST
        && key.bytes().all(|byte| byte.is_ascii_graphic())
        && keys.next().is_none();
    if is_fit { Ok(key.to_owned()) } else { Err(unfit()) }
}

/// What is asked: method, address, what says how to read the body, and body.
fn digest(parts: &Parts, body: &Bytes) -> [u8; 32] {
    let mut hash = Sha256::new();
    let kind = parts.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    for piece in [parts.method.as_str().as_bytes(), target.as_bytes(), kind, body] {
        hash.update(u64::try_from(piece.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(piece);
    }
    hash.finalize().into()
}

/// A wish that this process carries out.
struct Claim {
    keys: Keys,
    caller: Caller,
    key: String,
    request: [u8; 32],
}

impl Claim {
    fn wish(&self) -> Wish<'_> {
        Wish {
            caller: &self.caller,
            key: &self.key,
            request: self.request,
            worker: &self.keys.worker,
        }
    }

    /// Keeps an answer, and gives it.
    async fn keep(&self, response: Response, became: Became) -> Result<Response, Trouble> {
        let (head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.map_err(|error| Trouble::internal(&error))?;
        let app = &self.keys.web.app;
        match became {
            Became::Nothing => idempotency::give_back(app, &self.wish()).await?,
            Became::Unknown => idempotency::abandon(app, &self.wish()).await?,
            Became::This => {
                let headers = KEPT.iter().filter_map(|name| {
                    let value = head.headers.get(name)?.to_str().ok()?;
                    Some((name.as_str().to_owned(), value.to_owned()))
                });
                let answer = Answer {
                    status: head.status.as_u16(),
                    headers: headers.collect(),
                    body: String::from_utf8_lossy(&body).into_owned(),
                };
                // The effect is there: that it could not be noted must not hide it.
                if let Err(error) = idempotency::answer(app, &self.wish(), &answer).await {
                    tracing::error!(%error, "an answer could not be kept for its key");
                }
            }
        }
        Ok(Response::from_parts(head, Body::from(body)))
    }
}

/// What came of a wish.
enum Became {
    /// What the answer says, now and later.
    This,
    /// Certainly nothing, and it may be otherwise next time.
    Nothing,
    /// Nobody knows.
    Unknown,
}

fn what_became(status: StatusCode, trouble: Option<&str>) -> Became {
    match status {
        // Use cases answer these only for calls that leave nothing behind.
        _ if trouble == Some("network") => Became::Nothing,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::UNAUTHORIZED => Became::Nothing,
        status if status.is_server_error() => Became::Unknown,
        _ => Became::This,
    }
}

/// The answer once more.
fn replay(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    for (name, value) in answer.headers {
        let name = HeaderName::try_from(name);
        if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}
