//! Opening PostgreSQL: a pool, and the two tasks that carry hints between nodes.
//!
//! A hint is a NOTIFY without data. It is sent after the commit, by a task, and
//! many commits in a row share one: inside the transaction it would make all
//! commits of the whole database wait for each other, because PostgreSQL hands out
//! places in its queue of notifications under one lock that is held over the commit.
//! A process that dies between the two takes the hint with it, which is what every
//! listener's own look after 15 seconds is for.

use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sqlx::{Connection as _, PgPool};
use tokio::sync::{Notify, watch};
use tokio::task::AbortHandle;

use crate::DbError;
use crate::reach::Reach;
use crate::sqlite::PATIENCE;
use crate::tx::Inner;

/// What each connection is told first. A database or a role may have been set
/// otherwise, and the promise of a commit must not hang on that.
const SETTINGS: &str = "
    set synchronous_commit = on;
    set statement_timeout = '30s';
    set lock_timeout = '10s';
    set idle_in_transaction_session_timeout = '60s';
    set default_transaction_isolation = 'read committed';
    set client_min_messages = 'warning';
    set time zone 'UTC'";

/// After how much idleness a connection is asked whether it still lives.
const ASK_AFTER: Duration = Duration::from_secs(30);

/// How long until a lost listener is opened again: a hint less costs 15 seconds at
/// most, an eager loop against a server that is down costs more.
const LISTEN_AGAIN: Duration = Duration::from_secs(2);

/// How long a listener waits for its connection.
const LISTENS_WITHIN: Duration = Duration::from_secs(5);

pub(crate) struct Postgres {
    pool: PgPool,
    reach: Reach,
    hints: Hints,
    tasks: [AbortHandle; 2],
}

/// Tells this node and the others that something was committed.
#[derive(Clone)]
pub(crate) struct Hints {
    changed: watch::Sender<u64>,
    notify: Arc<Notify>,
}

impl Hints {
    pub(crate) fn changed(&self) {
        bump(&self.changed);
        self.notify.notify_one();
    }
}

fn bump(changed: &watch::Sender<u64>) {
    changed.send_modify(|count| *count = count.wrapping_add(1));
}

impl Postgres {
    pub(crate) async fn open(
        url: &str,
        size: u32,
        channel: &'static str,
        changed: watch::Sender<u64>,
        away: watch::Sender<Option<DbError>>,
    ) -> Result<Self, DbError> {
        let options = PgConnectOptions::from_str(url)
            .map_err(|error| DbError::Address(error.to_string()))?
            .application_name("bellwether")
            .statement_cache_capacity(300);
        let reach = Reach::new(options.clone(), away);
        reach.ask().await?;
        let minding = reach.clone();
        let pool = PgPoolOptions::new()
            .max_connections(size.max(2))
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    sqlx::raw_sql(SETTINGS).execute(connection).await?;
                    Ok(())
                })
            })
            .before_acquire(move |connection, about| {
                let may_be_lost = minding.may_have_lost(about.age);
                Box::pin(async move {
                    let is_doubtful = may_be_lost || about.idle_for > ASK_AFTER;
                    // One that does not answer is exchanged for another.
                    Ok(!is_doubtful || connection.ping().await.is_ok())
                })
            })
            .connect_lazy_with(options.clone());
        let notify = Arc::new(Notify::new());
        let tasks = [
            tokio::spawn(send(pool.clone(), channel, notify.clone())).abort_handle(),
            tokio::spawn(listen(options, reach.clone(), channel, changed.clone())).abort_handle(),
        ];
        Ok(Self { pool, reach, hints: Hints { changed, notify }, tasks })
    }

    pub(crate) async fn begin(&self) -> Result<Inner, DbError> {
        let tx = self.reach.while_there(Box::pin(self.pool.begin())).await?;
        Ok(Inner::PostgresWriter(tx, self.hints.clone()))
    }

    pub(crate) async fn read(&self) -> Result<Inner, DbError> {
        let begun = self.pool.begin_with("begin isolation level repeatable read, read only");
        Ok(Inner::PostgresReader(self.reach.while_there(Box::pin(begun)).await?))
    }

    pub(crate) async fn close(&self) {
        self.tasks.iter().for_each(AbortHandle::abort);
        self.pool.close().await;
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.tasks.iter().for_each(AbortHandle::abort);
    }
}

/// Sends one hint for however many commits asked for one since the last.
async fn send(pool: PgPool, channel: &'static str, notify: Arc<Notify>) {
    loop {
        notify.notified().await;
        let sent = sqlx::query("select pg_notify($1, '')").bind(channel).execute(&pool).await;
        if let Err(error) = sent {
            tracing::debug!(%error, "a hint was not sent");
        }
    }
}

/// Turns the hints of all nodes into movements of `changed`, for ever. A listener
/// is the first to notice that the server has gone, so it also looks after that.
async fn listen(
    options: PgConnectOptions,
    reach: Reach,
    channel: &'static str,
    changed: watch::Sender<u64>,
) {
    loop {
        if let Err(error) = listen_until_lost(&options, channel, &changed).await {
            tracing::debug!(%error, "hints are not heard; listening again soon");
        }
        reach.return_from_absence(LISTEN_AGAIN).await;
        tokio::time::sleep(LISTEN_AGAIN).await;
    }
}

async fn listen_until_lost(
    options: &PgConnectOptions,
    channel: &str,
    changed: &watch::Sender<u64>,
) -> Result<(), sqlx::Error> {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(LISTENS_WITHIN)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options.clone())
        .await?;
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.ignore_pool_close_event(true);
    // Whoever calls asks first whether there is anybody to connect to.
    listener.eager_reconnect(false);
    listener.listen(channel).await?;
    loop {
        // First of all for whatever was missed while nobody listened.
        bump(changed);
        if listener.try_recv().await?.is_none() {
            return Ok(());
        }
    }
}
