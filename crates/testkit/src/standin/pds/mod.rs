//! A stand-in for a personal data server of the AT Protocol.
//!
//! Written from the published lexicons and specifications, with the answers
//! that the reference server 0.5.35 gave when it was asked (repeats, swaps,
//! refusals, headers). It keeps no tree and signs no commits: a commit's
//! identifier is made up, a record's is real.
//!
//! Where it differs from the reference server:
//!
//! - a used refresh token is refused at once, unless the settings say
//!   otherwise; the reference server gives two hours of grace;
//! - no OAuth, no account management, no proxy to an application view (502, as
//!   without one), no handle but its own is resolved, no event stream;
//! - a body that is too big is read to its end before it is refused with 413;
//!   the reference server refuses early, and a client may see its connection
//!   break;
//! - a login takes no 350 ms;
//! - of lexicons it knows posts, likes, reposts, follows, blocks and gates;
//!   records of other collections pass as unknown;
//! - no `ETag`, no CORS headers; JSON that cannot be parsed is complained
//!   about in other words.
//!
//! It also answers for the directory of identities (`GET /did:plc:...`).

mod account;
mod blobs;
mod cbor;
mod formats;
mod lexicon;
mod look;
mod reads;
mod repo;
mod schema;
mod sessions;
mod writes;
mod xrpc;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use bellwether_base::{Clock as _, SystemClock};
use serde_json::json;

use self::account::Account;
use self::repo::{Action, Swap, Write, Writer, prepare, uri};
use super::rates::Buckets;
use super::token::Signer;
use super::{Answer, Author, Head, Ledger, Look, Rate, Request, Service};

const HOUR: Duration = Duration::from_hours(1);

/// Whether a refresh token that was used is still good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshReuse {
    /// Never: what the protocol promises at least.
    Never,
    /// For so long; it leads to the same next token each time. The reference
    /// server gives two hours.
    Within(Duration),
}

/// What a server counts. Without limits it tells none either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// All calls, of everybody: all come from one address.
    pub per_address: Option<Rate>,
    /// Points of writes of one account: a create costs 3, an update 2, a
    /// delete 1.
    pub write_hour: Rate,
    /// The same, over a day.
    pub write_day: Rate,
    /// Sessions opened for one account.
    pub login: Rate,
    /// The same, over a day.
    pub login_day: Rate,
}

impl Limits {
    /// Those of the public servers.
    pub const fn published() -> Self {
        let five_minutes = Duration::from_mins(5);
        let day = Duration::from_hours(24);
        Self {
            per_address: Some(Rate::new(3000, five_minutes)),
            write_hour: Rate::new(5000, HOUR),
            write_day: Rate::new(35_000, day),
            login: Rate::new(30, five_minutes),
            login_day: Rate::new(300, day),
        }
    }
}

/// How a server behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How long an access token is good, in whole seconds. Short to force refreshes.
    pub access_life: Duration,
    /// How long a refresh token is good, in whole seconds.
    pub refresh_life: Duration,
    /// What happens to one that was used.
    pub refresh_reuse: RefreshReuse,
    /// Bytes of one blob.
    pub blob_limit: usize,
    /// What it counts.
    pub limits: Option<Limits>,
    /// Whether a session comes with the account's DID document.
    pub tells_document: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            access_life: 2 * HOUR,
            refresh_life: 90 * 24 * HOUR,
            refresh_reuse: RefreshReuse::Never,
            blob_limit: 5 * 1024 * 1024,
            limits: None,
            tells_document: false,
        }
    }
}

/// The server.
#[derive(Debug)]
pub struct Pds {
    settings: Settings,
    ledger: Arc<Ledger>,
    signer: Signer,
    buckets: Buckets,
    /// By DID and by handle.
    accounts: RwLock<HashMap<String, Arc<Account>>>,
    last_tid: AtomicU64,
}

impl Pds {
    /// Without accounts.
    pub fn new(settings: Settings, ledger: Arc<Ledger>) -> Arc<Self> {
        Arc::new(Self {
            settings,
            ledger,
            signer: Signer::new(),
            buckets: Buckets::default(),
            accounts: RwLock::default(),
            last_tid: AtomicU64::new(0),
        })
    }

    /// Opens an account and tells its DID, which is the same for the same
    /// handle in every run. Cheap enough for thousands.
    pub fn add_account(&self, handle: &str, app_password: &str) -> String {
        let account = Arc::new(Account::new(&handle.to_lowercase(), app_password));
        let did = account.did.to_string();
        let mut accounts = self.accounts.write().unwrap_or_else(PoisonError::into_inner);
        accounts.insert(account.handle.clone(), account.clone());
        accounts.insert(did.clone(), account);
        did
    }

    fn find_account(&self, handle_or_did: &str) -> Option<Arc<Account>> {
        self.accounts.read().unwrap_or_else(PoisonError::into_inner).get(handle_or_did).cloned()
    }

    /// All access tokens of the account are expired from now on.
    pub fn expire_access(&self, handle_or_did: &str) {
        if let Some(account) = self.find_account(handle_or_did) {
            account.sessions().age += 1;
        }
    }

    /// Removes the account's app passwords, and with them its refresh tokens.
    /// Its access tokens stay good, as they do at the reference server.
    pub fn remove_passwords(&self, handle_or_did: &str) {
        if let Some(account) = self.find_account(handle_or_did) {
            let mut sessions = account.sessions();
            sessions.passwords.clear();
            sessions.refreshes.clear();
        }
    }

    /// One more app password.
    pub fn add_password(&self, handle_or_did: &str, app_password: &str) {
        if let Some(account) = self.find_account(handle_or_did) {
            account.sessions().passwords.push(app_password.to_owned());
        }
    }

    /// Collects the account's blobs that no record uses, as the server does
    /// after some minutes.
    pub fn forget_unused_blobs(&self, handle_or_did: &str) {
        if let Some(account) = self.find_account(handle_or_did) {
            account.repo().forget_unused_blobs();
        }
    }

    /// Posts as another program would, and tells the post's URI; none without
    /// such an account, or if the text is not one that the server takes.
    pub fn plant(&self, handle_or_did: &str, text: &str, app: &str) -> Option<String> {
        let account = self.find_account(handle_or_did)?;
        let rkey = self.next_tid();
        let record = json!({"text": text, "createdAt": SystemClock.now().to_rfc3339()});
        let record =
            prepare(lexicon::POSTS, &rkey, &cbor::from_json(&record), None, "$.record").ok()?;
        let write = Write {
            collection: lexicon::POSTS.to_owned(),
            rkey,
            action: Action::Create(record),
            swap: Swap::Unasked,
            key: None,
        };
        let writer = Writer {
            did: &account.did,
            ledger: &self.ledger,
            request: None,
            author: Author::AnotherApp(app.to_owned()),
            rev: self.next_tid(),
        };
        account.repo().apply(std::slice::from_ref(&write), None, &writer).ok()?;
        Some(uri(&account.did, &write))
    }

    /// Later ones are greater, as numbers and as texts.
    fn next_tid(&self) -> String {
        let micros = u64::try_from(SystemClock.now().millis()).unwrap_or(0) * 1000;
        let now = micros << 10;
        let step = |last: u64| Some(now.max(last + (1 << 10)));
        let last =
            self.last_tid.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).unwrap_or(0);
        let number = now.max(last + (1 << 10)) & (u64::MAX >> 1);
        let digit = |place: u32| formats::TID_ALPHABET[(number >> (5 * place)) as usize & 31];
        (0..13).rev().map(|place| char::from(digit(place))).collect()
    }
}

impl Service for Pds {
    fn look(&self, head: &Head, body: Option<&[u8]>) -> Look {
        look::look(self, head, body)
    }

    fn serve(&self, request: &Request) -> Answer {
        let path = request.head.path.as_str();
        match path.strip_prefix("/xrpc/") {
            Some("_health") => Answer::json(200, &json!({"version": "0.5.35"})),
            Some(nsid) => xrpc::dispatch(self, request, nsid),
            None if path == "/.well-known/atproto-did" => {
                let host = request.head.header("host").unwrap_or_default();
                let handle = host.split(':').next().unwrap_or_default();
                match self.find_account(handle) {
                    Some(account) => {
                        Answer::typed(200, "text/plain; charset=utf-8", account.did.to_string())
                    }
                    None => Answer::typed(404, "text/plain; charset=utf-8", "User not found"),
                }
            }
            None if path.starts_with("/did:") => match self.find_account(&path[1..]) {
                Some(account) => {
                    let document = account.document(&origin(request)).to_string();
                    Answer::typed(200, "application/did+ld+json; charset=utf-8", document)
                }
                None => Answer::json(
                    404,
                    &json!({"message": format!("DID not registered: {}", &path[1..])}),
                ),
            },
            None => Answer::typed(
                404,
                "text/html; charset=utf-8",
                format!("Cannot {} {path}", request.head.method),
            ),
        }
    }
}

/// The origin under which the client reached this server.
fn origin(request: &Request) -> String {
    format!("http://{}", request.head.header("host").unwrap_or("localhost"))
}
