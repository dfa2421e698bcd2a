//! Waiting for deliveries.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::At;
use super::client::Ask;
use super::deliveries;
use super::exit::Failure;
use super::links::piece;
use super::output::text;

/// How long a command waits if nothing else is said.
pub(super) const USUAL: Duration = Duration::from_mins(5);
/// How often it looks.
const LOOK: Duration = Duration::from_millis(500);

/// What to wait for.
pub(super) struct Wait {
    /// How long at most.
    pub limit: Duration,
    /// Until it is taken down, and not only until it is live.
    pub until_down: bool,
}

/// Waits until each delivery is final or needs a person, and shows them. Where
/// no server runs, the engine runs in this process meanwhile: it sends
/// everything that is due.
pub(super) async fn wait(
    at: &At<'_>,
    base: &str,
    ids: &[String],
    wait: &Wait,
) -> Result<(), Failure> {
    let engine = at.client.engine_here();
    if engine.is_some() {
        at.output.note("No server runs: this command sends what is due while it waits.");
    }
    let waited = until_over(at, base, ids, wait).await;
    if let Some(engine) = engine {
        engine.stop().await;
    }
    let logs = waited?;
    at.output.show(&json!({ "items": logs }), |_| {
        logs.iter().map(deliveries::show).collect::<Vec<_>>().join("\n")
    });
    let open: Vec<_> = logs.iter().filter(|log| !is_over(log, wait)).collect();
    if let Some(first) = open.first() {
        let (id, state) = (text(&first["id"]), text(&first["state"]));
        return Err(Failure::Outcome(format!(
            "{id} is still {state} after {} seconds.",
            wait.limit.as_secs()
        )));
    }
    match logs.iter().find(|log| log["needs_person"] == true || log["state"] == "cancelled") {
        Some(log) => {
            let (id, state) = (text(&log["id"]), text(&log["state"]));
            Err(Failure::Outcome(format!("{id} is {state}. {}", text(&log["told"]["text"]))))
        }
        None => Ok(()),
    }
}

async fn until_over(
    at: &At<'_>,
    base: &str,
    ids: &[String],
    wait: &Wait,
) -> Result<Vec<Value>, Failure> {
    let begun = Instant::now();
    loop {
        let mut logs = Vec::new();
        for id in ids {
            logs.push(at.client.ask(Ask::get(format!("{base}/deliveries/{}", piece(id)))).await?);
        }
        if logs.iter().all(|log| is_over(log, wait)) || begun.elapsed() >= wait.limit {
            return Ok(logs);
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn is_over(log: &Value, wait: &Wait) -> bool {
    if wait.until_down && log["state"] == "live" {
        // A wish to take it down that was refused needs a person as well.
        let acts = log["acts"].as_array().map_or(&[][..], Vec::as_slice);
        return acts.iter().any(|act| {
            act["kind"] == "delete"
                && matches!(act["state"].as_str(), Some("refused" | "unknown" | "held" | "missed"))
        });
    }
    log["is_final"] == true || log["needs_person"] == true
}
