//! Counting: cases of our own for the rules of version 3.

use bellwether_base::Say;
use proptest::prelude::*;

use super::super::limits;
use crate::text::Measured;
use crate::text::tests::{any_text, assert_sound, keys, told};

mod finding;

fn measure(text: &str) -> Measured {
    let measured = super::measure(text, &limits());
    assert_sound(text, &measured);
    measured
}

fn assert_lengths(cases: &[(&str, u32)]) {
    for (text, length) in cases {
        assert_eq!(measure(text).length, *length, "{text:?}");
    }
}

#[test]
fn letters_weigh_by_their_script() {
    assert_lengths(&[
        ("", 0),
        ("Good morning", 12),
        ("a\nb", 3),
        ("a\r\nb", 4),
        ("Größe", 5),
        ("Привет", 6),
        ("γειά", 4),
        ("مرحبا", 5),
        ("שלום", 4),
        ("हिन्दी", 6),
        ("สวัสดี", 6),
        ("\u{10ff}\u{1100}", 3),
        ("日本語のテスト", 14),
        ("안녕하세요", 10),
        ("新年快乐！", 10),
        ("ｶﾅ Ａ", 7),
        ("“quoted” – and — more…", 23),
        ("\u{1fff}\u{2000}\u{200b}\u{200d}\u{200e}", 7),
        ("\u{200f}\u{2010}\u{201f}\u{2020}", 6),
        ("\u{2031}\u{2032}\u{2037}\u{2038}", 6),
        ("€ ™ ½", 7),
        ("\u{20021}\u{1d11e}", 4),
    ]);
}

#[test]
fn what_normalizes_to_one_character_counts_as_one() {
    assert_lengths(&[
        ("e\u{301}", 1),
        ("Å = A\u{30a} = \u{212b}", 9),
        ("か\u{3099}", 2),
        ("\u{1112}\u{1161}\u{11ab}", 2),
        // No composed form, or one that Unicode takes apart.
        ("x\u{301}", 2),
        ("\u{fb2c}", 3),
        ("\u{344}", 2),
    ]);
}

#[test]
fn an_emoji_weighs_two() {
    assert_lengths(&[
        ("😀", 2),
        ("😀😀", 4),
        ("👍🏽", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("👩🏽‍❤️‍💋‍👨🏿", 2),
        ("🧑🏾‍🚀", 2),
        ("🏳️‍🌈 🏴‍☠️", 5),
        ("❤️‍🔥", 2),
        ("🇫🇷🇯🇵", 4),
        ("🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}", 2),
        ("1️⃣#️⃣*⃣", 6),
        ("☺ ☺️", 5),
        ("❤ ❤️ ⌚️ ☕️", 11),
        ("© ®️ ™ ™️", 10),
        ("a😀b", 4),
    ]);
}

#[test]
fn what_is_no_sequence_weighs_by_its_parts() {
    assert_lengths(&[
        // Two people joined in a way that means nothing.
        ("👩‍🍕", 5),
        ("😀🏽", 4),
        ("🇫", 2),
        ("🇽🇽", 4),
        ("🇫🇷🇯", 4),
        ("😀\u{fe0f}", 4),
        ("☺\u{fe0e}", 4),
        ("\u{fe0f}", 2),
        ("1\u{fe0f}", 3),
        ("a\u{20e3}", 3),
        ("\u{200d}", 1),
        ("🏴\u{e0067}", 4),
        // Not as Unicode recommends to spell it.
        ("🏳‍🌈", 5),
        // Newer than the published parser, or unknown to it.
        ("🐦‍🔥", 5),
        ("♾️", 4),
        ("👁️‍🗨️", 5),
    ]);
}

#[test]
fn a_link_weighs_23() {
    let long = format!("https://example.com/{}", "x".repeat(500));
    assert_lengths(&[
        ("https://example.com", 23),
        ("http://a.co", 23),
        ("example.com", 23),
        (&long, 23),
        ("see https://example.com/a, ok", 31),
        ("a.com b.com", 47),
        ("詳しくはexample.com/日本", 35),
        ("https://日本語.jp/", 23),
        // What the link leaves out counts as it is.
        ("https://example.com.", 24),
        ("(https://example.com/q_(b))", 25),
        ("https://example.com/日本", 27),
        ("https://t.co/abc-def", 27),
        ("https://example", 15),
        ("example.nosuchdomain", 20),
        ("cafe\u{301}.com", 23),
    ]);
}

/// One published implementation finds no link here, the others do.
#[test]
fn a_link_in_doubt_weighs_what_is_more() {
    let sentence =
        "これはとても長い文章ですがその直後に句点がありましてそこからリンクが続いています。";
    let weight = measure(sentence).length;
    let short = format!("{sentence}example.com");
    let long = format!("{sentence}example.com/a-path-of-some-length");
    assert_eq!((measure(&short).length, measure(&short).links.len()), (weight + 23, 1));
    assert_eq!((measure(&long).length, measure(&long).links.len()), (weight + 33, 1));
}

#[test]
fn a_post_weighs_at_most_280() {
    assert!(measure(&"a".repeat(280)).valid);
    assert!(measure(&"語".repeat(140)).valid);
    assert!(measure(&"👨‍👩‍👧‍👦".repeat(140)).valid);
    let measured = measure(&"語".repeat(141));
    assert_eq!((measured.length, measured.limit, measured.remaining), (282, 280, -2));
    assert_eq!(
        measured.problems,
        [Say::new("text-too-long").with("over", 2).with("limit", 280).with("unit", "weighted")]
    );
}

#[test]
fn a_channel_with_a_subscription_writes_more() {
    let mut limits = limits();
    limits.text.max = 25_000;
    assert!(super::measure(&"a".repeat(25_000), &limits).valid);
}

#[test]
fn byte_order_marks_and_noncharacters_are_forbidden() {
    for (text, shown) in
        [("a\u{feff}", "U+FEFF"), ("\u{fffe}", "U+FFFE"), ("あ\u{ffff}\u{feff}", "U+FFFF")]
    {
        let measured = measure(text);
        assert_eq!(
            measured.problems,
            [Say::new("text-forbidden-character").with("character", shown)],
            "{text:?}"
        );
        assert!(!measured.valid);
    }
    assert_eq!(measure("ABC\u{202a}\u{ffff}ABC\u{fffe}").length, 12);
}

#[test]
fn directional_marks_are_allowed_and_count() {
    assert_lengths(&[
        ("\u{61c}", 1),
        ("\u{200e}\u{200f}", 4),
        ("\u{202a}x\u{202c}", 5),
        ("\u{2066}\u{202e}https://example.com/\u{202c}\u{2069}", 31),
    ]);
    assert!(measure("\u{202e}abc\u{202c}").valid);
}

#[test]
fn an_empty_text_says_so() {
    assert_eq!(keys(&measure("")), ["text-empty"]);
    assert_eq!(keys(&measure("\u{3000}\n")), ["text-empty"]);
}

#[test]
fn spans_point_into_the_text_as_given() {
    // Shorter in NFC, so that offsets would be off if they were taken from there.
    let text =
        "e\u{301}e\u{301} が か\u{3099} @ada #cafe\u{301} https://example.com/e\u{301} e\u{301}";
    let measured = measure(text);
    assert_eq!(told(text, &measured.mentions), [("@ada", "ada")]);
    assert_eq!(told(text, &measured.tags), [("#cafe\u{301}", "cafe\u{301}")]);
    assert_eq!(
        told(text, &measured.links),
        [("https://example.com/e\u{301}", "https://example.com/e\u{301}")]
    );
    assert_eq!(measured.length, 2 + 1 + 2 + 1 + 2 + 1 + 4 + 1 + 5 + 1 + 23 + 1 + 1);
}

proptest! {
    #[test]
    fn any_text_is_measured(text in any_text()) {
        measure(&text);
    }

    /// Nothing that counts reaches back across a space.
    #[test]
    fn what_follows_a_space_adds_up(text in any_text(), more in any_text()) {
        let apart = measure(&text).length + measure(&format!(" {more}")).length;
        prop_assert_eq!(measure(&format!("{text} {more}")).length, apart);
    }

    #[test]
    fn plain_text_counts_its_letters(text in "[ -\\-/-~\n\t]{0,400}") {
        prop_assert_eq!(measure(&text).length as usize, text.len());
    }

    #[test]
    fn ideographs_count_twice(text in "[一-龠ぁ-んァ-ヶ가-힣]{0,200}") {
        prop_assert_eq!(measure(&text).length as usize, 2 * text.chars().count());
    }

    #[test]
    fn every_emoji_counts_two(index in any::<prop::sample::Index>()) {
        let all: Vec<_> = emojis::iter().filter(|emoji| emoji.emoji_version() <= emojis::EmojiVersion::new(14, 0)).collect();
        let emoji = all[index.index(all.len())].as_str();
        let apart = ["♾️", "👁️‍🗨️"].contains(&emoji);
        prop_assert!(measure(emoji).length == 2 || apart, "{}", emoji);
    }
}
