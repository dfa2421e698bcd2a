//! Posts of the plain network.

use std::sync::Arc;

use bellwether_base::{Clock as _, SystemClock};
use serde_json::{Value, json};

use super::call::{Refused, origin};
use super::state::{Account, Item, Key, NewItem, State};
use super::text::tidied;
use super::{Mode, Plain};
use crate::standin::{Answer, Author, Request};

fn invalid(error: &'static str, message: &str) -> Refused {
    Refused::new(422, error, message)
}

fn unknown() -> Refused {
    Refused::new(404, "post_unknown", "there is no such post")
}

/// A body of which the form is right.
struct Draft {
    text: String,
    id: Option<String>,
    reply_to: Option<String>,
    media: Vec<String>,
}

fn draft(body: &Value) -> Result<Draft, Refused> {
    let malformed = || Refused::new(400, "body_malformed", "not a post");
    let text = |key: &str| match &body[key] {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        _ => Err(malformed()),
    };
    let media = match &body["media"] {
        Value::Null => Vec::new(),
        Value::Array(ids) => {
            let ids = ids.iter().map(|id| id.as_str().map(ToOwned::to_owned));
            ids.collect::<Option<_>>().ok_or_else(malformed)?
        }
        _ => return Err(malformed()),
    };
    let (id, reply_to) = (text("id")?, text("reply_to")?);
    Ok(Draft { text: text("text")?.ok_or_else(malformed)?, id, reply_to, media })
}

fn check_id(mode: Mode, id: Option<&str>) -> Result<(), Refused> {
    match (mode, id) {
        (Mode::CreateOnly, None) => Err(invalid("id_required", "choose an id")),
        (Mode::CreateOnly, Some(id)) => {
            let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
            if (8..=64).contains(&id.len()) && id.bytes().all(is_fine) {
                return Ok(());
            }
            Err(invalid("id_malformed", "8 to 64 of A-Z a-z 0-9 _ -"))
        }
        (_, Some(_)) => Err(invalid("id_not_taken", "the server chooses the id")),
        (_, None) => Ok(()),
    }
}

fn check(plain: &Plain, state: &State, draft: &Draft) -> Result<(), Refused> {
    let length = tidied(&draft.text).chars().count();
    if length == 0 {
        return Err(invalid("text_empty", "nothing to post"));
    }
    if length > plain.settings.text_limit {
        return Err(invalid("text_too_long", "the text is too long"));
    }
    if draft.reply_to.as_deref().is_some_and(|id| state.find(id).is_none()) {
        return Err(invalid("reply_unknown", "there is no such post to answer"));
    }
    if draft.media.len() > plain.settings.media_limit {
        return Err(invalid("media_too_many", "too many media"));
    }
    for id in &draft.media {
        match state.media.get(id) {
            None => return Err(invalid("media_unknown", "there is no such medium")),
            Some(medium) if !medium.is_ready(plain) => {
                return Err(invalid("media_not_ready", "the medium is still worked on"));
            }
            Some(_) => (),
        }
    }
    Ok(())
}

pub(super) fn create(
    plain: &Plain,
    request: &Request,
    account: &Account,
    body: Value,
) -> Result<Answer, Refused> {
    let draft = draft(&body)?;
    check_id(account.mode, draft.id.as_deref())?;
    let key = request.head.header("idempotency-key").map(ToOwned::to_owned);
    if key.as_ref().is_some_and(|key| !(1..=200).contains(&key.len())) {
        return Err(Refused::new(400, "key_malformed", "1 to 200 characters"));
    }
    let show = |item: &Item| item.to_json(&origin(request), plain.settings.tells_app);
    let mut state = account.state();
    if let Some(existing) = draft.id.as_deref().and_then(|id| state.find(id)) {
        let message = "a post with this id exists";
        let body = json!({"error": "exists", "message": message, "post": show(existing)});
        return Ok(Answer::json(409, &body));
    }
    let honoured = key.clone().filter(|_| account.mode == Mode::KeysHonoured);
    if let Some(known) = honoured.as_deref().and_then(|key| remembered(plain, &state, key)) {
        if *known.content != body {
            return Err(invalid("key_reused", "the key was used for something else"));
        }
        return Ok(Answer::json(200, &show(&state.items[known.place])));
    }
    check(plain, &state, &draft)?;
    let new = NewItem {
        id: draft.id,
        text: draft.text,
        reply_to: draft.reply_to,
        media: draft.media,
        key,
        request: Some(request.number),
        author: Author::Client,
        content: body.clone(),
    };
    let answer = Answer::json(201, &show(state.store(account, new, &plain.ledger)));
    if let Some(name) = honoured {
        let place = state.items.len() - 1;
        state.remember_key(name, Key { place, used: SystemClock.mono(), content: Arc::new(body) });
    }
    Ok(answer)
}

/// What a key stands for, if it is still good.
fn remembered<'a>(plain: &Plain, state: &'a State, key: &str) -> Option<&'a Key> {
    let key = state.find_key(key)?;
    let is_old =
        plain.settings.keys_live.is_some_and(|life| SystemClock.mono().since(key.used) >= life);
    (!is_old && !state.items[key.place].is_deleted()).then_some(key)
}

fn check_readable(account: &Account) -> Result<(), Refused> {
    match account.mode {
        Mode::Unreadable => {
            Err(Refused::new(403, "reading_refused", "posts cannot be read back here"))
        }
        _ => Ok(()),
    }
}

pub(super) fn show(
    plain: &Plain,
    request: &Request,
    account: &Account,
    id: &str,
) -> Result<Answer, Refused> {
    check_readable(account)?;
    let state = account.state();
    let item = state.find(id).ok_or_else(unknown)?;
    Ok(Answer::json(200, &item.to_json(&origin(request), plain.settings.tells_app)))
}

pub(super) fn delete(
    plain: &Plain,
    request: &Request,
    account: &Account,
    id: &str,
) -> Result<Answer, Refused> {
    if account.state().delete(account, id, request.number, &plain.ledger) {
        Ok(Answer::empty(204))
    } else {
        Err(unknown())
    }
}

pub(super) fn list(plain: &Plain, request: &Request, account: &Account) -> Result<Answer, Refused> {
    check_readable(account)?;
    let parameter = |name| request.head.parameter(name);
    let malformed = || Refused::new(400, "limit_malformed", "1 to 100");
    let limit =
        parameter("limit").map_or(Ok(20), |limit| limit.parse().map_err(|_| malformed()))?;
    if !(1..=100).contains(&limit) {
        return Err(malformed());
    }
    let state = account.state();
    let after = match parameter("after") {
        Some(id) => Some(state.find_place(&id).ok_or_else(unknown)?),
        None => None,
    };
    let now = SystemClock.mono();
    let is_listed =
        |item: &&Item| !item.is_deleted() && now.since(item.post.at.mono) >= plain.settings.settle;
    // One more than asked for tells whether there is a next page.
    let mut page: Vec<&Item> = match parameter("order").as_deref() {
        None | Some("oldest") => {
            let first = after.map_or(0, |place| place + 1);
            state.items[first..].iter().filter(is_listed).take(limit + 1).collect()
        }
        Some("newest") => {
            let end = after.unwrap_or(state.items.len());
            state.items[..end].iter().rev().filter(is_listed).take(limit + 1).collect()
        }
        Some(_) => return Err(Refused::new(400, "order_malformed", "oldest or newest")),
    };
    let has_more = page.len() > limit;
    page.truncate(limit);
    let next = page.last().filter(|_| has_more).map(|item| item.post.id.as_str());
    let posts: Vec<_> =
        page.iter().map(|item| item.to_json(&origin(request), plain.settings.tells_app)).collect();
    Ok(Answer::json(200, &json!({"posts": posts, "next": next})))
}
