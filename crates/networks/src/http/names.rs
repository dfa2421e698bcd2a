//! Names become addresses here, and only vetted ones leave: the connection is
//! made to what was checked, so a name cannot point elsewhere in between.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::Trouble;
use super::address::{Guard, IN_THE_CLEAR, Place};

/// A name that leads nowhere we go.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{detail}")]
pub(super) struct Unusable {
    pub(super) trouble: Trouble,
    pub(super) detail: String,
}

/// What turns a name into addresses.
#[async_trait]
pub(super) trait Lookup: Send + Sync + 'static {
    async fn lookup(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// The operating system's resolver.
pub(super) struct SystemLookup;

#[async_trait]
impl Lookup for SystemLookup {
    async fn lookup(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect())
    }
}

/// Resolves names and lets through what the guard allows.
pub(super) struct Vetted {
    pub(super) lookup: Arc<dyn Lookup>,
    pub(super) guard: Guard,
    /// Only into ranges that the operator opened: for credentials that travel
    /// in the clear.
    pub(super) only_opened: bool,
}

impl Resolve for Vetted {
    fn resolve(&self, name: Name) -> Resolving {
        let (lookup, guard, only_opened) =
            (self.lookup.clone(), self.guard.clone(), self.only_opened);
        Box::pin(async move {
            let found = lookup.lookup(name.as_str()).await.map_err(|error| failed(&error))?;
            Ok(vet(&guard, only_opened, found)?)
        })
    }
}

fn vet(guard: &Guard, only_opened: bool, found: Vec<IpAddr>) -> Result<Addrs, Unusable> {
    let unusable = |trouble, detail: &str| Err(Unusable { trouble, detail: detail.to_owned() });
    if found.is_empty() {
        return unusable(Trouble::NoSuchHost, "the name has no address");
    }
    let allowed: Vec<(IpAddr, Place)> = found
        .into_iter()
        .map(|address| (address, guard.place(address)))
        .filter(|(_, place)| *place != Place::Refused)
        .collect();
    if allowed.is_empty() {
        return unusable(Trouble::Private, "the name leads into a private network");
    }
    let vetted: Vec<SocketAddr> = allowed
        .into_iter()
        .filter(|(_, place)| !only_opened || *place == Place::Opened)
        .map(|(address, _)| SocketAddr::new(address, 0))
        .collect();
    if vetted.is_empty() {
        return unusable(Trouble::BadAddress, IN_THE_CLEAR);
    }
    Ok(Box::new(vetted.into_iter()))
}

/// A resolver that cannot be reached is no proof that the host does not
/// exist. The standard library tells the two apart in words only.
fn failed(error: &io::Error) -> Unusable {
    let words = error.to_string();
    let passing = ["emporary failure", "ry again", "imed out", "on-recoverable failure"]
        .iter()
        .any(|sign| words.contains(sign))
        || error.raw_os_error().is_some();
    let trouble = if passing { Trouble::NoConnection } else { Trouble::NoSuchHost };
    Unusable { trouble, detail: words }
}
