//! What really happened, kept outside the product.
//!
//! Every request from its first byte, and every effect in the order in which
//! it took place, so that a harness can say what was lost, what was doubled,
//! what came out of order, and what was begun after a pause was acknowledged.
//! The product never reads this.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use bellwether_base::{Clock, Instant, Mono, SystemClock};
use serde_json::Value;

use super::pile::{Pile, Snapshot};
use super::{Head, Kind, Look, Mark, Window};

/// One moment on both clocks of the harness's process. Compare with
/// [`SystemClock`]'s readings taken in the same process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The clock to compare with.
    pub mono: Mono,
    /// For people.
    pub wall: Instant,
}

impl Stamp {
    /// Now, on the machine's clocks.
    pub fn now() -> Self {
        Self { mono: SystemClock.mono(), wall: SystemClock.now() }
    }
}

/// How a request ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The whole answer was handed to the system.
    Answered,
    /// The director closed the connection here.
    Cut(Window),
    /// The client went away, or its connection failed.
    ClientGone,
    /// What came was not HTTP that this server reads.
    Malformed(String),
}

/// One request, from its first byte. Filled in as it goes on.
#[derive(Debug)]
pub struct RequestEntry {
    /// Counted from 0 over the whole ledger, in order of first bytes.
    pub number: u64,
    /// The connection it came on, counted over the server.
    pub connection: u64,
    /// When the server saw its first byte. The byte may have waited in the
    /// system while the server was busy; [`RequestEntry::is_begun_after`]
    /// has no such doubt.
    pub first_byte: Stamp,
    pub(super) empty_at_mark: u64,
    pub(super) head: OnceLock<(String, String)>,
    pub(super) looks: [OnceLock<Look>; 2],
    pub(super) body_whole: OnceLock<Stamp>,
    effect: OnceLock<Stamp>,
    pub(super) answer_begun: OnceLock<Stamp>,
    pub(super) status: OnceLock<u16>,
    ended: OnceLock<(Stamp, Ending)>,
}

impl RequestEntry {
    fn look(&self) -> Option<&Look> {
        self.looks[1].get().or_else(|| self.looks[0].get())
    }

    /// What it is for, once its head is read.
    pub fn kind(&self) -> Option<Kind> {
        self.look().map(|look| look.kind)
    }

    /// Whose account it acts on, as far as it could be read.
    pub fn account(&self) -> Option<&str> {
        self.look()?.account.as_deref()
    }

    /// The text it posts, once its body is read.
    pub fn text(&self) -> Option<&str> {
        self.look()?.text.as_deref()
    }

    /// Its idempotency key or the id chosen by the client.
    pub fn key(&self) -> Option<&str> {
        self.look()?.key.as_deref()
    }

    /// `POST` and the like.
    pub fn method(&self) -> Option<&str> {
        self.head.get().map(|(method, _)| method.as_str())
    }

    /// The path without the query.
    pub fn path(&self) -> Option<&str> {
        self.head.get().map(|(_, path)| path.as_str())
    }

    /// When the last byte of its body was read.
    pub fn body_whole(&self) -> Option<Stamp> {
        self.body_whole.get().copied()
    }

    /// When it took effect, if it did.
    pub fn effect(&self) -> Option<Stamp> {
        self.effect.get().copied()
    }

    /// When the first byte of the answer was handed to the system.
    pub fn answer_begun(&self) -> Option<Stamp> {
        self.answer_begun.get().copied()
    }

    /// The status of the answer that was meant for it, sent or not.
    pub fn status(&self) -> Option<u16> {
        self.status.get().copied()
    }

    /// When and how it ended, if it did.
    pub fn ended(&self) -> Option<&(Stamp, Ending)> {
        self.ended.get()
    }

    /// Whether not one byte of it had reached this machine's socket when the
    /// mark was made. Never true of a request that was on its way; may be
    /// false of one that came within the server's reaction time (normally
    /// well under a millisecond) after the mark.
    pub fn is_begun_after(&self, mark: Mark) -> bool {
        self.empty_at_mark >= mark.0
    }

    pub(super) fn set_head(&self, head: &Head) {
        let _ = self.head.set((head.method.clone(), head.path.clone()));
    }

    pub(super) fn end(&self, ending: Ending) {
        let _ = self.ended.set((Stamp::now(), ending));
    }
}

/// Who made a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Author {
    /// The client under test, through a request.
    Client,
    /// Another program of this name: planted by the harness.
    AnotherApp(String),
}

/// One post as it was stored.
#[derive(Debug)]
pub struct Post {
    /// Its place among all effects of the ledger.
    pub order: u64,
    /// When it was stored.
    pub at: Stamp,
    /// Whose.
    pub account: Arc<str>,
    /// The network's id of it.
    pub id: String,
    /// The text as it was asked for, not as the network shows it.
    pub text: String,
    /// The id of the post that it answers.
    pub reply_to: Option<String>,
    /// The idempotency key or the id chosen by the client.
    pub key: Option<String>,
    /// The request that made it.
    pub request: Option<u64>,
    /// By whom.
    pub author: Author,
    /// All that was asked for.
    pub content: Arc<Value>,
    pub(super) deleted: OnceLock<Stamp>,
    pub(super) overwritten: OnceLock<Stamp>,
}

impl Post {
    /// When it was taken down, if it was.
    pub fn deleted(&self) -> Option<Stamp> {
        self.deleted.get().copied()
    }

    /// When its content was first replaced under the same id, if it was. The
    /// replacements are in [`Ledger::effects`].
    pub fn overwritten(&self) -> Option<Stamp> {
        self.overwritten.get().copied()
    }
}

/// What an effect did.
#[derive(Debug, Clone)]
pub enum What {
    /// A post came to be.
    Posted(Arc<Post>),
    /// A post's content was replaced by this.
    Overwrote(Arc<Post>, Arc<Value>),
    /// A post was taken down.
    Deleted(Arc<Post>),
    /// Something other than a post was written or removed, under this id.
    Wrote(String),
    /// Media was stored, under this id.
    Uploaded(String),
    /// The token pair was rotated.
    Refreshed,
    /// A session was opened.
    LoggedIn,
}

/// One change of the network's state.
#[derive(Debug, Clone)]
pub struct Effect {
    /// Counted from 0 over the whole ledger.
    pub order: u64,
    /// When.
    pub at: Stamp,
    /// Whose.
    pub account: Arc<str>,
    /// The request that caused it; none for what the harness planted.
    pub request: Option<u64>,
    /// What.
    pub what: What,
}

/// What a network is about to store as a post.
pub(super) struct NewPost<'a> {
    pub(super) account: &'a Arc<str>,
    pub(super) id: String,
    pub(super) text: String,
    pub(super) reply_to: Option<String>,
    pub(super) key: Option<String>,
    pub(super) request: Option<u64>,
    pub(super) author: Author,
    pub(super) content: Arc<Value>,
}

/// The record of everything.
#[derive(Debug)]
pub struct Ledger {
    requests: Mutex<Pile<Arc<RequestEntry>>>,
    effects: Mutex<Effects>,
}

#[derive(Debug)]
struct Effects {
    all: Pile<Effect>,
    posts: HashMap<Arc<str>, Vec<Arc<Post>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Ledger {
    /// An empty one. One ledger may serve several servers and networks; then
    /// its numbers and orders run over all of them.
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            requests: Mutex::new(Pile::new()),
            effects: Mutex::new(Effects { all: Pile::new(), posts: HashMap::new() }),
        })
    }

    /// All requests so far, by first byte.
    pub fn requests(&self) -> Snapshot<Arc<RequestEntry>> {
        self.requests_from(0)
    }

    /// The requests from this number on.
    pub fn requests_from(&self, number: u64) -> Snapshot<Arc<RequestEntry>> {
        lock(&self.requests).snapshot(usize::try_from(number).unwrap_or(usize::MAX))
    }

    /// One request.
    pub fn find_request(&self, number: u64) -> Option<Arc<RequestEntry>> {
        lock(&self.requests).get(usize::try_from(number).ok()?).cloned()
    }

    /// Every request that certainly began after the mark was made, whatever
    /// it was for. After the acknowledgement of a pause there must be none of
    /// [`Kind::Post`], [`Kind::Part`] and the like.
    pub fn begun_after(&self, mark: Mark) -> Vec<Arc<RequestEntry>> {
        let requests = self.requests();
        requests.iter().filter(|entry| entry.is_begun_after(mark)).cloned().collect()
    }

    /// All changes so far, in order.
    pub fn effects(&self) -> Snapshot<Effect> {
        lock(&self.effects).all.snapshot(0)
    }

    /// Every post that was ever stored for this account, in order, with those
    /// planted by the harness and those taken down since.
    pub fn posts(&self, account: &str) -> Vec<Arc<Post>> {
        lock(&self.effects).posts.get(account).cloned().unwrap_or_default()
    }

    /// The accounts that have posts, sorted.
    pub fn accounts(&self) -> Vec<Arc<str>> {
        let mut accounts: Vec<_> = lock(&self.effects).posts.keys().cloned().collect();
        accounts.sort();
        accounts
    }

    pub(super) fn begin(
        &self,
        connection: u64,
        first_byte: Stamp,
        empty_at_mark: u64,
    ) -> Arc<RequestEntry> {
        let mut requests = lock(&self.requests);
        let entry = Arc::new(RequestEntry {
            number: requests.len() as u64,
            connection,
            first_byte,
            empty_at_mark,
            head: OnceLock::new(),
            looks: Default::default(),
            body_whole: OnceLock::new(),
            effect: OnceLock::new(),
            answer_begun: OnceLock::new(),
            status: OnceLock::new(),
            ended: OnceLock::new(),
        });
        requests.push(entry.clone());
        entry
    }

    /// Enters a post. The caller holds whatever makes its own storing and
    /// this one step.
    pub(super) fn posted(&self, new: NewPost<'_>) -> Arc<Post> {
        let mut effects = lock(&self.effects);
        let post = Arc::new(Post {
            order: effects.all.len() as u64,
            at: Stamp::now(),
            account: new.account.clone(),
            id: new.id,
            text: new.text,
            reply_to: new.reply_to,
            key: new.key,
            request: new.request,
            author: new.author,
            content: new.content,
            deleted: OnceLock::new(),
            overwritten: OnceLock::new(),
        });
        effects.posts.entry(new.account.clone()).or_default().push(post.clone());
        self.enter(&mut effects, new.account, new.request, post.at, What::Posted(post.clone()));
        post
    }

    /// Enters anything else.
    pub(super) fn happened(&self, account: &Arc<str>, request: Option<u64>, what: What) {
        let mut effects = lock(&self.effects);
        let at = Stamp::now();
        match &what {
            What::Deleted(post) => drop(post.deleted.set(at)),
            What::Overwrote(post, _) => drop(post.overwritten.set(at)),
            _ => (),
        }
        self.enter(&mut effects, account, request, at, what);
    }

    fn enter(
        &self,
        effects: &mut Effects,
        account: &Arc<str>,
        request: Option<u64>,
        at: Stamp,
        what: What,
    ) {
        if let Some(entry) = request.and_then(|number| self.find_request(number)) {
            let _ = entry.effect.set(at);
        }
        let order = effects.all.len() as u64;
        effects.all.push(Effect { order, at, account: account.clone(), request, what });
    }
}
