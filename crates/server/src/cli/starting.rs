//! What to say, and with which code to end, when nothing could be started.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;

use bellwether_base::Instant;
use bellwether_db::{Absence, DbError};

use super::exit::Failure;
use crate::Role;
use crate::starting::{Obstacle, db_error};

/// What `error` means for whoever called; nothing if it is our own trouble.
pub(super) fn failure(error: &anyhow::Error) -> Option<Failure> {
    if let Some(obstacle) = error.downcast_ref::<Obstacle>() {
        return Some(match obstacle {
            Obstacle::NeedsPostgres(role) => needs_postgres(*role),
            Obstacle::CannotListen { address, why } => cannot_listen(*address, why),
            Obstacle::NoKey { path } => no_key(path),
        });
    }
    match db_error(error)? {
        away @ DbError::Away { why, .. } => Some(absent(&sentence(&away.to_string()), why)),
        DbError::Owned { lock, pid, since } => Some(owned(lock, *pid, *since)),
        _ => None,
    }
}

/// Who has the installation open.
pub(super) fn owner(pid: Option<u32>, since: Option<Instant>) -> String {
    let pid = pid.map(|pid| format!("process {pid}"));
    let since = since.map(|since| format!("since {:.0}", since.timestamp()));
    let known: Vec<String> = pid.into_iter().chain(since).collect();
    if known.is_empty() { String::new() } else { format!(" ({})", known.join(", ")) }
}

fn absent(said: &str, why: &Absence) -> Failure {
    match why {
        Absence::Unreachable(_) => Failure::Unreachable(format!(
            "{said} See whether PostgreSQL runs there and can be reached from here; database.url \
             (or database.url_file) says where."
        )),
        Absence::LoginRefused(_) => Failure::Denied(format!(
            "{said} Check the user and the password in database.url (or database.url_file), and \
             the server's rules in pg_hba.conf."
        )),
        Absence::NoSuchDatabase => Failure::NotFound(format!(
            "{said} Make it (createdb), or name another one in database.url (or database.url_file)."
        )),
    }
}

fn owned(lock: &Path, pid: Option<u32>, since: Option<Instant>) -> Failure {
    let folder = lock.parent().unwrap_or(lock);
    let stop = pid.map(|pid| format!(" (kill {pid})")).unwrap_or_default();
    Failure::Taken(format!(
        "Another process has the installation in {} open{}, and on SQLite only one can. If that is \
         your server, it runs already and there is nothing to do. Else stop it{stop} and start \
         again, name another folder with --data, or move to PostgreSQL (database.url), which \
         several processes can share.",
        shown(folder),
        owner(pid, since),
    ))
}

fn no_key(path: &Path) -> Failure {
    let path = shown(path);
    Failure::NotFound(format!(
        "Logins are stored, and the key that opens them is not in {path}. Nothing was begun or \
         changed. Put the key back there, or name its file in seal.key_file. If it is lost for \
         good, make a new one (openssl rand -hex 32 > {path}; chmod 600 {path}) and connect every \
         channel again."
    ))
}

fn needs_postgres(role: Role) -> Failure {
    let (name, half) = match role {
        Role::Worker => ("worker", "sends and shows no pages"),
        _ => ("web", "shows pages and sends nothing"),
    };
    Failure::usage(format!(
        "`bellwether {name}` {half}: it is one of several processes, and these need PostgreSQL. \
         The data is in SQLite, where one process does everything: start `bellwether serve`. For \
         several, set database.url (or database.url_file)."
    ))
}

fn cannot_listen(address: SocketAddr, why: &std::io::Error) -> Failure {
    match why.kind() {
        ErrorKind::AddrInUse => Failure::Taken(format!(
            "Another program listens on {address} already. Stop it, or choose another port: \
             --listen {}:{}, or the setting `listen`.",
            ip(address),
            address.port().checked_add(1).unwrap_or(8080),
        )),
        ErrorKind::PermissionDenied => Failure::Denied(format!(
            "This user may not listen on {address}: ports below 1024 are the system's. Choose \
             another port with --listen or the setting `listen`, and let a proxy pass it on."
        )),
        ErrorKind::AddrNotAvailable => Failure::usage(format!(
            "This machine has no address {}. For every address that it has, listen on 0.0.0.0:{} \
             (--listen, or the setting `listen`).",
            address.ip(),
            address.port(),
        )),
        _ => Failure::Internal(anyhow::anyhow!("cannot listen on {address}: {why}")),
    }
}

fn ip(address: SocketAddr) -> String {
    if address.is_ipv6() { format!("[{}]", address.ip()) } else { address.ip().to_string() }
}

/// A folder as it is found from anywhere.
pub(super) fn shown(folder: &Path) -> String {
    std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()).display().to_string()
}

/// A clause as a sentence.
fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}
