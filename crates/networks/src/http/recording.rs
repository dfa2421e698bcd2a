//! Conversations with networks, recorded once and replayed in tests.
//!
//! A recording is a JSON file that people read and commit, so secrets are
//! taken out before it is written. A replay answers each request with the
//! first unused exchange of the same method and address, and knows nothing
//! else: a request that was not recorded is an error.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::{HttpError, Permit, Request, Response, Transport, Trouble};

/// What stands where a secret was.
const SCRUBBED: &str = "scrubbed";

/// Names of headers, JSON fields, form fields and query parameters whose
/// values are secret, in lower case.
const SECRET_NAMES: [&str; 19] = [
    "access_token",
    "accessjwt",
    "api_key",
    "authfactortoken",
    "authorization",
    "client_secret",
    "code",
    "code_verifier",
    "cookie",
    "dpop",
    "id_token",
    "jwt",
    "password",
    "proxy-authorization",
    "refresh_token",
    "refreshjwt",
    "secret",
    "set-cookie",
    "token",
];

/// A recording cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    /// What is in it.
    #[error("{0}: {1}")]
    Format(PathBuf, serde_json::Error),
}

/// One request and its answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Exchange {
    method: String,
    url: String,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    request: Value,
    status: u16,
    headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    answer: Value,
    #[serde(skip)]
    used: bool,
}

/// A transport that records another one, or replays what was recorded.
pub struct Recording {
    path: PathBuf,
    live: Option<Arc<dyn Transport>>,
    exchanges: Mutex<Vec<Exchange>>,
}

impl Recording {
    /// Records what `live` does into the file at `path`, which is written
    /// anew after each answer. Errors are passed on and not recorded.
    pub fn record(live: Arc<dyn Transport>, path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), live: Some(live), exchanges: Mutex::default() }
    }

    /// Replays the file at `path`.
    pub fn replay(path: impl AsRef<Path>) -> Result<Self, RecordingError> {
        let path = path.as_ref().to_path_buf();
        let text = fs::read(&path).map_err(|error| RecordingError::File(path.clone(), error))?;
        let exchanges = serde_json::from_slice(&text)
            .map_err(|error| RecordingError::Format(path.clone(), error))?;
        Ok(Self { path, live: None, exchanges: Mutex::new(exchanges) })
    }

    /// What was recorded and never asked for, as `POST https://...`.
    pub fn unused(&self) -> Vec<String> {
        let exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
        exchanges.iter().filter(|e| !e.used).map(|e| format!("{} {}", e.method, e.url)).collect()
    }

    fn keep(&self, request: &Request, response: &Response) -> Result<(), RecordingError> {
        let mut exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
        exchanges.push(Exchange {
            method: request.method.to_string(),
            url: scrub_url(&request.url),
            request: shown_body(&request.body),
            status: response.status.as_u16(),
            headers: shown_headers(&response.headers),
            answer: shown_body(&response.body),
            used: true,
        });
        let text = serde_json::to_string_pretty(&*exchanges)
            .map_err(|error| RecordingError::Format(self.path.clone(), error))?;
        fs::write(&self.path, text + "\n")
            .map_err(|error| RecordingError::File(self.path.clone(), error))
    }

    fn recall(&self, request: &Request) -> Result<Response, HttpError> {
        let (method, url) = (request.method.as_str(), scrub_url(&request.url));
        let mut exchanges = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
        let found = exchanges.iter_mut().find(|e| !e.used && e.method == method && e.url == url);
        let Some(exchange) = found else {
            return Err(HttpError::unsent(
                Trouble::NoConnection,
                format!("not recorded: {method} {url}"),
            ));
        };
        exchange.used = true;
        Ok(Response {
            status: StatusCode::from_u16(exchange.status).unwrap_or(StatusCode::OK),
            headers: exchange
                .headers
                .iter()
                .filter_map(|(name, value)| header(name, value))
                .collect(),
            body: real_body(&exchange.answer),
            url: request.url.clone(),
        })
    }
}

#[async_trait]
impl Transport for Recording {
    async fn send(&self, request: Request, permit: Option<&Permit>) -> Result<Response, HttpError> {
        let Some(live) = &self.live else { return self.recall(&request) };
        let response = live.send(request.clone(), permit).await?;
        if let Err(error) = self.keep(&request, &response) {
            tracing::error!(%error, "an exchange was not recorded");
        }
        Ok(response)
    }
}

fn header(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    Some((name.parse().ok()?, value.parse().ok()?))
}

fn is_secret(name: &str) -> bool {
    SECRET_NAMES.contains(&name.to_ascii_lowercase().as_str())
}

fn shown_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers
        .iter()
        .filter(|(name, _)| !is_secret(name.as_str()))
        .map(|(n, v)| (n.to_string(), text(v)))
        .collect()
}

fn scrub_url(url: &Url) -> String {
    let mut shown = url.clone();
    if url.query().is_some() {
        shown.set_query(Some(&scrub_form(url.query().unwrap_or_default())));
    }
    shown.into()
}

fn scrub_form(form: &str) -> String {
    let mut scrubbed = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in url::form_urlencoded::parse(form.as_bytes()) {
        scrubbed.append_pair(&name, if is_secret(&name) { SCRUBBED } else { &value });
    }
    scrubbed.finish()
}

/// JSON as it is but scrubbed, text as `{"text": ..}`, else `{"base64": ..}`.
fn shown_body(body: &Bytes) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    if let Ok(mut json @ (Value::Object(_) | Value::Array(_))) = serde_json::from_slice(body) {
        scrub_json(&mut json);
        return serde_json::json!({ "json": json });
    }
    match std::str::from_utf8(body) {
        Ok(text) if is_form(text) => serde_json::json!({ "text": scrub_form(text) }),
        Ok(text) => serde_json::json!({ "text": text }),
        Err(_) => serde_json::json!({ "base64": BASE64.encode(body) }),
    }
}

fn is_form(text: &str) -> bool {
    text.contains('=') && !text.contains(char::is_whitespace) && !text.starts_with('<')
}

fn real_body(shown: &Value) -> Bytes {
    if let Some(text) = shown["text"].as_str() {
        return Bytes::from(text.to_owned());
    }
    if let Some(bytes) = shown["base64"].as_str().and_then(|text| BASE64.decode(text).ok()) {
        return Bytes::from(bytes);
    }
    shown.get("json").map(|json| Bytes::from(json.to_string())).unwrap_or_default()
}

fn scrub_json(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if is_secret(name) => *text = scrub_token(text),
                    _ => scrub_json(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(scrub_json),
        _ => {}
    }
}

/// A signed token keeps its claims, which connectors read, and loses its
/// signature, without which it is worth nothing.
fn scrub_token(token: &str) -> String {
    match token.split('.').collect::<Vec<_>>()[..] {
        [head, claims, _] if head.starts_with("eyJ") => format!("{head}.{claims}.{SCRUBBED}"),
        _ => SCRUBBED.to_owned(),
    }
}
