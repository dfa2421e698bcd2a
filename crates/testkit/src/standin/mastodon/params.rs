//! Parameters, however they come: JSON, a form, or parts with files.

use std::collections::HashMap;

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::standin::Head;

/// What a request asks for.
#[derive(Debug, Default)]
pub(super) struct Params {
    values: Value,
    files: HashMap<String, File>,
}

/// An uploaded file.
#[derive(Debug, Clone)]
pub(super) struct File {
    /// As the part declares it, without parameters.
    pub(super) mime: Option<String>,
    pub(super) bytes: Bytes,
}

impl Params {
    /// `None` for a body that cannot be read.
    pub(super) fn read(head: &Head, body: &Bytes) -> Option<Self> {
        let declared = head.header("content-type").unwrap_or_default();
        let mime = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let mut params = Self::default();
        match mime.as_str() {
            _ if body.is_empty() => params.values = Value::Object(Map::new()),
            "application/json" => params.values = serde_json::from_slice(body).ok()?,
            "multipart/form-data" => {
                let boundary = declared.split("boundary=").nth(1)?.split(';').next()?;
                params.read_parts(boundary.trim().trim_matches('"'), body)?;
            }
            _ => {
                for (key, value) in url::form_urlencoded::parse(body) {
                    params.put(&key, value.into_owned());
                }
            }
        }
        Some(params)
    }

    fn read_parts(&mut self, boundary: &str, body: &Bytes) -> Option<()> {
        let line = format!("--{boundary}").into_bytes();
        let mut at = find(body, &line)? + line.len();
        while !body[at..].starts_with(b"--") {
            at += 2;
            let head_end = at + find(&body[at..], b"\r\n\r\n")?;
            let head = String::from_utf8_lossy(&body[at..head_end]).into_owned();
            let start = head_end + 4;
            let end = start + find(&body[start..], &[b"\r\n", &line[..]].concat())?;
            let bytes = body.slice(start..end);
            let name = attribute(&head, " name=")?;
            let mime = head.lines().find_map(|line| {
                let (field, value) = line.split_once(':')?;
                let value = value.split(';').next()?.trim().to_ascii_lowercase();
                field.eq_ignore_ascii_case("content-type").then_some(value)
            });
            if attribute(&head, "filename=").is_some() {
                self.files.insert(name, File { mime, bytes });
            } else {
                self.put(&name, String::from_utf8_lossy(&bytes).into_owned());
            }
            at = end + 2 + line.len();
        }
        Some(())
    }

    /// `a`, `a[]`, `a[b]` and `a[b][]`.
    fn put(&mut self, key: &str, value: String) {
        let mut place = &mut self.values;
        let (first, rest) = key.split_once('[').unwrap_or((key, ""));
        let mut names = vec![first];
        names.extend(rest.split('[').filter(|_| !rest.is_empty()).map(|n| n.trim_end_matches(']')));
        let is_list = names.len() > 1 && names.last() == Some(&"");
        names.retain(|name| !name.is_empty());
        for name in names {
            if !place.is_object() {
                *place = Value::Object(Map::new());
            }
            place = &mut place[name];
        }
        match place {
            Value::Array(list) if is_list => list.push(value.into()),
            _ if is_list => *place = vec![value].into(),
            _ => *place = value.into(),
        }
    }

    /// All of it, without files.
    pub(super) fn values(&self) -> &Value {
        &self.values
    }

    pub(super) fn file(&self, name: &str) -> Option<&File> {
        self.files.get(name)
    }

    /// As text; none if it is not there.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        text(&self.values[name])
    }

    /// As text with something in it.
    pub(super) fn filled(&self, name: &str) -> Option<String> {
        self.text(name).filter(|text| !text.trim().is_empty())
    }

    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        flag(&self.values[name])
    }

    /// A list; what is no list counts as none, as with the vendor.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        list(&self.values[name])
    }
}

/// As text, also where a number or a boolean came.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

/// As the vendor's framework reads booleans.
pub(super) fn flag(value: &Value) -> Option<bool> {
    let text = text(value)?;
    (!text.is_empty())
        .then_some(!matches!(text.as_str(), "0" | "f" | "F" | "false" | "FALSE" | "off" | "OFF"))
}

pub(super) fn list(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(text).collect()
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn attribute(head: &str, name: &str) -> Option<String> {
    let rest = head.split(name).nth(1)?.strip_prefix('"')?;
    rest.split('"').next().map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn brackets_nest_and_collect() {
        let mut params = Params::default();
        for (key, value) in [
            ("status", "hi"),
            ("media_ids[]", "1"),
            ("media_ids[]", "2"),
            ("poll[options][]", "a"),
            ("poll[options][]", "b"),
            ("poll[multiple]", "true"),
        ] {
            params.put(key, value.to_owned());
        }
        assert_eq!(
            *params.values(),
            json!({"status": "hi", "media_ids": ["1", "2"],
                "poll": {"options": ["a", "b"], "multiple": "true"}})
        );
    }

    #[test]
    fn parts_have_names_types_and_bytes() {
        let body = "--X\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\nA pixel\r\n\
            --X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\
            Content-Type: image/png\r\n\r\n\r\n--\r\n\r\n--X--\r\n";
        let mut params = Params::default();
        params.read_parts("X", &Bytes::from(body)).unwrap();
        assert_eq!(params.text("description").as_deref(), Some("A pixel"));
        let file = params.file("file").unwrap();
        assert_eq!(
            (file.mime.as_deref(), &file.bytes[..]),
            (Some("image/png"), &b"\r\n--\r\n"[..])
        );
        assert!(Params::default().read_parts("X", &Bytes::from("--X\r\nno end")).is_none());
    }
}
