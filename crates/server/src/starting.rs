//! What can stand in the way of a start: what whoever starts can change is told
//! as such, and what may pass by itself is waited for.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use bellwether_base::Instant as Moment;
use bellwether_db::DbError;
use bellwether_networks::Registry;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{Config, Opened, Role, open};

/// How long a start waits for a database server: one that is started together with
/// us needs some seconds, and whoever watches us should not wait for minutes.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is tried meanwhile.
const AGAIN: Duration = Duration::from_secs(1);

/// Why a process does not start, where whoever starts it can change that.
#[derive(Debug, thiserror::Error)]
pub enum Obstacle {
    /// On SQLite one process does everything.
    #[error("{0:?} needs PostgreSQL, and the data is in SQLite")]
    NeedsPostgres(Role),
    /// It cannot listen there.
    #[error("cannot listen on {address}: {why}")]
    CannotListen {
        /// Where.
        address: SocketAddr,
        /// Why not.
        why: std::io::Error,
    },
    /// There are sealed logins, and no key where it should be.
    #[error("there are stored logins, and no key in {}", path.display())]
    NoKey {
        /// Where it should be.
        path: PathBuf,
    },
}

/// Refuses roles that the database is not made for, before anything is touched.
pub(crate) fn check_role(config: &Config, role: Role) -> Result<(), Obstacle> {
    if config.is_sqlite() && role != Role::Serve {
        return Err(Obstacle::NeedsPostgres(role));
    }
    Ok(())
}

/// The address at which the web server listens.
pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener, Obstacle> {
    TcpListener::bind(address).await.map_err(|why| Obstacle::CannotListen { address, why })
}

/// Opens the installation, and waits a while for a database server that does not
/// answer yet. Says so at once, since whoever looks sees nothing else.
pub(crate) async fn open_patiently(config: &Config, registry: Registry) -> anyhow::Result<Opened> {
    let begun = Instant::now();
    let mut is_told = false;
    loop {
        let error = match open(config, registry.clone()).await {
            Ok(opened) => {
                if is_told {
                    tracing::info!("the database answers");
                }
                return Ok(opened);
            }
            Err(error) => error,
        };
        let passing = db_error(&error).filter(|error| error.may_pass_soon());
        let Some(said) = passing.filter(|_| !config.is_sqlite()) else { return Err(error) };
        if begun.elapsed() + AGAIN >= PATIENCE {
            return Err(error);
        }
        if !is_told {
            let until = Moment::from_millis(jiff::Timestamp::now().as_millisecond()) + PATIENCE;
            let until = until.timestamp();
            tracing::warn!("{said}; trying again every second until {until:.0}");
            is_told = true;
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// What the database said, if that is why something failed.
pub(crate) fn db_error(error: &anyhow::Error) -> Option<&DbError> {
    error.chain().find_map(|cause| cause.downcast_ref())
}

/// Writes into the log when the database goes away, and when it is back: once each,
/// and for everybody who meets it meanwhile.
pub(crate) async fn tell_of_absences(
    mut away: tokio::sync::watch::Receiver<Option<DbError>>,
    stop: CancellationToken,
) {
    loop {
        let gone = away.borrow_and_update().clone();
        if let Some(error) = gone {
            tracing::error!("{error}; nothing is sent or served until it is back");
            tokio::select! {
                () = stop.cancelled() => return,
                _ = away.wait_for(Option::is_none) => {}
            }
            tracing::info!("the database answers again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            changed = away.changed() => if changed.is_err() { return },
        }
    }
}
