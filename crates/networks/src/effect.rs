//! What a call would have done, and so what it means that nobody knows how it ended.

use bellwether_base::Say;

use crate::http::Trouble;
use crate::{Failure, HttpError, Sent};

/// What a call would have done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing.
    Read,
    /// Nothing that anybody sees: an upload, a session.
    Harmless,
    /// Something that must not happen twice, or that is used up.
    Write,
}

impl Effect {
    /// What to say of a call of this kind whose end nobody knows.
    pub(crate) fn doubt(self) -> Sent {
        if self == Self::Write { Sent::Unknown } else { Sent::No }
    }
}

/// What having no answer means.
pub(crate) fn trouble(error: &HttpError, effect: Effect) -> Failure {
    let key = match error.trouble {
        Trouble::BadAddress => "server-bad-address",
        Trouble::Private => "server-private-address",
        Trouble::NoSuchHost => "server-not-found",
        Trouble::NoConnection => "server-not-answering",
        Trouble::Certificate => "server-certificate",
        Trouble::PermitClosed => "not-sent-in-time",
        Trouble::Timeout if effect == Effect::Write => "server-slow",
        Trouble::Timeout => "server-slow-asked",
        Trouble::Cut if effect == Effect::Write => "server-cut",
        Trouble::Cut => "server-cut-asked",
        Trouble::TooLarge => "server-answer-too-large",
        Trouble::Redirects => "server-redirects",
    };
    let sent = if effect == Effect::Write { error.sent } else { Sent::No };
    Failure::transient(Say::new(key)).sent(sent)
}

/// A yes that nobody can read.
pub(crate) fn unreadable(effect: Effect) -> Failure {
    Failure::transient(Say::new("server-not-understood")).sent(effect.doubt())
}
