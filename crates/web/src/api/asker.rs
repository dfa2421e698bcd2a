//! Who asks.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use bellwether_app::people::token_caller;
use bellwether_app::{App, Caller};

use super::Trouble;
use crate::Operator;


/// Who asks: by a token, or as the operator of this machine.
#[derive(Debug, Clone)]
pub(crate) struct Asker(pub Caller);

impl<S> FromRequestParts<S> for Asker
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Trouble> {
        // Found out once for a request, whoever needs it first.
        if let Some(asker) = parts.extensions.get::<Self>() {
            return Ok(asker.clone());
        }
        let asker = Self(caller(&App::from_ref(state), parts).await?);
        parts.extensions.insert(asker.clone());
        Ok(asker)
    }
}

/// A token that is sent counts before where the request came from, so that it
/// can be tried out on the machine itself.
async fn caller(app: &App, parts: &Parts) -> Result<Caller, Trouble> {
    if let Some(said) = parts.headers.get(AUTHORIZATION) {
        let bearer = said
            .to_str()
            .ok()
            .and_then(|said| said.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim());
        let Some(bearer) = bearer else { return Err(Trouble::who("api-token-malformed")) };
        let caller = token_caller(app, bearer).await?;
        return caller.ok_or_else(|| Trouble::who("api-token-not-good"));
    }
    if parts.extensions.get::<Operator>().is_some() {
        return Ok(Caller::Operator);
    }
    Err(Trouble::who("api-token-missing"))
}
