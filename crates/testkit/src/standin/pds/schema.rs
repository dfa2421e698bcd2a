//! Checking values against lexicons, with the reference server's complaints.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ipld_core::ipld::Ipld;
use unicode_segmentation::UnicodeSegmentation as _;

use super::formats::Format;

/// What a value must be.
pub(super) enum Schema {
    /// With limits in bytes and in grapheme clusters.
    Text {
        format: Option<Format>,
        bytes: usize,
        graphemes: usize,
    },
    Integer {
        least: i128,
    },
    Boolean,
    /// Any object that can be written.
    Map,
    Nullable(&'static Schema),
    /// With the most items there may be.
    List(&'static Schema, usize),
    Object(&'static [Property]),
    Blob {
        accept: &'static str,
        most: i128,
    },
    /// Objects by their `$type`. An unknown one passes unless the union is closed.
    Union {
        members: &'static [(&'static str, &'static Schema)],
        is_closed: bool,
    },
}

/// One key of an object.
pub(super) struct Property {
    name: &'static str,
    schema: &'static Schema,
    is_required: bool,
}

pub(super) const fn required(name: &'static str, schema: &'static Schema) -> Property {
    Property { name, schema, is_required: true }
}

pub(super) const fn optional(name: &'static str, schema: &'static Schema) -> Property {
    Property { name, schema, is_required: false }
}

/// Any string.
pub(super) const TEXT: Schema =
    Schema::Text { format: None, bytes: usize::MAX, graphemes: usize::MAX };

/// A string of a format.
pub(super) const fn of(format: Format) -> Schema {
    Schema::Text { format: Some(format), bytes: usize::MAX, graphemes: usize::MAX }
}

type Checked = Result<(), String>;

impl Schema {
    /// Whether `value` fits. `path` is where it stands, `$.record` for example.
    pub(super) fn check(&self, value: &Ipld, path: &str) -> Checked {
        match self {
            Self::Text { format, bytes, graphemes } => {
                check_text(value, *format, *bytes, *graphemes, path)
            }
            Self::Integer { least } => match value {
                Ipld::Integer(number) if number < least => {
                    Err(format!("integer too small (minimum {least}, got {number}) at {path}"))
                }
                Ipld::Integer(_) => Ok(()),
                _ => Err(unexpected("integer", value, path)),
            },
            Self::Boolean => match value {
                Ipld::Bool(_) => Ok(()),
                _ => Err(unexpected("boolean", value, path)),
            },
            Self::Map => match value {
                Ipld::Map(_) => check_writable(value, path),
                _ => Err(unexpected("object", value, path)),
            },
            Self::Nullable(schema) => match value {
                Ipld::Null => Ok(()),
                _ => schema.check(value, path),
            },
            Self::List(schema, most) => check_list(value, schema, *most, path),
            Self::Object(properties) => match value {
                Ipld::Map(map) => check_object(map, properties, path),
                _ => Err(unexpected("object", value, path)),
            },
            Self::Blob { accept, most } => check_blob(value, accept, *most, path),
            Self::Union { members, is_closed } => check_union(value, members, *is_closed, path),
        }
    }
}

fn check_text(
    value: &Ipld,
    format: Option<Format>,
    bytes: usize,
    graphemes: usize,
    path: &str,
) -> Checked {
    let Ipld::String(text) = value else { return Err(unexpected("string", value, path)) };
    if text.len() > bytes {
        return Err(format!("string too big (maximum {bytes}, got {}) at {path}", text.len()));
    }
    if text.len() > graphemes {
        let count = text.graphemes(true).count();
        if count > graphemes {
            return Err(format!("grapheme too big (maximum {graphemes}, got {count}) at {path}"));
        }
    }
    match format {
        Some(format) if !format.fits(text) => {
            Err(format!("Invalid {} (got {}) at {path}", format.name(), got(value)))
        }
        _ => Ok(()),
    }
}

fn check_list(value: &Ipld, schema: &Schema, most: usize, path: &str) -> Checked {
    let Ipld::List(items) = value else { return Err(unexpected("array", value, path)) };
    if items.len() > most {
        return Err(format!("array too big (maximum {most}, got {}) at {path}", items.len()));
    }
    items
        .iter()
        .enumerate()
        .try_for_each(|(index, item)| schema.check(item, &format!("{path}[{index}]")))
}

fn check_object(map: &BTreeMap<String, Ipld>, properties: &[Property], path: &str) -> Checked {
    for Property { name, schema, is_required } in properties {
        match map.get(*name) {
            Some(value) => schema.check(value, &format!("{path}.{name}"))?,
            None if *is_required => {
                return Err(format!("Missing required key \"{name}\" at {path}"));
            }
            None => (),
        }
    }
    Ok(())
}

fn check_union(
    value: &Ipld,
    members: &[(&'static str, &'static Schema)],
    is_closed: bool,
    path: &str,
) -> Checked {
    let kind = match value {
        Ipld::Map(map) => map.get("$type"),
        _ => return Err(unexpected("object", value, path)),
    };
    let Some(Ipld::String(kind)) = kind else {
        let what = "an object which includes the \"$type\" property";
        return Err(unexpected(what, value, path));
    };
    match members.iter().find(|(name, _)| name == kind) {
        Some((_, schema)) => schema.check(value, path),
        None if is_closed => {
            let names: Vec<_> = members.iter().map(|(name, _)| format!("\"{name}\"")).collect();
            let (last, others) =
                names.split_last().map_or((String::new(), &[][..]), |(l, o)| (l.clone(), o));
            Err(format!(
                "Expected one of {} or {last} (got \"{kind}\") at {path}.$type",
                others.join(", ")
            ))
        }
        None => Ok(()),
    }
}

/// A reference to a blob, wherever in a record it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BlobRef {
    pub(super) cid: String,
    pub(super) mime: String,
    pub(super) size: i128,
}

impl BlobRef {
    pub(super) fn from_value(value: &Ipld) -> Option<Self> {
        let Ipld::Map(map) = value else { return None };
        match (map.get("$type")?, map.get("ref")?, map.get("mimeType")?, map.get("size")?) {
            (Ipld::String(kind), Ipld::Link(cid), Ipld::String(mime), Ipld::Integer(size))
                if kind == "blob" && map.len() == 4 && mime.contains('/') && *size >= 0 =>
            {
                Some(Self { cid: cid.to_string(), mime: mime.clone(), size: *size })
            }
            _ => None,
        }
    }
}

fn check_blob(value: &Ipld, accept: &str, most: i128, path: &str) -> Checked {
    let Some(blob) = BlobRef::from_value(value) else {
        return Err(unexpected("blob", value, path));
    };
    let is_accepted = match accept.strip_suffix('*') {
        Some(family) => blob.mime.starts_with(family),
        None => blob.mime == accept,
    };
    if !is_accepted {
        return Err(format!("Expected \"{accept}\" (got \"{}\") at {path}.mimeType", blob.mime));
    }
    if blob.size > most {
        return Err(format!("blob too big (maximum {most}, got {}) at {path}", blob.size));
    }
    Ok(())
}

fn check_writable(value: &Ipld, path: &str) -> Checked {
    match value {
        Ipld::Float(_) => {
            let kinds = "one of null, boolean, integer, string, cid, bytes, array or object";
            Err(unexpected(kinds, value, path))
        }
        Ipld::List(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| check_writable(item, &format!("{path}[{index}]"))),
        Ipld::Map(map) => {
            map.iter().try_for_each(|(key, item)| check_writable(item, &format!("{path}.{key}")))
        }
        _ => Ok(()),
    }
}

fn unexpected(expected: &str, value: &Ipld, path: &str) -> String {
    format!("Expected {expected} value type (got {}) at {path}", got(value))
}

/// A short picture of a value.
fn got(value: &Ipld) -> String {
    match value {
        Ipld::Null => "null".to_owned(),
        Ipld::Bool(value) => value.to_string(),
        Ipld::Integer(number) => number.to_string(),
        Ipld::Float(number) => number.to_string(),
        Ipld::String(text) => format!("{text:?}"),
        Ipld::Bytes(_) => "Uint8Array".to_owned(),
        Ipld::Link(_) => "Cid".to_owned(),
        Ipld::List(_) => "Array".to_owned(),
        Ipld::Map(map) => {
            let mut text = String::from("{");
            for (index, key) in map.keys().take(2).enumerate() {
                let comma = if index > 0 { ", " } else { "" };
                let _ = write!(text, "{comma}\"{key}\": ...");
            }
            text.push_str(if map.len() > 2 { ", ...}" } else { "}" });
            text
        }
    }
}
