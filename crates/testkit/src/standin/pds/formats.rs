//! The string formats of the protocol, <https://atproto.com/specs/lexicon#string-formats>.

use std::str::FromStr as _;

use bellwether_base::jiff::Timestamp;

use super::cbor;

/// What a string must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    AtIdentifier,
    AtUri,
    Cid,
    Datetime,
    Did,
    Handle,
    Language,
    Nsid,
    RecordKey,
    Tid,
    Uri,
}

impl Format {
    /// As the reference server names it in its complaints.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::AtIdentifier => "AT identifier",
            Self::AtUri => "at-uri",
            Self::Cid => "CID string",
            Self::Datetime => "datetime",
            Self::Did => "DID",
            Self::Handle => "handle",
            Self::Language => "language",
            Self::Nsid => "NSID",
            Self::RecordKey => "record key",
            Self::Tid => "TID string",
            Self::Uri => "uri",
        }
    }

    pub(super) fn fits(self, text: &str) -> bool {
        match self {
            Self::AtIdentifier => is_did(text) || is_handle(text),
            Self::AtUri => is_at_uri(text),
            Self::Cid => cbor::is_cid(text),
            Self::Datetime => is_datetime(text),
            Self::Did => is_did(text),
            Self::Handle => is_handle(text),
            Self::Language => is_language(text),
            Self::Nsid => is_nsid(text),
            Self::RecordKey => is_record_key(text),
            Self::Tid => is_tid(text),
            Self::Uri => is_uri(text),
        }
    }
}

fn is_did(text: &str) -> bool {
    let mut parts = text.splitn(3, ':');
    let (scheme, method, id) = (parts.next(), parts.next(), parts.next());
    scheme == Some("did")
        && method.is_some_and(|m| !m.is_empty() && m.bytes().all(|b| b.is_ascii_lowercase()))
        && id.is_some_and(|id| {
            !id.is_empty()
                && !id.ends_with([':', '%'])
                && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._:%-".contains(&b))
        })
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn is_handle(text: &str) -> bool {
    text.len() <= 253
        && text.split('.').count() >= 2
        && text.split('.').all(is_label)
        && text
            .rsplit('.')
            .next()
            .is_some_and(|top| top.starts_with(|c: char| c.is_ascii_alphabetic()))
}

fn is_nsid(text: &str) -> bool {
    text.len() <= 317
        && text.split('.').count() >= 3
        && text.split('.').all(is_label)
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.rsplit('.').next().is_some_and(|name| {
            name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.contains('-')
        })
}

fn is_record_key(text: &str) -> bool {
    (1..=512).contains(&text.len())
        && text != "."
        && text != ".."
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_~.:-".contains(&b))
}

/// Base 32 in an alphabet that sorts as the numbers do.
pub(super) const TID_ALPHABET: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";

fn is_tid(text: &str) -> bool {
    text.len() == 13
        && text.bytes().all(|b| TID_ALPHABET.contains(&b))
        && text.bytes().next().is_some_and(|first| TID_ALPHABET[..16].contains(&first))
}

fn is_at_uri(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("at://") else { return false };
    let mut parts = rest.split('/');
    parts.next().is_some_and(|authority| Format::AtIdentifier.fits(authority))
        && parts.next().is_none_or(is_nsid)
        && parts.next().is_none_or(is_record_key)
        && parts.next().is_none()
        && text.len() <= 8192
}

fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    (1..=80).contains(&scheme.len())
        && scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b".+-".contains(&b))
        && !rest.is_empty()
        && !text.contains(char::is_whitespace)
        && text.len() <= 8192
}

fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    ((2..=8).contains(&first.len()) || first == "i" || first == "x")
        && first.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

/// Stricter than RFC 3339: a capital `T`, and `Z` or an offset with a colon.
fn is_datetime(text: &str) -> bool {
    let bytes = text.as_bytes();
    let has_zone = text.ends_with('Z')
        || (bytes.len() > 6
            && matches!(bytes[bytes.len() - 6], b'+' | b'-')
            && bytes[bytes.len() - 3] == b':'
            && !text.ends_with("-00:00"));
    (20..=64).contains(&text.len())
        && bytes[10] == b'T'
        && bytes[16] == b':'
        && has_zone
        && Timestamp::from_str(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit<'a>(format: Format, texts: &[&'a str]) -> Vec<&'a str> {
        texts.iter().copied().filter(|text| format.fits(text)).collect()
    }

    #[test]
    fn strings_are_judged_as_the_real_server_judges_them() {
        assert_eq!(
            fit(
                Format::Datetime,
                &[
                    "2026-01-02T03:04:05.678Z",
                    "2026-01-02T03:04:05+02:00",
                    "2026-01-02",
                    "2026-01-02T03:04:05",
                    "2026-01-02 03:04:05Z",
                    "2026-01-02T03:04:05-00:00",
                    "2026-13-02T03:04:05Z",
                ]
            ),
            ["2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05+02:00"]
        );
        assert_eq!(
            fit(Format::Tid, &["3labcdefgaa22", "self", "zzzzzzzzzzzzz", "3labcdefgaa21"]),
            ["3labcdefgaa22"]
        );
        assert_eq!(
            fit(Format::RecordKey, &["self", "a b", ".", "..", "a/b", "a:b~c"]),
            ["self", "a:b~c"]
        );
        assert_eq!(
            fit(Format::AtIdentifier, &["ada.test", "did:plc:abc", "ada", "???"]),
            ["ada.test", "did:plc:abc"]
        );
        assert_eq!(
            fit(Format::Nsid, &["app.bsky.feed.post", "nope", "a.b"]),
            ["app.bsky.feed.post"]
        );
        assert_eq!(
            fit(
                Format::AtUri,
                &["at://did:plc:abc/app.bsky.feed.post/3labcdefgaa22", "x", "at://ada/x"]
            ),
            ["at://did:plc:abc/app.bsky.feed.post/3labcdefgaa22"]
        );
        assert_eq!(fit(Format::Language, &["en", "pt-BR", "!!"]), ["en", "pt-BR"]);
        assert_eq!(fit(Format::Uri, &["https://x.org", "x", "https://x .org"]), ["https://x.org"]);
    }
}
