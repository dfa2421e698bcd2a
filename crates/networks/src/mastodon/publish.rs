//! Writing, looking and taking down.

use async_trait::async_trait;
use bellwether_base::{Instant, Say};
use serde_json::{Value, json};
use url::Url;

use super::api::Api;
use super::plan::{Picture, Plan, Uploads};
use super::refusal::Refusal;
use super::session::Session;
use super::{Mastodon, find, freeze, prepare};
use crate::effect::{Effect, unreadable};
use crate::{
    Checked, Cx, Draft, Failure, Found, Frozen, MediaRef, Part, Permit, Prepared, Publish, Receipt,
    RemotePost, Submitted, Ticket, Trace,
};

#[async_trait]
impl Publish for Mastodon {
    async fn freeze(&self, cx: &Cx<'_>, draft: &Draft<'_>) -> Result<Frozen, Failure> {
        freeze::freeze(cx, draft).await
    }

    fn is_prepared(&self, frozen: &Frozen, state: &Value, now: Instant) -> bool {
        prepare::is_done(frozen, state, now)
    }

    async fn prepare(
        &self,
        cx: &Cx<'_>,
        frozen: &Frozen,
        state: &Value,
        permit: &Permit,
    ) -> Result<Prepared, Failure> {
        prepare::step(cx, frozen, state, permit).await
    }

    fn parts(&self, frozen: &Frozen) -> Vec<Part> {
        let pictures = Plan::open(frozen).map(|plan| plan.pictures).unwrap_or_default();
        let media = |Picture { hash, alt }| MediaRef { hash, alt, facts: None };
        let media: Vec<_> = pictures.into_iter().map(media).collect();
        let text = frozen.texts.first().cloned().unwrap_or_default();
        vec![Part { text, media, card: None }]
    }

    async fn submit(
        &self,
        cx: &Cx<'_>,
        frozen: &Frozen,
        prepared: &Value,
        permit: &Permit,
    ) -> Result<Submitted, Failure> {
        let plan = Plan::open(frozen)?;
        let session = Session::open(cx.credential)?;
        let status = status(&plan, &Uploads::open(prepared))?;
        let said = Api::of(cx, &session.token)
            .post(&status, &plan.key, permit)
            .await?
            .map_err(Refusal::failure)?;
        let post = remote(&said.body).ok_or_else(|| unreadable(Effect::Write))?;
        Ok(Submitted::Done(Receipt { posts: vec![post] }))
    }

    /// A server answers with the post, so nothing is ever pending.
    async fn check(&self, _: &Cx<'_>, _: &Frozen, ticket: &Ticket) -> Result<Checked, Failure> {
        Ok(Checked::Pending(ticket.clone()))
    }

    async fn find(
        &self,
        cx: &Cx<'_>,
        frozen: &Frozen,
        _prepared: &Value,
        trace: &Trace,
    ) -> Result<Found, Failure> {
        find::find(cx, &Plan::open(frozen)?, trace).await
    }

    async fn newest(&self, cx: &Cx<'_>) -> Result<Option<String>, Failure> {
        find::newest(cx).await
    }

    async fn delete(&self, cx: &Cx<'_>, post: &RemotePost, permit: &Permit) -> Result<(), Failure> {
        let id = id_of(cx, post)?;
        let session = Session::open(cx.credential)?;
        match Api::of(cx, &session.token).delete(id, permit).await? {
            Ok(_) => Ok(()),
            // It was gone before.
            Err(refusal) if refusal.is_not_found() => Ok(()),
            Err(refusal) => Err(refusal.failure()),
        }
    }
}

/// The body of the one request that creates a post. Never `scheduled_at`:
/// Takahe posts such a one at once, and Mastodon forgets its key.
fn status(plan: &Plan, uploads: &Uploads) -> Result<Value, Failure> {
    let ready: Vec<&str> = uploads.0.iter().filter(|up| up.is_ready).map(|up| &*up.id).collect();
    if ready.len() != plan.pictures.len() {
        let mut failure = Failure::transient(Say::new("mastodon-picture-gone"));
        failure.prepare_again = true;
        return Err(failure);
    }
    let mut status = json!({
        "status": plan.text,
        // Servers that know markup would make some of a text otherwise.
        "content_type": "text/plain",
        "visibility": plan.visibility,
        "sensitive": plan.sensitive,
    });
    if !plan.warning.is_empty() {
        status["spoiler_text"] = json!(plan.warning);
    }
    if !ready.is_empty() {
        status["media_ids"] = json!(ready);
    }
    if let Some(poll) = &plan.poll {
        status["poll"] = json!({
            "options": poll.choices,
            "expires_in": poll.seconds,
            "multiple": poll.several,
            "hide_totals": poll.hidden,
        });
    }
    for (name, value) in [
        ("in_reply_to_id", &plan.reply_to),
        ("language", &plan.language),
        ("quoted_status_id", &plan.quote),
        ("quote_approval_policy", &plan.quotable),
    ] {
        if let Some(value) = value {
            status[name] = json!(value);
        }
    }
    Ok(status)
}

/// A post as a server tells it. Nothing if it has no id.
pub(super) fn remote(status: &Value) -> Option<RemotePost> {
    let id = status["id"].as_str().filter(|id| is_id(id))?.to_owned();
    let url = [&status["url"], &status["uri"]].into_iter().find_map(Value::as_str);
    Some(RemotePost { id, url: url.map(str::to_owned), version: None })
}

/// Ids look different from server to server; none holds what an address gives
/// a meaning.
fn is_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

/// The server's id of a post of ours. Of a link that a person attached it is
/// the last piece, if it leads to the channel's own server.
pub(super) fn id_of<'p>(cx: &Cx<'_>, post: &'p RemotePost) -> Result<&'p str, Failure> {
    let not_ours = || Failure::rejected(Say::new("not-our-post"));
    if is_id(&post.id) {
        return Ok(&post.id);
    }
    let url: Url = post.id.parse().map_err(|_| not_ours())?;
    let last = post.id.split(['?', '#']).next().unwrap_or_default();
    let last = last.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let is_ours = url.host_str() == cx.account.server.host_str();
    if is_ours && is_id(last) { Ok(last) } else { Err(not_ours()) }
}
