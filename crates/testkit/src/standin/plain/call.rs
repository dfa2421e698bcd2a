//! How a call comes in and how its answer goes out.

use std::sync::Arc;

use bellwether_base::{Clock as _, SystemClock};
use serde_json::{Value, json};

use super::state::Account;
use super::{Plain, media, posts, tokens};
use crate::standin::{Answer, Head, Kind, Look, Request};

/// An error as the contract tells it.
pub(super) struct Refused {
    status: u16,
    error: &'static str,
    message: String,
}

impl Refused {
    pub(super) fn new(status: u16, error: &'static str, message: &str) -> Self {
        Self { status, error, message: message.to_owned() }
    }

    fn answer(&self) -> Answer {
        Answer::json(self.status, &json!({"error": self.error, "message": self.message}))
    }
}

/// The origin under which the client reached this server.
pub(super) fn origin(request: &Request) -> String {
    format!("http://{}", request.head.header("host").unwrap_or("plain.test"))
}

/// The parts of the path behind `/v1`; none elsewhere.
fn parts(head: &Head) -> Vec<&str> {
    let Some(rest) = head.path.strip_prefix("/v1/") else { return Vec::new() };
    rest.split('/').collect()
}

pub(super) fn look(head: &Head, body: Option<&[u8]>) -> Look {
    let parts = parts(head);
    let kind = match (head.method.as_str(), parts.as_slice()) {
        ("POST", ["token"]) => Kind::Login,
        ("POST", ["token", "refresh"]) => Kind::Refresh,
        ("POST", [_, "posts"]) => Kind::Post,
        ("POST", [_, "media"]) => Kind::Upload,
        ("DELETE", [_, "posts", _]) => Kind::Delete,
        ("GET", _) => Kind::Read,
        _ => Kind::Other,
    };
    let mut look = Look::of(kind);
    look.key = head.header("idempotency-key").map(ToOwned::to_owned);
    if !matches!(parts.first(), None | Some(&("token" | "server"))) {
        look.account = parts.first().map(|name| Arc::from(*name));
    }
    let is_read = matches!(kind, Kind::Post | Kind::Login | Kind::Refresh);
    if let (true, Some(body)) = (is_read, body)
        && let Ok(body) = serde_json::from_slice(body)
    {
        look_inside(&body, &mut look);
    }
    look
}

fn look_inside(body: &Value, look: &mut Look) {
    match look.kind {
        Kind::Login => look.account = body["account"].as_str().map(Arc::from),
        Kind::Refresh => {
            let token = body["refresh_token"].as_str().unwrap_or_default();
            look.account = token.split_once('.').map(|(name, _)| Arc::from(name));
        }
        _ => {
            look.text = body["text"].as_str().map(ToOwned::to_owned);
            if let Some(id) = body["id"].as_str() {
                look.key = Some(id.to_owned());
            }
            if body["reply_to"].is_string() {
                look.kind = Kind::Part;
            }
        }
    }
}

pub(super) fn dispatch(plain: &Plain, request: &Request) -> Answer {
    let result = match (request.head.method.as_str(), parts(&request.head).as_slice()) {
        ("GET", ["server"]) => Ok(describe(plain)),
        ("POST", ["token"]) => body(request).and_then(|body| tokens::login(plain, request, &body)),
        ("POST", ["token", "refresh"]) => {
            body(request).and_then(|body| tokens::refresh(plain, request, &body))
        }
        (_, [account, rest @ ..]) => tokens::authorize(plain, request, account)
            .and_then(|account| of_account(plain, request, &account, rest)),
        _ => Err(Refused::new(404, "path_unknown", "there is nothing here")),
    };
    result.unwrap_or_else(|refused| refused.answer())
}

fn body(request: &Request) -> Result<Value, Refused> {
    serde_json::from_slice(&request.body)
        .map_err(|_| Refused::new(400, "body_malformed", "not JSON"))
}

fn describe(plain: &Plain) -> Answer {
    let settings = &plain.settings;
    let millis =
        |duration: std::time::Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    Answer::json(
        200,
        &json!({
            "name": "plain",
            "text_limit": settings.text_limit,
            "media_limit": settings.media_limit,
            "media_bytes": settings.media_bytes,
            "settle_ms": millis(settings.settle),
            "keys_live_ms": settings.keys_live.map(millis),
            "tells_app": settings.tells_app,
        }),
    )
}

fn of_account(
    plain: &Plain,
    request: &Request,
    account: &Account,
    rest: &[&str],
) -> Result<Answer, Refused> {
    match (request.head.method.as_str(), rest) {
        ("GET", []) => {
            let body = json!({"account": &*account.name, "name": &*account.name, "mode": account.mode.name()});
            Ok(Answer::json(200, &body))
        }
        ("POST", ["media"]) => media::upload(plain, request, account),
        ("GET", ["media", id]) => media::show(plain, account, id),
        ("GET", ["posts"]) => posts::list(plain, request, account),
        ("GET", ["posts", id]) => posts::show(plain, request, account, id),
        ("POST", ["posts"]) => {
            counted(plain, account, || posts::create(plain, request, account, body(request)?))
        }
        ("DELETE", ["posts", id]) => {
            counted(plain, account, || posts::delete(plain, request, account, id))
        }
        _ => Err(Refused::new(404, "path_unknown", "there is nothing here")),
    }
}

/// Does it if the account has points left, and tells how many.
fn counted(
    plain: &Plain,
    account: &Account,
    deed: impl FnOnce() -> Result<Answer, Refused>,
) -> Result<Answer, Refused> {
    let Some(rate) = plain.settings.rate else { return deed() };
    let standing = plain.buckets.spend("posts", &account.name, rate, 1);
    let answer = if standing.is_exceeded {
        let refused = Refused::new(429, "rate_limited", "too many posts");
        refused.answer().with("Retry-After", standing.seconds().to_string())
    } else {
        deed().unwrap_or_else(|refused| refused.answer())
    };
    let reset = SystemClock.now() + standing.resets_in;
    Ok(answer
        .with("X-RateLimit-Limit", rate.points.to_string())
        .with("X-RateLimit-Remaining", standing.remaining.to_string())
        .with("X-RateLimit-Reset", (reset.millis() / 1000).to_string()))
}
