//! Mastodon, and the servers that speak its client API: GoToSocial, Pleroma,
//! Akkoma, Pixelfed, Friendica, Takahe and their kin.
//!
//! A server chooses the ids of posts, so a doubt is settled by reading back
//! the account's own posts. An `Idempotency-Key` goes along with each post,
//! but nothing rests on it: some servers ignore it, and some releases answer
//! a repeat with an error. What each server takes, and whether a post that it
//! does not list may be sent once more, is asked of it while connecting and
//! kept with the channel. A server's own scheduling is never used.

mod api;
mod connect;
mod facts;
mod find;
mod freeze;
mod options;
mod plan;
mod prepare;
mod problems;
mod publish;
mod refusal;
mod rendered;
mod session;
pub mod text;

use std::time::Duration;

use url::Url;

use crate::{
    Account, Connect, Content, Endpoints, Features, FindBy, ImageRule, Limits, Network,
    OptionField, OptionKind, Problem, Publish, Quota, Spec, TextLimit, ThreadKind, Unit,
};

/// The quota of posts, as in [`SPEC`].
const POSTS: &str = "posts";

/// Mastodon's client API, spoken with a token that the person pasted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mastodon;

impl Network for Mastodon {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn connect(&self) -> &dyn Connect {
        self
    }

    fn publish(&self) -> &dyn Publish {
        self
    }

    /// Profiles have no address by their id. Every server of the kind knows
    /// the one by the name.
    fn profile(&self, account: &Account, _: &Endpoints) -> Option<Url> {
        let name = account.handle.split('@').next().filter(|name| !name.is_empty())?;
        let mut url = account.server.clone();
        url.path_segments_mut().ok()?.clear().push(&format!("@{name}"));
        Some(url)
    }

    fn problems(&self, content: &Content, limits: &Limits) -> Vec<Problem> {
        problems::find(content, limits)
    }
}

static SPEC: Spec = Spec {
    name: "mastodon",
    title: "Mastodon",
    mark: "Ma",
    limits,
    thread: ThreadKind::PartByPart,
    find_by: FindBy::ReadingBack,
    // Together with the timeout a minute: what stands in front of a server
    // gives a request up after that.
    settle: Duration::from_secs(30),
    timeout: Duration::from_secs(30),
    features: Features { delete: true, delete_repeatable: true, edit: false },
    options: &[
        OptionField {
            name: options::VISIBILITY,
            label: "mastodon-visibility",
            kind: OptionKind::One(options::VISIBILITIES),
        },
        OptionField {
            name: options::WARNING,
            label: "mastodon-content-warning",
            kind: OptionKind::Line,
        },
        OptionField {
            name: options::SENSITIVE,
            label: "mastodon-sensitive",
            kind: OptionKind::One(options::NO_OR_YES),
        },
        OptionField { name: options::POLL, label: "mastodon-poll", kind: OptionKind::Lines },
        OptionField {
            name: options::POLL_CLOSES,
            label: "mastodon-poll-closes",
            kind: OptionKind::One(options::CLOSES),
        },
        OptionField {
            name: options::POLL_CHOICES,
            label: "mastodon-poll-choices",
            kind: OptionKind::One(options::ONE_OR_SEVERAL),
        },
        OptionField {
            name: options::POLL_TOTALS,
            label: "mastodon-poll-totals",
            kind: OptionKind::One(options::SHOWN_OR_HIDDEN),
        },
        OptionField { name: options::QUOTE, label: "mastodon-quote", kind: OptionKind::Line },
        OptionField {
            name: options::QUOTABLE,
            label: "mastodon-who-can-quote",
            kind: OptionKind::One(options::QUOTERS),
        },
    ],
    // As Mastodon counts; servers tell their own number with each post.
    quotas: &[Quota { bucket: POSTS, limit: 300, per: Duration::from_hours(3), cost: 1 }],
    endpoints: &[],
};

/// What Mastodon takes where nobody changed it. A channel has its server's own.
pub fn limits() -> Limits {
    Limits {
        text: TextLimit { max: 500, unit: Unit::Graphemes, max_bytes: None },
        parts: 25,
        images: 4,
        image: ImageRule { max_bytes: 16 << 20, max_side: facts::MAX_SIDE },
        alt_text: Some(facts::ALT_TEXT),
        resend_after_not_seen: false,
        server: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_found_by_its_name_on_its_own_server() {
        let told = |handle: &str| {
            let server = "https://social.example/".parse().unwrap();
            let account = Account {
                remote_id: "1@social.example".into(),
                handle: handle.into(),
                server,
                limits: limits(),
            };
            Mastodon.profile(&account, &Endpoints::default()).map(String::from)
        };
        let told_so = Some("https://social.example/@lune".to_owned());
        assert_eq!(told("lune@social.example"), told_so);
        assert_eq!(told("lune"), told_so);
        assert_eq!(told(""), None);
        let odd = told("../login?next=#@x").unwrap();
        assert_eq!(odd, "https://social.example/@..%2Flogin%3Fnext=%23");
    }
}
