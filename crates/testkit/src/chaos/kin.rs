//! Stand-ins for Mastodon and a server of its kin, with a token for whoever
//! wants to connect.

use std::sync::Arc;
use std::time::Duration;

use super::site::Outlet;
use crate::quick_mastodon;
use crate::standin::mastodon::{Flavour, Mastodon, Processing, Settings};
use crate::standin::{Faults, Ledger, Server};

/// One knows keys, the other ignores them.
pub const KIN: [Flavour; 2] = [Flavour::Mastodon46, Flavour::GoToSocial];

/// One server.
struct One {
    network: &'static str,
    mastodon: Arc<Mastodon>,
    server: Server,
}

/// A server of each kind in [`KIN`].
pub struct Kin(Vec<One>);

impl Kin {
    /// Running, without accounts.
    pub async fn start(ledger: &Arc<Ledger>, faults: &Arc<Faults>) -> anyhow::Result<Self> {
        let mut all = Vec::new();
        for flavour in KIN {
            let settings = Settings {
                list_lag: Duration::from_millis(300),
                processing: Processing { looks: 1, fails: false, includes_pictures: true },
                ..Settings::of(flavour)
            };
            let mastodon = Mastodon::new(settings, ledger.clone());
            let server =
                Server::start("127.0.0.1:0", mastodon.clone(), ledger.clone(), faults.clone());
            let network = quick_mastodon::name(flavour);
            all.push(One { network, mastodon, server: server.await? });
        }
        Ok(Self(all))
    }

    fn of(&self, network: &str) -> Option<&One> {
        self.0.iter().find(|one| one.network == network)
    }

    /// Opens an account; tells the server's address and a token.
    pub fn join(&self, network: &str, name: &str) -> Option<(url::Url, String)> {
        let one = self.of(network)?;
        one.mastodon.add_account(name);
        let token = one.mastodon.token(name, "Bellwether", "read write")?;
        Some((one.server.url(), token))
    }

    /// What a person sees in the address bar who looks at a post.
    pub fn address(&self, outlet: &Outlet, id: &str) -> Option<String> {
        let one = self.of(&outlet.network)?;
        Some(format!("{}@{}/{id}", one.server.url(), outlet.account))
    }

    /// Another program posts; tells whether the account is here.
    pub fn plant(&self, outlet: &Outlet, text: &str) -> bool {
        let Some(one) = self.of(&outlet.network) else { return false };
        one.mastodon.plant(&outlet.account, text, "another").is_some()
    }
}
