//! Rendering a whole request once: every attempt uses this copy.

use std::collections::BTreeMap;
use std::time::Duration;

use bellwether_base::Say;

use super::options::Choices;
use super::plan::{Note, Picture, Plan, PlannedPost};
use super::xrpc::Xrpc;
use super::{POST, card, record, text, tid};
use crate::{Cx, Draft, Failure, Frozen, Measured, MediaRef, Part};

/// Reads what must be known before anything is written, and chooses keys and
/// times. Writes nothing.
pub(super) async fn freeze(cx: &Cx<'_>, draft: &Draft<'_>) -> Result<Frozen, Failure> {
    let content = draft.content;
    if content.parts.is_empty() {
        return Err(Failure::rejected(Say::new("content-empty")));
    }
    let texts: Vec<String> = content.parts.iter().map(|part| text::rendered(&part.text)).collect();
    let measured: Vec<Measured> =
        texts.iter().map(|text| text::measure(text, &cx.account.limits)).collect();
    let mut notes = Vec::new();
    let dids = resolve(cx, &measured, &mut notes).await?;
    let keys = tid::several(cx.clock, cx.rng, content.parts.len());
    let choices = Choices::read(content);

    let read_by = tokio::time::Instant::now() + card::READ_WITHIN;
    let mut parts = Vec::new();
    let mut created_at = draft.created_at;
    for (((part, text), measured), rkey) in
        content.parts.iter().zip(&texts).zip(&measured).zip(keys)
    {
        let facets = record::facets(measured, &dids);
        let record = record::post(text, facets, &content.languages, &choices.labels, created_at);
        let card = match card_address(part, measured) {
            Some(address) => Some(card::fetch(cx.http, &address, read_by).await),
            None => None,
        };
        parts.push(PlannedPost {
            rkey,
            record,
            pictures: part.media.iter().map(picture).collect(),
            card,
        });
        created_at = created_at + Duration::from_millis(1);
    }

    let mut plan = Plan { did: cx.account.remote_id.clone(), parts, gate: None, notes };
    let uris: Vec<String> = plan.parts.iter().map(|part| plan.uri(POST, &part.rkey)).collect();
    if let (Some(allow), Some(root)) = (&choices.allow, uris.first()) {
        plan.gate = Some(record::gate(root, allow, draft.created_at));
    }
    let request = serde_json::to_value(&plan).map_err(|error| {
        Failure::rejected(Say::new("frozen-unreadable")).vendor(error.to_string())
    })?;
    Ok(Frozen { request, handles: uris, texts })
}

/// Whom the mentions mean. A handle that the server does not know stays plain
/// text, with a note; a server that does not answer is a reason to wait.
async fn resolve(
    cx: &Cx<'_>,
    measured: &[Measured],
    notes: &mut Vec<Note>,
) -> Result<BTreeMap<String, String>, Failure> {
    let server = Xrpc::of(cx);
    let mut dids: BTreeMap<String, Option<String>> = BTreeMap::new();
    for (part, measured) in measured.iter().enumerate() {
        for span in &measured.mentions {
            let handle = span.value.to_lowercase();
            if !dids.contains_key(&handle) {
                let query = [("handle", handle.as_str())];
                let did = match server.ask("com.atproto.identity.resolveHandle", &query).await? {
                    Ok(answer) => answer
                        .get("did")
                        .and_then(|did| did.as_str())
                        .filter(|did| did.starts_with("did:"))
                        .map(str::to_owned),
                    Err(refusal) if refusal.is_definite() => None,
                    Err(refusal) => return Err(refusal.failure()),
                };
                dids.insert(handle.clone(), did);
            }
            if dids.get(&handle).is_some_and(Option::is_none) {
                let say = Say::new("bluesky-mention-unknown").with("handle", &span.value);
                notes.push(Note { part, say });
            }
        }
    }
    Ok(dids.into_iter().filter_map(|(handle, did)| Some((handle, did?))).collect())
}

/// What gets a link card: what the person chose, or else the first link; never
/// beside pictures, because a post has room for one of the two.
fn card_address(part: &Part, measured: &Measured) -> Option<String> {
    if !part.media.is_empty() {
        return None;
    }
    match &part.card {
        Some(chosen) => Some(chosen.trim().to_owned()).filter(|chosen| !chosen.is_empty()),
        None => measured.links.first().map(|link| link.value.clone()),
    }
}

fn picture(media: &MediaRef) -> Picture {
    let size = media.facts.as_ref().map(|facts| (facts.width, facts.height));
    Picture {
        hash: media.hash.clone(),
        alt: media.alt.trim().to_owned(),
        size: size.filter(|(width, height)| *width > 0 && *height > 0),
    }
}
