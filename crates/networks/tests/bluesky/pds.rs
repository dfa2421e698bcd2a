//! A real server, and a reader of it that owes nothing to the connector.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bellwether_base::Secret;
use bellwether_networks::bluesky::Bluesky;
use bellwether_networks::{Account, Answer, Network};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::contract::{Harness, Member, There, login};

/// A server process, or one that somebody else runs.
pub struct Server {
    pds: Url,
    child: Option<Child>,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It ends when its standard input closes.
        if let Some(mut child) = self.child.take() {
            drop(child.stdin.take());
            let _ = child.wait();
        }
    }
}

impl Server {
    /// Nothing where none is running and none is installed.
    pub fn start() -> Option<Self> {
        if let Ok(line) = std::env::var("BELLWETHER_TEST_PDS") {
            return Some(Self { pds: address(&line).expect("addresses as JSON"), child: None });
        }
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/targets/bluesky");
        if !folder.join("node_modules/.bellwether-installed").exists() {
            return None;
        }
        let mut child = Command::new(folder.join("run"))
            .env("END_WITH_STDIN", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let lines = child.stdout.take().map(|output| BufReader::new(output).lines());
        let pds =
            lines.and_then(|lines| lines.map_while(Result::ok).find_map(|line| address(&line)));
        let Some(pds) = pds else {
            let status = child.wait();
            panic!("the server did not say where it is: {status:?}");
        };
        Some(Self { pds, child: Some(child) })
    }
}

fn address(line: &str) -> Option<Url> {
    serde_json::from_str::<Value>(line).ok()?["pds"].as_str()?.parse().ok()
}

/// Accounts on it.
pub struct Pds {
    server: Url,
    http: reqwest::Client,
    made: AtomicU32,
    run: String,
    resident: (String, String),
}

impl Pds {
    pub async fn at(server: &Server) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let run = format!("{:x}", std::process::id());
        let mut pds = Self {
            server: server.pds.clone(),
            http,
            made: AtomicU32::new(0),
            run,
            resident: Default::default(),
        };
        let (handle, password, _) = pds.account().await;
        pds.resident = (handle, password);
        pds
    }

    /// Makes an account; gives its handle, an app password and its own session.
    pub async fn account(&self) -> (String, String, Value) {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let moment = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let name = format!("k{}{}x{number}", self.run, moment.as_millis() % 1_000_000);
        let handle = format!("{name}.test");
        let mail = format!("{name}@mail.test");
        let body = json!({"handle": handle, "email": mail, "password": format!("main-{name}")});
        let made = self.call("com.atproto.server.createAccount", &body, None).await;
        let token = made["accessJwt"].as_str().expect("an account").to_owned();
        let named = json!({"name": "suite"});
        let app = self.call("com.atproto.server.createAppPassword", &named, Some(&token)).await;
        (handle, app["password"].as_str().expect("an app password").to_owned(), made)
    }

    /// A raw call that changes something.
    pub async fn call(&self, method: &str, body: &Value, token: Option<&str>) -> Value {
        let mut request = self.http.post(self.server.join(&format!("/xrpc/{method}")).unwrap());
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = request.json(body).send().await.unwrap();
        answer.json().await.unwrap_or_default()
    }

    /// A raw call that reads.
    pub async fn get(&self, method: &str, query: &[(&str, &str)]) -> Value {
        let mut url = self.server.join(&format!("/xrpc/{method}")).unwrap();
        url.query_pairs_mut().extend_pairs(query);
        self.http.get(url).send().await.unwrap().json().await.unwrap_or_default()
    }

    /// Uploads a file, raw.
    pub async fn upload(&self, bytes: Vec<u8>, mime: &str, token: &str) -> Value {
        let url = self.server.join("/xrpc/com.atproto.repo.uploadBlob").unwrap();
        let request = self.http.post(url).bearer_auth(token).header("content-type", mime);
        let answer: Value = request.body(bytes).send().await.unwrap().json().await.unwrap();
        answer["blob"].clone()
    }

    /// Takes an account down, as the server's operator.
    pub async fn take_down(&self, did: &str) {
        let url = self.server.join("/xrpc/com.atproto.admin.updateSubjectStatus").unwrap();
        let body = json!({
            "subject": {"$type": "com.atproto.admin.defs#repoRef", "did": did},
            "takedown": {"applied": true, "ref": "test"},
        });
        let request = self.http.post(url).basic_auth("admin", Some("admin-pass")).json(&body);
        assert!(request.send().await.unwrap().status().is_success());
    }

    /// The bearer token inside a credential.
    pub fn session_of(&self, credential: &Secret) -> String {
        self.secrets(credential)[1].clone()
    }

    /// A stored file, raw.
    pub async fn blob(&self, did: &str, cid: &str) -> Vec<u8> {
        let mut url = self.server.join("/xrpc/com.atproto.sync.getBlob").unwrap();
        url.query_pairs_mut().append_pair("did", did).append_pair("cid", cid);
        let answer = self.http.get(url).send().await.unwrap();
        assert!(answer.status().is_success(), "no such blob: {}", answer.status());
        answer.bytes().await.unwrap().to_vec()
    }

    /// One record with its CID, or the server's "no".
    pub async fn record(&self, uri: &str) -> Value {
        let mut parts = uri.trim_start_matches("at://").split('/');
        let mut next = || parts.next().unwrap_or_default();
        let query = [("repo", next()), ("collection", next()), ("rkey", next())];
        self.get("com.atproto.repo.getRecord", &query).await
    }

    /// Connects as the product would.
    pub async fn connect(&self, handle: &str, password: &str) -> Member {
        let answer = answer(self.server.as_str(), handle, password);
        let connected = login::log_in(self, &answer).await.expect("connects");
        assert_eq!(connected.handle, handle);
        Member {
            account: Account {
                remote_id: connected.remote_id,
                handle: connected.handle,
                server: self.server.clone(),
                limits: connected.limits,
            },
            credential: connected.credential,
        }
    }
}

pub fn answer(server: &str, identifier: &str, password: &str) -> Answer {
    let fields = [("server", server), ("identifier", identifier), ("password", password)];
    Answer(fields.map(|(name, text)| (name.to_owned(), Secret::new(text))).into())
}

#[async_trait]
impl Harness for Pds {
    fn network(&self) -> &'static dyn Network {
        &Bluesky
    }

    fn server(&self) -> Url {
        self.server.clone()
    }

    async fn member(&self) -> Member {
        let (handle, password, _) = self.account().await;
        self.connect(&handle, &password).await
    }

    async fn posts(&self, member: &Member) -> Vec<There> {
        let query = [
            ("repo", member.account.remote_id.as_str()),
            ("collection", "app.bsky.feed.post"),
            ("limit", "100"),
        ];
        let listed = self.get("com.atproto.repo.listRecords", &query).await;
        let records = listed["records"].as_array().expect("a list").clone();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        records
            .iter()
            .map(|record| There { id: text(&record["uri"]), text: text(&record["value"]["text"]) })
            .collect()
    }

    fn expired(&self, member: &Member) -> Option<Secret> {
        let mut credential: Value = serde_json::from_str(member.credential.expose()).unwrap();
        let token = credential["access"].as_str().unwrap();
        credential["access"] = Value::from(sign_anew(token, |claims| {
            claims["iat"] = json!(1_700_000_000);
            claims["exp"] = json!(1_700_007_200);
        }));
        Some(Secret::new(credential.to_string()))
    }

    fn forged(&self, member: &Member) -> Secret {
        let mut credential: Value = serde_json::from_str(member.credential.expose()).unwrap();
        let token = credential["access"].as_str().unwrap();
        let (body, _) = token.rsplit_once('.').unwrap();
        credential["access"] = Value::from(format!("{body}.{}", URL_SAFE_NO_PAD.encode([7; 32])));
        Secret::new(credential.to_string())
    }

    fn secrets(&self, credential: &Secret) -> Vec<String> {
        let credential: Value = serde_json::from_str(credential.expose()).unwrap();
        ["password", "access", "refresh"]
            .map(|name| credential[name].as_str().unwrap().to_owned())
            .into()
    }

    async fn login(&self, server: &str, password: Option<&str>) -> Answer {
        let (handle, right) = &self.resident;
        answer(server, handle, password.unwrap_or(right))
    }
}

/// The same token with other claims. The test server's signing key is public.
fn sign_anew(token: &str, change: impl Fn(&mut Value)) -> String {
    let mut parts = token.split('.');
    let head = parts.next().unwrap();
    let claims = URL_SAFE_NO_PAD.decode(parts.next().unwrap()).unwrap();
    let mut claims: Value = serde_json::from_slice(&claims).unwrap();
    change(&mut claims);
    let body = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let signature = hmac_sha256(b"jwt-secret", body.as_bytes());
    format!("{body}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// HMAC as in RFC 2104, for a key of at most 64 bytes.
fn hmac_sha256(key: &[u8], message: &[u8]) -> Vec<u8> {
    let pad = |byte: u8| -> Vec<u8> {
        (0..64).map(|place| key.get(place).copied().unwrap_or(0) ^ byte).collect()
    };
    let inner = Sha256::digest([pad(0x36).as_slice(), message].concat());
    Sha256::digest([pad(0x5c).as_slice(), inner.as_slice()].concat()).to_vec()
}
