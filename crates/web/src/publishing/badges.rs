//! Which badge a state wears.

use bellwether_app::posts::PostState;
use bellwether_app::publishing::{Delivery, DeliveryState, HeldReason};
use bellwether_base::Say;

use crate::page::badge::Badge;

/// The badge of a delivery on the network that people call `network`.
pub fn of_delivery(delivery: &Delivery, network: &str) -> Badge {
    let state = delivery.state;
    let mut badge = Badge::new(family(state), &state.as_str().replace('_', "-"));
    match state {
        DeliveryState::Refused if delivery.is_refused_here() => {
            badge.say = Say::new("state-refused-here").with("network", network);
        }
        DeliveryState::Refused => badge.say = badge.say.with("network", network),
        DeliveryState::Held => {
            let reason = delivery.held_reason.map_or("other", HeldReason::as_str);
            badge.say = badge.say.with("reason", reason);
        }
        _ => {}
    }
    badge
}

/// The badge of a post of which nothing is planned.
pub fn of_post(state: PostState) -> Badge {
    let family = match state {
        PostState::Draft => "draft",
        PostState::InReview => "review",
        PostState::ChangesAsked => "changes",
        PostState::Ready => "ready",
    };
    Badge::new(family, &state.as_str().replace('_', "-"))
}

/// The family that chooses shape, ground and colour.
pub const fn family(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Scheduled => "scheduled",
        DeliveryState::Sending | DeliveryState::Processing => "publishing",
        DeliveryState::Live => "published",
        DeliveryState::PartlyLive => "partly",
        DeliveryState::Refused => "failed",
        DeliveryState::Checking => "checking",
        DeliveryState::Unknown => "unknown",
        DeliveryState::Held => "held",
        DeliveryState::Missed => "missed",
        DeliveryState::WaitingForPerson => "hand",
        DeliveryState::Cancelled => "cancelled",
        DeliveryState::Deleted => "down",
    }
}
