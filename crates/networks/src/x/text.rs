//! X's text rules: version 3 of twitter-text's configuration
//! (<https://github.com/twitter/twitter-text>, `config/v3.json`).
//!
//! The text is brought to Unicode form NFC and then counted: a link is 23
//! whatever its length, an emoji 2 however many characters it is made of, a
//! character of the light ranges 1 and any other 2. (The configuration says
//! 100 and 200 with a scale of 100; nothing else occurs.)
//!
//! The spans are byte ranges of the text as it was given, not of its NFC form.

use std::borrow::Cow;

use bellwether_base::Say;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::Limits;
use crate::text::{Kind, Measured, Span};

mod characters;
mod emoji;
mod links;
mod names;
#[cfg(test)]
mod tests;

/// What every link counts: the length of a t.co address.
const LINK: usize = 23;
/// What an emoji counts, and a character outside the light ranges.
const HEAVY: usize = 2;

/// Counts a post's text.
pub fn measure(text: &str, limits: &Limits) -> Measured {
    let links = links::find(text);
    let length = if is_nfc(text) {
        weigh(text, &links)
    } else {
        let normal: Cow<str> = text.nfc().collect();
        weigh(&normal, &links::find(&normal))
    };
    let mut measured = Measured::judge(text, length, &limits.text);
    if let Some(forbidden) = text.chars().find(|c| characters::is_forbidden(*c)) {
        let shown = format!("U+{:04X}", u32::from(forbidden));
        measured =
            measured.with_problem(Say::new("text-forbidden-character").with("character", shown));
    }
    let links =
        links.into_iter().map(|link| (Kind::Link, Span::new(link.at.clone(), link.address(text))));
    measured.with_found(
        links
            .chain(names::mentions(text))
            .chain(names::tags(text))
            .chain(names::cash_tags(text))
            .collect(),
    )
}

/// Weighs a text in NFC of which the links are known.
fn weigh(text: &str, links: &[links::Link]) -> usize {
    let mut links = links.iter().peekable();
    let mut length = 0;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if let Some(link) = links.next_if(|link| link.at.start == at) {
            let as_text = || weigh(&text[link.at.clone()], &[]);
            length += if link.in_doubt { LINK.max(as_text()) } else { LINK };
            at = link.at.end;
        } else if let Some(end) = emoji::end(text, at) {
            length += HEAVY;
            at = end;
        } else {
            length += if characters::is_light(c) { 1 } else { HEAVY };
            at += c.len_utf8();
        }
    }
    length
}
