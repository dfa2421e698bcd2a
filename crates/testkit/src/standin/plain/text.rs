//! How the plain network shows text. The rules are in its contract.

use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization as _;

const DISPLAYED: usize = 30;

/// Rules 1 to 3: the text that is counted.
pub(super) fn tidied(text: &str) -> String {
    let text: String = text.nfc().collect();
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<_> = text.split('\n').map(str::trim_end).collect();
    let mut tidied = lines.join("\n");
    while tidied.contains("\n\n\n") {
        tidied = tidied.replace("\n\n\n", "\n\n");
    }
    tidied.trim_matches('\n').to_owned()
}

/// The `content` of a post with this text, with links numbered from
/// `first_link` on.
pub fn shown(text: &str, first_link: u64) -> String {
    let text = tidied(text);
    let mut html = String::from("<p>");
    let mut link = first_link;
    let mut rest = text.as_str();
    while let Some(start) = find_link(rest) {
        escape(&rest[..start], &mut html);
        let address = link_at(&rest[start..]);
        let _ = write!(html, "<a href=\"/l/{link}\">");
        escape(&display(address), &mut html);
        html.push_str("</a>");
        link += 1;
        rest = &rest[start + address.len()..];
    }
    escape(rest, &mut html);
    html.push_str("</p>");
    html.replace("\n\n", "</p><p>").replace('\n', "<br>")
}

/// Where the next link begins that has anything behind its scheme.
fn find_link(text: &str) -> Option<usize> {
    let starts = text.match_indices("http").map(|(start, _)| start);
    starts.into_iter().find(|start| {
        let address = link_at(&text[*start..]);
        without_scheme(address).is_some_and(|rest| !rest.is_empty())
    })
}

fn link_at(text: &str) -> &str {
    let end = text.find(|c: char| c.is_whitespace() || "<>\"".contains(c)).unwrap_or(text.len());
    text[..end].trim_end_matches(|c| ".,;:!?)'".contains(c))
}

fn without_scheme(address: &str) -> Option<&str> {
    address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))
}

fn display(address: &str) -> String {
    let rest = without_scheme(address).unwrap_or(address);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    match rest.char_indices().nth(DISPLAYED) {
        Some((end, _)) => format!("{}…", &rest[..end]),
        None => rest.to_owned(),
    }
}

fn escape(text: &str, html: &mut String) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_shown_as_the_contract_says() {
        assert_eq!(
            shown("Fish & \"chips\" <3 it's  ", 1),
            "<p>Fish &amp; &quot;chips&quot; &lt;3 it&#39;s</p>"
        );
        assert_eq!(
            shown("cafe\u{301}\r\n\r\n\r\n\r\nbar \t\nbaz\n\n", 1),
            "<p>café</p><p>bar<br>baz</p>"
        );
        assert_eq!(
            shown(
                "(see https://www.example.org/a?b=1&c=2). http://x.org/0123456789012345678901234567890!",
                7
            ),
            "<p>(see <a href=\"/l/7\">example.org/a?b=1&amp;c=2</a>). \
             <a href=\"/l/8\">x.org/012345678901234567890123…</a>!</p>"
        );
        assert_eq!(shown("https:// http://", 1), "<p>https:// http://</p>");
    }
}
