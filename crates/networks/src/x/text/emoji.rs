//! Where an emoji of several characters ends.
//!
//! A single character weighs the same as an emoji and as itself, so only
//! sequences matter: skin tones, families and other joined people, flags,
//! keycaps, and characters that U+FE0F turns into an emoji.

use emojis::EmojiVersion;

/// The newest sequences that X's published parser (twemoji-parser) knows.
/// Newer ones are counted part by part: at worst a text is taken to be a
/// little longer than X would have it, never shorter.
const NEWEST: EmojiVersion = EmojiVersion::new(14, 0);
/// Characters of the longest sequence: a kiss of two people with skin tones.
const LONGEST: usize = 10;

/// Where the sequence ends that begins at byte `at`; nothing if none does.
pub(super) fn end(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let mut chars = rest.char_indices();
    let (_, first) = chars.next()?;
    let (_, second) = chars.next()?;
    if matches!(first, '#' | '*' | '0'..='9') {
        let sign = rest[1..].strip_prefix('\u{fe0f}').unwrap_or(&rest[1..]);
        return sign.strip_prefix('\u{20e3}').map(|after| text.len() - after.len());
    }
    if !joins(second) {
        return None;
    }
    let ends: Vec<usize> =
        rest.char_indices().map(|(i, c)| i + c.len_utf8()).take(LONGEST).collect();
    ends.iter().skip(1).rev().find(|end| is_sequence(&rest[..**end])).map(|end| at + end)
}

/// Whether a sequence can go on with `second`: variation, joiner, skin tone,
/// second half of a flag, tag of a regional flag.
fn joins(second: char) -> bool {
    matches!(
        second,
        '\u{200d}' | '\u{fe0f}' | '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}'
    )
}

/// Whether all of `sequence` is one emoji, spelled as the parser knows it.
fn is_sequence(sequence: &str) -> bool {
    let mut chars = sequence.chars();
    if let (Some(c), Some('\u{fe0f}'), None) = (chars.next(), chars.next(), chars.next())
        && may_vary(c)
    {
        return true;
    }
    emojis::get(sequence).is_some_and(|emoji| {
        emoji.emoji_version() <= NEWEST
            && emoji.as_str() == sequence
            && !MISSPELLED.contains(&sequence)
    })
}

/// Emoji that the parser does not recognize in the spelling that Unicode
/// recommends: infinity, and the eye in a speech bubble.
const MISSPELLED: [&str; 2] = ["\u{267e}\u{fe0f}", "\u{1f441}\u{fe0f}\u{200d}\u{1f5e8}\u{fe0f}"];

/// Emoji that need no U+FE0F, but have often been typed with one.
fn may_vary(c: char) -> bool {
    "⌚⌛◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽\
     ⚾⛄⛅⛔⛪⛲⛳⛵⛺⛽❗⬛⬜⭐⭕🀄🈚🈯"
        .contains(c)
}
