//! The engine's numbers: many deliveries due in the same second, against a
//! local server that answers after 50 ms.
//!
//! `bench --program target/release/chaos-node` over SQLite; with
//! `--postgres URL --nodes 2` over PostgreSQL with two workers. Prints one
//! JSON object. Lateness is from the planned moment to the moment at which
//! the post was there.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant as Stopwatch};

use anyhow::Context as _;
use bellwether_app::posts::{self, Written};
use bellwether_app::publishing::{self, When};
use bellwether_app::{App, Caller};
use bellwether_base::{Clock as _, Instant, PlannedTime, SystemClock};
use bellwether_networks::{Content, Part};
use bellwether_testkit::chaos::{Node, Outlet, Site, Target};
use bellwether_testkit::plain_network::Variant;
use bellwether_testkit::standin::{Faults, Kind, Seen, Verdict, Window};
use clap::Parser;
use futures::{StreamExt as _, stream};
use serde_json::json;

#[derive(Parser)]
struct Options {
    /// The program under test: `chaos-node` knows the plain network.
    #[arg(long)]
    program: PathBuf,
    /// A PostgreSQL database instead of SQLite.
    #[arg(long)]
    postgres: Option<String>,
    /// Processes that work.
    #[arg(long, default_value_t = 1)]
    nodes: usize,
    #[arg(long, default_value_t = 1000)]
    channels: usize,
    /// Deliveries on each channel.
    #[arg(long, default_value_t = 10)]
    each: usize,
    /// Milliseconds that the server takes.
    #[arg(long, default_value_t = 50)]
    answer_after: u64,
}

/// One more post on each channel.
async fn plan(app: &App, outlets: &[Outlet], round: usize, when: &When) -> anyhow::Result<()> {
    let plans = stream::iter(outlets).map(async |outlet| {
        let text = format!("{}: number {round}", outlet.handle);
        let parts = vec![Part { text, ..Part::default() }];
        let content = Content { parts, ..Content::default() };
        let written = Written { content, ..Written::default() };
        let by = &Caller::Operator;
        let post = posts::write(app, by, outlet.workspace, written).await?;
        let on = [outlet.channel];
        publishing::schedule(app, by, outlet.workspace, post.id, &on, when).await?;
        Ok::<_, bellwether_app::Error>(())
    });
    let planned: Vec<_> = plans.buffer_unordered(32).collect().await;
    planned.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(())
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let delay = Duration::from_millis(options.answer_after);
    let faults = Faults::directed(move |window: Window, seen: &Seen| match (window, seen.kind) {
        (Window::Arrived, Kind::Post) => Verdict::Hold(delay),
        _ => Verdict::Go,
    });
    let mut site = Site::new(faults, options.postgres.clone()).await?;
    let total = options.channels * options.each;

    let filled = Stopwatch::now();
    let opened = site.open().await?;
    let app = opened.app.clone();
    site.settle(&app, &[Target::Plain(Variant::CreateOnly)], options.channels).await?;
    let clock = SystemClock;
    // Far enough ahead for everything to be planned before.
    let due = Instant::from_millis(
        (clock.now().millis() / 1000 + 30 + i64::try_from(total / 150)?) * 1000,
    );
    let planned = PlannedTime::of(due, "UTC")?;
    let when = When::At { local: planned.local.to_string(), zone: Some("UTC".into()) };
    let outlets: Arc<Vec<_>> = Arc::new(site.outlets.clone());
    for round in 0..options.each {
        plan(&app, &outlets, round, &when).await?;
    }
    let filled = filled.elapsed();
    anyhow::ensure!(clock.now() < due, "planning took longer than the time before it is due");
    drop(app);
    drop(opened);

    let role = if options.postgres.is_some() { "worker" } else { "serve" };
    let nodes: Vec<_> = (0..options.nodes)
        .map(|n| Node::new(site.start(&options.program, role, &format!("node{n}"))))
        .collect();
    for node in &nodes {
        node.start()?;
    }
    let deadline = Duration::from_mins(2);
    let waiting = Stopwatch::now();
    loop {
        // Seldom, since it shares the processors with what is measured.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let posts: usize = outlets.iter().map(|o| site.ledger.posts(&o.account).len()).sum();
        if posts >= total {
            break;
        }
        if waiting.elapsed() > due.since(clock.now()) + deadline {
            for node in &nodes {
                eprintln!("{}", node.log_tail(10));
            }
            anyhow::bail!("only {posts} of {total} went out");
        }
    }
    let memory = nodes.iter().map(|node| node.memory()).collect::<Result<Vec<_>, _>>()?;
    for node in &nodes {
        node.kill();
    }
    let mut late = Vec::with_capacity(total);
    let mut out_of_order = 0;
    let mut doubled = 0;
    for outlet in outlets.iter() {
        let posts = site.ledger.posts(&outlet.account);
        doubled += posts.len().saturating_sub(options.each);
        out_of_order += posts.windows(2).filter(|pair| pair[0].text > pair[1].text).count();
        late.extend(posts.iter().map(|post| post.at.wall.since(due).as_millis()));
    }
    late.sort_unstable();
    let at = |percent: usize| {
        late.get((late.len().saturating_sub(1)) * percent / 100)
            .copied()
            .context("nothing went out")
    };
    let bound = total as u64 * options.answer_after / 200 / options.nodes as u64;
    println!(
        "{}",
        json!({
            "deliveries": total,
            "channels": options.channels,
            "database": if options.postgres.is_some() { "postgres" } else { "sqlite" },
            "nodes": options.nodes,
            "answer_after_ms": options.answer_after,
            "planning_ms": filled.as_millis(),
            "late_median_ms": at(50)?,
            "late_p99_ms": at(99)?,
            "late_last_ms": at(100)?,
            "bound_ms": bound,
            "doubled": doubled,
            "out_of_order": out_of_order,
            // Of the largest node.
            "resident_after_kib": memory.iter().map(|(now, _)| now).max(),
            "resident_most_kib": memory.iter().map(|(_, most)| most).max(),
        })
    );
    Ok(())
}
