//! A network for stories: twenty characters, a login of one screen, and
//! nothing ever leaves.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bellwether_app::networks::connect::ConnectCx;
use bellwether_app::networks::*;
use bellwether_base::{Say, Secret};
use serde_json::Value;

pub struct Paper;

type Answered<T> = Result<T, Failure>;

const SPEC: Spec = Spec {
    name: "paper",
    title: "Paper",
    mark: "Pa",
    limits,
    thread: ThreadKind::PartByPart,
    find_by: FindBy::Nothing,
    settle: Duration::from_secs(1),
    timeout: Duration::from_secs(1),
    features: Features { delete: true, delete_repeatable: true, edit: false },
    options: &[],
    quotas: &[Quota { bucket: "writes", limit: 4, per: Duration::from_hours(1), cost: 1 }],
    endpoints: &[],
};

fn limits() -> Limits {
    Limits {
        text: TextLimit { max: 20, unit: Unit::Characters, max_bytes: None },
        parts: 3,
        images: 0,
        image: ImageRule { max_bytes: 1, max_side: 1 },
        alt_text: None,
        resend_after_not_seen: false,
        server: None,
    }
}

fn measure(text: &str, limits: &Limits) -> Measured {
    let length = u32::try_from(text.chars().count()).unwrap();
    let remaining = i64::from(limits.text.max) - i64::from(length);
    let tags = text.match_indices('#').map(|(start, _)| {
        let end = text[start..].find(' ').map_or(text.len(), |at| start + at);
        Span { start, end, value: text[start + 1..end].to_owned() }
    });
    Measured {
        length,
        limit: limits.text.max,
        remaining,
        valid: remaining >= 0,
        problems: Vec::new(),
        links: Vec::new(),
        mentions: Vec::new(),
        tags: tags.collect(),
    }
}

/// For the registry.
pub fn registered() -> Registered {
    Registered { name: "paper", text: measure, limits, network: Some(Arc::new(Paper)) }
}

impl Network for Paper {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn connect(&self) -> &dyn Connect {
        self
    }

    fn publish(&self) -> &dyn Publish {
        self
    }

    fn profile(&self, account: &Account, _: &Endpoints) -> Option<url::Url> {
        account.server.join(&account.handle).ok()
    }

    fn problems(&self, content: &Content, limits: &Limits) -> Vec<Problem> {
        let over = |part: &Part| -measure(&part.text, limits).remaining;
        let problem = |(at, part): (usize, &Part)| {
            let say = Say::new("text-too-long").with("over", over(part)).with("limit", 20);
            (over(part) > 0).then(|| Problem::error(at, say))
        };
        content.parts.iter().enumerate().filter_map(problem).collect()
    }
}

#[async_trait]
impl Connect for Paper {
    fn begin(&self) -> ConnectStep {
        let field =
            |name, kind| Field { name, label: "token-name", kind, default: None, required: true };
        ConnectStep::Ask {
            fields: vec![field("handle", FieldKind::Text), field("password", FieldKind::Secret)],
            state: Value::Null,
        }
    }

    async fn next(&self, _: &ConnectCx<'_>, _: Value, answer: &Answer) -> Answered<ConnectStep> {
        if answer.text("password") != "open" {
            return Err(Failure::rejected(Say::new("login-refused")));
        }
        let handle = answer.text("handle").to_owned();
        Ok(ConnectStep::Done(Box::new(Connected {
            remote_id: handle.clone(),
            display_name: format!("{handle} & <b>"),
            handle,
            avatar: None,
            server: "https://paper.example".parse().unwrap(),
            credential: Secret::new("open"),
            expires_at: None,
            login_ends_at: None,
            limits: limits(),
        })))
    }

    async fn refresh(&self, _: &Cx<'_>, _: &Permit) -> Answered<Refreshed> {
        Err(never())
    }

    async fn reopen(&self, _: &Cx<'_>, _: &Permit) -> Answered<Option<Refreshed>> {
        Ok(None)
    }
}

fn never() -> Failure {
    Failure::transient(Say::new("server-trouble").with("status", 503))
}

#[async_trait]
impl Publish for Paper {
    async fn freeze(&self, _: &Cx<'_>, _: &Draft<'_>) -> Answered<Frozen> {
        Err(never())
    }

    fn is_prepared(&self, _: &Frozen, _: &Value, _: bellwether_base::Instant) -> bool {
        false
    }

    async fn prepare(&self, _: &Cx<'_>, _: &Frozen, _: &Value, _: &Permit) -> Answered<Prepared> {
        Err(never())
    }

    async fn submit(&self, _: &Cx<'_>, _: &Frozen, _: &Value, _: &Permit) -> Answered<Submitted> {
        Err(never())
    }

    async fn check(&self, _: &Cx<'_>, _: &Frozen, _: &Ticket) -> Answered<Checked> {
        Err(never())
    }

    async fn find(&self, _: &Cx<'_>, _: &Frozen, _: &Value, _: &Trace) -> Answered<Found> {
        Ok(Found::CannotTell)
    }

    async fn delete(&self, _: &Cx<'_>, _: &RemotePost, _: &Permit) -> Answered<()> {
        Err(never())
    }
}
