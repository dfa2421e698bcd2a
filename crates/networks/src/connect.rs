//! Login as a state machine of steps: the screens are written once.

use std::collections::BTreeMap;

use async_trait::async_trait;
use bellwether_base::{Clock, Instant, Rng, Secret};
use url::Url;

use crate::{Endpoints, Failure, Http, Limits};

/// What a login is handed.
pub struct ConnectCx<'a> {
    /// The guarded client.
    pub http: &'a Http,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Randomness.
    pub rng: &'a dyn Rng,
    /// Addresses of the network's central services.
    pub endpoints: &'a Endpoints,
}

/// One question on a login screen.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name in the answer.
    pub name: &'static str,
    /// Message key of its label; `<label>-help` explains it.
    pub label: &'static str,
    /// What it takes.
    pub kind: FieldKind,
    /// What stands in it at first.
    pub default: Option<String>,
    /// Whether it may stay empty.
    pub required: bool,
}

/// What a login field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A line of text.
    Text,
    /// The address of a server; `pds.example` is enough.
    Server,
    /// Something that must not be shown or kept in the form.
    Secret,
}

/// What a person answered, by field name.
#[derive(Debug, Clone, Default)]
pub struct Answer(pub BTreeMap<String, Secret>);

impl Answer {
    /// The answer to `name`, trimmed; empty when absent.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |secret| secret.expose().trim())
    }

    /// The answer to `name` as it is.
    pub fn secret(&self, name: &str) -> Secret {
        self.0.get(name).cloned().unwrap_or_else(|| Secret::new(""))
    }
}

/// What comes next in a login.
pub enum ConnectStep {
    /// Ask these questions.
    Ask {
        /// The questions.
        fields: Vec<Field>,
        /// Handed back with the answer; sealed on the way.
        state: serde_json::Value,
    },
    /// Let the person choose among several profiles.
    Choose {
        /// The profiles; the answer's `choice` is a `remote_id`.
        candidates: Vec<Candidate>,
        /// Handed back with the answer; sealed on the way.
        state: serde_json::Value,
    },
    /// Done.
    Done(Box<Connected>),
}

/// A profile to choose.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The network's id.
    pub remote_id: String,
    /// What people call it.
    pub handle: String,
}

/// A login that worked.
#[derive(Debug, Clone)]
pub struct Connected {
    /// The network's own id of the profile; never changes.
    pub remote_id: String,
    /// What people call it, without `@`.
    pub handle: String,
    /// The name shown.
    pub display_name: String,
    /// The picture's address, if it has one.
    pub avatar: Option<Url>,
    /// The server that holds the account.
    pub server: Url,
    /// What later calls need, in the connector's own shape.
    pub credential: Secret,
    /// When the credential must have been refreshed.
    pub expires_at: Option<Instant>,
    /// When the login ends for good, whatever is refreshed until then: only a
    /// person can open another. `None` where it goes on by itself, or where
    /// nobody knows.
    pub login_ends_at: Option<Instant>,
    /// This channel's limits.
    pub limits: Limits,
}

/// A renewed credential.
#[derive(Debug, Clone)]
pub struct Refreshed {
    /// Replaces the stored one, before it is used.
    pub credential: Secret,
    /// When it must have been refreshed.
    pub expires_at: Option<Instant>,
    /// As [`Connected::login_ends_at`], as it stands now.
    pub login_ends_at: Option<Instant>,
}

/// Login and what keeps it alive.
#[async_trait]
pub trait Connect: Send + Sync {
    /// The first screen. Makes no call.
    fn begin(&self) -> ConnectStep;

    /// Takes an answer to the screen that carried `state`.
    ///
    /// A [`Failure`] is shown on the same screen with everything typed (but
    /// secrets) kept.
    async fn next(
        &self,
        cx: &ConnectCx<'_>,
        state: serde_json::Value,
        answer: &Answer,
    ) -> Result<ConnectStep, Failure>;

    /// Renews a credential. Called by one worker at a time for a channel,
    /// under a lease. Must make at most one call that uses the refresh token
    /// up; `sent: Unknown` if that call's answer was lost.
    async fn refresh(
        &self,
        cx: &crate::Cx<'_>,
        permit: &crate::Permit,
    ) -> Result<Refreshed, Failure>;

    /// Opens a new session from what the credential holds (an app password),
    /// when a refresh token was lost. `None` where only a person can.
    async fn reopen(
        &self,
        cx: &crate::Cx<'_>,
        permit: &crate::Permit,
    ) -> Result<Option<Refreshed>, Failure>;
}
