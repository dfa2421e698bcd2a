//! The plain network: a made-up minimal network. **This text is its contract**;
//! a connector is written from it and from nothing else.
//!
//! # Basics
//!
//! HTTP/1.1 under one origin. Bodies are JSON in UTF-8 (`Content-Type:
//! application/json`) except for media. Every answer has a `Date` header. Every
//! error is `{"error": "<code>", "message": "<words for developers>"}`.
//!
//! - A **4xx means that nothing was done**, and nothing will be.
//! - A **5xx, a cut connection, or no answer says nothing**: the request may
//!   have been done, may not, or may still be done.
//! - Where the server counts, answers to `POST` and `DELETE` of posts have
//!   `X-RateLimit-Limit`, `X-RateLimit-Remaining` and `X-RateLimit-Reset`
//!   (seconds since the epoch); `429 rate_limited` has `Retry-After` in seconds.
//! - What is not in this text is `404 path_unknown`.
//!
//! An account is named by 1 to 30 of `a-z 0-9 _`, and not `server` or `token`.
//! In the paths below `{account}` is that name.
//!
//! # What a server allows
//!
//! `GET /v1/server`, without a token:
//!
//! ```json
//! {"name": "plain", "text_limit": 500, "media_limit": 4, "media_bytes": 5242880,
//!  "settle_ms": 0, "keys_live_ms": null, "tells_app": true}
//! ```
//!
//! - `text_limit`: Unicode scalar values of a text, counted after the rules of
//!   *How text is shown*, 1 to 3. Longer: `422 text_too_long`; none left: `422
//!   text_empty`.
//! - `media_limit`: media of one post. `media_bytes`: bytes of one medium.
//! - `settle_ms`: a new post may take so long to appear in a list.
//! - `keys_live_ms`: how long an idempotency key is remembered; null: for ever.
//! - `tells_app`: whether posts tell by which program they were made.
//!
//! # Tokens
//!
//! `POST /v1/token {"account", "password"}` opens a session: `200
//! {"access_token", "refresh_token", "expires_in": seconds}`, or `401
//! login_refused`.
//!
//! `POST /v1/token/refresh {"refresh_token"}` answers with a new pair of the
//! same form. **A refresh token works once**, also when the answer was lost: a
//! used or unknown one is `401 refresh_refused`, and then only the password
//! helps. The access token before it stays good until it expires.
//!
//! All other calls but `GET /v1/server` carry `Authorization: Bearer
//! <access_token>`. Refusals: `401 token_missing`, `401 token_invalid`, `401
//! token_expired`; `403 not_yours` for somebody else's account; `404
//! account_unknown`.
//!
//! # The account
//!
//! `GET /v1/{account}`: `200 {"account", "name", "mode"}`. `mode` says what
//! this account's server does about repeats and reading:
//!
//! | mode | posting | reading |
//! | --- | --- | --- |
//! | `create_only` | The client chooses the post's `id`; an id that exists is not written again | yes |
//! | `keys_honoured` | The same `Idempotency-Key` gives the same post again | yes |
//! | `keys_ignored` | Every `POST` makes a post, whatever its key | yes |
//! | `unreadable` | As `keys_ignored` | `403 reading_refused` |
//!
//! # Posts
//!
//! A post:
//!
//! ```json
//! {"id": "1044", "account": "ada", "content": "<p>Hello &amp; welcome</p>",
//!  "created_at": "2026-01-02T03:04:05.678Z", "reply_to": null, "media": [],
//!  "app": "bellwether", "url": "http://plain.test/ada/1044"}
//! ```
//!
//! `app` is the program that made it, null where the server does not tell. One's
//! own is `bellwether`: whatever was posted with a token of this API. People
//! also post with other programs, the very same text at times.
//!
//! `POST /v1/{account}/posts {"text", "reply_to"?, "media"?, "id"?}` with the
//! optional header `Idempotency-Key` (1 to 200 visible ASCII characters, else `400
//! key_malformed`):
//!
//! - `201` and the post.
//! - `create_only`: `id` is required (`422 id_required`), 8 to 64 of `A-Z a-z
//!   0-9 _ -` (`422 id_malformed`). If it exists, whatever its content: `409`
//!   with `{"error": "exists", "message", "post": {the existing post}}`, and
//!   nothing changed. The id of a deleted post is free again.
//! - other modes: an `id` is refused (`422 id_not_taken`); the server chooses.
//! - `keys_honoured`: the same key on the same account again: `200` and the post
//!   that it made. With another body: `422 key_reused`. A key whose post was
//!   deleted, or that is older than `keys_live_ms`, is free again.
//! - `reply_to`: a post of the same account, `422 reply_unknown` if there is
//!   none. A thread is made by answering one's own posts, one after the other.
//! - `media`: ids of ready media of this account; `422 media_unknown`, `422
//!   media_not_ready`, `422 media_too_many`.
//! - `400 body_malformed` for what is not such a body.
//!
//! `GET /v1/{account}/posts/{id}`: `200` and the post, at once after it was
//! stored; `404 post_unknown`.
//!
//! `DELETE /v1/{account}/posts/{id}`: `204`; `404 post_unknown`, also for one
//! that was deleted before. Allowed in every mode.
//!
//! `GET /v1/{account}/posts?order=&after=&limit=`: `200 {"posts": [...], "next":
//! "<id>" or null}`.
//!
//! - `order=oldest` (default) lists in the order in which posts were stored,
//!   `order=newest` the other way round; anything else is `400 order_malformed`.
//! - `after=<id>` begins behind that post in the chosen order. The id of a
//!   deleted post keeps its place; one that never was is `404 post_unknown`.
//! - `limit` is 1 to 100, 20 if absent (`400 limit_malformed`).
//! - `next` is the `after` of the next page; null when there is no more for
//!   now. Foreign posts are listed like one's own. Deleted ones are not listed.
//!   A list is complete except for posts stored within the last `settle_ms`.
//!
//! # How text is shown
//!
//! `content` is HTML made from the text like this, in this order:
//!
//! 1. Unicode normalisation form C.
//! 2. CR LF and CR become LF; white space at the end of each line goes.
//! 3. LF at the beginning and at the end goes; three and more LF become two.
//! 4. Links: each longest run of characters that begins with `http://` or
//!    `https://` and holds no white space and none of `<>"`, without any of
//!    `.,;:!?)'` at its end. It is shown as its display text: without the
//!    scheme and a following `www.`, and if that has more than 30 Unicode scalar
//!    values, its first 30 and `…`. The whole becomes `<a
//!    href="/l/<number>">display text</a>`; the number is the server's own and
//!    the original address is not told.
//! 5. Outside of tags, `&`, `<`, `>`, `"` and `'` become `&amp;`, `&lt;`,
//!    `&gt;`, `&quot;` and `&#39;`.
//! 6. Two LF end a paragraph and begin another, `<p>...</p><p>...</p>`; one LF
//!    becomes `<br>`.
//!
//! # Media
//!
//! `POST /v1/{account}/media` with the bytes as body and their `Content-Type`
//! (`image/*` or `video/*`, else `415 media_type_refused`; too many bytes: `413
//! media_too_big`): `200` or, while it is worked on, `202` with `{"id", "state":
//! "ready" or "processing", "type", "bytes"}`. Each upload makes a medium of its
//! own; nobody sees it before a post uses it.
//!
//! `GET /v1/{account}/media/{id}`: `200` when ready, `206` while processing,
//! with the same body; `404 media_unknown`.

mod call;
mod media;
mod posts;
mod state;
mod text;
mod tokens;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use super::ledger::Author;
use super::rates::Buckets;
use super::token::Signer;
use super::{Answer, Head, Ledger, Look, Rate, Request, Service};
use state::{Account, NewItem};

pub use text::shown;

/// What an account's server does about repeats and reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The client chooses the id, and an id is written once.
    CreateOnly,
    /// The same key gives the same post again.
    KeysHonoured,
    /// Every request makes a post.
    KeysIgnored,
    /// The same, and nothing can be read back.
    Unreadable,
}

impl Mode {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::CreateOnly, Self::KeysHonoured, Self::KeysIgnored, Self::Unreadable];

    /// As the API tells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CreateOnly => "create_only",
            Self::KeysHonoured => "keys_honoured",
            Self::KeysIgnored => "keys_ignored",
            Self::Unreadable => "unreadable",
        }
    }
}

/// How a server behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Unicode scalar values of a text.
    pub text_limit: usize,
    /// Media of one post.
    pub media_limit: usize,
    /// Bytes of one medium.
    pub media_bytes: usize,
    /// How long media is worked on.
    pub media_takes: Duration,
    /// How long a post takes to appear in a list.
    pub settle: Duration,
    /// How long a key is remembered.
    pub keys_live: Option<Duration>,
    /// Whether posts tell their program.
    pub tells_app: bool,
    /// How long an access token is good, in whole seconds.
    pub access_life: Duration,
    /// Posts and deletions of one account.
    pub rate: Option<Rate>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            text_limit: 500,
            media_limit: 4,
            media_bytes: 5 * 1024 * 1024,
            media_takes: Duration::ZERO,
            settle: Duration::ZERO,
            keys_live: None,
            tells_app: true,
            access_life: Duration::from_hours(2),
            rate: None,
        }
    }
}

/// A fresh session, as `POST /v1/token` would give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// For calls.
    pub access: String,
    /// For the next pair.
    pub refresh: String,
}

/// The name under which the client under test posts.
pub(super) const OWN_APP: &str = "bellwether";

/// The server.
#[derive(Debug)]
pub struct Plain {
    settings: Settings,
    ledger: Arc<Ledger>,
    signer: Signer,
    buckets: Buckets,
    accounts: RwLock<HashMap<String, Arc<Account>>>,
}

impl Plain {
    /// Without accounts.
    pub fn new(settings: Settings, ledger: Arc<Ledger>) -> Arc<Self> {
        Arc::new(Self {
            settings,
            ledger,
            signer: Signer::new(),
            buckets: Buckets::default(),
            accounts: RwLock::default(),
        })
    }

    /// Opens an account with one session. In the ledger it goes by its name.
    pub fn add_account(&self, name: &str, password: &str, mode: Mode) -> Tokens {
        let account = Arc::new(Account::new(name, password, mode));
        let mut accounts = self.accounts.write().unwrap_or_else(PoisonError::into_inner);
        accounts.insert(name.to_owned(), account.clone());
        tokens::open(self, &account)
    }

    fn find_account(&self, name: &str) -> Option<Arc<Account>> {
        self.accounts.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// All access tokens of the account are expired from now on.
    pub fn expire_access(&self, account: &str) {
        if let Some(account) = self.find_account(account) {
            account.state().age += 1;
        }
    }

    /// Ends all sessions of the account.
    pub fn end_sessions(&self, account: &str) {
        if let Some(account) = self.find_account(account) {
            let mut state = account.state();
            state.age += 1;
            state.refreshes.clear();
        }
    }

    /// Posts as another program would, and tells the id; none without such an
    /// account.
    pub fn plant(&self, account: &str, text: &str, app: &str) -> Option<String> {
        let account = self.find_account(account)?;
        let new = NewItem {
            id: None,
            text: text.to_owned(),
            reply_to: None,
            media: Vec::new(),
            key: None,
            request: None,
            author: Author::AnotherApp(app.to_owned()),
            content: serde_json::json!({"text": text}),
        };
        Some(account.state().store(&account, new, &self.ledger).post.id.clone())
    }
}

impl Service for Plain {
    fn look(&self, head: &Head, body: Option<&[u8]>) -> Look {
        call::look(head, body)
    }

    fn serve(&self, request: &Request) -> Answer {
        call::dispatch(self, request)
    }
}
