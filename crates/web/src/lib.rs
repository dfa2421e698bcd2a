//! What people and API clients see.

use axum::Router;
use axum::routing::get;
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
    Router::new().route("/healthz", get(|| async { "ok" })).with_state(app)
}

/// The same, for whoever has the machine.
pub fn for_operator(router: Router) -> Router {
    router.layer(axum::Extension(Operator))
}
