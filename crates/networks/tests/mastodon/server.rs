//! A server of the API, and a reader of it that owes nothing to the connector.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use bellwether_base::Secret;
use bellwether_networks::mastodon::Mastodon;
use bellwether_networks::{Account, Answer, Network};
use serde_json::{Value, json};
use url::Url;

use crate::contract::{Harness, Member, There, login};
use crate::posts::{Repeat, Told};

/// A server process, or one that somebody else runs.
pub struct Server {
    url: Url,
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
        if let Ok(line) = std::env::var("BELLWETHER_TEST_MASTODON") {
            return Some(Self { url: address(&line).expect("an address as JSON"), child: None });
        }
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/targets/mastodon");
        if !folder.join("venv/.bellwether-installed").exists() {
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
        let url =
            lines.and_then(|lines| lines.map_while(Result::ok).find_map(|line| address(&line)));
        let Some(url) = url else {
            let status = child.wait();
            panic!("the server did not say where it is: {status:?}");
        };
        Some(Self { url, child: Some(child) })
    }
}

fn address(line: &str) -> Option<Url> {
    serde_json::from_str::<Value>(line).ok()?["server"].as_str()?.parse().ok()
}

/// Accounts on it.
pub struct Instance {
    server: Url,
    http: reqwest::Client,
    made: AtomicU32,
    run: u128,
    resident: String,
}

impl Instance {
    pub async fn at(server: &Server) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let moment = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let mut instance = Self {
            server: server.url.clone(),
            http,
            made: AtomicU32::new(0),
            run: moment.as_millis(),
            resident: String::new(),
        };
        instance.resident = instance.account().await.1;
        instance
    }

    /// Makes an account; gives its name and a token.
    pub async fn account(&self) -> (String, String) {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let name = format!("k{:x}x{number}", self.run);
        let body = json!({"username": name, "display_name": "Kofi"});
        let url = self.server.join("/api/v1/_mock/dev_user").unwrap();
        let made: Value =
            self.http.post(url).json(&body).send().await.unwrap().json().await.unwrap();
        (name, made["access_token"].as_str().expect("an account").to_owned())
    }

    /// What its settings say that it takes.
    #[expect(clippy::unused_self, reason = "a server that is set up in a test has its own")]
    pub fn told(&self) -> Told {
        Told {
            characters: 500,
            pictures: 4,
            picture_bytes: 10_485_760,
            software: "mastodon",
            link: Some(23),
            quotes: true,
            resends: true,
            repeat: Repeat::Same,
        }
    }

    /// A raw call that reads, as the member.
    pub async fn get(&self, member: &Member, path: &str) -> Value {
        let url = self.server.join(path).unwrap();
        let request = self.http.get(url).bearer_auth(&self.secrets(&member.credential)[0]);
        request.send().await.unwrap().json().await.unwrap()
    }

    /// A raw call that posts, as the member.
    pub async fn post(&self, member: &Member, body: &Value) -> Value {
        let url = self.server.join("/api/v1/statuses").unwrap();
        let request = self.http.post(url).bearer_auth(&self.secrets(&member.credential)[0]);
        request.json(body).send().await.unwrap().json().await.unwrap()
    }

    /// Everything the member has published, whole, oldest first.
    pub async fn statuses(&self, member: &Member) -> Vec<Value> {
        let id = member.account.remote_id.split('@').next().unwrap();
        let (mut all, mut before) = (Vec::new(), String::new());
        loop {
            let path = format!("/api/v1/accounts/{id}/statuses?limit=40{before}");
            let page = self.get(member, &path).await;
            let page = page.as_array().expect("a list");
            let Some(last) = page.last() else { break };
            before = format!("&max_id={}", last["id"].as_str().unwrap());
            all.extend(page.iter().cloned());
        }
        all.reverse();
        all
    }
}

pub fn answer(server: &str, token: &str) -> Answer {
    let fields = [("server", server), ("token", token)];
    Answer(fields.map(|(name, text)| (name.to_owned(), Secret::new(text))).into())
}

#[async_trait]
impl Harness for Instance {
    fn network(&self) -> &'static dyn Network {
        &Mastodon
    }

    fn server(&self) -> Url {
        self.server.clone()
    }

    async fn member(&self) -> Member {
        let (name, token) = self.account().await;
        let answer = answer(self.server.as_str(), &token);
        let connected = login::log_in(self, &answer).await.expect("connects");
        assert_eq!(connected.handle, format!("{name}@{}", self.server.authority()));
        assert_eq!(connected.display_name, "Kofi");
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

    async fn posts(&self, member: &Member) -> Vec<There> {
        let mut there = Vec::new();
        for status in self.statuses(member).await {
            let id = status["id"].as_str().unwrap().to_owned();
            // What was typed, not what the server made of it.
            let source = self.get(member, &format!("/api/v1/statuses/{id}/source")).await;
            there.push(There { id, text: source["text"].as_str().unwrap().to_owned() });
        }
        there
    }

    fn expired(&self, _: &Member) -> Option<Secret> {
        None
    }

    fn forged(&self, _: &Member) -> Secret {
        Secret::new(json!({"token": "a-token-of-nobody"}).to_string())
    }

    fn secrets(&self, credential: &Secret) -> Vec<String> {
        let credential: Value = serde_json::from_str(credential.expose()).unwrap();
        vec![credential["token"].as_str().unwrap().to_owned()]
    }

    async fn login(&self, server: &str, password: Option<&str>) -> Answer {
        answer(server, password.unwrap_or(&self.resident))
    }

    fn renews(&self) -> bool {
        false
    }
}
