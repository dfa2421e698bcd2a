//! A PostgreSQL server of our own, and ways to trouble it.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

use crate::pds::root;

/// A cluster that is gone with this.
pub struct Postgres {
    process: Child,
    lines: Mutex<BufReader<ChildStdout>>,
    url: String,
}

impl Postgres {
    /// Starts one. `None` (said on standard error) if it is not installed.
    pub fn start() -> anyhow::Result<Option<Self>> {
        let mut process = Command::new(root().join("tests/targets/postgres"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let stdout = process.stdout.take().context("no output")?;
        let mut lines = BufReader::new(stdout);
        let mut line = String::new();
        lines.read_line(&mut line)?;
        if line.is_empty() {
            let status = process.wait()?;
            if status.code() == Some(3) {
                eprintln!("left out: PostgreSQL is not installed");
                return Ok(None);
            }
            bail!("PostgreSQL did not start: {status}");
        }
        let said: Value = serde_json::from_str(&line)?;
        let url = said["url"].as_str().context("no address")?.to_owned();
        Ok(Some(Self { process, lines: Mutex::new(lines), url }))
    }

    /// Runs a statement outside of the product and returns what it says.
    pub fn run(&self, sql: &str) -> anyhow::Result<String> {
        Self::run_in(&self.url, sql)
    }

    fn run_in(database: &str, sql: &str) -> anyhow::Result<String> {
        let done = Command::new("psql").args(["-qXAt", "-d", database, "-c", sql]).output()?;
        ensure!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        Ok(String::from_utf8_lossy(&done.stdout).trim().to_owned())
    }

    /// A new, empty database.
    pub fn database(&self, name: &str) -> anyhow::Result<String> {
        self.run(&format!("create database {name}"))?;
        let (server, _) = self.url.rsplit_once('/').context("no database in the address")?;
        Ok(format!("{server}/{name}"))
    }

    /// Stops as a power cut would and comes back.
    pub fn restart(&self) -> anyhow::Result<()> {
        let pid = self.process.id().to_string();
        ensure!(Command::new("kill").args(["-USR1", &pid]).status()?.success(), "no signal");
        let mut line = String::new();
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).read_line(&mut line)?;
        ensure!(line.contains("restarted"), "PostgreSQL did not come back: {line}");
        Ok(())
    }

    /// Claims in `database` (its address) of which nothing was begun yet.
    pub fn claims(&self, database: &str) -> anyhow::Result<HashSet<String>> {
        let sql = "select id, fence from acts where kind = 'publish' and state = 'waiting' \
                   and lease_owner is not null and open_attempt is null";
        Ok(Self::run_in(database, sql)?.lines().map(str::to_owned).collect())
    }

    /// Ends every connection to `database` (its address) on which somebody
    /// listens for notifications, and says how many.
    pub fn deafen(&self, database: &str) -> anyhow::Result<u64> {
        let name = database.rsplit('/').next().unwrap_or_default();
        let ended = self.run(&format!(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity \
             where pid <> pg_backend_pid() and datname = '{name}' and query ilike 'listen%'"
        ))?;
        Ok(ended.parse()?)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}
