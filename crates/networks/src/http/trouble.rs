//! Why there is no answer, and whether the request may have arrived.

use std::error::Error as StdError;
use std::io;

use crate::Sent;

use super::gate::Closed;
use super::names::Unusable;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Not an address we call: wrong scheme, credentials in it, no host, or
    /// credentials that would cross a public network in the clear.
    BadAddress,
    /// It leads into a private network.
    Private,
    /// No such host.
    NoSuchHost,
    /// Nobody answers there, or not in time.
    NoConnection,
    /// The certificate is not good.
    Certificate,
    /// The permit had run out before the first byte.
    PermitClosed,
    /// It took too long.
    Timeout,
    /// The connection broke.
    Cut,
    /// The answer is larger than allowed.
    TooLarge,
    /// Too many redirects.
    Redirects,
}

impl Trouble {
    /// Its name where calls are written down.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BadAddress => "bad_address",
            Self::Private => "private",
            Self::NoSuchHost => "no_such_host",
            Self::NoConnection => "no_connection",
            Self::Certificate => "certificate",
            Self::PermitClosed => "permit_closed",
            Self::Timeout => "timeout",
            Self::Cut => "cut",
            Self::TooLarge => "too_large",
            Self::Redirects => "redirects",
        }
    }
}

/// No answer.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{trouble:?} ({sent:?}): {detail}")]
pub struct HttpError {
    /// Why.
    pub trouble: Trouble,
    /// Whether the request may have arrived.
    pub sent: Sent,
    /// For the log: no secrets, no query.
    pub detail: String,
}

impl HttpError {
    /// Trouble before anything left.
    pub(super) fn unsent(trouble: Trouble, detail: impl Into<String>) -> Self {
        Self { trouble, sent: Sent::No, detail: detail.into() }
    }

    /// The same trouble, with what is known about the request.
    pub(super) fn sent(mut self, sent: Sent) -> Self {
        self.sent = sent;
        self
    }
}

impl From<reqwest::Error> for HttpError {
    /// Names the trouble. Whether anything left is for the caller to say,
    /// who knows what passed the gate.
    fn from(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let trouble = if find::<Closed>(&error).is_some() {
            Trouble::PermitClosed
        } else if let Some(unusable) = find::<Unusable>(&error) {
            unusable.trouble
        } else if error.is_builder() {
            Trouble::BadAddress
        } else if error.is_connect() {
            match find::<rustls::Error>(&error) {
                Some(rustls::Error::InvalidCertificate(_)) => Trouble::Certificate,
                _ => Trouble::NoConnection,
            }
        } else if error.is_timeout() {
            Trouble::Timeout
        } else {
            Trouble::Cut
        };
        Self::unsent(trouble, detail(&error))
    }
}

/// The first error of type `T` among the causes of `error`. An `io::Error`
/// hides what it wraps from `source`, so it is opened.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        let inside = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(found) = inside.and_then(|inside| find::<T>(inside)) {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// The causes of `error` in one line.
fn detail(error: &(dyn StdError + 'static)) -> String {
    let mut words = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_words = cause.to_string();
        if !words.ends_with(&cause_words) {
            words.push_str(": ");
            words.push_str(&cause_words);
        }
        next = cause.source();
    }
    words.chars().take(300).collect()
}
