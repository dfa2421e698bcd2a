//! Asking twice with one key has one effect.
//!
//! A client that lost an answer asks again with the key that it chose for
//! that wish. The key is written down before the effect and the answer after
//! it, in transactions of their own, so a process that dies in between leaves
//! a key without an answer. What happened then nobody knows, and whoever asks
//! again is told so ([`Claimed::Abandoned`]), unless the wish is one that
//! makes a thing called by the claim's `subject`: making that thing again
//! finds it. A wish is never carried out again blindly.

mod store;

use std::time::Duration;

use bellwether_base::uuid::Uuid;
use serde::{Deserialize, Serialize};

use crate::{App, Caller, Result};

/// How long a key is remembered.
pub const KEPT: Duration = Duration::from_hours(24);
/// After this long, another process that has not answered is taken to be gone.
/// Longer than any request may take.
const GONE: Duration = Duration::from_mins(5);

/// One wish, as its client named it.
#[derive(Debug, Clone)]
pub struct Wish<'a> {
    /// Who asks.
    pub caller: &'a Caller,
    /// The key that the client chose.
    pub key: &'a str,
    /// SHA-256 of what is asked: the same key must not stand for two wishes.
    pub request: [u8; 32],
    /// The process that asks; a new one after every start.
    pub worker: &'a str,
}

/// What is known of a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// It is new, and the caller's to carry out.
    New {
        /// What the thing that it makes is called.
        subject: Uuid,
    },
    /// It is being carried out at this moment.
    Running,
    /// Whoever carried it out is gone, and left no answer. It is the caller's
    /// to finish if making `subject` again does no harm, and nobody's else.
    Abandoned {
        /// What the thing that it makes is called.
        subject: Uuid,
    },
    /// It was carried out: this was the answer.
    Answered(Answer),
    /// The key stands for another wish.
    Different,
}

/// An answer to a wish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Its HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: String,
}

/// Looks a wish up, and takes it on if it is new.
pub async fn claim(app: &App, wish: &Wish<'_>) -> Result<Claimed> {
    let now = app.now();
    let caller = owner(wish.caller);
    let mut tx = app.db.begin().await?;
    store::delete_expired(&mut tx, now).await?;
    let row = store::Row {
        // Sealed: a plain hash would let whoever steals it guess at what was asked.
        request: app.keyring.seal(&*app.rng, &context(&caller, wish.key, "request"), &wish.request),
        subject: subject(app),
        worker: Some(wish.worker.to_owned()),
        started_at: now,
        answer: None,
    };
    let claimed = if store::insert(&mut tx, &caller, wish.key, &row, now + KEPT).await? {
        Claimed::New { subject: row.subject }
    } else {
        let row = store::get(&mut tx, &caller, wish.key).await?;
        look(app, &mut tx, wish, &caller, row).await?
    };
    tx.commit().await?;
    Ok(claimed)
}

async fn look(
    app: &App,
    tx: &mut bellwether_db::Tx,
    wish: &Wish<'_>,
    caller: &str,
    row: store::Row,
) -> Result<Claimed> {
    let request = app.keyring.open(&context(caller, wish.key, "request"), &row.request)?;
    if request != wish.request {
        return Ok(Claimed::Different);
    }
    if let Some(sealed) = row.answer {
        let plain = app.keyring.open(&context(caller, wish.key, "answer"), &sealed)?;
        return Ok(Claimed::Answered(serde_json::from_slice(&plain)?));
    }
    let is_running = row.worker.as_deref().is_some_and(|worker| {
        worker == wish.worker || app.now().since(row.started_at) < patience(app)
    });
    if is_running {
        return Ok(Claimed::Running);
    }
    // Whoever finishes it is not abandoned in turn while doing so.
    store::take_over(tx, caller, wish.key, wish.worker, app.now()).await?;
    Ok(Claimed::Abandoned { subject: row.subject })
}

/// Where one process owns the database, another one is certainly gone.
fn patience(app: &App) -> Duration {
    match app.db.engine() {
        bellwether_db::Engine::Sqlite => Duration::ZERO,
        bellwether_db::Engine::Postgres => GONE,
    }
}

/// Keeps the answer to a wish that was taken on.
pub async fn answer(app: &App, wish: &Wish<'_>, answer: &Answer) -> Result<()> {
    let caller = owner(wish.caller);
    let plain = serde_json::to_vec(answer)?;
    let sealed = app.keyring.seal(&*app.rng, &context(&caller, wish.key, "answer"), &plain);
    let mut tx = app.db.begin().await?;
    store::set_answer(&mut tx, &caller, wish.key, answer.status, &sealed).await?;
    Ok(tx.commit().await?)
}

/// Gives a wish back: nothing came of it, and it may be asked again.
pub async fn give_back(app: &App, wish: &Wish<'_>) -> Result<()> {
    let mut tx = app.db.begin().await?;
    store::delete(&mut tx, &owner(wish.caller), wish.key).await?;
    Ok(tx.commit().await?)
}

/// Leaves a wish without an answer: what came of it is not known.
pub async fn abandon(app: &App, wish: &Wish<'_>) -> Result<()> {
    let mut tx = app.db.begin().await?;
    store::leave(&mut tx, &owner(wish.caller), wish.key).await?;
    Ok(tx.commit().await?)
}

/// Whose key it is: two callers may choose the same.
fn owner(caller: &Caller) -> String {
    let actor = caller.actor();
    match actor.id {
        Some(id) => format!("{}:{id}", actor.kind),
        None => actor.kind.to_owned(),
    }
}

fn context(caller: &str, key: &str, column: &str) -> String {
    format!("idempotency_keys/{caller}/{key}/{column}")
}

fn subject(app: &App) -> Uuid {
    bellwether_base::PostId::new(&*app.clock, &*app.rng).0
}
