//! Bluesky and every other AT Protocol server.
//!
//! Everything is asked of the account's own server (its PDS), never of the
//! aggregating service behind the app, which lags behind. A record's key is
//! ours: it is chosen and stored before the first attempt and written with a
//! call that only creates, so that a doubt is settled by reading one record
//! and a second copy cannot come into being.

mod address;
mod card;
mod cid;
mod connect;
mod freeze;
mod options;
mod plan;
mod prepare;
mod problems;
mod publish;
mod record;
mod refusal;
mod session;
pub mod text;
mod tid;
mod xrpc;

use std::time::Duration;

use url::Url;

use crate::{
    Account, Connect, Content, Endpoints, Features, FindBy, ImageRule, Limits, Network,
    OptionField, OptionKind, Problem, Publish, Quota, Spec, TextLimit, ThreadKind, Unit,
};

/// Where posts are kept in a repository.
const POST: &str = "app.bsky.feed.post";
/// Where the rules on who may reply are kept.
const THREADGATE: &str = "app.bsky.feed.threadgate";
/// Where a profile is kept.
const PROFILE: &str = "app.bsky.actor.profile";
/// The quota of writes, as in [`SPEC`].
const WRITES: &str = "writes";
/// Points of it that creating a record costs,
/// <https://docs.bsky.app/docs/advanced-guides/rate-limits>
const CREATE: i64 = 3;
/// and writing one with `putRecord`, whether or not there was one.
const PUT: i64 = 2;

/// Bluesky, spoken with app passwords.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bluesky;

impl Network for Bluesky {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn connect(&self) -> &dyn Connect {
        self
    }

    fn publish(&self) -> &dyn Publish {
        self
    }

    fn profile(&self, account: &Account, endpoints: &Endpoints) -> Option<Url> {
        address::profile(endpoints, &account.remote_id)
    }

    fn problems(&self, content: &Content, limits: &Limits) -> Vec<Problem> {
        problems::find(content, limits)
    }
}

static SPEC: Spec = Spec {
    name: "bluesky",
    title: "Bluesky",
    mark: "Bs",
    limits,
    thread: ThreadKind::Atomic,
    find_by: FindBy::Handle,
    settle: Duration::from_secs(10),
    timeout: Duration::from_secs(30),
    features: Features { delete: true, delete_repeatable: true, edit: false },
    options: &[
        OptionField {
            name: options::WHO_CAN_REPLY,
            label: "bluesky-who-can-reply",
            kind: OptionKind::Many(options::REPLIERS),
        },
        OptionField {
            name: options::LABELS,
            label: "bluesky-labels",
            kind: OptionKind::Many(options::SELF_LABELS),
        },
    ],
    // A server counts 5000 points in an hour.
    quotas: &[Quota { bucket: WRITES, limit: 5000, per: Duration::from_hours(1), cost: CREATE }],
    endpoints: &[("app", "https://bsky.app/"), ("service", "https://bsky.social/")],
};

/// What every server takes. The lexicon allows pictures of 2 MB since 2026,
/// but older servers and forks still refuse more than 1 MB.
pub fn limits() -> Limits {
    Limits {
        text: TextLimit { max: 300, unit: Unit::Graphemes, max_bytes: Some(3000) },
        parts: 25,
        images: 4,
        image: ImageRule { max_bytes: 1_000_000, max_side: 2000 },
        alt_text: Some(2000),
        resend_after_not_seen: false,
        server: None,
    }
}
