//! Uploads.

use std::time::Duration;

use serde_json::json;

use super::xrpc::{Call, Refused};
use super::{Pds, cbor};
use crate::standin::rates::Rate;
use crate::standin::{Answer, What};

const A_DAY: Duration = Duration::from_hours(24);

pub(super) fn upload_blob(pds: &Pds, call: &Call<'_>) -> Result<Answer, Refused> {
    let account = call.account()?;
    let declared = call.encoding()?;
    let body = &call.request.body;
    if body.len() > pds.settings.blob_limit {
        return Err(Refused::new(413, "PayloadTooLarge", "request entity too large"));
    }
    if pds.settings.limits.is_some() {
        call.spend("upload", &account.did, Rate::new(1000, A_DAY), 1)?;
    }
    let cid = cbor::blob_cid(body).to_string();
    let mime = sniff(body).unwrap_or(&declared);
    let size = i128::try_from(body.len()).unwrap_or(i128::MAX);
    let mut repo = account.repo();
    let blob = repo.upload(&cid, mime, size);
    pds.ledger.happened(&account.did, Some(call.request.number), What::Uploaded(cid));
    Ok(Answer::json(200, &json!({"blob": blob})))
}

/// The server believes the bytes, not the header.
fn sniff(bytes: &[u8]) -> Option<&'static str> {
    let is_at = |offset: usize, magic: &[u8]| {
        bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic))
    };
    if is_at(0, b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if is_at(0, b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if is_at(0, b"GIF8") {
        Some("image/gif")
    } else if is_at(0, b"RIFF") && is_at(8, b"WEBP") {
        Some("image/webp")
    } else if is_at(4, b"ftyp") {
        Some("video/mp4")
    } else {
        None
    }
}
