//! A short word about what just happened, on the page that follows.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bellwether_base::Say;
use serde::{Deserialize, Serialize};

use super::filters;

/// What a toast is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It worked.
    Done,
    /// It did not.
    Trouble,
}

/// A toast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toast {
    /// What it says.
    pub say: Say,
    /// What is worth a thought beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also: Option<Say>,
    /// What it is about.
    pub kind: Kind,
    /// The form whose text has arrived here, by the name under which the
    /// device keeps what is typed: it can let go of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub arrived: String,
}

impl Toast {
    /// It worked.
    pub fn done(say: Say) -> Self {
        Self { say, also: None, kind: Kind::Done, arrived: String::new() }
    }

    /// What is worth a thought beside it.
    #[must_use]
    pub fn also(mut self, also: Option<Say>) -> Self {
        self.also = also;
        self
    }

    /// The text of the form `key` has arrived.
    #[must_use]
    pub fn arrived(mut self, key: &str) -> Self {
        key.clone_into(&mut self.arrived);
        self
    }

    /// It did not.
    pub fn trouble(say: Say) -> Self {
        Self { say, also: None, kind: Kind::Trouble, arrived: String::new() }
    }
}

/// A list of toasts.
#[derive(Template)]
#[template(path = "page/toasts.html")]
pub struct Toasts<'a> {
    /// The toasts.
    pub toasts: &'a [Toast],
}

/// For the cookie that carries it over a redirect. Holds a key and arguments,
/// never markup: whoever forges it can only have a message of ours shown.
pub fn to_cookie(toast: &Toast) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(toast).unwrap_or_default())
}

/// From the cookie; nothing if it is not one of ours.
pub fn from_cookie(value: &str) -> Option<Toast> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(value).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toast_survives_a_redirect() {
        let toast =
            Toast::done(Say::new("post-scheduled").with("title", "Été <b>")).arrived("x/new");
        assert_eq!(from_cookie(&to_cookie(&toast)), Some(toast));
        assert_eq!(from_cookie("%%%"), None);
    }
}
