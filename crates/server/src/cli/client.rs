//! Three ways to the same API.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::body::Body;
use bellwether_app::publishing::Engine;
use bellwether_base::uuid;
use bellwether_base::{Rng as _, Secret, SystemRng};
use bellwether_db::DbError;
use bellwether_networks::Registry;
use bytes::Bytes;
use http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::UnixStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use url::Url;

use super::exit::Failure;
use super::{Global, starting};
use crate::config::Flags;
use crate::{Config, Opened, open};

/// How often a request is tried whose answer was lost. It carries a key, so
/// that it has one effect.
const TRIES: u32 = 3;

/// A way to the API.
pub(super) struct Client {
    way: Way,
    language: Option<String>,
}

enum Way {
    /// Through the socket of the server on this machine.
    Socket(PathBuf),
    /// To a server elsewhere.
    Remote { base: Url, token: Secret, http: reqwest::Client },
    /// No server runs: within this process.
    Here { router: Router, opened: Opened },
}

/// What to ask.
pub(super) struct Ask {
    method: Method,
    path: String,
    body: Option<(String, Bytes)>,
    key: Option<String>,
}

impl Ask {
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), body: None, key: None }
    }

    pub fn delete(path: impl Into<String>) -> Self {
        Self { method: Method::DELETE, ..Self::get(path) }
    }

    pub fn put(path: impl Into<String>, body: &Value) -> Self {
        Self { method: Method::PUT, body: Some(json_body(body)), ..Self::get(path) }
    }

    /// With a key of its own, so that a lost answer can be asked for again.
    pub fn post(path: impl Into<String>, body: &Value) -> Self {
        let body = (!body.is_null()).then(|| json_body(body));
        Self { method: Method::POST, body, key: Some(new_key()), ..Self::get(path) }
    }

    /// A file.
    pub fn upload(path: impl Into<String>, kind: &str, bytes: Bytes) -> Self {
        let body = Some((kind.to_owned(), bytes));
        Self { method: Method::POST, body, ..Self::get(path) }
    }

    /// With the key that somebody chose.
    pub fn with_key(mut self, key: Option<String>) -> Self {
        self.key = key.or(self.key);
        self
    }
}

fn json_body(body: &Value) -> (String, Bytes) {
    ("application/json".to_owned(), Bytes::from(body.to_string()))
}

fn new_key() -> String {
    let mut random = [0; 16];
    SystemRng.fill(&mut random);
    uuid::Builder::from_random_bytes(random).into_uuid().to_string()
}

impl Client {
    /// The way that `global` asks for. `may_found` lets an installation be made
    /// where there is none.
    pub async fn open(
        global: &Global,
        registry: Registry,
        may_found: bool,
    ) -> Result<Self, Failure> {
        let language = language();
        if let Some(base) = &global.server {
            let token = token(global.token_file.as_deref())?;
            let http = reqwest::Client::builder()
                .timeout(Duration::from_mins(2))
                .build()
                .context("cannot make a client")?;
            return Ok(Self { way: Way::Remote { base: base.clone(), token, http }, language });
        }
        let flags = Flags { data: global.data.clone(), ..Flags::default() };
        let config = Config::load(global.config.as_deref(), &flags)?;
        let socket = config.data.join("bellwether.sock");
        if UnixStream::connect(&socket).await.is_ok() {
            return Ok(Self { way: Way::Socket(socket), language });
        }
        if config.is_sqlite() && !may_found && !config.data.join("bellwether.db").exists() {
            return Err(Failure::Unreachable(format!(
                "No server runs here, and there is no installation in {}. `bellwether owner create` \
                 makes one; --data names another folder, --server a server elsewhere.",
                starting::shown(&config.data)
            )));
        }
        let opened = open(&config, registry).await.map_err(|error| match error.downcast_ref() {
            Some(DbError::Owned { pid, since, .. }) => Failure::Unreachable(format!(
                "Another process{} has the installation in {} open, but does not answer at \
                     its socket. If it is starting or stopping, try again.",
                starting::owner(*pid, *since),
                starting::shown(&config.data)
            )),
            _ => error.into(),
        })?;
        let web = bellwether_web::WebConfig { public_url: config.public_url.clone() };
        let router = bellwether_web::router(opened.app.clone(), web);
        let router = bellwether_web::for_operator(router);
        Ok(Self { way: Way::Here { router, opened }, language })
    }

    /// Whether it asks a server elsewhere, with a token.
    pub const fn is_remote(&self) -> bool {
        matches!(self.way, Way::Remote { .. })
    }

    /// Whether no server runs, and this process stands in for it.
    pub fn is_here(&self) -> bool {
        matches!(self.way, Way::Here { .. })
    }

    /// An engine for as long as it is held, where no server runs that has one.
    pub fn engine_here(&self) -> Option<EngineHere> {
        let Way::Here { opened, .. } = &self.way else { return None };
        let stop = CancellationToken::new();
        let engine = Engine::new(opened.app.clone(), crate::serve::worker_name());
        let until = stop.clone();
        let task = tokio::spawn(async move { engine.run(until).await });
        Some(EngineHere { stop, task })
    }

    /// Asks, and gives the answer: JSON, or nothing where there is none.
    pub async fn ask(&self, ask: Ask) -> Result<Value, Failure> {
        let mut tries = 0;
        let (status, body) = loop {
            tries += 1;
            match self.send(&ask).await {
                Ok(answer) => break answer,
                Err(failure) if tries >= TRIES || !ask.may_repeat() => return Err(failure),
                Err(_) => tokio::time::sleep(Duration::from_secs(1)).await,
            }
        };
        let read = || serde_json::from_slice::<Value>(&body);
        if status.is_success() {
            if body.is_empty() {
                return Ok(Value::Null);
            }
            return read().map_err(|_| not_ours(status));
        }
        match read() {
            Ok(problem) if problem["status"].is_u64() => Err(Failure::Problem(problem)),
            _ => Err(not_ours(status)),
        }
    }

    async fn send(&self, ask: &Ask) -> Result<(StatusCode, Bytes), Failure> {
        match &self.way {
            Way::Socket(path) => through_socket(path, self.request(ask)?).await,
            Way::Here { router, .. } => {
                let request = self.request(ask)?.map(Body::new);
                let Ok(response) = router.clone().oneshot(request).await;
                let status = response.status();
                let body = response.into_body().collect().await.context("no answer")?;
                Ok((status, body.to_bytes()))
            }
            Way::Remote { base, token, http } => self.remote(ask, base, token, http).await,
        }
    }

    fn request(&self, ask: &Ask) -> Result<Request<Full<Bytes>>, Failure> {
        let mut request =
            Request::builder().method(ask.method.clone()).uri(&ask.path).header(HOST, "localhost");
        for (name, value) in ask.headers(self.language.as_deref()) {
            request = request.header(name, value);
        }
        let body = ask.body.as_ref().map(|(_, bytes)| bytes.clone()).unwrap_or_default();
        Ok(request.body(Full::new(body)).context("the request does not fit")?)
    }

    async fn remote(
        &self,
        ask: &Ask,
        base: &Url,
        token: &Secret,
        http: &reqwest::Client,
    ) -> Result<(StatusCode, Bytes), Failure> {
        let unreachable = |error: &reqwest::Error| {
            let why = if error.is_timeout() { "no answer in time" } else { "no connection" };
            Failure::Unreachable(format!("The server at {base} cannot be reached: {why}."))
        };
        let url = base.join(&ask.path).context("the address does not fit")?;
        let mut request = http
            .request(ask.method.clone(), url)
            .header(AUTHORIZATION, format!("Bearer {}", token.expose()));
        for (name, value) in ask.headers(self.language.as_deref()) {
            request = request.header(name, value);
        }
        if let Some((_, bytes)) = &ask.body {
            request = request.body(bytes.clone());
        }
        let response = request.send().await.map_err(|error| unreachable(&error))?;
        let status = response.status();
        let body = response.bytes().await.map_err(|error| unreachable(&error))?;
        Ok((status, body))
    }

    /// Ends what was opened.
    pub async fn close(self) {
        if let Way::Here { opened, .. } = self.way {
            let Opened { app, mut calls, .. } = opened;
            calls.flush(&app).await;
            app.db.clone().close().await;
            app.streams.clone().close().await;
        }
    }
}

impl Ask {
    fn headers(&self, language: Option<&str>) -> Vec<(http::HeaderName, String)> {
        let mut headers = Vec::new();
        if let Some((kind, _)) = &self.body {
            headers.push((CONTENT_TYPE, kind.clone()));
        }
        if let Some(key) = &self.key {
            headers.push((http::HeaderName::from_static("idempotency-key"), key.clone()));
        }
        if let Some(language) = language {
            headers.push((ACCEPT_LANGUAGE, language.to_owned()));
        }
        headers
    }

    /// Whether asking again after a lost answer has no second effect.
    fn may_repeat(&self) -> bool {
        self.method != Method::POST || self.key.is_some()
    }
}

fn not_ours(status: StatusCode) -> Failure {
    Failure::Unreachable(format!(
        "What answers there is not Bellwether (code {}). Check --server; if the address is right, \
         something in front of the server may be in the way.",
        status.as_u16()
    ))
}

async fn through_socket(
    path: &Path,
    request: Request<Full<Bytes>>,
) -> Result<(StatusCode, Bytes), Failure> {
    let lost = |error: &dyn std::fmt::Display| {
        Failure::Unreachable(format!("The server at {} does not answer: {error}.", path.display()))
    };
    let stream = UnixStream::connect(path).await.map_err(|error| lost(&error))?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| lost(&error))?;
    let connection = tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(|error| lost(&error))?;
    let status = response.status();
    let body = response.into_body().collect().await.map_err(|error| lost(&error))?;
    connection.abort();
    Ok((status, body.to_bytes()))
}

/// The engine of a command that waits.
pub(super) struct EngineHere {
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl EngineHere {
    /// Lets what is under way end.
    pub async fn stop(self) {
        self.stop.cancel();
        let _ = self.task.await;
    }
}

fn token(file: Option<&Path>) -> Result<Secret, Failure> {
    let text = match file {
        Some(path) => std::fs::read_to_string(path)
            .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?,
        None => std::env::var("BELLWETHER_TOKEN").map_err(|_| {
            Failure::usage("--server needs an API token: --token-file, or BELLWETHER_TOKEN")
        })?,
    };
    Ok(Secret::new(text.trim()))
}

/// The language that the terminal speaks, as a browser would ask for it.
pub(super) fn language() -> Option<String> {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|said| !said.is_empty()))?;
    let tag = said.split(['.', '@']).next().unwrap_or_default().replace('_', "-");
    (!matches!(tag.as_str(), "" | "C" | "POSIX")).then_some(tag)
}
