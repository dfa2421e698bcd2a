//! What the server keeps.

use std::collections::HashMap;
use std::sync::Arc;

use bellwether_base::{Instant, Mono};
use bytes::Bytes;

use super::ids;
use super::oauth::{App, Grant, Token};
use super::pictures::Sight;
use super::settings::Processing;
use crate::standin::{Answer, Post};

/// Everything, behind one lock: what is done in one step is seen in one.
#[derive(Debug, Default)]
pub(super) struct State {
    /// By name.
    pub(super) accounts: HashMap<String, Account>,
    /// In the order of storing; deleted ones keep their place.
    pub(super) statuses: Vec<Item>,
    places: HashMap<String, usize>,
    /// The places of an account's statuses, in the order of their ids.
    shelves: HashMap<String, Vec<usize>>,
    pub(super) media: HashMap<String, Medium>,
    /// By account and key.
    pub(super) keys: HashMap<(String, String), Key>,
    /// How what is uploaded now is worked on.
    pub(super) processing: Processing,
    /// By client id.
    pub(super) apps: HashMap<String, App>,
    /// By code.
    pub(super) grants: HashMap<String, Grant>,
    /// By the token itself.
    pub(super) tokens: HashMap<String, Token>,
}

#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) name: Arc<str>,
    pub(super) id: String,
    pub(super) created: Instant,
    /// What it posts for everybody goes out unlisted.
    pub(super) is_silenced: bool,
}

/// What its author chose of a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) text: String,
    pub(super) spoiler: String,
    pub(super) is_sensitive: bool,
    pub(super) visibility: String,
    pub(super) language: String,
    pub(super) media: Vec<String>,
    pub(super) poll: Option<Poll>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Poll {
    pub(super) options: Vec<String>,
    pub(super) expires_at: Instant,
    pub(super) takes_several: bool,
    pub(super) hides_totals: bool,
}

/// A status, or a boost of one.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) id: String,
    pub(super) account: Arc<str>,
    /// The entry in the ledger; a boost has none.
    pub(super) post: Option<Arc<Post>>,
    pub(super) created: Instant,
    pub(super) stored: Mono,
    pub(super) words: Words,
    pub(super) edited: Option<Instant>,
    /// The id of the status that it answers.
    pub(super) reply_to: Option<String>,
    /// The id of the status that it quotes.
    pub(super) quotes: Option<String>,
    pub(super) quote_policy: String,
    /// The id of the status that it boosts.
    pub(super) boosts: Option<String>,
    /// The program that made it, and its website.
    pub(super) app: (String, Option<String>),
    pub(super) replies: u32,
}

impl Item {
    pub(super) fn is_deleted(&self) -> bool {
        self.post.as_ref().is_some_and(|post| post.deleted().is_some())
    }

    /// Whether somebody who asks may see it.
    pub(super) fn is_visible_to(&self, name: Option<&str>) -> bool {
        matches!(self.words.visibility.as_str(), "public" | "unlisted")
            || name == Some(&*self.account)
    }
}

/// An idempotency key and what became of it.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) place: usize,
    pub(super) used: Mono,
    pub(super) request: u64,
    pub(super) answer: Answer,
}

#[derive(Debug, Clone)]
pub(super) struct Medium {
    pub(super) id: String,
    pub(super) account: Arc<str>,
    pub(super) mime: String,
    pub(super) bytes: Bytes,
    pub(super) sight: Sight,
    pub(super) description: Option<String>,
    pub(super) focus: (f64, f64),
    pub(super) work: Work,
    /// The status that it belongs to.
    pub(super) status: Option<String>,
}

/// How far a medium is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    Done,
    /// So many looks will find it here.
    Underway {
        looks: u32,
        fails: bool,
    },
    Failed,
}

impl State {
    pub(super) fn account_of_id(&self, id: &str) -> Option<&Account> {
        self.accounts.values().find(|account| account.id == id)
    }

    /// The status that is not deleted.
    pub(super) fn find(&self, id: &str) -> Option<&Item> {
        let place = *self.places.get(id)?;
        self.statuses.get(place).filter(|item| !item.is_deleted())
    }

    pub(super) fn find_place(&self, id: &str) -> Option<usize> {
        self.find(id).and_then(|item| self.places.get(&item.id)).copied()
    }

    /// The account's statuses that are not deleted, the latest first.
    pub(super) fn shelf(&self, name: &str) -> impl DoubleEndedIterator<Item = &Item> {
        let shelf = self.shelves.get(name).map_or(&[][..], Vec::as_slice);
        shelf.iter().rev().map(|place| &self.statuses[*place]).filter(|item| !item.is_deleted())
    }

    /// Keeps it and tells its place.
    pub(super) fn keep(&mut self, item: Item) -> usize {
        let place = self.statuses.len();
        for id in &item.words.media {
            if let Some(medium) = self.media.get_mut(id) {
                medium.status = Some(item.id.clone());
            }
        }
        let parent = item.reply_to.as_deref().and_then(|id| self.find_place(id));
        if let Some(parent) = parent {
            self.statuses[parent].replies += 1;
        }
        self.places.insert(item.id.clone(), place);
        let shelf = self.shelves.entry(item.account.to_string()).or_default();
        // Only what is backdated has to look for its place.
        let behind =
            shelf.partition_point(|at| ids::order(&self.statuses[*at].id, &item.id).is_lt());
        shelf.insert(behind, place);
        self.statuses.push(item);
        place
    }
}
