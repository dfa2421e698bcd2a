//! Pictures: shown on pages, brought by forms, and for API clients.

pub(crate) mod api;
pub mod arrival;
mod picture;
pub mod shot;

use axum::Router;
use axum::routing::get;

use crate::{Web, urls};

pub fn routes() -> Router<Web> {
    Router::new().route(urls::Picture::ROUTE, get(picture::show))
}
