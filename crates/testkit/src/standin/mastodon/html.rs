//! How texts are shown.
//!
//! Mastodon after `app/lib/text_formatter.rb` and `simple_format`; Pleroma and
//! the others after what their formatters are known to give, less exactly.

use std::fmt::Write as _;

use super::settings::Flavour;
use super::text::{Piece, pieces};

/// Who can be mentioned, and where things are.
pub(super) struct Place<'a> {
    /// The server's origin.
    pub(super) origin: &'a str,
    pub(super) flavour: Flavour,
    /// Whether there is a local account of this name.
    pub(super) is_known: &'a dyn Fn(&str) -> bool,
}

const DISPLAYED: usize = 30;

impl Place<'_> {
    /// The host by which accounts are called.
    pub(super) fn domain(&self) -> &str {
        self.origin.split_once("://").map_or(self.origin, |(_, host)| host)
    }

    /// The local account that is meant, if there is one.
    pub(super) fn local<'t>(&self, name: &'t str, domain: Option<&str>) -> Option<&'t str> {
        let is_here = domain.is_none_or(|domain| {
            let host = self.domain();
            domain.eq_ignore_ascii_case(host) || Some(domain) == host.split(':').next()
        });
        (is_here && (self.is_known)(name)).then_some(name)
    }

    /// `content`. The text is as it is stored: without white space around it.
    pub(super) fn content(&self, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        let mut html = String::new();
        for piece in pieces(text) {
            match piece {
                Piece::Plain(text) => escape(text, &mut html),
                Piece::Link(url) => html.push_str(&self.link(url)),
                Piece::Tag(name) => self.tag(name, &mut html),
                Piece::Mention { name, domain } => self.mention(name, domain, &mut html),
            }
        }
        let html = html.replace("\r\n", "\n").replace('\r', "\n");
        match self.flavour {
            Flavour::Mastodon46 | Flavour::Mastodon42 => paragraphs(&html, "<br />"),
            Flavour::Pleroma => html.replace('\n', "<br>"),
            _ => paragraphs(&html, "<br>"),
        }
    }

    /// A shortened link.
    pub(super) fn link(&self, url: &str) -> String {
        let mut html = String::from("<a href=\"");
        escape(url, &mut html);
        html.push_str(match self.flavour {
            Flavour::Mastodon46 => {
                "\" target=\"_blank\" rel=\"nofollow noopener\" translate=\"no\">"
            }
            Flavour::Mastodon42 => {
                "\" target=\"_blank\" rel=\"nofollow noopener noreferrer\" translate=\"no\">"
            }
            Flavour::Pleroma => "\" rel=\"ugc\">",
            _ => "\" rel=\"nofollow noreferrer noopener\" target=\"_blank\">",
        });
        if self.flavour.is_mastodon() {
            self.shorten(url, &mut html);
        } else {
            escape(url, &mut html);
        }
        html.push_str("</a>");
        html
    }

    fn shorten(&self, url: &str, html: &mut String) {
        let scheme = url.find("://").map_or(0, |at| at + 3);
        let www = if url[scheme..].starts_with("www.") { 4 } else { 0 };
        let (prefix, rest) = url.split_at(scheme + www);
        let cut = rest.char_indices().nth(DISPLAYED).map_or(rest.len(), |(at, _)| at);
        let (mut shown, mut hidden) = rest.split_at(cut);
        // An ellipsis would be no shorter than the one character.
        if self.flavour == Flavour::Mastodon46 && hidden.chars().count() == 1 {
            (shown, hidden) = (rest, "");
        }
        let class = if hidden.is_empty() { "" } else { "ellipsis" };
        html.push_str("<span class=\"invisible\">");
        escape(prefix, html);
        let _ = write!(html, "</span><span class=\"{class}\">");
        escape(shown, html);
        html.push_str("</span><span class=\"invisible\">");
        escape(hidden, html);
        html.push_str("</span>");
    }

    fn tag(&self, name: &str, html: &mut String) {
        let url = self.tag_url(name);
        let _ = match self.flavour {
            Flavour::Pleroma => write!(
                html,
                "<a class=\"hashtag\" data-tag=\"{}\" href=\"{url}\">#{name}</a>",
                name.to_lowercase()
            ),
            _ => write!(
                html,
                "<a href=\"{url}\" class=\"mention hashtag\" rel=\"tag\">#<span>{name}</span></a>"
            ),
        };
    }

    /// Where a hashtag leads.
    pub(super) fn tag_url(&self, name: &str) -> String {
        let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
        format!("{}/tags/{name}", self.origin)
    }

    /// Where an account is.
    pub(super) fn account_url(&self, name: &str) -> String {
        format!("{}/@{name}", self.origin)
    }

    fn mention(&self, name: &str, domain: Option<&str>, html: &mut String) {
        let Some(known) = self.local(name, domain) else {
            let _ = write!(html, "@{name}");
            let _ = domain.map(|domain| write!(html, "@{domain}"));
            return;
        };
        let url = self.account_url(known);
        let _ = match self.flavour {
            Flavour::Mastodon46 | Flavour::Mastodon42 => write!(
                html,
                "<span class=\"h-card\" translate=\"no\"><a href=\"{url}\" class=\"u-url mention\">@<span>{known}</span></a></span>"
            ),
            _ => write!(
                html,
                "<span class=\"h-card\"><a class=\"u-url mention\" href=\"{url}\" rel=\"ugc\">@<span>{known}</span></a></span>"
            ),
        };
    }
}

/// Two line breaks and more end a paragraph; one becomes a mark.
fn paragraphs(html: &str, line: &str) -> String {
    let mut paragraphs = String::new();
    let mut rest = html;
    loop {
        let end = rest.find("\n\n").unwrap_or(rest.len());
        let lines: Vec<_> = rest[..end].split('\n').filter(|text| !text.is_empty()).collect();
        let _ = write!(paragraphs, "<p>{}</p>", lines.join(line));
        rest = rest[end..].trim_start_matches('\n');
        if rest.is_empty() {
            return paragraphs;
        }
    }
}

/// As the vendor's templates escape.
pub(super) fn escape(text: &str, html: &mut String) {
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

    fn shown(flavour: Flavour, text: &str) -> String {
        let is_known = |name: &str| name == "ada";
        Place { origin: "http://stand.in", flavour, is_known: &is_known }.content(text)
    }

    #[test]
    fn mastodon_makes_paragraphs_and_escapes() {
        assert_eq!(
            shown(Flavour::Mastodon46, "Fish & \"chips\" <3\nit's :bread:\r\n\r\n\r\nNo. 2"),
            "<p>Fish &amp; &quot;chips&quot; &lt;3<br />it&#39;s :bread:</p><p>No. 2</p>"
        );
    }

    // https://docs.joinmastodon.org/api/guidelines/#links
    #[test]
    fn mastodon_shortens_links_for_the_eye() {
        assert_eq!(
            shown(Flavour::Mastodon46, "https://www.example.org/a?b=1&c=2"),
            "<p><a href=\"https://www.example.org/a?b=1&amp;c=2\" target=\"_blank\" \
             rel=\"nofollow noopener\" translate=\"no\"><span class=\"invisible\">https://www.</span>\
             <span class=\"\">example.org/a?b=1&amp;c=2</span><span class=\"invisible\"></span></a></p>"
        );
        let long = shown(Flavour::Mastodon42, "https://prepitaph.org/wip/web-devspair/");
        assert!(long.contains("<span class=\"ellipsis\">prepitaph.org/wip/web-devspair</span><span class=\"invisible\">/</span>"), "{long}");
        let long = shown(Flavour::Mastodon46, "https://prepitaph.org/wip/web-devspair/");
        assert!(long.contains("<span class=\"\">prepitaph.org/wip/web-devspair/</span>"), "{long}");
    }

    #[test]
    fn who_is_known_is_mentioned_and_who_is_not_stays_text() {
        assert_eq!(
            shown(Flavour::Mastodon46, "@ada @ada@stand.in @noor@bread.example #Bread"),
            "<p><span class=\"h-card\" translate=\"no\"><a href=\"http://stand.in/@ada\" \
             class=\"u-url mention\">@<span>ada</span></a></span> <span class=\"h-card\" \
             translate=\"no\"><a href=\"http://stand.in/@ada\" class=\"u-url mention\">@<span>ada</span>\
             </a></span> @noor@bread.example <a href=\"http://stand.in/tags/Bread\" \
             class=\"mention hashtag\" rel=\"tag\">#<span>Bread</span></a></p>"
        );
    }
}
