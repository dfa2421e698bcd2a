use bellwether_base::{Clock as _, OrganizationId};
use futures::future::join_all;
use serde_json::json;

use super::*;
use crate::events::{about, after, latest};
use crate::{Actor, NewEvent, Scope};

fn happened(scope: Scope, kind: &'static str, subject: Option<Uuid>) -> NewEvent {
    NewEvent {
        scope,
        kind,
        subject: subject.map(|id| ("post", id)),
        actor: Actor { kind: "person", id: Some(Uuid::from_u128(7)) },
        data: json!({"to": "ready", "n": 3, "text": "早上好"}),
    }
}

fn workspace(number: u128) -> Scope {
    Scope::Workspace(WorkspaceId(Uuid::from_u128(number)))
}

fn organization(number: u128) -> Scope {
    Scope::Organization(OrganizationId(Uuid::from_u128(number)))
}

async fn record(db: &Db, events: impl IntoIterator<Item = NewEvent>) -> Result<(), DbError> {
    let mut tx = db.begin().await?;
    for event in events {
        tx.record(event);
    }
    tx.commit().await
}

#[tokio::test]
async fn an_event_is_read_as_it_was_recorded() {
    for db in databases().await {
        let before = SystemClock.now();
        let post = Uuid::from_u128(9);
        let with = happened(workspace(1), "post.ready", Some(post));
        let without = NewEvent {
            actor: Actor { kind: "worker", id: None },
            ..happened(workspace(1), "workspace.paused", None)
        };
        record(&db, [with.clone(), without]).await.unwrap();

        let mut tx = db.read().await.unwrap();
        let events = after(&mut tx, workspace(1), 0, 10).await.unwrap();
        let [first, second] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!((first.seq, second.seq), (1, 2));
        assert!(first.at >= before && first.at <= SystemClock.now());
        assert_eq!(first.kind, "post.ready");
        assert_eq!(first.subject, Some(("post".to_owned(), post)));
        assert_eq!(first.actor_kind, "person");
        assert_eq!(first.actor_id, Some(Uuid::from_u128(7)));
        assert_eq!(first.data, with.data);
        assert_eq!((&second.subject, second.actor_id), (&None, None));
    }
}

#[tokio::test]
async fn each_scope_counts_for_itself() {
    for db in databases().await {
        let mixed = [workspace(2), organization(1), workspace(2), workspace(3)];
        record(&db, mixed.map(|scope| happened(scope, "a", None))).await.unwrap();
        record(&db, [happened(workspace(2), "b", None)]).await.unwrap();
        let mut tx = db.read().await.unwrap();
        for (scope, last) in
            [(workspace(2), 3), (organization(1), 1), (workspace(3), 1), (workspace(4), 0)]
        {
            assert_eq!(latest(&mut tx, scope).await, Ok(last), "{scope:?}");
            let seqs: Vec<i64> =
                after(&mut tx, scope, 0, 9).await.unwrap().iter().map(|event| event.seq).collect();
            assert_eq!(seqs, (1..=last).collect::<Vec<_>>(), "{scope:?}");
        }
    }
}

#[tokio::test]
async fn what_is_rolled_back_never_happened() {
    for db in databases().await {
        let mut tx = db.begin().await.unwrap();
        tx.record(happened(workspace(1), "a", None));
        tx.rollback().await;
        let mut tx = db.begin().await.unwrap();
        tx.record(happened(workspace(1), "b", None));
        tx.sql("select nonsense").execute().await.unwrap_err();
        tx.commit().await.unwrap_err();
        record(&db, [happened(workspace(1), "c", None)]).await.unwrap();
        let mut tx = db.read().await.unwrap();
        let events = after(&mut tx, workspace(1), 0, 9).await.unwrap();
        assert_eq!(events.len(), 1);
        assert_eq!((events[0].seq, events[0].kind.as_str()), (1, "c"));
    }
}

#[tokio::test]
async fn events_about_one_thing_come_newest_first() {
    for db in databases().await {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        for (kind, post) in [("a", one), ("b", other), ("c", one), ("d", one)] {
            record(&db, [happened(workspace(1), kind, Some(post))]).await.unwrap();
        }
        record(&db, [happened(workspace(2), "elsewhere", Some(one))]).await.unwrap();
        let mut tx = db.read().await.unwrap();
        let events = about(&mut tx, workspace(1), "post", one, 2).await.unwrap();
        let kinds: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["d", "c"], "{}", db.engine());
    }
}

#[tokio::test]
async fn more_events_than_fit_a_statement_keep_their_order() {
    for db in databases().await {
        let many = (0..100_u128).map(|i| happened(workspace(1), "a", Some(Uuid::from_u128(i))));
        record(&db, many).await.unwrap();
        let mut tx = db.read().await.unwrap();
        let events = after(&mut tx, workspace(1), 10, 1000).await.unwrap();
        assert_eq!(events.len(), 90);
        for event in events {
            let number = u128::try_from(event.seq).unwrap() - 1;
            assert_eq!(event.subject.unwrap().1, Uuid::from_u128(number));
        }
    }
}

/// Who has seen a number must never find a smaller one later: at every moment the
/// visible numbers are 1, 2, .. without a gap.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_number_comes_late() {
    for db in databases().await {
        let writers = join_all((0..8).map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                for i in 0..40 {
                    let mut tx = db.begin().await.unwrap();
                    tx.record(happened(workspace(1), "a", None));
                    // Other work, so that transactions overlap.
                    tx.sql("select count(*) from events").scalar::<i64>().await.unwrap();
                    if i % 5 == 0 {
                        tx.rollback().await;
                    } else {
                        tx.commit().await.unwrap();
                    }
                }
            })
        }));
        let mut writers = std::pin::pin!(writers);
        let mut looks = 0;
        loop {
            tokio::select! {
                ended = &mut writers => {
                    ended.into_iter().for_each(Result::unwrap);
                    break;
                }
                () = look(&db) => looks += 1,
            }
        }
        assert!(looks > 5, "{looks} looks see nothing");
        let mut tx = db.read().await.unwrap();
        assert_eq!(latest(&mut tx, workspace(1)).await, Ok(8 * 32), "{}", db.engine());
    }
}

async fn look(db: &Db) {
    let mut tx = db.read().await.unwrap();
    let (count, last): (i64, i64) =
        tx.sql("select count(*), coalesce(max(seq), 0) from events").one().await.unwrap();
    assert_eq!(count, last, "{}: a number is still to come", db.engine());
    assert_eq!(latest(&mut tx, workspace(1)).await, Ok(last));
}

/// Each locks both counters; in the order of recording they would wait for each other.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn transactions_over_the_same_scopes_do_not_deadlock() {
    for db in databases().await {
        join_all((0..8_u128).map(|i| {
            let db = db.clone();
            tokio::spawn(async move {
                for _ in 0..30 {
                    let (one, two) = (workspace(1 + i % 2), workspace(2 - i % 2));
                    let events = [happened(one, "a", None), happened(two, "a", None)];
                    record(&db, events).await.unwrap();
                }
            })
        }))
        .await
        .into_iter()
        .for_each(Result::unwrap);
    }
}
