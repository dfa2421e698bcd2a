//! Everything that depends on who reads: language, zone, dates, numbers.
//!
//! A message is a key with arguments ([`Say`]) until somebody reads it. In
//! templates the filters `t` and `with` render it: `{{ "post-list-title"|t }}`,
//! `{{ "post-list-count"|with("count", posts.len())|t }}`.

mod catalog;
mod dates;
mod lang;

use std::any::Any;
use std::time::Duration;

use bellwether_base::jiff::civil::DateTime;
use bellwether_base::jiff::tz::TimeZone;
use bellwether_base::{Instant, Say};

pub use lang::Lang;

/// Under which name templates find the [`Reader`].
pub const READER: &str = "reader";

/// Who reads a page: in which language, in which zone, and when.
#[derive(Debug, Clone)]
pub struct Reader {
    /// The language of the words.
    pub lang: Lang,
    /// The zone of the times.
    pub zone: TimeZone,
    /// The moment of reading: "today" and "this year" depend on it.
    pub now: Instant,
}

impl Reader {
    /// A reader without a brand: times are in UTC.
    pub fn new(lang: Lang, now: Instant) -> Self {
        Self { lang, zone: TimeZone::UTC, now }
    }

    /// The same reader in the zone called `name`; UTC if there is none.
    #[must_use]
    pub fn in_zone(mut self, name: &str) -> Self {
        self.zone = TimeZone::get(name).unwrap_or(TimeZone::UTC);
        self
    }

    /// `say` in this reader's words.
    pub fn text(&self, say: &Say) -> String {
        catalog::format(self, say)
    }

    /// The message called `key`, which has no gaps.
    pub fn message(&self, key: &str) -> String {
        catalog::format(self, &Say::new(key))
    }

    /// `18:00`.
    pub fn clock(&self, at: Instant) -> String {
        self.local(at).strftime("%H:%M").to_string()
    }

    /// `18:00:03`.
    pub fn seconds(&self, at: Instant) -> String {
        self.local(at).strftime("%H:%M:%S").to_string()
    }

    /// `Thu 10 Dec`, with the year if it is another one than now.
    pub fn day(&self, at: Instant) -> String {
        dates::day(self.lang, &self.local(at), &self.local(self.now))
    }

    /// `Thu 10 Dec, 18:00`.
    pub fn day_and_clock(&self, at: Instant) -> String {
        dates::join(self.lang, &self.day(at), &self.clock(at))
    }

    /// `Thu 10 Dec, 18:00`, of a plan in whatever zone that is.
    pub fn planned(&self, local: DateTime) -> String {
        let Ok(at) = local.to_zoned(TimeZone::UTC) else { return local.to_string() };
        let day = dates::day(self.lang, &at, &self.local(self.now));
        dates::join(self.lang, &day, &at.strftime("%H:%M").to_string())
    }

    /// `18:00` today, `Thu 10 Dec, 18:00` on another day.
    pub fn moment(&self, at: Instant) -> String {
        if self.local(at).date() == self.local(self.now).date() {
            self.clock(at)
        } else {
            self.day_and_clock(at)
        }
    }

    /// `5 h 18 min`, with at most two units.
    pub fn span(&self, span: Duration) -> String {
        dates::span(self.lang, span)
    }

    /// `1,934`, as this reader's language groups digits.
    pub fn number(&self, number: i64) -> String {
        dates::number(self.lang, number)
    }

    /// The zone's city, as people call it: `Paris`.
    pub fn city(&self) -> String {
        city(self.zone.iana_name().unwrap_or("UTC"))
    }

    fn local(&self, at: Instant) -> bellwether_base::jiff::Zoned {
        at.timestamp().to_zoned(self.zone.clone())
    }
}

/// The city of the zone called `name`: `Paris`.
pub fn city(name: &str) -> String {
    name.rsplit('/').next().unwrap_or(name).replace('_', " ")
}

impl askama::Values for Reader {
    fn get_value<'a>(&'a self, key: &str) -> Option<&'a dyn Any> {
        (key == READER).then_some(self as &dyn Any)
    }
}

/// What filters take as a message: a key, or a whole [`Say`].
pub trait AsSay {
    /// As a message.
    fn as_say(&self) -> Say;
}

impl AsSay for str {
    fn as_say(&self) -> Say {
        Say::new(self)
    }
}

impl AsSay for String {
    fn as_say(&self) -> Say {
        Say::new(self.as_str())
    }
}

impl AsSay for Say {
    fn as_say(&self) -> Say {
        self.clone()
    }
}

impl<T: AsSay + ?Sized> AsSay for &T {
    fn as_say(&self) -> Say {
        (**self).as_say()
    }
}

#[cfg(test)]
pub mod tests;
