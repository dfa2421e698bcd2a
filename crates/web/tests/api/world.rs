//! One installation with Ada, who owns it, and a brand with a channel; and
//! scripts that ask it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use bellwether_app::networks::{Registered, Registry};
use bellwether_app::people::{self, Language, NewOwner};
use bellwether_app::publishing::Engine;
use bellwether_app::testing::{TestApp, apps_with};
use bellwether_app::{App, Caller, Parts};
use bellwether_base::Secret;
use bellwether_web::{WebConfig, for_operator, router};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::small_network::{self, Ledger, Small};

pub struct World {
    pub app: TestApp,
    pub ledger: Ledger,
    /// The address of the brand.
    pub at: String,
    pub workspace: String,
    pub router: Router,
}

/// The world over each engine.
pub async fn worlds() -> Vec<World> {
    worlds_with(|_| {}).await
}

/// The same, with some parts changed.
pub async fn worlds_with(change: impl Fn(&mut Parts)) -> Vec<World> {
    let ledgers = Mutex::new(Vec::new());
    let apps = apps_with(|parts| {
        let ledger = Ledger::default();
        ledgers.lock().unwrap().push(Arc::clone(&ledger));
        parts.registry = Registry::shipped().with(Registered {
            name: small_network::NAME,
            text: small_network::measure,
            limits: small_network::limits,
            network: Some(Arc::new(Small(ledger))),
        });
        parts.settings.max_upload = 200_000;
        // The clock of a test stands in another year than the database's.
        parts.settings.clock_offset = Duration::from_hours(24 * 366 * 100);
        change(parts);
    })
    .await;
    let mut worlds = Vec::new();
    for (app, ledger) in apps.into_iter().zip(ledgers.into_inner().unwrap()) {
        let owned = people::create_owner(&app, &Caller::Operator, owner()).await.unwrap();
        let workspace = owned.workspace.id.to_string();
        let router = router_of(app.app.clone());
        let at = format!("/api/v1/workspaces/{workspace}");
        worlds.push(World { app, ledger, at, workspace, router });
    }
    worlds
}

/// The doors of `app`.
pub fn router_of(app: App) -> Router {
    router(app, WebConfig { public_url: "http://127.0.0.1:8080".parse().unwrap() })
}

pub fn owner() -> NewOwner {
    NewOwner {
        name: "Ada".into(),
        email: "ada@rive.example".into(),
        password: Secret::new("correct horse battery staple"),
        language: Language::English,
        organization: "Rive".into(),
        workspace: "Maison Lune".into(),
        time_zone: "Europe/Paris".into(),
    }
}

/// An answer, whole.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Passes if it worked.
    #[track_caller]
    pub fn good(self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text());
        if self.bytes.is_empty() { Value::Null } else { self.json() }
    }

    /// Passes if it was refused so; gives the problem.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        let problem = self.json();
        assert_eq!((self.status.as_u16(), &problem["code"]), (status, &json!(code)), "{problem:#}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem["status"], status);
        assert!(problem["type"].as_str().unwrap().starts_with("urn:bellwether:problem:"));
        // Every word is there in some language, and no key shows through.
        let text = problem.to_string();
        assert!(!text.contains('⟦'), "{text}");
        problem
    }

    /// Status and body for a snapshot, with ids by order of appearance.
    pub fn whole(&self) -> Value {
        let body = if self.bytes.is_empty() { Value::Null } else { self.json() };
        redacted(&json!({ "status": self.status.as_u16(), "body": body }))
    }
}

/// With ids, and what is random, replaced by names in order of appearance.
pub fn redacted(value: &Value) -> Value {
    let mut seen = BTreeMap::new();
    redact(value, &mut seen)
}

fn redact(value: &Value, seen: &mut BTreeMap<String, String>) -> Value {
    match value {
        Value::String(text) => Value::String(redact_text(text, seen)),
        Value::Array(items) => items.iter().map(|item| redact(item, seen)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (redact_text(name, seen), redact(value, seen)))
            .collect(),
        other => other.clone(),
    }
}

fn redact_text(text: &str, seen: &mut BTreeMap<String, String>) -> String {
    let is_id =
        |piece: &str| piece.len() == 36 && piece.bytes().filter(|byte| *byte == b'-').count() == 4;
    let is_random = |piece: &str| {
        (piece.starts_with("bw_") || piece.starts_with("post-") || piece.len() > 50)
            && !piece.contains(' ')
    };
    text.split_inclusive(['/', '"', ' '])
        .map(|piece| {
            let bare = piece.trim_end_matches(['/', '"', ' ']);
            if !is_id(bare) && !is_random(bare) {
                return piece.to_owned();
            }
            let count = seen.len() + 1;
            let kind = if is_id(bare) { "id" } else { "text" };
            let name = seen.entry(bare.to_owned()).or_insert_with(|| format!("[{kind} {count}]"));
            format!("{name}{}", &piece[bare.len()..])
        })
        .collect()
}

/// Somebody who asks.
pub struct Script<'a> {
    world: &'a World,
    token: Option<String>,
    headers: Vec<(&'static str, String)>,
}

impl World {
    /// Whoever has the machine.
    pub fn operator(&self) -> Script<'_> {
        Script { world: self, token: None, headers: Vec::new() }
    }

    /// Whoever holds `token`.
    pub fn bearer(&self, token: &str) -> Script<'_> {
        Script { world: self, token: Some(token.to_owned()), headers: Vec::new() }
    }

    /// Nobody in particular.
    pub fn stranger(&self) -> Script<'_> {
        Script { world: self, token: Some(String::new()), headers: Vec::new() }
    }

    /// A token for the brand, made by the operator.
    pub async fn token(&self, scopes: &[&str]) -> String {
        let body = json!({ "name": "script", "scopes": scopes });
        let made = self.operator().post(&format!("{}/tokens", self.at), &body).await.good();
        made["secret"].as_str().unwrap().to_owned()
    }

    /// A channel called `name`.
    pub async fn channel(&self, name: &str) -> String {
        let path = format!("{}/channels/connect/small", self.at);
        let step = self.operator().post(&path, &Value::Null).await.good();
        let body = json!({
            "state": step["state"],
            "answers": { "server": "s", "account": name, "password": "right" },
        });
        let channel = self.operator().post(&path, &body).await.good();
        channel["id"].as_str().unwrap().to_owned()
    }

    /// A second brand of the same organization.
    pub async fn other_brand(&self) -> String {
        let body = json!({ "name": "Atelier Nord", "time_zone": "Europe/Oslo" });
        let made = self.operator().post("/api/v1/workspaces", &body).await.good();
        made["id"].as_str().unwrap().to_owned()
    }

    /// Lets the engine do what is due, and time pass, until `path` is over or
    /// two minutes went by.
    ///
    /// Not with `Engine::run`: that claims nothing where this world's clock is
    /// not the database's, and PostgreSQL has one of its own.
    pub async fn follow(&self, path: &str) -> Answer {
        let engine = Engine::new(self.app.app.clone(), "worker".into());
        let mut answer = self.operator().get(path).await;
        for _ in 0..12 {
            engine.run_due().await.unwrap();
            answer = self.operator().get(path).await;
            let body = answer.json();
            if body["is_final"] == true || body["needs_person"] == true || body["state"] == "held" {
                break;
            }
            self.app.advance(Duration::from_secs(10));
        }
        answer
    }
}

impl Script<'_> {
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub async fn send(&self, method: Method, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !kind.is_empty() {
            request = request.header(CONTENT_TYPE, kind);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let router = match self.token.as_deref() {
            None => for_operator(self.world.router.clone()),
            Some("") => self.world.router.clone(),
            Some(token) => {
                request = request.header(AUTHORIZATION, format!("Bearer {token}"));
                self.world.router.clone()
            }
        };
        let response = router.oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, "", Vec::new()).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        let (kind, bytes) = match body {
            Value::Null => ("", Vec::new()),
            body => ("application/json", body.to_string().into_bytes()),
        };
        self.send(Method::POST, path, kind, bytes).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        let bytes = body.to_string().into_bytes();
        self.send(Method::PUT, path, "application/json", bytes).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, "", Vec::new()).await
    }
}

/// A content of one part.
pub fn content(text: &str) -> Value {
    json!({ "parts": [{ "text": text }] })
}
