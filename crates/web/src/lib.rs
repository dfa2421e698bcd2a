//! What people and API clients see: pages, and the API beside them.
//!
//! A handler takes what it needs out of the request, calls one use case of
//! `bellwether_app`, and shows a page. Permission is checked there, not here.

pub mod api;
pub mod assets;
mod calls;
mod channels;
mod cookies;
mod errors;
mod events;
mod form;
pub mod locale;
mod media;
mod page;
mod people;
mod posts;
mod preferences;
mod publishing;
mod security;
mod session;
mod style;
#[cfg(test)]
mod tests;
pub mod urls;
#[cfg(test)]
mod views;
mod workspaces;

use std::sync::Arc;

use axum::extract::FromRef;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use axum::{Extension, Router};
use bellwether_app::App;
use bellwether_base::Clock;
use tokio_util::sync::CancellationToken;
use tower_http::compression::CompressionLayer;
use url::Url;

/// How the web floor behaves.
#[derive(Debug, Clone)]
pub struct WebConfig {
    /// How people reach it.
    pub public_url: Url,
}

impl WebConfig {
    /// Whether cookies travel over TLS only.
    pub fn secure_cookies(&self) -> bool {
        self.public_url.scheme() == "https"
    }
}

/// Marks a request that came over the socket in the data folder: whoever can
/// open that has the machine.
#[derive(Debug, Clone, Copy)]
pub struct Operator;

/// What answers need that have nothing to do with the product: how this
/// installation is reached, and what time it is.
pub(crate) struct Outside {
    pub config: WebConfig,
    pub clock: Arc<dyn Clock>,
}

/// What pages of the product are handed.
#[derive(Clone)]
pub(crate) struct Web {
    pub app: App,
    pub outside: Arc<Outside>,
    /// Streams end when it is cancelled.
    pub stop: CancellationToken,
}

impl FromRef<Web> for Arc<Outside> {
    fn from_ref(web: &Web) -> Self {
        Arc::clone(&web.outside)
    }
}

impl FromRef<Web> for App {
    fn from_ref(web: &Web) -> Self {
        web.app.clone()
    }
}

/// All pages and the API.
pub fn router(app: App, config: WebConfig) -> Router {
    router_until(app, config, CancellationToken::new())
}

/// The same; streams of events end when `stop` is cancelled, so that a server
/// that waits for its requests can stop.
pub fn router_until(app: App, config: WebConfig, stop: CancellationToken) -> Router {
    let outside = Arc::new(Outside { config, clock: Arc::clone(&app.clock) });
    let web = Web { app, outside: Arc::clone(&outside), stop };
    let pages = Router::new()
        .route(urls::Events::ROUTE, get(events::stream))
        .merge(people::routes())
        .merge(workspaces::routes())
        .merge(channels::routes())
        .merge(media::routes())
        .merge(posts::routes())
        .merge(publishing::routes())
        .merge(api::routes(&web))
        .with_state(web);
    dressed(open_pages().with_state(Arc::clone(&outside)).merge(pages), &outside)
}

/// The same, for whoever has the machine.
pub fn for_operator(router: Router) -> Router {
    router.layer(Extension(Operator))
}

/// Pages that need no product behind them.
fn open_pages() -> Router<Arc<Outside>> {
    Router::new()
        .route(urls::Asset::ROUTE, get(assets::serve))
        .route(urls::Style::ROUTE, get(style::page))
        .merge(preferences::routes())
}

/// Puts around `router` what every answer needs.
fn dressed(router: Router, outside: &Arc<Outside>) -> Router {
    router
        .layer(security::same_site(&outside.config.public_url))
        .layer(from_fn(security::no_zero))
        .layer(from_fn_with_state(Arc::clone(outside), errors::dress))
        .layer(from_fn_with_state(Arc::clone(outside), security::guard))
        .layer(CompressionLayer::new())
}
