//! Styles, scripts and letters, built by `ui/` and embedded in the binary.
//!
//! Every file carries a hash of its content in its name, so browsers keep it
//! for a year and never ask again; a new build has new names.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::errors::Trouble;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../ui/dist"]
struct Dist;

/// Where the parts of the pages are, by the names in `ui/`.
static MANIFEST: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    Dist::get("manifest.json")
        .and_then(|file| serde_json::from_slice(&file.data).ok())
        .unwrap_or_default()
});

/// The address of a built file, by its name in `ui/`: `app.ts`, `styles/app.css`.
pub fn address(name: &str) -> String {
    let file = MANIFEST.get(name).cloned().unwrap_or_else(|| name.to_owned());
    crate::urls::Asset { file }.to_string()
}

/// Serves one file.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Trouble> {
    let file = Dist::get(&name).filter(|_| name != "manifest.json").ok_or_else(Trouble::no_page)?;
    let etag = format!("\"{}\"", hex(&file.metadata.sha256_hash()[..16]));
    let etag = HeaderValue::from_str(&etag).unwrap_or(HeaderValue::from_static("\"\""));
    // Nothing in a file may run or load anything by itself; a picture may
    // carry its own style.
    let answer = [
        (CONTENT_TYPE, HeaderValue::from_static(kind(&name))),
        (CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
        (
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
        ),
        (ETAG, etag.clone()),
    ];
    if headers.get(IF_NONE_MATCH).is_some_and(|known| *known == etag) {
        return Ok((StatusCode::NOT_MODIFIED, answer).into_response());
    }
    Ok((answer, file.data).into_response())
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_pages_ask_for_was_built() {
        for name in ["app.ts", "styles/app.css", "icon.svg", "latin-400.woff2", "latin-600.woff2"] {
            let file =
                MANIFEST.get(name).unwrap_or_else(|| panic!("{name} is not in the manifest"));
            assert!(Dist::get(file).is_some(), "{file}");
        }
        assert!(Dist::get("LICENSE-source-sans-3.txt").is_some());
    }
}
