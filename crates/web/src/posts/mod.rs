//! Posts: the list, one post with everything that became of it, the composer.

pub(crate) mod api;
mod compose;
mod deeds;
mod draft;
pub mod list;
mod measure;
pub mod post;
mod sent;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::{Web, urls};

pub use deeds::RefusedDeed;
#[cfg(test)]
pub use {compose::Compose, list::Posts, post::PostPage};

pub fn routes() -> Router<Web> {
    Router::new()
        .route(urls::Posts::ROUTE, get(list::page))
        .route(urls::Post::ROUTE, get(post::page))
        .route(urls::PostDeletion::ROUTE, post(post::delete))
        .route(
            urls::Compose::ROUTE,
            // Who stores a file counts what comes, and stops it.
            get(compose::new).post(compose::write).layer(DefaultBodyLimit::disable()),
        )
        .route(
            urls::EditPost::ROUTE,
            get(compose::edit).post(compose::change).layer(DefaultBodyLimit::disable()),
        )
        .route(urls::Measure::ROUTE, post(compose::measure))
}

/// How a post is called where there is room for one line: its first words.
/// Nothing if it has none.
pub fn title(content: &bellwether_app::networks::Content) -> Option<String> {
    let text = &content.parts.first()?.text;
    let line = text.lines().find(|line| !line.trim().is_empty())?.trim();
    let mut short: String = line.chars().take(80).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    Some(short)
}

/// The language that the text of a post is in, if somebody said so.
pub fn language(content: &bellwether_app::networks::Content) -> Option<String> {
    content.languages.first().cloned()
}
