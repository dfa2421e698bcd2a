//! Rendering one part of a post: every attempt uses this copy.

use bellwether_base::{Rng, Say};
use url::Url;

use super::api::Api;
use super::options::Choices;
use super::plan::{Picture, Plan};
use super::problems;
use super::publish::id_of;
use super::session::Session;
use crate::{Cx, Draft, Failure, FailureKind, Frozen};

/// Chooses what must be the same in every attempt, and finds the post that is
/// quoted. Writes nothing.
pub(super) async fn freeze(cx: &Cx<'_>, draft: &Draft<'_>) -> Result<Frozen, Failure> {
    let content = draft.content;
    let Some(part) = content.parts.get(draft.part) else {
        return Err(Failure::rejected(Say::new("content-empty")));
    };
    let mut choices = Choices::read(content);
    // A poll and a quote belong to the first part, a warning to each.
    let is_first = draft.part == 0;
    let quote = match choices.quote.take().filter(|_| is_first) {
        Some(address) => Some(quoted(cx, &address).await?),
        None => None,
    };
    let reply_to = match draft.previous.last() {
        Some(post) => Some(id_of(cx, post)?.to_owned()),
        None => None,
    };
    let plan = Plan {
        key: key(cx.rng),
        text: part.text.replace("\r\n", "\n").trim().to_owned(),
        reply_to,
        warning: choices.warning,
        sensitive: choices.sensitive,
        visibility: choices.visibility.to_owned(),
        language: content.languages.first().and_then(|language| problems::code(language)),
        pictures: part
            .media
            .iter()
            .map(|media| Picture { hash: media.hash.clone(), alt: media.alt.trim().to_owned() })
            .collect(),
        poll: choices.poll.filter(|_| is_first),
        quote,
        quotable: choices.quotable.map(str::to_owned),
    };
    let request = serde_json::to_value(&plan).map_err(|error| {
        Failure::rejected(Say::new("frozen-unreadable")).vendor(error.to_string())
    })?;
    Ok(Frozen { request, handles: Vec::new(), texts: vec![plan.text] })
}

/// What nobody chose before.
fn key(rng: &dyn Rng) -> String {
    let mut bytes = [0; 16];
    rng.fill(&mut bytes);
    hex::encode(bytes)
}

/// The server's own id of the post at `address`. A post of another server has
/// one once this server has fetched it, which a search for its address does.
async fn quoted(cx: &Cx<'_>, address: &str) -> Result<String, Failure> {
    let unknown = || Failure::rejected(Say::new("mastodon-quote-unknown").with("address", address));
    let url: Url = address.parse().map_err(|_| unknown())?;
    let session = Session::open(cx.credential)?;
    let api = Api::of(cx, &session.token);
    let answer = if let Some(id) = own_id(&url, &cx.account.server) {
        api.ask(&format!("/api/v1/statuses/{id}"), &[]).await?
    } else {
        let query = [("q", address), ("type", "statuses"), ("resolve", "true"), ("limit", "2")];
        api.ask("/api/v2/search", &query).await?
    };
    let told = match answer {
        Ok(said) => said.body,
        Err(refusal) if refusal.is_not_found() => return Err(unknown()),
        Err(refusal) => {
            let mut failure = refusal.failure();
            // A token that may not search can do everything else.
            if failure.say.key == "mastodon-scope-missing" {
                failure.kind = FailureKind::Rejected;
            }
            return Err(failure);
        }
    };
    let post = match (&told["statuses"], told["statuses"].as_array().map(Vec::as_slice)) {
        (_, Some([only])) => only,
        (list, None) if list.is_null() => &told,
        _ => return Err(unknown()),
    };
    post["id"].as_str().map(str::to_owned).ok_or_else(unknown)
}

/// The id in the address of a post on `server` itself, as Mastodon writes it.
fn own_id<'u>(url: &'u Url, server: &Url) -> Option<&'u str> {
    let mut path = url.path_segments()?;
    let is_own = url.host_str() == server.host_str() && path.next()?.starts_with('@');
    let id = path.next_back()?;
    (is_own && !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_post_of_the_own_server_has_its_id_in_its_address() {
        let server: Url = "https://social.example/".parse().unwrap();
        for (address, id) in [
            ("https://social.example/@ada/109", Some("109")),
            ("https://social.example/@ada/statuses/01ABC", Some("01ABC")),
            ("https://social.example/@ada@other.example/109", Some("109")),
            ("https://other.example/@ada/109", None),
            ("https://social.example/notice/9x", None),
            ("https://social.example/@ada", None),
            ("https://social.example/@ada/..%2F", None),
        ] {
            let url: Url = address.parse().unwrap();
            assert_eq!(own_id(&url, &server), id, "{address}");
        }
    }
}
