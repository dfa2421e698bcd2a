//! Mentions, tags and cash tags.

use super::characters::{is_accented_latin, is_punctuation, is_space, is_tag, is_tag_letter};
use crate::text::{Kind, Span};

/// Characters of a name. X gives out 15 today; the rules still know 20.
const NAME: usize = 20;
/// Characters of a list's name after its first letter.
const LIST: usize = 24;

/// Mentions, and lists as `ada/friends`.
pub(super) fn mentions(text: &str) -> impl Iterator<Item = (Kind, Span)> {
    let mut used = 0;
    text.match_indices(['@', '＠']).filter_map(move |(at, sign)| {
        let start = at + sign.len();
        let rest = &text[start..];
        let name = run(rest, NAME, |c| c.is_ascii_alphanumeric() || c == '_');
        if name == 0 || !may_precede_mention(&text[used..at], used == 0) {
            return None;
        }
        let len = name + list(&rest[name..]);
        used = start + len;
        let after = &rest[len..];
        let goes_on = after.starts_with(['@', '＠'])
            || after.starts_with(is_accented_latin)
            || after.starts_with("://");
        (!goes_on).then(|| (Kind::Mention, Span::new(at..used, &rest[..len])))
    })
}

/// Bytes of `/friends` at the start; 0 without.
fn list(rest: &str) -> usize {
    let Some(name) =
        rest.strip_prefix('/').filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
    else {
        return 0;
    };
    2 + run(&name[1..], LIST, |c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// Bytes of the first characters that are `of` a kind: at most `max` characters.
fn run(rest: &str, max: usize, of: impl Fn(char) -> bool) -> usize {
    rest.chars().take(max).take_while(|c| of(*c)).map(char::len_utf8).sum()
}

/// A mention follows nothing that would make it part of a word, except `RT`.
/// `before` reaches back to the mention before, or to the start of the text.
fn may_precede_mention(before: &str, at_start: bool) -> bool {
    let Some(last) = before.chars().next_back() else { return at_start };
    if !last.is_ascii_alphanumeric() && !"_!#$%&*@＠".contains(last) {
        return true;
    }
    let Some((earlier, word)) =
        before.len().checked_sub(2).and_then(|at| before.split_at_checked(at))
    else {
        return false;
    };
    let alone = match earlier.chars().next_back() {
        Some(c) => !c.is_ascii_alphanumeric() && !"_+~.-".contains(c),
        None => at_start,
    };
    alone && word.eq_ignore_ascii_case("rt")
}

/// Tags.
pub(super) fn tags(text: &str) -> impl Iterator<Item = (Kind, Span)> {
    let mut used = 0;
    text.match_indices(['#', '＃']).filter_map(move |(at, sign)| {
        let start = at + sign.len();
        let rest = &text[start..];
        let body = &rest[..rest.find(|c| !is_tag(c)).unwrap_or(rest.len())];
        let emoji = rest.starts_with(['\u{fe0f}', '\u{20e3}']);
        if emoji || !body.contains(is_tag_letter) || !may_precede_tag(&text[used..at], used == 0) {
            return None;
        }
        used = start + body.len();
        let after = &text[used..];
        let goes_on = after.starts_with(['#', '＃']) || after.starts_with("://");
        (!goes_on).then(|| (Kind::Tag, Span::new(at..used, body)))
    })
}

/// A tag follows nothing that could be part of a tag, and no `&`. A variation
/// selector does not count: it belongs to the emoji before it.
fn may_precede_tag(before: &str, at_start: bool) -> bool {
    match before.chars().next_back() {
        Some(last) => matches!(last, '\u{fe0e}' | '\u{fe0f}') || !is_tag(last) && last != '&',
        None => at_start,
    }
}

/// Cash tags: `$ACME`, `$BRK.B`.
pub(super) fn cash_tags(text: &str) -> impl Iterator<Item = (Kind, Span)> {
    text.match_indices('$').filter_map(|(at, _)| {
        let name = &text[at + 1..];
        let alone = text[..at].chars().next_back().is_none_or(is_space);
        let letters = run(name, 6, |c| c.is_ascii_alphabetic());
        if !alone || letters == 0 {
            return None;
        }
        let class = match &name[letters..] {
            after if after.starts_with(['.', '_']) => {
                run(&after[1..], 2, |c| c.is_ascii_alphabetic())
            }
            _ => 0,
        };
        let ends = |len: usize| {
            name[len..].chars().next().is_none_or(|c| is_space(c) || is_punctuation(c))
        };
        let len = [letters + 1 + class, letters]
            .into_iter()
            .find(|len| (class > 0 || *len == letters) && ends(*len))?;
        Some((
            Kind::Tag,
            Span::new(at..at + 1 + len, format!("${}", name[..len].to_ascii_uppercase())),
        ))
    })
}
