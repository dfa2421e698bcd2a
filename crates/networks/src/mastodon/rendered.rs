//! What a server shows, held against what it was sent.
//!
//! A server makes HTML of a text: paragraphs, links with their beginning and
//! end hidden or cut off, mentions without their servers, and of custom emoji
//! perhaps pictures. So both sides are reduced to what is left of a text in
//! any of these forms.

use scraper::node::Node;
use scraper::{ElementRef, Html};
use unicode_normalization::UnicodeNormalization as _;

use super::text::without_servers;

/// What remains of `text` in every form that a server may give it.
pub(super) fn comparable(text: &str) -> String {
    let text: String = without_servers(text).nfc().collect();
    let text = text.replace("https://", "").replace("http://", "");
    // A tag is shown with the narrow sign, whichever was typed.
    let text = text.replace('＃', "#");
    // A link may gain or lose its last slash, a paragraph its lines.
    let stays = |c: &char| !c.is_whitespace() && !matches!(c, '/' | '\u{200b}' | '\u{feff}');
    text.chars().filter(stays).collect()
}

/// The text that a piece of HTML shows, with its links whole.
pub(super) fn plain(html: &str) -> String {
    let mut text = String::new();
    read(Html::parse_fragment(html).root_element(), &mut text);
    text
}

fn read(element: ElementRef<'_>, text: &mut String) {
    for child in element.children() {
        match child.value() {
            Node::Text(own) => text.push_str(own),
            Node::Element(own) => {
                let Some(inner) = ElementRef::wrap(child) else { continue };
                let has = |class: &str| own.classes().any(|own| own == class);
                match own.name() {
                    // What a server puts in front of a quote for others to see.
                    _ if has("quote-inline") => {}
                    "img" => text.push_str(own.attr("alt").unwrap_or_default()),
                    "br" => text.push('\n'),
                    "a" if !has("mention") && !has("hashtag") => text.push_str(&link(inner)),
                    name => {
                        read(inner, text);
                        if matches!(name, "p" | "div" | "li" | "blockquote" | "pre") {
                            text.push('\n');
                        }
                    }
                }
            }
            _ => {}
        }
    }
}

/// What was typed for a link: what is shown, unless that was cut short.
fn link(anchor: ElementRef<'_>) -> String {
    let mut shown = String::new();
    read(anchor, &mut shown);
    let Some(whole) = anchor.value().attr("href") else { return shown };
    let kept = shown.trim_end_matches(['…', '.']);
    let is_cut = kept.len() < whole.len() && whole.contains(kept) && !kept.starts_with(['@', '#']);
    if is_cut { whole.to_owned() } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_same(sent: &str, html: &str) -> bool {
        comparable(sent) == comparable(&plain(html))
    }

    /// As Mastodon 4.6, GoToSocial 0.19, Pleroma 2.9 and Pixelfed 0.12 write them.
    #[test]
    fn a_text_is_known_again_in_whatever_form() {
        for (sent, html) in [
            ("Hello", "<p>Hello</p>"),
            ("One\ntwo\n\nthree", "<p>One<br>two</p><p>three</p>"),
            ("One\ntwo\n\nthree", "<p>One<br />two</p>\n\n<p>three</p>"),
            ("One\ntwo\n\nthree", "One<br/>two<br/><br/>three"),
            ("a < b & \"c\" 'd'", "<p>a &lt; b &amp; &quot;c&quot; &#39;d&#39;</p>"),
            (
                "See https://www.example.com/a/very/long/path/that/is/cut?q=1&r=2 now",
                "<p>See <a href=\"https://www.example.com/a/very/long/path/that/is/cut?q=1&amp;r=2\" target=\"_blank\" \
                 rel=\"nofollow noopener\"><span class=\"invisible\">https://www.</span><span class=\"ellipsis\">\
                 example.com/a/very/long/path/t</span><span class=\"invisible\">hat/is/cut?q=1&amp;r=2</span></a> now</p>",
            ),
            (
                "See https://example.com/a/very/long/path now",
                "See <a href=\"https://example.com/a/very/long/path\">example.com/a/very/lo…</a> now",
            ),
            (
                "https://example.com",
                "<p><a href=\"https://example.com/\">https://example.com/</a></p>",
            ),
            (
                "Hi @ada@social.example and @noor!",
                "<p>Hi <span class=\"h-card\"><a href=\"https://social.example/@ada\" class=\"u-url mention\">@<span>ada\
                 </span></a></span> and <a class=\"mention\" href=\"https://x.example/@noor\">@noor@x.example</a>!</p>",
            ),
            (
                "Nice #WEATHER",
                "<p>Nice <a href=\"https://x.example/tags/weather\" class=\"mention hashtag\" rel=\"tag\">#<span>WEATHER</span></a></p>",
            ),
            (
                "A :blobcat: cat",
                "<p>A <img class=\"emoji\" alt=\":blobcat:\" src=\"https://x.example/b.png\"> cat</p>",
            ),
            ("A :blobcat: cat", "<p>A :blobcat: cat</p>"),
            (
                "What they said",
                "<p class=\"quote-inline\">RE: <a href=\"https://x.example/@ada/1\">https://x.example/@ada/1</a></p><p>What they said</p>",
            ),
            ("Cafe\u{301}", "<p>Café</p>"),
            ("", ""),
        ] {
            assert!(is_same(sent, html), "{sent}\n{html}\n{:?}", plain(html));
        }
    }

    #[test]
    fn another_text_stays_another() {
        for (sent, html) in [
            ("Hello", "<p>Hello!</p>"),
            ("Hello", "<p>hello</p>"),
            ("Hi @ada", "<p>Hi @noor</p>"),
            ("1/2", "<p>1/3</p>"),
            (
                "https://example.com/a",
                "<p><a href=\"https://example.com/b\">https://example.com/b</a></p>",
            ),
            ("Hello", ""),
        ] {
            assert!(!is_same(sent, html), "{sent}\n{html}");
        }
    }

    #[test]
    fn what_is_no_html_does_no_harm() {
        for odd in
            ["<", "<a", "<a href", "<p><p><p>", "\0", "<script>alert(1)</script>", "&#xffffffff;"]
        {
            plain(odd);
        }
    }
}
