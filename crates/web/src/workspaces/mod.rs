//! Brands: where one arrives, and the list of them.

pub(crate) mod api;
mod brands;

use axum::Router;
use axum::response::Response;
use axum::routing::get;

use crate::session::AtWork;
use crate::{Web, urls};

#[cfg(test)]
pub use brands::Brands;

pub fn routes() -> Router<Web> {
    Router::new()
        .route(urls::Home::ROUTE, get(home))
        .route(urls::Brands::ROUTE, get(brands::page).post(brands::create))
}

/// To the posts of the first brand; to the list of brands where there is none.
async fn home(at_work: AtWork) -> Response {
    match at_work.brands.first() {
        Some(brand) => at_work.visitor.go(&urls::Posts::new(brand.id)),
        None => at_work.visitor.go(&urls::Brands::new()),
    }
}
