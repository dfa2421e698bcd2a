//! Uploads, one for each call. Nobody sees them until a record names them,
//! and a server collects them when none does.

use std::time::Duration;

use bellwether_base::Instant;
use serde_json::Value;
use url::Url;

use super::card;
use super::plan::{Plan, Upload, Uploads, picture_key, thumb_key};
use super::refusal::Refusal;
use super::session::Session;
use super::xrpc::Xrpc;
use crate::effect::{Effect, unreadable};
use crate::image::Fitted;
use crate::{Cx, Failure, Frozen, Permit, Prepared, picture};

/// Servers may collect what no record names after an hour; some are hastier.
const FRESH: Duration = Duration::from_mins(10);

/// How long the picture of a card is waited for: a permit closes soon after.
const PICTURE_WAITS: Duration = Duration::from_secs(3);

/// What is to be uploaded.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    Picture(&'a str),
    Thumb(&'a Url),
}

/// Whether nothing is left to upload. Pure.
pub(super) fn is_done(frozen: &Frozen, state: &Value, now: Instant) -> bool {
    Plan::open(frozen).is_ok_and(|plan| missing(&plan, &Uploads::open(state), now).is_none())
}

/// What is not uploaded yet, or so long ago that the server may have collected it.
fn missing<'a>(plan: &'a Plan, uploads: &Uploads, now: Instant) -> Option<(String, Wanted<'a>)> {
    wanted(plan).into_iter().find(|(key, _)| {
        uploads
            .0
            .get(key)
            .is_none_or(|upload| upload.blob.is_some() && now.since(upload.at) >= FRESH)
    })
}

/// Uploads what comes next, or says that nothing is left.
pub(super) async fn step(
    cx: &Cx<'_>,
    frozen: &Frozen,
    state: &Value,
    permit: &Permit,
) -> Result<Prepared, Failure> {
    let plan = Plan::open(frozen)?;
    let mut uploads = Uploads::open(state);
    let Some((key, wanted)) = missing(&plan, &uploads, cx.clock.now()) else {
        return Ok(Prepared::Ready(uploads.state()));
    };
    let upload = match wanted {
        Wanted::Picture(hash) => picture(cx, hash, permit).await?,
        Wanted::Thumb(image) => thumb(cx, image, permit).await?,
    };
    uploads.0.insert(key, upload);
    Ok(Prepared::More(uploads.state()))
}

fn wanted(plan: &Plan) -> Vec<(String, Wanted<'_>)> {
    let mut wanted = Vec::new();
    for part in &plan.parts {
        for picture in &part.pictures {
            wanted.push((picture_key(&picture.hash), Wanted::Picture(&picture.hash)));
        }
        if let Some(image) = part.card.as_ref().and_then(|card| card.image.as_ref()) {
            wanted.push((thumb_key(image), Wanted::Thumb(image)));
        }
    }
    wanted
}

async fn picture(cx: &Cx<'_>, hash: &str, permit: &Permit) -> Result<Upload, Failure> {
    send(cx, picture::stored(cx, hash).await?, permit).await
}

/// A card does without its picture rather than hold up the post.
async fn thumb(cx: &Cx<'_>, image: &Url, permit: &Permit) -> Result<Upload, Failure> {
    match card::thumb(cx.http, image, PICTURE_WAITS).await {
        Some(fitted) => send(cx, fitted, permit).await,
        None => Ok(Upload { blob: None, at: cx.clock.now(), size: None }),
    }
}

async fn send(cx: &Cx<'_>, fitted: Fitted, permit: &Permit) -> Result<Upload, Failure> {
    let session = Session::open(cx.credential)?;
    let size = Some((fitted.width, fitted.height));
    let answer = Xrpc::of(cx)
        .with(&session.access)
        .upload(fitted.mime, fitted.bytes, permit)
        .await?
        .map_err(Refusal::failure)?;
    let blob = answer.get("blob").filter(|blob| blob["ref"]["$link"].is_string());
    let blob = blob.ok_or_else(|| unreadable(Effect::Harmless))?;
    Ok(Upload { blob: Some(blob.clone()), at: cx.clock.now(), size })
}
