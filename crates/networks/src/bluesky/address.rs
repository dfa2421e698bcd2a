//! Where people see what is on the network. Both go by the account's id: a
//! handle may change.

use url::Url;

use super::SPEC;
use crate::Endpoints;

/// Of a profile.
pub fn profile(endpoints: &Endpoints, did: &str) -> Option<Url> {
    in_app(endpoints, &["profile", did])
}

/// Of a post.
pub fn post(endpoints: &Endpoints, did: &str, rkey: &str) -> Option<Url> {
    in_app(endpoints, &["profile", did, "post", rkey])
}

fn in_app(endpoints: &Endpoints, path: &[&str]) -> Option<Url> {
    let mut url = endpoints.get(&SPEC, "app")?;
    url.path_segments_mut().ok()?.pop_if_empty().extend(path);
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_the_app_that_the_operator_names() {
        let ours = Endpoints::default();
        let told = |url: Option<Url>| url.map(String::from).unwrap_or_default();
        assert_eq!(told(profile(&ours, "did:plc:lune")), "https://bsky.app/profile/did:plc:lune");
        let moved =
            Endpoints([("app".to_owned(), "https://app.example/x/".parse().unwrap())].into());
        assert_eq!(
            told(post(&moved, "did:plc:lune", "3k")),
            "https://app.example/x/profile/did:plc:lune/post/3k"
        );
    }

    #[test]
    fn what_a_server_told_as_an_id_leads_to_no_other_place() {
        let told = profile(&Endpoints::default(), "../login?next=#").map(String::from);
        assert_eq!(told.as_deref(), Some("https://bsky.app/profile/..%2Flogin%3Fnext=%23"));
    }
}
