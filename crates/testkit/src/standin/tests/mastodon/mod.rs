//! The stand-in for Mastodon, held against the vendor's documentation. Pages
//! are named as they are at docs.joinmastodon.org; where the documentation is
//! silent, the file of the source that says it.

mod doors;
mod flavours;
mod keys;
mod lists;
mod media;
mod rates;
mod shown;
mod statuses;
mod windows;

use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{Client, Reply};
use crate::standin::mastodon::{Flavour, Mastodon, Settings};
use crate::standin::{Faults, Ledger, Server};

const STATUSES: &str = "/api/v1/statuses";
const SCOPES: &str = "profile read write";
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

/// A server with Ada's account.
struct Town {
    ledger: Arc<Ledger>,
    mastodon: Arc<Mastodon>,
    server: Server,
    /// Ada's id.
    ada: String,
}

impl Town {
    async fn new() -> Self {
        Self::with(Settings::default()).await
    }

    async fn of(flavour: Flavour) -> Self {
        Self::with(Settings::of(flavour)).await
    }

    async fn with(settings: Settings) -> Self {
        Self::struck(settings, Faults::none()).await
    }

    async fn struck(settings: Settings, faults: Arc<Faults>) -> Self {
        let ledger = Ledger::new();
        let mastodon = Mastodon::new(settings, ledger.clone());
        let ada = mastodon.add_account("ada");
        let server =
            Server::start("127.0.0.1:0", mastodon.clone(), ledger.clone(), faults).await.unwrap();
        Self { ledger, mastodon, server, ada }
    }

    async fn stranger(&self) -> Client {
        Client::new(self.server.address()).await
    }

    /// Ada's program on a connection of its own.
    async fn ada(&self) -> Client {
        self.with_scopes(SCOPES).await
    }

    async fn with_scopes(&self, scopes: &str) -> Client {
        let mut client = self.stranger().await;
        client.token = self.mastodon.token("ada", "bellwether", scopes);
        client
    }

    fn texts(&self) -> Vec<String> {
        self.ledger.posts("ada").iter().map(|post| post.text.clone()).collect()
    }

    fn list(&self, query: &str) -> String {
        format!("/api/v1/accounts/{}/statuses?{query}", self.ada)
    }
}

async fn send(
    client: &mut Client,
    method: &str,
    path: &str,
    kind: &str,
    body: &[u8],
    extra: &str,
) -> Option<Reply> {
    let head = format!("Content-Type: {kind}\r\nContent-Length: {}\r\n{extra}", body.len());
    client.send(client.head(method, path, &head).as_bytes()).await;
    client.send(body).await;
    client.reply().await
}

async fn post(client: &mut Client, body: &Value) -> Reply {
    client.post(STATUSES, body).await
}

async fn try_with_key(client: &mut Client, key: &str, body: &Value) -> Option<Reply> {
    let (body, extra) = (body.to_string(), format!("Idempotency-Key: {key}\r\n"));
    send(client, "POST", STATUSES, "application/json", body.as_bytes(), &extra).await
}

async fn with_key(client: &mut Client, key: &str, body: &Value) -> Reply {
    try_with_key(client, key, body).await.unwrap()
}

async fn put(client: &mut Client, path: &str, body: &Value) -> Reply {
    let body = body.to_string();
    send(client, "PUT", path, "application/json", body.as_bytes(), "").await.unwrap()
}

async fn form(client: &mut Client, path: &str, pairs: &[(&str, &str)]) -> Reply {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let kind = "application/x-www-form-urlencoded";
    send(client, "POST", path, kind, body.as_bytes(), "").await.unwrap()
}

/// `POST /api/v2/media`, with a description where there is one.
async fn upload(client: &mut Client, mime: &str, bytes: &[u8], description: &str) -> Reply {
    upload_to(client, "/api/v2/media", mime, bytes, description).await
}

async fn upload_to(
    client: &mut Client,
    path: &str,
    mime: &str,
    bytes: &[u8],
    description: &str,
) -> Reply {
    let mut head = String::new();
    if !description.is_empty() {
        let _ = write!(
            head,
            "--XyZ\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\n{description}\r\n"
        );
    }
    let _ = write!(
        head,
        "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\nContent-Type: {mime}\r\n\r\n"
    );
    let body = [head.as_bytes(), bytes, b"\r\n--XyZ--\r\n"].concat();
    send(client, "POST", path, "multipart/form-data; boundary=XyZ", &body, "").await.unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn id(reply: &Reply) -> String {
    assert!(reply.status < 300, "{reply:?}");
    text(&reply.json()["id"])
}

fn hello() -> Value {
    json!({"status": "Hello"})
}
