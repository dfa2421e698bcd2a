//! Pausing under load: after the acknowledgement no first byte leaves, and
//! what is on the wire by then is named.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bellwether_app::Caller;
use bellwether_app::publishing::{self, PauseLevel, PauseScope};
use bellwether_base::ChannelId;

use super::dice::Dice;
use super::node::Node;
use super::postgres::Postgres;
use super::report::Tally;
use super::site::{Site, Target, shown};
use super::truth;
use crate::plain_network::Variant;
use crate::standin::{Director, Faults, Kind, RequestEntry, Seen, Stamp, Verdict, Window};

/// How long after it was written down a request may be begun here: short, so
/// that a pause can be certain while a request is still held at the network.
const SEND_WINDOW: Duration = Duration::from_millis(700);
/// Longer than a pause waits for those that may still begin (the window and
/// two seconds for the clocks), shorter than the plain networks' timeout.
const LONG_HOLD: Duration = Duration::from_millis(2800);
/// A request that took longer to have its effect may have been given up.
const GIVEN_UP: Duration = Duration::from_millis(2900);
/// One pause in so many finds a request held that long.
const LONG_ONE_IN: usize = 20;
/// Beside it, one request in so many is held for a moment.
const SHORT_ONE_IN: usize = 30;
/// For what is left when the last pause is lifted.
const PATIENCE: Duration = Duration::from_mins(5);

/// Holds requests of which the head has arrived.
struct Holder {
    dice: Mutex<Dice>,
    /// The next post is held for long.
    is_asked: AtomicBool,
    held: AtomicU64,
}

impl Holder {
    fn judge(&self, window: Window, seen: &Seen) -> Verdict {
        if window != Window::Arrived || !is_planned(Some(seen.kind)) {
            return Verdict::Go;
        }
        if self.is_asked.swap(false, Ordering::SeqCst) {
            self.held.fetch_add(1, Ordering::SeqCst);
            return Verdict::Hold(LONG_HOLD);
        }
        let mut dice = self.dice.lock().unwrap_or_else(PoisonError::into_inner);
        if dice.one_in(SHORT_ONE_IN) {
            return Verdict::Hold(Duration::from_millis(50 + dice.draw() % 350));
        }
        Verdict::Go
    }
}

struct Held(Arc<Holder>);

impl Director for Held {
    fn at(&self, window: Window, seen: &Seen) -> Verdict {
        self.0.judge(window, seen)
    }
}

fn is_planned(kind: Option<Kind>) -> bool {
    matches!(kind, Some(Kind::Post | Kind::Part | Kind::Upload | Kind::Write))
}

/// An acknowledgement, and what it named.
struct Acknowledged {
    at: Stamp,
    named: HashSet<ChannelId>,
    /// Requests that had begun by then have smaller numbers.
    requests: u64,
}

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
    let holder = Arc::new(Holder {
        dice: Mutex::new(dice.split("holder")),
        is_asked: AtomicBool::new(false),
        held: AtomicU64::new(0),
    });
    let mut site = Site::new(Faults::directed(Held(Arc::clone(&holder))), Some(url)).await?;
    site.send_window = SEND_WINDOW;
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
    let mut acknowledged = Vec::new();
    for _ in 0..times {
        let held = holder.held.load(Ordering::SeqCst);
        let is_long = dice.one_in(LONG_ONE_IN);
        holder.is_asked.store(is_long, Ordering::SeqCst);
        // Enough to do at the moment of the pause.
        for _ in 0..2 + dice.below(3) {
            site.promise(&app, &mut dice, Duration::ZERO).await?;
        }
        tokio::time::sleep(Duration::from_millis(dice.draw() % 60)).await;
        let patience = Instant::now() + Duration::from_secs(2);
        while is_long && holder.held.load(Ordering::SeqCst) == held && Instant::now() < patience {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let scope = if dice.one_in(4) {
            PauseScope::Workspace { workspace: site.outlets[0].workspace }
        } else {
            PauseScope::Installation
        };
        let paused =
            publishing::pause(&app, by, scope.clone(), PauseLevel::Planned).await.map_err(shown)?;
        let at = Stamp::now();
        let server = &site.servers()[1];
        let from = server.mark();
        let requests = site.ledger.requests().iter().count();
        let requests = u64::try_from(requests)?;
        acknowledged.push(Acknowledged {
            at,
            named: paused.on_the_wire.iter().map(|one| one.channel_id).collect(),
            requests,
        });
        tokio::time::sleep(Duration::from_millis(15 + dice.draw() % 40)).await;
        let until = server.mark();
        for entry in site.ledger.requests_from(requests.saturating_sub(400)).iter() {
            let is_late = entry.is_begun_after(from) && !entry.is_begun_after(until);
            if is_late && is_planned(entry.kind()) {
                let line = format!("{:?} {:?}", entry.kind(), entry.text());
                tally.damage("begun after a pause", line);
            }
        }
        publishing::resume(&app, by, scope, "chaos", false).await.map_err(shown)?;
    }
    let with_some = acknowledged.iter().filter(|pause| !pause.named.is_empty()).count();
    for (what, count) in [
        ("pauses", times as u64),
        ("pauses with something on the wire", with_some as u64),
        ("requests held for long", holder.held.load(Ordering::SeqCst)),
    ] {
        tally.faults.insert(what.into(), count);
    }
    let deadline = Instant::now() + PATIENCE;
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
    unnamed(&site, &acknowledged, &mut tally);
    truth::judge(&site, &app.db, &mut tally).await?;
    tally.seconds = began.elapsed().as_secs_f64();
    Ok(tally)
}

/// What had its first byte at the network before an acknowledgement and its
/// effect after it must have been named.
fn unnamed(site: &Site, acknowledged: &[Acknowledged], tally: &mut Tally) {
    let channels: HashMap<&str, ChannelId> =
        site.outlets.iter().map(|outlet| (outlet.account.as_str(), outlet.channel)).collect();
    let requests = site.ledger.requests();
    let requests: Vec<&Arc<RequestEntry>> = requests.iter().collect();
    let mut crossing = 0;
    for pause in acknowledged {
        let number = usize::try_from(pause.requests).unwrap_or(requests.len());
        for entry in &requests[number.saturating_sub(400)..number.min(requests.len())] {
            let (Some(effect), Some(account)) = (entry.effect(), entry.account()) else { continue };
            let is_crossing = entry.first_byte.mono < pause.at.mono && effect.mono > pause.at.mono;
            let is_given_up = effect.mono.since(entry.first_byte.mono) > GIVEN_UP;
            if !is_crossing || is_given_up || !is_planned(entry.kind()) {
                continue;
            }
            crossing += 1;
            if channels.get(account).is_none_or(|channel| !pause.named.contains(channel)) {
                let line = format!("{account} {:?} {:?}", entry.kind(), entry.text());
                tally.damage("on the wire and not named", line);
            }
        }
    }
    tally.faults.insert("requests across an acknowledgement".into(), crossing);
}
