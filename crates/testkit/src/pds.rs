//! The real Bluesky server, started for a test and gone with it.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use url::Url;

/// A PDS with its directory, on this machine.
pub struct Pds {
    /// Its address.
    pub url: Url,
    process: Option<Child>,
    client: reqwest::Client,
}

/// An account on it.
#[derive(Debug, Clone)]
pub struct PdsAccount {
    /// `ada.test`.
    pub handle: String,
    /// Its id.
    pub did: String,
    /// An app password.
    pub app_password: String,
    /// A token, for looking past the product.
    pub token: String,
}

impl Pds {
    /// Uses the one that `BELLWETHER_TEST_PDS` names, or starts one. `None`
    /// (said on standard error) if it is not installed.
    pub async fn start() -> anyhow::Result<Option<Self>> {
        let client = reqwest::Client::builder().no_proxy().build()?;
        if let Ok(line) = std::env::var("BELLWETHER_TEST_PDS") {
            return Ok(Some(Self { url: address(&line)?, process: None, client }));
        }
        Self::launch(client, None).await
    }

    /// Starts one that the directory knows at another port of this machine,
    /// where whoever asks passes on what comes. [`Self::url`] is its own.
    pub async fn start_known_at(port: u16) -> anyhow::Result<Option<Self>> {
        Self::launch(reqwest::Client::builder().no_proxy().build()?, Some(port)).await
    }

    async fn launch(
        client: reqwest::Client,
        known_at: Option<u16>,
    ) -> anyhow::Result<Option<Self>> {
        let run = root().join("tests/targets/bluesky/run");
        let mut process = Command::new(&run)
            .env("END_WITH_STDIN", "1")
            .envs(known_at.map(|port| ("PDS_KNOWN_AT", port.to_string())))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot run {}", run.display()))?;
        let stdout = process.stdout.take().context("no output")?;
        let line = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            BufReader::new(stdout).read_line(&mut line).map(|_| line)
        })
        .await??;
        if line.is_empty() {
            let status = process.wait()?;
            if status.code() == Some(3) {
                eprintln!("left out: the Bluesky server (tests/targets/bluesky/install)");
                return Ok(None);
            }
            bail!("the Bluesky server did not start: {status}");
        }
        Ok(Some(Self { url: address(&line)?, process: Some(process), client }))
    }

    /// Makes an account with an app password. `name` is made unique.
    pub async fn account(&self, name: &str) -> anyhow::Result<PdsAccount> {
        let unique = std::time::SystemTime::UNIX_EPOCH.elapsed()?.as_nanos();
        let handle = format!("{name}-{}.test", unique % 10_000_000_000);
        let made = self
            .call(
                "com.atproto.server.createAccount",
                None,
                &json!({
                    "email": format!("{handle}@example.test"),
                    "handle": handle,
                    "password": "correct horse battery",
                }),
            )
            .await?;
        let token = made["accessJwt"].as_str().context("no token")?.to_owned();
        let app = self
            .call("com.atproto.server.createAppPassword", Some(&token), &json!({ "name": "bw" }))
            .await?;
        Ok(PdsAccount {
            did: made["did"].as_str().context("no did")?.to_owned(),
            app_password: app["password"].as_str().context("no password")?.to_owned(),
            handle,
            token,
        })
    }

    /// The account's posts as they really are there, newest first.
    pub async fn posts(&self, account: &PdsAccount) -> anyhow::Result<Vec<Value>> {
        let mut url = self.url.join("/xrpc/com.atproto.repo.listRecords")?;
        url.query_pairs_mut()
            .append_pair("repo", &account.did)
            .append_pair("collection", "app.bsky.feed.post")
            .append_pair("limit", "100");
        let answer: Value = self.client.get(url).send().await?.error_for_status()?.json().await?;
        Ok(answer["records"].as_array().cloned().unwrap_or_default())
    }

    async fn call(&self, method: &str, token: Option<&str>, body: &Value) -> anyhow::Result<Value> {
        let url = self.url.join(&format!("/xrpc/{method}"))?;
        let mut request = self.client.post(url).json(body).timeout(Duration::from_secs(30));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await?;
        let status = answer.status();
        let body = answer.text().await?;
        if !status.is_success() {
            bail!("{method}: {status}: {body}");
        }
        Ok(serde_json::from_str(&body)?)
    }
}

impl Drop for Pds {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            // Ends when its standard input does.
            drop(process.stdin.take());
            let _ = process.wait();
        }
    }
}

/// The address in the line that the launch script prints.
fn address(line: &str) -> anyhow::Result<Url> {
    let said: Value = serde_json::from_str(line)?;
    Ok(said["pds"].as_str().context("no address")?.parse()?)
}

/// The project's root.
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}
