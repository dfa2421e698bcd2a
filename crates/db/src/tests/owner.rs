use std::process::{Command, Stdio};

use bellwether_base::Clock as _;
use tempfile::TempDir;

use super::*;
use crate::OwnerLock;

/// Where the child finds the folder to lock.
const FOLDER: &str = "BELLWETHER_TEST_LOCK_FOLDER";

#[test]
fn a_second_owner_is_refused_and_told_who_has_it() {
    let dir = TempDir::new().unwrap();
    let held = OwnerLock::acquire(dir.path()).unwrap();
    match OwnerLock::acquire(dir.path()).unwrap_err() {
        DbError::Owned { lock, pid, since: Some(since) } => {
            assert_eq!(lock, dir.path().join("bellwether.lock"));
            assert_eq!(pid, Some(std::process::id()));
            let ago = SystemClock.now().since(since);
            assert!(ago < std::time::Duration::from_mins(10), "{ago:?}");
        }
        other => panic!("{other}"),
    }
    drop(held);
    OwnerLock::acquire(dir.path()).unwrap();
}

#[test]
fn a_killed_owner_is_followed_at_once() {
    let dir = TempDir::new().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::owner::the_child_that_is_killed", "--ignored"])
        .env(FOLDER, dir.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let held_by = loop {
        match OwnerLock::acquire(dir.path()) {
            Err(DbError::Owned { pid: Some(pid), .. }) => break pid,
            // It has not begun yet, or has not written its number yet.
            Ok(_) | Err(_) => std::thread::sleep(std::time::Duration::from_millis(5)),
        }
    };
    assert_eq!(held_by, child.id());
    child.kill().unwrap();
    child.wait().unwrap();
    OwnerLock::acquire(dir.path()).unwrap();
}

#[test]
#[ignore = "run by the test above, in a process of its own"]
fn the_child_that_is_killed() {
    let dir = std::env::var(FOLDER).unwrap();
    let _lock = loop {
        // The parent looks by trying the lock itself.
        if let Ok(lock) = OwnerLock::acquire(dir.as_ref()) {
            break lock;
        }
    };
    std::thread::sleep(std::time::Duration::from_mins(1));
}
