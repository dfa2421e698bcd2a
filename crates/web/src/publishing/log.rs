//! The publishing log: what was done for one delivery, in plain words.

use std::mem;

use bellwether_app::networks::FailureKind;
use bellwether_app::publishing::{self, AttemptView, Delivery, DeliveryLog, Happened, ResultView};
use bellwether_base::{Instant, Say};

/// One line of the log.
#[derive(Debug, Clone)]
pub struct Entry {
    /// When.
    pub at: Instant,
    /// Its shape and colour.
    pub family: &'static str,
    /// Where: the network, or the channel if there are several on it.
    pub place: String,
    /// What happened.
    pub say: Say,
    /// What explains it.
    pub more: Option<Say>,
    /// The network's own words.
    pub vendor: Option<String>,
}

/// Everything that happened to a delivery at the `place` that people know,
/// newest first. `history` is what people did and what held it up.
pub fn entries(log: &DeliveryLog, history: &[Happened], place: &str) -> Vec<Entry> {
    let entry = |at, family, say| Entry {
        at,
        family,
        place: place.to_owned(),
        say,
        more: None,
        vendor: None,
    };
    let mut all: Vec<Entry> = Vec::new();
    for (nth, happened) in history.iter().enumerate() {
        // The first event is the plan; later ones of that name are the engine's own steps.
        let told = if nth == 0 { Some(planned(&log.delivery, happened)) } else { deed(happened) };
        if let Some((family, say)) = told {
            let mut line = entry(happened.at, family, say);
            if publishing::is_own_check(&line.say) {
                line.more = Some(mem::replace(&mut line.say, Say::new("log-checked-here")));
            }
            all.push(line);
        }
    }
    for act in &log.acts {
        let mut tries = 0;
        for attempt in &act.attempts {
            if let Some(key) = began(attempt) {
                tries += 1;
                let mut line = entry(attempt.started_at, "publishing", Say::new(key));
                line.more = Some(Say::new("log-try").with("number", tries));
                all.push(line);
            }
            // What a person settled is told by their deed.
            for result in attempt.results.iter().filter(|result| result.outcome != "by_hand") {
                let (family, say) = ended(attempt, result);
                let mut line = entry(result.at, family, say);
                line.vendor = result.failure.as_ref().and_then(|failure| failure.vendor.clone());
                all.push(line);
            }
        }
    }
    // Equal moments keep the order in which they were written.
    all.sort_by_key(|entry| entry.at);
    // A failure is told by its attempt and by what it made of the delivery: once is enough.
    all.dedup_by(|later, first| {
        let is_same = later.say == first.say;
        if is_same {
            first.vendor = first.vendor.take().or_else(|| later.vendor.take());
        }
        is_same
    });
    all.reverse();
    all
}

/// A plan, by whom.
fn planned(delivery: &Delivery, happened: &Happened) -> (&'static str, Say) {
    let at = happened.planned_at.unwrap_or(delivery.planned_at);
    ("scheduled", by(happened, "log-planned").with("at", at))
}

/// What a person did, or what stopped it.
fn deed(happened: &Happened) -> Option<(&'static str, Say)> {
    let (family, key) = match happened.kind.as_str() {
        "delivery.held" => return happened.say.clone().map(|say| ("held", say)),
        "delivery.missed" => return happened.say.clone().map(|say| ("missed", say)),
        "delivery.unknown" => return happened.say.clone().map(|say| ("unknown", say)),
        "delivery.refused" => return happened.say.clone().map(|say| ("failed", say)),
        "delivery.checking" => return happened.say.clone().map(|say| ("checking", say)),
        "delivery.rescheduled" => {
            let at = happened.planned_at?;
            return Some(("scheduled", by(happened, "log-moved").with("at", at)));
        }
        "delivery.sent_again" => ("ready", "log-sent-again"),
        "delivery.attached" => ("published", "log-attached"),
        "delivery.dropped" => ("cancelled", "log-dropped"),
        "delivery.given_up" => ("cancelled", "log-cancelled"),
        "delivery.released" => ("ready", "log-released"),
        "delivery.let_through" => ("ready", "log-let-through"),
        "delivery.delete_asked" => ("down", "log-delete-asked"),
        _ => return None,
    };
    Some((family, by(happened, key)))
}

/// `key`, with who did it; `key-by` names them.
fn by(happened: &Happened, key: &str) -> Say {
    match &happened.by {
        Some(name) => Say::new(format!("{key}-by")).with("name", name),
        None => Say::new(key),
    }
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
        _ => ("checking", "log-lost"),
    };
    (family, Say::new(key))
}
