//! In miniature against the real Bluesky server: the program is killed at
//! moments of chance, and its connections are cut.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use bellwether_app::channels::{self, Screen};
use bellwether_app::posts::{self, Written};
use bellwether_app::publishing::{self, When};
use bellwether_app::{App, Caller};
use bellwether_base::{ChannelId, Secret, WorkspaceId};
use bellwether_networks::{Answer, Content, Part};
use tokio::net::TcpListener;

use super::dice::Dice;
use super::node::Node;
use super::proxy;
use super::report::Tally;
use super::round::Programs;
use super::site::{Site, shown};
use super::truth;
use crate::pds::{Pds, PdsAccount};
use crate::standin::Faults;

/// Connects `account` through the proxy on `port`, which cuts some tries.
async fn connect(
    app: &App,
    workspace: WorkspaceId,
    account: &PdsAccount,
    port: u16,
) -> anyhow::Result<ChannelId> {
    let by = &Caller::Operator;
    let screen = channels::begin(app, by, workspace, "bluesky").await.map_err(shown)?;
    let Screen::Ask { state, fields } = screen else { bail!("the first screen asks") };
    let values =
        [format!("http://localhost:{port}/"), account.handle.clone(), account.app_password.clone()];
    let answers: BTreeMap<_, _> = fields
        .iter()
        .zip(values)
        .map(|(field, value)| (field.name.to_owned(), Secret::new(value)))
        .collect();
    for _ in 0..20 {
        let answer = Answer(answers.clone());
        if let Ok(Screen::Done(channel)) =
            channels::proceed(app, by, workspace, "bluesky", &state, &answer).await
        {
            return Ok(channel.id);
        }
    }
    bail!("the proxy cut every login")
}

/// Plays it. `None` if the server is not installed.
pub async fn play(
    programs: &Programs,
    seed: u64,
    deliveries: usize,
) -> anyhow::Result<Option<Tally>> {
    // The directory knows the server by the proxy's address: all calls go through it.
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let Some(pds) = Pds::start_known_at(port).await? else { return Ok(None) };
    let began = Instant::now();
    let mut dice = Dice::new(seed).split("real");
    let mut tally = Tally::default();
    let at = pds.url.socket_addrs(|| None)?.into_iter().next().context("no address")?;
    let passed = proxy::start(listener, at, dice.split("proxy"));
    let mut site = Site::new(Faults::none(), None).await?;
    let mut accounts = Vec::new();
    let mut promised: HashMap<(usize, String), u32> = HashMap::new();
    {
        let opened = site.open().await?;
        let app = opened.app;
        let by = &Caller::Operator;
        site.settle(&app, &[], 0).await?;
        let workspace = site.workspace();
        let mut ids = Vec::new();
        for name in ["ada", "noor", "kofi"] {
            let account = pds.account(name).await?;
            ids.push(connect(&app, workspace, &account, port).await?);
            accounts.push(account);
        }
        for number in 0..deliveries {
            let parts = if dice.one_in(4) { 2 } else { 1 };
            let texts: Vec<_> =
                (0..parts).map(|part| format!("Bread no. {number}, part {part}")).collect();
            let part = |text: &String| Part {
                text: text.clone(),
                card: Some(String::new()),
                ..Part::default()
            };
            let content = Content { parts: texts.iter().map(part).collect(), ..Content::default() };
            let written = Written { content, ..Written::default() };
            let post = posts::write(&app, by, workspace, written).await.map_err(shown)?;
            let on = dice.below(ids.len());
            publishing::schedule(&app, by, workspace, post.id, &[ids[on]], &When::Now)
                .await
                .map_err(shown)?;
            tally.deliveries += 1;
            for text in texts {
                *promised.entry((on, text)).or_default() += 1;
            }
        }
    }
    let program = programs.bellwether.as_ref().unwrap_or(&programs.chaos_node);
    let node = Node::new(site.start(program, "serve", "first"));
    node.start()?;
    let db = site.look().await?;
    let deadline = Instant::now() + Duration::from_mins(4);
    let mut kills = 0;
    loop {
        tokio::time::sleep(Duration::from_millis(150 + dice.draw() % 700)).await;
        let open: i64 = {
            let mut tx = db.read().await?;
            tx.sql("select count(*) from acts where kind = 'publish' and next_at is not null")
                .scalar()
                .await?
        };
        if open == 0 || Instant::now() > deadline {
            break;
        }
        kills += u64::from(node.kill_and_start());
    }
    node.kill();
    tally.kills.insert("a moment of chance".into(), kills);
    let writes = passed.writes.load(Ordering::Relaxed);
    tally.faults.insert("writes through the proxy".into(), writes);
    tally.faults.insert("connections".into(), passed.connections.load(Ordering::Relaxed));
    tally.faults.insert("connections cut".into(), passed.cuts.load(Ordering::Relaxed));
    ensure!(writes >= tally.deliveries, "the product went past the proxy: {writes} writes");
    for row in truth::acts(&db).await? {
        tally.acts += 1;
        *tally.outcomes.entry(format!("bluesky {}", row.delivery_state)).or_default() += 1;
        if row.delivery_state != "live" {
            tally.damage("stuck", format!("{} {} {}", row.delivery, row.state, row.trouble));
        }
    }
    for (at, account) in accounts.iter().enumerate() {
        let mut there: HashMap<String, u32> = HashMap::new();
        for post in pds.posts(account).await? {
            let text = post["value"]["text"].as_str().unwrap_or_default().to_owned();
            *there.entry(text).or_default() += 1;
        }
        for ((_, text), _) in promised.iter().filter(|((on, _), _)| *on == at) {
            match there.remove(text) {
                None => tally.damage("lost", text.clone()),
                Some(1) => {}
                Some(times) => tally.damage("doubled", format!("{text}: {times} times")),
            }
        }
        for (text, _) in there {
            tally.damage("doubled", format!("nobody asked for {text}"));
        }
    }
    tally.seconds = began.elapsed().as_secs_f64();
    Ok(Some(tally))
}
