//! Links, written out (`https://example.com/a`) or bare (`example.com`).

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::characters::{
    is_accented_latin, is_forbidden, is_host, is_path, is_path_end, is_query, is_query_end,
};
use crate::text::{is_top_level, scheme_len};

/// Bytes of the longest address that X takes, its scheme counted once more.
const ADDRESS: usize = 4096;
/// Characters of the longest name on t.co.
const SHORT_NAME: usize = 40;
/// Characters of the longest label, in the spelling of the domain name system.
const LABEL: usize = 63;

/// A link that X would shorten to t.co.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    /// Where it stands.
    pub(super) at: Range<usize>,
    /// Whether it is written without `https://`.
    bare: bool,
    /// Whether X's published implementations disagree on it: it follows
    /// letters with which it would make a host that cannot exist.
    pub(super) in_doubt: bool,
}

impl Link {
    /// Its full address, where `text` is the text in which it was found.
    pub(super) fn address(&self, text: &str) -> String {
        let written = &text[self.at.clone()];
        if self.bare { format!("https://{written}") } else { written.to_owned() }
    }
}

/// All links of `text`, in their order.
pub(super) fn find(text: &str) -> Vec<Link> {
    let mut found = Vec::new();
    let mut hosts = Hosts { text, run: 0..0, dots: Vec::new(), hopeless_before: 0 };
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let next = at + c.len_utf8();
        let candidate = match may_precede(c).then(|| hosts.candidate(next)).flatten() {
            Some(candidate) => Some((Some(c), candidate)),
            None if at == 0 => hosts.candidate(0).map(|candidate| (None, candidate)),
            None => None,
        };
        match candidate {
            Some((before, candidate)) => {
                at = candidate.end;
                candidate.accept(text, before, &mut found);
            }
            None => at = next,
        }
    }
    found
}

/// A link follows no letter or digit of ASCII, and no sign that would make it
/// part of a mention, a tag or a cash tag.
fn may_precede(c: char) -> bool {
    !c.is_ascii_alphanumeric() && !"@＠$#＃".contains(c) && !is_forbidden(c)
}

/// Something with the shape of a link.
struct Candidate {
    start: usize,
    scheme: usize,
    host: Range<usize>,
    has_path: bool,
    end: usize,
}

impl Candidate {
    /// Adds what of this is a link, given the character before it.
    fn accept(&self, text: &str, before: Option<char>, found: &mut Vec<Link>) {
        let host = &text[self.host.clone()];
        if self.scheme > 0 {
            if let Some(end) = self.written_out_end(text, host) {
                found.push(Link { at: self.start..end, bare: false, in_doubt: false });
            }
        } else if !before.is_some_and(|c| "-_./".contains(c)) {
            let in_doubt = !is_address(host, host.len());
            let names = plain_names(host);
            let last = names.last().cloned();
            for name in names {
                // Only the last name has the path, if it reaches up to it.
                let whole = self.has_path && Some(&name) == last.as_ref() && name.end == host.len();
                let end = if whole { self.end } else { self.host.start + name.end };
                let at = self.host.start + name.start..end;
                if is_address(&host[name], at.len() + "https://".len()) {
                    found.push(Link { at, bare: true, in_doubt });
                }
            }
        }
    }

    /// Where a link with a scheme ends; nothing if X would not take its address.
    fn written_out_end(&self, text: &str, host: &str) -> Option<usize> {
        let mut end = self.end;
        if host.eq_ignore_ascii_case("t.co") && text[self.host.end..].starts_with('/') {
            // A t.co link has nothing after its name but a query.
            let name = self.host.end + 1;
            let len = text[name..]
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(text.len() - name);
            if len > SHORT_NAME {
                return None;
            }
            if len > 0 {
                end = query_end(text, name + len);
            }
        }
        let fits = !(host.starts_with("xn--") && plain_names(host).is_empty());
        (fits && is_address(host, self.end - self.start + self.scheme)).then_some(end)
    }
}

/// Finds hosts. Keeps what it knows of the stretch that it is in, so that a
/// long one is looked at once.
struct Hosts<'t> {
    text: &'t str,
    /// A stretch of characters that hosts are made of.
    run: Range<usize>,
    /// Its dots, and where the top-level domain after each ends.
    dots: Vec<(usize, Option<usize>)>,
    /// No host begins in the stretch before this.
    hopeless_before: usize,
}

impl Hosts<'_> {
    /// What has the shape of a link and begins at `start`.
    fn candidate(&mut self, start: usize) -> Option<Candidate> {
        let scheme = scheme_len(&self.text[start..]);
        let host = start + scheme;
        let host = host..self.host_end(host)?;
        let path = path_end(self.text, port_end(self.text, host.end));
        let after = path.unwrap_or_else(|| port_end(self.text, host.end));
        Some(Candidate {
            start,
            scheme,
            has_path: path.is_some(),
            end: query_end(self.text, after),
            host,
        })
    }

    /// Where the longest host ends that begins at `start`.
    fn host_end(&mut self, start: usize) -> Option<usize> {
        self.look_at(start);
        if start < self.hopeless_before {
            return None;
        }
        let first = self.dots.partition_point(|(dot, _)| *dot < start);
        let mut label = start;
        let mut end = None;
        let mut has_top_level = false;
        for (dot, top_level) in &self.dots[first..] {
            let name = &self.text[label..*dot];
            if !name.starts_with(is_host) || !name.ends_with(is_host) {
                break;
            }
            has_top_level |= top_level.is_some();
            // The name right before a top-level domain has no underscore.
            if top_level.is_some() && !name.contains('_') {
                end = *top_level;
            }
            label = dot + 1;
        }
        if !has_top_level {
            self.hopeless_before = label;
        }
        end
    }

    /// Makes sure that `run` and `dots` are those around `start`.
    fn look_at(&mut self, start: usize) {
        if self.run.contains(&start) {
            return;
        }
        let rest = &self.text[start..];
        let len = rest.find(|c| !is_host(c) && !matches!(c, '.' | '-' | '_')).unwrap_or(rest.len());
        self.run = start..start + len;
        self.hopeless_before = start;
        let text = self.text;
        self.dots.clear();
        self.dots.extend(
            rest[..len]
                .match_indices('.')
                .map(|(dot, _)| (start + dot, top_level_end(text, start + dot + 1))),
        );
        if self.dots.iter().all(|(_, top_level)| top_level.is_none()) {
            self.dots.clear();
        }
    }
}

/// Top-level domains that are not written in ASCII, by their first character.
static WORLD: LazyLock<HashMap<char, Vec<String>>> = LazyLock::new(|| {
    let mut world: HashMap<char, Vec<String>> = HashMap::new();
    for name in tld::TLD
        .iter()
        .filter_map(|name| idna::punycode::decode_to_string(name.strip_prefix("xn--")?))
    {
        world.entry(name.chars().next().unwrap_or_default()).or_default().push(name);
    }
    for names in world.values_mut() {
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    }
    world
});

/// Top-level domains that X's list has and IANA's has not.
const FORMER: [&str; 8] = ["an", "bl", "bq", "eh", "mf", "onion", "tp", "um"];

/// Where the top-level domain ends that begins at `at`. It may be followed by
/// letters of other scripts, but not by what would make it a longer word.
fn top_level_end(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let closes = |len: usize| {
        !rest[len..].starts_with(|c: char| c.is_ascii_alphanumeric() || "@+-".contains(c))
    };
    let word = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    let ascii = rest[..word].to_ascii_lowercase();
    if closes(word) && (is_top_level(&ascii) || FORMER.contains(&ascii.as_str())) {
        return Some(at + word);
    }
    let first = rest.chars().next()?.to_lowercase().next()?;
    let names = WORLD.get(&first).into_iter().flatten();
    if let Some(len) = names.filter_map(|name| prefix(rest, name)).find(|len| closes(*len)) {
        return Some(at + len);
    }
    let coded =
        rest.get(..4).filter(|head| head.eq_ignore_ascii_case("xn--")).map(|_| &rest[4..])?;
    let len = coded.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(coded.len());
    (len > 0).then_some(at + 4 + len)
}

/// Bytes of `name` at the start of `rest`, in any case.
fn prefix(rest: &str, name: &str) -> Option<usize> {
    let mut chars = rest.char_indices();
    for expected in name.chars() {
        let (_, c) = chars.next()?;
        if c != expected && !c.to_lowercase().eq([expected]) {
            return None;
        }
    }
    Some(rest.len() - chars.as_str().len())
}

fn port_end(text: &str, at: usize) -> usize {
    let digits = text[at..]
        .strip_prefix(':')
        .map_or(0, |port| port.find(|c: char| !c.is_ascii_digit()).unwrap_or(port.len()));
    if digits > 0 { at + 1 + digits } else { at }
}

/// Where the path ends that begins at `at`: with the last character that can
/// end one, and the balanced parentheses right after it. Nothing without a path.
fn path_end(text: &str, at: usize) -> Option<usize> {
    let mut next = at + text[at..].strip_prefix('/').map(|_| 1)?;
    let mut end = next;
    while let Some(c) = text[next..].chars().next() {
        let ends = if is_path(c) {
            next += c.len_utf8();
            is_path_end(c)
        } else if let Some(after) = parentheses_end(text, next, 1) {
            std::mem::replace(&mut next, after) == end
        } else {
            break;
        };
        if ends {
            end = next;
        }
    }
    Some(end)
}

/// Where the parentheses close that open at `at`. They are not empty and hold
/// at most one other pair, `inner` times deep.
fn parentheses_end(text: &str, at: usize, inner: usize) -> Option<usize> {
    let run = |from: usize| from + text[from..].find(|c| !is_path(c)).unwrap_or(text.len() - from);
    let open = at + text[at..].strip_prefix('(').map(|_| 1)?;
    let mut next = run(open);
    if inner > 0
        && let Some(after) = parentheses_end(text, next, inner - 1)
    {
        next = run(after);
    }
    (next > open && text[next..].starts_with(')')).then_some(next + 1)
}

/// Where the query ends that begins at `at`; `at` without one.
fn query_end(text: &str, at: usize) -> usize {
    let Some(query) = text[at..].strip_prefix('?') else { return at };
    let run = &query[..query.find(|c| !is_query(c)).unwrap_or(query.len())];
    let len = run.trim_end_matches(|c| !is_query_end(c)).len();
    if len > 0 { at + 1 + len } else { at }
}

/// The names within a host of any script that stand in Latin letters, as far
/// as a bare link may: of `例example.comです` only `example.com`.
fn plain_names(host: &str) -> Vec<Range<usize>> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || is_accented_latin(c);
    let label_end =
        |from: usize| from + host[from..].find(|c| !is_plain(c)).unwrap_or(host.len() - from);
    let mut names = Vec::new();
    let mut at = 0;
    while let Some(skip) = host[at..].find(is_plain) {
        let start = at + skip;
        let mut end = None;
        let mut label = start;
        while label_end(label) > label && host[label_end(label)..].starts_with('.') {
            label = label_end(label) + 1;
            end = top_level_end(host, label).or(end);
        }
        at = end.unwrap_or_else(|| label_end(start));
        names.extend(end.map(|end| start..end));
    }
    names
}

/// Whether an address of `len` bytes at `host` could exist.
fn is_address(host: &str, len: usize) -> bool {
    len <= ADDRESS && host.split('.').all(|label| (1..=LABEL).contains(&coded_len(label)))
}

/// Characters of a label in the spelling of the domain name system.
fn coded_len(label: &str) -> usize {
    if label.is_ascii() {
        return label.len();
    }
    let parts = label.split(['\u{3002}', '\u{ff0e}', '\u{ff61}']).map(|part| {
        if part.is_ascii() {
            return part.len();
        }
        idna::punycode::encode_str(part).map_or(LABEL + 1, |coded| "xn--".len() + coded.len())
    });
    parts.fold(0, |sum, len| sum + len + 1) - 1
}
