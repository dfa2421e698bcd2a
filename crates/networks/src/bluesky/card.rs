//! Link cards: this network shows what the author's program found on the page.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use scraper::{Html, Selector};
use unicode_segmentation::UnicodeSegmentation as _;
use url::Url;

use super::plan::Card;
use crate::http::Request;
use crate::image::Fitted;
use crate::{Http, ImageRule};

/// Pages are read up to here.
const MAX_PAGE: usize = 4 << 20;
/// Pictures are fetched up to here.
const MAX_PICTURE: usize = 16 << 20;
/// Graphemes of a headline.
const MAX_TITLE: usize = 300;
/// Graphemes of a description.
const MAX_DESCRIPTION: usize = 1000;
/// What the lexicon allows for a card's picture, and a size that fills it well.
const THUMB: ImageRule = ImageRule { max_bytes: 1_000_000, max_side: 1200 };

/// All pages of a thread are read within this time.
pub(super) const READ_WITHIN: Duration = Duration::from_secs(10);

/// The card of the page at `address`. A page that cannot be read by then gets
/// a card with its host's name: the post matters more than its card.
pub(super) async fn fetch(http: &Http, address: &str, read_by: tokio::time::Instant) -> Card {
    let page = match address.parse::<Url>() {
        Ok(url) => tokio::time::timeout_at(read_by, page(http, url)).await.unwrap_or_default(),
        Err(_) => None,
    };
    let found = page.map(|(url, html)| read(&url, &html)).unwrap_or_default();
    Card {
        uri: address.to_owned(),
        title: found.title.unwrap_or_else(|| host(address)),
        description: found.description.unwrap_or_default(),
        image: found.image,
    }
}

/// The picture of a card, made to fit; nothing if it cannot be had in time.
pub(super) async fn thumb(http: &Http, image: &Url, within: Duration) -> Option<Fitted> {
    tokio::time::timeout(within, picture(http, image)).await.unwrap_or_default()
}

async fn picture(http: &Http, image: &Url) -> Option<Fitted> {
    let request = Request::get(image.clone())
        .header(ACCEPT, "image/jpeg, image/png, image/webp, image/gif;q=0.8, */*;q=0.1")
        .max_answer(MAX_PICTURE);
    let response = http.read(request).await.ok()?;
    if !response.status.is_success() {
        return None;
    }
    crate::picture::fitted(response.body, THUMB).await.ok()
}

async fn page(http: &Http, url: Url) -> Option<(Url, Bytes)> {
    let request =
        Request::get(url).header(ACCEPT, "text/html, application/xhtml+xml").max_answer(MAX_PAGE);
    let response = http.read(request).await.ok()?;
    let kind = response.header(CONTENT_TYPE).unwrap_or("text/html").to_ascii_lowercase();
    let is_page = response.status.is_success() && kind.contains("html");
    is_page.then_some((response.url, response.body))
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    title: Option<String>,
    description: Option<String>,
    image: Option<Url>,
}

/// What the head of a page says about it.
fn read(url: &Url, page: &[u8]) -> Found {
    let end = page.windows(7).position(|seven| seven.eq_ignore_ascii_case(b"</head>"));
    let html = Html::parse_document(&String::from_utf8_lossy(&page[..end.unwrap_or(page.len())]));
    let meta = |names: &[&str], longest| {
        names.iter().find_map(|name| {
            let selector = format!(r#"meta[property="{name}"], meta[name="{name}"]"#);
            let selector = Selector::parse(&selector).ok()?;
            html.select(&selector).find_map(|tag| tidy(tag.value().attr("content")?, longest))
        })
    };
    let title_tag = || {
        let selector = Selector::parse("title").ok()?;
        let title: String = html.select(&selector).next()?.text().collect();
        tidy(&title, MAX_TITLE)
    };
    let image =
        ["og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"];
    Found {
        title: meta(&["og:title", "twitter:title"], MAX_TITLE).or_else(title_tag),
        description: meta(
            &["og:description", "twitter:description", "description"],
            MAX_DESCRIPTION,
        ),
        image: meta(&image, usize::MAX)
            .and_then(|image| url.join(&image).ok())
            .filter(|image| matches!(image.scheme(), "http" | "https")),
    }
}

/// One line without doubled spaces, not too long. Nothing if nothing is left,
/// or if it was written in an encoding that we did not understand.
fn tidy(text: &str, longest: usize) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() || line.contains('\u{fffd}') {
        return None;
    }
    match line.grapheme_indices(true).nth(longest) {
        Some((end, _)) => Some(format!("{}…", line[..end].trim_end())),
        None => Some(line),
    }
}

fn host(address: &str) -> String {
    let host = address.parse::<Url>().ok().and_then(|url| url.host_str().map(str::to_owned));
    match host {
        Some(host) => host.strip_prefix("www.").map(str::to_owned).unwrap_or(host),
        None => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use async_trait::async_trait;

    use super::*;
    use crate::Permit;
    use crate::http::{HttpError, Response, Transport};

    /// A server that takes every request and never answers.
    struct Silent;

    #[async_trait]
    impl Transport for Silent {
        async fn send(&self, _: Request, _: Option<&Permit>) -> Result<Response, HttpError> {
            std::future::pending().await
        }
    }

    #[tokio::test]
    async fn pages_that_do_not_answer_hold_up_no_post() {
        let http = Http::over(Arc::new(Silent));
        let read_by = tokio::time::Instant::now() + Duration::from_millis(50);
        for address in ["https://www.example.com/a", "https://www.example.com/b"] {
            let card = fetch(&http, address, read_by).await;
            assert_eq!((card.title.as_str(), card.uri.as_str()), ("example.com", address));
            assert!(card.image.is_none());
        }
        let image = "https://www.example.com/a.png".parse().expect("an address");
        assert!(thumb(&http, &image, Duration::from_millis(50)).await.is_none());
    }

    fn at(page: &str) -> Found {
        read(&"https://example.com/news/today?x=1".parse().expect("an address"), page.as_bytes())
    }

    #[test]
    fn a_page_says_what_its_card_shows() {
        let found = at(r#"<!doctype html><html><head><title>Not this</title>
            <meta property="og:title" content="Tom &amp; Jerry&#39;s
              day">
            <meta name="description" content="not this either">
            <meta property="og:description" content="A cat, a mouse.">
            <meta property="og:image" content="/pictures/a b.png">
            </head><body><meta property="og:title" content="a trap"></body>"#);
        assert_eq!(found.title.as_deref(), Some("Tom & Jerry's day"));
        assert_eq!(found.description.as_deref(), Some("A cat, a mouse."));
        assert_eq!(
            found.image.map(String::from),
            Some("https://example.com/pictures/a%20b.png".to_owned())
        );
    }

    #[test]
    fn lesser_tags_stand_in_for_missing_ones() {
        let found = at(r#"<TITLE> Only a title </TITLE><meta name=twitter:image
            content="//cdn.example.net/x.jpg"><meta name="description" content="Said">"#);
        assert_eq!(found.title.as_deref(), Some("Only a title"));
        assert_eq!(found.description.as_deref(), Some("Said"));
        let image = found.image.as_ref().map(Url::as_str);
        assert_eq!(image, Some("https://cdn.example.net/x.jpg"));
    }

    #[test]
    fn what_cannot_be_used_is_left_out() {
        assert_eq!(at(""), Found::default());
        assert_eq!(at("<p>no head at all"), Found::default());
        let found = at(r#"<meta property="og:title" content="   "><meta property="og:image"
            content="data:image/png;base64,AAAA"><title>Still</title>"#);
        assert_eq!(found, Found { title: Some("Still".to_owned()), ..Found::default() });
        let wrong_encoding = b"<title>\x83n\x83\x8d\x81[</title>";
        assert_eq!(
            read(&"https://example.com/".parse().expect("an address"), wrong_encoding),
            Found::default()
        );
        let long = at(&format!("<title>{}</title>", "👩‍🚀 ".repeat(400)));
        assert_eq!(long.title.map(|title| title.graphemes(true).count()), Some(300));
    }
}
