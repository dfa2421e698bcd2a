//! Accounts, statuses, media and polls as the API shows them.

use bellwether_base::{Clock as _, SystemClock};
use serde_json::{Value, json};

use super::call::Call;
use super::html::Place;
use super::state::{Account, Item, Medium, Poll, State, Work};
use super::text::{Piece, pieces};

pub(super) fn account(call: &Call<'_>, state: &State, account: &Account) -> Value {
    let origin = &call.origin;
    let mut own = state.shelf(&account.name);
    let last = own.next().map(|item| item.created.to_rfc3339()[..10].to_owned());
    json!({
        "id": account.id,
        "username": &*account.name,
        "acct": &*account.name,
        "display_name": &*account.name,
        "locked": false,
        "bot": false,
        "discoverable": true,
        "indexable": false,
        "group": false,
        // The vendor tells the day only, in the form of a time.
        "created_at": format!("{}T00:00:00.000Z", &account.created.to_rfc3339()[..10]),
        "note": "",
        "url": format!("{origin}/@{}", account.name),
        "uri": format!("{origin}/users/{}", account.name),
        "avatar": format!("{origin}/avatars/original/missing.png"),
        "avatar_static": format!("{origin}/avatars/original/missing.png"),
        "header": format!("{origin}/headers/original/missing.png"),
        "header_static": format!("{origin}/headers/original/missing.png"),
        "followers_count": 0,
        "following_count": 0,
        "statuses_count": own.count() + usize::from(last.is_some()),
        "last_status_at": last,
        "emojis": [],
        "fields": [],
    })
}

/// A status as `viewer` sees it.
pub(super) fn status(call: &Call<'_>, state: &State, item: &Item, viewer: Option<&str>) -> Value {
    let mut shown = plain(call, state, item, viewer);
    let boosted = item.boosts.as_deref().and_then(|id| state.find(id));
    if let Some(boosted) = boosted {
        shown["reblog"] = plain(call, state, boosted, viewer);
        shown["content"] = shown["reblog"]["content"].clone();
    }
    shown
}

/// The same with the text as it was written in place of the content.
pub(super) fn with_source(call: &Call<'_>, state: &State, item: &Item) -> Value {
    let mut shown = plain(call, state, item, Some(&item.account));
    if let Some(fields) = shown.as_object_mut() {
        fields.remove("content");
        fields.insert("text".to_owned(), json!(item.words.text));
    }
    shown
}

fn plain(call: &Call<'_>, state: &State, item: &Item, viewer: Option<&str>) -> Value {
    let is_known = |name: &str| state.accounts.contains_key(name);
    let place = call.place(&is_known);
    let words = &item.words;
    let parent = item.reply_to.as_deref().and_then(|id| state.find(id));
    let parent = parent.and_then(|parent| state.accounts.get(&*parent.account));
    let is_author = viewer == Some(&*item.account);
    let mut shown = json!({
        "id": item.id,
        "created_at": item.created.to_rfc3339(),
        "in_reply_to_id": item.reply_to,
        "in_reply_to_account_id": parent.map(|account| &account.id),
        "sensitive": words.is_sensitive,
        "spoiler_text": words.spoiler,
        "visibility": words.visibility,
        "language": words.language,
        "uri": format!("{}/users/{}/statuses/{}", call.origin, item.account, item.id),
        "url": url(call, item),
        "replies_count": item.replies,
        "reblogs_count": 0,
        "favourites_count": 0,
        "edited_at": item.edited.map(bellwether_base::Instant::to_rfc3339),
        "content": content(call, state, item, &place),
        "reblog": null,
        "account": state.accounts.get(&*item.account).map(|author| account(call, state, author)),
        "media_attachments": attachments(call, state, words.media.as_slice()),
        "mentions": mentions(state, &place, &words.text),
        "tags": tags(&place, &words.text),
        "emojis": emoji(call, &[&words.text, &words.spoiler].map(String::as_str)),
        "card": null,
        "poll": words.poll.as_ref().map(|poll| poll_entity(&item.id, poll, viewer.is_some())),
    });
    if viewer.is_some() {
        for name in ["favourited", "reblogged", "muted", "bookmarked"] {
            shown[name] = json!(false);
        }
        shown["filtered"] = json!([]);
    }
    if is_author || call.settings.tells_app {
        shown["application"] = json!({"name": item.app.0, "website": item.app.1});
    }
    if call.settings.offers_quotes {
        shown["quotes_count"] = json!(0);
        let quoted = item.quotes.as_deref().and_then(|id| state.find(id));
        shown["quote"] = match quoted {
            Some(quoted) => {
                let mut inner = plain(call, state, quoted, viewer);
                inner["quote"] = Value::Null;
                json!({"state": "accepted", "quoted_status": inner})
            }
            None if item.quotes.is_some() => json!({"state": "deleted", "quoted_status": null}),
            None => Value::Null,
        };
        let automatic: &[&str] = match item.quote_policy.as_str() {
            "public" => &["public"],
            "followers" => &["followers"],
            _ => &[],
        };
        let current = if is_author || automatic == ["public"] { "automatic" } else { "denied" };
        shown["quote_approval"] =
            json!({"automatic": automatic, "manual": [], "current_user": current});
    }
    shown
}

/// Where people see it.
pub(super) fn url(call: &Call<'_>, item: &Item) -> String {
    format!("{}/@{}/{}", call.origin, item.account, item.id)
}

fn content(call: &Call<'_>, state: &State, item: &Item, place: &Place<'_>) -> String {
    let content = place.content(&item.words.text);
    match item.quotes.as_deref().and_then(|id| state.find(id)) {
        Some(quoted) if !content.contains(&url(call, quoted)) => {
            let link = place.link(&url(call, quoted));
            format!("<p class=\"quote-inline\">RE: {link}</p>{content}")
        }
        _ => content,
    }
}

fn mentions(state: &State, place: &Place<'_>, text: &str) -> Vec<Value> {
    let mut mentions: Vec<Value> = Vec::new();
    for piece in pieces(text) {
        let Piece::Mention { name, domain } = piece else { continue };
        let account = place.local(name, domain).and_then(|name| state.accounts.get(name));
        let Some(account) = account else { continue };
        let mention = json!({
            "id": account.id,
            "username": &*account.name,
            "url": place.account_url(&account.name),
            "acct": &*account.name,
        });
        if !mentions.contains(&mention) {
            mentions.push(mention);
        }
    }
    mentions
}

fn tags(place: &Place<'_>, text: &str) -> Vec<Value> {
    let tags = pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Tag(name) => {
            Some(json!({"name": name.to_lowercase(), "url": place.tag_url(&name.to_lowercase())}))
        }
        _ => None,
    });
    tags.collect()
}

/// The server's own emoji that stand in these texts.
fn emoji(call: &Call<'_>, texts: &[&str]) -> Vec<Value> {
    let used = call.settings.emoji.iter().filter(|code| {
        let code = format!(":{code}:");
        texts.iter().any(|text| text.contains(&code))
    });
    let shown = used.map(|code| {
        let url = format!("{}/emoji/{code}.png", call.origin);
        json!({"shortcode": code, "url": url, "static_url": url, "visible_in_picker": true})
    });
    shown.collect()
}

pub(super) fn attachments(call: &Call<'_>, state: &State, ids: &[String]) -> Vec<Value> {
    ids.iter().filter_map(|id| state.media.get(id)).map(|medium| attachment(call, medium)).collect()
}

/// While it is worked on, `url` is null.
pub(super) fn attachment(call: &Call<'_>, medium: &Medium) -> Value {
    let url = format!("{}/media/{}/original", call.origin, medium.id);
    let (width, height) = (medium.sight.width, medium.sight.height);
    let aspect = if height == 0 { 1.0 } else { f64::from(width) / f64::from(height) };
    let size = json!({"width": width, "height": height, "size": format!("{width}x{height}"), "aspect": aspect});
    json!({
        "id": medium.id,
        "type": kind(&medium.mime),
        "url": (medium.work == Work::Done).then_some(&url),
        "preview_url": format!("{}/media/{}/small", call.origin, medium.id),
        "remote_url": null,
        "preview_remote_url": null,
        "text_url": null,
        "meta": {"original": size, "small": size, "focus": {"x": medium.focus.0, "y": medium.focus.1}},
        "description": medium.description,
        "blurhash": "UFBWY:8_0Jxv4mx]t8t64.%M-:IUWGWAt6M}",
    })
}

/// `image`, `gifv`, `video` or `audio`.
pub(super) fn kind(mime: &str) -> &'static str {
    match mime.split('/').next().unwrap_or_default() {
        _ if mime == "image/gif" => "gifv",
        "image" => "image",
        "video" => "video",
        "audio" => "audio",
        _ => "unknown",
    }
}

fn poll_entity(id: &str, poll: &Poll, is_known: bool) -> Value {
    let options = poll.options.iter().map(|title| json!({"title": title, "votes_count": 0}));
    let options: Vec<_> = options.collect();
    let mut shown = json!({
        "id": id,
        "expires_at": poll.expires_at.to_rfc3339(),
        "expired": poll.expires_at <= SystemClock.now(),
        "multiple": poll.takes_several,
        "votes_count": 0,
        "voters_count": 0,
        "options": options,
        "emojis": [],
    });
    if is_known {
        shown["voted"] = json!(true);
        shown["own_votes"] = json!([]);
    }
    shown
}
