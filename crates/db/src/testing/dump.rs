//! A database as text, for keeping: plain statements that both engines take,
//! but for identifiers and bytes, which are written as PostgreSQL reads them.

use crate::{Db, DbError, Engine, Tx};

/// Columns that refer to a table that comes later: filled when that is there.
const LATE: &[(&str, &str)] = &[("acts", "open_attempt")];

/// Everything in `db` (SQLite), table by table in an order in which keys hold,
/// but for the list of migrations.
pub async fn dump(db: &Db) -> Result<String, DbError> {
    assert_eq!(db.engine(), Engine::Sqlite, "it asks in SQLite's own words");
    let mut tx = db.read().await?;
    let mut text = String::new();
    let mut late = String::new();
    for table in tables(&mut tx).await? {
        let columns: Vec<(String, String, i64)> = tx
            .sql("select name, lower(type), pk from pragma_table_info($1) order by cid")
            .bind(table.as_str())
            .all()
            .await?;
        let is_late = |column: &str| LATE.contains(&(table.as_str(), column));
        let now: Vec<_> = columns.iter().filter(|(name, ..)| !is_late(name)).collect();
        let names: Vec<_> = now.iter().map(|(name, ..)| name.as_str()).collect();
        let values: Vec<_> = now.iter().map(|(name, kind, _)| literal(name, kind)).collect();
        let rows: Vec<String> = tx
            .sql_owned(format!("select {} from {table} order by 1", values.join(" || ', ' || ")))
            .scalars()
            .await?;
        for row in rows {
            text.push_str(&format!("insert into {table} ({}) values ({row});\n", names.join(", ")));
        }
        for (column, kind, _) in columns.iter().filter(|(name, ..)| is_late(name)) {
            let keys = columns.iter().filter(|(.., key)| *key > 0);
            let keys: Vec<_> = keys
                .map(|(name, kind, _)| format!("'{name} = ' || {}", literal(name, kind)))
                .collect();
            let rows: Vec<String> = tx
                .sql_owned(format!(
                    "select {} || ' where ' || {} from {table} where {column} is not null order by 1",
                    literal(column, kind),
                    keys.join(" || ' and ' || ")
                ))
                .scalars()
                .await?;
            for row in rows {
                late.push_str(&format!("update {table} set {column} = {row};\n"));
            }
        }
    }
    Ok(text + &late)
}

/// An expression that writes the column's value as a literal.
fn literal(column: &str, kind: &str) -> String {
    let plain = match kind {
        "uuid" => {
            let hex = |from, count| format!("substr(lower(hex({column})), {from}, {count})");
            let groups = [hex(1, 8), hex(9, 4), hex(13, 4), hex(17, 4), hex(21, 12)];
            format!("'uuid ''' || {} || ''''", groups.join(" || '-' || "))
        }
        "bytea" => format!("'bytea ''\\x' || lower(hex({column})) || ''''"),
        "boolean" => format!("case {column} when 0 then 'false' else 'true' end"),
        _ => format!("quote({column})"),
    };
    format!("case when {column} is null then 'null' else {plain} end")
}

/// The tables in an order in which each comes after those that it refers to.
async fn tables(tx: &mut Tx) -> Result<Vec<String>, DbError> {
    let mut waiting: Vec<String> = tx
        .sql(
            "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'
             and name not like 'migrations_%' order by name",
        )
        .scalars()
        .await?;
    let keys: Vec<(String, String, String)> = tx
        .sql(
            "select s.name, k.\"from\", k.\"table\" from sqlite_schema s
             join pragma_foreign_key_list(s.name) k where s.type = 'table'",
        )
        .all()
        .await?;
    // A composite key is late as a whole: it holds as long as one column of it is empty.
    let is_late = |table: &str, to: &str| {
        keys.iter().any(|(of, column, toward)| {
            of == table && toward == to && LATE.contains(&(of.as_str(), column.as_str()))
        })
    };
    let mut ordered = Vec::new();
    while !waiting.is_empty() {
        let is_free = |table: &&String| {
            !keys.iter().any(|(from, _, to)| {
                from == *table && to != from && waiting.contains(to) && !is_late(from, to)
            })
        };
        let free: Vec<String> = waiting.iter().filter(is_free).cloned().collect();
        if free.is_empty() {
            return Err(DbError::Internal(format!("{waiting:?} refer to each other in a circle")));
        }
        waiting.retain(|table| !free.contains(table));
        ordered.extend(free);
    }
    Ok(ordered)
}
