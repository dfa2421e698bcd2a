//! The network contract, and one folder for each network that speaks it.
//!
//! This is the only place in the house that knows a network by name. All
//! others see [`Spec`]s, [`Limits`] and optional abilities. Adding a network
//! is one folder here and one line in [`registry`]; `docs/ADDING-A-NETWORK.md`
//! leads through it.

pub mod bluesky;
pub mod connect;
pub mod content;
mod effect;
pub mod failure;
pub mod http;
pub mod mastodon;
mod picture;
pub mod publish;
mod registry;
pub mod spec;
pub mod text;
pub mod x;

use std::sync::Mutex;

use bellwether_base::{Clock, Instant, Rng, Secret};

pub use bellwether_images as image;
pub use bellwether_images::{ImageRule, MediaFacts};
pub use connect::{
    Answer, Candidate, Connect, ConnectStep, Connected, Field, FieldKind, Refreshed,
};
pub use content::{Content, MediaRef, MediaSource, MissingMedia, Part, Problem, Weight};
pub use failure::{Failure, FailureKind, Sent};
pub use http::{Http, HttpError, Permit};
pub use publish::{
    Checked, Draft, Found, Frozen, Prepared, Publish, Receipt, RemotePost, Submitted, Ticket, Trace,
};
pub use registry::{Registered, Registry};
pub use spec::{
    Features, FindBy, Limits, OptionField, OptionKind, PollRule, Quota, ServerFacts, Spec,
    TextLimit, ThreadKind, Unit,
};
pub use text::{Measured, Span, measure};

/// One network.
///
/// An implementation holds no state: everything it knows about a channel is
/// handed in with each call, so any process may make any call.
pub trait Network: Send + Sync + 'static {
    /// What this network is and allows, where a channel's own [`Limits`] do not say otherwise.
    fn spec(&self) -> &'static Spec;

    /// Login, as a state machine of steps.
    fn connect(&self) -> &dyn Connect;

    /// Publishing.
    fn publish(&self) -> &dyn Publish;

    /// Where people see the profile of `account`: shown to whoever has to look
    /// with their own eyes whether a post is out. Pure. Nothing where a profile
    /// has no address, or where it cannot be told from what is known.
    fn profile(&self, account: &Account, endpoints: &Endpoints) -> Option<url::Url> {
        let _ = (account, endpoints);
        None
    }

    /// Everything that the network would refuse or spoil in `content`, and
    /// what people would regret (a picture without a description). Pure: used
    /// while composing, on scheduling and right before freezing. `content`
    /// may be anything a person can type.
    fn problems(&self, content: &Content, limits: &Limits) -> Vec<Problem>;
}

/// Who is acting, as the network sees it.
#[derive(Debug, Clone)]
pub struct Account {
    /// The network's own id of the profile; never changes.
    pub remote_id: String,
    /// What people call it; may change.
    pub handle: String,
    /// The server that holds the account: `https://pds.example/`.
    pub server: url::Url,
    /// This channel's limits.
    pub limits: Limits,
}

/// What every call on behalf of a channel is handed.
pub struct Cx<'a> {
    /// The guarded client: the only way out.
    pub http: &'a Http,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Randomness.
    pub rng: &'a dyn Rng,
    /// The channel.
    pub account: &'a Account,
    /// The channel's credential in the shape that its [`Connect`] made it.
    pub credential: &'a Secret,
    /// Stored pictures.
    pub media: &'a dyn MediaSource,
    /// Where this network's central services are, if the operator moved them
    /// (by name as in [`Spec::endpoints`]).
    pub endpoints: &'a Endpoints,
    /// What the network's headers said about quotas during this call.
    pub readings: &'a QuotaReadings,
}

/// Addresses of a network's central services, by the names in [`Spec::endpoints`].
#[derive(Debug, Clone, Default)]
pub struct Endpoints(pub std::collections::BTreeMap<String, url::Url>);

impl Endpoints {
    /// The address called `name`, or the network's own default.
    pub fn get(&self, spec: &Spec, name: &str) -> Option<url::Url> {
        self.0.get(name).cloned().or_else(|| {
            let (_, default) = spec.endpoints.iter().find(|(n, _)| *n == name)?;
            default.parse().ok()
        })
    }
}

/// What a response said of one quota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaReading {
    /// Which one, as in [`Spec::quotas`].
    pub bucket: &'static str,
    /// Calls or points in a window.
    pub limit: i64,
    /// Calls or points left in it.
    pub remaining: i64,
    /// When the window ends.
    pub resets_at: Instant,
}

/// Collects what headers say, for whoever made the call to store.
#[derive(Debug, Default)]
pub struct QuotaReadings(Mutex<Vec<QuotaReading>>);

impl QuotaReadings {
    /// Notes one reading.
    pub fn note(&self, reading: QuotaReading) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(reading);
    }

    /// Takes all readings so far.
    pub fn take(&self) -> Vec<QuotaReading> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}
