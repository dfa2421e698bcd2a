//! Records as the protocol hashes them: JSON to the data model, the data
//! model to DAG-CBOR, DAG-CBOR to a content identifier.
//!
//! After <https://atproto.com/specs/data-model>, with the leniency of the
//! reference server: an object that only resembles a link or bytes stays an
//! object.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use cid::Cid;
use cid::multihash::Multihash;
use ipld_core::ipld::Ipld;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

const DAG_CBOR: u64 = 0x71;
const RAW: u64 = 0x55;
const SHA2_256: u64 = 0x12;
const LARGEST_INTEGER: i128 = (1 << 53) - 1;

/// Written without padding, read with or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A value that cannot be written: a fraction, or an integer beyond 53 bits.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unwritable;

/// JSON as the protocol understands it.
pub(super) fn from_json(value: &Value) -> Ipld {
    match value {
        Value::Null => Ipld::Null,
        Value::Bool(value) => Ipld::Bool(*value),
        Value::String(text) => Ipld::String(text.clone()),
        Value::Array(items) => Ipld::List(items.iter().map(from_json).collect()),
        Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(integer), ..) => Ipld::Integer(integer.into()),
            (_, Some(integer), _) => Ipld::Integer(integer.into()),
            (.., Some(float)) => whole(float).map_or(Ipld::Float(float), Ipld::Integer),
            _ => Ipld::Null,
        },
        Value::Object(map) => special(map).unwrap_or_else(|| {
            Ipld::Map(map.iter().map(|(key, value)| (key.clone(), from_json(value))).collect())
        }),
    }
}

/// JSON does not tell 1.0 from 1.
#[expect(clippy::cast_possible_truncation, reason = "the bounds are checked")]
fn whole(float: f64) -> Option<i128> {
    (float.fract() == 0.0 && float.abs() < 1e18).then_some(float as i128)
}

fn special(map: &Map<String, Value>) -> Option<Ipld> {
    if map.len() != 1 {
        return None;
    }
    if let Some(link) = map.get("$link") {
        return Cid::try_from(link.as_str()?).ok().map(Ipld::Link);
    }
    BASE64.decode(map.get("$bytes")?.as_str()?).ok().map(Ipld::Bytes)
}

/// And back.
pub(super) fn to_json(value: &Ipld) -> Value {
    match value {
        Ipld::Null => Value::Null,
        Ipld::Bool(value) => Value::Bool(*value),
        Ipld::Integer(integer) => i64::try_from(*integer).map_or(Value::Null, Value::from),
        Ipld::Float(float) => Value::from(*float),
        Ipld::String(text) => Value::String(text.clone()),
        Ipld::Bytes(bytes) => serde_json::json!({"$bytes": BASE64.encode(bytes)}),
        Ipld::List(items) => Value::Array(items.iter().map(to_json).collect()),
        Ipld::Map(map) => {
            Value::Object(map.iter().map(|(key, value)| (key.clone(), to_json(value))).collect())
        }
        Ipld::Link(cid) => serde_json::json!({"$link": cid.to_string()}),
    }
}

fn is_writable(value: &Ipld) -> bool {
    match value {
        Ipld::Float(_) => false,
        Ipld::Integer(integer) => integer.abs() <= LARGEST_INTEGER,
        Ipld::List(items) => items.iter().all(is_writable),
        Ipld::Map(map) => map.values().all(is_writable),
        _ => true,
    }
}

/// The content identifier of a record.
pub(super) fn record_cid(value: &Ipld) -> Result<Cid, Unwritable> {
    if !is_writable(value) {
        return Err(Unwritable);
    }
    serde_ipld_dagcbor::to_vec(value).map(|bytes| cid(DAG_CBOR, &bytes)).map_err(|_| Unwritable)
}

/// The content identifier of a blob.
pub(super) fn blob_cid(bytes: &[u8]) -> Cid {
    cid(RAW, bytes)
}

fn cid(codec: u64, bytes: &[u8]) -> Cid {
    let digest = Sha256::digest(bytes);
    let hash = Multihash::wrap(SHA2_256, &digest)
        .unwrap_or_else(|_| unreachable!("32 bytes are fewer than 64"));
    Cid::new_v1(codec, hash)
}

/// Whether this is a content identifier at all.
pub(super) fn is_cid(text: &str) -> bool {
    Cid::try_from(text).is_ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn cid_of(value: &Value) -> String {
        record_cid(&from_json(value)).unwrap().to_string()
    }

    /// The identifiers were given by the reference server, 0.5.35.
    #[test]
    fn records_hash_as_the_real_server_hashes_them() {
        let post = json!({"$type": "app.bsky.feed.post", "text": "hi", "createdAt": "2026-01-02T03:04:05.678Z"});
        let hi = "bafyreieofm4efcffoiechngfa3g2babpefuqgle3eoemx5xv6fn43omzli";
        assert_eq!(cid_of(&post), hi);
        assert_eq!(
            cid_of(&json!({
                "$type": "com.example.thing", "b": {"$bytes": "aGVsbG8"}, "l": {"$link": hi}, "n": -7,
                "big": 9_007_199_254_740_991_i64, "é": "ü", "t": true, "z": null, "arr": []
            })),
            "bafyreifojcd7742ginyeyh3ebva6ksu3bd4f3zh6d27o4xcjouoqrc6vve"
        );
        assert_eq!(
            cid_of(&json!({
                "$type": "app.bsky.feed.post", "text": "hi", "createdAt": "2026-01-02T03:04:05.678Z",
                "x": 1.0, "y": -3.0, "e": 1e3
            })),
            "bafyreif2nxbazgrmgh6gp4ph3wq2tx4ityzxhi2kxiu46ivz32zkuonjha"
        );
        assert_eq!(
            cid_of(&json!({
                "$type": "com.x.y", "a": {"$type": 5},
                "b": {"$link": "bafkreidlp6sdj6jkroakvmbntpy2clsj77foijheae5byt3iwz7d2k542a", "x": 1}
            })),
            "bafyreieek6lr7fhjvsvpx6hpguxrti7k75y3vngwrueft63v6wbsqxn4qq"
        );
        assert_eq!(
            cid_of(&json!({"$type": "com.x.y", "a": {"$bytes": "aGVsbG8="}})),
            "bafyreifvgewxa7tcjo4dcdkyoarr7dsbqsyv5pt4o3hb7go2633fxfv6q4"
        );
        assert_eq!(
            cid_of(&json!({"$type": "com.x.y", "a": {"$bytes": "***"}})),
            "bafyreibhg5cosq4jhxfbfegkdqaz4f5xn6rh5t6c6y3hkl6umu4itgjlhi"
        );
        assert_eq!(
            blob_cid(b"hello").to_string(),
            "bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq"
        );
    }

    #[test]
    fn what_the_real_server_cannot_write_cannot_be_written() {
        assert_eq!(record_cid(&from_json(&json!({"a": [1.5]}))), Err(Unwritable));
        assert_eq!(
            record_cid(&from_json(&json!({"a": 9_007_199_254_740_993_i64}))),
            Err(Unwritable)
        );
    }

    #[test]
    fn json_survives_the_data_model() {
        let value =
            json!({"a": {"$bytes": "aGVsbG8"}, "b": [null, -1, "é", {"c": {"$link": "nothing"}}]});
        assert_eq!(to_json(&from_json(&value)), value);
    }
}
