//! The tables are the same on both engines, and everybody knows how long they keep
//! what is in them.

use std::collections::BTreeSet;

use super::*;
use crate::testing::{empty_postgres, empty_sqlite};
use crate::{Engine, MAIN, STREAMS, retention};

/// Every table of both sets, on one engine.
pub struct Schema {
    engine: Engine,
    /// `table`
    pub tables: BTreeSet<String>,
    /// `table.column family null|not null default`
    pub columns: BTreeSet<String>,
    /// `table (columns) unique|index where`
    indexes: BTreeSet<String>,
    /// `table (columns) -> table (columns) on delete ..`
    pub keys: BTreeSet<String>,
}

#[tokio::test]
async fn both_engines_have_the_same_tables() {
    let sqlite = on_sqlite().await;
    let Some(postgres) = on_postgres().await else { return };
    assert_same(&sqlite.tables, &postgres.tables);
    assert_same(&sqlite.columns, &postgres.columns);
    assert_same(&sqlite.indexes, &postgres.indexes);
    assert_same(&sqlite.keys, &postgres.keys);
}

fn assert_same(sqlite: &BTreeSet<String>, postgres: &BTreeSet<String>) {
    assert!(!sqlite.is_empty(), "the test sees nothing");
    let only_sqlite: Vec<_> = sqlite.difference(postgres).collect();
    let only_postgres: Vec<_> = postgres.difference(sqlite).collect();
    assert!(
        only_sqlite.is_empty() && only_postgres.is_empty(),
        "only SQLite: {only_sqlite:#?}\nonly PostgreSQL: {only_postgres:#?}"
    );
}

#[tokio::test]
async fn every_table_says_how_long_it_keeps_things() {
    let declared: Vec<&str> = retention::TABLES.iter().map(|(table, _)| *table).collect();
    assert!(declared.is_sorted(), "in order, so that a line is found");
    let unique: BTreeSet<String> = declared.iter().map(ToString::to_string).collect();
    assert_eq!(unique.len(), declared.len(), "each once");
    for schema in [Some(on_sqlite().await), on_postgres().await].into_iter().flatten() {
        let undeclared: Vec<_> = schema.tables.difference(&unique).collect();
        let gone: Vec<_> = unique.difference(&schema.tables).collect();
        assert!(
            undeclared.is_empty() && gone.is_empty(),
            "{}: without a line in retention.rs: {undeclared:?}; in it but not there: {gone:?}",
            schema.engine
        );
    }
}

/// What one member of a shared commit violated would be found at that commit, and
/// fail everybody in it.
#[tokio::test]
async fn no_key_is_checked_late() {
    for set in [MAIN, STREAMS] {
        for migration in set.migrations {
            for text in [migration.sqlite, migration.postgres] {
                let late = text.to_lowercase().contains("deferr");
                assert!(!late, "{} has a deferred constraint", migration.name);
            }
        }
    }
}

pub async fn on_sqlite() -> Schema {
    let mut schema = Schema::new(Engine::Sqlite);
    for set in [MAIN, STREAMS] {
        let db = empty_sqlite(set, Arc::new(SystemClock)).await;
        db.migrate(&SystemClock, None).await.unwrap();
        let mut tx = db.read().await.unwrap();
        let columns: Vec<(String, String, String, bool, Option<String>)> = tx
            .sql(
                "select s.name, c.name, c.type, c.\"notnull\", c.dflt_value
                 from sqlite_schema s join pragma_table_info(s.name) c
                 where s.type = 'table' and s.name not like 'sqlite_%'",
            )
            .all()
            .await
            .unwrap();
        schema.add_columns(columns);
        // The key of a rowid table is no index of its own to SQLite.
        let indexes: Vec<(String, String, bool, Option<String>)> = tx
            .sql(
                "select s.name,
                        (select group_concat(coalesce(name, '?') || case \"desc\" when 1 then ' desc' else '' end)
                         from (select * from pragma_index_xinfo(i.name) where key = 1 order by seqno)),
                        i.\"unique\",
                        (select substr(sql, instr(lower(sql), ' where ') + 7) from sqlite_schema
                         where name = i.name and i.partial = 1)
                 from sqlite_schema s join pragma_index_list(s.name) i
                 where s.type = 'table'
                 union all
                 select s.name, c.name, true, null
                 from sqlite_schema s join pragma_table_info(s.name) c
                 where s.type = 'table' and c.pk = 1 and lower(c.type) = 'integer'
                   and not exists (select 1 from pragma_index_list(s.name) where origin = 'pk')",
            )
            .all()
            .await
            .unwrap();
        schema.add_indexes(indexes);
        let tables: Vec<String> = tx
            .sql("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
            .scalars()
            .await
            .unwrap();
        for table in tables {
            let keys: Vec<(String, String, String, String)> = tx
                .sql(
                    "select group_concat(\"from\"), \"table\", group_concat(coalesce(\"to\", 'id')),
                            lower(on_delete)
                     from (select * from pragma_foreign_key_list($1) order by id, seq) group by id",
                )
                .bind(table.as_str())
                .all()
                .await
                .unwrap();
            for (from, to, columns, action) in keys {
                schema
                    .keys
                    .insert(format!("{table} ({from}) -> {to} ({columns}) on delete {action}"));
            }
            schema.tables.insert(table);
        }
    }
    schema
}

async fn on_postgres() -> Option<Schema> {
    let mut schema = Schema::new(Engine::Postgres);
    for set in [MAIN, STREAMS] {
        let db = empty_postgres(set, Arc::new(SystemClock)).await?;
        db.migrate(&SystemClock, None).await.unwrap();
        let mut tx = db.read().await.unwrap();
        let columns: Vec<(String, String, String, bool, Option<String>)> = tx
            .sql(
                "select table_name::text, column_name::text, data_type::text,
                        is_nullable = 'NO', column_default::text
                 from information_schema.columns where table_schema = 'public'",
            )
            .all()
            .await
            .unwrap();
        schema.tables.extend(columns.iter().map(|column| column.0.clone()));
        schema.add_columns(columns);
        let indexes: Vec<(String, String, bool, Option<String>)> = tx
            .sql(
                "select t.relname::text,
                        (select string_agg(
                                coalesce(a.attname::text, '?')
                                || case when i.indoption[k.place - 1] & 1 = 1 then ' desc' else '' end,
                                ',' order by k.place)
                         from unnest(i.indkey) with ordinality as k (attribute, place)
                         left join pg_attribute a on a.attrelid = t.oid and a.attnum = k.attribute
                              and k.attribute > 0),
                        i.indisunique, pg_get_expr(i.indpred, i.indrelid)
                 from pg_index i join pg_class t on t.oid = i.indrelid
                 where t.relnamespace = 'public'::regnamespace",
            )
            .all()
            .await
            .unwrap();
        schema.add_indexes(indexes);
        let keys: Vec<(String, String, String, String, String)> = tx
            .sql(
                "select t.relname::text,
                        (select string_agg(a.attname::text, ',' order by k.place)
                         from unnest(c.conkey) with ordinality as k (attribute, place)
                         join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attribute),
                        r.relname::text,
                        (select string_agg(a.attname::text, ',' order by k.place)
                         from unnest(c.confkey) with ordinality as k (attribute, place)
                         join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.attribute),
                        case c.confdeltype when 'a' then 'no action' when 'r' then 'restrict'
                             when 'c' then 'cascade' when 'n' then 'set null' else 'set default' end
                 from pg_constraint c join pg_class t on t.oid = c.conrelid
                 join pg_class r on r.oid = c.confrelid
                 where c.contype = 'f' and t.relnamespace = 'public'::regnamespace",
            )
            .all()
            .await
            .unwrap();
        for (table, from, to, columns, action) in keys {
            schema.keys.insert(format!("{table} ({from}) -> {to} ({columns}) on delete {action}"));
        }
    }
    Some(schema)
}

impl Schema {
    fn new(engine: Engine) -> Self {
        Self {
            engine,
            tables: BTreeSet::new(),
            columns: BTreeSet::new(),
            indexes: BTreeSet::new(),
            keys: BTreeSet::new(),
        }
    }

    fn add_columns(&mut self, rows: Vec<(String, String, String, bool, Option<String>)>) {
        for (table, column, kind, not_null, default) in rows {
            let null = if not_null { "not null" } else { "null" };
            // PostgreSQL writes `'x'::text` where SQLite keeps `'x'`.
            let default = default.map_or(String::new(), |text| {
                format!(" default {}", text.split("::").next().unwrap_or_default())
            });
            let kind = kind.to_lowercase();
            self.columns.insert(format!("{table}.{column} {kind} {null}{default}"));
        }
    }

    fn add_indexes(&mut self, rows: Vec<(String, String, bool, Option<String>)>) {
        for (table, columns, unique, condition) in rows {
            let kind = if unique { "unique" } else { "index" };
            // Parentheses, casts and blanks are each engine's own.
            let condition = condition.map_or(String::new(), |text| {
                let plain = text.replace("::text", "").replace(['(', ')'], "").to_lowercase();
                // PostgreSQL shows a list of values as an array.
                let plain = plain.replace("= any array[", "in ").replace(']', "");
                format!(" where {}", plain.split_whitespace().collect::<Vec<_>>().join(" "))
            });
            self.indexes.insert(format!("{table} ({columns}) {kind}{condition}"));
        }
    }
}
