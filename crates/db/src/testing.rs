//! Fresh databases for tests: SQLite always, PostgreSQL where there is one.
//!
//! The server is the one in `BELLWETHER_TEST_POSTGRES` (an address whose user may
//! create databases), or one that `tests/targets/postgres` starts for this process
//! and that goes when it does. Where neither is to be had, a line on standard error
//! says that PostgreSQL was left out, so that nobody takes half a run for a whole.

mod door;
mod dump;
mod floors;

use std::io::{BufRead as _, BufReader, Write as _};
use std::ops::Deref;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, LazyLock};

use bellwether_base::{Clock, Rng as _, SystemClock, SystemRng};
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tempfile::TempDir;

use crate::{Db, MigrationSet, Options};

pub use door::Door;
pub use dump::dump;
pub use floors::{Floor, floors, floors_dir};

/// A database of its own for one test, gone with it.
pub struct TestDb {
    db: Db,
    url: String,
    set: MigrationSet,
    clock: Arc<dyn Clock>,
    /// Where the file of a SQLite database is.
    dir: Option<TempDir>,
    /// The name of a PostgreSQL database.
    name: Option<String>,
}

/// A migrated database of each engine, with the machine's own clock.
pub async fn databases() -> Vec<TestDb> {
    databases_with(MigrationSet::MAIN, Arc::new(SystemClock)).await
}

/// A migrated database of each engine.
pub async fn databases_with(set: MigrationSet, clock: Arc<dyn Clock>) -> Vec<TestDb> {
    let mut databases = vec![sqlite(set, clock.clone()).await];
    databases.extend(postgres(set, clock).await);
    databases
}

/// A migrated SQLite database.
pub async fn sqlite(set: MigrationSet, clock: Arc<dyn Clock>) -> TestDb {
    let test = empty_sqlite(set, clock).await;
    test.migrate(test.clock.as_ref(), None).await.expect("the migrations run on SQLite");
    test
}

/// A SQLite database without a table.
pub async fn empty_sqlite(set: MigrationSet, clock: Arc<dyn Clock>) -> TestDb {
    let dir = TempDir::new().expect("a temporary folder");
    let url = format!("sqlite:{}", dir.path().join("test.db").display());
    let db = open(&url, set, &clock).await;
    TestDb { db, url, set, clock, dir: Some(dir), name: None }
}

/// A migrated PostgreSQL database, where there is a server.
pub async fn postgres(set: MigrationSet, clock: Arc<dyn Clock>) -> Option<TestDb> {
    let server = SERVER.as_ref()?;
    let template = server.template(set).await;
    Some(server.create(set, clock, &template).await)
}

/// A PostgreSQL database without a table, where there is a server.
pub async fn empty_postgres(set: MigrationSet, clock: Arc<dyn Clock>) -> Option<TestDb> {
    Some(SERVER.as_ref()?.create(set, clock, "template1").await)
}

/// The address of `db` for a user whose password, `right`, is asked for, where the
/// server is one that asks.
pub async fn guarded_login(db: &TestDb) -> Option<String> {
    let server = SERVER.as_ref()?;
    let mut connection = server.connect().await;
    let asks: bool = sqlx::query_scalar(
        "select exists (select 1 from pg_hba_file_rules
         where auth_method = 'scram-sha-256' and 'bellwether_guarded' = any (user_name))",
    )
    .fetch_one(&mut connection)
    .await
    .expect("the test server tells its rules");
    let _ = connection.close().await;
    if !asks {
        let _ =
            writeln!(std::io::stderr(), "left out: a wrong password (the server asks for none)");
        return None;
    }
    // Others may be doing the same at the same time.
    server
        .run(
            "do $$ begin
                 perform pg_advisory_xact_lock(7);
                 if not exists (select 1 from pg_roles where rolname = 'bellwether_guarded') then
                     create role bellwether_guarded login superuser password 'right';
                 end if;
             end $$"
                .to_owned(),
        )
        .await;
    let (_, address) = db.url().split_once('@')?;
    Some(format!("postgres://bellwether_guarded:right@{address}"))
}

impl TestDb {
    /// The same database once more, as a second node would open it.
    pub async fn open_again(&self) -> Db {
        open(&self.url, self.set, &self.clock).await
    }

    /// The streams that belong to it: on SQLite a file beside it, on PostgreSQL
    /// tables in the same database. Migrated.
    pub async fn streams(&self) -> Db {
        let url = match self.dir() {
            Some(dir) => format!("sqlite:{}", dir.join("streams.db").display()),
            None => self.url.clone(),
        };
        let streams = open(&url, MigrationSet::STREAMS, &self.clock).await;
        streams.migrate(self.clock.as_ref(), None).await.expect("the migrations run");
        streams
    }

    /// Loses every hint of those who open it from now on. (On SQLite nobody
    /// hears of another process anyway.)
    pub async fn lose_hints(&self) {
        let Some(name) = &self.name else { return };
        let mut connection = PgConnection::connect(&self.url).await.expect("it answers");
        // Found before the engine's own function of this name, by whoever looks here first.
        let script = format!(
            "create function public.pg_notify(text, text) returns void language sql as 'select';
             alter database {name} set search_path = public, pg_catalog"
        );
        let done = sqlx::raw_sql(AssertSqlSafe(script)).execute(&mut connection).await;
        done.expect("the test server does as it is told");
        let _ = connection.close().await;
    }

    /// The address of the database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder of a SQLite database.
    pub fn dir(&self) -> Option<&Path> {
        self.dir.as_ref().map(TempDir::path)
    }
}

impl Deref for TestDb {
    type Target = Db;

    fn deref(&self) -> &Db {
        &self.db
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let (Some(name), Some(server)) = (self.name.take(), SERVER.as_ref()) else { return };
        // On a thread of its own, because the test's runtime cannot be waited for from within.
        let _ = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                server.run(format!("drop database if exists {name} with (force)")).await;
            });
        })
        .join();
    }
}

async fn open(url: &str, set: MigrationSet, clock: &Arc<dyn Clock>) -> Db {
    let options = Options { url: url.to_owned(), readers: 4, set, clock: clock.clone() };
    Db::open(options).await.expect("the database opens")
}

static SERVER: LazyLock<Option<Server>> = LazyLock::new(Server::find);

struct Server {
    /// Up to the name of the database.
    base: String,
    /// What comes after the name: a question mark and settings, or nothing.
    settings: String,
    /// Ours. Its standard input closes with this process, which ends it.
    _child: Option<Child>,
}

impl Server {
    fn find() -> Option<Self> {
        if let Ok(url) = std::env::var("BELLWETHER_TEST_POSTGRES") {
            return Some(Self::at(&url, None));
        }
        let program = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/targets/postgres");
        let started = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut line = String::new();
        let child = started.ok().and_then(|mut child| {
            BufReader::new(child.stdout.take()?).read_line(&mut line).ok()?;
            Some(child)
        });
        let said: Option<serde_json::Value> = serde_json::from_str(&line).ok();
        if let Some(url) = said.as_ref().and_then(|said| said["url"].as_str()) {
            return Some(Self::at(url, child));
        }
        // Not `eprintln`, which a test that passes would keep to itself.
        let _ = writeln!(std::io::stderr(), "left out: PostgreSQL ({program} started no server)");
        None
    }

    fn at(url: &str, child: Option<Child>) -> Self {
        let (address, settings) = url.split_at(url.find('?').unwrap_or(url.len()));
        let (base, _) = address.rsplit_once('/').expect("an address with a database");
        Self { base: base.to_owned(), settings: settings.to_owned(), _child: child }
    }

    fn url(&self, database: &str) -> String {
        format!("{}/{database}{}", self.base, self.settings)
    }

    async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url("postgres")).await.expect("the test server answers")
    }

    async fn run(&self, sql: String) {
        let mut connection = self.connect().await;
        let done = sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await;
        done.expect("the test server does as it is told");
        let _ = connection.close().await;
    }

    async fn create(&self, set: MigrationSet, clock: Arc<dyn Clock>, template: &str) -> TestDb {
        let mut random = [0; 8];
        SystemRng.fill(&mut random);
        let name = format!("bellwether_test_{:016x}", number(&random));
        self.run(format!("create database {name} template {template}")).await;
        let url = self.url(&name);
        let db = open(&url, set, &clock).await;
        TestDb { db, url, set, clock, dir: None, name: Some(name) }
    }

    /// A migrated database to copy from, made once per server and schema.
    async fn template(&self, set: MigrationSet) -> String {
        let mut hash = Sha256::new();
        hash.update(set.table);
        for migration in set.migrations {
            hash.update(migration.postgres);
        }
        let name = format!("bellwether_template_{:016x}", number(&hash.finalize()));
        let mut connection = self.connect().await;
        sqlx::query("select pg_advisory_lock($1)")
            .bind(set.lock)
            .execute(&mut connection)
            .await
            .expect("the test server locks");
        let there: bool =
            sqlx::query_scalar("select exists (select 1 from pg_database where datname = $1)")
                .bind(&name)
                .fetch_one(&mut connection)
                .await
                .expect("the test server lists its databases");
        if !there {
            let unfinished = format!("{name}_unfinished");
            self.run(format!("drop database if exists {unfinished} with (force)")).await;
            self.run(format!("create database {unfinished}")).await;
            let clock: Arc<dyn Clock> = Arc::new(SystemClock);
            let db = open(&self.url(&unfinished), set, &clock).await;
            db.migrate(&SystemClock, None).await.expect("the migrations run on PostgreSQL");
            db.close().await;
            self.run(format!("alter database {unfinished} rename to {name}")).await;
        }
        let _ = connection.close().await;
        name
    }
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}
