//! One process owns a SQLite database.
//!
//! The lock is the operating system's, on an open file: it goes the moment its
//! holder dies, however it dies, so a new process takes over at once. What is
//! written in the file is for people; nothing decides by it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

use bellwether_base::Instant;

use crate::DbError;

/// Held as long as this process may write to the database in a directory.
#[derive(Debug)]
pub struct OwnerLock {
    _file: File,
}

impl OwnerLock {
    /// Takes the lock `<dir>/bellwether.lock`, or says who has it
    /// ([`DbError::Owned`]). Never waits. The directory must be there.
    pub fn acquire(dir: &Path) -> Result<Self, DbError> {
        let path = dir.join("bellwether.lock");
        let trouble =
            |error: std::io::Error| DbError::Unavailable(format!("{}: {error}", path.display()));
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).map_err(trouble)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                let _ = file.read_to_string(&mut text);
                return Err(DbError::Owned {
                    pid: text.trim().parse().ok(),
                    since: since(&file),
                    lock: path,
                });
            }
            Err(TryLockError::Error(error)) => return Err(trouble(error)),
        }
        file.set_len(0).map_err(trouble)?;
        file.rewind().map_err(trouble)?;
        writeln!(file, "{}", std::process::id()).map_err(trouble)?;
        Ok(Self { _file: file })
    }
}

/// When its owner wrote into the file, which is the first thing that an owner does.
fn since(file: &File) -> Option<Instant> {
    let modified = file.metadata().ok()?.modified().ok()?;
    let since_epoch = modified.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(Instant::from_millis(i64::try_from(since_epoch.as_millis()).ok()?))
}
