//! What a network was really asked for, which an edit does not change any more.
//! Read from the frozen requests, in the words that people typed.

use bellwether_db::Tx;
use bellwether_networks::{Content, Frozen, MediaRef, Part};
use serde::Serialize;

use super::store::{self, Act};
use super::{ActKind, ActState, Delivery};
use crate::{App, Result, channels, posts};

/// What of a delivery was asked for, as far as it is out, under way or in doubt.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// The parts in order.
    pub parts: Vec<SentPart>,
    /// Whether the post says something else by now.
    pub differs: bool,
}

/// One part of a post, as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SentPart {
    /// Which part of the thread, from 0.
    pub part: usize,
    /// Its text.
    pub text: String,
    /// Its pictures. They may not be stored any more.
    pub media: Vec<MediaRef>,
}

/// Reads it from the acts of `delivery`.
pub(super) async fn of(tx: &mut Tx, app: &App, delivery: &Delivery, acts: &[Act]) -> Result<Sent> {
    let channel = channels::find(tx, delivery.workspace_id, delivery.channel_id).await?;
    let Some(network) = app.registry.network(&channel.network) else {
        return Ok(Sent::default());
    };
    let publishes = || acts.iter().filter(|act| act.kind == ActKind::Publish);
    let mut sent = Sent::default();
    let mut revisions = Vec::new();
    for act in publishes() {
        let Some(frozen) = &act.frozen else { continue };
        if !was_asked(tx, act).await? {
            continue;
        }
        // One that cannot be read any more is the engine's trouble, and hides nothing else.
        let Ok(frozen) = serde_json::from_str::<Frozen>(frozen) else { continue };
        let first = usize::try_from(act.part).unwrap_or(0);
        let parts = network.publish().parts(&frozen).into_iter().zip(first..);
        sent.parts.extend(parts.map(|(Part { text, media, .. }, part)| SentPart {
            part,
            text,
            media,
        }));
        revisions.push(act.frozen_revision);
    }
    if sent.parts.is_empty() {
        return Ok(sent);
    }
    let post = posts::find_if_any(tx, delivery.workspace_id, delivery.post_id).await?;
    let Some(post) = post else { return Ok(sent) };
    // Most posts are never changed again, and then there is nothing to compare.
    if revisions.iter().any(|revision| *revision != Some(post.revision)) {
        let content = post.content_for(channel.id);
        let is_whole = revisions.len() == publishes().count();
        sent.differs = says_otherwise(content, &sent.parts, is_whole);
    }
    Ok(sent)
}

/// Whether a network was asked for it, and may have it: what is refused, missed
/// or was asked for in vain is asked for anew, as the post says then.
async fn was_asked(tx: &mut Tx, act: &Act) -> Result<bool> {
    match act.state {
        ActState::Refused | ActState::Missed | ActState::Cancelled => Ok(false),
        ActState::Done
        | ActState::Working
        | ActState::Processing
        | ActState::Checking
        | ActState::Unknown => Ok(true),
        ActState::Waiting | ActState::Held => {
            store::may_be_there(tx, act.workspace_id, act.id).await
        }
    }
}

/// Networks cut the space at the end of a text, so it says nothing.
fn says_otherwise(content: &Content, sent: &[SentPart], is_whole: bool) -> bool {
    let is_other = |sent: &SentPart| {
        let Some(now) = content.parts.get(sent.part) else { return true };
        let pictures = |media: &[MediaRef]| -> Vec<(String, String)> {
            media.iter().map(|own| (own.hash.clone(), own.alt.trim().to_owned())).collect()
        };
        now.text.trim_end() != sent.text.trim_end() || pictures(&now.media) != pictures(&sent.media)
    };
    sent.iter().any(is_other) || is_whole && sent.len() != content.parts.len()
}
