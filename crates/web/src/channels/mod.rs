//! Channels: the list with its health, connecting, taking away.

pub(crate) mod api;
mod connect;
pub mod face;
mod list;

use axum::Router;
use axum::routing::{get, post};

use crate::{Web, urls};

#[cfg(test)]
pub use {connect::Connect, list::Channels};

pub fn routes() -> Router<Web> {
    Router::new()
        .route(urls::Channels::ROUTE, get(list::page))
        .route(urls::ChannelRemoval::ROUTE, post(list::remove))
        .route(urls::Connect::ROUTE, get(connect::begin).post(connect::proceed))
}
