//! What a request is for, told without doing it.

use bytes::Bytes;

use super::Mastodon;
use super::params::Params;
use crate::standin::{Head, Kind, Look};

pub(super) fn look(mastodon: &Mastodon, head: &Head, body: Option<&[u8]>) -> Look {
    let mut look = Look::of(kind(head));
    look.key = head.header("idempotency-key").map(ToOwned::to_owned);
    let token = head.bearer();
    look.account = token.and_then(|token| mastodon.state().tokens.get(token)?.account.clone());
    let is_read = matches!(look.kind, Kind::Post | Kind::Login);
    let Some(body) = body.filter(|_| is_read) else { return look };
    let Some(params) = Params::read(head, &Bytes::copy_from_slice(body)) else { return look };
    if look.kind == Kind::Post {
        look.text = params.text("status");
        if params.filled("in_reply_to_id").is_some() {
            look.kind = Kind::Part;
        }
    } else if let Some(code) = params.text("code") {
        look.account = mastodon.state().grants.get(&code).map(|grant| grant.account.clone());
    }
    look
}

fn kind(head: &Head) -> Kind {
    match (head.method.as_str(), head.path.trim_end_matches('/')) {
        ("POST", "/api/v1/statuses") => Kind::Post,
        ("POST", "/api/v1/media" | "/api/v2/media") => Kind::Upload,
        ("POST", "/oauth/token") => Kind::Login,
        ("PUT", _) => Kind::Write,
        ("DELETE", path) if path.starts_with("/api/v1/") => Kind::Delete,
        ("GET", "/oauth/authorize") => Kind::Other,
        ("GET", _) => Kind::Read,
        _ => Kind::Other,
    }
}
