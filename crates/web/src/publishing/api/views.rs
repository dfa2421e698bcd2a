//! Deliveries and their logs, as the API shows them.

use bellwether_app::networks::{Failure, FailureKind, MediaRef, Sent};
use bellwether_app::publishing;
use bellwether_base::PlannedTime;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{Moment, Notice, Words};

/// One post on one channel at one time.
#[derive(Serialize, ToSchema)]
pub(super) struct Delivery {
    /// Which.
    id: Uuid,
    /// What.
    post: Uuid,
    /// Where.
    channel: Uuid,
    /// `scheduled`, `sending`, `processing`, `live`, `partly_live`, `refused`, `checking`,
    /// `unknown`, `held`, `missed`, `waiting_for_person`, `cancelled` or `deleted`.
    #[schema(value_type = String, example = "live")]
    state: publishing::DeliveryState,
    /// Whether nothing more happens by itself or by need.
    is_final: bool,
    /// Whether nothing goes on before a person does something.
    needs_person: bool,
    /// Why it is held: `paused`, `login` or `look_first`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    held_reason: Option<publishing::HeldReason>,
    /// What a person was told about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    told: Option<Notice>,
    /// When a person was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    told_at: Option<Moment>,
    /// The moment planned.
    planned_at: Moment,
    /// The plan that the moment follows from.
    planned: Planned,
    /// Whether it was let through a pause.
    is_let_through: bool,
    /// When it was out.
    #[serde(skip_serializing_if = "Option::is_none")]
    live_at: Option<Moment>,
    /// Who planned it; nobody for the operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<Uuid>,
    /// When it was planned.
    created_at: Moment,
}

/// A local date and time, and the zone that it is meant in.
#[derive(Serialize, ToSchema)]
#[schema(as = PlannedTime)]
struct Planned {
    /// Date and time.
    #[schema(example = "2026-12-24T18:00:00")]
    local: String,
    /// An IANA zone.
    #[schema(example = "Europe/Paris")]
    zone: String,
}

impl From<PlannedTime> for Planned {
    fn from(PlannedTime { local, zone }: PlannedTime) -> Self {
        Self { local: local.strftime("%Y-%m-%dT%H:%M:%S").to_string(), zone }
    }
}

impl Delivery {
    pub fn of(delivery: publishing::Delivery, words: &Words) -> Self {
        Self {
            id: delivery.id.0,
            post: delivery.post_id.0,
            channel: delivery.channel_id.0,
            state: delivery.state,
            is_final: delivery.state.is_final(),
            needs_person: delivery.state.needs_person(),
            held_reason: delivery.held_reason,
            told: delivery.say.as_ref().map(|say| words.notice(say)),
            told_at: delivery.told_at.map(Moment),
            planned_at: Moment(delivery.planned_at),
            planned: delivery.planned.into(),
            is_let_through: delivery.is_let_through,
            live_at: delivery.live_at.map(Moment),
            created_by: delivery.created_by.map(|id| id.0),
            created_at: Moment(delivery.created_at),
        }
    }
}

/// A delivery with everything that happened to it.
#[derive(Serialize, ToSchema)]
pub(super) struct DeliveryLog {
    /// The delivery.
    #[serde(flatten)]
    delivery: Delivery,
    /// Its acts, in order.
    acts: Vec<Act>,
    /// What the network was asked for, part by part, as far as it is out, under way or in doubt.
    /// A later edit of the post does not change it.
    sent: Vec<SentPart>,
    /// Whether the post says something else than `sent` by now.
    sent_differs: bool,
}

/// One part of a post, as the network was asked for it.
#[derive(Serialize, ToSchema)]
struct SentPart {
    /// Which part of the thread, from 0.
    part: usize,
    /// Its text.
    text: String,
    /// Its pictures. They may not be stored any more.
    media: Vec<SentMedium>,
}

/// A picture, as the network was asked for it.
#[derive(Serialize, ToSchema)]
struct SentMedium {
    /// Which: the SHA-256 of its bytes, in hexadecimal.
    hash: String,
    /// What somebody who cannot see it is told.
    alt: String,
}

impl SentPart {
    fn of(publishing::SentPart { part, text, media }: publishing::SentPart) -> Self {
        let medium = |MediaRef { hash, alt, .. }| SentMedium { hash, alt };
        Self { part, text, media: media.into_iter().map(medium).collect() }
    }
}

impl DeliveryLog {
    pub fn of(log: publishing::DeliveryLog, words: &Words) -> Self {
        Self {
            delivery: Delivery::of(log.delivery, words),
            acts: log.acts.into_iter().map(|act| Act::of(act, words)).collect(),
            sent_differs: log.sent.differs,
            sent: log.sent.parts.into_iter().map(SentPart::of).collect(),
        }
    }
}

/// One change asked of a network.
#[derive(Serialize, ToSchema)]
struct Act {
    /// Which.
    id: Uuid,
    /// `publish` or `delete`.
    #[schema(value_type = String, example = "publish")]
    kind: publishing::ActKind,
    /// Which part of the thread, from 0.
    part: i32,
    /// `waiting`, `working`, `processing`, `checking`, `done`, `refused`, `unknown`, `held`,
    /// `missed` or `cancelled`.
    #[schema(value_type = String, example = "done")]
    state: publishing::ActState,
    /// When the engine acts next.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_at: Option<Moment>,
    /// What is out because of it.
    posts: Vec<RemotePost>,
    /// What went wrong last.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureView>,
    /// Its tries, oldest first.
    attempts: Vec<Attempt>,
}

impl Act {
    fn of(act: publishing::ActView, words: &Words) -> Self {
        let posts = act.posts.into_iter();
        Self {
            id: act.id.0,
            kind: act.kind,
            part: act.part,
            state: act.state,
            next_at: act.next_at.map(Moment),
            posts: posts.map(|post| RemotePost { id: post.id, url: post.url }).collect(),
            failure: act.failure.as_ref().map(|failure| FailureView::of(failure, words)),
            attempts: act.attempts.into_iter().map(|try_| Attempt::of(try_, words)).collect(),
        }
    }
}

/// One post as the network knows it.
#[derive(Serialize, ToSchema)]
struct RemotePost {
    /// The network's id.
    id: String,
    /// Where people see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// One try at an act.
#[derive(Serialize, ToSchema)]
struct Attempt {
    /// Which.
    id: Uuid,
    /// Counted from 1 in its act.
    number: i32,
    /// `prepare`, `submit`, `delete`, `refresh` or `reopen`.
    step: String,
    /// When it was written down.
    started_at: Moment,
    /// It was not begun after this.
    send_by: Moment,
    /// What is known of its end, in order.
    results: Vec<AttemptResult>,
}

impl Attempt {
    fn of(attempt: publishing::AttemptView, words: &Words) -> Self {
        let result = |result: publishing::ResultView| AttemptResult {
            at: Moment(result.at),
            outcome: result.outcome,
            failure: result.failure.as_ref().map(|failure| FailureView::of(failure, words)),
        };
        Self {
            id: attempt.id.0,
            number: attempt.number,
            step: attempt.step,
            started_at: Moment(attempt.started_at),
            send_by: Moment(attempt.send_by),
            results: attempt.results.into_iter().map(result).collect(),
        }
    }
}

/// What is known of a try's end.
#[derive(Serialize, ToSchema)]
struct AttemptResult {
    /// When it was known.
    at: Moment,
    /// `done`, `pending`, `failed`, `lost`, `found`, `absent`, `not_seen`, `cannot_tell` or
    /// `by_hand`.
    outcome: String,
    /// What went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureView>,
}

/// What went wrong at a network.
#[derive(Serialize, ToSchema)]
#[schema(as = Failure)]
struct FailureView {
    /// `reconnect`, `expired`, `rejected`, `rate_limited` or `transient`.
    #[schema(example = "rejected")]
    kind: &'static str,
    /// When the network may be asked again.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Moment>,
    /// Whether the change may have been made all the same: `no` or `unknown`.
    #[schema(example = "no")]
    sent: &'static str,
    /// For people.
    say: Notice,
    /// The network's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<String>,
}

impl FailureView {
    fn of(failure: &Failure, words: &Words) -> Self {
        let (kind, until) = match &failure.kind {
            FailureKind::Reconnect => ("reconnect", None),
            FailureKind::Expired => ("expired", None),
            FailureKind::Rejected => ("rejected", None),
            FailureKind::RateLimited { until } => ("rate_limited", Some(Moment(*until))),
            FailureKind::Transient => ("transient", None),
        };
        let sent = match failure.sent {
            Sent::No => "no",
            Sent::Unknown => "unknown",
        };
        let say = words.notice(&failure.say);
        Self { kind, until, sent, say, vendor: failure.vendor.clone() }
    }
}
