use std::os::unix::fs::PermissionsExt as _;

use bellwether_base::Clock as _;

use super::*;
use crate::testing::postgres;
use crate::{Engine, Options, Tx};

async fn setting(tx: &mut Tx, sql: &'static str) -> String {
    tx.sql(sql).scalar().await.unwrap()
}

async fn number(tx: &mut Tx, sql: &'static str) -> i64 {
    tx.sql(sql).scalar().await.unwrap()
}

#[tokio::test]
async fn sqlite_waits_for_the_disk_and_checks_keys() {
    let db = only_sqlite().await;
    let mut writer = db.begin().await.unwrap();
    let mut reader = db.read().await.unwrap();
    for tx in [&mut writer, &mut reader] {
        assert_eq!(setting(tx, "pragma journal_mode").await, "wal");
        assert_eq!(number(tx, "pragma synchronous").await, 2, "full");
        assert_eq!(number(tx, "pragma foreign_keys").await, 1);
        assert_eq!(number(tx, "pragma busy_timeout").await, 5000);
    }
    assert_eq!(number(&mut reader, "pragma query_only").await, 1);
    assert_eq!(number(&mut writer, "pragma query_only").await, 0);
}

#[tokio::test]
async fn postgres_waits_for_the_disk_whatever_the_database_is_set_to() {
    let Some(db) = postgres(MigrationSet::MAIN, Arc::new(SystemClock)).await else { return };
    let mut tx = db.begin().await.unwrap();
    let name = setting(&mut tx, "select current_database()::text").await;
    tx.sql_owned(format!("alter database {name} set synchronous_commit = off"))
        .execute()
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let again = db.open_again().await;
    let mut tx = again.begin().await.unwrap();
    assert_eq!(setting(&mut tx, "show synchronous_commit").await, "on");
    assert_eq!(setting(&mut tx, "show statement_timeout").await, "30s");
    assert_eq!(setting(&mut tx, "show lock_timeout").await, "10s");
    assert_eq!(setting(&mut tx, "show transaction_isolation").await, "read committed");
    let mut tx = again.read().await.unwrap();
    assert_eq!(setting(&mut tx, "show transaction_isolation").await, "repeatable read");
    assert_eq!(setting(&mut tx, "show transaction_read_only").await, "on");
}

#[tokio::test]
async fn the_files_are_for_their_owner_alone() {
    let db = only_sqlite().await;
    add(&db, "Something").await.unwrap();
    let mut seen = 0;
    for entry in std::fs::read_dir(db.dir().unwrap()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.file_name());
        seen += 1;
    }
    assert_eq!(seen, 3, "the file, its log and its index");
}

#[tokio::test]
async fn an_address_that_makes_no_sense_is_refused() {
    for url in
        ["sqlite::memory:", "sqlite:", "mysql://localhost/x", "/tmp/x.db", "postgres://a:b:c"]
    {
        let options = Options {
            url: url.to_owned(),
            readers: 1,
            set: MigrationSet::MAIN,
            clock: Arc::new(SystemClock),
        };
        let error = Db::open(options).await.unwrap_err();
        assert!(matches!(error, DbError::Address(_)), "{url}: {error:?}");
    }
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_not_made() {
    let options = Options {
        url: "sqlite:/nowhere/at/all/x.db".to_owned(),
        readers: 1,
        set: MigrationSet::MAIN,
        clock: Arc::new(SystemClock),
    };
    assert!(matches!(Db::open(options).await, Err(DbError::Unavailable(_))));
}

#[tokio::test]
async fn only_a_server_has_a_clock_of_its_own() {
    for db in databases().await {
        let time = db.server_time().await.unwrap();
        match db.engine() {
            Engine::Sqlite => assert_eq!(time, None),
            Engine::Postgres => {
                let apart = (time.unwrap().millis() - SystemClock.now().millis()).abs();
                assert!(apart < 60_000, "{apart} ms apart on one machine");
            }
        }
    }
}
