//! One account's repository: records, blobs, and writes that happen together
//! or not at all.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use ipld_core::ipld::Ipld;
use serde_json::{Value, json};

use super::lexicon::{self, POSTS};
use super::schema::BlobRef;
use super::{cbor, formats};
use crate::standin::ledger::NewPost;
use crate::standin::{Author, Ledger, Post, What};

use super::xrpc::Refused;

/// A record that was checked and is ready to be stored.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    pub(super) cid: String,
    pub(super) value: Arc<Value>,
    pub(super) status: Option<&'static str>,
    blobs: Vec<BlobRef>,
}

/// What is expected to be there before a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Swap {
    Unasked,
    Nothing,
    This(String),
}

#[derive(Debug, Clone)]
pub(super) enum Action {
    Create(Prepared),
    Update(Prepared),
    Delete,
}

/// One write of a commit.
#[derive(Debug, Clone)]
pub(super) struct Write {
    pub(super) collection: String,
    pub(super) rkey: String,
    pub(super) action: Action,
    pub(super) swap: Swap,
    /// The record key, where the client chose it.
    pub(super) key: Option<String>,
}

#[derive(Debug)]
pub(super) struct Stored {
    pub(super) cid: String,
    pub(super) value: Arc<Value>,
    blobs: Vec<String>,
    post: Option<Arc<Post>>,
}

#[derive(Debug)]
struct Blob {
    mime: String,
    size: i128,
    /// Uploaded, and not used by a record yet.
    is_temporary: bool,
    users: usize,
}

/// Who writes, for the ledger.
pub(super) struct Writer<'a> {
    pub(super) did: &'a Arc<str>,
    pub(super) ledger: &'a Ledger,
    pub(super) request: Option<u64>,
    pub(super) author: Author,
    pub(super) rev: String,
}

type Place = (String, String);

#[derive(Debug, Default)]
pub(super) struct Repo {
    records: BTreeMap<Place, Stored>,
    blobs: HashMap<String, Blob>,
    commit: String,
}

/// Checks a record and gives it its identifier.
pub(super) fn prepare(
    collection: &str,
    rkey: &str,
    record: &Ipld,
    validate: Option<bool>,
    path: &str,
) -> Result<Prepared, Refused> {
    let Ipld::Map(map) = record else { return Err(Refused::invalid("Expected object value type")) };
    let mut map = map.clone();
    match map.get("$type") {
        None => drop(map.insert("$type".to_owned(), Ipld::String(collection.to_owned()))),
        Some(Ipld::String(kind)) if kind == collection => (),
        Some(kind) => {
            let kind = cbor::to_json(kind);
            let kind = kind.as_str().map_or_else(|| kind.to_string(), ToOwned::to_owned);
            return Err(Refused::invalid(format!(
                "Invalid $type: expected {collection}, got {kind}"
            )));
        }
    }
    let record = Ipld::Map(map);
    let status = match (lexicon::record(collection), validate) {
        (_, Some(false)) => None,
        (None, Some(true)) => {
            return Err(Refused::invalid(format!("Unknown lexicon type: {collection}")));
        }
        (None, None) => Some("unknown"),
        (Some(schema), _) => {
            if !formats::Format::Tid.fits(rkey) {
                let complaint = format!("Invalid TID string (got {rkey:?}) at $");
                return Err(Refused::invalid(format!(
                    "Invalid record key for {collection}: {complaint}"
                )));
            }
            let complain =
                |complaint| Refused::invalid(format!("Invalid {collection} record: {complaint}"));
            schema.check(&record, path).map_err(complain)?;
            Some("valid")
        }
    };
    let mut blobs = Vec::new();
    find_blobs(&record, &mut blobs)?;
    let cid = cbor::record_cid(&record).map_err(|_| Refused::internal())?.to_string();
    Ok(Prepared { cid, value: Arc::new(cbor::to_json(&record)), status, blobs })
}

fn find_blobs(value: &Ipld, found: &mut Vec<BlobRef>) -> Result<(), Refused> {
    match value {
        Ipld::List(items) => items.iter().try_for_each(|item| find_blobs(item, found)),
        Ipld::Map(map) => {
            if let Some(blob) = BlobRef::from_value(value) {
                found.push(blob);
                return Ok(());
            }
            if let (2, Some(Ipld::String(cid)), Some(Ipld::String(_))) =
                (map.len(), map.get("cid"), map.get("mimeType"))
                && cbor::is_cid(cid)
            {
                return Err(Refused::invalid(format!("Legacy blobs are not allowed ({cid})")));
            }
            map.values().try_for_each(|item| find_blobs(item, found))
        }
        _ => Ok(()),
    }
}

fn swapped(current: Option<&str>) -> Refused {
    Refused::named("InvalidSwap", format!("Record was at {}", current.unwrap_or("null")))
}

impl Repo {
    pub(super) fn find(&self, collection: &str, rkey: &str) -> Option<&Stored> {
        self.records.get(&(collection.to_owned(), rkey.to_owned()))
    }

    /// The records of a collection by key, descending unless `is_reversed`,
    /// past the cursor.
    pub(super) fn list(
        &self,
        collection: &str,
        limit: usize,
        cursor: Option<&str>,
        is_reversed: bool,
    ) -> Vec<(&str, &Stored)> {
        let first = (collection.to_owned(), String::new());
        let all = self
            .records
            .range(first..)
            .take_while(|((place, _), _)| place == collection)
            .map(|((_, rkey), stored)| (rkey.as_str(), stored));
        let is_past = |rkey: &str| match cursor {
            None => true,
            Some(cursor) if is_reversed => rkey > cursor,
            Some(cursor) => rkey < cursor,
        };
        let mut records: Vec<_> = all.filter(|(rkey, _)| is_past(rkey)).collect();
        if !is_reversed {
            records.reverse();
        }
        records.truncate(limit);
        records
    }

    /// The records of a collection that are about the same subject; a like
    /// replaces an earlier like.
    pub(super) fn with_subject(&self, collection: &str, value: &Value) -> Vec<String> {
        let path = match collection {
            "app.bsky.graph.follow" | "app.bsky.graph.block" => "/subject",
            "app.bsky.feed.like" | "app.bsky.feed.repost" => "/subject/uri",
            _ => return Vec::new(),
        };
        let subject = value.pointer(path);
        let records = self.list(collection, usize::MAX, None, false);
        records
            .into_iter()
            .filter(|(_, stored)| subject.is_some() && stored.value.pointer(path) == subject)
            .map(|(rkey, _)| rkey.to_owned())
            .collect()
    }

    pub(super) fn upload(&mut self, cid: &str, mime: &str, size: i128) -> Value {
        let blob = self.blobs.entry(cid.to_owned()).or_insert_with(|| Blob {
            mime: mime.to_owned(),
            size,
            is_temporary: true,
            users: 0,
        });
        json!({"$type": "blob", "ref": {"$link": cid}, "mimeType": mime, "size": i64::try_from(blob.size).unwrap_or(0)})
    }

    /// As the collection of unused blobs does after a while.
    pub(super) fn forget_unused_blobs(&mut self) {
        self.blobs.retain(|_, blob| !blob.is_temporary);
    }

    /// All of the writes, or none and why. Tells the new commit.
    pub(super) fn apply(
        &mut self,
        writes: &[Write],
        swap_commit: Option<&str>,
        by: &Writer<'_>,
    ) -> Result<Value, Refused> {
        if swap_commit.is_some_and(|expected| expected != self.commit) {
            return Err(Refused::named("InvalidSwap", format!("Commit was at {}", self.commit)));
        }
        self.check_swaps(writes)?;
        self.check_places(writes)?;
        let dropped = self.check_blobs(writes)?;
        for write in writes {
            self.carry_out(write, by);
        }
        for cid in dropped {
            self.blobs.remove(&cid);
        }
        let body = json!({"did": &**by.did, "prev": &self.commit, "rev": &by.rev});
        let cid = cbor::record_cid(&cbor::from_json(&body)).map_err(|_| Refused::internal())?;
        self.commit = cid.to_string();
        Ok(json!({"cid": self.commit, "rev": by.rev}))
    }

    fn check_swaps(&self, writes: &[Write]) -> Result<(), Refused> {
        for write in writes {
            let current =
                self.find(&write.collection, &write.rkey).map(|stored| stored.cid.as_str());
            let is_fine = match (&write.swap, &write.action) {
                (Swap::Unasked, _) => true,
                (Swap::Nothing, Action::Create(_)) => current.is_none(),
                (Swap::Nothing, _) | (Swap::This(_), Action::Create(_)) => false,
                (Swap::This(expected), _) => current == Some(expected.as_str()),
            };
            if !is_fine {
                return Err(swapped(current));
            }
        }
        Ok(())
    }

    /// The tree refuses to add what is there and to change what is not; the
    /// real server does not expect that, and answers 500.
    fn check_places(&self, writes: &[Write]) -> Result<(), Refused> {
        let mut overlay: HashMap<(&str, &str), bool> = HashMap::new();
        for write in writes {
            let place = (write.collection.as_str(), write.rkey.as_str());
            let is_there = overlay
                .get(&place)
                .copied()
                .unwrap_or_else(|| self.find(place.0, place.1).is_some());
            if is_there == matches!(write.action, Action::Create(_)) {
                return Err(Refused::internal());
            }
            overlay.insert(place, !matches!(write.action, Action::Delete));
        }
        Ok(())
    }

    /// Looks whether all blobs are there, and tells which are there no longer
    /// once the writes are done.
    fn check_blobs(&self, writes: &[Write]) -> Result<Vec<String>, Refused> {
        let mut users: HashMap<&str, usize> = HashMap::new();
        for write in writes {
            let old = match write.action {
                Action::Create(_) => None,
                _ => self.find(&write.collection, &write.rkey),
            };
            for cid in old.into_iter().flat_map(|stored| &stored.blobs) {
                let left = users
                    .entry(cid)
                    .or_insert_with(|| self.blobs.get(cid).map_or(0, |blob| blob.users));
                *left = left.saturating_sub(1);
            }
        }
        let wanted = || {
            writes.iter().flat_map(|write| match &write.action {
                Action::Create(prepared) | Action::Update(prepared) => prepared.blobs.as_slice(),
                Action::Delete => &[],
            })
        };
        for wanted in wanted() {
            let Some(blob) = self.blobs.get(&wanted.cid) else {
                return Err(Refused::named(
                    "BlobNotFound",
                    format!("Could not find blob: {}", wanted.cid),
                ));
            };
            // The real server looks no further once a blob was used.
            if blob.is_temporary && blob.mime != wanted.mime {
                let message = format!(
                    "Referenced Mimetype does not match stored blob. Expected: {}, Got: {}",
                    blob.mime, wanted.mime
                );
                return Err(Refused::named("InvalidMimeType", message));
            }
            if blob.is_temporary && blob.size != wanted.size {
                let message = format!(
                    "Referenced Size does not match stored blob. Expected: {}, Got: {}",
                    blob.size, wanted.size
                );
                return Err(Refused::named("InvalidSize", message));
            }
        }
        let unused =
            users.into_iter().filter(|(cid, left)| *left == 0 && !wanted().any(|w| w.cid == *cid));
        Ok(unused.map(|(cid, _)| cid.to_owned()).collect())
    }

    fn carry_out(&mut self, write: &Write, by: &Writer<'_>) {
        let place = (write.collection.clone(), write.rkey.clone());
        let old = self.records.remove(&place);
        for cid in old.iter().flat_map(|stored| &stored.blobs) {
            if let Some(blob) = self.blobs.get_mut(cid) {
                blob.users = blob.users.saturating_sub(1);
            }
        }
        let old_post = old.and_then(|stored| stored.post);
        let prepared = match &write.action {
            Action::Create(prepared) | Action::Update(prepared) => prepared,
            Action::Delete => {
                let what = old_post.map_or_else(|| What::Wrote(uri(by.did, write)), What::Deleted);
                by.ledger.happened(by.did, by.request, what);
                return;
            }
        };
        let mut blobs: Vec<_> = prepared.blobs.iter().map(|blob| blob.cid.clone()).collect();
        blobs.sort();
        blobs.dedup();
        for cid in &blobs {
            if let Some(blob) = self.blobs.get_mut(cid) {
                blob.users += 1;
                blob.is_temporary = false;
            }
        }
        let post = enter(write, prepared, old_post, by);
        let stored =
            Stored { cid: prepared.cid.clone(), value: prepared.value.clone(), blobs, post };
        self.records.insert(place, stored);
    }
}

pub(super) fn uri(did: &str, write: &Write) -> String {
    format!("at://{did}/{}/{}", write.collection, write.rkey)
}

/// Tells the ledger of a record that is stored.
fn enter(
    write: &Write,
    prepared: &Prepared,
    old: Option<Arc<Post>>,
    by: &Writer<'_>,
) -> Option<Arc<Post>> {
    let value = &prepared.value;
    if let Some(post) = old {
        let what = What::Overwrote(post.clone(), value.clone());
        by.ledger.happened(by.did, by.request, what);
        return Some(post);
    }
    if write.collection != POSTS {
        by.ledger.happened(by.did, by.request, What::Wrote(uri(by.did, write)));
        return None;
    }
    Some(by.ledger.posted(NewPost {
        account: by.did,
        id: uri(by.did, write),
        text: value["text"].as_str().unwrap_or_default().to_owned(),
        reply_to: value["reply"]["parent"]["uri"].as_str().map(ToOwned::to_owned),
        key: write.key.clone(),
        request: by.request,
        author: by.author.clone(),
        content: value.clone(),
    }))
}
