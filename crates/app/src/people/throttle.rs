//! Limits on guessing passwords. They hold across processes, because they are
//! kept in the database, and against guesses that come all at once, because a
//! try is written down before it is made.

use std::net::IpAddr;
use std::time::Duration;

use bellwether_base::SessionId;
use bellwether_base::uuid::Uuid;
use bellwether_db::Tx;

use super::{bearer, rules, store};
use crate::{App, Error, Result};

/// One try to prove a password. Whoever has it counts as having failed until
/// they [`succeed`](Self::succeed).
pub struct Try {
    id: Uuid,
    email_key: String,
    address_key: Option<String>,
}

impl Try {
    /// Takes leave for one try, or says how long to wait for it.
    ///
    /// First it is written down and committed, then the others are counted: of
    /// many that come at once each sees those committed before it, so no more
    /// than the limit go through. Those that do not are taken back, so that
    /// knocking does not keep the door shut.
    pub async fn take(app: &App, email: &str, address: Option<IpAddr>) -> Result<Self> {
        let this = Self {
            id: SessionId::new(&*app.clock, &*app.rng).0,
            email_key: email_key(email),
            address_key: address.map(rules::address_key),
        };
        let now = app.now();
        let mut tx = app.db.begin().await?;
        store::tries::delete_before(&mut tx, now - rules::WINDOW).await?;
        for key in this.keys() {
            store::tries::insert(&mut tx, key, this.id, now).await?;
        }
        tx.commit().await?;

        let wait = this.wait(app).await?;
        if wait.is_zero() {
            return Ok(this);
        }
        let mut tx = app.db.begin().await?;
        for key in this.keys() {
            store::tries::delete(&mut tx, key, this.id).await?;
        }
        tx.commit().await?;
        let retry_after = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Err(Error::TooMany { retry_after })
    }

    /// It was the right password: the failures before it are forgotten.
    ///
    /// Not those of the network address, though: somebody with one password
    /// could else go on guessing those of others.
    pub async fn succeed(self, tx: &mut Tx) -> Result<()> {
        store::tries::delete_key(tx, &self.email_key).await?;
        if let Some(key) = &self.address_key {
            store::tries::delete(tx, key, self.id).await?;
        }
        Ok(())
    }

    async fn wait(&self, app: &App) -> Result<Duration> {
        let now = app.now();
        let since = now - rules::WINDOW;
        let mut tx = app.db.read().await?;
        let tries =
            store::tries::others(&mut tx, &self.email_key, self.id, since, rules::TRIES_PER_EMAIL)
                .await?;
        let mut wait = rules::wait_for_email(&tries, now);
        if let Some(key) = &self.address_key {
            let limit = rules::TRIES_PER_ADDRESS;
            let tries = store::tries::others(&mut tx, key, self.id, since, limit).await?;
            wait = wait.max(rules::wait_for_address(&tries, now));
        }
        Ok(wait)
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.email_key.as_str()).chain(self.address_key.as_deref())
    }
}

/// Forgets the failures of an e-mail address: its password is another now.
pub async fn forget(tx: &mut Tx, email: &str) -> Result<()> {
    Ok(store::tries::delete_key(tx, &email_key(email)).await?)
}

/// The address itself is not kept: people also type those of others, and
/// passwords, into that field.
fn email_key(email: &str) -> String {
    let digest = bearer::digest(email);
    format!("email:{}", hex::encode(digest))
}
