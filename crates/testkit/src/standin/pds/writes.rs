//! The methods that change a repository.

use std::sync::Arc;

use ipld_core::ipld::Ipld;
use serde_json::{Value, json};

use super::Pds;
use super::account::Account;
use super::lexicon::{APPLY_WRITES, CREATE, CREATE_RECORD, DELETE_RECORD, PUT_RECORD, UPDATE};
use super::repo::{Action, Prepared, Swap, Write, Writer, prepare, uri};
use super::xrpc::{Call, Input, Refused};
use crate::standin::{Answer, Author};

/// Bytes of input that a write may have.
const INPUT: usize = 1_000_000;
const SHORT_INPUT: usize = 150 * 1024;
const MOST_WRITES: usize = 200;

/// What a write costs of 5000 points an hour.
const CREATE_POINTS: u32 = 3;
const UPDATE_POINTS: u32 = 2;
const DELETE_POINTS: u32 = 1;

fn spend(pds: &Pds, call: &Call<'_>, points: u32) -> Result<(), Refused> {
    let (Some(limits), true) = (pds.settings.limits, points > 0) else { return Ok(()) };
    let did = &call.account()?.did;
    call.spend("write-hour", did, limits.write_hour, points)?;
    call.spend("write-day", did, limits.write_day, points)
}

/// The repository that is meant, which must be the caller's own.
fn own<'a>(pds: &Pds, call: &'a Call<'_>, input: &Input) -> Result<&'a Arc<Account>, Refused> {
    let caller = call.account()?;
    match pds.find_account(input.text("repo")) {
        None => Err(Refused::new(403, "AccountNotFound", "Account not found")),
        Some(account) if account.did == caller.did => Ok(caller),
        Some(_) => Err(Refused::new(401, "AuthenticationRequired", "Authentication Required")),
    }
}

fn writer<'a>(pds: &'a Pds, call: &Call<'_>, account: &'a Account) -> Writer<'a> {
    Writer {
        did: &account.did,
        ledger: &pds.ledger,
        request: Some(call.request.number),
        author: Author::Client,
        rev: pds.next_tid(),
    }
}

fn record<'a>(input: &'a Input, key: &str) -> &'a Ipld {
    input.get(key).unwrap_or(&Ipld::Null)
}

fn written(account: &Account, write: &Write, prepared: &Prepared, commit: Option<Value>) -> Answer {
    let mut body = json!({"uri": uri(&account.did, write), "cid": prepared.cid});
    if let Some(commit) = commit {
        body["commit"] = commit;
    }
    if let Some(status) = prepared.status {
        body["validationStatus"] = status.into();
    }
    Answer::json(200, &body)
}

pub(super) fn create_record(pds: &Pds, call: &Call<'_>) -> Result<Answer, Refused> {
    let input = call.input(&CREATE_RECORD, INPUT)?;
    spend(pds, call, CREATE_POINTS)?;
    let account = own(pds, call, &input)?;
    let collection = input.text("collection").to_owned();
    let key = input.find_text("rkey").map(ToOwned::to_owned);
    let rkey = key.clone().unwrap_or_else(|| pds.next_tid());
    let validate = input.find_flag("validate");
    let prepared = prepare(&collection, &rkey, record(&input, "record"), validate, "$.record")?;
    let mut repo = account.repo();
    let mut writes = Vec::new();
    if validate != Some(false) {
        writes.extend(repo.with_subject(&collection, &prepared.value).into_iter().map(|rkey| {
            Write {
                collection: collection.clone(),
                rkey,
                action: Action::Delete,
                swap: Swap::Unasked,
                key: None,
            }
        }));
    }
    let write = Write {
        collection,
        rkey,
        action: Action::Create(prepared.clone()),
        swap: Swap::Unasked,
        key,
    };
    writes.push(write.clone());
    let commit = repo.apply(&writes, input.find_text("swapCommit"), &writer(pds, call, account))?;
    Ok(written(account, &write, &prepared, Some(commit)))
}

pub(super) fn put_record(pds: &Pds, call: &Call<'_>) -> Result<Answer, Refused> {
    let input = call.input(&PUT_RECORD, INPUT)?;
    spend(pds, call, UPDATE_POINTS)?;
    let account = own(pds, call, &input)?;
    let collection = input.text("collection").to_owned();
    let rkey = input.text("rkey").to_owned();
    let validate = input.find_flag("validate");
    let prepared = prepare(&collection, &rkey, record(&input, "record"), validate, "$.record")?;
    let swap = match input.get("swapRecord") {
        None => Swap::Unasked,
        Some(Ipld::String(cid)) => Swap::This(cid.clone()),
        Some(_) => Swap::Nothing,
    };
    let mut repo = account.repo();
    let current = repo.find(&collection, &rkey).map(|stored| stored.cid.clone());
    let action = match current {
        Some(_) => Action::Update(prepared.clone()),
        None => Action::Create(prepared.clone()),
    };
    let write = Write { key: Some(rkey.clone()), collection, rkey, action, swap };
    // The same content again is no write, whatever was expected to be there.
    if current.as_ref() == Some(&prepared.cid) {
        return Ok(written(account, &write, &prepared, None));
    }
    let swap_commit = input.find_text("swapCommit");
    let commit =
        repo.apply(std::slice::from_ref(&write), swap_commit, &writer(pds, call, account))?;
    Ok(written(account, &write, &prepared, Some(commit)))
}

pub(super) fn delete_record(pds: &Pds, call: &Call<'_>) -> Result<Answer, Refused> {
    let input = call.input(&DELETE_RECORD, SHORT_INPUT)?;
    spend(pds, call, DELETE_POINTS)?;
    let account = own(pds, call, &input)?;
    let write = Write {
        collection: input.text("collection").to_owned(),
        rkey: input.text("rkey").to_owned(),
        action: Action::Delete,
        swap: input.find_text("swapRecord").map_or(Swap::Unasked, |cid| Swap::This(cid.to_owned())),
        key: None,
    };
    let mut repo = account.repo();
    if repo.find(&write.collection, &write.rkey).is_none() {
        return Ok(Answer::json(200, &json!({})));
    }
    let commit =
        repo.apply(&[write], input.find_text("swapCommit"), &writer(pds, call, account))?;
    Ok(Answer::json(200, &json!({"commit": commit})))
}

pub(super) fn apply_writes(pds: &Pds, call: &Call<'_>) -> Result<Answer, Refused> {
    let input = call.input(&APPLY_WRITES, INPUT)?;
    let parts: Vec<Input> = match input.get("writes") {
        Some(Ipld::List(writes)) => writes.iter().map(Input::part).collect(),
        _ => Vec::new(),
    };
    let points = parts.iter().map(|part| match part.text("$type") {
        CREATE => CREATE_POINTS,
        UPDATE => UPDATE_POINTS,
        _ => DELETE_POINTS,
    });
    spend(pds, call, points.sum())?;
    let account = own(pds, call, &input)?;
    if parts.len() > MOST_WRITES {
        return Err(Refused::invalid("Too many writes. Max: 200"));
    }
    let validate = input.find_flag("validate");
    let writes = parts
        .iter()
        .enumerate()
        .map(|(index, part)| planned(pds, part, validate, index))
        .collect::<Result<Vec<_>, _>>()?;
    let mut repo = account.repo();
    let commit = repo.apply(&writes, input.find_text("swapCommit"), &writer(pds, call, account))?;
    let results: Vec<_> = writes.iter().map(|write| result(account, write)).collect();
    Ok(Answer::json(200, &json!({"commit": commit, "results": results})))
}

fn planned(
    pds: &Pds,
    part: &Input,
    validate: Option<bool>,
    index: usize,
) -> Result<Write, Refused> {
    let collection = part.text("collection").to_owned();
    let key = part.find_text("rkey").map(ToOwned::to_owned);
    let rkey = key.clone().unwrap_or_else(|| pds.next_tid());
    let prepared = || {
        prepare(
            &collection,
            &rkey,
            record(part, "value"),
            validate,
            &format!("$.writes[{index}].record"),
        )
    };
    let action = match part.text("$type") {
        CREATE => Action::Create(prepared()?),
        UPDATE => Action::Update(prepared()?),
        _ => Action::Delete,
    };
    Ok(Write { collection, rkey, action, swap: Swap::Unasked, key })
}

fn result(account: &Account, write: &Write) -> Value {
    let (kind, prepared) = match &write.action {
        Action::Create(prepared) => ("createResult", prepared),
        Action::Update(prepared) => ("updateResult", prepared),
        Action::Delete => return json!({"$type": "com.atproto.repo.applyWrites#deleteResult"}),
    };
    let mut body = json!({
        "$type": format!("com.atproto.repo.applyWrites#{kind}"),
        "uri": uri(&account.did, write),
        "cid": prepared.cid,
    });
    if let Some(status) = prepared.status {
        body["validationStatus"] = status.into();
    }
    body
}
