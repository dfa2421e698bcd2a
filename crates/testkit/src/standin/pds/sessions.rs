//! Sessions opened with an app password, and their tokens.
//!
//! Measured: an access token lives two hours, an expired one is a 400
//! `ExpiredToken`, and removing the app password ends its refresh tokens but
//! not its access tokens.

use std::sync::Arc;

use bellwether_base::{Clock as _, SystemClock};
use serde_json::{Value, json};

use super::account::{Account, Refresh};
use super::lexicon::CREATE_SESSION;
use super::xrpc::{Call, Refused};
use super::{Pds, RefreshReuse};
use crate::standin::token::{BadToken, random_name};
use crate::standin::{Answer, What};

const ACCESS: &str = "at+jwt";
const REFRESH: &str = "refresh+jwt";
const SHORT_INPUT: usize = 150 * 1024;

fn now() -> i64 {
    SystemClock.now().millis() / 1000
}

fn revoked() -> Refused {
    Refused::named("ExpiredToken", "Token has been revoked")
}

/// Whose token it is, if it is good.
pub(super) fn verify(
    pds: &Pds,
    token: &str,
    is_refresh: bool,
) -> Result<(Option<Arc<Account>>, Value), Refused> {
    let expired = || Refused::named("ExpiredToken", "Token has expired");
    let kind = if is_refresh { REFRESH } else { ACCESS };
    let claims = pds.signer.verify(token, kind, now()).map_err(|bad| match bad {
        BadToken::Expired => expired(),
        BadToken::Forged => Refused::named("InvalidToken", "Token could not be verified"),
    })?;
    let account = claims["sub"].as_str().and_then(|did| pds.find_account(did));
    let Some(account) = account else {
        return Err(Refused::new(403, "AccountNotFound", "Account not found"));
    };
    if !is_refresh && claims["age"].as_u64() < Some(account.sessions().age) {
        return Err(expired());
    }
    Ok((Some(account), claims))
}

/// A new pair. The refresh token gets the id `jti` and is not entered yet.
fn pair(pds: &Pds, account: &Account, jti: &str, age: u64) -> (String, String, i64) {
    let now = now();
    let seconds =
        |duration: std::time::Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX / 2);
    let good_until = now + seconds(pds.settings.refresh_life);
    let access = json!({
        "scope": "com.atproto.appPass", "aud": "did:web:localhost", "sub": &*account.did, "iat": now,
        "exp": now + seconds(pds.settings.access_life), "age": age,
    });
    let refresh = json!({
        "scope": "com.atproto.refresh", "aud": "did:web:localhost", "sub": &*account.did, "jti": jti,
        "iat": now, "exp": good_until,
    });
    (pds.signer.issue(ACCESS, &access), pds.signer.issue(REFRESH, &refresh), good_until)
}

fn session(pds: &Pds, call: &Call<'_>, account: &Account) -> Value {
    let mut body = json!({
        "did": &*account.did,
        "handle": account.handle,
        "email": format!("{}@example.org", account.handle),
        "emailConfirmed": true,
        "active": true,
    });
    if pds.settings.tells_document {
        body["didDoc"] = account.document(&super::origin(call.request));
    }
    body
}

pub(super) fn create_session(pds: &Pds, call: &Call<'_>) -> Result<Answer, Refused> {
    let input = call.input(&CREATE_SESSION, SHORT_INPUT)?;
    let identifier = input.text("identifier").to_lowercase();
    if let Some(limits) = pds.settings.limits {
        for (name, rate) in [("login-day", limits.login_day), ("login", limits.login)] {
            call.spend(name, &identifier, rate, 1)?;
        }
    }
    let account = pds.find_account(&identifier);
    let is_known = |account: &Arc<Account>| {
        account.sessions().passwords.iter().any(|password| password == input.text("password"))
    };
    let Some(account) = account.filter(is_known) else {
        return Err(Refused::new(401, "AuthenticationRequired", "Invalid identifier or password"));
    };
    let mut body = session(pds, call, &account);
    let mut sessions = account.sessions();
    let jti = random_name();
    let (access, refresh, good_until) = pair(pds, &account, &jti, sessions.age);
    sessions.refreshes.insert(jti, Refresh { good_until, next: None });
    pds.ledger.happened(&account.did, Some(call.request.number), What::LoggedIn);
    body["accessJwt"] = access.into();
    body["refreshJwt"] = refresh.into();
    Ok(Answer::json(200, &body))
}

pub(super) fn get_session(pds: &Pds, call: &Call<'_>) -> Result<Answer, Refused> {
    Ok(Answer::json(200, &session(pds, call, call.account()?)))
}

pub(super) fn refresh_session(pds: &Pds, call: &Call<'_>) -> Result<Answer, Refused> {
    if !call.request.body.is_empty() || call.request.head.header("transfer-encoding").is_some() {
        return Err(Refused::invalid("A request body was provided when none was expected"));
    }
    let account = call.account()?;
    let used = call.claims["jti"].as_str().unwrap_or_default();
    let mut body = session(pds, call, account);
    let mut sessions = account.sessions();
    let now = now();
    sessions.refreshes.retain(|_, refresh| refresh.good_until > now);
    let Some(held) = sessions.refreshes.get(used).cloned() else { return Err(revoked()) };
    let next = held.next.clone().unwrap_or_else(random_name);
    let (access, refresh, good_until) = pair(pds, account, &next, sessions.age);
    match pds.settings.refresh_reuse {
        RefreshReuse::Never => drop(sessions.refreshes.remove(used)),
        RefreshReuse::Within(grace) => {
            let grace = now + i64::try_from(grace.as_secs()).unwrap_or(i64::MAX / 2);
            let old = Refresh { good_until: held.good_until.min(grace), next: Some(next.clone()) };
            sessions.refreshes.insert(used.to_owned(), old);
        }
    }
    sessions.refreshes.entry(next).or_insert(Refresh { good_until, next: None });
    pds.ledger.happened(&account.did, Some(call.request.number), What::Refreshed);
    body["accessJwt"] = access.into();
    body["refreshJwt"] = refresh.into();
    Ok(Answer::json(200, &body))
}

pub(super) fn delete_session(_: &Pds, call: &Call<'_>) -> Result<Answer, Refused> {
    let used = call.claims["jti"].as_str().unwrap_or_default();
    call.account()?.sessions().refreshes.remove(used);
    Ok(Answer::empty(200))
}
