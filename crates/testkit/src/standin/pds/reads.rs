//! What anybody may ask.

use std::sync::Arc;

use serde_json::{Value, json};

use super::Pds;
use super::account::Account;
use super::formats::Format;
use super::xrpc::{Call, Refused};
use crate::standin::Answer;

fn params(call: &Call<'_>, complaint: &str) -> Refused {
    Refused::invalid(format!("Invalid {} params: {complaint}", call.nsid))
}

/// A parameter of a format.
fn formatted(call: &Call<'_>, name: &str, format: Format) -> Result<String, Refused> {
    let value = call.parameter(name)?;
    if !format.fits(&value) {
        return Err(params(call, &format!("Invalid {} (got {value:?})", format.name())));
    }
    Ok(value)
}

#[expect(clippy::unnecessary_wraps, reason = "it is a handler like the others")]
pub(super) fn describe_server(pds: &Pds, _: &Call<'_>) -> Result<Answer, Refused> {
    Ok(Answer::json(
        200,
        &json!({
            "did": "did:web:localhost",
            "availableUserDomains": [".test"],
            "inviteCodeRequired": false,
            "blobUploadLimit": pds.settings.blob_limit,
            "links": {},
            "contact": {},
        }),
    ))
}

pub(super) fn resolve_handle(pds: &Pds, call: &Call<'_>) -> Result<Answer, Refused> {
    let handle = formatted(call, "handle", Format::Handle)?;
    match pds.find_account(&handle.to_lowercase()) {
        Some(account) => Ok(Answer::json(200, &json!({"did": &*account.did}))),
        None => Err(Refused::named("HandleNotFound", "Unable to resolve handle")),
    }
}

pub(super) fn describe_repo(pds: &Pds, call: &Call<'_>) -> Result<Answer, Refused> {
    let repo = formatted(call, "repo", Format::AtIdentifier)?;
    let Some(account) = pds.find_account(&repo) else {
        return Err(Refused::invalid(format!("Could not find user: {repo}")));
    };
    Ok(Answer::json(
        200,
        &json!({
            "handle": account.handle,
            "did": &*account.did,
            "didDoc": account.document(""),
            "collections": ["app.bsky.feed.post"],
            "handleIsCorrect": true,
        }),
    ))
}

pub(super) fn get_record(pds: &Pds, call: &Call<'_>) -> Result<Answer, Refused> {
    let repo = formatted(call, "repo", Format::AtIdentifier)?;
    let collection = formatted(call, "collection", Format::Nsid)?;
    let rkey = formatted(call, "rkey", Format::RecordKey)?;
    let Some(account) = pds.find_account(&repo) else {
        // It would ask the application view, which is not there.
        return Err(Refused::new(502, "UpstreamFailure", "Upstream service unreachable"));
    };
    let uri = format!("at://{}/{collection}/{rkey}", account.did);
    let wanted = call.request.head.parameter("cid");
    let repo = account.repo();
    match repo.find(&collection, &rkey) {
        Some(stored) if wanted.is_none_or(|cid| cid == stored.cid) => {
            Ok(Answer::json(200, &json!({"uri": uri, "cid": stored.cid, "value": &*stored.value})))
        }
        _ => Err(Refused::named("RecordNotFound", format!("Could not locate record: {uri}"))),
    }
}

pub(super) fn list_records(pds: &Pds, call: &Call<'_>) -> Result<Answer, Refused> {
    let repo = formatted(call, "repo", Format::AtIdentifier)?;
    let collection = formatted(call, "collection", Format::Nsid)?;
    let head = &call.request.head;
    let limit = head.parameter("limit");
    let limit = match limit.as_ref().map(|limit| limit.parse::<i64>()) {
        None => 50,
        Some(Ok(limit)) if limit < 1 => {
            return Err(params(call, &format!("integer too small (minimum 1, got {limit})")));
        }
        Some(Ok(limit)) if limit > 100 => {
            return Err(params(call, &format!("integer too big (maximum 100, got {limit})")));
        }
        Some(Ok(limit)) => usize::try_from(limit).unwrap_or(100),
        Some(Err(_)) => {
            let got = limit.unwrap_or_default();
            return Err(params(call, &format!("Expected integer value type (got {got:?})")));
        }
    };
    let Some(account) = pds.find_account(&repo) else {
        return Err(Refused::invalid(format!("Could not find repo: {repo}")));
    };
    let is_reversed = head.parameter("reverse").is_some_and(|value| value == "true");
    let cursor = head.parameter("cursor");
    Ok(Answer::json(200, &page(&account, &collection, limit, cursor.as_deref(), is_reversed)))
}

fn page(
    account: &Arc<Account>,
    collection: &str,
    limit: usize,
    cursor: Option<&str>,
    is_reversed: bool,
) -> Value {
    let repo = account.repo();
    let records = repo.list(collection, limit, cursor, is_reversed);
    let uri = |rkey: &str| format!("at://{}/{collection}/{rkey}", account.did);
    let listed: Vec<_> = records
        .iter()
        .map(|(rkey, stored)| json!({"uri": uri(rkey), "cid": stored.cid, "value": &*stored.value}))
        .collect();
    let mut body = json!({"records": listed});
    // There is one on the last page too; the page after it is empty.
    if let Some((rkey, _)) = records.last() {
        body["cursor"] = (*rkey).into();
    }
    body
}
