//! A stand-in for a server that speaks the client API of Mastodon.
//!
//! Written from the vendor's documentation (docs.joinmastodon.org) and, where
//! that is silent, from the published source: `PostStatusService`,
//! `StatusLengthValidator`, `TextFormatter`, `rack_attack.rb`, `en.yml`. A
//! [`Flavour`] sets how it behaves; each point of it can be changed in
//! [`Settings`].
//!
//! What it does as the source does, and the documentation does not say:
//!
//! - a repeated key is looked up after the status that is answered, so a
//!   repeated answer to a deleted status is 404, and so is a repeated key whose
//!   status was deleted; what else the body says is not compared;
//! - an edit replaces everything: media and polls that are not sent again go;
//! - a list without replies keeps answers to oneself, so threads are whole;
//! - the same account gets the same token again from the same program;
//! - before 4.4, media that is not there is left out in silence.
//!
//! Where it differs:
//!
//! - one host is all the fediverse: remote accounts are mentioned as text;
//! - what waits for `scheduled_at` never goes out, and cannot be listed;
//! - no streams, notifications, timelines, votes, favourites; a boost only as
//!   the harness plants it;
//! - windows of rates begin with the first call, the vendor's with the clock;
//! - links are found by rules, without the list of top-level domains;
//! - the formatting of Pleroma, GoToSocial and the others is near theirs, not
//!   the same; so are their words for what is wrong;
//! - media is not decoded: it believes first bytes, and work on it is counted
//!   in looks.

mod about;
mod call;
mod draft;
mod entities;
mod html;
mod ids;
mod listing;
mod look;
mod media;
mod oauth;
mod params;
mod pictures;
mod settings;
mod state;
mod statuses;
mod text;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bellwether_base::{Clock as _, SystemClock};
use bytes::Bytes;
use serde_json::json;
use url::{Position, Url};

use self::ids::Mint;
use self::state::{Account, Item, State, Words};
use super::ledger::NewPost;
use super::rates::Buckets;
use super::service::BodyLength;
use super::{Answer, Author, Head, Ledger, Look, Request, Service, What};

pub use settings::{Counting, Flavour, Ids, Keys, Limits, Processing, Rates, Scheduling, Settings};

/// The server.
#[derive(Debug)]
pub struct Mastodon {
    settings: Settings,
    ledger: Arc<Ledger>,
    buckets: Buckets,
    mint: Mint,
    state: Mutex<State>,
}

impl Mastodon {
    /// Without accounts.
    pub fn new(settings: Settings, ledger: Arc<Ledger>) -> Arc<Self> {
        let mut state = State::default();
        state.processing = settings.processing;
        Arc::new(Self {
            settings,
            ledger,
            buckets: Buckets::default(),
            mint: Mint::default(),
            state: Mutex::new(state),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn id(&self) -> String {
        self.mint.next(self.settings.ids, SystemClock.now())
    }

    /// Opens an account and tells its id. In the ledger it goes by its name.
    pub fn add_account(&self, name: &str) -> String {
        let (id, created) = (self.id(), SystemClock.now());
        let account = Account { name: name.into(), id: id.clone(), created, is_silenced: false };
        self.state().accounts.insert(name.to_owned(), account);
        id
    }

    /// A token of this account for a program of this name, without all the
    /// ceremony; none without such an account. Scopes with spaces between them.
    pub fn token(&self, account: &str, app: &str, scopes: &str) -> Option<String> {
        let mut state = self.state();
        let account = state.accounts.get(account)?.name.clone();
        let scopes: Vec<_> = scopes.split(' ').map(ToOwned::to_owned).collect();
        oauth::register_by_hand(&mut state, app, &scopes);
        Some(oauth::open(&mut state, app, (app.to_owned(), None), Some(account), scopes))
    }

    /// Somebody reads the page of consent at this address and says yes as this
    /// account, or no. Tells where that leads; none if it leads nowhere.
    pub fn consent(&self, page: &str, account: Option<&str>) -> Option<String> {
        let mut page = Url::parse(page).ok()?;
        page.query_pairs_mut().append_pair("as", account.unwrap_or_default());
        let host = page[Position::BeforeHost..Position::AfterPort].to_owned();
        let head = Head {
            method: "GET".to_owned(),
            path: page.path().to_owned(),
            query: page.query().unwrap_or_default().to_owned(),
            headers: vec![("host".to_owned(), host)],
            body: BodyLength::Known(0),
            is_kept_alive: false,
        };
        // It changes nothing that the ledger keeps, so its number is nobody's.
        let answer = self.serve(&Request { number: u64::MAX, head, body: Bytes::new() });
        let location = answer.headers.into_iter().find(|(name, _)| *name == "Location");
        location.map(|(_, address)| address)
    }

    /// The account's owner takes every program's permission back.
    pub fn revoke_tokens(&self, account: &str) {
        for token in self.state().tokens.values_mut() {
            if token.account.as_deref() == Some(account) {
                token.is_revoked = true;
            }
        }
    }

    /// Forgets programs without a token, as servers before 4.3 did at times.
    pub fn forget_unused_apps(&self) {
        let state = &mut *self.state();
        let tokens = &state.tokens;
        state.apps.retain(|id, _| tokens.values().any(|token| token.client == *id));
    }

    /// A moderator limits the account: its public posts go out unlisted, and
    /// nobody tells it.
    pub fn silence(&self, account: &str) {
        if let Some(account) = self.state().accounts.get_mut(account) {
            account.is_silenced = true;
        }
    }

    /// How media that is uploaded from now on is worked on.
    pub fn set_processing(&self, processing: Processing) {
        self.state().processing = processing;
    }

    /// Posts as another program would, and tells the id; none without such an
    /// account.
    pub fn plant(&self, account: &str, text: &str, app: &str) -> Option<String> {
        let mut state = self.state();
        let account = state.accounts.get(account)?.name.clone();
        let mut item = self.item(account, app);
        text.trim().clone_into(&mut item.words.text);
        let post = self.ledger.posted(NewPost {
            account: &item.account,
            id: item.id.clone(),
            text: text.to_owned(),
            reply_to: None,
            key: None,
            request: None,
            author: Author::AnotherApp(app.to_owned()),
            content: Arc::new(json!({"status": text, "media_count": 0})),
        });
        item.post = Some(post);
        let id = item.id.clone();
        state.keep(item);
        Some(id)
    }

    /// The account boosts a status, and the boost has this id; none without
    /// such an account or status.
    pub fn plant_boost(&self, account: &str, status: &str) -> Option<String> {
        let mut state = self.state();
        let account = state.accounts.get(account)?.name.clone();
        let boosted = state.find(status)?.id.clone();
        let item = Item { boosts: Some(boosted), ..self.item(account, "web") };
        let id = item.id.clone();
        self.ledger.happened(&item.account, None, What::Wrote(id.clone()));
        state.keep(item);
        Some(id)
    }

    fn item(&self, account: Arc<str>, app: &str) -> Item {
        Item {
            id: self.id(),
            account,
            post: None,
            created: SystemClock.now(),
            stored: SystemClock.mono(),
            words: Words {
                text: String::new(),
                spoiler: String::new(),
                is_sensitive: false,
                visibility: "public".to_owned(),
                language: "en".to_owned(),
                media: Vec::new(),
                poll: None,
            },
            edited: None,
            reply_to: None,
            quotes: None,
            quote_policy: "public".to_owned(),
            boosts: None,
            app: (app.to_owned(), None),
            replies: 0,
        }
    }
}

impl Service for Mastodon {
    fn look(&self, head: &Head, body: Option<&[u8]>) -> Look {
        look::look(self, head, body)
    }

    fn serve(&self, request: &Request) -> Answer {
        call::serve(self, request)
    }
}
