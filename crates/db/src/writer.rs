//! The one connection that writes to a SQLite file, and how many share its commits.
//!
//! A commit with `synchronous=full` waits for the disk, and SQLite has one writer:
//! with a commit each, two hundred small transactions wait for the disk two hundred
//! times, one after the other. So a task owns the connection and lends it, within
//! one SQLite transaction, to one member after the other, each in a savepoint of its
//! own; then it commits once for all of them.
//!
//! What must never happen:
//!
//! - A member hears that its commit succeeded before the disk has it. Members are
//!   told after the one commit, and if that fails all of them hear why.
//! - What one member undid, or failed at, touches another. It goes back to its
//!   savepoint, and a [`Tx`](crate::Tx) with a failed statement accepts no more, so
//!   that nothing can run outside the transaction when SQLite itself gave it up.
//! - A member that is dropped, cancelled or panics stops the others: the connection
//!   comes back by `Drop`. (Only `mem::forget` on a transaction could keep it.)
//!
//! A member does see what earlier members of its group wrote and have not yet
//! committed. If the group fails its commit fails too, so it never acts on what is
//! lost. Whoever only wants to look takes a reading transaction.

use std::sync::Arc;
use std::time::Duration;

use bellwether_base::Clock;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::sync::{mpsc, oneshot, watch};

use crate::DbError;
use crate::sqlite::PATIENCE;

/// How many transactions may share a commit.
const GROUP_SIZE: usize = 64;

/// How long a group takes in new members; the one inside may take longer. It waits
/// for nobody: with nobody in the queue it commits at once.
const GROUP_TIME: Duration = Duration::from_millis(25);

/// After how long a transaction is complained about in the log.
const HELD_TOO_LONG: Duration = Duration::from_secs(5);

type Grant = oneshot::Sender<Result<Lease, DbError>>;
type Told = oneshot::Sender<Result<(), DbError>>;

enum Request {
    /// A transaction, which may share its commit.
    Member(Grant),
    /// The connection without a transaction.
    Alone(Grant),
    Close(oneshot::Sender<()>),
}

/// The way to the task.
pub(crate) struct Writer {
    queue: mpsc::UnboundedSender<Request>,
}

impl Writer {
    pub(crate) async fn start(
        options: SqliteConnectOptions,
        clock: Arc<dyn Clock>,
        changed: watch::Sender<u64>,
    ) -> Result<Self, DbError> {
        let (queue, requests) = mpsc::unbounded_channel();
        let mut task = Task { options, clock, changed, requests, held: None, connection: None };
        task.connection().await?;
        tokio::spawn(task.run());
        Ok(Self { queue })
    }

    pub(crate) async fn begin(&self) -> Result<Lease, DbError> {
        self.ask(Request::Member).await
    }

    pub(crate) async fn alone(&self) -> Result<Lease, DbError> {
        self.ask(Request::Alone).await
    }

    pub(crate) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.queue.send(Request::Close(done)).is_ok() {
            let _ = closed.await;
        }
    }

    async fn ask(&self, request: impl FnOnce(Grant) -> Request) -> Result<Lease, DbError> {
        let closed = || DbError::Unavailable("the database is closed".to_owned());
        let (grant, lease) = oneshot::channel();
        self.queue.send(request(grant)).map_err(|_| closed())?;
        match tokio::time::timeout(PATIENCE, lease).await {
            Ok(answer) => answer.map_err(|_| closed())?,
            Err(_) => Err(DbError::Busy("no turn to write in time".to_owned())),
        }
    }
}

/// How a member leaves.
enum Outcome {
    Commit(Member),
    Rollback,
}

/// Who waits for the group's commit.
struct Member {
    told: Told,
    wake: bool,
}

/// What the last member left behind: its savepoint, still open. Closing it goes to the
/// database together with what comes next, since each statement costs a way to
/// another thread and back.
#[derive(Clone, Copy)]
enum Left {
    Nobody,
    Kept,
    Undone,
}

impl Left {
    const fn and_next(self) -> &'static str {
        match self {
            Self::Nobody => "savepoint member",
            Self::Kept => "release member; savepoint member",
            Self::Undone => "rollback to member; release member; savepoint member",
        }
    }

    const fn and_commit(self) -> &'static str {
        match self {
            Self::Nobody => "commit",
            Self::Kept => "release member; commit",
            Self::Undone => "rollback to member; release member; commit",
        }
    }
}

/// The connection, on loan. Comes back by itself, undone, if it is dropped.
pub(crate) struct Lease {
    loan: Option<Loan>,
}

struct Loan {
    connection: SqliteConnection,
    back: oneshot::Sender<(SqliteConnection, Outcome)>,
}

impl Lease {
    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection, DbError> {
        match &mut self.loan {
            Some(loan) => Ok(&mut loan.connection),
            None => Err(DbError::Internal("the transaction has ended".to_owned())),
        }
    }

    /// Gives it back to be committed, and waits until the disk has it. Once this is
    /// first polled the commit goes on, even if nobody waits for it any longer.
    pub(crate) async fn commit(mut self, wake: bool) -> Result<(), DbError> {
        let (told, hears) = oneshot::channel();
        self.give_back(Outcome::Commit(Member { told, wake }));
        hears
            .await
            .unwrap_or_else(|_| Err(DbError::Unavailable("the database was closed".to_owned())))
    }

    fn give_back(&mut self, outcome: Outcome) {
        if let Some(Loan { connection, back }) = self.loan.take() {
            let _ = back.send((connection, outcome));
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.give_back(Outcome::Rollback);
    }
}

struct Task {
    options: SqliteConnectOptions,
    clock: Arc<dyn Clock>,
    changed: watch::Sender<u64>,
    requests: mpsc::UnboundedReceiver<Request>,
    /// Taken from the queue, but not for the group that was running.
    held: Option<Request>,
    /// Nothing when the last one was given up.
    connection: Option<SqliteConnection>,
}

impl Task {
    /// Until somebody closes the database, or nobody has it any longer.
    async fn run(mut self) {
        let mut closing = None;
        while let Some(request) = self.next().await {
            match request {
                Request::Member(grant) => self.group(grant).await,
                Request::Alone(grant) => self.alone(grant).await,
                Request::Close(done) => {
                    closing = Some(done);
                    break;
                }
            }
        }
        self.give_up_connection().await;
        // Dropping the queue tells everybody who still waits in it.
        drop(self.requests);
        if let Some(done) = closing {
            let _ = done.send(());
        }
    }

    async fn next(&mut self) -> Option<Request> {
        match self.held.take() {
            Some(request) => Some(request),
            None => self.requests.recv().await,
        }
    }

    /// Whoever else waits already for a transaction.
    fn next_member(&mut self) -> Option<Grant> {
        match self.requests.try_recv().ok()? {
            Request::Member(grant) => Some(grant),
            other => {
                self.held = Some(other);
                None
            }
        }
    }

    /// `first` and those who wait behind it, in one commit.
    async fn group(&mut self, first: Grant) {
        let mut members = Vec::new();
        let committed = self.gather(first, &mut members).await;
        match &committed {
            Ok(()) => {
                if members.iter().any(|member| member.wake) {
                    self.changed.send_modify(|count| *count = count.wrapping_add(1));
                }
            }
            Err(error) => {
                tracing::error!(%error, members = members.len(), "a commit failed");
                // Whatever state it is in, closing it undoes what was not committed.
                self.give_up_connection().await;
            }
        }
        for member in members {
            let _ = member.told.send(committed.clone());
        }
    }

    /// Lends the connection to one after the other and commits. Everybody in
    /// `members` hears how it ended, so a member is there before anything that can fail.
    async fn gather(&mut self, first: Grant, members: &mut Vec<Member>) -> Result<(), DbError> {
        if let Err(error) = self.execute("begin immediate").await {
            let _ = first.send(Err(error.clone()));
            return Err(error);
        }
        let began = self.clock.mono();
        let mut next = Some(first);
        let mut size = 0;
        let mut left = Left::Nobody;
        while let Some(grant) = next.take() {
            // Somebody may have gone while waiting for the turn.
            if !grant.is_closed() {
                if let Err(error) = self.execute(left.and_next()).await {
                    let _ = grant.send(Err(error.clone()));
                    return Err(error);
                }
                left = match self.lend(grant).await? {
                    Outcome::Commit(member) => {
                        members.push(member);
                        Left::Kept
                    }
                    Outcome::Rollback => Left::Undone,
                };
            }
            size += 1;
            if size < GROUP_SIZE && self.clock.mono().since(began) < GROUP_TIME {
                next = self.next_member();
            }
        }
        self.execute(if members.is_empty() { "rollback" } else { left.and_commit() }).await
    }

    /// Lends the connection out of any transaction. Afterwards it is replaced,
    /// because nobody knows what was set on it.
    async fn alone(&mut self, grant: Grant) {
        if let Err(error) = self.connection().await {
            let _ = grant.send(Err(error));
            return;
        }
        if let Ok(Outcome::Commit(member)) = self.lend(grant).await {
            let said = DbError::Internal("there was no transaction to commit".to_owned());
            let _ = member.told.send(Err(said));
        }
        self.give_up_connection().await;
    }

    async fn lend(&mut self, grant: Grant) -> Result<Outcome, DbError> {
        let lost = || DbError::Internal("the writing connection was lost".to_owned());
        let connection = self.connection.take().ok_or_else(lost)?;
        let (back, mut returned) = oneshot::channel();
        let lease = Lease { loan: Some(Loan { connection, back }) };
        // Refused when nobody waits for it any longer; dropped then, which brings it back.
        drop(grant.send(Ok(lease)));
        loop {
            match tokio::time::timeout(HELD_TOO_LONG, &mut returned).await {
                Ok(Ok((connection, outcome))) => {
                    self.connection = Some(connection);
                    return Ok(outcome);
                }
                Ok(Err(_)) => return Err(lost()),
                Err(_) => tracing::warn!("a transaction keeps all other writers waiting"),
            }
        }
    }

    async fn execute(&mut self, text: &'static str) -> Result<(), DbError> {
        let connection = self.connection().await?;
        let done = sqlx::query(text).execute(connection).await;
        done.map(|_| ()).map_err(|error| DbError::from_sqlx(&error, text))
    }

    async fn connection(&mut self) -> Result<&mut SqliteConnection, DbError> {
        let connection = if let Some(connection) = self.connection.take() {
            connection
        } else {
            let opened = self.options.connect().await;
            opened.map_err(|error| DbError::from_sqlx(&error, ""))?
        };
        Ok(self.connection.insert(connection))
    }

    async fn give_up_connection(&mut self) {
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the writing connection did not close well");
        }
    }
}
