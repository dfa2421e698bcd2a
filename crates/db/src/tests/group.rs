//! Commits that are shared on SQLite: see [`crate::writer`].

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;

use bellwether_base::{Clock, Instant, Mono};
use futures::future::join_all;
use tokio::task::yield_now;

use super::*;
use crate::Tx;

/// A clock on which so many milliseconds pass from one look to the next, however
/// slow the machine: it decides how long a group takes in members.
struct Steps {
    step: u64,
    passed: AtomicU64,
}

#[async_trait::async_trait]
impl Clock for Steps {
    fn now(&self) -> Instant {
        SystemClock.now()
    }

    fn mono(&self) -> Mono {
        Mono(Duration::from_millis(self.passed.fetch_add(self.step, Ordering::Relaxed)))
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

async fn with_steps(step: u64) -> TestDb {
    let clock = Steps { step, passed: AtomicU64::new(0) };
    sqlite(MigrationSet::MAIN, Arc::new(clock)).await
}

/// A database on which no time passes.
async fn only_sqlite() -> TestDb {
    with_steps(0).await
}

/// Polls `future` so many times and drops it then. What it said, if it was done by then.
async fn for_polls<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    std::future::poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

/// Lets `future` run for so many turns of the scheduler, whatever it waits for, and
/// drops it then.
async fn for_turns<F: Future>(turns: usize, future: F) -> Option<F::Output> {
    let waking = async {
        for _ in 0..turns {
            yield_now().await;
        }
    };
    tokio::select! {
        done = future => Some(done),
        () = waking => None,
    }
}

/// Lets whoever can run do so, until everybody waits for somebody.
async fn settle() {
    for _ in 0..20 {
        yield_now().await;
    }
}

/// A transaction with one organization in it that moves `changed`, once per group.
async fn waking(db: &Db, name: &str) -> Result<(), DbError> {
    let mut tx = db.begin().await?;
    add_in(&mut tx, name).await?;
    tx.wake();
    tx.commit().await
}

async fn is_there(db: &Db, name: &str) -> bool {
    let mut tx = db.read().await.unwrap();
    let count: i64 = tx
        .sql("select count(*) from organizations where name = $1")
        .bind(name)
        .scalar()
        .await
        .unwrap();
    count == 1
}

#[tokio::test]
async fn two_hundred_small_transactions_share_a_few_commits() {
    let db = only_sqlite().await;
    let ends = join_all((0..200).map(|i| {
        let db = &db;
        async move { waking(db, &format!("{i}")).await }
    }))
    .await;
    assert!(ends.iter().all(Result::is_ok));
    assert_eq!(names(&db).await.len(), 200);
    let groups = *db.changed().borrow();
    assert!((4..=10).contains(&groups), "{groups} commits for 200 transactions");
}

#[tokio::test]
async fn a_group_takes_in_nobody_after_its_time() {
    let db = with_steps(25).await;
    let ends = join_all((0..20).map(|i| {
        let db = &db;
        async move { waking(db, &format!("{i}")).await }
    }))
    .await;
    assert!(ends.iter().all(Result::is_ok));
    assert_eq!(*db.changed().borrow(), 20, "a commit each");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_is_told_of_a_commit_finds_it_on_the_disk() {
    let db = only_sqlite().await;
    join_all((0..300).map(|i| {
        let db = db.clone();
        tokio::spawn(async move {
            let name = format!("{i}");
            waking(&db, &name).await.unwrap();
            assert!(is_there(&db, &name).await, "told of {name} before the commit");
        })
    }))
    .await
    .into_iter()
    .for_each(Result::unwrap);
}

#[tokio::test]
async fn one_member_that_fails_leaves_the_others_alone() {
    let db = only_sqlite().await;
    let mut first = db.begin().await.unwrap();
    first.wake();
    let id = add_in(&mut first, "First").await.unwrap();

    let rolled_back = async {
        let mut tx = db.begin().await.unwrap();
        add_in(&mut tx, "Rolled back").await.unwrap();
        tx.rollback().await;
    };
    let failed = async {
        let mut tx = db.begin().await.unwrap();
        add_in(&mut tx, "Failed").await.unwrap();
        let twice = tx
            .sql("insert into organizations (id, name, created_at) values ($1, 'Twice', 0)")
            .bind(id)
            .execute()
            .await;
        let expected = DbError::Conflict { constraint: "organizations(id)".to_owned() };
        assert_eq!(twice, Err(expected), "it sees what its group wrote");
        assert_eq!(tx.commit().await, Err(DbError::Aborted));
    };
    let panicked = async {
        let db = db.clone();
        let ended = tokio::spawn(async move {
            let mut tx = db.begin().await.unwrap();
            add_in(&mut tx, "Panicked").await.unwrap();
            panic!("as a bug would");
        });
        assert!(ended.await.unwrap_err().is_panic());
    };
    let gone = for_polls(1, async {
        let mut tx = db.begin().await.unwrap();
        add_in(&mut tx, "Gone").await.unwrap();
        tx.commit().await.unwrap();
    });
    let last = waking(&db, "Last");
    let commit = async {
        settle().await;
        first.commit().await.unwrap();
    };
    let (.., last) = tokio::join!(rolled_back, failed, panicked, gone, commit, last);
    last.unwrap();
    assert_eq!(names(&db).await, ["First", "Last"]);
    assert_eq!(*db.changed().borrow(), 1, "they were all in one group");
}

/// Three transactions in one group, of which the second does `harm`. How each ended.
async fn with_a_saboteur(db: &TestDb, harm: impl AsyncFnOnce(&mut Tx)) -> [Result<(), DbError>; 3] {
    let mut first = db.begin().await.unwrap();
    add_in(&mut first, "First").await.unwrap();
    let saboteur = async {
        let mut tx = db.begin().await.unwrap();
        add_in(&mut tx, "Saboteur").await.unwrap();
        harm(&mut tx).await;
        tx.commit().await
    };
    let third = async {
        let mut tx = db.begin().await?;
        add_in(&mut tx, "Third").await?;
        tx.commit().await
    };
    let first = async {
        settle().await;
        first.commit().await
    };
    let (saboteur, third, first) = tokio::join!(saboteur, third, first);
    [first, saboteur, third]
}

#[tokio::test]
async fn a_commit_that_fails_fails_for_all_of_its_members() {
    let db = only_sqlite().await;
    // A key that is only checked at the commit, which our own schema never has.
    let ends = with_a_saboteur(&db, async |tx| {
        tx.sql("pragma defer_foreign_keys = on").execute().await.unwrap();
        tx.sql(
            "insert into workspaces (id, organization_id, name, time_zone, created_at)
             values ($1, $1, 'Orphan', 'UTC', 0)",
        )
        .bind(new_id())
        .execute()
        .await
        .unwrap();
    })
    .await;
    let expected = Err(DbError::Conflict { constraint: "foreign key".to_owned() });
    assert_eq!(ends, [expected.clone(), expected.clone(), expected]);
    assert!(names(&db).await.is_empty());
    add(&db, "Next").await.unwrap();
    assert_eq!(names(&db).await, ["Next"]);
}

/// SQLite gives a whole transaction up by itself after some errors, a full disk among them.
#[tokio::test]
async fn a_transaction_that_vanishes_fails_for_all_of_its_members() {
    let db = only_sqlite().await;
    let ends = with_a_saboteur(&db, async |tx| {
        tx.sql("rollback").execute().await.unwrap();
    })
    .await;
    assert!(ends[0].is_err() && ends[1].is_err(), "{ends:?}");
    let expected: &[&str] = if ends[2].is_ok() { &["Third"] } else { &[] };
    assert_eq!(names(&db).await, expected);
    add(&db, "Until").await.unwrap();
    assert!(is_there(&db, "Until").await);
}

#[tokio::test]
async fn on_a_full_disk_who_is_told_of_a_commit_has_one() {
    let db = only_sqlite().await;
    let mut tx = db.begin().await.unwrap();
    let pages: i64 = tx.sql("pragma page_count").scalar().await.unwrap();
    drop(tx);
    let ends = with_a_saboteur(&db, async |tx| {
        tx.sql_owned(format!("pragma max_page_count = {}", pages + 2)).execute().await.unwrap();
        let full = tx
            .sql("insert into organizations (id, name, created_at) values ($1, $2, 0)")
            .bind(new_id())
            .bind("x".repeat(100_000))
            .execute()
            .await;
        assert!(matches!(full, Err(DbError::Unavailable(_))), "{full:?}");
    })
    .await;
    assert!(ends[1].is_err());
    for (name, end) in ["First", "Saboteur", "Third"].into_iter().zip(&ends) {
        assert_eq!(is_there(&db, name).await, end.is_ok(), "{name}: {end:?}");
    }
}

#[tokio::test]
async fn who_leaves_at_any_of_its_own_steps_keeps_nobody_waiting() {
    let db = only_sqlite().await;
    for polls in 0..40 {
        let name = format!("Leaving after {polls}");
        let leaving = for_polls(polls, waking(&db, &name));
        let other = format!("Other {polls}");
        let staying = waking(&db, &other);
        let (left, stayed) = tokio::join!(leaving, staying);
        stayed.unwrap();
        assert!(is_there(&db, &other).await);
        if let Some(end) = left {
            end.unwrap();
            assert!(is_there(&db, &name).await);
        }
    }
    let done = names(&db).await.iter().filter(|name| name.starts_with("Leaving")).count();
    assert!((1..40).contains(&done), "{done} of 40 came through: the polls miss the point");
}

/// Also while the writer does something for it: when the lease is on its way, nobody
/// may be there any longer.
#[tokio::test]
async fn who_leaves_at_any_moment_keeps_nobody_waiting() {
    let db = only_sqlite().await;
    let leaving = async {
        let mut done = 0;
        let mut turns = 0;
        while done < 20 {
            let name = format!("Leaving after {turns}");
            if let Some(end) = for_turns(turns, waking(&db, &name)).await {
                end.unwrap();
                assert!(is_there(&db, &name).await);
                done += 1;
            }
            turns += 1 + turns / 400;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), leaving).await.expect("nobody has to wait");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_storm_of_leavers_keeps_nobody_waiting() {
    let db = only_sqlite().await;
    join_all((0..400).map(|i| {
        let db = db.clone();
        tokio::spawn(async move {
            let name = format!("{i}");
            let told = match i % 4 {
                0 => Some(waking(&db, &name).await),
                1 => for_polls(i % 17, waking(&db, &name)).await,
                _ => for_turns(i * 7 % 1000, waking(&db, &name)).await,
            };
            if let Some(end) = told {
                end.unwrap();
                assert!(is_there(&db, &name).await);
            }
        })
    }))
    .await
    .into_iter()
    .for_each(Result::unwrap);
    waking(&db, "After the storm").await.unwrap();
}

#[tokio::test]
async fn a_lock_of_another_process_makes_it_busy_and_no_more() {
    let db = only_sqlite().await;
    let other = db.open_again().await;
    let held = other.begin().await.unwrap();
    let busy = db.begin().await.unwrap_err();
    assert!(matches!(busy, DbError::Busy(_)), "{busy:?}");
    assert!(busy.is_transient());
    drop(held);
    add(&db, "Afterwards").await.unwrap();
}
