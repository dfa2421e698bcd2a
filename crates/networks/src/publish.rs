//! Publishing, in calls that the engine can stop, repeat and doubt.
//!
//! The order for one act: [`freeze`](Publish::freeze) once, then
//! [`prepare`](Publish::prepare) until it is ready, then
//! [`submit`](Publish::submit) once for each attempt, then
//! [`check`](Publish::check) while the network is still working. After a
//! doubt, [`find`](Publish::find).

use async_trait::async_trait;
use bellwether_base::Instant;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Content, Cx, Failure, Part, Permit, Quota};

/// What is to be frozen.
#[derive(Debug)]
pub struct Draft<'a> {
    /// The channel's version of the post.
    pub content: &'a Content,
    /// Which part this act publishes; all of them where threads are atomic.
    pub part: usize,
    /// What the parts before this one became.
    pub previous: &'a [RemotePost],
    /// What the network is told as the time of writing.
    pub created_at: Instant,
}

/// A whole request, rendered once. Every attempt, `find` and comparison uses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// In the connector's own shape. Must not contain secrets.
    pub request: Value,
    /// The ids that we chose, if the network lets us.
    pub handles: Vec<String>,
    /// The text as it will stand there, one for each part: for people.
    pub texts: Vec<String>,
}

/// One post as the network knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemotePost {
    /// The network's id.
    pub id: String,
    /// Where people see it.
    pub url: Option<String>,
    /// The network's name for exactly this content, if it has one.
    pub version: Option<String>,
}

/// Proof that it is out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// One for each part that the act published.
    pub posts: Vec<RemotePost>,
}

/// How far harmless preparation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prepared {
    /// Nothing is left to prepare.
    Ready(Value),
    /// One step is done; call again with this state.
    More(Value),
    /// The network is busy with it; call again at `until`.
    Wait {
        /// When.
        until: Instant,
        /// Handed back.
        state: Value,
    },
}

/// The network is still working on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// In the connector's own shape.
    pub state: Value,
    /// When to look.
    pub look_at: Instant,
}

/// What a submit led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// It is out.
    Done(Receipt),
    /// It will be.
    Pending(Ticket),
}

/// What a look at a ticket showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// It is out.
    Done(Receipt),
    /// Not yet.
    Pending(Ticket),
}

/// What is known of an attempt whose end is not.
#[derive(Debug, Clone)]
pub struct Trace {
    /// When the attempt was written down.
    pub started_at: Instant,
    /// The newest own post just before the first attempt at the same request,
    /// if the network has lists.
    pub newest_before: Option<String>,
    /// Own posts of around that time that are the effect of something else:
    /// none of them is what is looked for, however much it looks like it. A
    /// list may show a post late, so [`Self::newest_before`] alone does not
    /// tell. Only for networks that are looked through by their lists.
    pub known: Vec<String>,
}

/// What looking showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It is there.
    Found(Receipt),
    /// **Proof** that it is not there and that no earlier request can still
    /// bring a second one: a chosen id with a create-only write.
    Absent,
    /// Not in a list that is complete back to [`Trace::newest_before`].
    NotSeen,
    /// This network does not let us look.
    CannotTell,
}

/// Publishing on one network.
#[async_trait]
pub trait Publish: Send + Sync {
    /// Renders the whole request: resolves mentions, fetches the card,
    /// chooses ids. Only reads from networks. Called once for an act, before
    /// its first attempt, with content that has no errors.
    async fn freeze(&self, cx: &Cx<'_>, draft: &Draft<'_>) -> Result<Frozen, Failure>;

    /// Whether nothing is left to prepare. Pure. When true, `prepare` is not
    /// called (again) before `submit`.
    fn is_prepared(&self, frozen: &Frozen, state: &Value, now: Instant) -> bool {
        let _ = (frozen, now);
        !state.is_null()
    }

    /// One harmless step (an upload that nobody sees). Called with `Null`
    /// first; the state is stored between calls. Repeating a step after a
    /// crash must do no harm.
    async fn prepare(
        &self,
        cx: &Cx<'_>,
        frozen: &Frozen,
        state: &Value,
        permit: &Permit,
    ) -> Result<Prepared, Failure>;

    /// The one irreversible request. The attempt is on disk before this is
    /// called. Must send exactly one request that creates something, and
    /// must say `sent: Unknown` whenever it cannot know.
    async fn submit(
        &self,
        cx: &Cx<'_>,
        frozen: &Frozen,
        prepared: &Value,
        permit: &Permit,
    ) -> Result<Submitted, Failure>;

    /// Points of `quota` that submitting this request costs. Pure. They are
    /// taken from the channel's account in the transaction that writes the
    /// attempt down.
    fn cost(&self, frozen: &Frozen, quota: &Quota) -> i64 {
        let parts = i64::try_from(frozen.texts.len()).unwrap_or(i64::MAX);
        quota.cost.saturating_mul(parts.max(1))
    }

    /// What a stored request asks for, part by part: for people. Pure. A
    /// connector that sends pictures says which.
    fn parts(&self, frozen: &Frozen) -> Vec<Part> {
        let part = |text: &String| Part { text: text.clone(), ..Part::default() };
        frozen.texts.iter().map(part).collect()
    }

    /// Looks at a ticket. Only reads.
    async fn check(
        &self,
        cx: &Cx<'_>,
        frozen: &Frozen,
        ticket: &Ticket,
    ) -> Result<Checked, Failure>;

    /// Looks whether an attempt took effect. Only reads.
    async fn find(
        &self,
        cx: &Cx<'_>,
        frozen: &Frozen,
        prepared: &Value,
        trace: &Trace,
    ) -> Result<Found, Failure>;

    /// The newest own post, for networks whose [`FindBy`](crate::FindBy) is a
    /// list. Only reads.
    async fn newest(&self, cx: &Cx<'_>) -> Result<Option<String>, Failure> {
        let _ = cx;
        Ok(None)
    }

    /// Takes down. Called for one post at a time.
    async fn delete(&self, cx: &Cx<'_>, post: &RemotePost, permit: &Permit) -> Result<(), Failure>;
}
