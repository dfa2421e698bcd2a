//! Tokens signed as the vendor signs them: JSON web tokens with HS256.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bellwether_base::{Rng as _, SystemRng};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

const BLOCK: usize = 64;

/// Why a token is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadToken {
    Forged,
    Expired,
}

/// Signs and verifies.
#[derive(Debug)]
pub(super) struct Signer {
    key: [u8; BLOCK],
}

impl Signer {
    pub(super) fn new() -> Self {
        let mut key = [0; BLOCK];
        SystemRng.fill(&mut key);
        Self { key }
    }

    fn sign(&self, text: &str) -> String {
        let keyed = |pad: u8| {
            let mut hash = Sha256::new();
            hash.update(self.key.map(|byte| byte ^ pad));
            hash
        };
        let inner = keyed(0x36).chain_update(text).finalize();
        URL_SAFE_NO_PAD.encode(keyed(0x5c).chain_update(inner).finalize())
    }

    /// A token of this type with these claims.
    pub(super) fn issue(&self, kind: &str, claims: &Value) -> String {
        let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"typ":"{kind}","alg":"HS256"}}"#));
        let text = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = self.sign(&text);
        format!("{text}.{signature}")
    }

    /// The claims of a token of this type that is still good at `now`
    /// (seconds since the epoch).
    pub(super) fn verify(&self, token: &str, kind: &str, now: i64) -> Result<Value, BadToken> {
        let (text, signature) = token.rsplit_once('.').ok_or(BadToken::Forged)?;
        if self.sign(text) != signature {
            return Err(BadToken::Forged);
        }
        let header = part(token, 0).ok_or(BadToken::Forged)?;
        let claims = part(token, 1).ok_or(BadToken::Forged)?;
        if header["typ"] != kind {
            return Err(BadToken::Forged);
        }
        match claims["exp"].as_i64() {
            Some(exp) if exp > now => Ok(claims),
            _ => Err(BadToken::Expired),
        }
    }
}

/// The claims of a token, unverified: for the ledger only.
pub(super) fn peek(token: &str) -> Option<Value> {
    part(token, 1)
}

fn part(token: &str, index: usize) -> Option<Value> {
    let part = URL_SAFE_NO_PAD.decode(token.split('.').nth(index)?).ok()?;
    serde_json::from_slice(&part).ok()
}

/// A name nobody can guess, of letters and digits that need no escaping.
pub(super) fn random_name() -> String {
    let mut bytes = [0; 24];
    SystemRng.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_token_is_good_until_its_second_and_only_as_what_it_is() {
        let signer = Signer::new();
        let token = signer.issue("at+jwt", &json!({"sub": "ada", "exp": 100}));
        assert_eq!(signer.verify(&token, "at+jwt", 99).unwrap()["sub"], "ada");
        assert_eq!(signer.verify(&token, "at+jwt", 100), Err(BadToken::Expired));
        assert_eq!(signer.verify(&token, "refresh+jwt", 99), Err(BadToken::Forged));
        assert_eq!(Signer::new().verify(&token, "at+jwt", 99), Err(BadToken::Forged));
        assert_eq!(signer.verify("abc", "at+jwt", 99), Err(BadToken::Forged));
    }

    #[test]
    fn the_signature_is_hmac_as_rfc_4231_has_it() {
        let mut key = [0; BLOCK];
        key[..20].fill(0x0b);
        let signature = URL_SAFE_NO_PAD.decode(Signer { key }.sign("Hi There")).unwrap();
        assert_eq!(signature[..4], [0xb0, 0x34, 0x4c, 0x61]);
    }
}
