//! Pausing under load: after the acknowledgement no first byte leaves.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bellwether_app::Caller;
use bellwether_app::publishing::{self, PauseLevel, PauseScope};

use super::dice::Dice;
use super::node::Node;
use super::postgres::Postgres;
use super::report::Tally;
use super::site::{Site, Target, shown};
use super::truth;
use crate::plain_network::Variant;
use crate::standin::{Faults, Kind};

/// Pauses `times` times while two workers publish.
pub async fn play(
    postgres: &Postgres,
    program: &Path,
    seed: u64,
    times: usize,
) -> anyhow::Result<Tally> {
    let began = Instant::now();
    let mut dice = Dice::new(seed).split("pauses");
    let mut tally = Tally::default();
    let url = postgres.database(&format!("pauses_{seed}"))?;
    let mut site = Site::new(Faults::none(), Some(url)).await?;
    let opened = site.open().await?;
    let app = opened.app;
    // One server only, so that one row of marks is enough.
    let networks = [Target::Plain(Variant::CreateOnly), Target::Plain(Variant::Keys)];
    site.settle(&app, &networks, 12).await?;
    let nodes: Vec<Arc<Node>> = [("serve", "first"), ("worker", "second")]
        .map(|(role, name)| Node::new(site.start(program, role, name)))
        .to_vec();
    for node in &nodes {
        node.start()?;
    }
    let by = &Caller::Operator;
    let mut late = 0_u64;
    let mut on_the_wire = 0_u64;
    for _ in 0..times {
        // Enough to do at the moment of the pause.
        for _ in 0..2 + dice.below(3) {
            site.promise(&app, &mut dice, Duration::ZERO).await?;
        }
        tokio::time::sleep(Duration::from_millis(dice.next() % 60)).await;
        let scope = if dice.one_in(4) {
            PauseScope::Workspace { workspace: site.outlets[0].workspace }
        } else {
            PauseScope::Installation
        };
        let paused =
            publishing::pause(&app, by, scope.clone(), PauseLevel::Planned).await.map_err(shown)?;
        let server = &site.servers()[1];
        let from = server.mark();
        on_the_wire += u64::from(!paused.on_the_wire.is_empty());
        let first = site.ledger.requests().iter().count();
        tokio::time::sleep(Duration::from_millis(15 + dice.next() % 40)).await;
        let until = server.mark();
        let start = u64::try_from(first.saturating_sub(400)).unwrap_or(0);
        for entry in site.ledger.requests_from(start).iter() {
            let is_late = entry.is_begun_after(from) && !entry.is_begun_after(until);
            let is_planned =
                matches!(entry.kind(), Some(Kind::Post | Kind::Part | Kind::Upload | Kind::Write));
            if is_late && is_planned {
                late += 1;
                tally.damage(
                    "begun after a pause",
                    format!("{:?} {:?}", entry.kind(), entry.text()),
                );
            }
        }
        publishing::resume(&app, by, scope, "chaos", false).await.map_err(shown)?;
    }
    *tally.faults.entry("pauses".into()).or_default() += times as u64;
    *tally.faults.entry("pauses with something on the wire".into()).or_default() += on_the_wire;
    *tally.faults.entry("begun after a pause".into()).or_default() += late;
    let deadline = Instant::now() + Duration::from_secs(180);
    loop {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let mut tx = app.db.read().await?;
        let open: i64 = tx
            .sql("select count(*) from acts where kind = 'publish' and next_at is not null")
            .scalar()
            .await?;
        drop(tx);
        if open == 0 || Instant::now() > deadline {
            break;
        }
    }
    for node in &nodes {
        node.kill();
    }
    truth::judge(&site, &app.db, &mut tally).await?;
    tally.seconds = began.elapsed().as_secs_f64();
    Ok(tally)
}
