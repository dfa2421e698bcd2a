//! The product as a process that can be killed.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;

/// How one process is started.
#[derive(Debug, Clone)]
pub struct Start {
    /// The program.
    pub program: PathBuf,
    /// `serve`, `worker` or `web`.
    pub role: &'static str,
    /// Its data folder.
    pub data: PathBuf,
    /// Settings and what else it finds in its environment.
    pub env: Vec<(String, String)>,
    /// Where its log goes.
    pub log: PathBuf,
}

impl Start {
    fn spawn(&self) -> anyhow::Result<Child> {
        let log = File::options().create(true).append(true).open(&self.log)?;
        let mut command = Command::new(&self.program);
        for (name, _) in std::env::vars() {
            if name.starts_with("BELLWETHER_") {
                command.env_remove(name);
            }
        }
        command
            .arg(self.role)
            .arg("--data")
            .arg(&self.data)
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .env("BELLWETHER_LISTEN", "127.0.0.1:0")
            .current_dir(self.data.parent().unwrap_or(Path::new("/")))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .with_context(|| format!("cannot run {}", self.program.display()))
    }
}

/// One process of the product, alive or dead.
pub struct Node {
    start: Mutex<Start>,
    child: Mutex<Option<Child>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Node {
    /// Not yet running.
    pub fn new(start: Start) -> Arc<Self> {
        Arc::new(Self { start: Mutex::new(start), child: Mutex::new(None) })
    }

    /// Starts it if it does not run. Tells whether it had to.
    pub fn start(&self) -> anyhow::Result<bool> {
        let mut child = lock(&self.child);
        if let Some(running) = child.as_mut()
            && running.try_wait()?.is_none()
        {
            return Ok(false);
        }
        *child = Some(lock(&self.start).spawn()?);
        Ok(true)
    }

    /// SIGKILL, and waits until it is gone. Whether there was anything to kill.
    pub fn kill(&self) -> bool {
        let Some(mut child) = lock(&self.child).take() else { return false };
        let was_alive = matches!(child.try_wait(), Ok(None));
        let _ = child.kill();
        let _ = child.wait();
        was_alive
    }

    /// Kills it and starts it again, while nobody else can do either.
    pub fn kill_and_start(&self) -> bool {
        let mut slot = lock(&self.child);
        let mut was_alive = false;
        if let Some(mut child) = slot.take() {
            was_alive = matches!(child.try_wait(), Ok(None));
            let _ = child.kill();
            let _ = child.wait();
        }
        match lock(&self.start).spawn() {
            Ok(child) => *slot = Some(child),
            Err(error) => eprintln!("the node did not come back: {error:#}"),
        }
        was_alive
    }

    /// Sends a signal such as `STOP` or `CONT`.
    pub fn signal(&self, name: &str) -> anyhow::Result<()> {
        let child = lock(&self.child);
        let pid = child.as_ref().context("it does not run")?.id();
        let status = Command::new("kill").arg(format!("-{name}")).arg(pid.to_string()).status()?;
        anyhow::ensure!(status.success(), "no signal {name} for {pid}");
        Ok(())
    }

    /// How much memory it has now, and had at most, in KiB.
    pub fn memory(&self) -> anyhow::Result<(u64, u64)> {
        let pid = lock(&self.child).as_ref().context("it does not run")?.id();
        let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
            kib.with_context(|| format!("no {name} of {pid}"))
        };
        Ok((of("VmRSS")?, of("VmHWM")?))
    }

    /// Changes what it will find in its environment at the next start.
    pub fn set_env(&self, name: &str, value: &str) {
        let mut start = lock(&self.start);
        start.env.retain(|(known, _)| known != name);
        start.env.push((name.to_owned(), value.to_owned()));
    }

    /// In how many lines of its log this stands.
    pub fn log_count(&self, what: &str) -> usize {
        let text = std::fs::read_to_string(&lock(&self.start).log).unwrap_or_default();
        text.lines().filter(|line| line.contains(what)).count()
    }

    /// The last lines of its log.
    pub fn log_tail(&self, lines: usize) -> String {
        let text = std::fs::read_to_string(&lock(&self.start).log).unwrap_or_default();
        let all: Vec<_> = text.lines().collect();
        all[all.len().saturating_sub(lines)..].join("\n")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}
