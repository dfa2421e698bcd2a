//! The one loop that everything hangs on, over the real server.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::time::Duration;

use bellwether_app::channels::{self, Screen};
use bellwether_app::posts::{self, Written};
use bellwether_app::publishing::{self, DeliveryState, Engine, When};
use bellwether_app::workspaces::{self, NewWorkspace};
use bellwether_app::{App, Caller};
use bellwether_base::{Secret, WorkspaceId};
use bellwether_networks::{Answer, Content, Part, Registry};
use bellwether_server::config::Flags;
use bellwether_server::{Config, open};
use bellwether_testkit::pds::{Pds, PdsAccount};
use tokio_util::sync::CancellationToken;

async fn workspace(app: &App) -> WorkspaceId {
    let mut tx = app.db.begin().await.unwrap();
    tx.sql("insert into organizations (id, name, created_at) values ($1, 'Maison Lune', 0)")
        .bind(bellwether_base::OrganizationId(bellwether_base::uuid::Uuid::max()))
        .execute()
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let new = NewWorkspace { name: "Maison Lune".into(), time_zone: "Europe/Paris".into() };
    workspaces::create(app, &Caller::Operator, new).await.unwrap().id
}

async fn connect(app: &App, ws: WorkspaceId, pds: &Pds, account: &PdsAccount) -> channels::Channel {
    let Screen::Ask { state, fields } =
        channels::begin(app, &Caller::Operator, ws, "bluesky").await.unwrap()
    else {
        panic!("the first screen asks");
    };
    let names: Vec<_> = fields.iter().map(|f| f.name).collect();
    let answers = BTreeMap::from([
        (names[0].to_owned(), Secret::new(pds.url.to_string())),
        (names[1].to_owned(), Secret::new(account.handle.clone())),
        (names[2].to_owned(), Secret::new(account.app_password.clone())),
    ]);
    let step = channels::proceed(app, &Caller::Operator, ws, "bluesky", &state, &Answer(answers))
        .await
        .unwrap_or_else(|e| panic!("{e:?}"));
    match step {
        Screen::Done(channel) => *channel,
        _ => panic!("connected"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_goes_out_once() {
    let Some(pds) = Pds::start().await.unwrap() else { return };
    let ada = pds.account("ada").await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let flags = Flags { data: Some(dir.path().join("data")), ..Flags::default() };
    let mut config = Config::load(None, &flags).unwrap();
    config.http.allow = vec!["127.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
    let opened = open(&config, Registry::shipped()).await.unwrap();
    let app = opened.app;
    let ws = workspace(&app).await;
    let channel = connect(&app, ws, &pds, &ada).await;

    let engine = Engine::new(app.clone(), "test".into());
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (engine, stop) = (engine.clone(), stop.clone());
        async move { engine.run(stop).await }
    });
    let written = Written {
        content: Content {
            parts: vec![Part {
                text: "Les croissants sortent du four. https://example.com".into(),
                card: Some(String::new()),
                ..Part::default()
            }],
            ..Content::default()
        },
        ..Written::default()
    };
    let post = posts::write(&app, &Caller::Operator, ws, written).await.unwrap();
    let scheduled =
        publishing::schedule(&app, &Caller::Operator, ws, post.id, &[channel.id], &When::Now)
            .await
            .unwrap();
    let id = scheduled.deliveries[0].id;
    let mut log = None;
    for _ in 0..200 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let now = publishing::delivery(&app, &Caller::Operator, ws, id).await.unwrap();
        let done = now.delivery.state == DeliveryState::Live || now.delivery.state.needs_person();
        log = Some(now);
        if done {
            break;
        }
    }
    let log = log.unwrap();
    assert_eq!(log.delivery.state, DeliveryState::Live, "{log:#?}");
    let there = pds.posts(&ada).await.unwrap();
    assert_eq!(there.len(), 1, "{there:#?}");
    assert_eq!(there[0]["uri"], log.acts[0].posts[0].id);
    stop.cancel();
    running.await.unwrap();
}
