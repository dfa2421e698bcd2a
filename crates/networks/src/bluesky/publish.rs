//! Writing, looking and taking down, always at the account's own server.

use async_trait::async_trait;
use bellwether_base::{Instant, Say};
use serde_json::{Value, json};

use super::plan::{Picture, Plan, Uploads};
use super::record::{self, Record};
use super::refusal::Refusal;
use super::session::Session;
use super::xrpc::Xrpc;
use super::{Bluesky, CREATE, POST, PUT, THREADGATE, address, freeze, prepare};
use crate::effect::{Effect, unreadable};
use crate::{
    Checked, Cx, Draft, Failure, Found, Frozen, MediaRef, Part, Permit, Prepared, Publish, Quota,
    Receipt, RemotePost, Submitted, Ticket, Trace,
};

#[async_trait]
impl Publish for Bluesky {
    async fn freeze(&self, cx: &Cx<'_>, draft: &Draft<'_>) -> Result<Frozen, Failure> {
        freeze::freeze(cx, draft).await
    }

    fn is_prepared(&self, frozen: &Frozen, state: &Value, now: Instant) -> bool {
        prepare::is_done(frozen, state, now)
    }

    async fn prepare(
        &self,
        cx: &Cx<'_>,
        frozen: &Frozen,
        state: &Value,
        permit: &Permit,
    ) -> Result<Prepared, Failure> {
        prepare::step(cx, frozen, state, permit).await
    }

    /// As [`creation`] asks for it.
    fn cost(&self, frozen: &Frozen, _: &Quota) -> i64 {
        let records = Plan::open(frozen).map_or(1, |plan| plan.records());
        if records == 1 {
            PUT
        } else {
            CREATE * i64::try_from(records).unwrap_or(i64::MAX / CREATE)
        }
    }

    fn parts(&self, frozen: &Frozen) -> Vec<Part> {
        let planned = Plan::open(frozen).map(|plan| plan.parts).unwrap_or_default();
        let part = |(at, text): (usize, &String)| {
            let pictures = planned.get(at).into_iter().flat_map(|post| &post.pictures);
            Part {
                text: text.clone(),
                media: pictures
                    .map(|Picture { hash, alt, .. }| MediaRef {
                        hash: hash.clone(),
                        alt: alt.clone(),
                        facts: None,
                    })
                    .collect(),
                card: None,
            }
        };
        frozen.texts.iter().enumerate().map(part).collect()
    }

    async fn submit(
        &self,
        cx: &Cx<'_>,
        frozen: &Frozen,
        prepared: &Value,
        permit: &Permit,
    ) -> Result<Submitted, Failure> {
        let plan = Plan::open(frozen)?;
        let session = Session::open(cx.credential)?;
        let records = record::build(&plan, &Uploads::open(prepared))?;
        let (method, body) = creation(&plan, &records);
        let answer = Xrpc::of(cx)
            .with(&session.access)
            .tell(method, Some(&body), permit)
            .await?
            .map_err(Refusal::failure)?;
        let results = match answer.get("results") {
            Some(results) => results.as_array().cloned().unwrap_or_default(),
            None => vec![answer],
        };
        let receipt = receipt(cx, &plan, &results).ok_or_else(|| unreadable(Effect::Write))?;
        compare(&plan, &records, &receipt);
        Ok(Submitted::Done(receipt))
    }

    /// A server answers at once, so nothing is ever pending; should a ticket
    /// turn up all the same, the records themselves are looked at.
    async fn check(
        &self,
        cx: &Cx<'_>,
        frozen: &Frozen,
        ticket: &Ticket,
    ) -> Result<Checked, Failure> {
        match look(cx, frozen, &ticket.state).await? {
            Found::Found(receipt) => Ok(Checked::Done(receipt)),
            _ => Ok(Checked::Pending(ticket.clone())),
        }
    }

    async fn find(
        &self,
        cx: &Cx<'_>,
        frozen: &Frozen,
        prepared: &Value,
        _trace: &Trace,
    ) -> Result<Found, Failure> {
        look(cx, frozen, prepared).await
    }

    async fn newest(&self, cx: &Cx<'_>) -> Result<Option<String>, Failure> {
        let query = [("repo", cx.account.remote_id.as_str()), ("collection", POST), ("limit", "1")];
        let answer = Xrpc::of(cx)
            .ask("com.atproto.repo.listRecords", &query)
            .await?
            .map_err(Refusal::failure)?;
        Ok(answer["records"][0]["uri"].as_str().map(str::to_owned))
    }

    async fn delete(&self, cx: &Cx<'_>, post: &RemotePost, permit: &Permit) -> Result<(), Failure> {
        let did = &cx.account.remote_id;
        let rkey = post
            .id
            .strip_prefix(&format!("at://{did}/{POST}/"))
            .filter(|rkey| !rkey.is_empty() && !rkey.contains('/'))
            .ok_or_else(|| Failure::rejected(Say::new("not-our-post")))?;
        let session = Session::open(cx.credential)?;
        // A gate left behind would apply to nothing, but it is ours to clear.
        // Taking down both at once fails if one is not there, so look first.
        let has_gate = read(cx, THREADGATE, rkey).await?.is_some();
        let (method, body) = if has_gate && read(cx, POST, rkey).await?.is_some() {
            let writes = [POST, THREADGATE].map(|collection| {
                json!({
                    "$type": "com.atproto.repo.applyWrites#delete",
                    "collection": collection,
                    "rkey": rkey,
                })
            });
            ("com.atproto.repo.applyWrites", json!({"repo": did, "writes": writes}))
        } else {
            let collection = if has_gate { THREADGATE } else { POST };
            let body = json!({"repo": did, "collection": collection, "rkey": rkey});
            ("com.atproto.repo.deleteRecord", body)
        };
        Xrpc::of(cx)
            .with(&session.access)
            .tell(method, Some(&body), permit)
            .await?
            .map_err(Refusal::failure)?;
        Ok(())
    }
}

/// The one call that creates everything, or nothing.
fn creation(plan: &Plan, records: &[Record]) -> (&'static str, Value) {
    if let [only] = records {
        // `swapRecord: null` makes it create only. The same content once more
        // is then answered as if it had just been written.
        let body = json!({
            "repo": plan.did,
            "collection": only.collection,
            "rkey": only.rkey,
            "record": only.value,
            "swapRecord": null,
        });
        return ("com.atproto.repo.putRecord", body);
    }
    let writes: Vec<_> = records
        .iter()
        .map(|record| {
            json!({
                "$type": "com.atproto.repo.applyWrites#create",
                "collection": record.collection,
                "rkey": record.rkey,
                "value": record.value,
            })
        })
        .collect();
    ("com.atproto.repo.applyWrites", json!({"repo": plan.did, "writes": writes}))
}

/// What the server says it has of `posts`, one answer for each in order.
/// Nothing if an answer is missing or cannot be read.
fn receipt(cx: &Cx<'_>, plan: &Plan, answers: &[Value]) -> Option<Receipt> {
    let posts = plan
        .parts
        .iter()
        .enumerate()
        .map(|(index, part)| {
            let answer = answers.get(index)?;
            Some(RemotePost {
                id: answer.get("uri")?.as_str()?.to_owned(),
                url: address::post(cx.endpoints, &plan.did, &part.rkey).map(String::from),
                version: Some(answer.get("cid")?.as_str()?.to_owned()),
            })
        })
        .collect::<Option<Vec<_>>>()?;
    Some(Receipt { posts })
}

/// Says in the log when a server holds something else than what was sent. It
/// is out all the same: the key is ours.
fn compare(plan: &Plan, records: &[Record], receipt: &Receipt) {
    for (record, post) in records.iter().zip(&receipt.posts) {
        let uri = plan.uri(record.collection, &record.rkey);
        if post.id != uri || post.version.as_ref() != Some(&record.cid) {
            tracing::warn!(
                sent = uri,
                sent_cid = record.cid,
                there = post.id,
                there_cid = post.version,
                "a server holds something else under our record key"
            );
        }
    }
}

/// Looks whether the posts are there.
async fn look(cx: &Cx<'_>, frozen: &Frozen, prepared: &Value) -> Result<Found, Failure> {
    let plan = Plan::open(frozen)?;
    let mut answers = Vec::new();
    for part in &plan.parts {
        answers.extend(read(cx, POST, &part.rkey).await?);
    }
    if answers.len() == plan.parts.len() {
        let Some(receipt) = receipt(cx, &plan, &answers) else {
            return Err(unreadable(Effect::Read));
        };
        // Without what preparing brought there is nothing to compare.
        if let Ok(records) = record::build(&plan, &Uploads::open(prepared)) {
            compare(&plan, &records, &receipt);
        }
        return Ok(Found::Found(receipt));
    }
    if !answers.is_empty() {
        return Ok(Found::CannotTell);
    }
    // A server that does not hold the account passes the question on to one
    // that lags behind. Only the account's own server can say "absent".
    let repository = Xrpc::of(cx)
        .ask("com.atproto.repo.describeRepo", &[("repo", &plan.did)])
        .await?
        .map_err(Refusal::failure)?;
    match repository.get("did").and_then(Value::as_str) {
        Some(did) if did == plan.did => Ok(Found::Absent),
        Some(_) => Ok(Found::CannotTell),
        None => Err(unreadable(Effect::Read)),
    }
}

/// One record; nothing if the server says that there is none.
async fn read(cx: &Cx<'_>, collection: &str, rkey: &str) -> Result<Option<Value>, Failure> {
    let query =
        [("repo", cx.account.remote_id.as_str()), ("collection", collection), ("rkey", rkey)];
    match Xrpc::of(cx).ask("com.atproto.repo.getRecord", &query).await? {
        Ok(answer) if answer.get("cid").is_some_and(Value::is_string) => Ok(Some(answer)),
        Ok(_) => Err(unreadable(Effect::Read)),
        Err(refusal) if refusal.is_definite() && refusal.name == "RecordNotFound" => Ok(None),
        Err(refusal) => Err(refusal.failure()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::SPEC;
    use super::*;
    use crate::Network as _;

    /// As counted by the reference server, and by the one that stands in for it.
    #[test]
    fn a_request_costs_what_its_records_cost() {
        let cost = |parts: usize, gate: Value| {
            let part = json!({"rkey": "3k", "record": {}});
            let mut request = json!({"did": "did:plc:ada", "parts": vec![part; parts]});
            if !gate.is_null() {
                request["gate"] = gate;
            }
            let texts = vec![String::new(); parts];
            let frozen = Frozen { request, handles: Vec::new(), texts };
            Bluesky.publish().cost(&frozen, &SPEC.quotas[0])
        };
        assert_eq!(cost(1, Value::Null), 2, "one record is put");
        assert_eq!(cost(25, Value::Null), 75);
        assert_eq!(cost(1, json!({})), 6, "the post and who may reply to it");
    }

    #[test]
    fn a_stored_request_tells_its_texts_and_its_pictures() {
        let picture = json!({"hash": "ab", "alt": "a cake", "size": [4, 3]});
        let part = json!({"rkey": "3k", "record": {}, "pictures": [picture]});
        let bare = json!({"rkey": "3l", "record": {}});
        let request = json!({"did": "did:plc:ada", "parts": [part, bare]});
        let frozen =
            Frozen { request, handles: Vec::new(), texts: vec!["one".into(), "two".into()] };
        let parts = Bluesky.publish().parts(&frozen);
        let told = |part: &Part| {
            let alts: Vec<_> = part.media.iter().map(|own| own.alt.clone()).collect();
            (part.text.clone(), alts)
        };
        let told: Vec<_> = parts.iter().map(told).collect();
        assert_eq!(told, [("one".into(), vec!["a cake".into()]), ("two".into(), Vec::new())]);
        // What cannot be read any more still tells its words.
        let old = Frozen { request: Value::Null, handles: Vec::new(), texts: vec!["one".into()] };
        assert_eq!(Bluesky.publish().parts(&old)[0].text, "one");
    }
}
