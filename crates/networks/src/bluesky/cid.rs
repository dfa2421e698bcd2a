//! The name that a server will give to a record: computed here, because a
//! reply names the post it answers before either of them is sent.
//!
//! Source: <https://atproto.com/specs/data-model>: DAG-CBOR, SHA-256, CIDv1.

use std::collections::BTreeMap;

use cid::multihash::Multihash;
use serde::Serialize;
use serde::ser::Serializer;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

const DAG_CBOR: u64 = 0x71;
const SHA2_256: u64 = 0x12;

/// A record that has no name: it holds what the data model does not know.
#[derive(Debug, thiserror::Error)]
#[error("not a record: {0}")]
pub(super) struct NotARecord(String);

/// The CID of `record`, as text.
pub(super) fn of(record: &Value) -> Result<String, NotARecord> {
    let node = Node::from_json(record)?;
    let bytes = serde_ipld_dagcbor::to_vec(&node).map_err(|error| NotARecord(error.to_string()))?;
    let hash = Multihash::<64>::wrap(SHA2_256, &Sha256::digest(&bytes))
        .map_err(|error| NotARecord(error.to_string()))?;
    Ok(cid::Cid::new_v1(DAG_CBOR, hash).to_string())
}

/// The data model. Its maps are put in order by the encoder.
enum Node {
    Null,
    Bool(bool),
    Integer(i64),
    Text(String),
    Link(cid::Cid),
    List(Vec<Node>),
    Map(BTreeMap<String, Node>),
}

impl Node {
    fn from_json(value: &Value) -> Result<Self, NotARecord> {
        Ok(match value {
            Value::Null => Self::Null,
            Value::Bool(bool) => Self::Bool(*bool),
            Value::Number(number) => Self::Integer(
                number.as_i64().ok_or_else(|| NotARecord(format!("the number {number}")))?,
            ),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(items) => {
                Self::List(items.iter().map(Self::from_json).collect::<Result<_, _>>()?)
            }
            Value::Object(fields) => match (fields.get("$link"), fields.len()) {
                (Some(Value::String(link)), 1) => Self::Link(
                    link.parse().map_err(|error| NotARecord(format!("a link: {error}")))?,
                ),
                _ => Self::Map(
                    fields
                        .iter()
                        .map(|(name, value)| Ok((name.clone(), Self::from_json(value)?)))
                        .collect::<Result<_, NotARecord>>()?,
                ),
            },
        })
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(bool) => serializer.serialize_bool(*bool),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Link(link) => link.serialize(serializer),
            Self::List(items) => items.serialize(serializer),
            Self::Map(fields) => fields.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_record_is_named_as_a_real_server_named_it() {
        // Answered by PDS 0.5.35.
        let record = json!({
            "$type": "app.bsky.feed.post",
            "text": "hi",
            "createdAt": "2026-11-22T09:00:00.000Z",
        });
        assert_eq!(
            of(&record).unwrap_or_default(),
            "bafyreibr7nff474byamkcseop2jlg7xry42bpq5yyzrwwl7465vq3xqhmy"
        );
    }

    #[test]
    fn what_the_data_model_does_not_know_has_no_name() {
        assert!(of(&json!({"ratio": 1.5})).is_err());
        assert!(of(&json!({"ref": {"$link": "not a cid"}})).is_err());
    }
}
