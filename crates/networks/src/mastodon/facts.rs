//! What a server says of itself: what it runs, and what it takes.
//!
//! Sources: <https://docs.joinmastodon.org/entities/Instance/> and `V1_Instance`;
//! <https://nodeinfo.diaspora.software/schema.html>.

use bellwether_base::Say;
use serde_json::Value;
use url::Url;

use super::api::Api;
use crate::{Failure, ImageRule, Limits, PollRule, ServerFacts, TextLimit, Unit};

/// Pixels of a picture's longer side: Mastodon makes larger ones smaller itself.
pub(super) const MAX_SIDE: u32 = 3840;
/// Characters of a picture's description, where the server does not say.
pub(super) const ALT_TEXT: u32 = 1500;
/// What a link counts on Mastodon, where the server does not say.
pub(super) const LINK: u32 = 23;
/// The polls of Mastodon, where the server does not say.
const POLL: PollRule = PollRule { choices: 4, characters: 50, shortest: 300, longest: 2_629_746 };
/// From this version of Mastodon's API on, posts can be quoted.
const QUOTES_SINCE: u64 = 7;

/// What Mastodon itself is called, with its forks that keep its name.
const ORIGINAL: &str = "mastodon";
/// What takes a post only with a picture.
const PICTURES_ONLY: &str = "pixelfed";

/// One server.
pub(super) struct Instance {
    /// What its people write behind their names.
    pub domain: String,
    /// What it takes.
    pub limits: Limits,
}

/// Asks `server` what it is.
pub(super) async fn ask(api: &Api<'_>, server: &Url) -> Result<Instance, Failure> {
    let not_one = || Failure::rejected(Say::new("mastodon-not-a-server"));
    let mut answer = api.ask("/api/v2/instance", &[]).await?;
    if answer.as_ref().is_err_and(super::refusal::Refusal::is_no_such_address) {
        // Before Mastodon 4.0, and some others still.
        answer = api.ask("/api/v1/instance", &[]).await?;
    }
    let told = match answer {
        Ok(said) => said.body,
        Err(refusal) if refusal.is_a_page() || refusal.is_no_such_address() => {
            return Err(not_one());
        }
        Err(refusal) => return Err(refusal.failure()),
    };
    let version = told["version"].as_str().ok_or_else(not_one)?;
    let domain = told["domain"].as_str().or_else(|| told["uri"].as_str()).ok_or_else(not_one)?;
    let software = match named(version) {
        Some(software) => software,
        None => software(api).await.unwrap_or_default(),
    };
    Ok(Instance { domain: bare(domain, server), limits: limits(&told, version, software) })
}

/// Whether `server` sends a known `Idempotency-Key` back to the post that it
/// stands for. With a list of own posts beside it that is reason enough to send
/// once more what the list does not show. Others ignore the key (GoToSocial and
/// Takahe, measured), or nobody has looked.
fn knows_keys(software: &str) -> bool {
    software == ORIGINAL
}

/// Whether a post there needs a picture.
pub(super) fn needs_picture(limits: &Limits) -> bool {
    limits.server.as_ref().is_some_and(|server| server.software == PICTURES_ONLY)
}

fn limits(told: &Value, version: &str, software: String) -> Limits {
    let is_original = software == ORIGINAL;
    let configuration = &told["configuration"];
    let statuses = &configuration["statuses"];
    let media = &configuration["media_attachments"];
    let max = number(&statuses["max_characters"]).or_else(|| number(&told["max_toot_chars"]));
    // GoToSocial and Takahe count characters as their languages do, and a link as it is written.
    let unit = match software.as_str() {
        "gotosocial" | "takahe" => Unit::Characters,
        _ => Unit::Graphemes,
    };
    let pixels = media["image_matrix_limit"].as_u64().filter(|pixels| *pixels > 0);
    let side = pixels.and_then(|pixels| u32::try_from(pixels.isqrt()).ok());
    let bytes = media["image_size_limit"].as_u64().filter(|bytes| *bytes > 0);
    Limits {
        text: TextLimit { max: max.unwrap_or(500), unit, max_bytes: None },
        images: number(&statuses["max_media_attachments"]).unwrap_or(4),
        image: ImageRule {
            max_bytes: bytes.unwrap_or(8 << 20),
            max_side: side.unwrap_or(MAX_SIDE).min(MAX_SIDE),
        },
        alt_text: Some(number(&media["description_limit"]).unwrap_or(ALT_TEXT)),
        resend_after_not_seen: knows_keys(&software),
        server: Some(ServerFacts {
            version: version.to_owned(),
            link: is_original
                .then(|| number(&statuses["characters_reserved_per_url"]).unwrap_or(LINK)),
            poll: poll(told, &software),
            quotes: told["api_versions"]["mastodon"].as_u64() >= Some(QUOTES_SINCE),
            software,
        }),
        ..super::limits()
    }
}

/// What a poll may be: in Mastodon's words, in Pleroma's, or as Mastodon has
/// it where a server is too old to say.
fn poll(told: &Value, software: &str) -> Option<PollRule> {
    let rule = |polls: &Value, characters: &str| {
        Some(PollRule {
            choices: number(&polls["max_options"]).filter(|choices| *choices >= 2)?,
            characters: number(&polls[characters])?,
            shortest: polls["min_expiration"].as_u64()?,
            longest: polls["max_expiration"].as_u64()?,
        })
    };
    if software == PICTURES_ONLY {
        return None;
    }
    rule(&told["configuration"]["polls"], "max_characters_per_option")
        .or_else(|| rule(&told["poll_limits"], "max_option_chars"))
        .or_else(|| (software == ORIGINAL).then_some(POLL))
}

/// A count of something, which is never none.
fn number(value: &Value) -> Option<u32> {
    value.as_u64().filter(|number| *number > 0).map(|n| u32::try_from(n).unwrap_or(u32::MAX))
}

/// The software that a version names: `2.7.2 (compatible; Akkoma 3.10)`, `takahe/0.11`.
fn named(version: &str) -> Option<String> {
    let name = match version.split_once("compatible;") {
        Some((_, name)) => name.trim().split([' ', ')']).next()?,
        None => version.split_once('/')?.0,
    };
    Some(name.to_ascii_lowercase()).filter(|name| !name.is_empty())
}

/// The software as its nodeinfo names it. A server that does not tell is
/// taken for none that is known.
async fn software(api: &Api<'_>) -> Option<String> {
    let index = api.ask("/.well-known/nodeinfo", &[]).await.ok()?.ok()?.body;
    // Asked of the server itself, wherever the link leads.
    let link: Url = index["links"].as_array()?.last()?["href"].as_str()?.parse().ok()?;
    let document = api.ask(link.path(), &[]).await.ok()?.ok()?.body;
    document["software"]["name"].as_str().map(str::to_ascii_lowercase)
}

/// A domain as people write it behind a name.
fn bare(domain: &str, server: &Url) -> String {
    let name = domain.split("://").last().unwrap_or_default();
    let name = name.split('/').next().unwrap_or_default().to_lowercase();
    let is_name = !name.is_empty() && !name.contains([' ', '@']);
    if is_name { name } else { server.authority().to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_version_may_name_its_software() {
        for (version, name) in [
            ("4.4.3", None),
            ("4.5.0+glitch", None),
            ("0.19.1 git-eb1fbf8", None),
            ("2.7.2 (compatible; Pleroma 2.9.1)", Some("pleroma")),
            ("2.7.2 (compatible; Akkoma 3.15.2-0-g7abc)", Some("akkoma")),
            ("3.5.3 (compatible; Pixelfed 0.12.5)", Some("pixelfed")),
            ("2.8.0 (compatible; Friendica 2024.12)", Some("friendica")),
            ("takahe/0.11.0", Some("takahe")),
            ("", None),
        ] {
            assert_eq!(named(version).as_deref(), name, "{version}");
        }
    }

    #[test]
    fn a_server_is_believed_in_what_it_takes() {
        let told = json!({
            "configuration": {
                "statuses": {"max_characters": 1500, "max_media_attachments": 8, "characters_reserved_per_url": 25},
                "media_attachments": {"description_limit": 900, "image_size_limit": 1000, "image_matrix_limit": 1_000_000},
                "polls": {"max_options": 6, "max_characters_per_option": 70, "min_expiration": 60, "max_expiration": 9000},
            },
            "api_versions": {"mastodon": 7},
        });
        let limits = super::limits(&told, "4.5.0", "mastodon".into());
        let rule = PollRule { choices: 6, characters: 70, shortest: 60, longest: 9000 };
        assert_eq!((limits.text.max, limits.images, limits.alt_text), (1500, 8, Some(900)));
        assert_eq!(limits.image, ImageRule { max_bytes: 1000, max_side: 1000 });
        assert!(limits.resend_after_not_seen);
        let server = limits.server.unwrap();
        assert_eq!((server.link, server.poll, server.quotes), (Some(25), Some(rule), true));
    }

    #[test]
    fn a_server_that_says_little_is_taken_for_the_usual_one() {
        let limits = super::limits(&json!({}), "3.5.3", "mastodon".into());
        assert_eq!((limits.text.max, limits.images, limits.alt_text), (500, 4, Some(1500)));
        assert_eq!(limits.image.max_side, MAX_SIDE);
        let server = limits.server.unwrap();
        assert_eq!((server.link, server.poll, server.quotes), (Some(23), Some(POLL), false));
        // What says that it takes nothing has not understood the question.
        let none = json!({"configuration": {"statuses": {"max_characters": 0}}});
        assert_eq!(super::limits(&none, "3.5.3", String::new()).text.max, 500);
    }

    /// What may follow a doubt is the server's own.
    #[test]
    fn only_a_server_that_knows_keys_is_sent_a_post_again() {
        for software in
            ["gotosocial", "takahe", "pleroma", "akkoma", "pixelfed", "friendica", "", "new"]
        {
            let limits = super::limits(&json!({}), "1.0", software.into());
            assert!(!limits.resend_after_not_seen, "{software}");
        }
    }

    #[test]
    fn others_count_in_their_own_way() {
        let pleroma = json!({
            "max_toot_chars": 5000,
            "poll_limits": {"max_options": 20, "max_option_chars": 200, "min_expiration": 0, "max_expiration": 31_536_000},
        });
        let limits = super::limits(&pleroma, "2.7.2", "pleroma".into());
        assert_eq!(limits.text.max, 5000);
        let server = limits.server.unwrap();
        assert_eq!((server.link, server.poll.map(|poll| poll.choices)), (None, Some(20)));
        let gotosocial = super::limits(&json!({}), "0.19.1", "gotosocial".into());
        assert_eq!(gotosocial.text.unit, Unit::Characters);
        assert_eq!(gotosocial.server.unwrap().poll, None);
        let pixelfed = super::limits(&pleroma, "3.5.3", "pixelfed".into());
        assert!(needs_picture(&pixelfed));
        assert_eq!(pixelfed.server.unwrap().poll, None);
    }
}
