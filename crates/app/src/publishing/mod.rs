//! Publishing: every delivery goes out once. Never twice, never silently not.
//!
//! A delivery is one post on one channel at one time; an act is one change
//! asked of a network; an attempt is one try at an act and is on disk before
//! the request leaves. The engine ([`Engine`]) claims what is due, and only
//! the engine makes a [`Permit`](bellwether_networks::Permit). After a doubt
//! it looks before it does anything; what looking cannot settle goes to a
//! person. Nothing here may ever send again blindly.

mod crowd;
mod deeds;
mod discard;
mod edit;
mod engine;
mod history;
mod offers;
mod pause;
mod reading;
mod removal;
mod rules;
mod schedule;
mod sent;
mod states;
mod stops;
mod store;
#[cfg(test)]
mod tests;

use bellwether_base::{
    ActId, AttemptId, ChannelId, DeliveryId, Instant, PersonId, PlannedTime, PostId, Say,
    WorkspaceId,
};
use bellwether_db::FromRow;
use bellwether_networks::{Failure, RemotePost};
use serde::Serialize;

pub use crowd::over_quota;
pub use deeds::{attach, cancel, delete, drop_doubt, let_through, release, retry};
pub use discard::{discard, is_discardable};
pub use edit::edit;
pub use engine::{Engine, Health, clock_trouble, trust_clock};
pub use history::{Happened, history};
pub use offers::{Offer, offers};
pub use pause::{OnTheWire, Pause, PauseLevel, PauseScope, Paused, pause, resume};
pub use reading::{
    MOST_COUNTED, deliveries_of, deliveries_of_page, delivery, grace_ends_at, list, needing_person,
    queues,
};
pub use removal::{Planned, remove_channel};
pub use rules::{LOOK_DELAYS, ORDER_WAITS, RETRY_DELAYS};
pub use schedule::{Plan, Rescheduled, Scheduled, When, reschedule, schedule, write_and_schedule};
pub use sent::{Sent, SentPart};
pub use states::{ActKind, ActState, DeliveryState, HeldReason};
pub use stops::{Stop, installation_pauses, pauses, stops};

/// Which deliveries are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Which {
    /// All of them.
    #[default]
    All,
    /// Those that go on only when a person does something.
    NeedingPerson,
}

/// One post on one channel at one time.
#[derive(Debug, Clone, Serialize)]
pub struct Delivery {
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Which.
    pub id: DeliveryId,
    /// What.
    pub post_id: PostId,
    /// Where.
    pub channel_id: ChannelId,
    /// Where it is.
    pub state: DeliveryState,
    /// Why it is held.
    pub held_reason: Option<HeldReason>,
    /// The moment planned.
    pub planned_at: Instant,
    /// The plan that the moment follows from.
    pub planned: PlannedTime,
    /// Grace counts from here.
    pub grace_from: Instant,
    /// Let through a pause.
    pub is_let_through: bool,
    /// When a person was told that it needs one.
    pub told_at: Option<Instant>,
    /// What the person was told.
    pub say: Option<Say>,
    /// When it was out.
    pub live_at: Option<Instant>,
    /// Who planned it.
    pub created_by: Option<PersonId>,
    /// When it was planned.
    pub created_at: Instant,
}

impl Delivery {
    /// Whether it was our own check against the network's rules that said no.
    pub fn is_refused_here(&self) -> bool {
        self.say.as_ref().is_some_and(is_own_check)
    }
}

/// Whether `say` tells of our own check before sending, and not of what the
/// network answered.
pub fn is_own_check(say: &Say) -> bool {
    say.args.contains_key(rules::OWN_CHECK)
}

/// One change asked of a network, as people see it.
#[derive(Debug, Clone, Serialize)]
pub struct ActView {
    /// Which.
    pub id: ActId,
    /// What it asks for.
    pub kind: ActKind,
    /// Which part of the thread.
    pub part: i32,
    /// Where it is.
    pub state: ActState,
    /// When the engine acts next.
    pub next_at: Option<Instant>,
    /// What is out because of it.
    pub posts: Vec<RemotePost>,
    /// What went wrong last.
    pub failure: Option<Failure>,
    /// Its tries, oldest first.
    pub attempts: Vec<AttemptView>,
}

/// One try.
#[derive(Debug, Clone, Serialize)]
pub struct AttemptView {
    /// Which.
    pub id: AttemptId,
    /// Counted from 1 in its act.
    pub number: i32,
    /// `prepare`, `submit`, `delete`, `refresh` or `reopen`.
    pub step: String,
    /// When it was written down.
    pub started_at: Instant,
    /// It was not begun after this.
    pub send_by: Instant,
    /// What is known of its end, in order.
    pub results: Vec<ResultView>,
}

/// What is known of a try's end.
#[derive(Debug, Clone, Serialize)]
pub struct ResultView {
    /// When it was known.
    pub at: Instant,
    /// `done`, `pending`, `failed`, `lost`, `found`, `absent`, `not_seen`,
    /// `cannot_tell` or `by_hand`.
    pub outcome: String,
    /// What went wrong.
    pub failure: Option<Failure>,
}

/// A delivery with everything that happened to it.
#[derive(Debug, Clone, Serialize)]
pub struct DeliveryLog {
    /// The delivery.
    pub delivery: Delivery,
    /// Its acts in order.
    pub acts: Vec<ActView>,
    /// What its network was asked for.
    pub sent: Sent,
}

impl Delivery {
    /// Whether its post is out on its channel by it, or may yet be.
    pub const fn is_there(&self) -> bool {
        !matches!(self.state, DeliveryState::Cancelled | DeliveryState::Deleted)
    }
}

/// What is yet to go out on a channel: planned, or held. Nothing of it goes out
/// on a channel that lost its login before somebody connects it again.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Queue {
    /// Which channel.
    pub channel_id: ChannelId,
    /// How many deliveries, those that came due and those that did not.
    pub deliveries: i64,
    /// The earliest of their planned moments; it may be past.
    pub first_at: Instant,
}
