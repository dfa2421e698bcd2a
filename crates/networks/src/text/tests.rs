//! What holds for every network's counting function.

use proptest::prelude::*;

use super::*;

/// Any text: arbitrary characters, and pieces that the rules care about in any order.
pub(crate) fn any_text() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..12)
        .prop_map(|pieces| pieces.concat());
    prop_oneof![any::<String>(), pieces]
}

const PIECES: &[&str] = &[
    "a",
    "Z",
    "9",
    " ",
    "\n",
    "\r\n",
    "\t",
    "\u{a0}",
    "\u{3000}",
    "\u{feff}",
    "\u{200b}",
    "\u{200d}",
    "\u{2060}",
    ".",
    "..",
    ",",
    "、",
    "。",
    "!",
    "?",
    ":",
    "//",
    "/",
    "(",
    ")",
    "((b))",
    "「",
    "」",
    "'",
    "’",
    "\"",
    "_",
    "-",
    "&",
    "+",
    "~",
    "|",
    "%20",
    "http://",
    "https://",
    "HTTPS://",
    "example.com",
    ".com",
    ".co.jp",
    ".みんな",
    "中国",
    "xn--",
    "xn--p1ai",
    "t.co/",
    "ü.de",
    ":8080",
    "?q=1",
    "@",
    "＠",
    "@ada",
    "@ada.example.com",
    "@ada/friends",
    "RT",
    "#",
    "＃",
    "#tag",
    "#️⃣",
    "$",
    "$ACME",
    "$BRK.B",
    "日本語",
    "テスト",
    "한국어",
    "\u{1112}\u{1161}",
    "か\u{3099}",
    "é",
    "e\u{301}",
    "\u{301}",
    "عربى",
    "עברית",
    "हिन्दी",
    "\u{202e}",
    "\u{2066}",
    "\u{fe0f}",
    "\u{fe0e}",
    "\u{20e3}",
    "😀",
    "👍🏽",
    "👨‍👩‍👧",
    "🏳️‍🌈",
    "🇫🇷",
    "🇦",
    "🏴\u{e0067}",
    "1️⃣",
    "©️",
    "\u{1f3fd}",
];

/// Fails unless `measured` keeps what every [`Measured`] promises about `text`.
pub(crate) fn assert_sound(text: &str, measured: &Measured) {
    assert_eq!(measured.remaining, i64::from(measured.limit) - i64::from(measured.length));
    assert_eq!(measured.valid, measured.problems.is_empty());
    let mut all: Vec<&Span> = Vec::new();
    for kind in [&measured.links, &measured.mentions, &measured.tags] {
        assert!(kind.is_sorted_by_key(|span| span.start), "{kind:?} out of order");
        all.extend(kind);
    }
    all.sort_by_key(|span| span.start);
    let mut free_from = 0;
    for span in all {
        assert!(
            free_from <= span.start && span.start < span.end,
            "{span:?} overlaps or is empty in {text:?}"
        );
        assert!(
            text.get(span.start..span.end).is_some(),
            "{span:?} is not on boundaries of {text:?}"
        );
        assert!(!span.value.is_empty());
        free_from = span.end;
    }
    for link in &measured.links {
        assert!(link.value.to_ascii_lowercase().starts_with("http"), "{link:?}");
        assert!(link.value.ends_with(&text[link.start..link.end]));
    }
}

/// The stretches of `text` and what they mean.
pub(crate) fn told<'t>(text: &'t str, spans: &'t [Span]) -> Vec<(&'t str, &'t str)> {
    spans.iter().map(|span| (&text[span.start..span.end], span.value.as_str())).collect()
}

/// Keys of the problems.
pub(crate) fn keys(measured: &Measured) -> Vec<&str> {
    measured.problems.iter().map(|say| say.key.as_str()).collect()
}

const TEN: TextLimit = TextLimit { max: 10, unit: Unit::Characters, max_bytes: Some(12) };

#[test]
fn a_text_at_its_limit_is_valid() {
    let measured = Measured::judge("0123456789", 10, &TEN);
    assert_eq!((measured.length, measured.remaining, measured.valid), (10, 0, true));
}

#[test]
fn a_text_over_its_limits_says_by_how_much() {
    let measured = Measured::judge("0123456789abc", 13, &TEN);
    assert_eq!((measured.remaining, measured.valid), (-3, false));
    let too_long =
        Say::new("text-too-long").with("over", 3).with("limit", 10).with("unit", "characters");
    let too_many_bytes = Say::new("text-too-many-bytes").with("over", 1).with("limit", 12);
    assert_eq!(measured.problems, [too_long, too_many_bytes]);
}

#[test]
fn bytes_do_not_matter_where_only_units_are_limited() {
    let limit = TextLimit { max_bytes: None, ..TEN };
    assert!(Measured::judge("ああああああああああ", 10, &limit).valid);
}

#[test]
fn a_text_of_nothing_but_space_is_empty() {
    for text in ["", " ", "\n\u{3000}\t"] {
        let measured = Measured::judge(text, text.chars().count(), &TEN);
        assert_eq!((keys(&measured), measured.valid), (vec!["text-empty"], false), "{text:?}");
    }
}

#[test]
fn of_two_that_overlap_the_first_stays() {
    let span = |at: Range<usize>| Span::new(at, "x");
    let found = vec![
        (Kind::Tag, span(8..12)),
        (Kind::Mention, span(4..6)),
        (Kind::Link, span(0..5)),
        (Kind::Tag, span(5..8)),
    ];
    let measured = Measured::judge("0123456789ab", 1, &TEN).with_found(found);
    assert_eq!(
        (measured.links, measured.mentions, measured.tags),
        (vec![span(0..5)], vec![], vec![span(5..8), span(8..12)])
    );
}

#[test]
fn the_list_of_top_level_domains_knows_old_and_new_ones() {
    for known in ["com", "COM", "jp", "museum", "xn--p1ai", "app"] {
        assert!(is_top_level(known), "{known}");
    }
    for unknown in ["", "c", "jpg", "exampl", "1", "みんな"] {
        assert!(!is_top_level(unknown), "{unknown}");
    }
    assert!(!is_top_level(&"A".repeat(100)));
}
