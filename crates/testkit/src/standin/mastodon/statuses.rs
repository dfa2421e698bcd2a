//! Statuses: made, shown, edited, taken down.

use std::sync::Arc;

use bellwether_base::{Clock as _, Instant, SystemClock};
use serde_json::{Value, json};

use super::call::{Call, Caller, Refused};
use super::draft::{self, When};
use super::entities;
use super::params::text;
use super::settings::{Flavour, Keys};
use super::state::{Item, Key, State, Words};
use crate::standin::ledger::NewPost;
use crate::standin::{Answer, Author, What};

const WRITES: [&str; 2] = ["write", "write:statuses"];
const READS: [&str; 2] = ["read", "read:statuses"];

/// First what it answers and quotes, then the key, then all the rest: so a
/// repeated answer to what is deleted by now is 404.
pub(super) fn create(call: &mut Call<'_>, state: &mut State) -> Result<Answer, Refused> {
    let caller = call.user(state, &WRITES)?;
    let reply_to = related(call, state, &caller, "in_reply_to_id", "reply to")?;
    let quotes = if call.settings.offers_quotes {
        related(call, state, &caller, "quoted_status_id", "quote")?
    } else {
        None
    };
    let key = call.head().header("idempotency-key").map(str::trim).filter(|key| !key.is_empty());
    let key = key.map(|key| (caller.name.to_string(), key.to_owned()));
    if let Some(known) = key.as_ref().and_then(|key| remembered(call, state, key)) {
        return repeated(call, state, &known);
    }
    let media = draft::media(call, state, &caller.name, None)?;
    let is_bare = media.is_empty() && reply_to.is_none();
    if call.settings.flavour == Flavour::Pixelfed && is_bare {
        return Err(Refused::new(403, "Invalid or missing media"));
    }
    let visibility = visibility(call, state, &caller, quotes.as_deref());
    let words = draft::words(call, media, visibility, "en")?;
    let when = draft::when(call)?;
    if let Some(rates) = call.settings.rates {
        call.spend("statuses", &caller.name, rates.statuses)?;
    }
    let (id, created) = match when {
        When::Now => (call.id(), SystemClock.now()),
        When::Then(then) => (call.id_of(then), then),
        When::Waits(at) => return Ok(wait(call, state, &caller, &words, at)),
    };
    let place = store(call, state, &caller, New { id, created, words, reply_to, quotes });
    let shown = entities::status(call, state, &state.statuses[place], Some(&caller.name));
    let answer = Answer::json(200, &shown);
    if let Some(key) = key.filter(|_| call.settings.keys != Keys::Ignored) {
        let (used, request) = (SystemClock.mono(), call.request.number);
        state.keys.insert(key, Key { place, used, request, answer: answer.clone() });
    }
    Ok(answer)
}

struct New {
    id: String,
    created: Instant,
    words: Words,
    reply_to: Option<String>,
    quotes: Option<String>,
}

fn store(call: &Call<'_>, state: &mut State, caller: &Caller, new: New) -> usize {
    let mut content = call.params.values().clone();
    content["media_count"] = json!(new.words.media.len());
    let post = call.ledger.posted(NewPost {
        account: &caller.name,
        id: new.id.clone(),
        text: call.params.text("status").unwrap_or_default(),
        reply_to: new.reply_to.clone(),
        key: call.head().header("idempotency-key").map(ToOwned::to_owned),
        request: Some(call.request.number),
        author: Author::Client,
        content: Arc::new(content),
    });
    let is_open = matches!(new.words.visibility.as_str(), "public" | "unlisted");
    let policy = call.params.filled("quote_approval_policy");
    let policy = policy.unwrap_or_else(|| "public".to_owned());
    state.keep(Item {
        id: new.id,
        account: caller.name.clone(),
        stored: post.at.mono,
        post: Some(post),
        created: new.created,
        words: new.words,
        edited: None,
        reply_to: new.reply_to,
        quotes: new.quotes,
        quote_policy: if is_open { policy } else { "nobody".to_owned() },
        boosts: None,
        app: caller.app.clone(),
        replies: 0,
    })
}

/// The status that is answered or quoted.
fn related(
    call: &Call<'_>,
    state: &State,
    caller: &Caller,
    name: &str,
    deed: &str,
) -> Result<Option<String>, Refused> {
    let Some(id) = call.params.filled(name) else { return Ok(None) };
    let may = |item: &&Item| {
        let is_own = item.account == caller.name;
        let is_quotable = match item.quote_policy.as_str() {
            _ if item.words.visibility == "direct" => false,
            "public" => true,
            _ => is_own,
        };
        item.is_visible_to(Some(&caller.name)) && (deed != "quote" || is_quotable)
    };
    match state.find(&id).filter(may) {
        Some(item) => Ok(Some(item.id.clone())),
        None if call.settings.flavour.is_mastodon() => {
            let words = format!("The post you are trying to {deed} does not appear to exist.");
            Err(Refused::new(404, &words))
        }
        None => Err(Refused::not_found(call.settings)),
    }
}

fn visibility(call: &Call<'_>, state: &State, caller: &Caller, quotes: Option<&str>) -> String {
    let asked = call.params.filled("visibility");
    let asked = asked.unwrap_or_else(|| call.settings.visibility.to_owned());
    let is_silenced = state.accounts.get(&*caller.name).is_some_and(|a| a.is_silenced);
    let quoted = quotes.and_then(|id| state.find(id)).map(|item| item.words.visibility.as_str());
    match asked.as_str() {
        "public" | "unlisted" if quoted == Some("private") => "private".to_owned(),
        "public" if is_silenced => "unlisted".to_owned(),
        _ => asked,
    }
}

/// What a key stands for, unless it is too old or, where there is no lock, its
/// request is still under way.
fn remembered(call: &Call<'_>, state: &State, key: &(String, String)) -> Option<Key> {
    let known = state.keys.get(key)?;
    let life = call.settings.keys.life()?;
    let overlap_posts = match call.settings.keys {
        Keys::Honoured { overlap_posts, .. } => overlap_posts,
        Keys::Replayed { .. } => true,
        _ => false,
    };
    let entry = call.ledger.find_request(known.request);
    let is_underway = entry.is_some_and(|e| e.answer_begun().is_none() && e.ended().is_none());
    let is_old = SystemClock.mono().since(known.used) >= life;
    let is_forgotten = is_old || overlap_posts && is_underway;
    (!is_forgotten).then(|| known.clone())
}

fn repeated(call: &Call<'_>, state: &State, known: &Key) -> Result<Answer, Refused> {
    match call.settings.keys {
        Keys::Replayed { .. } => Ok(known.answer.clone()),
        Keys::Refused { .. } => Err(Refused::new(400, "Duplicate idempotency key.")),
        // The framework's own page: not JSON.
        Keys::FailsOnRepeat { .. } => Ok(Answer::typed(
            500,
            "text/html; charset=utf-8",
            "<h1>We're sorry, but something went wrong on our end.</h1>",
        )),
        Keys::Honoured { .. } | Keys::Ignored => {
            let item = &state.statuses[known.place];
            if item.is_deleted() {
                return Err(Refused::not_found(call.settings));
            }
            Ok(Answer::json(200, &entities::status(call, state, item, Some(&item.account))))
        }
    }
}

/// It is not posted, now or later: the harness does not wait that long.
fn wait(call: &Call<'_>, state: &mut State, caller: &Caller, words: &Words, at: Instant) -> Answer {
    let id = call.id();
    let media = entities::attachments(call, state, &words.media);
    for medium in &words.media {
        if let Some(medium) = state.media.get_mut(medium) {
            medium.status = Some(id.clone());
        }
    }
    call.ledger.happened(&caller.name, Some(call.request.number), What::Wrote(id.clone()));
    let asked = |name: &str| call.params.values()[name].clone();
    Answer::json(
        200,
        &json!({
            "id": id,
            "scheduled_at": at.to_rfc3339(),
            "params": {
                "text": asked("status"),
                "media_ids": asked("media_ids"),
                "sensitive": asked("sensitive"),
                "spoiler_text": asked("spoiler_text"),
                "visibility": asked("visibility"),
                "language": asked("language"),
                "scheduled_at": null,
                "poll": asked("poll"),
                "idempotency": null,
                "in_reply_to_id": asked("in_reply_to_id"),
                "application_id": 1,
            },
            "media_attachments": media,
        }),
    )
}

/// The status, if who calls may see it and it has reached this replica.
fn seen<'a>(
    call: &Call<'_>,
    state: &'a State,
    id: &str,
) -> Result<(&'a Item, Option<Arc<str>>), Refused> {
    let viewer = call.reader(state, &READS)?;
    let now = SystemClock.mono();
    let is_here = |item: &&Item| {
        item.is_visible_to(viewer.as_deref()) && now.since(item.stored) >= call.settings.look_lag
    };
    let item = state.find(id).filter(is_here);
    Ok((item.ok_or_else(|| Refused::not_found(call.settings))?, viewer))
}

pub(super) fn show(call: &Call<'_>, state: &State, id: &str) -> Result<Answer, Refused> {
    let (item, viewer) = seen(call, state, id)?;
    Ok(Answer::json(200, &entities::status(call, state, item, viewer.as_deref())))
}

pub(super) fn source(call: &Call<'_>, state: &State, id: &str) -> Result<Answer, Refused> {
    call.user(state, &READS)?;
    let (item, _) = seen(call, state, id)?;
    let words = &item.words;
    let body = json!({"id": item.id, "text": words.text, "spoiler_text": words.spoiler});
    Ok(Answer::json(200, &body))
}

/// The place of one's own status.
fn own(call: &Call<'_>, state: &State, id: &str) -> Result<(usize, Caller), Refused> {
    let caller = call.user(state, &WRITES)?;
    let place = state.find_place(id);
    let place = place.filter(|place| state.statuses[*place].account == caller.name);
    Ok((place.ok_or_else(|| Refused::not_found(call.settings))?, caller))
}

/// All is replaced, also by nothing: media, poll or warning that are not sent
/// again are gone. The visibility stays.
pub(super) fn edit(call: &Call<'_>, state: &mut State, id: &str) -> Result<Answer, Refused> {
    let (place, caller) = own(call, state, id)?;
    let media = draft::media(call, state, &caller.name, Some(id))?;
    let old = state.statuses[place].words.clone();
    let mut words = draft::words(call, media, old.visibility.clone(), &old.language)?;
    if let (Some(new), Some(old)) = (&mut words.poll, &old.poll)
        && new.options == old.options
        && new.takes_several == old.takes_several
        && new.expires_at.since(old.expires_at) < std::time::Duration::from_mins(1)
    {
        new.expires_at = old.expires_at;
    }
    let is_described_anew = describe(call, state, &words.media);
    if words != old || is_described_anew {
        for id in &words.media {
            if let Some(medium) = state.media.get_mut(id) {
                medium.status = Some(state.statuses[place].id.clone());
            }
        }
        let item = &mut state.statuses[place];
        item.words = words;
        item.edited = Some(SystemClock.now());
        if let Some(post) = item.post.clone() {
            let content = Arc::new(call.params.values().clone());
            let what = What::Overwrote(post, content);
            call.ledger.happened(&caller.name, Some(call.request.number), what);
        }
    }
    let shown = entities::status(call, state, &state.statuses[place], Some(&caller.name));
    Ok(Answer::json(200, &shown))
}

/// `media_attributes`; tells whether a description changed.
fn describe(call: &Call<'_>, state: &mut State, media: &[String]) -> bool {
    let asked = &call.params.values()["media_attributes"];
    let single = [asked.clone()];
    let mut has_changed = false;
    for attributes in asked.as_array().map_or(&single[..], Vec::as_slice) {
        let id = text(&attributes["id"]).filter(|id| media.contains(id));
        let medium = id.and_then(|id| state.media.get_mut(&id));
        let (Some(medium), Value::String(new)) = (medium, &attributes["description"]) else {
            continue;
        };
        has_changed |= medium.description.as_ref() != Some(new);
        medium.description = Some(new.clone());
    }
    has_changed
}

/// Its media are free again, to be posted anew, unless they shall go as well.
pub(super) fn delete(call: &Call<'_>, state: &mut State, id: &str) -> Result<Answer, Refused> {
    let (place, caller) = own(call, state, id)?;
    let shown = entities::with_source(call, state, &state.statuses[place]);
    let takes_media = call.head().parameter("delete_media").is_some_and(|value| value == "true");
    for id in &state.statuses[place].words.media {
        if takes_media {
            state.media.remove(id);
        } else if let Some(medium) = state.media.get_mut(id) {
            medium.status = None;
        }
    }
    if let Some(post) = state.statuses[place].post.clone() {
        call.ledger.happened(&caller.name, Some(call.request.number), What::Deleted(post));
    }
    Ok(Answer::json(200, &shown))
}
