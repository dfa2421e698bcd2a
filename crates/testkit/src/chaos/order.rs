//! Whether the posts of a channel came in their order.

use bellwether_app::publishing::ORDER_WAITS;
use bellwether_base::{DeliveryId, Instant};
use bellwether_db::{Db, Tx};

/// A wait for the next try that the harness ended, because nobody watches for so long.
#[derive(Debug, Clone)]
pub struct CutWait {
    /// Of which delivery.
    pub delivery: DeliveryId,
    /// When it was ended.
    pub at: Instant,
    /// When it would have ended.
    pub until: Instant,
}

/// What the engine waits for longer than until `latest`, and nobody works on.
pub async fn long_waits(
    tx: &mut Tx,
    now: Instant,
    latest: Instant,
) -> anyhow::Result<Vec<CutWait>> {
    let waits: Vec<(DeliveryId, Instant)> = tx
        .sql(
            "select delivery_id, next_at from acts where next_at > $1 and lease_owner is null \
             and state in ('waiting', 'checking') and delivery_id is not null",
        )
        .bind(latest)
        .all()
        .await?;
    Ok(waits.into_iter().map(|(delivery, until)| CutWait { delivery, at: now, until }).collect())
}

/// One try: of which part, when it was due and at which place; the step, its
/// begin and its worker; how it ended, and when.
#[derive(Debug)]
struct Try {
    part: i32,
    due_at: i64,
    position: i64,
    step: String,
    begun_at: Instant,
    worker: String,
    outcome: Option<String>,
    ended_at: Option<i64>,
}

/// The tries of a delivery, in their order.
#[derive(Debug)]
pub struct Timeline {
    delivery: DeliveryId,
    tries: Vec<Try>,
}

type Columns = (i32, i64, i64, String, Instant, String, Option<String>, Option<i64>);

impl Timeline {
    /// As the database has it.
    pub async fn of(db: &Db, delivery: DeliveryId) -> anyhow::Result<Self> {
        let mut tx = db.read().await?;
        let rows: Vec<Columns> = tx
            .sql(
                "select a.part, a.due_at, a.position, t.step, t.started_at, t.worker, r.outcome, r.at \
                 from acts a \
                 join attempts t on t.workspace_id = a.workspace_id and t.act_id = a.id \
                 left join attempt_results r \
                 on r.workspace_id = t.workspace_id and r.attempt_id = t.id \
                 where a.delivery_id = $1 order by t.started_at, r.at",
            )
            .bind(delivery)
            .all()
            .await?;
        let tries = rows
            .into_iter()
            .map(|(part, due_at, position, step, begun_at, worker, outcome, ended_at)| Try {
                part,
                due_at,
                position,
                step,
                begun_at,
                worker,
                outcome,
                ended_at,
            })
            .collect();
        Ok(Self { delivery, tries })
    }

    /// Whether a later delivery, tried as `later` says, was right to go first: when it was
    /// sent, this one was to wait for longer than later ones wait for an earlier one.
    pub fn lets_pass(&self, later: &Self, cut: &[CutWait]) -> bool {
        let Some(sent) = later.tries.iter().find(|one| one.step == "submit") else { return false };
        let sent = sent.begun_at;
        cut.iter().filter(|wait| wait.delivery == self.delivery).any(|wait| {
            let is_tried_in_between =
                self.tries.iter().any(|one| sent <= one.begun_at && one.begun_at <= wait.at);
            sent < wait.at && sent + ORDER_WAITS < wait.until && !is_tried_in_between
        })
    }
}

/// What was tried and what came of it, for whoever has to find out why.
impl std::fmt::Display for Timeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\n      {}", self.delivery)?;
        for one in &self.tries {
            let Try { part, due_at, position, step, worker, .. } = one;
            let outcome = one.outcome.as_deref().unwrap_or_default();
            let (begun, ended) = (one.begun_at.millis(), one.ended_at.unwrap_or_default());
            write!(
                f,
                "\n        part {part} due {due_at} no. {position}: {step} by {worker} {begun}, {outcome} {ended}"
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use bellwether_base::uuid::Uuid;

    use super::*;

    const MINUTE: i64 = 60_000;

    fn at(minute: i64) -> Instant {
        Instant::from_millis(minute * MINUTE)
    }

    fn delivery(n: u128) -> DeliveryId {
        DeliveryId(Uuid::from_u128(n))
    }

    fn timeline(n: u128, begun: &[i64]) -> Timeline {
        let tries = begun
            .iter()
            .map(|minute| Try {
                part: 0,
                due_at: 0,
                position: 0,
                step: "submit".into(),
                begun_at: at(*minute),
                worker: "w".into(),
                outcome: None,
                ended_at: None,
            })
            .collect();
        Timeline { delivery: delivery(n), tries }
    }

    #[test]
    fn only_what_was_to_wait_for_long_lets_others_pass() {
        let earlier = timeline(1, &[0, 9]);
        let later = timeline(2, &[3]);
        let cut =
            |n, ended, until| [CutWait { delivery: delivery(n), at: at(ended), until: at(until) }];
        assert!(earlier.lets_pass(&later, &cut(1, 8, 15)));
        assert!(!earlier.lets_pass(&later, &cut(1, 8, 12)), "later ones wait for so long");
        assert!(!earlier.lets_pass(&later, &cut(2, 8, 15)), "another's wait");
        assert!(!earlier.lets_pass(&later, &cut(1, 2, 15)), "the wait was over");
        assert!(!earlier.lets_pass(&later, &[]));
        let tried_since = timeline(1, &[0, 5, 9]);
        assert!(!tried_since.lets_pass(&later, &cut(1, 8, 20)), "it came to wait later");
    }
}
