//! A connector for the plain network, written from the text of
//! [`standin::plain`](crate::standin::plain) and from nothing else: the
//! smallest network that a harness needs to try the engine's every promise.
//!
//! It is registered once for each thing that an account's server may do about
//! repeats and reading, because how a doubt is resolved is a network's
//! property. `keys_ignored` is there twice: the contract lets an unanswered
//! request still be done, so a careful connector never sends again after not
//! seeing a post; one that knows that the server drops what its client hung
//! up on may.

mod call;
mod publish;
mod text;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bellwether_base::Say;
use bellwether_networks::connect::ConnectCx;
use bellwether_networks::{
    Answer, Connect, ConnectStep, Connected, Content, Cx, Failure, Features, Field, FieldKind,
    FindBy, ImageRule, Limits, Measured, Network, Permit, Problem, Publish, Refreshed, Registered,
    Registry, Spec, TextLimit, ThreadKind, Unit,
};
use serde_json::{Value, json};

use call::{Call, Session};

/// How long a write may take, and how long a post may take to be listed.
/// Short, so that a doubt is over soon.
const TIMEOUT: Duration = Duration::from_secs(3);
const SETTLE: Duration = Duration::from_secs(1);

/// What the server does, and what is made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// We choose ids, and an id is written once.
    CreateOnly,
    /// The same key gives the same post again.
    Keys,
    /// Keys are ignored; what is not seen is sent again.
    NoKeys,
    /// Keys are ignored; what is not seen is asked about.
    Careful,
    /// Nothing can be read back.
    Unreadable,
}

impl Variant {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::CreateOnly, Self::Keys, Self::NoKeys, Self::Careful, Self::Unreadable];

    /// The mode as the server tells it.
    pub const fn mode(self) -> &'static str {
        match self {
            Self::CreateOnly => "create_only",
            Self::Keys => "keys_honoured",
            Self::NoKeys | Self::Careful => "keys_ignored",
            Self::Unreadable => "unreadable",
        }
    }

    /// The network's name in the product.
    pub const fn name(self) -> &'static str {
        self.spec().name
    }

    const fn spec(self) -> &'static Spec {
        match self {
            Self::CreateOnly => &CREATE_ONLY,
            Self::Keys => &KEYS,
            Self::NoKeys => &NO_KEYS,
            Self::Careful => &CAREFUL,
            Self::Unreadable => &UNREADABLE,
        }
    }
}

const fn spec(name: &'static str, limits: fn() -> Limits, find_by: FindBy) -> Spec {
    Spec {
        name,
        title: "Plain",
        mark: "Pl",
        limits,
        thread: ThreadKind::PartByPart,
        find_by,
        settle: SETTLE,
        timeout: TIMEOUT,
        features: Features { delete: true, delete_repeatable: true, edit: false },
        options: &[],
        quotas: &[],
        endpoints: &[],
    }
}

static CREATE_ONLY: Spec = spec("plain_create_only", careful, FindBy::Handle);
static KEYS: Spec = spec("plain_keys", bold, FindBy::ReadingBack);
static NO_KEYS: Spec = spec("plain_no_keys", bold, FindBy::ReadingBack);
static CAREFUL: Spec = spec("plain_careful", careful, FindBy::ReadingBack);
static UNREADABLE: Spec = spec("plain_unreadable", careful, FindBy::Nothing);

fn bold() -> Limits {
    Limits { resend_after_not_seen: true, ..careful() }
}

fn careful() -> Limits {
    Limits {
        text: TextLimit { max: 500, unit: Unit::Characters, max_bytes: None },
        parts: 25,
        images: 4,
        image: ImageRule { max_bytes: 5_242_880, max_side: 4096 },
        alt_text: None,
        resend_after_not_seen: false,
        server: None,
    }
}

/// One of the plain networks.
#[derive(Debug, Clone, Copy)]
pub struct PlainNetwork(pub Variant);

/// The networks that ship, and all plain ones.
pub fn registry() -> Registry {
    Variant::ALL.into_iter().fold(Registry::shipped(), |registry, variant| {
        registry.with(Registered {
            name: variant.name(),
            text: measure,
            limits: variant.spec().limits,
            network: Some(Arc::new(PlainNetwork(variant))),
        })
    })
}

fn measure(text: &str, limits: &Limits) -> Measured {
    let length = u32::try_from(text::tidied(text).chars().count()).unwrap_or(u32::MAX);
    let remaining = i64::from(limits.text.max) - i64::from(length);
    let mut problems = Vec::new();
    if length == 0 {
        problems.push(Say::new("text-empty"));
    }
    if remaining < 0 {
        problems.push(Say::new("text-too-long").with("over", -remaining));
    }
    Measured {
        length,
        limit: limits.text.max,
        remaining,
        valid: problems.is_empty(),
        problems,
        links: Vec::new(),
        mentions: Vec::new(),
        tags: Vec::new(),
    }
}

impl Network for PlainNetwork {
    fn spec(&self) -> &'static Spec {
        self.0.spec()
    }

    fn connect(&self) -> &dyn Connect {
        self
    }

    fn publish(&self) -> &dyn Publish {
        self
    }

    fn problems(&self, content: &Content, limits: &Limits) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (at, part) in content.parts.iter().enumerate() {
            let said = measure(&part.text, limits).problems;
            problems.extend(said.into_iter().map(|say| Problem::error(at, say)));
            if part.media.len() > limits.images as usize {
                problems.push(Problem::error(at, Say::new("too-many-pictures")));
            }
        }
        problems
    }
}

#[async_trait]
impl Connect for PlainNetwork {
    fn begin(&self) -> ConnectStep {
        let field = |name, kind| Field { name, label: name, kind, default: None, required: true };
        ConnectStep::Ask {
            fields: vec![
                field("server", FieldKind::Server),
                field("account", FieldKind::Text),
                field("password", FieldKind::Secret),
            ],
            state: Value::Null,
        }
    }

    async fn next(
        &self,
        cx: &ConnectCx<'_>,
        _state: Value,
        answer: &Answer,
    ) -> Result<ConnectStep, Failure> {
        let server: url::Url = answer
            .text("server")
            .parse()
            .map_err(|_| Failure::rejected(Say::new("server-bad-address")))?;
        let (account, password) = (answer.text("account"), answer.text("password"));
        let call = Call { http: cx.http, clock: cx.clock, server: &server, token: None };
        let body = json!({"account": account, "password": password});
        // Opening one session more does no harm: nobody is told of a permit here.
        let tokens = call.log_in(&body).await?;
        let session = Session::read(account, password, &tokens, cx.clock)?;
        let call = Call { token: Some(&session.access), ..call };
        let shown = call.read(&format!("/v1/{account}"), &[]).await?;
        if shown["mode"] != self.0.mode() {
            return Err(Failure::rejected(Say::new("plain-other-mode")));
        }
        Ok(ConnectStep::Done(Box::new(Connected {
            remote_id: account.to_owned(),
            handle: account.to_owned(),
            display_name: account.to_owned(),
            avatar: None,
            credential: session.seal(),
            expires_at: Some(session.expires_at),
            login_ends_at: None,
            limits: (self.spec().limits)(),
            server,
        })))
    }

    async fn refresh(&self, cx: &Cx<'_>, permit: &Permit) -> Result<Refreshed, Failure> {
        let session = Session::open(cx.credential)?;
        let call = Call { token: None, ..Call::of(cx, &session) };
        let body = json!({"refresh_token": session.refresh});
        let tokens = call.write("/v1/token/refresh", &body, None, permit).await?;
        let session = Session::read(&session.account, &session.password, &tokens.body, cx.clock)?;
        Ok(session.renewed())
    }

    async fn reopen(&self, cx: &Cx<'_>, permit: &Permit) -> Result<Option<Refreshed>, Failure> {
        let session = Session::open(cx.credential)?;
        let call = Call { token: None, ..Call::of(cx, &session) };
        let body = json!({"account": session.account, "password": session.password});
        let tokens = call.write("/v1/token", &body, None, permit).await?;
        let session = Session::read(&session.account, &session.password, &tokens.body, cx.clock)?;
        Ok(Some(session.renewed()))
    }
}
