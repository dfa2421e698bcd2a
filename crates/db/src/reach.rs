//! Whether the server of a PostgreSQL database can be had.
//!
//! A pool waits for a connection until its patience is over, and then says only
//! that it got none. So a connection of our own is asked first, and what a server
//! that is away says is told at once, by everybody, until it is back.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::sync::watch;

use crate::DbError;

/// A server that answers does so long before. A name that has to be looked up, and
/// a handshake over the sea, are in it.
const ANSWERS_WITHIN: Duration = Duration::from_secs(3);

/// Why a database server gives us no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Absence {
    /// Nobody answers there, or nobody who is PostgreSQL and ready.
    Unreachable(String),
    /// It answers, and does not let us in: the user, the password, or its rules.
    LoginRefused(String),
    /// It answers, and has no such database.
    NoSuchDatabase,
}

/// A database as people may see it: where it is, and never a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    host: String,
    database: String,
    user: String,
}

impl Place {
    fn of(options: &PgConnectOptions) -> Self {
        let host = match options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None if options.get_host().contains(':') => {
                format!("[{}]:{}", options.get_host().trim_matches(['[', ']']), options.get_port())
            }
            None => format!("{}:{}", options.get_host(), options.get_port()),
        };
        let user = options.get_username().to_owned();
        // PostgreSQL's own rule: whoever names no database means the one named as the user.
        let database = options.get_database().unwrap_or(&user).to_owned();
        Self { host, database, user }
    }

    /// What `absence` means here, in one clause.
    pub(crate) fn tell(&self, absence: &Absence, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, database, user } = self;
        match absence {
            Absence::Unreachable(why) => {
                write!(f, "the database {database} at {host} does not answer: {why}")
            }
            Absence::LoginRefused(why) => write!(
                f,
                "the database server at {host} refuses the login of {user} to {database}: {why}"
            ),
            Absence::NoSuchDatabase => {
                write!(f, "the database server at {host} has no database {database}")
            }
        }
    }
}

/// What is known about the server, for everybody who uses the same pool.
#[derive(Clone)]
pub(crate) struct Reach {
    options: Arc<PgConnectOptions>,
    away: watch::Sender<Option<DbError>>,
    lost: Arc<Mutex<Option<Instant>>>,
}

impl Reach {
    pub fn new(options: PgConnectOptions, away: watch::Sender<Option<DbError>>) -> Self {
        Self { options: Arc::new(options), away, lost: Arc::default() }
    }

    /// Asks for a connection, and gives it back. Answers within [`ANSWERS_WITHIN`].
    pub async fn ask(&self) -> Result<(), DbError> {
        let asked = tokio::time::timeout(ANSWERS_WITHIN, self.options.connect()).await;
        let error = match asked {
            Ok(Ok(connection)) => {
                // Whether it hears us go is its own affair.
                let _: Result<(), sqlx::Error> = PgConnection::close(connection).await;
                return Ok(());
            }
            Ok(Err(error)) => error,
            Err(_) => {
                let seconds = ANSWERS_WITHIN.as_secs();
                return Err(self
                    .absent(Absence::Unreachable(format!("no answer within {seconds} seconds"))));
            }
        };
        Err(match absence(&error) {
            Some(absence) => self.absent(absence),
            None => DbError::from_sqlx(&error, "connecting"),
        })
    }

    /// Asks until the server is there, every `pause`, and lets everybody know meanwhile.
    /// To be called when a connection was lost: others of its age may be as well, also
    /// if the server is back already.
    pub async fn return_from_absence(&self, pause: Duration) {
        self.note_loss();
        while let Err(error) = self.ask().await {
            if !error.is_away() {
                // It answers, and that is all that is asked here.
                break;
            }
            self.note_loss();
            self.away.send_if_modified(|away| {
                let is_new = away.as_ref() != Some(&error);
                *away = Some(error);
                is_new
            });
            tokio::time::sleep(pause).await;
        }
        self.away.send_if_modified(|away| away.take().is_some());
    }

    fn note_loss(&self) {
        *self.lost.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether a connection of this age may be one to a server that has gone since.
    pub fn may_have_lost(&self, age: Duration) -> bool {
        let lost = *self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        lost.is_some_and(|lost| lost.elapsed() <= age)
    }

    /// Waits for `wanted` as long as the server is there.
    pub async fn while_there<T>(
        &self,
        wanted: impl Future<Output = Result<T, sqlx::Error>>,
    ) -> Result<T, DbError> {
        let mut away = self.away.subscribe();
        tokio::select! {
            biased;
            Ok(gone) = away.wait_for(Option::is_some) => {
                Err(gone.clone().unwrap_or_else(|| DbError::Unavailable("it is away".to_owned())))
            }
            done = wanted => done.map_err(|error| DbError::from_sqlx(&error, "begin")),
        }
    }

    fn absent(&self, why: Absence) -> DbError {
        DbError::Away { place: Place::of(&self.options), why }
    }
}

/// What an error says that came instead of a connection, if it is about the server.
fn absence(error: &sqlx::Error) -> Option<Absence> {
    match error {
        sqlx::Error::Io(error) => Some(Absence::Unreachable(match error.kind() {
            std::io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
            _ => error.to_string(),
        })),
        sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => {
            Some(Absence::Unreachable(error.to_string()))
        }
        sqlx::Error::Database(said) => match said.code()?.as_ref() {
            // It starts or stops: https://www.postgresql.org/docs/current/errcodes-appendix.html
            "57P01" | "57P02" | "57P03" => Some(Absence::Unreachable(said.message().to_owned())),
            // No such user, wrong password, kept out by pg_hba.conf; no right to connect.
            code if code.starts_with("28") || code == "42501" => {
                Some(Absence::LoginRefused(said.message().to_owned()))
            }
            "3D000" => Some(Absence::NoSuchDatabase),
            _ => None,
        },
        _ => None,
    }
}
