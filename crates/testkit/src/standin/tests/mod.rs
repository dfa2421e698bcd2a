//! The stand-in is tested over raw sockets: nothing here knows how a client
//! behaves, only what is on the wire.

mod marks;
mod mastodon;
mod measured;
mod plain;
mod records;
mod sessions;
mod speed;
mod strikes;
mod windows;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::pds::{Pds, Settings};
use super::{Faults, Ledger, RequestEntry, Server};

/// An answer as it came.
#[derive(Debug)]
struct Reply {
    status: u16,
    headers: HashMap<String, String>,
    body: Vec<u8>,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn error(&self) -> (u16, String) {
        (self.status, self.json()["error"].as_str().unwrap().to_owned())
    }
}

/// One connection.
struct Client {
    stream: BufReader<TcpStream>,
    token: Option<String>,
}

impl Client {
    async fn new(address: SocketAddr) -> Self {
        Self { stream: BufReader::new(TcpStream::connect(address).await.unwrap()), token: None }
    }

    async fn send(&mut self, bytes: &[u8]) {
        // The server may have closed already; then reading tells.
        let _ = self.stream.write_all(bytes).await;
    }

    /// The next answer; none if the connection ends before all of it came.
    async fn reply(&mut self) -> Option<Reply> {
        let mut line = String::new();
        self.stream.read_line(&mut line).await.ok()?;
        let status = line.split(' ').nth(1)?.parse().ok()?;
        let mut headers = HashMap::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).await.ok()?;
            match line.strip_suffix("\r\n")? {
                "" => break,
                header => {
                    let (name, value) = header.split_once(": ").unwrap();
                    headers.insert(name.to_ascii_lowercase(), value.to_owned());
                }
            }
        }
        let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await.ok()?;
        Some(Reply { status, headers, body })
    }

    /// Everything until the end of the connection, and whether that was a reset.
    async fn rest(&mut self) -> (String, bool) {
        let mut bytes = Vec::new();
        let end = self.stream.read_to_end(&mut bytes).await;
        (String::from_utf8_lossy(&bytes).into_owned(), end.is_err())
    }

    fn head(&self, method: &str, path: &str, extra: &str) -> String {
        let token = self.token.as_ref();
        let token =
            token.map_or(String::new(), |token| format!("Authorization: Bearer {token}\r\n"));
        format!("{method} {path} HTTP/1.1\r\nHost: stand.in\r\n{token}{extra}\r\n")
    }

    fn post_bytes(&self, path: &str, body: &Value) -> Vec<u8> {
        let body = body.to_string();
        let extra = format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
        (self.head("POST", path, &extra) + &body).into_bytes()
    }

    async fn try_post(&mut self, path: &str, body: &Value) -> Option<Reply> {
        self.send(&self.post_bytes(path, body)).await;
        self.reply().await
    }

    async fn post(&mut self, path: &str, body: &Value) -> Reply {
        self.try_post(path, body).await.unwrap()
    }

    async fn try_call(&mut self, method: &str, path: &str) -> Option<Reply> {
        self.send(self.head(method, path, "").as_bytes()).await;
        self.reply().await
    }

    async fn get(&mut self, path: &str) -> Reply {
        self.try_call("GET", path).await.unwrap()
    }

    async fn upload(&mut self, path: &str, kind: &str, bytes: &[u8]) -> Reply {
        let extra = format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", bytes.len());
        self.send(self.head("POST", path, &extra).as_bytes()).await;
        self.send(bytes).await;
        self.reply().await.unwrap()
    }
}

/// A running data server with Ada's account.
struct Stage {
    ledger: Arc<Ledger>,
    pds: Arc<Pds>,
    server: Server,
    did: String,
}

const PASSWORD: &str = "word-word-word-word";
const POSTS: &str = "app.bsky.feed.post";
const CREATE: &str = "/xrpc/com.atproto.repo.createRecord";
const PUT: &str = "/xrpc/com.atproto.repo.putRecord";
const APPLY: &str = "/xrpc/com.atproto.repo.applyWrites";
const DELETE: &str = "/xrpc/com.atproto.repo.deleteRecord";
const UPLOAD: &str = "/xrpc/com.atproto.repo.uploadBlob";
const LOGIN: &str = "/xrpc/com.atproto.server.createSession";
const REFRESH: &str = "/xrpc/com.atproto.server.refreshSession";
const SESSION: &str = "/xrpc/com.atproto.server.getSession";

impl Stage {
    async fn new() -> Self {
        Self::with(Settings::default(), Faults::none()).await
    }

    async fn with_faults(faults: Arc<Faults>) -> Self {
        Self::with(Settings::default(), faults).await
    }

    async fn with(settings: Settings, faults: Arc<Faults>) -> Self {
        let ledger = Ledger::new();
        let pds = Pds::new(settings, ledger.clone());
        let did = pds.add_account("ada.test", PASSWORD);
        let server =
            Server::start("127.0.0.1:0", pds.clone(), ledger.clone(), faults).await.unwrap();
        Self { ledger, pds, server, did }
    }

    async fn stranger(&self) -> Client {
        Client::new(self.server.address()).await
    }

    /// Ada on a connection of her own.
    async fn ada(&self) -> Client {
        let mut client = self.stranger().await;
        let session = client
            .post(LOGIN, &json!({"identifier": "ada.test", "password": PASSWORD}))
            .await
            .json();
        client.token = Some(session["accessJwt"].as_str().unwrap().to_owned());
        client
    }

    fn record(&self, rkey: &str, text: &str) -> Value {
        json!({"repo": self.did, "collection": POSTS, "rkey": rkey, "record": post(text)})
    }

    async fn find(&self, rkey: &str) -> Reply {
        let path = format!(
            "/xrpc/com.atproto.repo.getRecord?repo={}&collection={POSTS}&rkey={rkey}",
            self.did
        );
        self.stranger().await.get(&path).await
    }

    fn texts(&self) -> Vec<String> {
        self.ledger.posts(&self.did).iter().map(|post| post.text.clone()).collect()
    }

    /// The ledger's entry of the last request of which an answer or an end
    /// was seen.
    async fn last_entry(&self) -> Arc<RequestEntry> {
        self.entry(self.ledger.requests().len() as u64 - 1).await
    }

    /// A request, once it has ended. The login of Ada's connection is 0.
    async fn entry(&self, number: u64) -> Arc<RequestEntry> {
        loop {
            let entry = self.ledger.find_request(number);
            if let Some(entry) = entry.filter(|entry| entry.ended().is_some()) {
                return entry;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

fn post(text: &str) -> Value {
    json!({"$type": POSTS, "text": text, "createdAt": "2026-01-02T03:04:05.678Z"})
}

/// A record key that is a TID.
fn key(number: u32) -> String {
    let digit = |place: u32| char::from(b"234567abcdefghij"[(number >> (4 * place)) as usize & 15]);
    format!("3labcdefg{}{}{}2", digit(2), digit(1), digit(0))
}
