//! What stands in a text: links, mentions and hashtags, and how long it is.
//!
//! After `app/lib/extractor.rb`, `config/initializers/twitter_regex.rb` and
//! `app/validators/status_length_validator.rb`. A link needs its scheme and a
//! host with a dot that ends in letters; top-level domains are not looked up.

use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation as _;

use super::settings::Counting;

/// A stretch of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Plain(&'a str),
    Link(&'a str),
    /// Without the `@` before it.
    Mention {
        name: &'a str,
        domain: Option<&'a str>,
    },
    /// Without the `#`.
    Tag(&'a str),
}

/// The text in pieces, in order and without a gap.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut plain_from, mut at) = (0, 0);
    while let Some(here) = text[at..].chars().next() {
        let before = text[..at].chars().next_back();
        match found(&text[at..], before) {
            Some((piece, length)) => {
                if plain_from < at {
                    pieces.push(Piece::Plain(&text[plain_from..at]));
                }
                pieces.push(piece);
                at += length;
                plain_from = at;
            }
            None => at += here.len_utf8(),
        }
    }
    if plain_from < text.len() {
        pieces.push(Piece::Plain(&text[plain_from..]));
    }
    pieces
}

/// What begins here, and how long it is.
fn found(text: &str, before: Option<char>) -> Option<(Piece<'_>, usize)> {
    let is_behind = |refused: &str| before.is_some_and(|c| refused.contains(c));
    match text.chars().next()? {
        'h' | 'H' => {
            let is_glued = before.is_some_and(|c| c.is_ascii_alphanumeric());
            if is_glued || is_behind("@＠$#＃") {
                return None;
            }
            let length = link(text)?;
            Some((Piece::Link(&text[..length]), length))
        }
        '@' => {
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_') || is_behind("=/") {
                return None;
            }
            let name = dotted(&text[1..], |c| c.is_ascii_alphanumeric() || c == '_');
            if name.is_empty() {
                return None;
            }
            let end = 1 + name.len();
            let domain = text[end..]
                .strip_prefix('@')
                .map(|rest| dotted(rest, |c| c.is_alphanumeric() || c == '_'))
                .filter(|domain| !domain.is_empty());
            let length = end + domain.map_or(0, |domain| 1 + domain.len());
            Some((Piece::Mention { name, domain }, length))
        }
        mark @ ('#' | '＃') => {
            if before.is_some_and(char::is_alphanumeric) || is_behind("=/)") {
                return None;
            }
            let rest = &text[mark.len_utf8()..];
            let is_in = |c: char| c.is_alphanumeric() || c == '_' || c == '·';
            let name = &rest[..rest.find(|c| !is_in(c)).unwrap_or(rest.len())];
            let is_tag = name.chars().any(|c| c.is_alphabetic() || c == '_');
            is_tag.then(|| (Piece::Tag(name), mark.len_utf8() + name.len()))
        }
        _ => None,
    }
}

/// Runs of these characters with dots and hyphens between them.
fn dotted(text: &str, is_in: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c: char| !is_in(c) && c != '.' && c != '-').unwrap_or(text.len());
    text[..end].trim_end_matches(['.', '-'])
}

fn starts_with_scheme(text: &str) -> Option<usize> {
    ["https://", "http://"].into_iter().find_map(|scheme| {
        let start = text.get(..scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(scheme.len())
    })
}

/// The length of the link that begins here.
fn link(text: &str) -> Option<usize> {
    let scheme = starts_with_scheme(text)?;
    let host = dotted(&text[scheme..], |c| c.is_alphanumeric() || c == '_');
    let (_, last) = host.rsplit_once('.')?;
    let is_domain = last.chars().count() >= 2 && last.chars().all(char::is_alphabetic);
    if !is_domain && !last.starts_with("xn--") {
        return None;
    }
    let mut end = scheme + host.len();
    if let Some(rest) = text[end..].strip_prefix(':') {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        end += if digits > 0 { 1 + digits } else { 0 };
    }
    if text[end..].starts_with('/') {
        end += path(&text[end..]);
    }
    if text[end..].starts_with('?') {
        end += query(&text[end..]);
    }
    Some(end)
}

/// How much of it is a path: balanced parentheses belong to it, and it ends
/// with a character that can end one.
fn path(text: &str) -> usize {
    let (mut at, mut end) = (0, 0);
    while let Some(here) = text[at..].chars().next() {
        if here == '(' {
            let Some(length) = balanced(&text[at..]) else { break };
            at += length;
            end = at;
            continue;
        }
        if here.is_whitespace() || "<>)?".contains(here) {
            break;
        }
        at += here.len_utf8();
        if !"!*\"'「」;:=,.$%[]~&|@".contains(here) {
            end = at;
        }
    }
    end
}

fn balanced(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, here) in text.char_indices() {
        match here {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if here.is_whitespace() => return None,
            _ => (),
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

fn query(text: &str) -> usize {
    let is_in = |c: char| c.is_ascii_alphanumeric() || "!?*'();:&=+$/%#[]-_.,~|@^".contains(c);
    let run = &text[..text.find(|c| !is_in(c)).unwrap_or(text.len())];
    let is_end = |c: char| c.is_ascii_alphanumeric() || "_&=#/-".contains(c);
    run.rfind(is_end).map_or(0, |last| last + 1)
}

/// How many characters a server counts.
pub(super) fn length(text: &str, spoiler: &str, counting: Counting, link: usize) -> usize {
    match counting {
        Counting::Scalars => text.chars().count() + spoiler.chars().count(),
        Counting::Graphemes => [spoiler, text].concat().graphemes(true).count(),
        Counting::Mastodon => {
            let mut counted = spoiler.to_owned();
            for piece in pieces(text) {
                match piece {
                    Piece::Link(_) => counted.extend(std::iter::repeat_n('x', link)),
                    Piece::Mention { name, .. } => drop(write!(counted, "@{name}")),
                    Piece::Tag(name) => drop(write!(counted, "#{name}")),
                    Piece::Plain(text) => counted.push_str(text),
                }
            }
            counted.graphemes(true).count()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<&str> {
        let links = pieces(text).into_iter().filter_map(|piece| match piece {
            Piece::Link(link) => Some(link),
            _ => None,
        });
        links.collect()
    }

    #[test]
    fn a_link_ends_where_its_sentence_goes_on() {
        assert_eq!(links("see https://example.org/a?b=1&c=2."), ["https://example.org/a?b=1&c=2"]);
        assert_eq!(links("(https://example.org/a_(b))."), ["https://example.org/a_(b)"]);
        assert_eq!(
            links("https://example.org, http://x.de!"),
            ["https://example.org", "http://x.de"]
        );
        assert_eq!(
            links("パンはhttps://例え.テスト/焼き立て。"),
            ["https://例え.テスト/焼き立て。"]
        );
        assert_eq!(links("https://example.org:8080/x#y"), ["https://example.org:8080/x#y"]);
    }

    #[test]
    fn no_scheme_or_no_domain_is_no_link() {
        for text in [
            "example.org/a",
            "http://localhost/a",
            "ahttp://example.org",
            "https://",
            "@https://x.de",
        ] {
            assert!(links(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn mentions_and_hashtags_are_found_where_they_stand_alone() {
        let mention = |name, domain| Piece::Mention { name, domain };
        assert_eq!(
            pieces("@ada and @noor@bread.example. a@b.c #Bread #1 x#y ＃パン"),
            [
                mention("ada", None),
                Piece::Plain(" and "),
                mention("noor", Some("bread.example")),
                Piece::Plain(". a@b.c "),
                Piece::Tag("Bread"),
                Piece::Plain(" #1 x#y "),
                Piece::Tag("パン"),
            ]
        );
    }

    #[test]
    fn each_software_counts_in_its_own_way() {
        let text = "@noor@bread.example https://bread.example/a/very/long/way/to/the/oven 👩‍👩‍👧";
        let count = |counting| length(text, "é", counting, 23);
        // é, @noor, two spaces, 23, and one family
        assert_eq!(count(Counting::Mastodon), 1 + 5 + 2 + 23 + 1);
        assert_eq!(count(Counting::Graphemes), 1 + 19 + 2 + 49 + 1);
        assert_eq!(count(Counting::Scalars), 1 + 19 + 2 + 49 + 5);
    }
}
