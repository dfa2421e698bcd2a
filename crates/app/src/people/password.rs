//! Hashing of passwords: slow on purpose, so bounded on purpose.

use argon2::Argon2;
use argon2::password_hash::{Error as HashError, PasswordHasher as _, PasswordVerifier};
use bellwether_base::{Rng, Secret};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{Error, Result};

/// Hashes under way at once in this process. Each takes 19 MiB and a core for
/// some 40 ms; whoever comes while all are taken waits.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// A hash that no password has, with the parameters of all others: verified
/// for people who do not exist, so that the answer takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Argon2id as OWASP's password storage cheat sheet asks for it: 19 MiB, two
/// passes, one lane. The crate's default, which a test holds it to.
fn argon2() -> Argon2<'static> {
    Argon2::default()
}

/// The hash of `password` in PHC form, with a new salt.
pub async fn hash(rng: &dyn Rng, password: &Secret) -> Result<String> {
    let mut salt = [0; 16];
    rng.fill(&mut salt);
    let password = password.clone();
    aside(move || {
        let hash = argon2().hash_password_with_salt(password.expose().as_bytes(), &salt);
        hash.map(|hash| hash.to_string()).map_err(|error| broken(&error))
    })
    .await
}

/// Whether `password` is the one behind `hash`; without a hash it never is,
/// after as long a time.
pub async fn is_right(password: &Secret, hash: Option<String>) -> Result<bool> {
    let password = password.clone();
    aside(move || {
        let hash = hash.as_deref().unwrap_or(NOBODY);
        match argon2().verify_password(password.expose().as_bytes(), hash) {
            Ok(()) => Ok(true),
            Err(HashError::PasswordInvalid) => Ok(false),
            Err(error) => Err(broken(&error)),
        }
    })
    .await
}

/// Runs `work` where it holds up nobody else. Its permit goes with it: the
/// work goes on when whoever waits for it has gone.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let permit: SemaphorePermit<'static> =
        AT_ONCE.acquire().await.map_err(|error| Error::Internal(error.to_string()))?;
    let done = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(permit);
        done
    });
    done.await.map_err(|error| Error::Internal(error.to_string()))?
}

fn broken(error: &HashError) -> Error {
    Error::Internal(format!("password hash: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::SeededRng;

    #[tokio::test]
    async fn only_the_password_itself_passes() {
        let password = Secret::new("correct horse");
        let stored = hash(&SeededRng::new(1), &password).await.unwrap();
        assert!(is_right(&password, Some(stored.clone())).await.unwrap());
        assert!(!is_right(&Secret::new("Correct horse"), Some(stored.clone())).await.unwrap());
        assert!(!is_right(&password, None).await.unwrap());
        assert!(is_right(&password, Some("plain".into())).await.is_err());
        let salted_again = hash(&SeededRng::new(2), &password).await.unwrap();
        assert_ne!(stored, salted_again);
    }

    #[tokio::test]
    async fn nobodys_hash_costs_what_everybodys_does() {
        let stored = hash(&SeededRng::new(1), &Secret::new("correct horse")).await.unwrap();
        let parameters = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(parameters(&stored), "$argon2id$v=19$m=19456,t=2,p=1");
        assert_eq!(parameters(NOBODY), parameters(&stored));
        assert_eq!(NOBODY.len(), stored.len());
    }
}
