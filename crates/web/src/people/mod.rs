//! The doors: set-up, signing in and out, and what scripts hold.

pub(crate) mod api;
mod account;
mod browser_name;
mod set_up;
mod sign_in;
mod team;
mod tokens;

use axum::Router;
use axum::routing::{get, post};

use crate::{Web, urls};

pub use set_up::zones;
#[cfg(test)]
pub use {account::Account, set_up::SetUp, sign_in::SignIn, team::Team, tokens::Tokens};

pub fn routes() -> Router<Web> {
    Router::new()
        .route(urls::SetUp::ROUTE, get(set_up::page).post(set_up::set_up))
        .route(urls::SignIn::ROUTE, get(sign_in::page).post(sign_in::sign_in))
        .route(urls::SignOut::ROUTE, post(sign_in::sign_out))
        .route(urls::Account::ROUTE, get(account::page).post(account::change_password))
        .route(urls::SessionEnd::ROUTE, post(account::end_session))
        .route(urls::OtherSessionsEnd::ROUTE, post(account::end_others))
        .route(urls::Language::ROUTE, post(account::language))
        .route(urls::People::ROUTE, get(team::page).post(team::add))
        .route(urls::PersonRole::ROUTE, post(team::set_role))
        .route(urls::PersonAccess::ROUTE, post(team::set_access))
        .route(urls::Tokens::ROUTE, get(tokens::page).post(tokens::create))
        .route(urls::TokenRevocation::ROUTE, post(tokens::revoke))
}
