//! Who asks.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use bellwether_app::Caller;
use bellwether_base::Say;

use crate::Web;
use crate::errors::Trouble;
use crate::session::ApiCaller;

/// Who asks: by a token, with a browser's session, or as the operator of this
/// machine.
#[derive(Debug, Clone)]
pub(crate) struct Asker(pub Caller);

impl FromRequestParts<Web> for Asker {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Trouble> {
        // Found out once for a request, whoever needs it first.
        if let Some(asker) = parts.extensions.get::<Self>() {
            return Ok(asker.clone());
        }
        let found = ApiCaller::from_request_parts(parts, web).await;
        let ApiCaller(caller) = found.map_err(|trouble| {
            if trouble.status != StatusCode::UNAUTHORIZED {
                return trouble;
            }
            let has_token = parts.headers.contains_key(AUTHORIZATION);
            let say = if has_token {
                Say::new("api-token-not-good")
            } else {
                Say::new("api-token-missing")
            };
            Trouble { detail: Some(say), ..trouble }
        })?;
        let asker = Self(caller);
        parts.extensions.insert(asker.clone());
        Ok(asker)
    }
}
