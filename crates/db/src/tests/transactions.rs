use std::time::Duration;

use super::*;

#[tokio::test]
async fn a_commit_keeps_everything_and_a_drop_nothing() {
    for db in databases().await {
        add(&db, "Kept").await.unwrap();
        let mut tx = db.begin().await.unwrap();
        add_in(&mut tx, "Dropped").await.unwrap();
        drop(tx);
        let mut tx = db.begin().await.unwrap();
        add_in(&mut tx, "Rolled back").await.unwrap();
        tx.rollback().await;
        assert_eq!(names(&db).await, ["Kept"], "{}", db.engine());
    }
}

#[tokio::test]
async fn after_a_failed_statement_nothing_is_kept() {
    for db in databases().await {
        let mut tx = db.begin().await.unwrap();
        add_in(&mut tx, "Before").await.unwrap();
        tx.sql("select nonsense").execute().await.unwrap_err();
        assert_eq!(add_in(&mut tx, "After").await, Err(DbError::Aborted), "{}", db.engine());
        assert_eq!(tx.commit().await, Err(DbError::Aborted), "{}", db.engine());
        assert!(names(&db).await.is_empty(), "{}", db.engine());
    }
}

#[tokio::test]
async fn after_a_cancelled_statement_nothing_is_kept() {
    for db in databases().await {
        let mut tx = db.begin().await.unwrap();
        add_in(&mut tx, "Before").await.unwrap();
        let slow = tx
            .sql(
                "with recursive n (i) as (select 1 union all select i + 1 from n where i < 100000)
                 select max(i) from n",
            )
            .execute();
        tokio::time::timeout(Duration::from_micros(100), slow).await.unwrap_err();
        assert_eq!(add_in(&mut tx, "After").await, Err(DbError::Aborted), "{}", db.engine());
        assert_eq!(tx.commit().await, Err(DbError::Aborted), "{}", db.engine());
        add(&db, "Next").await.unwrap();
        assert_eq!(names(&db).await, ["Next"], "{}", db.engine());
    }
}

#[tokio::test]
async fn one_row_that_is_not_there_ends_no_transaction() {
    for db in databases().await {
        let mut tx = db.begin().await.unwrap();
        let found = tx.sql("select name from organizations").scalar::<String>().await;
        assert_eq!(found, Err(DbError::NotFound));
        add_in(&mut tx, "After").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(names(&db).await, ["After"], "{}", db.engine());
    }
}

#[tokio::test]
async fn a_reader_stays_at_its_first_statement() {
    for db in databases().await {
        let mut tx = db.read().await.unwrap();
        let count = "select count(*) from organizations";
        assert_eq!(tx.sql(count).scalar::<i64>().await, Ok(0));
        add(&db, "Later").await.unwrap();
        assert_eq!(tx.sql(count).scalar::<i64>().await, Ok(0), "{}", db.engine());
        tx.commit().await.unwrap();
        assert_eq!(names(&db).await, ["Later"]);
    }
}

#[tokio::test]
async fn a_reader_cannot_write() {
    for db in databases().await {
        let mut tx = db.read().await.unwrap();
        add_in(&mut tx, "Sneaked in").await.unwrap_err();
        drop(tx);
        let mut tx = db.read().await.unwrap();
        tx.wake();
        assert!(matches!(tx.commit().await, Err(DbError::Internal(_))));
        assert!(names(&db).await.is_empty(), "{}", db.engine());
    }
}

/// Keys are checked when a statement ends, which must not be after its rows were believed.
#[tokio::test]
async fn a_change_that_returns_a_row_hears_of_a_broken_key() {
    let expected = Err(DbError::Conflict { constraint: "foreign key".to_owned() });
    for db in databases().await {
        let organization = add(&db, "Owner").await.unwrap();
        let mut tx = db.begin().await.unwrap();
        tx.sql(
            "insert into workspaces (id, organization_id, name, time_zone, created_at)
             values ($1, $2, 'One', 'UTC', 0), ($3, $2, 'Two', 'UTC', 0)",
        )
        .bind(new_id())
        .bind(organization)
        .bind(new_id())
        .execute()
        .await
        .unwrap();
        tx.commit().await.unwrap();
        for sql in [
            "delete from organizations where id <> $1 returning name",
            "update workspaces set organization_id = $1 returning name",
            "update organizations set id = $1 returning name",
            "insert into workspaces (id, organization_id, name, time_zone, created_at)
             select $1, $1, name, time_zone, 0 from workspaces limit 1 returning name",
        ] {
            let mut tx = db.begin().await.unwrap();
            let returned = tx.sql(sql).bind(new_id()).scalar::<String>().await;
            assert_eq!(returned, expected, "{}: {sql}", db.engine());
        }
    }
}

#[tokio::test]
async fn a_closed_database_says_so() {
    for db in databases().await {
        add(&db, "Kept").await.unwrap();
        let again = db.open_again().await;
        let clone = again.clone();
        again.close().await;
        assert!(matches!(clone.begin().await, Err(DbError::Unavailable(_))), "{}", db.engine());
        assert!(matches!(clone.read().await, Err(DbError::Unavailable(_))), "{}", db.engine());
        assert_eq!(names(&db).await, ["Kept"]);
    }
}
