//! What somebody holds to prove who they are: random texts of which only the
//! hash is kept.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bellwether_base::{Rng, Secret};
use sha2::{Digest as _, Sha256};

/// What API tokens begin with, so that scanners for leaked secrets find them.
pub const TOKEN_PREFIX: &str = "bw_";

/// Characters of an API token that are shown, so that people tell tokens apart.
pub const SHOWN: usize = 9;

/// `prefix` and 43 characters of base64url: 256 random bits. Too many to guess,
/// which is why a plain SHA-256 is enough to keep them by.
pub fn generate(rng: &dyn Rng, prefix: &str) -> Secret {
    let mut bytes = [0; 32];
    rng.fill(&mut bytes);
    Secret::new(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes)))
}

/// By which it is found again.
pub fn digest(text: &str) -> Vec<u8> {
    Sha256::digest(text).to_vec()
}
