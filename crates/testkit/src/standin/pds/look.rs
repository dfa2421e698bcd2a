//! What a request is for, told without doing it.

use std::sync::Arc;

use serde_json::Value;

use super::Pds;
use super::lexicon::POSTS;
use crate::standin::{Head, Kind, Look, token};

pub(super) fn look(pds: &Pds, head: &Head, body: Option<&[u8]>) -> Look {
    let mut look = Look::of(kind(head));
    if look.kind != Kind::Login {
        look.account = head.bearer().and_then(|token| {
            let did = token::peek(token)?["sub"].as_str()?.to_owned();
            Some(
                pds.find_account(&did)
                    .map_or_else(|| Arc::from(did), |account| account.did.clone()),
            )
        });
    }
    let is_written = matches!(look.kind, Kind::Write | Kind::Delete | Kind::Login);
    if let (true, Some(body)) = (is_written, body)
        && let Ok(body) = serde_json::from_slice(body)
    {
        look_inside(pds, &body, &mut look);
    }
    look
}

fn kind(head: &Head) -> Kind {
    match head.path.strip_prefix("/xrpc/com.atproto.").unwrap_or_default() {
        "repo.createRecord" | "repo.putRecord" | "repo.applyWrites" => Kind::Write,
        "repo.deleteRecord" => Kind::Delete,
        "repo.uploadBlob" => Kind::Upload,
        "server.refreshSession" => Kind::Refresh,
        "server.createSession" => Kind::Login,
        _ if head.method == "GET" => Kind::Read,
        _ => Kind::Other,
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(ToOwned::to_owned)
}

fn look_inside(pds: &Pds, body: &Value, look: &mut Look) {
    if look.kind == Kind::Login {
        let identifier = body["identifier"].as_str().unwrap_or_default().to_lowercase();
        look.account = pds.find_account(&identifier).map(|account| account.did.clone());
        return;
    }
    look.key = text(&body["rkey"]);
    if look.kind == Kind::Delete {
        return;
    }
    // A whole thread in one request is looked at as its first post.
    let single = [body.clone()];
    let writes = body["writes"].as_array().map_or(&single[..], Vec::as_slice);
    let posts: Vec<_> = writes.iter().filter(|write| write["collection"] == POSTS).collect();
    let Some(first) = posts.first() else { return };
    let record = if first["record"].is_object() { &first["record"] } else { &first["value"] };
    if !record.is_object() {
        look.kind = Kind::Delete;
        return;
    }
    look.kind = if record["reply"].is_object() { Kind::Part } else { Kind::Post };
    look.text = text(&record["text"]);
    look.key = text(&first["rkey"]);
}
