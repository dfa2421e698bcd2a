//! The publishing log: what was done for one delivery, in plain words.

use bellwether_app::networks::FailureKind;
use bellwether_app::publishing::{AttemptView, DeliveryLog, ResultView};
use bellwether_base::{Instant, Say};

/// One line of the log.
#[derive(Debug, Clone)]
pub struct Entry {
    /// When.
    pub at: Instant,
    /// Its shape and colour.
    pub family: &'static str,
    /// On which network, as people call it.
    pub network: String,
    /// What happened.
    pub say: Say,
    /// What explains it.
    pub more: Option<Say>,
    /// The network's own words.
    pub vendor: Option<String>,
}

/// Everything that happened to a delivery on the network that people call
/// `network`, newest first.
pub fn entries(log: &DeliveryLog, network: &str) -> Vec<Entry> {
    let delivery = &log.delivery;
    let entry = |at, family, say| Entry {
        at,
        family,
        network: network.to_owned(),
        say,
        more: None,
        vendor: None,
    };
    let planned = Say::new("log-planned").with("at", delivery.planned_at);
    let mut all = vec![entry(delivery.created_at, "scheduled", planned)];
    for act in &log.acts {
        for attempt in &act.attempts {
            if let Some(key) = began(attempt) {
                let mut line = entry(attempt.started_at, "publishing", Say::new(key));
                line.more = Some(Say::new("log-try").with("number", attempt.number));
                all.push(line);
            }
            for result in &attempt.results {
                let (family, say) = ended(attempt, result);
                let mut line = entry(result.at, family, say);
                line.vendor = result.failure.as_ref().and_then(|failure| failure.vendor.clone());
                all.push(line);
            }
        }
    }
    if let (Some(at), Some(say)) = (delivery.told_at, &delivery.say) {
        all.push(entry(at, super::badges::family(delivery.state), say.clone()));
    }
    // Equal moments keep the order in which they were written.
    all.sort_by_key(|entry| entry.at);
    all.reverse();
    all
}

fn began(attempt: &AttemptView) -> Option<&'static str> {
    match attempt.step.as_str() {
        "submit" => Some("log-sending"),
        "delete" => Some("log-taking-down"),
        // Getting ready is told by its end only.
        _ => None,
    }
}

fn ended(attempt: &AttemptView, result: &ResultView) -> (&'static str, Say) {
    if let Some(failure) = &result.failure {
        let family = match failure.kind {
            FailureKind::Rejected => "failed",
            FailureKind::Reconnect => "held",
            _ => "missed",
        };
        return (family, failure.say.clone());
    }
    let (family, key) = match (result.outcome.as_str(), attempt.step.as_str()) {
        ("done", "submit") => ("published", "log-published"),
        ("done", "delete") => ("down", "log-taken-down"),
        ("done", "prepare") => ("ready", "log-prepared"),
        ("done", _) => ("ready", "log-renewed"),
        ("pending", _) => ("publishing", "log-accepted"),
        ("found", _) => ("published", "log-found"),
        ("absent", _) => ("checking", "log-absent"),
        ("not_seen", _) => ("checking", "log-not-seen"),
        ("cannot_tell", _) => ("unknown", "log-cannot-tell"),
        ("by_hand", _) => ("ready", "log-by-hand"),
        _ => ("checking", "log-lost"),
    };
    (family, Say::new(key))
}
