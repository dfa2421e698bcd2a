use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use super::*;
use crate::testing::{Door, postgres};
use crate::{Actor, NewEvent, Options, Scope};

/// Longer than any machine needs, shorter than anybody's patience.
const SOON: Duration = Duration::from_secs(20);

async fn moves(hint: &mut watch::Receiver<u64>) -> bool {
    timeout(SOON, hint.changed()).await.is_ok()
}

async fn stays(hint: &mut watch::Receiver<u64>) -> bool {
    timeout(Duration::from_millis(200), hint.changed()).await.is_err()
}

#[tokio::test]
async fn changed_moves_after_an_event_or_a_wake_and_nothing_else() {
    for db in databases().await {
        let mut hint = db.changed();
        // A listener that has just begun moves it once, for what it may have missed.
        while !stays(&mut hint).await {}

        add(&db, "Quiet").await.unwrap();
        let mut tx = db.begin().await.unwrap();
        tx.wake();
        tx.rollback().await;
        assert!(stays(&mut hint).await, "{}", db.engine());

        let mut tx = db.begin().await.unwrap();
        tx.wake();
        tx.commit().await.unwrap();
        assert!(moves(&mut hint).await, "{}", db.engine());
        while !stays(&mut hint).await {}

        let mut tx = db.begin().await.unwrap();
        tx.record(NewEvent {
            scope: Scope::Workspace(WorkspaceId(new_id())),
            kind: "a",
            subject: None,
            actor: Actor { kind: "worker", id: None },
            data: serde_json::Value::Null,
        });
        tx.commit().await.unwrap();
        assert!(moves(&mut hint).await, "{}", db.engine());
    }
}

#[tokio::test]
async fn another_node_hears_of_it_even_after_its_listener_was_cut_off() {
    let Some(db) = postgres(MigrationSet::MAIN, Arc::new(SystemClock)).await else { return };
    let other = db.open_again().await;
    let mut hint = other.changed();
    while !stays(&mut hint).await {}
    for cut in [false, true] {
        if cut {
            let mut tx = db.begin().await.unwrap();
            let gone: i64 = tx
                .sql(
                    "select count(*) from (
                        select pg_terminate_backend(pid) from pg_stat_activity
                        where datname = current_database() and pid <> pg_backend_pid()
                          and query ilike 'listen%'
                    ) as ended",
                )
                .scalar()
                .await
                .unwrap();
            assert_eq!(gone, 2, "the listeners of both nodes");
            drop(tx);
            // Listening again is itself a hint, since something may have been missed.
            assert!(moves(&mut hint).await);
            while !stays(&mut hint).await {}
        }
        let mut tx = db.begin().await.unwrap();
        tx.wake();
        tx.commit().await.unwrap();
        assert!(moves(&mut hint).await, "cut: {cut}");
        while !stays(&mut hint).await {}
    }
}

#[tokio::test]
async fn a_node_whose_database_was_away_hears_of_it_again() {
    let Some(db) = postgres(MigrationSet::MAIN, Arc::new(SystemClock)).await else { return };
    let mut door = Door::before(db.url()).await;
    let options = Options {
        url: door.url.clone(),
        readers: 1,
        set: MigrationSet::MAIN,
        clock: Arc::new(SystemClock),
    };
    let other = Db::open(options).await.unwrap();
    let mut hint = other.changed();
    while !stays(&mut hint).await {}

    // Long enough for an attempt at listening to fail.
    door.shut().await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    door.open_again().await;
    assert!(moves(&mut hint).await, "listening again is itself a hint");
    while !stays(&mut hint).await {}
    let mut tx = db.begin().await.unwrap();
    tx.wake();
    tx.commit().await.unwrap();
    assert!(moves(&mut hint).await);
}
