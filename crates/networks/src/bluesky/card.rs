//! Link cards: the network shows what the author's program found on the page.

use bytes::Bytes;
use url::Url;

use super::plan::Card;
use crate::Cx;

/// The card of the page at `address`. A page that cannot be read gets a card
/// with its host's name.
pub(super) async fn fetch(_cx: &Cx<'_>, address: &str) -> Card {
    bare(address)
}

fn bare(address: &str) -> Card {
    let title = address
        .parse::<Url>()
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_else(|| address.to_owned());
    Card { uri: address.to_owned(), title, description: String::new(), image: None }
}

/// The picture of a card, made to fit; nothing if it cannot be had.
pub(super) async fn thumb(_cx: &Cx<'_>, _image: &Url) -> Option<(Bytes, &'static str)> {
    None
}
