//! Records as they will stand in the repository.

use std::collections::BTreeMap;

use bellwether_base::{Instant, Say};
use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation as _;

use super::plan::{Card, Picture, Plan, Uploads, picture_key, thumb_key};
use super::{POST, THREADGATE, cid};
use crate::{Failure, Measured};

/// A record with its place and its name.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub collection: &'static str,
    pub rkey: String,
    pub value: Value,
    pub cid: String,
}

/// A post without what is known only later: whom it answers and its embed.
pub(super) fn post(
    text: &str,
    facets: Vec<Value>,
    languages: &[String],
    labels: &[String],
    created_at: Instant,
) -> Value {
    let mut record = json!({
        "$type": POST,
        "text": text,
        "createdAt": created_at.to_rfc3339(),
    });
    if !facets.is_empty() {
        record["facets"] = Value::Array(facets);
    }
    if !languages.is_empty() {
        record["langs"] = json!(languages);
    }
    if !labels.is_empty() {
        let values: Vec<_> = labels.iter().map(|label| json!({"val": label})).collect();
        record["labels"] = json!({"$type": "com.atproto.label.defs#selfLabels", "values": values});
    }
    record
}

/// The rules on who may reply to the post at `uri`.
pub(super) fn gate(uri: &str, allow: &[Value], created_at: Instant) -> Value {
    json!({
        "$type": THREADGATE,
        "post": uri,
        "allow": allow,
        "createdAt": created_at.to_rfc3339(),
    })
}

/// What is a link, a mention or a tag in a text, in UTF-8 bytes. A mention
/// whose handle nobody knows stays plain text, as does what a server would
/// refuse or what overlaps something before it.
pub(super) fn facets(measured: &Measured, dids: &BTreeMap<String, String>) -> Vec<Value> {
    let link = "app.bsky.richtext.facet#link";
    let mention = "app.bsky.richtext.facet#mention";
    let tag = "app.bsky.richtext.facet#tag";
    let mut spans: Vec<(usize, usize, Value)> = Vec::new();
    for span in &measured.links {
        spans.push((span.start, span.end, json!({"$type": link, "uri": span.value})));
    }
    for span in &measured.mentions {
        if let Some(did) = dids.get(&span.value.to_lowercase()) {
            spans.push((span.start, span.end, json!({"$type": mention, "did": did})));
        }
    }
    for span in &measured.tags {
        if span.value.len() <= 640 && span.value.graphemes(true).count() <= 64 {
            spans.push((span.start, span.end, json!({"$type": tag, "tag": span.value})));
        }
    }
    spans.sort_by_key(|(start, end, _)| (*start, *end));
    let mut free_from = 0;
    spans.retain(|(start, end, _)| {
        let is_free = *start >= free_from && start < end;
        if is_free {
            free_from = *end;
        }
        is_free
    });
    spans
        .into_iter()
        .map(|(start, end, feature)| {
            json!({"index": {"byteStart": start, "byteEnd": end}, "features": [feature]})
        })
        .collect()
}

/// All records of a plan in the order in which they are written, each post
/// naming the one it answers.
pub(super) fn build(plan: &Plan, uploads: &Uploads) -> Result<Vec<Record>, Failure> {
    let mut records: Vec<Record> = Vec::new();
    for part in &plan.parts {
        let mut value = part.record.clone();
        if let (Some(root), Some(parent)) = (records.first(), records.last()) {
            let name = |record: &Record| json!({"uri": plan.uri(record.collection, &record.rkey), "cid": record.cid});
            value["reply"] = json!({"root": name(root), "parent": name(parent)});
        }
        if !part.pictures.is_empty() {
            value["embed"] = images(&part.pictures, uploads)?;
        } else if let Some(card) = &part.card {
            value["embed"] = external(card, uploads)?;
        }
        records.push(named(POST, &part.rkey, value)?);
    }
    if let (Some(gate), Some(root)) = (&plan.gate, plan.parts.first()) {
        records.push(named(THREADGATE, &root.rkey, gate.clone())?);
    }
    Ok(records)
}

fn named(collection: &'static str, rkey: &str, value: Value) -> Result<Record, Failure> {
    let cid = cid::of(&value).map_err(|error| {
        Failure::rejected(Say::new("frozen-unreadable")).vendor(error.to_string())
    })?;
    Ok(Record { collection, rkey: rkey.to_owned(), value, cid })
}

fn images(pictures: &[Picture], uploads: &Uploads) -> Result<Value, Failure> {
    let images = pictures
        .iter()
        .map(|picture| {
            let upload = uploads.0.get(&picture_key(&picture.hash)).ok_or_else(unprepared)?;
            let blob = upload.blob.as_ref().ok_or_else(unprepared)?;
            let mut image = json!({"image": blob, "alt": picture.alt});
            if let Some((width, height)) = upload.size.or(picture.size) {
                image["aspectRatio"] = json!({"width": width, "height": height});
            }
            Ok(image)
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    Ok(json!({"$type": "app.bsky.embed.images", "images": images}))
}

fn external(card: &Card, uploads: &Uploads) -> Result<Value, Failure> {
    let mut external =
        json!({"uri": card.uri, "title": card.title, "description": card.description});
    if let Some(image) = &card.image {
        let upload = uploads.0.get(&thumb_key(image)).ok_or_else(unprepared)?;
        if let Some(blob) = &upload.blob {
            external["thumb"] = blob.clone();
        }
    }
    Ok(json!({"$type": "app.bsky.embed.external", "external": external}))
}

/// Something was not uploaded, or what was uploaded was forgotten.
fn unprepared() -> Failure {
    let mut failure = Failure::transient(Say::new("bluesky-picture-gone"));
    failure.prepare_again = true;
    failure
}
