//! Uploads, one call at a time. Nobody sees them until a post names them, and
//! a server collects them when none does.
//!
//! A server may go on working on an upload after it took it (202); until it
//! has finished (206 becomes 200) no post can have it.

use std::time::Duration;

use bellwether_base::{Instant, Say};
use serde_json::Value;

use super::api::{Api, Said};
use super::plan::{Picture, Plan, Upload, Uploads};
use super::session::Session;
use crate::effect::{Effect, unreadable};
use crate::{Cx, Failure, Frozen, Permit, Prepared, picture};

/// Mastodon keeps what no post names for a day; others say nothing.
const FRESH: Duration = Duration::from_hours(6);
/// When a server that is still working is asked first, and how long at most
/// between two questions: each wait is half of what it has had so far.
const FIRST_LOOK: Duration = Duration::from_secs(2);
const LONGEST_LOOK: Duration = Duration::from_mins(1);

/// What comes next.
enum Next<'a> {
    /// The server is working on this one.
    Look(usize),
    /// This one is to be uploaded.
    Send(&'a Picture),
}

/// Whether nothing is left to do. Pure.
pub(super) fn is_done(frozen: &Frozen, state: &Value, now: Instant) -> bool {
    Plan::open(frozen).is_ok_and(|plan| next(&plan, &current(state, now)).is_none())
}

/// What was uploaded, but for what the server may have collected. The order is
/// that of the pictures, so all that comes after goes as well.
fn current(state: &Value, now: Instant) -> Uploads {
    let mut uploads = Uploads::open(state);
    let good = uploads.0.iter().take_while(|upload| now.since(upload.at) < FRESH).count();
    uploads.0.truncate(good);
    uploads
}

fn next<'a>(plan: &'a Plan, uploads: &Uploads) -> Option<Next<'a>> {
    match uploads.0.iter().position(|upload| !upload.is_ready) {
        Some(busy) => Some(Next::Look(busy)),
        None => plan.pictures.get(uploads.0.len()).map(Next::Send),
    }
}

/// Makes the next call, or says that nothing is left.
pub(super) async fn step(
    cx: &Cx<'_>,
    frozen: &Frozen,
    state: &Value,
    permit: &Permit,
) -> Result<Prepared, Failure> {
    let plan = Plan::open(frozen)?;
    let mut uploads = current(state, cx.clock.now());
    let Some(next) = next(&plan, &uploads) else {
        return Ok(Prepared::Ready(uploads.state()));
    };
    let session = Session::open(cx.credential)?;
    let api = Api::of(cx, &session.token);
    let busy = match next {
        Next::Send(picture) => {
            let upload = send(cx, &api, picture, permit).await?;
            uploads.0.push(upload);
            uploads.0.len() - 1
        }
        Next::Look(busy) => {
            uploads.0[busy].is_ready = look(&api, &uploads.0[busy].id).await?;
            busy
        }
    };
    let upload = &uploads.0[busy];
    if upload.is_ready {
        return Ok(Prepared::More(uploads.state()));
    }
    let now = cx.clock.now();
    let wait = (now.since(upload.at) / 2).clamp(FIRST_LOOK, LONGEST_LOOK);
    Ok(Prepared::Wait { until: now + wait, state: uploads.state() })
}

async fn send(
    cx: &Cx<'_>,
    api: &Api<'_>,
    wanted: &Picture,
    permit: &Permit,
) -> Result<Upload, Failure> {
    let fitted = picture::stored(cx, &wanted.hash).await?;
    let said = api
        .upload(fitted.mime, &fitted.bytes, &wanted.alt, permit)
        .await?
        .map_err(super::refusal::Refusal::failure)?;
    let id = said.body["id"].as_str().filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| unreadable(Effect::Harmless))?.to_owned();
    Ok(Upload { id, at: cx.clock.now(), is_ready: is_ready(&said) })
}

/// Whether the server has finished with an upload.
async fn look(api: &Api<'_>, id: &str) -> Result<bool, Failure> {
    match api.ask(&format!("/api/v1/media/{id}"), &[]).await? {
        Ok(said) if said.body["id"].is_string() => Ok(is_ready(&said)),
        Ok(_) => Err(unreadable(Effect::Read)),
        Err(refusal) if refusal.is_not_found() => {
            let mut failure = Failure::transient(Say::new("mastodon-picture-gone"));
            failure.prepare_again = true;
            Err(failure)
        }
        Err(refusal) if refusal.is_unprocessable() => {
            let vendor = refusal.failure().vendor.unwrap_or_default();
            Err(Failure::rejected(Say::new("mastodon-picture-failed")).vendor(vendor))
        }
        Err(refusal) => Err(refusal.failure()),
    }
}

/// 200, where 202 and 206 are not yet.
fn is_ready(said: &Said) -> bool {
    said.status == http::StatusCode::OK
}
