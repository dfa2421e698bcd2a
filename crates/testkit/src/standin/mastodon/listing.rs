//! The statuses of an account, page by page.

use std::cmp::Ordering;

use bellwether_base::{Clock as _, SystemClock};
use url::form_urlencoded::Serializer;

use super::call::{Call, Refused};
use super::entities;
use super::ids::order;
use super::params::flag;
use super::state::{Item, State};
use super::text::{Piece, pieces};
use crate::standin::Answer;

const USUAL: usize = 20;
const MOST: usize = 40;
const FILTERS: [&str; 5] = ["pinned", "tagged", "only_media", "exclude_replies", "exclude_reblogs"];

pub(super) fn list(call: &Call<'_>, state: &State, id: &str) -> Result<Answer, Refused> {
    let viewer = call.reader(state, &["read", "read:statuses"])?;
    let viewer = viewer.as_deref();
    let account = state.account_of_id(id).ok_or_else(|| Refused::not_found(call.settings))?;
    let limit = limit(call);
    let now = SystemClock.mono();
    let is_listed = |item: &&Item| {
        item.is_visible_to(viewer)
            && now.since(item.stored) >= call.settings.list_lag
            && is_asked_for(call, state, item)
    };
    let bound = |name: &str, is_in: fn(Ordering) -> bool| {
        let bound = call.head().parameter(name).filter(|id| !id.is_empty());
        move |item: &&Item| bound.as_deref().is_none_or(|bound| is_in(order(&item.id, bound)))
    };
    let min = call.head().parameter("min_id").filter(|id| !id.is_empty());
    let shelf = state.shelf(&account.name).filter(is_listed);
    let shelf = shelf.filter(bound("max_id", Ordering::is_lt));
    // `min_id` pages forward from there, `since_id` only ends the list.
    let page: Vec<&Item> = if min.is_some() {
        let mut page: Vec<_> =
            shelf.filter(bound("min_id", Ordering::is_gt)).rev().take(limit).collect();
        page.reverse();
        page
    } else {
        shelf.filter(bound("since_id", Ordering::is_gt)).take(limit).collect()
    };
    let shown: Vec<_> =
        page.iter().map(|item| entities::status(call, state, item, viewer)).collect();
    let answer = Answer::json(200, &shown.into());
    Ok(match links(call, &page, limit) {
        Some(links) => answer.with("Link", links),
        None => answer,
    })
}

fn limit(call: &Call<'_>) -> usize {
    let limit = call.head().parameter("limit");
    limit.map_or(USUAL, |limit| {
        let limit = limit.parse::<i64>().unwrap_or(0).unsigned_abs();
        usize::try_from(limit).unwrap_or(MOST).min(MOST)
    })
}

fn is_on(call: &Call<'_>, name: &str) -> bool {
    let value = call.head().parameter(name);
    value.and_then(|value| flag(&value.into())).unwrap_or(false)
}

fn is_asked_for(call: &Call<'_>, state: &State, item: &Item) -> bool {
    // An answer to oneself is none, so that threads stay whole.
    let answers_another = || {
        let parent = item.reply_to.as_deref().and_then(|id| state.find(id));
        item.reply_to.is_some() && parent.is_none_or(|parent| parent.account != item.account)
    };
    let has_tag = |tag: String| {
        let tag = tag.to_lowercase();
        pieces(&item.words.text)
            .iter()
            .any(|piece| matches!(piece, Piece::Tag(name) if name.to_lowercase() == tag))
    };
    !(is_on(call, "exclude_reblogs") && item.boosts.is_some()
        || is_on(call, "exclude_replies") && answers_another()
        || is_on(call, "only_media") && item.words.media.is_empty()
        || is_on(call, "pinned")
        || call.head().parameter("tagged").is_some_and(|tag| !has_tag(tag)))
}

/// `next` where the page is full, `prev` where it is not empty.
fn links(call: &Call<'_>, page: &[&Item], limit: usize) -> Option<String> {
    let link = |cursor: &str, id: &str, rel: &str| {
        let mut pairs: Vec<(String, String)> = FILTERS
            .into_iter()
            .chain(["limit"])
            .filter_map(|name| Some((name.to_owned(), call.head().parameter(name)?)))
            .collect();
        pairs.push((cursor.to_owned(), id.to_owned()));
        pairs.sort();
        let query = Serializer::new(String::new()).extend_pairs(pairs).finish();
        format!("<{}{}?{query}>; rel=\"{rel}\"", call.origin, call.head().path)
    };
    let mut links = Vec::new();
    if page.len() == limit {
        links.extend(page.last().map(|item| link("max_id", &item.id, "next")));
    }
    links.extend(page.first().map(|item| link("min_id", &item.id, "prev")));
    (!links.is_empty()).then(|| links.join(", "))
}
