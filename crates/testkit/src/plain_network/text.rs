//! How the plain network shows a text: the rules of its contract.

use unicode_normalization::UnicodeNormalization as _;

/// Rules 1 to 3: what is counted.
pub(super) fn tidied(text: &str) -> String {
    let text: String = text.nfc().collect::<String>().replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<_> = text.split('\n').map(str::trim_end).collect();
    let mut text = lines.join("\n").trim_matches('\n').to_owned();
    while text.contains("\n\n\n") {
        text = text.replace("\n\n\n", "\n\n");
    }
    text
}

/// All rules, with the numbers of links left out: nobody can know them.
pub(super) fn shown(text: &str) -> String {
    let text = tidied(text);
    let mut html = String::new();
    let mut rest = text.as_str();
    while let Some(start) = next_link(rest) {
        let (before, tail) = rest.split_at(start);
        escape(before, &mut html);
        let end =
            tail.find(|c: char| c.is_whitespace() || "<>\"".contains(c)).unwrap_or(tail.len());
        let link = tail[..end].trim_end_matches(|c| ".,;:!?)'".contains(c));
        html.push_str("<a href=\"/l/\">");
        let bare = link.trim_start_matches("https://").trim_start_matches("http://");
        let bare = bare.strip_prefix("www.").unwrap_or(bare);
        if bare.chars().count() > 30 {
            escape(&bare.chars().take(30).collect::<String>(), &mut html);
            html.push('…');
        } else {
            escape(bare, &mut html);
        }
        html.push_str("</a>");
        rest = &tail[link.len()..];
    }
    escape(rest, &mut html);
    let paragraphs: Vec<_> =
        html.split("\n\n").map(|p| format!("<p>{}</p>", p.replace('\n', "<br>"))).collect();
    paragraphs.concat()
}

/// What a server shows, with the numbers of its links left out.
pub(super) fn comparable(content: &str) -> String {
    let mut plain = String::new();
    let mut rest = content;
    while let Some(at) = rest.find("href=\"/l/") {
        let (before, tail) = rest.split_at(at + 9);
        plain.push_str(before);
        rest = tail.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    plain.push_str(rest);
    plain
}

fn next_link(text: &str) -> Option<usize> {
    [text.find("http://"), text.find("https://")].into_iter().flatten().min()
}

fn escape(text: &str, into: &mut String) {
    for c in text.chars() {
        match c {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            '\'' => into.push_str("&#39;"),
            c => into.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stand_in_shows_the_same() {
        for text in [
            "Hello & welcome",
            "Cafe\u{301}  \r\n\r\n\r\n\r\nis <open> \"today\"",
            "See https://www.example.com/a/very/long/path/that/goes/on?x=1, and http://b.test.",
            "one\ntwo\n\nthree 'four'",
        ] {
            assert_eq!(shown(text), comparable(&crate::standin::plain::shown(text, 7)), "{text}");
        }
    }
}
