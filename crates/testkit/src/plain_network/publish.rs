//! Posting to the plain network.

use std::time::Duration;

use async_trait::async_trait;
use bellwether_base::{Instant, Rng, Say};
use bellwether_networks::{
    Checked, Cx, Draft, Failure, Found, Frozen, Permit, Prepared, Publish, Receipt, RemotePost,
    Submitted, Ticket, Trace,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::call::{Call, Session, not_understood};
use super::{PlainNetwork, Variant, text};

/// A request, rendered.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Plan {
    text: String,
    reply_to: Option<String>,
    /// Hash and type of each picture.
    pictures: Vec<(String, String)>,
    /// The id that we chose, or the idempotency key.
    key: String,
}

/// What was uploaded so far.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Uploads {
    ids: Vec<String>,
    /// The last one is still worked on.
    busy: bool,
}

impl Plan {
    fn open(frozen: &Frozen) -> Result<Self, Failure> {
        serde_json::from_value(frozen.request.clone())
            .map_err(|_| Failure::rejected(Say::new("frozen-unreadable")))
    }
}

/// 32 letters that nobody chose before.
fn fresh_key(rng: &dyn Rng) -> String {
    let mut bytes = [0; 16];
    rng.fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The post's id; of a link that a person attached, its last piece.
fn bare_id(post: &RemotePost) -> String {
    post.id.rsplit('/').next().unwrap_or_default().to_owned()
}

fn receipt(post: &Value) -> Option<Receipt> {
    let id = post["id"].as_str()?.to_owned();
    let url = post["url"].as_str().map(str::to_owned);
    Some(Receipt { posts: vec![RemotePost { id, url, version: None }] })
}

fn uploads(state: &Value) -> Uploads {
    serde_json::from_value(state.clone()).unwrap_or_default()
}

fn state(uploads: &Uploads) -> Value {
    serde_json::to_value(uploads).unwrap_or_default()
}

impl PlainNetwork {
    /// Whether `post` is what was asked for, made by us.
    fn is_ours(plan: &Plan, media: usize, post: &Value) -> bool {
        post["app"] == "bellwether"
            && post["reply_to"].as_str() == plan.reply_to.as_deref()
            && post["media"].as_array().map_or(0, Vec::len) == media
            && post["content"].as_str().is_some_and(|content| {
                text::comparable(content) == text::comparable(&text::shown(&plan.text))
            })
    }

    async fn find_listed(
        call: &Call<'_>,
        account: &str,
        plan: &Plan,
        trace: &Trace,
    ) -> Result<Found, Failure> {
        let mut after = trace.newest_before.clone();
        let mut seen = Vec::new();
        loop {
            let mut query = vec![("order", "oldest"), ("limit", "100")];
            if let Some(after) = &after {
                query.push(("after", after));
            }
            let page = match call.read(&format!("/v1/{account}/posts"), &query).await {
                Err(failure) if failure.vendor.as_deref() == Some("post_unknown") => {
                    return Ok(Found::CannotTell);
                }
                page => page?,
            };
            let posts = page["posts"].as_array().ok_or_else(not_understood)?;
            let ours = posts.iter().filter(|p| Self::is_ours(plan, plan.pictures.len(), p));
            let is_new = |found: &Receipt| !trace.known.contains(&found.posts[0].id);
            seen.extend(ours.filter_map(receipt).filter(is_new));
            match page["next"].as_str() {
                Some(next) => after = Some(next.to_owned()),
                None => break,
            }
        }
        Ok(match seen.len() {
            0 => Found::NotSeen,
            1 => Found::Found(seen.remove(0)),
            _ => Found::CannotTell,
        })
    }
}

#[async_trait]
impl Publish for PlainNetwork {
    async fn freeze(&self, cx: &Cx<'_>, draft: &Draft<'_>) -> Result<Frozen, Failure> {
        let part = draft
            .content
            .parts
            .get(draft.part)
            .ok_or_else(|| Failure::rejected(Say::new("frozen-unreadable")))?;
        let mime = |facts: &Option<bellwether_networks::MediaFacts>| {
            facts.as_ref().map_or_else(|| "image/png".to_owned(), |facts| facts.mime.clone())
        };
        let plan = Plan {
            text: part.text.clone(),
            reply_to: draft.previous.last().map(bare_id),
            pictures: part.media.iter().map(|m| (m.hash.clone(), mime(&m.facts))).collect(),
            key: fresh_key(cx.rng),
        };
        let handles =
            if self.0 == Variant::CreateOnly { vec![plan.key.clone()] } else { Vec::new() };
        let request = serde_json::to_value(&plan)
            .map_err(|_| Failure::rejected(Say::new("frozen-unreadable")))?;
        Ok(Frozen { request, handles, texts: vec![plan.text] })
    }

    fn is_prepared(&self, frozen: &Frozen, now: &Value, _: Instant) -> bool {
        let uploads = uploads(now);
        Plan::open(frozen)
            .is_ok_and(|plan| uploads.ids.len() >= plan.pictures.len() && !uploads.busy)
    }

    async fn prepare(
        &self,
        cx: &Cx<'_>,
        frozen: &Frozen,
        before: &Value,
        permit: &Permit,
    ) -> Result<Prepared, Failure> {
        let plan = Plan::open(frozen)?;
        let session = Session::open(cx.credential)?;
        let call = Call::of(cx, &session);
        let mut uploads = uploads(before);
        let path = format!("/v1/{}/media", session.account);
        let told = if let Some(id) = uploads.ids.last().filter(|_| uploads.busy) {
            call.read(&format!("{path}/{id}"), &[]).await?
        } else {
            let Some((hash, mime)) = plan.pictures.get(uploads.ids.len()) else {
                return Ok(Prepared::Ready(state(&uploads)));
            };
            let bytes = cx.media.read(hash).await.map_err(|missing| {
                let say = Say::new("media-missing");
                if missing.gone { Failure::rejected(say) } else { Failure::transient(say) }
            })?;
            let told = call.upload(&path, mime, bytes, permit).await?.body;
            uploads.ids.push(told["id"].as_str().ok_or_else(not_understood)?.to_owned());
            told
        };
        uploads.busy = told["state"] != "ready";
        if uploads.busy {
            let until = cx.clock.now() + Duration::from_millis(200);
            return Ok(Prepared::Wait { until, state: state(&uploads) });
        }
        Ok(Prepared::More(state(&uploads)))
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
        let mut body = json!({
            "text": plan.text, "reply_to": plan.reply_to, "media": uploads(prepared).ids,
        });
        if self.0 == Variant::CreateOnly {
            body["id"] = json!(plan.key);
        }
        let path = format!("/v1/{}/posts", session.account);
        let told = Call::of(cx, &session).write(&path, &body, Some(&plan.key), permit).await?;
        let post = if told.status == 409 { &told.body["post"] } else { &told.body };
        let receipt = receipt(post).ok_or_else(not_understood)?;
        if self.0 == Variant::CreateOnly && receipt.posts[0].id != plan.key {
            return Err(not_understood());
        }
        Ok(Submitted::Done(receipt))
    }

    async fn check(&self, _: &Cx<'_>, _: &Frozen, _: &Ticket) -> Result<Checked, Failure> {
        Err(not_understood())
    }

    async fn find(
        &self,
        cx: &Cx<'_>,
        frozen: &Frozen,
        _: &Value,
        trace: &Trace,
    ) -> Result<Found, Failure> {
        let plan = Plan::open(frozen)?;
        let session = Session::open(cx.credential)?;
        let call = Call::of(cx, &session);
        match self.0 {
            Variant::Unreadable => Ok(Found::CannotTell),
            Variant::CreateOnly => {
                let path = format!("/v1/{}/posts/{}", session.account, plan.key);
                match call.read(&path, &[]).await {
                    Ok(post) => receipt(&post).map(Found::Found).ok_or_else(not_understood),
                    Err(failure) if failure.vendor.as_deref() == Some("post_unknown") => {
                        Ok(Found::Absent)
                    }
                    Err(failure) => Err(failure),
                }
            }
            Variant::Keys | Variant::NoKeys | Variant::Careful => {
                Self::find_listed(&call, &session.account, &plan, trace).await
            }
        }
    }

    async fn newest(&self, cx: &Cx<'_>) -> Result<Option<String>, Failure> {
        let session = Session::open(cx.credential)?;
        let query = [("order", "newest"), ("limit", "1")];
        let path = format!("/v1/{}/posts", session.account);
        let page = Call::of(cx, &session).read(&path, &query).await?;
        Ok(page["posts"][0]["id"].as_str().map(str::to_owned))
    }

    async fn delete(&self, cx: &Cx<'_>, post: &RemotePost, permit: &Permit) -> Result<(), Failure> {
        let session = Session::open(cx.credential)?;
        let path = format!("/v1/{}/posts/{}", session.account, bare_id(post));
        Call::of(cx, &session).delete(&path, permit).await
    }
}
