//! Mastodon's text rules: `StatusLengthValidator`, and `Extractor` with the
//! patterns of `config/initializers/twitter_regex.rb`.
//!
//! Every link counts the same, and of a mention only the name counts, not the
//! server. A link needs its `https://`. Other servers that speak the API
//! count what is written: see [`ServerFacts::link`](crate::ServerFacts::link).

use unicode_segmentation::UnicodeSegmentation as _;

use super::facts::LINK;
use crate::text::{Kind, Measured, Span, is_top_level, scheme_len};
use crate::{Limits, Unit};

#[cfg(test)]
mod tests;

/// Counts a part as its server does. What stands in front of it, a content
/// warning, counts as well, and is for [`problems`](super::problems).
pub fn measure(text: &str, limits: &Limits) -> Measured {
    let found = find(text);
    let counted = match link_counts(limits) {
        Some(link) => shortened(text, &found, link as usize),
        None => text.to_owned(),
    };
    Measured::judge(text, count(&counted, limits), &limits.text).with_found(found)
}

/// Units of a text that is counted as it is written.
pub(super) fn count(text: &str, limits: &Limits) -> usize {
    match limits.text.unit {
        Unit::Graphemes | Unit::Weighted => text.graphemes(true).count(),
        Unit::Characters => text.chars().count(),
        Unit::Utf16 => text.encode_utf16().count(),
    }
}

fn link_counts(limits: &Limits) -> Option<u32> {
    limits.server.as_ref().map_or(Some(LINK), |server| server.link)
}

/// The text with a stand-in for each link and without the servers of mentions:
/// it has as many units as Mastodon counts.
fn shortened(text: &str, found: &[(Kind, Span)], link: usize) -> String {
    let mut counted = String::with_capacity(text.len());
    let mut at = 0;
    let entities = found.iter().filter(|(kind, span)| *kind != Kind::Tag && span.start < span.end);
    for (kind, span) in entities {
        counted.push_str(&text[at..span.start]);
        if *kind == Kind::Link {
            counted.extend(std::iter::repeat_n('x', link));
        } else {
            counted.push('@');
            counted.push_str(span.value.split('@').next().unwrap_or_default());
        }
        at = span.end;
    }
    counted.push_str(&text[at..]);
    counted
}

/// `text` with `@name` for each `@name@server`: as servers show it.
pub(super) fn without_servers(text: &str) -> String {
    let mentions: Vec<_> =
        find(text).into_iter().filter(|(kind, _)| *kind == Kind::Mention).collect();
    shortened(text, &mentions, 0)
}

/// Links, mentions and tags, in their order; none overlaps another.
fn find(text: &str) -> Vec<(Kind, Span)> {
    let mut found: Vec<(Kind, Span)> = Vec::new();
    let mut before = None;
    let mut free_from = 0;
    for (at, first) in text.char_indices() {
        let previous = before.replace(first);
        if at < free_from {
            continue;
        }
        let rest = &text[at..];
        let hit = match first {
            '@' => mention(previous, rest).map(|len| (Kind::Mention, len)),
            '#' | '＃' => tag(previous, rest).map(|len| (Kind::Tag, len)),
            'h' | 'H' => link(previous, rest).map(|len| (Kind::Link, len)),
            _ => None,
        };
        if let Some((kind, len)) = hit {
            let skip = if kind == Kind::Link { 0 } else { first.len_utf8() };
            found.push((kind, Span::new(at..at + len, &rest[skip..len])));
            free_from = at + len;
        }
    }
    found
}

/// What words are made of, in any script.
fn is_word(c: char) -> bool {
    use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory as _};
    c.is_alphanumeric()
        || c.general_category_group() == GeneralCategoryGroup::Mark
        || c.general_category() == GeneralCategory::ConnectorPunctuation
}

/// Bytes of the mention with which `rest` begins: `@name`, `@name@server`.
fn mention(before: Option<char>, rest: &str) -> Option<usize> {
    if before.is_some_and(|c| is_word(c) || "=/@".contains(c)) {
        return None;
    }
    let name = joined(&rest[1..], |c| c.is_ascii_alphanumeric() || c == '_');
    if name == 0 {
        return None;
    }
    let end = 1 + name;
    let server = rest[end..].strip_prefix('@').map_or(0, |server| joined(server, is_word));
    let end = if server > 0 { end + 1 + server } else { end };
    let goes_on = rest[end..].starts_with('@') || rest[end..].starts_with("://");
    (!goes_on).then_some(end)
}

/// Bytes of words that dots and hyphens join, as `a.b-c`; neither ends it.
fn joined(rest: &str, is_in: impl Fn(char) -> bool) -> usize {
    let run = rest.find(|c: char| !is_in(c) && c != '.' && c != '-').unwrap_or(rest.len());
    let run = rest[..run].trim_end_matches(['.', '-']);
    if run.starts_with(['.', '-']) { 0 } else { run.len() }
}

/// Bytes of the tag with which `rest` begins. It needs a letter.
fn tag(before: Option<char>, rest: &str) -> Option<usize> {
    if before.is_some_and(|c| c.is_alphanumeric() || "=/)_&".contains(c)) {
        return None;
    }
    let sign = rest.chars().next()?.len_utf8();
    let is_in = |c: char| is_word(c) || "\u{b7}\u{30fb}\u{200c}".contains(c);
    let len = rest[sign..].find(|c| !is_in(c)).unwrap_or(rest.len() - sign);
    let body = &rest[sign..sign + len];
    let is_emoji = body.starts_with(['\u{fe0f}', '\u{20e3}']);
    (!is_emoji && body.chars().any(char::is_alphabetic)).then_some(sign + len)
}

/// Bytes of the link with which `rest` begins.
fn link(before: Option<char>, rest: &str) -> Option<usize> {
    if before.is_some_and(|c| c.is_ascii_alphanumeric() || "@＠$#＃".contains(c)) {
        return None;
    }
    let scheme = scheme_len(rest);
    let host = scheme + host(rest.get(scheme..).filter(|_| scheme > 0)?)?;
    let digits = rest[host..]
        .strip_prefix(':')
        .map_or(0, |port| port.find(|c: char| !c.is_ascii_digit()).unwrap_or(port.len()));
    let mut end = if digits > 0 { host + 1 + digits } else { host };
    if rest[end..].starts_with('/') {
        end += 1 + path(&rest[end + 1..]);
    }
    if let Some(query) = rest[end..].strip_prefix('?') {
        end += match query_len(query) {
            0 => 0,
            len => 1 + len,
        };
    }
    Some(end)
}

/// Bytes of the host with which `rest` begins, up to a top-level domain that exists.
fn host(rest: &str) -> Option<usize> {
    let is_in = |c: char| c.is_alphanumeric() || is_word(c) || c == '-' || c == '.';
    let run = &rest[..rest.find(|c| !is_in(c)).unwrap_or(rest.len())];
    let mut end = run.trim_end_matches(['.', '-', '_']).len();
    // `example.com.Next` is a link to example.com and a word.
    loop {
        let (names, top) = run[..end].rsplit_once('.')?;
        let ascii = top.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(top.len());
        let is_top = |top: &str| {
            is_top_level(top) || top.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("xn--"))
        };
        if ascii > 0 && is_top(&top[..ascii]) {
            return Some(names.len() + 1 + ascii);
        }
        if ascii == 0 && idna::domain_to_ascii(top).is_ok_and(|coded| is_top_level(&coded)) {
            return Some(end);
        }
        end = names.len();
    }
}

/// Bytes of a path: up to white space or what no path holds, parentheses only
/// in pairs, and without the punctuation that ends the sentence.
fn path(rest: &str) -> usize {
    let mut end = 0;
    let mut at = 0;
    while let Some(c) = rest[at..].chars().next() {
        if c == '(' {
            let Some(len) = parentheses(&rest[at..], 1) else { break };
            at += len;
            end = at;
        } else if c.is_whitespace() || "<>()?".contains(c) {
            break;
        } else {
            at += c.len_utf8();
            if !"!*\"'「」<>;:=,.$%[]~&|@".contains(c) {
                end = at;
            }
        }
    }
    end
}

/// Bytes of the parentheses that `rest` opens, with at most `inner` pairs
/// inside one another.
fn parentheses(rest: &str, inner: usize) -> Option<usize> {
    let mut at = 1;
    while let Some(c) = rest[at..].chars().next() {
        match c {
            ')' => return (at > 1).then_some(at + 1),
            '(' if inner > 0 => at += parentheses(&rest[at..], inner - 1)?,
            '(' => return None,
            c if c.is_whitespace() || "<>?".contains(c) => return None,
            c => at += c.len_utf8(),
        }
    }
    None
}

/// Bytes of a query, without the punctuation that ends the sentence.
fn query_len(rest: &str) -> usize {
    let is_last = |c: char| {
        c.is_ascii_alphanumeric() || "_&=#/-".contains(c) || c >= '\u{a0}' && !c.is_whitespace()
    };
    let is_in = |c: char| is_last(c) || "!?*'();:+$%[].,~|@".contains(c);
    let run = &rest[..rest.find(|c| !is_in(c)).unwrap_or(rest.len())];
    run.trim_end_matches(|c| !is_last(c)).len()
}
