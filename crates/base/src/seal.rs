//! Secrets at rest: XChaCha20-Poly1305 under a key that is named beside the
//! ciphertext, so that keys can be rotated while old rows stay readable.
//!
//! Shape of the bytes: 8 bytes key id, 24 bytes nonce, ciphertext with its
//! 16-byte tag. The context (which row and which column) is authenticated but
//! not stored: a sealed value that is copied to another row does not open.

use std::fmt;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use sha2::{Digest as _, Sha256};

use crate::{Rng, Secret};

const ID: usize = 8;
const NONCE: usize = 24;

/// What is stored.
pub type Sealed = Vec<u8>;

/// Why a sealed value did not open.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The key that sealed it is not on the ring.
    #[error("sealed with key {0}, which is not among the configured keys")]
    UnknownKey(String),
    /// The bytes were changed, cut, or belong to another row.
    #[error("the sealed value is damaged or belongs to another place")]
    Damaged,
    /// A key's text is not 64 hexadecimal digits.
    #[error("a sealing key is 64 hexadecimal digits")]
    MalformedKey,
}

/// One 256-bit key.
#[derive(Clone)]
pub struct SealKey([u8; 32]);

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealKey({})", hex::encode(self.id()))
    }
}

impl SealKey {
    /// A new random key.
    pub fn generate(rng: &dyn Rng) -> Self {
        let mut key = [0; 32];
        rng.fill(&mut key);
        Self(key)
    }

    /// From 64 hexadecimal digits; white space around them is ignored.
    pub fn parse(text: &str) -> Result<Self, SealError> {
        let mut key = [0; 32];
        hex::decode_to_slice(text.trim(), &mut key).map_err(|_| SealError::MalformedKey)?;
        Ok(Self(key))
    }

    /// The 64 hexadecimal digits, for writing the key file.
    pub fn to_secret(&self) -> Secret {
        Secret::new(hex::encode(self.0))
    }

    /// The first bytes of the key's SHA-256: names it without telling it.
    fn id(&self) -> [u8; ID] {
        let digest = Sha256::digest(self.0);
        let mut id = [0; ID];
        id.copy_from_slice(&digest[..ID]);
        id
    }
}

/// The keys of an installation: the first seals, all open.
#[derive(Debug, Clone)]
pub struct Keyring {
    current: SealKey,
    older: Vec<SealKey>,
}

impl Keyring {
    /// A ring that seals with `current` and still opens what `older` sealed.
    pub fn new(current: SealKey, older: Vec<SealKey>) -> Self {
        Self { current, older }
    }

    /// Seals `plain` for the place that `context` names.
    #[expect(clippy::expect_used, reason = "encrypting in memory fails only beyond 256 GiB")]
    pub fn seal(&self, rng: &dyn Rng, context: &str, plain: &[u8]) -> Sealed {
        let mut nonce = [0; NONCE];
        rng.fill(&mut nonce);
        let payload = Payload { msg: plain, aad: context.as_bytes() };
        let ciphertext = XChaCha20Poly1305::new(&Key::from(self.current.0))
            .encrypt(&XNonce::from(nonce), payload)
            .expect("the value fits in memory");
        [&self.current.id()[..], &nonce, &ciphertext].concat()
    }

    /// Opens what was sealed for the same `context`.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (id, rest) = sealed.split_at_checked(ID).ok_or(SealError::Damaged)?;
        let (nonce, ciphertext) = rest.split_at_checked(NONCE).ok_or(SealError::Damaged)?;
        let key = std::iter::once(&self.current)
            .chain(&self.older)
            .find(|key| key.id() == id)
            .ok_or_else(|| SealError::UnknownKey(hex::encode(id)))?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| SealError::Damaged)?;
        XChaCha20Poly1305::new(&Key::from(key.0))
            .decrypt(&XNonce::from(nonce), Payload { msg: ciphertext, aad: context.as_bytes() })
            .map_err(|_| SealError::Damaged)
    }

    /// Whether `sealed` was sealed with the current key.
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        sealed.starts_with(&self.current.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemRng;

    #[test]
    fn opens_only_where_it_was_sealed_for() {
        let ring = Keyring::new(SealKey::generate(&SystemRng), vec![]);
        let sealed = ring.seal(&SystemRng, "channels/1", b"token");
        assert_eq!(ring.open("channels/1", &sealed).as_deref(), Ok(&b"token"[..]));
        assert_eq!(ring.open("channels/2", &sealed), Err(SealError::Damaged));
        let mut bent = sealed.clone();
        *bent.last_mut().unwrap() ^= 1;
        assert_eq!(ring.open("channels/1", &bent), Err(SealError::Damaged));
        for cut in 0..sealed.len() {
            assert!(ring.open("channels/1", &sealed[..cut]).is_err());
        }
    }

    #[test]
    fn an_older_key_still_opens_and_a_lost_one_is_named() {
        let (old, new) = (SealKey::generate(&SystemRng), SealKey::generate(&SystemRng));
        let sealed = Keyring::new(old.clone(), vec![]).seal(&SystemRng, "c", b"x");
        let rotated = Keyring::new(new.clone(), vec![old]);
        assert_eq!(rotated.open("c", &sealed).as_deref(), Ok(&b"x"[..]));
        assert!(!rotated.is_current(&sealed));
        assert!(rotated.is_current(&rotated.seal(&SystemRng, "c", b"x")));
        assert!(matches!(
            Keyring::new(new, vec![]).open("c", &sealed),
            Err(SealError::UnknownKey(_))
        ));
    }

    #[test]
    fn a_key_survives_its_file() {
        let key = SealKey::generate(&SystemRng);
        let text = format!("{}\n", key.to_secret().expose());
        assert_eq!(SealKey::parse(&text).unwrap().0, key.0);
        assert_eq!(SealKey::parse("short").err(), Some(SealError::MalformedKey));
    }
}
