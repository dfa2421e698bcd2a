//! What the server would refuse or spoil, and what people would regret.

use bellwether_base::Say;

use super::options::{self, Choices};
use super::{facts, text};
use crate::{Content, Limits, Part, Problem, picture};

/// Characters of what stands in front of a post, on Pixelfed.
const SHORT_WARNING: usize = 140;

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
    let choices = Choices::read(content);
    for (index, part) in content.parts.iter().enumerate() {
        problems.extend(of_part(index, part, &choices, limits));
    }
    problems.extend(of_languages(&content.languages));
    problems.extend(options::problems(content, limits));
    if facts::needs_picture(limits) {
        if content.parts.first().is_some_and(|part| part.media.is_empty()) {
            problems.push(Problem::error(0, Say::new("mastodon-picture-needed")));
        }
        if choices.warning.chars().count() > SHORT_WARNING {
            let say = Say::new("mastodon-warning-too-long").with("max", SHORT_WARNING);
            problems.push(Problem::error(None, say));
        }
        if choices.is_direct() {
            problems.push(Problem::error(None, Say::new("mastodon-no-direct")));
        }
    }
    problems
}

fn of_part(index: usize, part: &Part, choices: &Choices, limits: &Limits) -> Vec<Problem> {
    let measured = text::measure(&part.text, limits);
    let mut problems = Vec::new();
    // Pictures are enough by themselves.
    let is_empty = measured.problems.iter().any(|say| say.key == "text-empty");
    if is_empty && part.media.is_empty() {
        problems.push(Problem::error(index, Say::new("text-empty")));
    }
    // What stands in front of a post counts with it.
    let warning = text::count(&choices.warning, limits);
    let over = i64::try_from(warning).unwrap_or(i64::MAX).saturating_sub(measured.remaining);
    if over > 0 {
        let too_long = measured.problems.iter().find(|say| say.key == "text-too-long");
        let say = match too_long {
            Some(say) if warning == 0 => say.clone(),
            _ => {
                let say = Say::new("mastodon-too-long-with-warning").with("over", over);
                say.with("limit", limits.text.max).with("warning", warning)
            }
        };
        problems.push(Problem::error(index, say));
    }
    problems.extend(picture::problems(index, &part.media, limits));
    if choices.is_direct() && measured.mentions.is_empty() {
        problems.push(Problem::warning(index, Say::new("mastodon-direct-to-nobody")));
    }
    let card = part.card.as_deref().map(str::trim).filter(|card| !card.is_empty());
    if card.is_some_and(|card| measured.links.first().is_none_or(|link| link.value != card)) {
        problems.push(Problem::warning(index, Say::new("mastodon-own-card")));
    }
    problems
}

fn of_languages(languages: &[String]) -> Vec<Problem> {
    let mut problems = Vec::new();
    if languages.len() > 1 {
        let say = Say::new("mastodon-one-language").with("language", &languages[0]);
        problems.push(Problem::warning(None, say));
    }
    for language in languages.iter().filter(|language| code(language).is_none()) {
        let say = Say::new("language-unknown").with("language", language);
        problems.push(Problem::error(None, say));
    }
    problems
}

/// The code that servers know for a BCP 47 language: what they do not know
/// they take for the account's usual language. They know a language without
/// script and region, and of Chinese three ways of writing it.
pub(super) fn code(language: &str) -> Option<String> {
    let mut subtags = language.split('-');
    let first = subtags.next()?;
    let is_code = matches!(first.len(), 2 | 3) && first.bytes().all(|b| b.is_ascii_lowercase());
    let is_plain = |subtag: &str| {
        (2..=8).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    if !is_code || !subtags.clone().all(is_plain) {
        return None;
    }
    if first != "zh" {
        return Some(first.to_owned());
    }
    let rest: Vec<&str> = subtags.collect();
    let has = |name: &str| rest.iter().any(|subtag| subtag.eq_ignore_ascii_case(name));
    Some(
        match () {
            () if has("HK") => "zh-HK",
            () if has("TW") || has("Hant") => "zh-TW",
            () if has("CN") || has("Hans") => "zh-CN",
            () => "zh",
        }
        .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{MediaRef, ServerFacts, Weight};

    fn part(text: &str) -> Part {
        Part { text: text.to_owned(), ..Part::default() }
    }

    fn picture() -> MediaRef {
        MediaRef { hash: "00".repeat(32), alt: "a cake".into(), facts: None }
    }

    fn content(parts: Vec<Part>, options: Value) -> Content {
        Content { parts, options: serde_json::from_value(options).unwrap(), languages: vec![] }
    }

    fn server(software: &str) -> Limits {
        let server = ServerFacts {
            software: software.into(),
            version: "1".into(),
            link: None,
            poll: None,
            quotes: false,
        };
        Limits { server: Some(server), ..super::super::limits() }
    }

    fn told(content: &Content, limits: &Limits) -> Vec<(Weight, Option<usize>, String)> {
        let problems = find(content, limits).into_iter();
        problems.map(|problem| (problem.weight, problem.part, problem.say.key)).collect()
    }

    fn keys(content: &Content) -> Vec<String> {
        told(content, &super::super::limits()).into_iter().map(|(_, _, key)| key).collect()
    }

    #[test]
    fn an_ordinary_post_has_no_problems() {
        let options = json!({
            "visibility": "unlisted", "content_warning": "Food", "sensitive": "yes",
            "who_can_quote": "followers", "quote": "https://social.example/@ada/1",
        });
        let mut all = content(vec![part("Good morning"), part("")], options);
        all.parts[1].media = vec![picture()];
        all.languages = vec!["pt-BR".into()];
        assert_eq!(keys(&all), [""; 0]);
        let poll = json!({"poll": ["Tea", "Coffee"], "poll_closes": "7d", "poll_choices": "several", "poll_totals": "hidden"});
        assert_eq!(keys(&content(vec![part("Tea or coffee?")], poll)), [""; 0]);
    }

    #[test]
    fn everything_wrong_is_named_with_its_part() {
        let limits = super::super::limits();
        let error = |part, key: &str| (Weight::Error, part, key.to_owned());
        let warning = |part, key: &str| (Weight::Warning, part, key.to_owned());
        assert_eq!(told(&Content::default(), &limits), [error(None, "content-empty")]);
        let none = json!({});
        let empty = content(vec![part("fine"), part(" \n")], none.clone());
        assert_eq!(told(&empty, &limits), [error(Some(1), "text-empty")]);
        let long = content(vec![part(&"x".repeat(501))], none.clone());
        assert_eq!(told(&long, &limits), [error(Some(0), "text-too-long")]);
        let many = content(vec![part("x"); 26], none.clone());
        assert_eq!(told(&many, &limits), [error(None, "content-too-many-parts")]);
        let mut card = content(vec![part("see https://a.co")], none);
        card.parts[0].card = Some("https://a.co".into());
        assert_eq!(told(&card, &limits), []);
        card.parts[0].card = Some("https://b.co".into());
        assert_eq!(told(&card, &limits), [warning(Some(0), "mastodon-own-card")]);
        let direct = content(vec![part("hello")], json!({"visibility": "direct"}));
        assert_eq!(told(&direct, &limits), [warning(Some(0), "mastodon-direct-to-nobody")]);
        let mut languages = content(vec![part("hello")], json!({}));
        languages.languages = vec!["en".into(), "klingon language".into()];
        let expected = [warning(None, "mastodon-one-language"), error(None, "language-unknown")];
        assert_eq!(told(&languages, &limits), expected);
    }

    #[test]
    fn what_stands_in_front_of_a_post_counts() {
        let fits = content(vec![part(&"x".repeat(496))], json!({"content_warning": "Food"}));
        assert_eq!(keys(&fits), [""; 0]);
        let over = content(vec![part(&"x".repeat(497))], json!({"content_warning": "Food"}));
        let problems = find(&over, &super::super::limits());
        assert_eq!(problems[0].say.key, "mastodon-too-long-with-warning");
        assert_eq!(problems[0].say.args["over"], "1");
    }

    #[test]
    fn choices_that_there_are_not_are_named() {
        let with = |options| keys(&content(vec![part("x")], options));
        assert_eq!(with(json!({"colour": "red"})), ["option-unknown"]);
        for (name, value) in [
            ("visibility", json!("friends")),
            ("visibility", json!(["public"])),
            ("sensitive", json!(true)),
            ("content_warning", json!(7)),
            ("content_warning", json!("a\nb")),
            ("poll", json!({"a": 1})),
            ("poll", json!([["a"]])),
            ("poll_closes", json!("2y")),
            ("who_can_quote", json!("me")),
        ] {
            assert_eq!(with(json!({name: value})), ["option-value-unknown"], "{name} {value}");
        }
        assert_eq!(with(json!({"visibility": null})), [""; 0]);
    }

    #[test]
    fn a_poll_is_what_the_server_takes() {
        let with = |options| keys(&content(vec![part("x")], options));
        assert_eq!(with(json!({"poll": ["one"]})), ["mastodon-poll-wrong-number"]);
        let five = json!({"poll": ["1", "2", "3", "4", "5"]});
        assert_eq!(with(five), ["mastodon-poll-wrong-number"]);
        assert_eq!(with(json!({"poll": "a\n\n b \n"})), [""; 0]);
        assert_eq!(with(json!({"poll": ["a", "a"]})), ["mastodon-poll-choice-twice"]);
        let long = json!({"poll": ["a", "b".repeat(51)]});
        assert_eq!(with(long), ["mastodon-poll-choice-too-long"]);
        let both = json!({"poll": ["a", "b"], "quote": "https://a.co/1"});
        assert_eq!(with(both), ["mastodon-quote-beside-poll"]);
        let mut pictures = content(vec![part("x")], json!({"poll": ["a", "b"]}));
        pictures.parts[0].media = vec![picture()];
        assert_eq!(keys(&pictures), ["mastodon-poll-beside-pictures"]);
        let mut limits = server("gotosocial");
        let told = |limits: &Limits| {
            told(&content(vec![part("x")], json!({"poll": ["a", "b"]})), limits).pop()
        };
        assert_eq!(told(&limits).unwrap().2, "mastodon-no-polls");
        let rule = crate::PollRule { choices: 2, characters: 9, shortest: 1, longest: 60 };
        limits.server.as_mut().unwrap().poll = Some(rule);
        assert_eq!(told(&limits).unwrap().2, "mastodon-poll-wrong-time");
    }

    #[test]
    fn what_a_server_does_not_offer_is_not_sent_there() {
        let quote = content(vec![part("x")], json!({"quote": "https://a.co/1"}));
        let told_of = |content, limits: &Limits| {
            told(content, limits).into_iter().map(|(_, _, key)| key).collect::<Vec<_>>()
        };
        assert_eq!(told_of(&quote, &server("gotosocial")), ["mastodon-no-quotes"]);
        let odd = content(vec![part("x")], json!({"quote": "the one of yesterday"}));
        assert_eq!(keys(&odd), ["mastodon-quote-no-address"]);
        let options = json!({"content_warning": "x".repeat(141), "visibility": "direct"});
        let bare = content(vec![part("@ada x")], options);
        assert_eq!(
            told_of(&bare, &server("pixelfed")),
            ["mastodon-picture-needed", "mastodon-warning-too-long", "mastodon-no-direct"]
        );
    }

    #[test]
    fn languages_are_those_that_servers_know() {
        for (language, known) in [
            ("en", Some("en")),
            ("en-GB", Some("en")),
            ("ast", Some("ast")),
            ("zh", Some("zh")),
            ("zh-Hans", Some("zh-CN")),
            ("zh-Hant-TW", Some("zh-TW")),
            ("zh-Hant-HK", Some("zh-HK")),
            ("EN", None),
            ("", None),
            ("english", None),
            ("en_US", None),
        ] {
            assert_eq!(code(language).as_deref(), known, "{language}");
        }
    }
}
