//! What people and API clients see: pages, and the API beside them.
//!
//! A handler takes what it needs out of the request, calls one use case of
//! `bellwether_app`, and shows a page. Permission is checked there, not here.

pub mod api;
mod channels;
mod media;
mod people;
mod posts;
mod publishing;
mod workspaces;

use axum::Router;
use bellwether_app::App;

/// How the web floor behaves.
pub struct WebConfig {
    /// How people reach it.
    pub public_url: url::Url,
}

/// Marks a request that came over the socket in the data folder: whoever can
/// open that has the machine.
#[derive(Debug, Clone, Copy)]
pub struct Operator;

/// All pages and the API.
pub fn router(app: App, config: WebConfig) -> Router {
    let _ = config.public_url;
    api::router(app)
}

/// The same, for whoever has the machine.
pub fn for_operator(router: Router) -> Router {
    router.layer(axum::Extension(Operator))
}
