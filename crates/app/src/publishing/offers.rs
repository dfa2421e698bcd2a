//! What a person can do about a delivery right now. Pure: pages show it,
//! tests hold it against what the deeds themselves accept.

use super::{ActKind, ActState, ActView, DeliveryLog, DeliveryState, HeldReason};

/// One thing that a person can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// [`attach`](super::attach): it is there, here is the link.
    Attach,
    /// [`retry`](super::retry): send it again, or now, or the rest.
    Retry,
    /// [`drop_doubt`](super::drop_doubt): what is not out will not go out.
    Drop,
    /// [`cancel`](super::cancel): nothing was begun, and nothing will be.
    Cancel,
    /// [`reschedule`](super::reschedule): another time.
    Reschedule,
    /// [`release`](super::release): it was looked at, let it go.
    Release,
    /// [`let_through`](super::let_through): this one, in spite of the pause.
    LetThrough,
    /// [`delete`](super::delete): take down what is out.
    TakeDown,
}

impl Offer {
    /// Every one of them.
    pub const ALL: [Self; 8] = [
        Self::Attach,
        Self::Retry,
        Self::Drop,
        Self::Cancel,
        Self::Reschedule,
        Self::Release,
        Self::LetThrough,
        Self::TakeDown,
    ];
}

/// What `log` offers; `can_delete` says whether the network takes posts down.
pub fn offers(log: &DeliveryLog, can_delete: bool) -> Vec<Offer> {
    Offer::ALL.into_iter().filter(|offer| is_offered(*offer, log, can_delete)).collect()
}

fn is_offered(offer: Offer, log: &DeliveryLog, can_delete: bool) -> bool {
    let delivery = &log.delivery;
    let acts = |kind: ActKind| log.acts.iter().filter(move |act| act.kind == kind);
    let publishes =
        |states: &[ActState]| acts(ActKind::Publish).any(|act| states.contains(&act.state));
    // A doubt that looking does not lift is a person's as well.
    let is_doubt = publishes(&[ActState::Unknown])
        || delivery.told_at.is_some() && publishes(&[ActState::Checking]);
    let is_out = publishes(&[ActState::Done]);
    let was_sent = acts(ActKind::Publish).any(was_sent);
    match offer {
        Offer::Attach => is_doubt,
        Offer::Retry => is_doubt || publishes(&[ActState::Refused, ActState::Missed]),
        Offer::Drop => {
            is_doubt
                || publishes(&[ActState::Refused, ActState::Missed])
                || is_out && publishes(&[ActState::Held])
        }
        Offer::Cancel => {
            matches!(delivery.state, DeliveryState::Scheduled | DeliveryState::Held)
        }
        Offer::Reschedule => {
            let is_early = matches!(
                delivery.state,
                DeliveryState::Scheduled | DeliveryState::Held | DeliveryState::Missed
            );
            is_early && !was_sent
        }
        Offer::Release => delivery.held_reason == Some(HeldReason::LookFirst),
        Offer::LetThrough => delivery.held_reason == Some(HeldReason::Paused),
        Offer::TakeDown => can_delete && is_out && can_take_down(log),
    }
}

/// Whether an attempt of it reached out for good.
fn was_sent(act: &ActView) -> bool {
    act.attempts.iter().any(|attempt| attempt.step == "submit")
}

/// Nothing is being taken down already, and what is out is known by more than
/// a link that a person gave.
fn can_take_down(log: &DeliveryLog) -> bool {
    let mut deletes = log.acts.iter().filter(|act| act.kind == ActKind::Delete).peekable();
    if deletes.peek().is_some() {
        return deletes.any(|act| act.state.needs_person());
    }
    let mut posts = log
        .acts
        .iter()
        .filter(|act| act.kind == ActKind::Publish && act.state == ActState::Done)
        .flat_map(|act| &act.posts);
    posts.all(|post| post.url.as_deref() != Some(post.id.as_str()))
}
