//! Cases of our own for the rules that the network's app follows.

use bellwether_base::Say;
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::text::Measured;
use crate::text::tests::{any_text, assert_sound, keys, told};
use crate::{ImageRule, Limits, TextLimit, Unit};

fn limits() -> Limits {
    Limits {
        text: TextLimit { max: 300, unit: Unit::Graphemes, max_bytes: Some(3000) },
        parts: 1,
        images: 4,
        image: ImageRule { max_bytes: 2_000_000, max_side: 4000 },
        alt_text: None,
        resend_after_not_seen: true,
        server: None,
    }
}

fn measure(text: &str) -> Measured {
    let measured = super::measure(text, &limits());
    assert_sound(text, &measured);
    measured
}

#[test]
fn letters_are_counted_as_people_see_them() {
    for (text, length) in [
        ("", 0),
        ("Good morning", 12),
        ("日本語のテスト", 7),
        ("か\u{3099}き\u{3099}", 2),
        ("안녕하세요", 5),
        ("\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}", 2),
        ("新年快乐", 4),
        ("مرحبا", 5),
        ("हिन्दी", 2),
        ("e\u{301}", 1),
        ("Z\u{351}\u{36b}\u{343}", 1),
        ("😀", 1),
        ("👍🏽", 1),
        ("👨‍👩‍👧‍👦", 1),
        ("👩🏽‍❤️‍💋‍👨🏿", 1),
        ("🏳️‍🌈", 1),
        ("🇫🇷🇯🇵", 2),
        ("🇫🇷🇯", 2),
        ("🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}", 1),
        ("1️⃣", 1),
        ("a\r\nb", 3),
        ("a\n\nb", 4),
        // What goes out ends with its last visible letter.
        ("Good morning \n\n", 12),
        ("a\u{3000}\r\n", 1),
    ] {
        assert_eq!(measure(text).length, length, "{text:?}");
    }
}

#[test]
fn a_long_link_counts_in_full() {
    let address = format!("https://example.com/{}", "x".repeat(100));
    assert_eq!(measure(&address).length, 120);
}

#[test]
fn a_post_has_at_most_300_graphemes() {
    assert!(measure(&"あ".repeat(300)).valid);
    let measured = measure(&"あ".repeat(302));
    assert_eq!(
        measured.problems,
        [Say::new("text-too-long").with("over", 2).with("limit", 300).with("unit", "graphemes")]
    );
}

#[test]
fn a_post_has_at_most_3000_bytes() {
    let family = "👨‍👩‍👧‍👦";
    assert!(measure(&family.repeat(3000 / family.len())).valid);
    let measured = measure(&family.repeat(121));
    assert_eq!((measured.length, measured.remaining), (121, 179));
    assert_eq!(
        measured.problems,
        [Say::new("text-too-many-bytes").with("over", 25).with("limit", 3000)]
    );
}

#[test]
fn a_channels_own_limits_count() {
    let mut limits = limits();
    limits.text = TextLimit { max: 3, unit: Unit::Graphemes, max_bytes: Some(6) };
    let measured = super::measure("äöüß", &limits);
    assert_eq!((measured.limit, measured.remaining), (3, -1));
    assert_eq!(keys(&measured), ["text-too-long", "text-too-many-bytes"]);
}

#[test]
fn links_are_found_and_made_whole() {
    for (text, expected) in [
        ("https://example.com", vec![("https://example.com", "https://example.com")]),
        (
            "read http://example.com/a?b=c#d now",
            vec![("http://example.com/a?b=c#d", "http://example.com/a?b=c#d")],
        ),
        ("HTTPS://Example.COM/A", vec![("HTTPS://Example.COM/A", "HTTPS://Example.COM/A")]),
        ("example.com", vec![("example.com", "https://example.com")]),
        ("Example.COM/Path", vec![("Example.COM/Path", "https://Example.COM/Path")]),
        (
            "shop at my-brand.co.uk:8080/new today",
            vec![("my-brand.co.uk:8080/new", "https://my-brand.co.uk:8080/new")],
        ),
        ("9to5.example.org", vec![("9to5.example.org", "https://9to5.example.org")]),
        ("httpbin.org", vec![("httpbin.org", "https://httpbin.org")]),
        (
            "xn--bcher-kva.example.com",
            vec![("xn--bcher-kva.example.com", "https://xn--bcher-kva.example.com")],
        ),
        (
            "a.com b.com\nc.com",
            vec![
                ("a.com", "https://a.com"),
                ("b.com", "https://b.com"),
                ("c.com", "https://c.com"),
            ],
        ),
        ("👩‍🚀 example.com 👩‍🚀", vec![("example.com", "https://example.com")]),
        ("全角\u{3000}example.com", vec![("example.com", "https://example.com")]),
        (
            "https://日本語.jp/ページ",
            vec![("https://日本語.jp/ページ", "https://日本語.jp/ページ")],
        ),
        ("http://localhost:3000/x", vec![("http://localhost:3000/x", "http://localhost:3000/x")]),
        ("http://[::1]:8080/x", vec![("http://[::1]:8080/x", "http://[::1]:8080/x")]),
        (
            "https://ada@example.com/x",
            vec![("https://ada@example.com/x", "https://ada@example.com/x")],
        ),
    ] {
        assert_eq!(told(text, &measure(text).links), expected, "{text:?}");
    }
}

#[test]
fn what_only_looks_like_a_link_is_none() {
    let one_by_one = "e.g. i.e./so photo.jpg example.com.jpg a..url ..here v1.2.3 10.30 9.am \
        bob@example.com bob@mail.example.com example.com@work see:example.com «example.com» \
        例example.com -example.com exa_mple.com example.com_x example.comé example.com.みんな \
        performance.now() a-.com https:// https://. http:///x https://,,, ftp://example.com \
        example.c\u{f3}m ..com https//example.com";
    for text in one_by_one.split(' ') {
        assert_eq!(told(text, &measure(text).links), [], "{text:?}");
    }
}

#[test]
fn a_link_ends_where_the_sentence_goes_on() {
    for (text, link) in [
        ("(https://example.com)", "https://example.com"),
        ("(see example.com/a).", "example.com/a"),
        ("example.com, then", "example.com"),
        ("https://example.com/a;", "https://example.com/a"),
        ("https://example.com/a?!", "https://example.com/a"),
        ("https://example.com/a…", "https://example.com/a"),
        ("https://example.com/a。", "https://example.com/a"),
        ("https://example.com/a）。", "https://example.com/a"),
        ("https://example.com/a」と", "https://example.com/a」と"),
        ("https://example.com/q_(b)", "https://example.com/q_(b)"),
        ("(https://example.com/q_(b)).", "https://example.com/q_(b)"),
        ("https://example.com/a[0]]", "https://example.com/a[0]"),
        ("https://example.com/a”", "https://example.com/a"),
        ("example.com's", "example.com"),
        ("example.com’s", "example.com"),
        ("https://example.com'dan", "https://example.com"),
        ("example.comを見て", "example.com"),
        ("https://example.comを見て", "https://example.com"),
        ("https://example.com。詳しく", "https://example.com"),
        ("https://例え.jp」より", "https://例え.jp"),
        ("https://例え.jp。次は", "https://例え.jp"),
        ("example.com:", "example.com"),
        ("example.com:123456", "example.com"),
        ("example.com-", "example.com"),
        ("example.com..foo", "example.com"),
        ("example.com/a<b", "example.com/a"),
    ] {
        let measured = measure(text);
        let found: Vec<&str> =
            told(text, &measured.links).into_iter().map(|(written, _)| written).collect();
        assert_eq!(found, [link], "{text:?}");
    }
}

#[test]
fn mentions_are_handles() {
    for (text, expected) in [
        ("@ada.example.com hi", vec![("@ada.example.com", "ada.example.com")]),
        ("(@noor.bsky.social)", vec![("@noor.bsky.social", "noor.bsky.social")]),
        ("by @Kofi.Example.COM.", vec![("@Kofi.Example.COM", "kofi.example.com")]),
        ("@ada.test\n@noor.test", vec![("@ada.test", "ada.test"), ("@noor.test", "noor.test")]),
        ("@a-b.example.com's", vec![("@a-b.example.com", "a-b.example.com")]),
        ("@ada.example.com-", vec![("@ada.example.com", "ada.example.com")]),
        ("@ada.example.comさん", vec![("@ada.example.com", "ada.example.com")]),
        ("👩‍🚀 @ada.example.com", vec![("@ada.example.com", "ada.example.com")]),
        ("@ada", vec![]),
        ("@ada.nosuchdomain", vec![]),
        ("@.example.com", vec![]),
        ("@ada..example.com", vec![]),
        ("@-ada.example.com", vec![]),
        ("@ada-.example.com", vec![]),
        ("@ada.example.com_x", vec![]),
        ("bob@ada.example.com", vec![]),
        ("さん@ada.example.com", vec![]),
        ("@@ada.example.com", vec![]),
        ("https://example.com/@ada.example.com", vec![]),
    ] {
        assert_eq!(told(text, &measure(text).mentions), expected, "{text:?}");
    }
    let long = format!("@{}.example.com", "a".repeat(64));
    assert_eq!(measure(&long).mentions, []);
    let long = format!("@{}example.com", "a23456789.".repeat(25));
    assert_eq!(measure(&long).mentions, []);
}

#[test]
fn tags_are_words_behind_a_number_sign() {
    for (text, expected) in [
        ("#tag", vec![("#tag", "tag")]),
        ("a #tag, b", vec![("#tag", "tag")]),
        ("#one #two\n#three", vec![("#one", "one"), ("#two", "two"), ("#three", "three")]),
        ("＃全角 #日本語。", vec![("＃全角", "全角"), ("#日本語", "日本語")]),
        ("#한국어! #عربي؟", vec![("#한국어", "한국어"), ("#عربي", "عربي")]),
        ("#2026goals #a1", vec![("#2026goals", "2026goals"), ("#a1", "a1")]),
        ("#under_score-dash", vec![("#under_score-dash", "under_score-dash")]),
        ("#rock&roll", vec![("#rock&roll", "rock&roll")]),
        ("#one#two", vec![("#one#two", "one#two")]),
        ("##double", vec![("##double", "#double")]),
        ("#trail___...!", vec![("#trail", "trail")]),
        ("#🦋 #wing🦋", vec![("#🦋", "🦋"), ("#wing🦋", "wing🦋")]),
        ("#a\u{200b}b #c\u{ad}d", vec![("#a", "a"), ("#c", "c")]),
        ("#cafe\u{301}", vec![("#cafe\u{301}", "cafe\u{301}")]),
        ("#", vec![]),
        ("# tag", vec![]),
        ("#1 #2026 #12-13", vec![]),
        ("#!? #...", vec![]),
        ("#️⃣tag #\u{20e3}", vec![]),
        ("#\u{200b}tag", vec![]),
        ("word#tag (#tag) .#tag", vec![]),
        ("example.com/#tag", vec![]),
    ] {
        assert_eq!(told(text, &measure(text).tags), expected, "{text:?}");
    }
}

#[test]
fn a_tag_has_at_most_64_graphemes_and_640_bytes() {
    for (body, is_tag) in [
        ("a".repeat(64), true),
        ("a".repeat(65), false),
        ("語".repeat(64), true),
        ("語".repeat(65), false),
        ("🦋".repeat(64), true),
        (format!("{}!!!", "a".repeat(64)), true),
        ("🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}".repeat(22), true),
        ("🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}".repeat(23), false),
    ] {
        assert_eq!(
            measure(&format!("#{body}")).tags.len(),
            usize::from(is_tag),
            "{} bytes",
            body.len()
        );
    }
}

#[test]
fn cash_tags_keep_their_sign() {
    for (text, expected) in [
        ("$ACME", vec![("$ACME", "$ACME")]),
        ("buy $acme, sell ($b2)!", vec![("$acme", "$ACME"), ("$b2", "$B2")]),
        ("$TOOLONG $100 $ US$ACME $ACME/x $1A", vec![]),
    ] {
        assert_eq!(told(text, &measure(text).tags), expected, "{text:?}");
    }
}

#[test]
fn offsets_are_bytes() {
    let measured = measure("日本 #タグ @ada.test https://a.com/é");
    assert_eq!((measured.tags[0].start, measured.tags[0].end), (7, 14));
    assert_eq!((measured.mentions[0].start, measured.mentions[0].end), (15, 24));
    assert_eq!((measured.links[0].start, measured.links[0].end), (25, 41));
}

#[test]
fn nothing_is_found_inside_something_else() {
    let measured = measure("https://example.com/(@ada.test #x(example.com ##(@ada.test");
    assert_eq!((measured.links.len(), measured.mentions.len(), measured.tags.len()), (1, 0, 2));
}

proptest! {
    #[test]
    fn any_text_is_measured(text in any_text()) {
        measure(&text);
    }

    #[test]
    fn a_text_grows_with_what_is_added(text in any_text(), more in any_text()) {
        let (before, most) = (measure(&text).length, text.graphemes(true).count() + more.graphemes(true).count());
        let both = measure(&format!("{text}{more}")).length;
        prop_assert!(before <= both && both as usize <= most, "{before} becomes {both}, of {most}");
    }

    #[test]
    fn plain_text_counts_its_letters(text in "[ -~\n\t]{0,400}") {
        prop_assert_eq!(measure(&text).length as usize, text.trim_end().len());
    }

    #[test]
    fn a_handle_between_words_is_a_mention(name in "[a-z0-9]{1,20}(-[a-z0-9]{1,5})?", before in "[^@#$\\s(]{0,10}", after in any_text()) {
        let text = format!("{before} @{name}.example.com {after}");
        let measured = measure(&text);
        let expected = (before.len() + 1, format!("{name}.example.com"));
        prop_assert!(measured.mentions.iter().any(|span| (span.start, span.value.clone()) == expected));
    }
}
