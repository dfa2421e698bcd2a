use bellwether_base::{Instant, OrganizationId};

use super::*;
use crate::{FromRow, Json, fragments};

#[derive(Debug, Clone, PartialEq, FromRow)]
struct Everything {
    id: OrganizationId,
    at: Instant,
    small: i32,
    real: f64,
    yes: bool,
    words: String,
    bytes: Vec<u8>,
    json: Json<Vec<u8>>,
}

#[derive(Debug, Clone, PartialEq, FromRow)]
struct Nothing {
    id: Option<OrganizationId>,
    at: Option<Instant>,
    small: Option<i32>,
    real: Option<f64>,
    yes: Option<bool>,
    words: Option<String>,
    bytes: Option<Vec<u8>>,
    json: Option<Json<Vec<u8>>>,
}

const EVERY_TYPE: &str = "create table every_type (
    id uuid, at bigint, small integer, real double precision, yes boolean, words text,
    bytes bytea, json text
)";

const INSERT: &str = "insert into every_type (id, at, small, real, yes, words, bytes, json)
     values ($1, $2, $3, $4, $5, $6, $7, $8)";

#[tokio::test]
async fn every_portable_type_comes_back_as_it_went_in() {
    for db in databases().await {
        let mut tx = db.begin().await.unwrap();
        tx.sql(EVERY_TYPE).execute().await.unwrap();
        for (real, words, json) in [
            (0.1, "0123", vec![]),
            (3.0, "", vec![7]),
            (-1e300, "Zoë ☕ 早\u{1f468}\u{200d}\u{1f33e}", vec![1, 2]),
        ] {
            let row = Everything {
                id: OrganizationId(new_id()),
                at: Instant::from_millis(i64::MAX),
                small: i32::MIN,
                real,
                yes: real > 0.0,
                words: words.to_owned(),
                bytes: vec![0, 255, 39],
                json: Json(json),
            };
            let Everything { id, at, small, real, yes, words, bytes, json } = row.clone();
            tx.sql(INSERT)
                .bind(id)
                .bind(at)
                .bind(small)
                .bind(real)
                .bind(yes)
                .bind(words.as_str())
                .bind(bytes.as_slice())
                .bind(json)
                .execute()
                .await
                .unwrap();
            let read: Everything = tx
                .sql("select * from every_type where id = $1 and words = $2 and bytes = $3")
                .bind(id)
                .bind(words)
                .bind(bytes)
                .one()
                .await
                .unwrap();
            assert_eq!(read, row, "{}", db.engine());
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
enum State {
    Draft,
    InReview,
}

#[derive(Debug, PartialEq, FromRow)]
struct Stateful {
    words: State,
    missing: Option<State>,
}

#[tokio::test]
async fn an_enum_is_kept_as_its_name() {
    for db in databases().await {
        let mut tx = db.begin().await.unwrap();
        tx.sql(EVERY_TYPE).execute().await.unwrap();
        for state in [State::Draft, State::InReview] {
            tx.sql("insert into every_type (words) values ($1)")
                .bind(state)
                .execute()
                .await
                .unwrap();
        }
        let row: Stateful = tx
            .sql(
                "select words, cast(null as text) as missing from every_type
                 where words = $1 and words = 'in_review'",
            )
            .bind(Some(State::InReview))
            .one()
            .await
            .unwrap();
        assert_eq!(row, Stateful { words: State::InReview, missing: None }, "{}", db.engine());
    }
}

#[tokio::test]
async fn every_portable_type_may_be_null() {
    for db in databases().await {
        let mut tx = db.begin().await.unwrap();
        tx.sql(EVERY_TYPE).execute().await.unwrap();
        tx.sql(INSERT)
            .bind(None::<OrganizationId>)
            .bind(None::<Instant>)
            .bind(None::<i32>)
            .bind(None::<f64>)
            .bind(None::<bool>)
            .bind(None::<&str>)
            .bind(None::<Vec<u8>>)
            .bind(None::<Json<Vec<u8>>>)
            .execute()
            .await
            .unwrap();
        let Nothing { id, at, small, real, yes, words, bytes, json } =
            tx.sql("select * from every_type").one().await.unwrap();
        assert_eq!((id, at, small, real), (None, None, None, None));
        assert_eq!((yes, words, bytes, json), (None, None, None, None));
    }
}

#[tokio::test]
async fn results_that_are_computed_have_one_type_on_both() {
    for db in databases().await {
        let mut tx = db.begin().await.unwrap();
        add_in(&mut tx, "One").await.unwrap();
        add_in(&mut tx, "Two").await.unwrap();
        let row: (i64, i64, bool, Option<i64>, f64) = tx
            .sql(
                "select count(*), cast(sum(created_at) + 2 as bigint), count(*) = 2,
                        max(created_at), cast(avg(created_at) as double precision)
                 from organizations where created_at >= $1",
            )
            .bind(0_i64)
            .one()
            .await
            .unwrap();
        assert_eq!(row, (2, 2, true, Some(0), 0.0), "{}", db.engine());
        let there: bool =
            tx.sql("select exists (select 1 from organizations)").scalar().await.unwrap();
        assert!(there);
    }
}

#[tokio::test]
async fn upserts_updates_and_windows_read_alike() {
    for db in databases().await {
        let mut tx = db.begin().await.unwrap();
        let ada = add_in(&mut tx, "Ada's").await.unwrap();
        let noor = add_in(&mut tx, "Noor's").await.unwrap();
        let name: String = tx
            .sql(
                "insert into organizations (id, name, created_at) values ($1, 'New', 0)
                 on conflict (id) do update set name = organizations.name || excluded.name
                 returning name",
            )
            .bind(ada)
            .scalar()
            .await
            .unwrap();
        assert_eq!(name, "Ada'sNew");
        let changed = tx
            .sql("update organizations set created_at = 5 where id = $1")
            .bind(noor)
            .execute()
            .await;
        assert_eq!(changed, Ok(1));
        let none = tx
            .sql("update organizations set created_at = 5 where id = $1")
            .bind(new_id())
            .execute()
            .await;
        assert_eq!(none, Ok(0));
        let engine = db.engine();
        let claimed: Vec<Uuid> = tx
            .sql_owned(format!(
                "update organizations set created_at = created_at + 1 where id in (
                     select id from organizations where created_at <= $1
                     order by created_at limit $2{}
                 ) returning id",
                fragments::skip_locked(engine)
            ))
            .bind(4_i64)
            .bind(10_i64)
            .scalars()
            .await
            .unwrap();
        assert_eq!(claimed, [ada]);
        let ranked: Vec<(String, i64)> = tx
            .sql_owned(format!(
                "with ranked as (
                     select name, row_number() over (order by created_at desc) as place
                     from organizations where id in ({})
                 ) select name, place from ranked order by place",
                fragments::placeholders(1, 2)
            ))
            .bind(ada)
            .bind(noor)
            .all()
            .await
            .unwrap();
        assert_eq!(ranked, [("Noor's".to_owned(), 1), ("Ada'sNew".to_owned(), 2)]);
        let (more, less): (i64, i64) = tx
            .sql_owned(format!(
                "select {}($1, $2), {}($1, $2)",
                fragments::greatest(engine),
                fragments::least(engine)
            ))
            .bind(3_i64)
            .bind(9_i64)
            .one()
            .await
            .unwrap();
        assert_eq!((more, less), (9, 3));
    }
}

#[tokio::test]
async fn text_is_ordered_by_its_bytes_and_nulls_where_told() {
    for db in databases().await {
        let mut tx = db.begin().await.unwrap();
        tx.sql(EVERY_TYPE).execute().await.unwrap();
        for words in [Some("b"), None, Some("Ä"), Some("B"), Some("a"), Some("早"), Some("")] {
            tx.sql("insert into every_type (words) values ($1)")
                .bind(words)
                .execute()
                .await
                .unwrap();
        }
        let ordered: Vec<Option<String>> = tx
            .sql_owned(format!(
                "select words from every_type order by words{} nulls last",
                fragments::by_bytes(db.engine())
            ))
            .scalars()
            .await
            .unwrap();
        let ordered: Vec<_> = ordered.iter().map(Option::as_deref).collect();
        let expected = [Some(""), Some("B"), Some("a"), Some("b"), Some("Ä"), Some("早"), None];
        assert_eq!(ordered, expected, "{}", db.engine());
    }
}

#[tokio::test]
async fn rows_that_are_locked_to_share_may_be_read_by_others() {
    for db in databases().await {
        add(&db, "Shared").await.unwrap();
        let mut tx = db.begin().await.unwrap();
        let sql = format!("select name from organizations{}", fragments::share_lock(db.engine()));
        let name: String = tx.sql_owned(sql).scalar().await.unwrap();
        assert_eq!(name, "Shared");
        let sql = format!("select name from organizations{}", fragments::update_lock(db.engine()));
        tx.sql_owned(sql).scalar::<String>().await.unwrap();
        assert_eq!(names(&db).await, ["Shared"]);
    }
}
