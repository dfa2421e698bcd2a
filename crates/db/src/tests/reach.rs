//! A server that is away says so, as it is, and is noticed when it is back.

use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::timeout;

use super::*;
use crate::testing::{Door, guarded_login, postgres};
use crate::{Absence, Options};

async fn open(url: String) -> Result<Db, DbError> {
    Db::open(Options { url, readers: 4, set: MigrationSet::MAIN, clock: Arc::new(SystemClock) })
        .await
}

async fn refusal(url: String) -> (Absence, String) {
    let error = open(url).await.unwrap_err();
    let said = format!("{error} {error:?}");
    assert!(!said.contains("hunter2"), "{said}");
    match error {
        DbError::Away { ref why, .. } => (why.clone(), error.to_string()),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_port_on_which_nobody_listens_is_told_at_once_and_with_its_place() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let begun = std::time::Instant::now();
    let (why, said) = refusal(format!("postgres://ada:hunter2@{free}/lune")).await;
    assert!(matches!(why, Absence::Unreachable(_)), "{said}");
    assert_eq!(said, format!("the database lune at {free} does not answer: connection refused"));
    assert!(begun.elapsed() < Duration::from_secs(30), "not after the pool's patience");
}

/// Somebody takes the connection and says nothing: a machine that hangs.
#[tokio::test]
async fn a_server_that_says_nothing_does_not_answer() {
    let mute = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (why, said) =
        refusal(format!("postgres://ada:hunter2@{}/lune", mute.local_addr().unwrap())).await;
    assert!(matches!(why, Absence::Unreachable(_)), "{said}");
    assert!(said.ends_with("no answer within 3 seconds"), "{said}");
}

#[tokio::test]
async fn a_login_that_is_refused_and_a_database_that_is_not_there_are_told_apart() {
    let Some(db) = postgres(MigrationSet::MAIN, Arc::new(SystemClock)).await else { return };
    let (why, said) = refusal(format!("{}_not", db.url())).await;
    assert_eq!(why, Absence::NoSuchDatabase);
    assert!(said.contains("has no database bellwether_test_"), "{said}");

    let Some(right) = guarded_login(&db).await else { return };
    open(right.clone()).await.unwrap().close().await;
    let wrong = right.replace(":right@", ":hunter2@");
    let (why, said) = refusal(wrong).await;
    assert!(matches!(why, Absence::LoginRefused(_)), "{said}");
    assert!(said.contains("refuses the login of bellwether_guarded"), "{said}");
}

#[tokio::test]
async fn a_server_that_goes_away_is_told_at_once_until_it_is_back() {
    const SOON: Duration = Duration::from_secs(20);
    let Some(test) = postgres(MigrationSet::MAIN, Arc::new(SystemClock)).await else { return };
    let mut door = Door::before(test.url()).await;
    let db = open(door.url.clone()).await.unwrap();
    let mut away = db.away();
    assert_eq!(*away.borrow(), None);
    // Connections that will be dead when the server is back.
    let (first, second) = (db.begin().await.unwrap(), db.read().await.unwrap());
    first.rollback().await;
    second.rollback().await;
    // So that it is the listener who is asked, and not luck.
    let mut hint = db.changed();
    if *hint.borrow() == 0 {
        timeout(SOON, hint.changed()).await.unwrap().unwrap();
    }

    door.shut().await;
    timeout(SOON, away.wait_for(Option::is_some)).await.unwrap().unwrap();
    for tried in [db.begin().await.map(drop), db.read().await.map(drop)] {
        let error = tried.unwrap_err();
        assert!(error.is_away() && error.is_transient(), "{error}");
        assert!(error.to_string().contains(door.address()), "{error}");
    }

    door.open_again().await;
    timeout(SOON, away.wait_for(Option::is_none)).await.unwrap().unwrap();
    // At the first try: nobody is handed a connection to the server that has gone.
    for _ in 0..3 {
        add(&db, "Lune").await.unwrap();
    }
    db.close().await;
}

/// A server that is started again within a moment: whoever asks then finds it there.
#[tokio::test]
async fn nobody_is_handed_a_connection_that_was_cut_off() {
    const SOON: Duration = Duration::from_secs(20);
    let Some(test) = postgres(MigrationSet::MAIN, Arc::new(SystemClock)).await else { return };
    let db = open(test.url().to_owned()).await.unwrap();
    let mut hint = db.changed();
    if *hint.borrow() == 0 {
        timeout(SOON, hint.changed()).await.unwrap().unwrap();
    }
    let (first, second) = (db.begin().await.unwrap(), db.read().await.unwrap());
    first.rollback().await;
    second.rollback().await;

    let mut tx = test.begin().await.unwrap();
    let cut = "select count(*) from (select pg_terminate_backend(pid) from pg_stat_activity \
        where datname = current_database() and pid <> pg_backend_pid()) as ended";
    assert!(tx.sql(cut).scalar::<i64>().await.unwrap() >= 3, "two connections and a listener");
    drop(tx);
    hint.mark_unchanged();
    timeout(SOON, hint.changed()).await.expect("the listener is back").unwrap();
    for _ in 0..3 {
        add(&db, "Lune").await.unwrap();
    }
    db.close().await;
}
