//! What the plain network keeps of an account.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bellwether_base::Mono;
use serde_json::{Value, json};

use super::text::shown;
use super::{Mode, OWN_APP};
use crate::standin::ledger::NewPost;
use crate::standin::{Author, Ledger, Post, What};

#[derive(Debug)]
pub(super) struct Account {
    pub(super) name: Arc<str>,
    pub(super) password: String,
    pub(super) mode: Mode,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(super) struct State {
    /// In the order of storing; deleted ones keep their place.
    pub(super) items: Vec<Item>,
    /// The latest with each id.
    places: HashMap<String, usize>,
    keys: HashMap<String, Key>,
    pub(super) media: HashMap<String, Medium>,
    /// The ids of refresh tokens that are good.
    pub(super) refreshes: HashSet<String>,
    /// Access tokens of an earlier age count as expired.
    pub(super) age: u64,
}

#[derive(Debug)]
pub(super) struct Item {
    pub(super) post: Arc<Post>,
    pub(super) media: Vec<String>,
    content: String,
}

/// An idempotency key and what it made.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) place: usize,
    pub(super) used: Mono,
    pub(super) content: Arc<Value>,
}

#[derive(Debug, Clone)]
pub(super) struct Medium {
    pub(super) kind: String,
    pub(super) bytes: usize,
    pub(super) uploaded: Mono,
}

/// A post that is about to be stored.
pub(super) struct NewItem {
    /// Chosen by the client.
    pub(super) id: Option<String>,
    pub(super) text: String,
    pub(super) reply_to: Option<String>,
    pub(super) media: Vec<String>,
    pub(super) key: Option<String>,
    pub(super) request: Option<u64>,
    pub(super) author: Author,
    pub(super) content: Value,
}

/// One row of numbers for posts, media and links of all servers.
static NUMBERS: AtomicU64 = AtomicU64::new(1000);

pub(super) fn next_number() -> u64 {
    NUMBERS.fetch_add(1, Ordering::Relaxed)
}

impl Account {
    pub(super) fn new(name: &str, password: &str, mode: Mode) -> Self {
        let state = Mutex::default();
        Self { name: name.into(), password: password.to_owned(), mode, state }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The item that is not deleted.
    pub(super) fn find(&self, id: &str) -> Option<&Item> {
        self.find_place(id).map(|place| &self.items[place]).filter(|item| !item.is_deleted())
    }

    /// Where it stands, deleted or not.
    pub(super) fn find_place(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    pub(super) fn find_key(&self, key: &str) -> Option<&Key> {
        self.keys.get(key)
    }

    pub(super) fn remember_key(&mut self, name: String, key: Key) {
        self.keys.insert(name, key);
    }

    /// Stores it, here and in the ledger, in one step.
    pub(super) fn store(&mut self, account: &Account, new: NewItem, ledger: &Ledger) -> &Item {
        let content = shown(&new.text, next_number());
        let post = ledger.posted(NewPost {
            account: &account.name,
            key: new.id.clone().or(new.key),
            id: new.id.unwrap_or_else(|| next_number().to_string()),
            text: new.text,
            reply_to: new.reply_to,
            request: new.request,
            author: new.author,
            content: Arc::new(new.content),
        });
        let place = self.items.len();
        self.places.insert(post.id.clone(), place);
        self.items.push(Item { post, media: new.media, content });
        &self.items[place]
    }

    /// Takes it down; false if it is not there.
    pub(super) fn delete(
        &mut self,
        account: &Account,
        id: &str,
        request: u64,
        ledger: &Ledger,
    ) -> bool {
        let Some(item) = self.find(id) else { return false };
        ledger.happened(&account.name, Some(request), What::Deleted(item.post.clone()));
        true
    }
}

impl Item {
    pub(super) fn is_deleted(&self) -> bool {
        self.post.deleted().is_some()
    }

    pub(super) fn to_json(&self, origin: &str, tells_app: bool) -> Value {
        let app = match &self.post.author {
            Author::Client => OWN_APP,
            Author::AnotherApp(app) => app,
        };
        json!({
            "id": self.post.id,
            "account": &*self.post.account,
            "content": self.content,
            "created_at": self.post.at.wall.to_rfc3339(),
            "reply_to": self.post.reply_to,
            "media": self.media,
            "app": tells_app.then_some(app),
            "url": format!("{origin}/{}/{}", self.post.account, self.post.id),
        })
    }
}
