//! What was promised, what the product says, and what really happened, held
//! against each other.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use bellwether_base::{ActId, DeliveryId, Instant, WorkspaceId};
use bellwether_db::{Db, Tx};
use serde_json::Value;

use super::order::Timeline;
use super::report::Tally;
use super::site::{Promised, Site};
use crate::quick_mastodon;
use crate::standin::{Author, Post};

/// One act as the database has it.
#[derive(Debug, Clone)]
pub struct ActRow {
    /// Which.
    pub id: ActId,
    /// Its delivery.
    pub delivery: DeliveryId,
    /// Its part.
    pub part: i32,
    /// Its state.
    pub state: String,
    /// When the engine acts next.
    pub next_at: Option<Instant>,
    /// The ids or the key that it goes by at the network.
    pub keys: Vec<String>,
    /// What it became.
    pub receipts: Vec<String>,
    /// The delivery's state.
    pub delivery_state: String,
    /// When a person was told.
    pub told_at: Option<Instant>,
    /// Why it is held, and what went wrong last.
    pub trouble: String,
}

type Columns = (
    ActId,
    DeliveryId,
    i32,
    String,
    Option<Instant>,
    Option<String>,
    Option<String>,
    String,
    Option<Instant>,
    Option<String>,
    Option<String>,
);

/// All acts that put something out.
pub async fn acts(db: &Db) -> anyhow::Result<Vec<ActRow>> {
    let mut tx = db.read().await?;
    let rows: Vec<Columns> = tx
        .sql(
            "select a.id, a.delivery_id, a.part, a.state, a.next_at, a.frozen, a.receipt, \
             d.state, d.told_at, a.held_reason, a.failure \
             from acts a join deliveries d \
             on d.workspace_id = a.workspace_id and d.id = a.delivery_id \
             where a.kind = 'publish' order by a.due_at, a.position, a.part",
        )
        .all()
        .await?;
    Ok(rows.into_iter().map(row).collect())
}

/// How many acts there are in each state, of all kinds.
pub async fn states(tx: &mut Tx) -> anyhow::Result<BTreeMap<String, i64>> {
    let rows: Vec<(String, String, i64)> =
        tx.sql("select kind, state, count(*) from acts group by kind, state").all().await?;
    Ok(rows.into_iter().map(|(kind, state, count)| (format!("{kind} {state}"), count)).collect())
}

fn row(columns: Columns) -> ActRow {
    let (id, delivery, part, state, next_at, frozen, receipt, delivery_state, told_at, held, why) =
        columns;
    let json = |text: Option<String>| -> Value {
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    };
    let frozen = json(frozen);
    let strings = |value: &Value| -> Vec<String> {
        let list = value.as_array().into_iter().flatten();
        list.filter_map(|v| v.as_str().map(|key| last(key).to_owned())).collect()
    };
    let mut keys = strings(&frozen["handles"]);
    if keys.is_empty()
        && let Some(key) = frozen["request"]["key"].as_str()
    {
        keys.push(key.to_owned());
    }
    let receipts = json(receipt)["posts"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|post| post["id"].as_str().map(str::to_owned))
        .collect();
    let trouble = format!("{} {}", held.unwrap_or_default(), why.unwrap_or_default());
    ActRow { id, delivery, part, state, next_at, keys, receipts, delivery_state, told_at, trouble }
}

/// Where `unknown` is an honest end.
pub fn may_be_unknown(network: &str) -> bool {
    matches!(network, "plain_unreadable" | "plain_careful" | quick_mastodon::NO_KEYS)
}

/// Our posts of an account by the key that they were asked for with.
pub fn by_key(posts: &[Arc<Post>]) -> HashMap<&str, Vec<&Arc<Post>>> {
    let mut found: HashMap<&str, Vec<&Arc<Post>>> = HashMap::new();
    for post in posts.iter().filter(|post| post.author == Author::Client) {
        if let Some(key) = &post.key {
            found.entry(last(key)).or_default().push(post);
        }
    }
    found
}

/// The last piece of an address, or the whole of what is none.
pub fn last(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

/// Judges every promise.
pub async fn judge(site: &Site, db: &Db, tally: &mut Tally) -> anyhow::Result<()> {
    let rows = acts(db).await?;
    let mut of: HashMap<DeliveryId, Vec<&ActRow>> = HashMap::new();
    for row in &rows {
        of.entry(row.delivery).or_default().push(row);
    }
    for acts in of.values_mut() {
        acts.sort_by_key(|act| act.part);
    }
    let all_acts: i64 = states(&mut db.read().await?).await?.values().sum();
    tally.acts += u64::try_from(all_acts).unwrap_or(0);
    tally.deliveries += site.promised.len() as u64;
    for (at, outlet) in site.outlets.iter().enumerate() {
        let posts = site.ledger.posts(&outlet.account);
        let found = by_key(&posts);
        let mut explained: HashSet<&str> = HashSet::new();
        let mut order: Vec<(u64, usize)> = Vec::new();
        let promised = site.promised.iter().filter(|p| p.outlet == at);
        let deliveries: Vec<_> = promised.clone().map(|promise| promise.delivery).collect();
        for (place, promise) in promised.enumerate() {
            let acts = of.get(&promise.delivery).map_or(&[][..], Vec::as_slice);
            one(&outlet.network, promise, acts, &found, tally);
            let keys = acts.iter().flat_map(|act| &act.keys);
            for post in keys.filter_map(|key| found.get(key.as_str())).flatten() {
                explained.insert(post.id.as_str());
                order.push((post.order, place));
            }
        }
        let ours = posts.iter().filter(|post| post.author == Author::Client);
        for post in ours.filter(|post| !explained.contains(post.id.as_str())) {
            tally.damage(
                "doubled",
                format!("{} {}: nobody's post {post:?}", outlet.network, outlet.account),
            );
        }
        order.sort_unstable();
        if may_be_unknown(&outlet.network) {
            continue;
        }
        for pair in order.windows(2).filter(|pair| pair[0].1 > pair[1].1) {
            let first = Timeline::of(db, deliveries[pair[0].1]).await?;
            let then = Timeline::of(db, deliveries[pair[1].1]).await?;
            if then.lets_pass(&first, &site.cut_waits) {
                *tally.faults.entry("passed a long wait".to_owned()).or_default() += 1;
                continue;
            }
            let (network, account) = (&outlet.network, &outlet.account);
            tally.damage("out of order", format!("{network} {account}{first}{then}"));
        }
    }
    Ok(())
}

/// Judges one promise.
fn one(
    network: &str,
    promise: &Promised,
    acts: &[&ActRow],
    found: &HashMap<&str, Vec<&Arc<Post>>>,
    tally: &mut Tally,
) {
    let name = format!("{network} {}", promise.delivery);
    let Some(first) = acts.first() else {
        tally.damage("lost", format!("{name}: no trace of it in the database"));
        return;
    };
    let state = first.delivery_state.as_str();
    *tally.outcomes.entry(format!("{network} {state}")).or_default() += 1;
    let is_open = matches!(state, "scheduled" | "sending" | "processing" | "checking");
    let waits_for_person = first.told_at.is_some() && acts.iter().all(|act| act.next_at.is_none());
    if is_open && !waits_for_person {
        let next: Vec<_> = acts.iter().map(|a| (a.part, &a.state, a.next_at, &a.trouble)).collect();
        tally.damage("stuck", format!("{name}: {state} {next:?}"));
    }
    if !is_open && state != "live" && first.told_at.is_none() {
        tally.damage("stuck", format!("{name}: {state}, and nobody was told"));
    }
    if (!is_open && state != "live") || (is_open && waits_for_person) {
        let why: Vec<_> = acts.iter().map(|a| (a.part, &a.state, &a.trouble)).collect();
        tally.damage("asked for nothing", format!("{name}: {state} {why:?}"));
    }
    let mut out = Vec::new();
    for act in acts {
        let posts: Vec<_> =
            act.keys.iter().filter_map(|key| found.get(key.as_str())).flatten().collect();
        for key in &act.keys {
            let copies = found.get(key.as_str()).map_or(0, Vec::len);
            if copies > 1 {
                tally.damage("doubled", format!("{name} part {}: {copies} times", act.part));
            }
        }
        if act.state == "done" {
            let there: HashSet<_> = posts.iter().map(|post| last(&post.id)).collect();
            for receipt in &act.receipts {
                if !there.contains(last(receipt)) {
                    tally.damage(
                        "lost",
                        format!(
                            "{name} part {}: said to be {receipt}, which is another's or nobody's",
                            act.part
                        ),
                    );
                }
            }
        }
        out.extend(posts.iter().map(|post| post.text.as_str()));
    }
    if state == "live" && out != promise.texts {
        tally.damage("lost", format!("{name}: promised {:?}, out is {out:?}", promise.texts));
    }
}

/// What a person does about what is unknown: looks at the network, and says
/// that it is live, or sends it again.
pub async fn settle_unknown(
    site: &Site,
    app: &bellwether_app::App,
    tally: &mut Tally,
) -> anyhow::Result<usize> {
    use bellwether_app::{Caller, publishing};
    let rows = acts(&app.db).await?;
    let mut settled = 0;
    for row in rows.iter().filter(|row| row.state == "unknown") {
        let Some(promise) = site.promised.iter().find(|p| p.delivery == row.delivery) else {
            continue;
        };
        let outlet = &site.outlets[promise.outlet];
        if !may_be_unknown(&outlet.network) {
            tally.damage("unknown without need", format!("{} {}", outlet.network, row.delivery));
        }
        if row.told_at.is_none() {
            tally.damage("stuck", format!("{} unknown, and nobody was told", row.delivery));
        }
        let posts = site.ledger.posts(&outlet.account);
        let found = by_key(&posts);
        let workspace: WorkspaceId = promise.workspace;
        let by = &Caller::Operator;
        let done = match row.keys.iter().find_map(|key| found.get(key.as_str())) {
            Some(posts) => {
                let id = last(&posts[0].id);
                let url = site.address(outlet, id);
                publishing::attach(app, by, workspace, row.delivery, &url).await
            }
            None => publishing::retry(app, by, workspace, row.delivery).await,
        };
        done.map_err(super::site::shown)?;
        settled += 1;
        tally.settled += 1;
    }
    Ok(settled)
}
