//! The doors: set-up, signing in and out, and what scripts hold.

pub(crate) mod api;
mod set_up;
mod sign_in;
mod tokens;

use axum::Router;
use axum::routing::{get, post};

use crate::{Web, urls};

pub use set_up::zones;
#[cfg(test)]
pub use {set_up::SetUp, sign_in::SignIn, tokens::Tokens};

pub fn routes() -> Router<Web> {
    Router::new()
        .route(urls::SetUp::ROUTE, get(set_up::page).post(set_up::set_up))
        .route(urls::SignIn::ROUTE, get(sign_in::page).post(sign_in::sign_in))
        .route(urls::SignOut::ROUTE, post(sign_in::sign_out))
        .route(urls::Tokens::ROUTE, get(tokens::page).post(tokens::create))
        .route(urls::TokenRevocation::ROUTE, post(tokens::revoke))
}
