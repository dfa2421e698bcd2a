//! Filled databases of earlier releases, each at the schema that it had then.

use std::path::PathBuf;
use std::sync::Arc;

use bellwether_base::Clock;

use super::{TestDb, empty_postgres, empty_sqlite, open};
use crate::{Engine, MigrationSet};

/// What somebody had when `version` was the newest migration.
#[derive(Debug, Clone)]
pub struct Floor {
    /// The number of its newest migration.
    pub version: i64,
    /// Its rows, as [`dump`](super::dump) wrote them.
    pub rows: String,
}

/// Where the floors of the main set are kept: `main-0007.sql`.
pub fn floors_dir() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures"))
}

/// All floors of the main set, oldest first.
pub fn floors() -> Vec<Floor> {
    let files = std::fs::read_dir(floors_dir()).expect("the folder of fixtures is there");
    let mut floors: Vec<Floor> = files
        .map(|file| {
            let path = file.expect("a readable entry").path();
            let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a plain name");
            let version = stem.strip_prefix("main-").and_then(|number| number.parse().ok());
            Floor {
                version: version.unwrap_or_else(|| panic!("not a floor: {}", path.display())),
                rows: std::fs::read_to_string(&path).expect("it reads"),
            }
        })
        .collect();
    floors.sort_by_key(|floor| floor.version);
    floors
}

impl Floor {
    /// How many rows of `table` it has.
    pub fn count(&self, table: &str) -> usize {
        self.rows.matches(&format!("insert into {table} (")).count()
    }

    /// The tables that it has rows of.
    pub fn tables(&self) -> Vec<&str> {
        let lines = self.rows.split(";\n").filter_map(|line| line.strip_prefix("insert into "));
        let mut tables: Vec<_> = lines.filter_map(|line| line.split(' ').next()).collect();
        tables.dedup();
        tables
    }

    /// A database of each engine as it was left then: whoever opens it has `set`
    /// to migrate to.
    pub async fn databases(&self, set: MigrationSet, clock: Arc<dyn Clock>) -> Vec<TestDb> {
        let then = set.up_to(self.version);
        let mut found = vec![empty_sqlite(then, clock.clone()).await];
        found.extend(empty_postgres(then, clock.clone()).await);
        for test in &mut found {
            test.migrate(test.clock.as_ref(), None).await.expect("the migrations of then run");
            let rows = match test.engine() {
                Engine::Sqlite => sqlites(&self.rows),
                Engine::Postgres => self.rows.clone(),
            };
            let mut tx = test.begin().await.expect("a transaction");
            tx.script("delete from pause_scopes".to_owned())
                .await
                .expect("it was empty but for this");
            tx.script(rows).await.expect("its rows go in");
            tx.commit().await.expect("and stay");
            test.db = open(&test.url, set, &clock).await;
            test.set = set;
        }
        found
    }
}

/// The same statements with identifiers and bytes as SQLite reads them.
fn sqlites(rows: &str) -> String {
    let mut text = String::with_capacity(rows.len());
    let mut rest = rows;
    while let Some(at) = rest.find("uuid '").into_iter().chain(rest.find("bytea '\\x")).min() {
        let (before, literal) = rest.split_at(at);
        let (_, value) = literal.split_once('\'').expect("it was just found");
        let (value, after) = value.split_once('\'').expect("a literal ends");
        let hex: String = value.chars().filter(char::is_ascii_hexdigit).collect();
        text.push_str(before);
        text.push_str(&format!("x'{hex}'"));
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::sqlites;

    #[test]
    fn identifiers_and_bytes_are_written_as_sqlite_reads_them() {
        let rows = "values (uuid '0193-ab', bytea '\\x00ff', 'it''s', null, bytea '\\x', true)";
        assert_eq!(sqlites(rows), "values (x'0193ab', x'00ff', 'it''s', null, x'', true)");
    }
}
