//! What is kept of a login, sealed: a token that lives until it is taken back.

use bellwether_base::{Say, Secret};
use serde::{Deserialize, Serialize};

use crate::Failure;

/// A login. It has no `Debug`: the token is secret.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Session {
    /// The bearer token of calls.
    pub token: String,
    /// What the server calls the program that the token was made for: it says
    /// so of each post that came from it.
    #[serde(default)]
    pub program: Option<String>,
}

impl Session {
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
}
