//! From what people type to addresses in the API.

use serde_json::Value;

use super::At;
use super::client::Ask;
use super::exit::Failure;
use super::output::{items, text};

impl At<'_> {
    /// Every item of a list, however many pages it has.
    pub async fn all(&self, path: &str) -> Result<Value, Failure> {
        let mut found = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let address = match &after {
                Some(after) => format!("{path}?limit=200&after={after}"),
                None => path.to_owned(),
            };
            let page = self.client.ask(Ask::get(address)).await?;
            found.extend_from_slice(items(&page));
            match page["next"].as_str() {
                Some(next) => after = Some(next.to_owned()),
                None => return Ok(serde_json::json!({ "items": found })),
            }
        }
    }

    /// The workspace that is meant.
    pub async fn workspace(&self) -> Result<Value, Failure> {
        let known = self.all("/api/v1/workspaces").await?;
        let known = items(&known);
        let Some(wanted) = self.workspace else {
            return match known {
                [only] => Ok(only.clone()),
                [] if self.client.is_remote() => {
                    Err(Failure::NotFound("There is no workspace that you may read.".into()))
                }
                [] => Err(Failure::NotFound(
                    "Nobody has set this installation up. Open the link that `bellwether serve` \
                     prints, or make the first owner with `bellwether owner create`."
                        .into(),
                )),
                _ => Err(Failure::usage("--workspace: there is more than one")),
            };
        };
        pick(known, wanted, "workspace", |each| vec![text(&each["id"]), text(&each["name"])])
    }

    /// The address of the workspace that is meant, up to and without the next slash.
    pub async fn base(&self) -> Result<String, Failure> {
        Ok(format!("/api/v1/workspaces/{}", text(&self.workspace().await?["id"])))
    }

    /// The channel called `wanted`: its id, its handle, or `network:handle`.
    pub async fn channel(&self, base: &str, wanted: &str) -> Result<Value, Failure> {
        let known = self.all(&format!("{base}/channels")).await?;
        pick(items(&known), wanted.trim_start_matches('@'), "channel", |each| {
            let (network, handle) = (text(&each["network"]), text(&each["handle"]));
            vec![text(&each["id"]), format!("{network}:{handle}"), handle]
        })
    }
}

/// The one of `known` that somebody calls `wanted`.
pub(super) fn pick(
    known: &[Value],
    wanted: &str,
    what: &str,
    names: impl Fn(&Value) -> Vec<String>,
) -> Result<Value, Failure> {
    let is_it = |each: &&Value| names(each).iter().any(|name| name.eq_ignore_ascii_case(wanted));
    let mut found = known.iter().filter(is_it);
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only.clone()),
        (None, _) => Err(Failure::NotFound(format!("There is no {what} called {wanted:?}."))),
        _ => Err(Failure::usage(format!("{wanted:?} names more than one {what}: use its id"))),
    }
}

/// A piece of an address, as it may stand there.
pub(super) fn piece(text: &str) -> String {
    let mut piece = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            piece.push(char::from(byte));
        } else {
            piece.push_str(&format!("%{byte:02X}"));
        }
    }
    piece
}

/// All of standard input, as text.
pub(super) async fn stdin() -> Result<String, Failure> {
    use tokio::io::AsyncReadExt as _;
    let mut text = String::new();
    let mut input = tokio::io::stdin();
    input
        .read_to_string(&mut text)
        .await
        .map_err(|error| Failure::usage(format!("standard input: {error}")))?;
    Ok(text)
}

/// One line of standard input, without its end.
pub(super) async fn stdin_line() -> Result<String, Failure> {
    Ok(without_last_line_end(&stdin().await?).to_owned())
}

/// Without the end of the last line, which `echo` and editors write and nobody means.
pub(super) fn without_last_line_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}
