//! A network that lives in this process: its rules are short, and it takes
//! everything that keeps them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bellwether_app::networks::connect::ConnectCx;
use bellwether_app::networks::*;
use bellwether_base::{Instant, Say, Secret};
use serde_json::{Value, json};

/// What is really there.
pub type Ledger = Arc<Mutex<Vec<String>>>;

/// The network, with its ledger.
pub struct Small(pub Ledger);

/// Its name.
pub const NAME: &str = "small";

pub fn limits() -> Limits {
    Limits {
        text: TextLimit { max: 40, unit: Unit::Characters, max_bytes: None },
        parts: 3,
        images: 1,
        image: ImageRule { max_bytes: 1_000_000, max_side: 2000 },
        alt_text: Some(100),
        resend_after_not_seen: false,
        server: None,
    }
}

pub fn measure(text: &str, limits: &Limits) -> Measured {
    let length = u32::try_from(text.chars().count()).unwrap();
    let remaining = i64::from(limits.text.max) - i64::from(length);
    let mut problems = Vec::new();
    if remaining < 0 {
        let say = Say::new("text-too-long").with("over", -remaining).with("limit", limits.text.max);
        problems.push(say.with("unit", "characters"));
    }
    let tags = text
        .match_indices('#')
        .map(|(at, _)| Span { start: at, end: text.len(), value: text[at + 1..].to_owned() })
        .collect();
    Measured {
        length,
        limit: limits.text.max,
        remaining,
        valid: problems.is_empty(),
        problems,
        links: Vec::new(),
        mentions: Vec::new(),
        tags,
    }
}

static SPEC: Spec = Spec {
    name: NAME,
    title: "Small",
    mark: "Sm",
    limits,
    thread: ThreadKind::Atomic,
    find_by: FindBy::Handle,
    settle: Duration::from_secs(1),
    timeout: Duration::from_secs(10),
    features: Features { delete: true, delete_repeatable: true, edit: false },
    options: &[
        OptionField {
            name: "audience",
            label: "small-audience",
            kind: OptionKind::One(&["all", "friends"]),
        },
        OptionField { name: "marks", label: "small-marks", kind: OptionKind::Many(&["a", "b"]) },
    ],
    quotas: &[],
    endpoints: &[],
};

impl Network for Small {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn connect(&self) -> &dyn Connect {
        self
    }

    fn publish(&self) -> &dyn Publish {
        self
    }

    fn problems(&self, content: &Content, limits: &Limits) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (index, part) in content.parts.iter().enumerate() {
            let measured = measure(&part.text, limits);
            problems.extend(measured.problems.into_iter().map(|say| Problem::error(index, say)));
            if part.media.iter().any(|medium| medium.alt.is_empty()) {
                problems.push(Problem::warning(
                    index,
                    Say::new("picture-without-description").with("number", 1),
                ));
            }
        }
        problems
    }
}

#[async_trait]
impl Connect for Small {
    fn begin(&self) -> ConnectStep {
        let field = |name, kind, default: Option<&str>| Field {
            name,
            label: "bluesky-identifier",
            kind,
            default: default.map(Into::into),
            required: true,
        };
        ConnectStep::Ask {
            fields: vec![
                field("server", FieldKind::Server, Some("https://small.example")),
                field("account", FieldKind::Text, None),
                field("password", FieldKind::Secret, None),
            ],
            state: Value::Null,
        }
    }

    async fn next(
        &self,
        _: &ConnectCx<'_>,
        state: Value,
        answer: &Answer,
    ) -> Result<ConnectStep, Failure> {
        if state == "choose" {
            return Ok(connected(answer.text("choice")));
        }
        match (answer.text("account"), answer.secret("password").expose()) {
            ("away", _) => Err(Failure::transient(Say::new("server-not-answering"))),
            ("both", "right") => Ok(ConnectStep::Choose {
                candidates: ["ada", "noor"]
                    .map(|name| Candidate { remote_id: name.into(), handle: name.into() })
                    .into(),
                state: json!("choose"),
            }),
            (account, "right") if !account.is_empty() => Ok(connected(account)),
            _ => Err(Failure::rejected(Say::new("login-refused"))),
        }
    }

    async fn refresh(&self, _: &Cx<'_>, _: &Permit) -> Result<Refreshed, Failure> {
        Err(Failure::reconnect(Say::new("login-gone")))
    }

    async fn reopen(&self, _: &Cx<'_>, _: &Permit) -> Result<Option<Refreshed>, Failure> {
        Ok(None)
    }
}

fn connected(name: &str) -> ConnectStep {
    ConnectStep::Done(Box::new(Connected {
        remote_id: name.into(),
        handle: format!("{name}.small.example"),
        display_name: name.to_uppercase(),
        avatar: None,
        server: "https://small.example".parse().unwrap(),
        credential: Secret::new("hunter2"),
        expires_at: None,
        login_ends_at: None,
        limits: limits(),
    }))
}

#[async_trait]
impl Publish for Small {
    async fn freeze(&self, cx: &Cx<'_>, draft: &Draft<'_>) -> Result<Frozen, Failure> {
        let texts: Vec<String> = draft.content.parts.iter().map(|part| part.text.clone()).collect();
        let mut random = [0; 4];
        cx.rng.fill(&mut random);
        let handle = format!("post-{}", u32::from_be_bytes(random));
        Ok(Frozen { request: json!(texts), handles: vec![handle], texts })
    }

    fn is_prepared(&self, _: &Frozen, _: &Value, _: Instant) -> bool {
        true
    }

    async fn prepare(
        &self,
        _: &Cx<'_>,
        _: &Frozen,
        state: &Value,
        _: &Permit,
    ) -> Result<Prepared, Failure> {
        Ok(Prepared::Ready(state.clone()))
    }

    async fn submit(
        &self,
        _: &Cx<'_>,
        frozen: &Frozen,
        _: &Value,
        _: &Permit,
    ) -> Result<Submitted, Failure> {
        if frozen.texts[0] == "refuse me" {
            return Err(Failure::rejected(Say::new("login-refused")).vendor("NoThanks: not this"));
        }
        if frozen.texts[0] == "lose me" {
            return Err(Failure::transient(Say::new("server-not-answering")).sent(Sent::Unknown));
        }
        self.0.lock().unwrap().push(frozen.texts.join(" / "));
        Ok(Submitted::Done(receipt(frozen)))
    }

    async fn check(&self, _: &Cx<'_>, frozen: &Frozen, _: &Ticket) -> Result<Checked, Failure> {
        Ok(Checked::Done(receipt(frozen)))
    }

    async fn find(&self, _: &Cx<'_>, _: &Frozen, _: &Value, _: &Trace) -> Result<Found, Failure> {
        Ok(Found::CannotTell)
    }

    async fn delete(&self, _: &Cx<'_>, _: &RemotePost, _: &Permit) -> Result<(), Failure> {
        self.0.lock().unwrap().clear();
        Ok(())
    }
}

fn receipt(frozen: &Frozen) -> Receipt {
    let id = frozen.handles[0].clone();
    let url = Some(format!("https://small.example/{id}"));
    Receipt { posts: vec![RemotePost { id, url, version: None }] }
}
