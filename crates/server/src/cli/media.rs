//! Stored pictures.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::Value;

use super::At;
use super::client::Ask;
use super::exit::Failure;
use super::links::piece;
use super::output::{facts, items, table, text};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Store a picture
    Add {
        /// The file
        file: PathBuf,
    },
    /// List stored pictures
    List,
}

pub(super) async fn run(at: &At<'_>, command: Command) -> Result<(), Failure> {
    let base = at.base().await?;
    match command {
        Command::Add { file } => {
            let added = add(at, &base, &file).await?;
            at.output.show(&added, |added| {
                facts(&[
                    ("hash", text(&added["hash"])),
                    ("kind", text(&added["mime"])),
                    ("bytes", text(&added["bytes"])),
                    ("size", format!("{} x {}", added["width"], added["height"])),
                ])
            });
        }
        Command::List => {
            let all = at.all(&format!("{base}/media")).await?;
            at.output.show(&all, |all| {
                let row = |each: &Value| {
                    vec![
                        text(&each["hash"]),
                        text(&each["mime"]),
                        text(&each["bytes"]),
                        text(&each["name"]),
                    ]
                };
                let rows: Vec<_> = items(all).iter().map(row).collect();
                table(&["HASH", "KIND", "BYTES", "NAME"], &rows)
            });
        }
    }
    Ok(())
}

/// Stores a file.
pub(super) async fn add(at: &At<'_>, base: &str, file: &std::path::Path) -> Result<Value, Failure> {
    let bytes = tokio::fs::read(file)
        .await
        .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let path = format!("{base}/media?name={}", piece(name));
    at.client.ask(Ask::upload(path, "application/octet-stream", bytes.into())).await
}
