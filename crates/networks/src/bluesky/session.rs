//! What is kept of a login, sealed: the app password and the two tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bellwether_base::{Instant, Say, Secret};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::Failure;
use crate::connect::Refreshed;

/// A login. It has no `Debug`: everything in it is secret.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Session {
    /// Where a new session is opened: the server that the person named.
    pub service: Url,
    /// The app password.
    pub password: String,
    /// The bearer token of calls, good for about two hours.
    pub access: String,
    /// The token that is used up for a new pair, good for about 90 days.
    pub refresh: String,
    /// When `access` ends, if it says so.
    pub access_until: Option<Instant>,
    /// When `refresh` ends, if it says so.
    pub refresh_until: Option<Instant>,
}

impl Session {
    /// From a pair of tokens as `createSession` and `refreshSession` answer it.
    pub fn new(service: Url, password: &str, answer: &Value) -> Option<Self> {
        let token = |name| answer.get(name)?.as_str().filter(|token| !token.is_empty());
        let (access, refresh) = (token("accessJwt")?, token("refreshJwt")?);
        Some(Self {
            service,
            password: password.to_owned(),
            access: access.to_owned(),
            refresh: refresh.to_owned(),
            access_until: expiry(access),
            refresh_until: expiry(refresh),
        })
    }

    /// From a stored credential.
    pub fn open(credential: &Secret) -> Result<Self, Failure> {
        serde_json::from_str(credential.expose())
            .map_err(|_| Failure::reconnect(Say::new("login-unreadable")))
    }

    /// As a credential to store.
    pub fn seal(&self) -> Result<Secret, Failure> {
        serde_json::to_string(self)
            .map(Secret::new)
            .map_err(|_| Failure::transient(Say::new("login-unreadable")))
    }

    /// As a renewed credential.
    pub fn refreshed(&self) -> Result<Refreshed, Failure> {
        let credential = self.seal()?;
        Ok(Refreshed { credential, expires_at: self.access_until, login_ends_at: None })
    }
}

/// When a token says that it ends. Nothing is verified: only the server that
/// made it can do that, and nothing but our own waiting depends on it.
fn expiry(token: &str) -> Option<Instant> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?.trim_end_matches('=')).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    Some(Instant::from_millis(claims.get("exp")?.as_i64()?.checked_mul(1000)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_when_it_ends() {
        let token = format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(r#"{"exp":1795346758}"#));
        assert_eq!(expiry(&token), Some(Instant::from_millis(1_795_346_758_000)));
        for odd in ["", "opaque", "a.b.c", "e30.e30.x", "e30.eyJleHAiOiJzb29uIn0.x"] {
            assert_eq!(expiry(odd), None, "{odd}");
        }
    }
}
