//! Bluesky's text rules.
//!
//! The server counts extended grapheme clusters and UTF-8 bytes of the whole
//! text and recognizes nothing in it: what becomes a link, a mention or a tag
//! is what the client says. So this finds what the network's own app would
//! find (`detectFacets` in `@atproto/api`), and the spans are, as they stand,
//! the byte ranges of the facets.
//!
//! Where the app would link too much or too little, this differs on purpose:
//! - a bare name may have hyphens and begin with a digit (`my-brand.com`);
//! - a link ends where its host ends, so `example.com's`, `example.com。` and
//!   `example.comを` link to `example.com`;
//! - all punctuation that ends the sentence, in any script, stays outside;
//! - nothing overlaps.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};
use unicode_segmentation::UnicodeSegmentation;
use url::Url;

use crate::Limits;
use crate::text::{Kind, Measured, Span, is_top_level, scheme_len};

#[cfg(test)]
mod tests;

/// Graphemes of a tag: `app.bsky.richtext.facet#tag`.
const TAG_GRAPHEMES: usize = 64;
/// UTF-8 bytes of a tag: the same lexicon.
const TAG_BYTES: usize = 640;
/// Letters and digits of a cash tag.
const CASH_TAG: usize = 5;

/// Counts a post's text as it will stand there. What is found lies where it lies in `text` itself.
pub fn measure(text: &str, limits: &Limits) -> Measured {
    let sent = rendered(text);
    Measured::judge(&sent, sent.graphemes(true).count(), &limits.text).with_found(find(text))
}

/// A text as it will stand there: lines end as everywhere else, nothing
/// invisible at the end.
pub(super) fn rendered(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end().to_owned()
}

/// Everything in `text` that becomes a facet.
///
/// Something can begin only at the start, after white space, and, unless it
/// is a tag, after an opening parenthesis: so no mention inside an address
/// like `bob@example.com`, no tag inside a link.
fn find(text: &str) -> Vec<(Kind, Span)> {
    let mut found = Vec::new();
    let mut before = ' ';
    // What begins inside something would be dropped later; this saves looking at it.
    let mut free_from = 0;
    for (at, first) in text.char_indices() {
        let after_space = is_space(before);
        let after_bracket = before == '(';
        before = first;
        if at < free_from || !after_space && !after_bracket {
            continue;
        }
        let rest = &text[at..];
        let hit = match first {
            '@' => mention(rest).map(|(len, value)| (Kind::Mention, len, value)),
            '#' | '＃' if after_space => tag(rest).map(|(len, value)| (Kind::Tag, len, value)),
            '$' => cash_tag(rest).map(|(len, value)| (Kind::Tag, len, value)),
            _ => link(rest).map(|(len, value)| (Kind::Link, len, value)),
        };
        if let Some((kind, len, value)) = hit {
            free_from = at + len;
            found.push((kind, Span::new(at..at + len, value)));
        }
    }
    found
}

/// What ends a word: as `\s` in the app's rules.
fn is_space(c: char) -> bool {
    c == '\u{feff}' || c.is_whitespace() && c != '\u{85}'
}

/// The mention with which `rest` begins, and its handle, which is always in small letters.
fn mention(rest: &str) -> Option<(usize, String)> {
    let name = &rest[1..];
    let run = name
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-')
        .unwrap_or(name.len());
    let follows = name[run..].chars().next();
    let handle = name[..run].trim_end_matches(['.', '-']);
    // `@ada.example_x` carries on past what a handle can hold: it names nobody.
    if handle.len() == run && follows == Some('_') || !is_handle(handle) {
        return None;
    }
    Some((1 + handle.len(), handle.to_ascii_lowercase()))
}

/// Handle syntax (<https://atproto.com/specs/handle>) under a top-level domain
/// that exists; `.test` is for test networks.
fn is_handle(handle: &str) -> bool {
    let Some((names, top)) = handle.rsplit_once('.') else { return false };
    handle.len() <= 253
        && names.split('.').chain([top]).all(is_label)
        && (is_top_level(top) || top.eq_ignore_ascii_case("test"))
}

/// One part of a host name: 1 to 63 letters, digits and inner hyphens.
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// The tag with which `rest` begins.
///
/// It reaches to the next white or invisible space and then gives back its
/// trailing punctuation; it needs something that is neither digit nor
/// punctuation. A number sign that is an emoji (`#️⃣`) begins no tag.
fn tag(rest: &str) -> Option<(usize, String)> {
    let sign = rest.chars().next()?.len_utf8();
    let body = &rest[sign..];
    if body.starts_with(['\u{fe0f}', '\u{20e3}']) {
        return None;
    }
    let body = &body[..body.find(|c| is_space(c) || is_invisible(c)).unwrap_or(body.len())];
    let tag = body.trim_end_matches(is_punctuation);
    let speaks = tag.chars().any(|c| !c.is_ascii_digit() && !is_punctuation(c));
    (speaks && tag.len() <= TAG_BYTES && tag.graphemes(true).count() <= TAG_GRAPHEMES)
        .then(|| (sign + tag.len(), tag.to_owned()))
}

/// Characters without a width that end a tag in the app's rules.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200a}'..='\u{200d}' | '\u{2060}' | '\u{20e2}')
}

fn is_punctuation(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Punctuation
}

/// The cash tag (`$ACME`) with which `rest` begins.
fn cash_tag(rest: &str) -> Option<(usize, String)> {
    let name = &rest[1..];
    let run = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    let ends = name[run..].chars().next().is_none_or(|c| is_space(c) || ".,;:!?)\"'’".contains(c));
    (ends && run <= CASH_TAG && name.starts_with(|c: char| c.is_ascii_alphabetic()))
        .then(|| (1 + run, rest[..=run].to_ascii_uppercase()))
}

/// The link with which `rest` begins, and its full address.
fn link(rest: &str) -> Option<(usize, String)> {
    let scheme = scheme_len(rest);
    let after_scheme = &rest[scheme..];
    let written_out = || after_scheme.find(ends_authority).unwrap_or(after_scheme.len());
    let host =
        name(after_scheme).or_else(|| (scheme > 0).then(written_out)).filter(|host| *host > 0)?;
    let follows = &after_scheme[host..];
    // `performance.now()` is a call, though `.now` is a domain.
    if scheme == 0 && follows.starts_with('(') {
        return None;
    }
    let length = scheme + host + tail(follows);
    let link = &rest[..trimmed(&rest[..length])];
    let address = if scheme == 0 { format!("https://{link}") } else { link.to_owned() };
    Url::parse(&address).ok()?.host_str()?;
    Some((link.len(), address))
}

/// Bytes of the plain host name with which `rest` begins: ASCII, under a
/// top-level domain that exists, not part of a longer name or of an e-mail address.
fn name(rest: &str) -> Option<usize> {
    let run = rest
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-')
        .unwrap_or(rest.len());
    let run = &rest[..run];
    let broken = ["..", ".-", "-."].into_iter().filter_map(|junction| run.find(junction)).min();
    let name = run[..broken.unwrap_or(run.len())].trim_end_matches(['.', '-']);
    let (first, _) = name.split_once('.')?;
    let (_, top) = name.rsplit_once('.')?;
    if !name.split('.').all(is_label)
        || !first.contains(|c: char| c.is_ascii_alphabetic())
        || !is_top_level(top)
    {
        return None;
    }
    let mut after = rest[name.len()..].chars();
    let goes_on = match after.next() {
        Some('@' | '_') => true,
        Some('.' | '-') => after.next().is_some_and(char::is_alphabetic),
        // A letter of another script is the sentence going on; an accented one is the name.
        Some(c) => {
            matches!(c, '\u{c0}'..='\u{24f}' | '\u{300}'..='\u{36f}' | '\u{1e00}'..='\u{1eff}')
        }
        None => false,
    };
    (!goes_on).then_some(name.len())
}

/// Where the host of a written-out address ends, if it is not a plain name.
fn ends_authority(c: char) -> bool {
    is_space(c)
        || "/?#\"'`<>()“”‘’«»".contains(c)
        || is_wide_bracket(c)
        || is_sentence_end(c) && !c.is_ascii()
}

/// Bytes that follow a host: port, path, query and fragment, up to the next space.
fn tail(follows: &str) -> usize {
    let digits = follows
        .strip_prefix(':')
        .map_or(0, |port| port.len() - port.trim_start_matches(|c: char| c.is_ascii_digit()).len());
    let port = if (1..=5).contains(&digits) { 1 + digits } else { 0 };
    let path = &follows[port..];
    if path.starts_with(['/', '?', '#']) {
        port + path.find(|c| is_space(c) || c == '<' || c == '>').unwrap_or(path.len())
    } else {
        port
    }
}

/// Bytes of `link` without what belongs to the sentence around it: closing
/// punctuation, quotes, and brackets that it does not open itself.
fn trimmed(link: &str) -> usize {
    let mut unopened = PAIRS.map(|(open, close)| {
        (close, link.matches(close).count().saturating_sub(link.matches(open).count()))
    });
    let mut kept = link;
    while let Some(last) = kept.chars().next_back() {
        match unopened.iter_mut().find(|(close, _)| *close == last) {
            Some((_, 0)) => break,
            Some((_, unopened)) => *unopened -= 1,
            None if is_sentence_end(last) || "\"'”’»".contains(last) => {}
            None => break,
        }
        kept = &kept[..kept.len() - last.len_utf8()];
    }
    kept.len()
}

const PAIRS: [(char, char); 10] = [
    ('(', ')'),
    ('[', ']'),
    ('{', '}'),
    ('（', '）'),
    ('「', '」'),
    ('『', '』'),
    ('【', '】'),
    ('《', '》'),
    ('〈', '〉'),
    ('［', '］'),
];

fn is_wide_bracket(c: char) -> bool {
    !c.is_ascii() && PAIRS.iter().any(|(open, close)| *open == c || *close == c)
}

/// Punctuation that ends a sentence or a part of one, in the scripts that people write links in.
fn is_sentence_end(c: char) -> bool {
    ".,;:!?…。、，．！？：；｡､،؛؟۔।॥".contains(c)
}
