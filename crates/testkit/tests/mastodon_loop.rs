//! A thread through the whole engine, to a server of Mastodon's API.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use bellwether_app::channels::{self, Screen};
use bellwether_app::posts::{self, Written};
use bellwether_app::publishing::{self, DeliveryLog, DeliveryState, Engine, When};
use bellwether_app::workspaces::{self, NewWorkspace};
use bellwether_app::{App, Caller, media};
use bellwether_base::{DeliveryId, Secret, WorkspaceId};
use bellwether_networks::{Answer, Content, MediaRef, Part, Registry};
use bellwether_server::config::Flags;
use bellwether_server::{Config, open};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

const OPERATOR: Caller = Caller::Operator;

/// A server, started here unless somebody else runs one.
struct Server {
    url: String,
    child: Option<Child>,
    client: reqwest::Client,
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.stdin.take());
            let _ = child.wait();
        }
    }
}

impl Server {
    fn start() -> Option<Self> {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let address = |line: &str| -> String {
            serde_json::from_str::<Value>(line).unwrap()["server"].as_str().unwrap().to_owned()
        };
        if let Ok(line) = std::env::var("BELLWETHER_TEST_MASTODON") {
            return Some(Self { url: address(&line), child: None, client });
        }
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/targets/mastodon");
        if !folder.join("venv/.bellwether-installed").exists() {
            eprintln!("left out: a server of Mastodon's API (run tests/targets/mastodon/install)");
            return None;
        }
        let mut child = Command::new(folder.join("run"))
            .env("END_WITH_STDIN", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Some(Self { url: address(&line), child: Some(child), client })
    }

    async fn account(&self) -> Value {
        let made = self.client.post(format!("{}/api/v1/_mock/dev_user", self.url));
        made.json(&json!({})).send().await.unwrap().json().await.unwrap()
    }

    /// What the account has published, oldest first.
    async fn posts(&self, account: &Value) -> Vec<Value> {
        let id = account["id"].as_str().unwrap();
        let listed = self.client.get(format!("{}/api/v1/accounts/{id}/statuses", self.url));
        let mut posts: Vec<Value> = listed.send().await.unwrap().json().await.unwrap();
        posts.reverse();
        posts
    }
}

async fn workspace(app: &App) -> WorkspaceId {
    let mut tx = app.db.begin().await.unwrap();
    tx.sql("insert into organizations (id, name, created_at) values ($1, 'Maison Lune', 0)")
        .bind(bellwether_base::OrganizationId(bellwether_base::uuid::Uuid::max()))
        .execute()
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let new = NewWorkspace { name: "Maison Lune".into(), time_zone: "Europe/Paris".into() };
    workspaces::create(app, &OPERATOR, new).await.unwrap().id
}

async fn connect(app: &App, ws: WorkspaceId, server: &str, token: &str) -> channels::Channel {
    let Screen::Ask { state, .. } = channels::begin(app, &OPERATOR, ws, "mastodon").await.unwrap()
    else {
        panic!("the first screen asks");
    };
    let answers = [("server", server), ("token", token)];
    let answers: BTreeMap<_, _> =
        answers.map(|(name, text)| (name.to_owned(), Secret::new(text))).into();
    match channels::proceed(app, &OPERATOR, ws, "mastodon", &state, &Answer(answers)).await.unwrap()
    {
        Screen::Done(channel) => *channel,
        _ => panic!("connected"),
    }
}

async fn settled(app: &App, ws: WorkspaceId, id: DeliveryId) -> DeliveryLog {
    for _ in 0..400 {
        let log = publishing::delivery(app, &OPERATOR, ws, id).await.unwrap();
        if log.delivery.state == DeliveryState::Live || log.delivery.state.needs_person() {
            return log;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it does not come to an end");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_goes_out_once_and_part_by_part() {
    let Some(server) = Server::start() else { return };
    let account = server.account().await;
    let dir = tempfile::tempdir().unwrap();
    let flags = Flags { data: Some(dir.path().join("data")), ..Flags::default() };
    let mut config = Config::load(None, &flags).unwrap();
    config.http.allow = vec!["127.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
    let app = open(&config, Registry::shipped()).await.unwrap().app;
    let ws = workspace(&app).await;
    let token = account["access_token"].as_str().unwrap();
    let channel = connect(&app, ws, &server.url, token).await;
    assert!(channel.limits.server.is_some(), "its server's own limits are kept");

    let engine = Engine::new(app.clone(), "test".into());
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (engine, stop) = (engine.clone(), stop.clone());
        async move { engine.run(stop).await }
    });
    let file = futures::stream::iter([Ok::<_, std::io::Error>(picture())]);
    let picture = media::upload(&app, &OPERATOR, ws, "croissants.png", file).await.unwrap();
    let picture = MediaRef { hash: picture.hash, alt: "croissants".into(), facts: None };
    let part = |text: &str| Part { text: text.into(), ..Part::default() };
    let mut parts =
        vec![part("Les croissants sortent du four."), part("Et voilà."), part("Et voilà.")];
    parts[0].media = vec![picture];
    // A choice of another network stands beside those of this one.
    let options =
        json!({"content_warning": "Faim", "visibility": "unlisted", "labels": ["nudity"]});
    let options = serde_json::from_value(options).unwrap();
    let content = Content { parts, options, ..Content::default() };
    let written = Written { content, ..Written::default() };
    let post = posts::write(&app, &OPERATOR, ws, written).await.unwrap();
    let on = [channel.id];
    let planned =
        publishing::schedule(&app, &OPERATOR, ws, post.id, &on, &When::Now).await.unwrap();
    let log = settled(&app, ws, planned.deliveries[0].id).await;
    assert_eq!(log.delivery.state, DeliveryState::Live, "{log:#?}");

    let there = server.posts(&account).await;
    let ids: Vec<_> = there.iter().map(|post| post["id"].clone()).collect();
    let told: Vec<_> = log.acts.iter().map(|act| json!(act.posts[0].id)).collect();
    assert_eq!((ids.len(), &ids), (3, &told), "{there:#?}");
    let answers: Vec<_> = there.iter().map(|post| post["in_reply_to_id"].clone()).collect();
    assert_eq!(answers, [Value::Null, ids[0].clone(), ids[1].clone()]);
    assert!(there.iter().all(|post| post["visibility"] == "unlisted"));
    assert!(there.iter().all(|post| post["spoiler_text"] == "Faim"));
    assert_eq!(there[0]["media_attachments"][0]["description"], "croissants");
    stop.cancel();
    running.await.unwrap();
}

/// A small PNG of one colour.
fn picture() -> bytes::Bytes {
    const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
    base64::Engine::decode(&base64::engine::general_purpose::STANDARD, PNG).unwrap().into()
}
