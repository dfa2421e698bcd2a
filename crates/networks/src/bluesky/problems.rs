//! What the network would refuse or spoil, and what people would regret.

use bellwether_base::Say;
use url::Url;

use super::{options, text};
use crate::{Content, Limits, Part, Problem, picture};

/// Languages that a post may name.
const MAX_LANGUAGES: usize = 3;

/// Everything wrong with `content`.
pub(super) fn find(content: &Content, limits: &Limits) -> Vec<Problem> {
    let mut problems = Vec::new();
    if content.parts.is_empty() {
        problems.push(Problem::error(None, Say::new("content-empty")));
    }
    if content.parts.len() > usize::try_from(limits.parts).unwrap_or(usize::MAX) {
        let say = Say::new("content-too-many-parts")
            .with("parts", content.parts.len())
            .with("max", limits.parts);
        problems.push(Problem::error(None, say));
    }
    for (index, part) in content.parts.iter().enumerate() {
        problems.extend(of_part(index, part, limits));
    }
    problems.extend(of_languages(&content.languages));
    problems.extend(options::problems(content));
    problems
}

fn of_part(index: usize, part: &Part, limits: &Limits) -> Vec<Problem> {
    let mut problems = Vec::new();
    let card = part.card.as_deref().map(str::trim).filter(|card| !card.is_empty());
    // Pictures or a card are enough by themselves.
    let may_be_empty = !part.media.is_empty() || card.is_some();
    let of_text = text::measure(&part.text, limits).problems.into_iter();
    problems.extend(
        of_text
            .filter(|say| !(may_be_empty && say.key == "text-empty"))
            .map(|say| Problem::error(index, say)),
    );
    problems.extend(picture::problems(index, &part.media, limits));
    if let Some(card) = card {
        let is_web = card.parse::<Url>().is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if !is_web {
            let say = Say::new("card-bad-address").with("address", card);
            problems.push(Problem::error(index, say));
        }
        if !part.media.is_empty() {
            problems.push(Problem::warning(index, Say::new("card-beside-pictures")));
        }
    }
    problems
}

fn of_languages(languages: &[String]) -> Vec<Problem> {
    let mut problems = Vec::new();
    if languages.len() > MAX_LANGUAGES {
        let say = Say::new("languages-too-many")
            .with("count", languages.len())
            .with("max", MAX_LANGUAGES);
        problems.push(Problem::error(None, say));
    }
    for language in languages.iter().filter(|language| !is_language(language)) {
        let say = Say::new("language-unknown").with("language", language);
        problems.push(Problem::error(None, say));
    }
    problems
}

/// Whether servers take it for a language: a BCP 47 tag of language, script,
/// region and variants, in that order. Rarer forms are not offered.
fn is_language(tag: &str) -> bool {
    let mut subtags = tag.split('-').peekable();
    let is = |subtag: &str, lengths: std::ops::RangeInclusive<usize>, kind: fn(&u8) -> bool| {
        lengths.contains(&subtag.len()) && subtag.as_bytes().iter().all(kind)
    };
    if !subtags.next().is_some_and(|language| is(language, 2..=3, u8::is_ascii_lowercase)) {
        return false;
    }
    subtags.next_if(|script| is(script, 4..=4, u8::is_ascii_alphabetic));
    subtags.next_if(|region| {
        is(region, 2..=2, u8::is_ascii_alphabetic) || is(region, 3..=3, u8::is_ascii_digit)
    });
    let variants: Vec<&str> = subtags.collect();
    variants.iter().enumerate().all(|(index, variant)| {
        let is_variant = is(variant, 5..=8, u8::is_ascii_alphanumeric)
            || (is(variant, 4..=4, u8::is_ascii_alphanumeric)
                && variant.as_bytes()[0].is_ascii_digit());
        is_variant && !variants[..index].iter().any(|other| other.eq_ignore_ascii_case(variant))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MediaFacts, MediaRef, Weight};
    use serde_json::json;

    fn keys(content: &Content) -> Vec<(Weight, Option<usize>, String)> {
        let problems = find(content, &super::super::limits());
        problems
            .into_iter()
            .map(|problem| (problem.weight, problem.part, problem.say.key))
            .collect()
    }

    fn picture(alt: &str, mime: &str) -> MediaRef {
        let facts =
            MediaFacts { mime: mime.to_owned(), bytes: 99_000_000, width: 9000, height: 9000 };
        MediaRef { hash: "00".repeat(32), alt: alt.to_owned(), facts: Some(facts) }
    }

    fn part(text: &str) -> Part {
        Part { text: text.to_owned(), ..Part::default() }
    }

    #[test]
    fn an_ordinary_post_has_no_problems() {
        let mut content = Content { parts: vec![part("Good morning")], ..Content::default() };
        content.languages = vec!["en".into(), "pt-BR".into(), "zh-Hant-TW".into()];
        content.options.insert("labels".into(), json!(["nudity"]));
        content.options.insert("who_can_reply".into(), json!(["mentioned", "following"]));
        content.parts[0].media = vec![picture("A very large picture", "image/png")];
        assert_eq!(keys(&content), []);
    }

    #[test]
    fn everything_wrong_is_named_with_its_part() {
        let error = |part, key: &str| (Weight::Error, part, key.to_owned());
        let warning = |part, key: &str| (Weight::Warning, part, key.to_owned());
        assert_eq!(keys(&Content::default()), [error(None, "content-empty")]);

        let mut content = Content { parts: vec![part("fine"), part(" \n")], ..Content::default() };
        assert_eq!(keys(&content), [error(Some(1), "text-empty")]);
        content.parts[1].card = Some("https://example.com/".into());
        assert_eq!(keys(&content), []);
        content.parts[1].card = Some("javascript:alert(1)".into());
        assert_eq!(keys(&content), [error(Some(1), "card-bad-address")]);

        content.parts = vec![part("pictures")];
        content.parts[0].media = vec![picture("", "image/jpeg"); 5];
        content.parts[0].media[1] = picture(&"x".repeat(2001), "image/avif");
        let found = keys(&content);
        assert_eq!(found[0], error(Some(0), "pictures-too-many"));
        assert_eq!(found[1], warning(Some(0), "picture-without-description"));
        assert_eq!(found[2], error(Some(0), "picture-description-too-long"));
        assert_eq!(found[3], error(Some(0), "picture-kind-unknown"));

        content.parts = vec![part("x"); 26];
        assert_eq!(keys(&content), [error(None, "content-too-many-parts")]);

        content.parts = vec![part("languages")];
        content.languages = ["en", "fr", "ja", "klingon language"].map(str::to_owned).into();
        let expected = [error(None, "languages-too-many"), error(None, "language-unknown")];
        assert_eq!(keys(&content), expected);
    }

    #[test]
    fn choices_that_there_are_not_are_named() {
        let with = |name: &str, value| {
            let mut content = Content { parts: vec![part("x")], ..Content::default() };
            content.options.insert(name.to_owned(), value);
            keys(&content).into_iter().map(|(_, _, key)| key).collect::<Vec<_>>()
        };
        assert_eq!(with("visibility", json!("public")), ["option-unknown"]);
        assert_eq!(with("labels", json!(["gore"])), ["option-value-unknown"]);
        assert_eq!(with("labels", json!(7)), ["option-value-unknown"]);
        assert_eq!(with("who_can_reply", json!("friends")), ["option-value-unknown"]);
        let both = json!(["nobody", "followers"]);
        assert_eq!(with("who_can_reply", both), ["bluesky-who-can-reply-contradicts"]);
        assert_eq!(with("who_can_reply", json!("nobody")), [""; 0]);
        assert_eq!(with("who_can_reply", json!(["followers", "mentioned"])), [""; 0]);
    }

    /// Each was put to PDS 0.5.35.
    #[test]
    fn languages_are_those_that_a_real_server_takes() {
        for tag in ["en", "en-US", "zh-Hant-TW", "de-1996", "es-419", "ast", "sl-rozaj-biske"] {
            assert!(is_language(tag), "{tag}");
        }
        for tag in
            ["", "EN", "english", "abcd", "en-x", "en_US", "e", "en-", "de-1996-1996", "日本"]
        {
            assert!(!is_language(tag), "{tag}");
        }
    }
}
