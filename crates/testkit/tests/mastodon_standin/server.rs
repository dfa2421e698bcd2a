//! Accounts on a stand-in, and a reader that looks into its ledger.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bellwether_base::Secret;
use bellwether_networks::mastodon::Mastodon;
use bellwether_networks::{Account, Answer, Failure, Network};
use bellwether_testkit::standin::mastodon::{self as standin, Flavour, Keys, Settings};
use bellwether_testkit::standin::{Faults, Ledger, Server};
use serde_json::{Value, json};
use url::Url;

use crate::contract::{Harness, Member, There, login};
use crate::posts::{Repeat, Told};

/// What the person named the program for which the token is.
const PROGRAM: &str = "Bellwether";
/// As the connector asks for them.
const SCOPES: &str = "read write";

/// A server with accounts.
pub struct Instance {
    pub settings: Settings,
    ledger: Arc<Ledger>,
    pub mastodon: Arc<standin::Mastodon>,
    server: Server,
    http: reqwest::Client,
    made: AtomicU32,
}

impl Instance {
    pub async fn of(settings: Settings) -> Self {
        let ledger = Ledger::new();
        let mastodon = standin::Mastodon::new(settings.clone(), Arc::clone(&ledger));
        let service = Arc::clone(&mastodon);
        let server = Server::start("127.0.0.1:0", service, Arc::clone(&ledger), Faults::none());
        Self {
            settings,
            ledger,
            mastodon,
            server: server.await.unwrap(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            made: AtomicU32::new(0),
        }
    }

    /// Makes an account; gives its name and a token.
    fn account(&self, scopes: &str) -> (String, String) {
        let name = format!("kofi{}", self.made.fetch_add(1, Ordering::Relaxed));
        self.mastodon.add_account(&name);
        let token = self.mastodon.token(&name, PROGRAM, scopes).unwrap();
        (name, token)
    }

    /// Makes an account and connects it, if a token of these scopes will do.
    pub async fn try_member(&self, scopes: &str) -> Result<Member, Failure> {
        let (name, token) = self.account(scopes);
        let server = self.server();
        let connected = login::log_in(self, &answer(server.as_str(), &token)).await?;
        assert_eq!(connected.handle, format!("{name}@{}", server.authority()));
        Ok(Member {
            account: Account {
                remote_id: connected.remote_id,
                handle: connected.handle,
                server,
                limits: connected.limits,
            },
            credential: connected.credential,
        })
    }

    /// The account's name in the ledger.
    #[expect(clippy::unused_self, reason = "asked of who made it")]
    pub fn name(&self, member: &Member) -> String {
        member.account.handle.split('@').next().unwrap().to_owned()
    }

    pub fn is_mastodon(&self) -> bool {
        matches!(self.settings.flavour, Flavour::Mastodon46 | Flavour::Mastodon42)
    }

    /// What the server says that it takes.
    pub fn told(&self) -> Told {
        let limits = &self.settings.limits;
        let is_mastodon = self.is_mastodon();
        Told {
            characters: u32::try_from(limits.characters).unwrap(),
            pictures: u32::try_from(limits.media).unwrap(),
            picture_bytes: limits.image_bytes as u64,
            software: match self.settings.flavour {
                Flavour::Mastodon46 | Flavour::Mastodon42 => "mastodon",
                other => other.name(),
            },
            link: is_mastodon.then(|| u32::try_from(limits.link_characters).unwrap()),
            quotes: self.settings.offers_quotes,
            resends: is_mastodon,
            repeat: match self.settings.keys {
                Keys::Honoured { .. } | Keys::Replayed { .. } => Repeat::Same,
                Keys::FailsOnRepeat { .. } | Keys::Refused { .. } => Repeat::Doubt,
                Keys::Ignored => Repeat::Another,
            },
        }
    }

    async fn call(&self, member: &Member, request: reqwest::RequestBuilder) -> Value {
        let token = &self.secrets(&member.credential)[0];
        request.bearer_auth(token).send().await.unwrap().json().await.unwrap()
    }

    /// A raw call that posts, as the member.
    pub async fn post(&self, member: &Member, body: &Value) -> Value {
        let url = self.server().join("/api/v1/statuses").unwrap();
        self.call(member, self.http.post(url).json(body)).await
    }

    /// Everything the member has published, whole, oldest first.
    pub async fn statuses(&self, member: &Member) -> Vec<Value> {
        let mut all = Vec::new();
        for There { id, .. } in self.posts(member).await {
            let url = self.server().join(&format!("/api/v1/statuses/{id}")).unwrap();
            all.push(self.call(member, self.http.get(url)).await);
        }
        all
    }
}

fn answer(server: &str, token: &str) -> Answer {
    let fields = [("server", server), ("token", token)];
    Answer(fields.map(|(name, text)| (name.to_owned(), Secret::new(text))).into())
}

#[async_trait]
impl Harness for Instance {
    fn network(&self) -> &'static dyn Network {
        &Mastodon
    }

    fn server(&self) -> Url {
        self.server.url()
    }

    async fn member(&self) -> Member {
        self.try_member(SCOPES).await.expect("connects")
    }

    async fn posts(&self, member: &Member) -> Vec<There> {
        let posts = self.ledger.posts(&self.name(member));
        let left = posts.iter().filter(|post| post.deleted().is_none());
        left.map(|post| There { id: post.id.clone(), text: post.text.clone() }).collect()
    }

    fn expired(&self, _: &Member) -> Option<Secret> {
        None
    }

    fn forged(&self, _: &Member) -> Secret {
        Secret::new(json!({"token": "a-token-of-nobody"}).to_string())
    }

    fn secrets(&self, credential: &Secret) -> Vec<String> {
        let credential: Value = serde_json::from_str(credential.expose()).unwrap();
        vec![credential["token"].as_str().unwrap().to_owned()]
    }

    async fn login(&self, server: &str, password: Option<&str>) -> Answer {
        let resident = self.account(SCOPES).1;
        answer(server, password.unwrap_or(&resident))
    }

    fn renews(&self) -> bool {
        false
    }

    fn settles(&self) -> Duration {
        self.settings.list_lag
    }
}
