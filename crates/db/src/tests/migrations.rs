use std::os::unix::fs::PermissionsExt as _;

use bellwether_base::Clock;
use futures::future::join_all;
use tempfile::TempDir;

use super::*;
use crate::migrate::Migration;
use crate::testing::{empty_postgres, empty_sqlite};
use crate::{MigrationReport, Options};

fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

/// An empty database of each engine.
async fn empty(set: MigrationSet) -> Vec<TestDb> {
    let mut databases = vec![empty_sqlite(set, clock()).await];
    databases.extend(empty_postgres(set, clock()).await);
    databases
}

async fn migrate(db: &Db) -> Result<MigrationReport, DbError> {
    db.migrate(&SystemClock, None).await
}

const fn step(version: i64, name: &'static str, sql: &'static str) -> Migration {
    Migration { version, name, sqlite: sql, postgres: sql }
}

/// A set of its own, with these steps.
const fn set(migrations: &'static [Migration]) -> MigrationSet {
    MigrationSet { migrations, ..MigrationSet::MAIN }
}

const FIRST: Migration = step(
    1,
    "first",
    "create table ones (id integer not null primary key); insert into ones values (1)",
);
const SECOND: Migration = step(2, "second", "create table twos (id integer not null primary key)");

/// The same database, as a binary with other migrations sees it.
async fn with(db: &TestDb, set: MigrationSet) -> Db {
    let options = Options { url: db.url().to_owned(), readers: 1, set, clock: clock() };
    Db::open(options).await.unwrap()
}

#[tokio::test]
async fn an_empty_database_is_brought_up_to_date_once() {
    for db in empty(set(&[FIRST, SECOND])).await {
        assert_eq!(db.pending().await.unwrap(), ["first", "second"]);
        let report = migrate(&db).await.unwrap();
        assert_eq!(report.applied, ["first", "second"]);
        assert_eq!((report.version, report.backup), (2, None));
        assert!(db.pending().await.unwrap().is_empty());
        assert!(migrate(&db).await.unwrap().applied.is_empty());
    }
}

#[tokio::test]
async fn only_what_is_missing_is_applied() {
    for db in empty(set(&[FIRST])).await {
        migrate(&db).await.unwrap();
        let newer = with(&db, set(&[FIRST, SECOND])).await;
        assert_eq!(newer.pending().await.unwrap(), ["second"]);
        assert_eq!(migrate(&newer).await.unwrap().applied, ["second"]);
    }
}

#[tokio::test]
async fn an_older_binary_keeps_its_hands_off() {
    for db in empty(set(&[FIRST, SECOND])).await {
        migrate(&db).await.unwrap();
        let older = with(&db, set(&[FIRST])).await;
        let refused = DbError::NewerSchema { found: 2, known: 1 };
        assert_eq!(migrate(&older).await.unwrap_err(), refused, "{}", db.engine());
        assert_eq!(older.pending().await.unwrap_err(), refused, "{}", db.engine());
    }
}

#[tokio::test]
async fn a_migration_that_was_changed_afterwards_is_refused() {
    const CHANGED: Migration = step(1, "first", "create table ones (id bigint)");
    for db in empty(set(&[FIRST, SECOND])).await {
        migrate(&db).await.unwrap();
        let other = with(&db, set(&[CHANGED, SECOND])).await;
        let refused = DbError::ChangedMigration { version: 1, name: "first".to_owned() };
        assert_eq!(migrate(&other).await.unwrap_err(), refused, "{}", db.engine());
    }
}

#[tokio::test]
async fn a_migration_that_was_skipped_is_refused() {
    for db in empty(set(&[SECOND])).await {
        migrate(&db).await.unwrap();
        let other = with(&db, set(&[FIRST, SECOND])).await;
        assert!(matches!(migrate(&other).await, Err(DbError::Internal(_))), "{}", db.engine());
    }
}

#[tokio::test]
async fn a_migration_that_fails_leaves_the_old_schema_whole() {
    const BROKEN: Migration =
        step(2, "broken", "create table twos (id integer); insert into nowhere values (1)");
    for db in empty(set(&[FIRST, BROKEN])).await {
        let error = migrate(&db).await.unwrap_err().to_string();
        assert!(error.contains("broken"), "{error}");
        assert_eq!(db.pending().await.unwrap(), ["first", "broken"], "{}", db.engine());
        let mut tx = db.begin().await.unwrap();
        tx.sql("select id from ones").execute().await.unwrap_err();
        drop(tx);
        // And the database is of use to who comes next.
        let repaired = with(&db, set(&[FIRST, SECOND])).await;
        assert_eq!(migrate(&repaired).await.unwrap().applied, ["first", "second"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_nodes_one_migrates() {
    for db in empty(set(&[FIRST])).await {
        for (set, applied) in [(set(&[FIRST]), "first"), (set(&[FIRST, SECOND]), "second")] {
            let nodes = join_all((0..5).map(|_| with(&db, set))).await;
            // On SQLite they all wait at the same door until this is gone.
            let held = db.begin().await.unwrap();
            let migrating: Vec<_> = nodes
                .into_iter()
                .map(|node| tokio::spawn(async move { migrate(&node).await.unwrap().applied }))
                .collect();
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            held.rollback().await;
            let reports = join_all(migrating).await.into_iter().map(Result::unwrap);
            let did: Vec<_> = reports.filter(|applied| !applied.is_empty()).collect();
            assert_eq!(did, [[applied]], "{}", db.engine());
        }
    }
}

#[tokio::test]
async fn a_table_that_is_rebuilt_takes_no_children_along() {
    const PARENTS: Migration = step(
        1,
        "parents",
        "create table parents (id integer not null primary key);
         create table children (parent_id integer not null references parents (id) on delete cascade);
         insert into parents values (1);
         insert into children values (1)",
    );
    const REBUILT: Migration = step(
        2,
        "rebuilt",
        "create table new_parents (id integer not null primary key, name text);
         insert into new_parents (id) select id from parents;
         drop table parents;
         alter table new_parents rename to parents",
    );
    const ORPHANED: Migration = step(3, "orphaned", "delete from parents");
    let db = empty_sqlite(set(&[PARENTS, REBUILT]), clock()).await;
    migrate(&db).await.unwrap();
    let count = "select count(*) from children join parents on id = parent_id";
    assert_eq!(db.begin().await.unwrap().sql(count).scalar::<i64>().await, Ok(1));

    let wrong = with(&db, set(&[PARENTS, REBUILT, ORPHANED])).await;
    let error = migrate(&wrong).await.unwrap_err().to_string();
    assert!(error.contains("children"), "{error}");
    let mut tx = wrong.begin().await.unwrap();
    assert_eq!(tx.sql(count).scalar::<i64>().await, Ok(1), "undone");
    let keys = tx.sql("pragma foreign_keys").scalar::<i64>().await;
    assert_eq!(keys, Ok(1), "keys are checked again");
}

#[tokio::test]
async fn sqlite_is_copied_before_it_is_changed() {
    let backups = TempDir::new().unwrap();
    let db = empty_sqlite(set(&[FIRST]), clock()).await;
    let report = db.migrate(&SystemClock, Some(backups.path())).await.unwrap();
    assert_eq!(report.backup, None, "there was nothing to copy");
    let report = db.migrate(&SystemClock, Some(backups.path())).await.unwrap();
    assert_eq!(report.backup, None, "there was nothing to do");

    let newer = with(&db, set(&[FIRST, SECOND])).await;
    let report = newer.migrate(&SystemClock, Some(backups.path())).await.unwrap();
    let file = report.backup.unwrap();
    assert_eq!(file.parent(), Some(backups.path()));
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let url = format!("sqlite:{}", file.display());
    let options = Options { url, readers: 1, set: set(&[FIRST, SECOND]), clock: clock() };
    let copy = Db::open(options).await.unwrap();
    assert_eq!(copy.pending().await.unwrap(), ["second"], "as it was before");
    let mut tx = copy.read().await.unwrap();
    assert_eq!(tx.sql("select count(*) from ones").scalar::<i64>().await, Ok(1));
}

#[tokio::test]
async fn without_a_copy_nothing_is_changed() {
    let db = empty_sqlite(set(&[FIRST]), clock()).await;
    migrate(&db).await.unwrap();
    let newer = with(&db, set(&[FIRST, SECOND])).await;
    let nowhere = std::path::Path::new("/nowhere/at/all");
    let error = newer.migrate(&SystemClock, Some(nowhere)).await.unwrap_err();
    assert!(matches!(error, DbError::Unavailable(_)), "{error:?}");
    assert_eq!(newer.pending().await.unwrap(), ["second"]);
}

#[tokio::test]
async fn both_sets_live_in_one_postgres_database() {
    let Some(db) = empty_postgres(MigrationSet::MAIN, clock()).await else { return };
    migrate(&db).await.unwrap();
    let streams = with(&db, MigrationSet::STREAMS).await;
    assert_eq!(migrate(&streams).await.unwrap().applied, ["network_calls"]);
    assert!(db.pending().await.unwrap().is_empty());
}
