use super::*;

/// Runs `sql`; why it failed.
async fn error(db: &Db, sql: &'static str) -> DbError {
    let mut tx = db.begin().await.unwrap();
    tx.sql(sql).execute().await.unwrap_err()
}

#[tokio::test]
async fn conflicts_are_told_alike_on_both_engines() {
    for db in databases().await {
        let mut tx = db.begin().await.unwrap();
        tx.script(
            "create table things (
                id integer not null primary key, a text not null, b integer, unique (a, b)
            );
            create unique index things_lower on things (lower(a));
            create unique index things_some on things (b) where b > 100;
            insert into things (id, a, b) values (1, 'x', 1), (2, 'y', 101)"
                .to_owned(),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        for (sql, constraint) in [
            ("insert into things (id, a) values (1, 'z')", "things(id)"),
            ("insert into things (id, a) values (3, 'X')", "things_lower"),
            ("insert into things (id, a, b) values (3, 'z', 101)", "things(b)"),
        ] {
            let error = error(&db, sql).await;
            assert!(error.is_conflict_with(constraint), "{}: {error:?}", db.engine());
            assert!(!error.is_transient());
        }
        let mut tx = db.begin().await.unwrap();
        tx.sql("drop index things_lower").execute().await.unwrap();
        tx.commit().await.unwrap();
        let pair = error(&db, "insert into things (id, a, b) values (3, 'x', 1)").await;
        assert!(pair.is_conflict_with("things(a, b)"), "{}: {pair:?}", db.engine());
    }
}

#[tokio::test]
async fn what_is_no_conflict_is_our_mistake() {
    for db in databases().await {
        for sql in [
            "insert into organizations (id, name, created_at) values (null, 'x', 0)",
            "insert into installation (id, created_at) values (2, 0)",
            "select nonsense",
            "selec",
        ] {
            let error = error(&db, sql).await;
            assert!(matches!(error, DbError::Internal(_)), "{}: {error:?}", db.engine());
            assert!(!error.is_transient());
        }
    }
}

#[tokio::test]
async fn an_error_names_the_statement_and_no_value() {
    for db in databases().await {
        let mut tx = db.begin().await.unwrap();
        let error = tx
            .sql("insert into nowhere (name) values ($1)")
            .bind("ada@example.org")
            .execute()
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains("insert into nowhere"), "{error}");
        assert!(!error.contains("ada@"), "{error}");
    }
}
