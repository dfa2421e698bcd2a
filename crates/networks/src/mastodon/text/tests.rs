//! Cases of our own, most of them from Mastodon's `StatusLengthValidator` and
//! `Extractor` specifications put in other words.

use proptest::prelude::*;

use super::*;
use crate::ServerFacts;
use crate::text::tests::{any_text, assert_sound, keys};

fn limits() -> Limits {
    crate::mastodon::limits()
}

fn length(text: &str) -> u32 {
    let measured = measure(text, &limits());
    assert_sound(text, &measured);
    measured.length
}

fn values(spans: &[Span]) -> Vec<&str> {
    spans.iter().map(|span| span.value.as_str()).collect()
}

#[test]
fn letters_are_counted_as_people_see_them() {
    for (text, expected) in
        [("", 0), ("Good morning", 12), ("日本語", 3), ("👩‍👩‍👧‍👦", 1), ("e\u{301}", 1), ("🇫🇷", 1)]
    {
        assert_eq!(length(text), expected, "{text}");
    }
}

#[test]
fn every_link_counts_the_same() {
    let long = format!("https://example.com/{}", "a".repeat(400));
    assert_eq!(length(&long), 23);
    assert_eq!(length("http://a.co"), 23);
    assert_eq!(length(&format!("{long} {long}")), 47);
    assert_eq!(length("example.com/path"), 16, "it is no link without https://");
    assert_eq!(length("https://localhost/x"), 19, "it leads nowhere");
    assert_eq!(length("see https://example.com/a."), 28, "the point ends the sentence");
}

#[test]
fn of_a_mention_only_the_name_counts() {
    assert_eq!(length("@ada"), 4);
    assert_eq!(length("@ada@social.example"), 4);
    assert_eq!(length("hi @ada@social.example!"), 8);
    assert_eq!(length("ada@social.example"), 18, "a mail address");
}

#[test]
fn what_is_found_is_what_the_server_links() {
    let found = |text: &str| measure(text, &limits());
    for (text, link) in [
        ("https://example.com", "https://example.com"),
        ("(https://example.com)", "https://example.com"),
        ("https://example.com/a_(b)", "https://example.com/a_(b)"),
        ("https://example.com/a_(b_(c))!", "https://example.com/a_(b_(c))"),
        ("https://example.com/?q=a&b=c.", "https://example.com/?q=a&b=c"),
        ("https://example.com:8080/x#y,", "https://example.com:8080/x#y"),
        ("「https://example.com/日本」", "https://example.com/日本"),
        ("HTTPS://EXAMPLE.COM/x", "HTTPS://EXAMPLE.COM/x"),
        ("https://例え.みんな/x", "https://例え.みんな/x"),
        ("https://example.com.and then", "https://example.com"),
    ] {
        assert_eq!(values(&found(text).links), [link], "{text}");
    }
    for text in
        ["https://", "https://x", "xhttps://example.com", "#https://example.com", "http:/a.co"]
    {
        assert!(found(text).links.is_empty(), "{text}");
    }
    let text = "@ada, @noor@social.example. @kofi-@x @_a /@b =@c d@e @f@ @g://";
    assert_eq!(values(&found(text).mentions), ["ada", "noor@social.example", "kofi", "x", "_a"]);
    let text = "#one #2two #3 #日本 a#b /#c #d_e #f・g #️⃣ &#39; #h-i";
    assert_eq!(values(&found(text).tags), ["one", "2two", "日本", "d_e", "f・g", "h"]);
}

#[test]
fn a_server_that_counts_what_is_written_gets_it_counted_so() {
    let mut limits = limits();
    limits.text.unit = Unit::Characters;
    limits.server = Some(ServerFacts {
        software: "gotosocial".into(),
        version: "0.19.1".into(),
        link: None,
        poll: None,
        quotes: false,
    });
    let measured = measure("@ada@social.example https://example.com/a/b/c 👩‍👧", &limits);
    assert_eq!(measured.length, 19 + 1 + 25 + 1 + 3);
}

#[test]
fn too_long_and_empty_are_told() {
    let told = |text: &str| {
        let measured = measure(text, &limits());
        keys(&measured).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(told(" \n"), ["text-empty"]);
    assert_eq!(told(&"x".repeat(501)), ["text-too-long"]);
    assert!(told(&"x".repeat(500)).is_empty());
}

#[test]
fn names_are_shown_without_their_servers() {
    let shown =
        without_servers("Hello @ada@social.example and @noor, see https://a.co/@x@y.z #tag");
    assert_eq!(shown, "Hello @ada and @noor, see https://a.co/@x@y.z #tag");
}

proptest! {
    #[test]
    fn any_text_can_be_measured(text in any_text()) {
        assert_sound(&text, &measure(&text, &limits()));
        without_servers(&text);
    }
}
