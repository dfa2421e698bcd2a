//! Sessions of the plain network.

use std::sync::Arc;

use bellwether_base::{Clock as _, SystemClock};
use serde_json::{Value, json};

use super::call::Refused;
use super::state::Account;
use super::{Plain, Tokens};
use crate::standin::token::{BadToken, random_name};
use crate::standin::{Answer, Request, What};

const ACCESS: &str = "access";

/// A new pair, entered.
pub(super) fn open(plain: &Plain, account: &Account) -> Tokens {
    let mut state = account.state();
    let life = i64::try_from(plain.settings.access_life.as_secs()).unwrap_or(i64::MAX / 2);
    let claims = json!({"sub": &*account.name, "exp": now() + life, "age": state.age});
    let refresh = format!("{}.{}", account.name, random_name());
    state.refreshes.insert(refresh.clone());
    Tokens { access: plain.signer.issue(ACCESS, &claims), refresh }
}

fn now() -> i64 {
    SystemClock.now().millis() / 1000
}

fn pair(plain: &Plain, account: &Account) -> Answer {
    let Tokens { access, refresh } = open(plain, account);
    let seconds = plain.settings.access_life.as_secs();
    Answer::json(
        200,
        &json!({"access_token": access, "refresh_token": refresh, "expires_in": seconds}),
    )
}

pub(super) fn login(plain: &Plain, request: &Request, body: &Value) -> Result<Answer, Refused> {
    let account = plain.find_account(body["account"].as_str().unwrap_or_default());
    let Some(account) = account.filter(|account| body["password"] == account.password) else {
        return Err(Refused::new(401, "login_refused", "no such account and password"));
    };
    plain.ledger.happened(&account.name, Some(request.number), What::LoggedIn);
    Ok(pair(plain, &account))
}

pub(super) fn refresh(plain: &Plain, request: &Request, body: &Value) -> Result<Answer, Refused> {
    let used = body["refresh_token"].as_str().unwrap_or_default();
    let account = used.split_once('.').and_then(|(name, _)| plain.find_account(name));
    let Some(account) = account.filter(|account| account.state().refreshes.remove(used)) else {
        return Err(Refused::new(
            401,
            "refresh_refused",
            "the refresh token is unknown or was used",
        ));
    };
    plain.ledger.happened(&account.name, Some(request.number), What::Refreshed);
    Ok(pair(plain, &account))
}

/// The account of this name, if the caller's token is good and for it.
pub(super) fn authorize(
    plain: &Plain,
    request: &Request,
    name: &str,
) -> Result<Arc<Account>, Refused> {
    let refused = |error, message| Refused::new(401, error, message);
    let Some(token) = request.head.bearer() else {
        return Err(refused("token_missing", "a bearer token is needed"));
    };
    let claims = plain.signer.verify(token, ACCESS, now()).map_err(|bad| match bad {
        BadToken::Expired => refused("token_expired", "the token has expired"),
        BadToken::Forged => refused("token_invalid", "the token is not one of ours"),
    })?;
    let Some(account) = plain.find_account(name) else {
        return Err(Refused::new(404, "account_unknown", "there is no such account"));
    };
    if claims["sub"] != *name {
        return Err(Refused::new(403, "not_yours", "the token is for another account"));
    }
    if claims["age"].as_u64() < Some(account.state().age) {
        return Err(refused("token_expired", "the token has expired"));
    }
    Ok(account)
}
