//! Whoever upgrades keeps everything.

use crate::migrate::Migration;
use crate::testing::{Floor, TestDb, floors};
use crate::{Engine, MAIN};

use super::*;

async fn count(db: &Db, table: &str) -> usize {
    let mut tx = db.read().await.unwrap();
    let text = format!("select count(*) from {table}");
    usize::try_from(tx.sql_owned(text).scalar::<i64>().await.unwrap()).unwrap()
}

/// Everything that `floor` has is in `db`, and what refers to something finds it.
async fn is_whole(db: &TestDb, floor: &Floor) {
    for table in floor.tables() {
        let what = format!("{table} of {} on {}", floor.version, db.engine());
        assert_eq!(count(db, table).await, floor.count(table), "{what}");
    }
    // PostgreSQL checks a key whenever it is made or its row is written.
    if db.engine() == Engine::Sqlite {
        let mut tx = db.read().await.unwrap();
        let broken = tx.sql("select distinct \"table\" from pragma_foreign_key_check");
        assert_eq!(broken.scalars::<String>().await.unwrap(), [""; 0]);
    }
}

#[tokio::test]
async fn every_floor_migrates_to_the_newest_and_loses_nothing() {
    let floors = floors();
    assert!(!floors.is_empty(), "the test sees nothing");
    for floor in floors {
        for db in floor.databases(MAIN, Arc::new(SystemClock)).await {
            let waiting = MAIN.migrations.iter().filter(|known| known.version > floor.version);
            let waiting: Vec<_> = waiting.map(|known| known.name).collect();
            assert_eq!(db.migrate(&SystemClock, None).await.unwrap().applied, waiting);
            is_whole(&db, &floor).await;
        }
    }
}

/// What will be done to the newest floor by the release after this one.
#[tokio::test]
async fn a_floor_stays_at_its_schema_when_migrations_grow() {
    let floor = floors().pop().unwrap();
    let text = "alter table posts add column label text;
                create table labels (post_id uuid not null primary key);
                insert into labels (post_id) select id from posts";
    let next = Migration { version: 9999, name: "labels", sqlite: text, postgres: text };
    let migrations: Vec<_> =
        MAIN.migrations.iter().map(|known| Migration { ..*known }).chain([next]).collect();
    let grown = MigrationSet { migrations: migrations.leak(), ..MAIN };
    for db in floor.databases(grown, Arc::new(SystemClock)).await {
        assert_eq!(db.pending().await.unwrap().last(), Some(&"labels"));
        db.migrate(&SystemClock, None).await.unwrap();
        is_whole(&db, &floor).await;
        assert_eq!(count(&db, "labels").await, floor.count("posts"), "{}", db.engine());
    }
}

/// What is not in it says nothing about the next upgrade.
#[tokio::test]
async fn the_newest_floor_has_something_in_every_table_of_its_time() {
    let floor = floors().pop().unwrap();
    let db = sqlite(MAIN.up_to(floor.version), Arc::new(SystemClock)).await;
    let mut tx = db.read().await.unwrap();
    let tables: Vec<String> = tx
        .sql(
            "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'
             and name not like 'migrations_%'",
        )
        .scalars()
        .await
        .unwrap();
    for table in tables {
        assert!(floor.count(&table) > 0, "nothing in {table}");
    }
}
