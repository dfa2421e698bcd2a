//! After a doubt: whether a post is among the account's own.
//!
//! The list is read from its newest post back to the one that was the newest
//! before the first attempt, or to its end. Not having come that far says
//! nothing. What is found must be ours in everything that a server keeps as it
//! was sent: its text and what stands in front of it, what it answers, how
//! many pictures it has, its poll, and the program that it came from.

use serde_json::Value;

use super::api::Api;
use super::plan::Plan;
use super::publish::remote;
use super::refusal::Refusal;
use super::rendered::{comparable, plain};
use super::session::Session;
use crate::effect::{Effect, unreadable};
use crate::{Cx, Failure, Found, Receipt, Trace};

/// Posts in a page: as many as servers give at most.
const PAGE: &str = "40";
/// Pages that are read before we give up: 400 posts since the first attempt.
const PAGES: usize = 10;

/// Looks for what `plan` asked for.
pub(super) async fn find(cx: &Cx<'_>, plan: &Plan, trace: &Trace) -> Result<Found, Failure> {
    let session = Session::open(cx.credential)?;
    let api = Api::of(cx, &session.token);
    let mut seen: Vec<Receipt> = Vec::new();
    let mut is_complete = false;
    let mut before: Option<String> = None;
    for _ in 0..PAGES {
        let page = page(cx, &api, PAGE, before.as_deref()).await?;
        let Some(last) = page.last() else {
            is_complete = true;
            break;
        };
        before = Some(id(last)?.to_owned());
        for post in &page {
            let own = id(post)?;
            if trace.newest_before.as_deref() == Some(own) {
                is_complete = true;
                break;
            }
            let is_known = trace.known.iter().any(|known| is_the_same(known, own));
            if !is_known
                && is_ours(plan, &session, post)
                && let Some(post) = remote(post)
                && seen.iter().all(|other| other.posts[0].id != post.id)
            {
                seen.push(Receipt { posts: vec![post] });
            }
        }
        if is_complete {
            break;
        }
    }
    Ok(match (seen.pop(), seen.is_empty()) {
        (Some(only), true) => Found::Found(only),
        (None, _) if is_complete => Found::NotSeen,
        // Two that look like it, or a list without an end.
        _ => Found::CannotTell,
    })
}

/// The newest own post.
pub(super) async fn newest(cx: &Cx<'_>) -> Result<Option<String>, Failure> {
    let session = Session::open(cx.credential)?;
    let page = page(cx, &Api::of(cx, &session.token), "1", None).await?;
    page.first().map(|post| id(post).map(str::to_owned)).transpose()
}

/// Own posts, newest first.
async fn page(
    cx: &Cx<'_>,
    api: &Api<'_>,
    limit: &str,
    before: Option<&str>,
) -> Result<Vec<Value>, Failure> {
    let account = cx.account.remote_id.split('@').next().unwrap_or_default();
    let mut query = vec![("limit", limit), ("exclude_reblogs", "true")];
    query.extend(before.map(|before| ("max_id", before)));
    let path = format!("/api/v1/accounts/{account}/statuses");
    match api.ask(&path, &query).await?.map_err(Refusal::failure)?.body {
        Value::Array(posts) => Ok(posts),
        _ => Err(unreadable(Effect::Read)),
    }
}

fn id(post: &Value) -> Result<&str, Failure> {
    post["id"].as_str().filter(|id| !id.is_empty()).ok_or_else(|| unreadable(Effect::Read))
}

/// Whether `known` is the post `id`; of one that a person attached only a link
/// is known.
fn is_the_same(known: &str, id: &str) -> bool {
    known == id || known.trim_end_matches('/').rsplit('/').next() == Some(id)
}

/// Whether `post` is what was asked for, made by us.
fn is_ours(plan: &Plan, session: &Session, post: &Value) -> bool {
    let shown = |name: &str| post[name].as_str().unwrap_or_default();
    let content = comparable(&plain(shown("content")));
    let is_text =
        content == comparable(&plan.text) && is_line(shown("spoiler_text"), &plan.warning);
    // Without a text, what stands in front becomes one.
    let is_warning = plan.text.is_empty()
        && content == comparable(&plan.warning)
        && shown("spoiler_text").is_empty();
    let media = post["media_attachments"].as_array().map_or(0, Vec::len);
    (is_text || is_warning)
        && post["reblog"].is_null()
        && post["in_reply_to_id"].as_str() == plan.reply_to.as_deref()
        && media == plan.pictures.len()
        && is_poll(plan, post)
        && is_from_us(session, post)
}

/// A line is shown as it was sent, or by some servers as HTML.
fn is_line(shown: &str, sent: &str) -> bool {
    let sent = comparable(sent);
    comparable(shown) == sent || comparable(&plain(shown)) == sent
}

fn is_poll(plan: &Plan, post: &Value) -> bool {
    match (&plan.poll, post["poll"]["options"].as_array()) {
        (None, None) => true,
        (Some(poll), Some(shown)) => {
            let title = |choice: &Value| choice["title"].as_str().unwrap_or_default().to_owned();
            shown.len() == poll.choices.len()
                && shown.iter().zip(&poll.choices).all(|(shown, own)| is_line(&title(shown), own))
        }
        _ => false,
    }
}

/// A server that names the program of a post, and told us the name of ours,
/// tells apart what a person posted by hand.
fn is_from_us(session: &Session, post: &Value) -> bool {
    match (session.program.as_deref(), post["application"]["name"].as_str()) {
        (Some(ours), Some(theirs)) => ours == theirs,
        _ => true,
    }
}
