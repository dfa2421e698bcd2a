//! From the client, which must not wait, to the table.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bellwether_base::{CallId, Clock, Instant};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio_util::sync::CancellationToken;

use super::{NetworkCall, store};
use crate::networks::http::{Call, Observer};
use crate::{App, Result};

/// Notes written in one transaction at most.
const BATCH: usize = 500;

/// Characters of a path that are kept.
const LONGEST_PATH: usize = 300;

/// What the client tells of each call.
pub struct Recorder {
    notes: Sender<(Instant, Call)>,
    clock: Arc<dyn Clock>,
    lost: Arc<AtomicU64>,
}

impl Observer for Recorder {
    fn called(&self, call: &Call) {
        if self.notes.try_send((self.clock.now(), call.clone())).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}

/// Notes that wait to be written down.
pub struct Queue {
    notes: Receiver<(Instant, Call)>,
    lost: Arc<AtomicU64>,
    told: u64,
}

/// Both ends of a queue with room for `room` notes.
pub fn queue(clock: Arc<dyn Clock>, room: usize) -> (Arc<Recorder>, Queue) {
    let (sender, notes) = mpsc::channel(room.max(1));
    let lost = Arc::new(AtomicU64::new(0));
    let recorder = Recorder { notes: sender, clock, lost: Arc::clone(&lost) };
    (Arc::new(recorder), Queue { notes, lost, told: 0 })
}

impl Queue {
    /// Writes notes down as they come, until `stop`; then what is still there.
    pub async fn run(mut self, app: &App, stop: CancellationToken) {
        let mut notes = Vec::new();
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                count = self.notes.recv_many(&mut notes, BATCH) => {
                    if count == 0 {
                        return;
                    }
                }
            }
            self.write(app, std::mem::take(&mut notes)).await;
        }
        self.flush(app).await;
    }

    /// Writes down what is there.
    pub async fn flush(&mut self, app: &App) {
        loop {
            let mut notes = Vec::new();
            while notes.len() < BATCH
                && let Ok(note) = self.notes.try_recv()
            {
                notes.push(note);
            }
            if notes.is_empty() {
                return;
            }
            self.write(app, notes).await;
        }
    }

    /// What cannot be written is lost like what found no room.
    async fn write(&mut self, app: &App, notes: Vec<(Instant, Call)>) {
        let count = notes.len();
        if let Err(error) = insert(app, notes).await {
            // That the database is away is said elsewhere, once.
            if !error.is_away() {
                tracing::warn!(%error, "calls to networks could not be written down");
            }
            self.lost.fetch_add(u64::try_from(count).unwrap_or(u64::MAX), Ordering::Relaxed);
        }
        let lost = self.lost.load(Ordering::Relaxed);
        if lost > self.told {
            tracing::warn!(lost = lost - self.told, "calls to networks are missing in the list");
            self.told = lost;
        }
    }
}

async fn insert(app: &App, notes: Vec<(Instant, Call)>) -> Result<()> {
    let mut tx = app.streams.begin().await?;
    for (at, call) in notes {
        let call = NetworkCall {
            id: CallId::new(&*app.clock, &*app.rng),
            workspace_id: call.on_behalf.map(|whom| whom.workspace),
            channel_id: call.on_behalf.and_then(|whom| whom.channel),
            at,
            method: call.method.to_string(),
            host: call.host,
            path: call.path.chars().take(LONGEST_PATH).collect(),
            status: call.status.map(|status| i32::from(status.as_u16())),
            millis: i64::try_from(call.millis).ok(),
            trouble: call.trouble.map(|trouble| trouble.name().to_owned()),
        };
        store::insert(&mut tx, &call).await?;
    }
    Ok(tx.commit().await?)
}
