//! What one row says of another is kept true by the database, and never across workspaces.

use std::collections::{BTreeMap, BTreeSet};

use super::schema::{Schema, on_sqlite};
use super::*;

/// Identifiers that are no keys, and why.
const FREE: &[(&str, &str)] = &[
    ("event_sequences.scope_id", "a workspace or an organization"),
    ("events.actor_id", "a person or a token; kept when they are gone"),
    ("events.scope_id", "a workspace or an organization"),
    ("events.subject_id", "whatever it happened to; kept when that is gone"),
    ("idempotency_keys.subject", "what a request will make, if it does"),
    ("media_holds.holder_id", "a post or an act"),
    ("network_calls.channel_id", "its rows are in another database"),
    ("network_calls.workspace_id", "its rows are in another database"),
];

/// Keys to people without the organization, and why.
const BY_ID_ALONE: &[(&str, &str)] = &[
    ("pause_scopes", "everybody's scopes belong to no organization"),
    ("sessions", "the person is all that a session belongs to"),
];

#[tokio::test]
async fn every_identifier_of_something_else_is_a_key() {
    let schema = on_sqlite().await;
    let of: BTreeSet<String> = keys(&schema)
        .into_iter()
        .flat_map(|key| key.from.into_iter().map(move |column| format!("{}.{column}", key.table)))
        .collect();
    let mut free: BTreeSet<&str> = FREE.iter().map(|(column, _)| *column).collect();
    for (table, columns) in identifiers(&schema) {
        for column in columns.iter().filter(|column| *column != "id") {
            let name = format!("{table}.{column}");
            let is_free = free.remove(name.as_str());
            assert!(of.contains(&name) != is_free, "{name} is a key or has its reason, not both");
        }
    }
    assert!(free.is_empty(), "gone: {free:?}");
}

#[tokio::test]
async fn no_key_leads_into_another_workspace_or_organization() {
    let schema = on_sqlite().await;
    let identifiers = identifiers(&schema);
    let has = |table: &str, column: &str| identifiers[table].contains(column);
    let mut alone: BTreeSet<&str> = BY_ID_ALONE.iter().map(|(table, _)| *table).collect();
    for key in keys(&schema) {
        let (table, to) = (key.table.as_str(), key.to.as_str());
        if has(table, "workspace_id") && has(to, "workspace_id") {
            assert!(key.from.contains("workspace_id"), "{table} -> {to}");
        }
        if to == "people" && !alone.remove(table) {
            assert!(key.from.contains("organization_id"), "{table} -> {to}");
        }
    }
    assert!(alone.is_empty(), "gone: {alone:?}");
}

/// `from` of `table` names a row of `to`.
struct Key {
    table: String,
    from: BTreeSet<String>,
    to: String,
}

fn keys(schema: &Schema) -> Vec<Key> {
    let read = |text: &String| {
        let (left, right) = text.split_once(" -> ")?;
        let (table, from) = left.split_once(" (")?;
        let from = from.trim_end_matches(')').split(',').map(str::to_owned).collect();
        let (to, _) = right.split_once(" (")?;
        Some(Key { table: table.to_owned(), from, to: to.to_owned() })
    };
    schema.keys.iter().map(|text| read(text).expect("as the schema's test writes it")).collect()
}

/// The columns of each table that hold ids.
fn identifiers(schema: &Schema) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> =
        schema.tables.iter().map(|table| (table.clone(), BTreeSet::new())).collect();
    for text in &schema.columns {
        let (name, kind) = text.split_once(' ').expect("a name and a type");
        let (table, column) = name.split_once('.').expect("a table and a column");
        if kind.starts_with("uuid") {
            found.entry(table.to_owned()).or_default().insert(column.to_owned());
        }
    }
    found
}

/// Somebody's workspace, with one row of each kind that refers to people or attempts.
struct Place {
    organization: Uuid,
    workspace: Uuid,
    person: Uuid,
    attempt: Uuid,
}

impl Place {
    async fn on(db: &Db) -> Self {
        let organization = add(db, "Somebody").await.unwrap();
        let [workspace, person, channel, act, attempt] = std::array::from_fn(|_| new_id());
        let mut tx = db.begin().await.unwrap();
        for (sql, ids) in [
            (
                "insert into workspaces (organization_id, id, name, time_zone, created_at)
                 values ($1, $2, 'One', 'UTC', 0)",
                vec![organization, workspace],
            ),
            (
                "insert into people (organization_id, id, email, name, password_hash, language,
                                     is_active, created_at)
                 values ($1, $2, 'a@example.org', 'Ada', 'x', 'en', true, 0)",
                vec![organization, person],
            ),
            (
                "insert into channels (workspace_id, id, network, remote_id, handle, display_name,
                                       server, state, limits, limits_at, created_at, updated_at)
                 values ($1, $2, 'n', 'r', 'h', 'd', 's', 'connected', '{}', 0, 0, 0)",
                vec![workspace, channel],
            ),
            (
                "insert into acts (workspace_id, channel_id, id, kind, state, due_at, position,
                                   created_at, updated_at)
                 values ($1, $2, $3, 'refresh', 'working', 0, 0, 0, 0)",
                vec![workspace, channel, act],
            ),
            (
                "insert into attempts (workspace_id, act_id, id, number, step, is_harmless, fence,
                                       worker, epoch, started_at, send_by, timeout)
                 values ($1, $2, $3, 1, 'refresh', false, 1, 'w', 1, 0, 0, 0)",
                vec![workspace, act, attempt],
            ),
        ] {
            run(&mut tx, sql, &ids).await.unwrap();
        }
        tx.commit().await.unwrap();
        Self { organization, workspace, person, attempt }
    }
}

async fn run(tx: &mut crate::Tx, sql: &'static str, ids: &[Uuid]) -> Result<u64, DbError> {
    let mut query = tx.sql(sql);
    for id in ids {
        query = query.bind(*id);
    }
    query.execute().await
}

#[tokio::test]
async fn nobody_of_another_organization_and_nothing_of_another_workspace_is_named() {
    const POST: &str = "insert into posts (organization_id, workspace_id, author_id, id, state,
                                           revision, content, created_at, updated_at)
                        values ($1, $2, $3, $2, 'draft', 1, '{}', 0, 0)";
    const MEDIUM: &str = "insert into media (organization_id, workspace_id, created_by, hash, mime,
                              bytes, width, height, name, created_at, touched_at)
                          values ($1, $2, $3, 'h', 'image/png', 1, 1, 1, 'n', 0, 0)";
    const DELIVERY: &str = "insert into deliveries (organization_id, workspace_id, created_by, id,
                                post_id, channel_id, state, planned_at, planned_local,
                                planned_zone, grace_from, created_at, updated_at, parts)
                            select $1, $2, $3, $2, $2, id, 'scheduled', 0, 't', 'UTC', 0, 0, 0, 1
                            from channels where workspace_id = $2";
    const OPEN: &str = "update acts set open_attempt = $2 where workspace_id = $1";
    let refused = Err(DbError::Conflict { constraint: "foreign key".to_owned() });
    for db in databases().await {
        let (ours, theirs) = (Place::on(&db).await, Place::on(&db).await);
        let own = [ours.organization, ours.workspace, ours.person];
        let others_person = [ours.organization, ours.workspace, theirs.person];
        let others_place = [theirs.organization, ours.workspace, theirs.person];
        for sql in [POST, MEDIUM, DELIVERY] {
            for ids in [others_person, others_place] {
                let mut tx = db.begin().await.unwrap();
                assert_eq!(run(&mut tx, sql, &ids).await, refused, "{}: {sql}", db.engine());
            }
            let mut tx = db.begin().await.unwrap();
            assert_eq!(run(&mut tx, sql, &own).await, Ok(1), "{}: {sql}", db.engine());
            tx.commit().await.unwrap();
        }
        for (attempt, answer) in [(theirs.attempt, refused.clone()), (ours.attempt, Ok(1))] {
            let mut tx = db.begin().await.unwrap();
            assert_eq!(run(&mut tx, OPEN, &[ours.workspace, attempt]).await, answer);
        }
        let mut tx = db.begin().await.unwrap();
        let paused = "update pause_scopes set paused_by = $1";
        assert_eq!(run(&mut tx, paused, &[new_id()]).await, refused);
    }
}
