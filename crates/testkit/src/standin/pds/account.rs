//! Who has an account here, and with which secrets.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::formats::TID_ALPHABET;
use super::repo::Repo;

#[derive(Debug)]
pub(super) struct Account {
    pub(super) did: Arc<str>,
    pub(super) handle: String,
    repo: Mutex<Repo>,
    sessions: Mutex<Sessions>,
}

#[derive(Debug, Default)]
pub(super) struct Sessions {
    /// App passwords that open a session.
    pub(super) passwords: Vec<String>,
    /// Refresh tokens that are good, by their id.
    pub(super) refreshes: HashMap<String, Refresh>,
    /// Access tokens of an earlier age count as expired.
    pub(super) age: u64,
}

/// One refresh token.
#[derive(Debug, Clone)]
pub(super) struct Refresh {
    /// Seconds since the epoch.
    pub(super) good_until: i64,
    /// The id of the one that took its place, once it was used.
    pub(super) next: Option<String>,
}

impl Account {
    pub(super) fn new(handle: &str, app_password: &str) -> Self {
        let sessions = Sessions { passwords: vec![app_password.to_owned()], ..Sessions::default() };
        Self {
            did: did(handle).into(),
            handle: handle.to_owned(),
            repo: Mutex::new(Repo::default()),
            sessions: Mutex::new(sessions),
        }
    }

    pub(super) fn repo(&self) -> MutexGuard<'_, Repo> {
        self.repo.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The document that tells where the account lives.
    pub(super) fn document(&self, origin: &str) -> Value {
        json!({
            "@context": ["https://www.w3.org/ns/did/v1"],
            "id": &*self.did,
            "alsoKnownAs": [format!("at://{}", self.handle)],
            "verificationMethod": [],
            "service": [{
                "id": "#atproto_pds",
                "type": "AtprotoPersonalDataServer",
                "serviceEndpoint": origin,
            }],
        })
    }
}

/// The same handle has the same DID in every run.
fn did(handle: &str) -> String {
    // The alphabet of TIDs holds the characters of base 32, in another order.
    let digest = Sha256::digest(handle.as_bytes());
    let id = digest.iter().take(24).map(|byte| char::from(TID_ALPHABET[usize::from(byte % 32)]));
    format!("did:plc:{}", id.collect::<String>())
}
