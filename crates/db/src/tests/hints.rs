use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;

use super::*;
use crate::testing::postgres;
use crate::{Actor, NewEvent, Scope};

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

/// Passes connections on to `port` while `is_open` says so, and ends them when it does not.
async fn doorway(port: u16, is_open: watch::Receiver<bool>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut from, _)) = listener.accept().await {
            let mut is_open = is_open.clone();
            tokio::spawn(async move {
                let passes = async {
                    let mut to = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut from, &mut to).await;
                };
                tokio::select! {
                    biased;
                    _ = is_open.wait_for(|is_open| !is_open) => {}
                    () = passes => {}
                }
            });
        }
    });
    own
}

#[tokio::test]
async fn a_node_whose_database_was_away_hears_of_it_again() {
    let Some(db) = postgres(MigrationSet::MAIN, Arc::new(SystemClock)).await else { return };
    let (door, is_open) = watch::channel(true);
    let other = db.open_through(doorway(db.port(), is_open).await).await;
    let mut hint = other.changed();
    while !stays(&mut hint).await {}

    // Long enough for an attempt at listening to fail.
    door.send_replace(false);
    tokio::time::sleep(Duration::from_millis(500)).await;
    door.send_replace(true);
    assert!(moves(&mut hint).await, "listening again is itself a hint");
    while !stays(&mut hint).await {}
    let mut tx = db.begin().await.unwrap();
    tx.wake();
    tx.commit().await.unwrap();
    assert!(moves(&mut hint).await);
}
