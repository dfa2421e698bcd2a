//! Every key in every language, with the same gaps, used, and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use bellwether_base::jiff::Timestamp;
use fluent_syntax::ast;
use fluent_syntax::parser::parse;

use super::*;
use crate::locale::catalog::{FILES, MISSING};

/// Keys that are put together at run time, with what puts them together.
const FAMILIES: &[(&str, &str)] = &[
    ("error-", "the kinds of trouble, in errors.rs"),
    ("theme-", "the names of the themes"),
    ("state-", "the names of the states"),
    ("not-found-", "Error::not_found"),
    ("permission-", "the names of the permissions"),
    ("role-", "the names of the roles"),
    ("where-", "the names of the states"),
    ("log-", "what people did, with their names, in publishing/log.rs"),
    ("stopped-", "scopes and levels of a pause"),
];

type Messages = BTreeMap<String, BTreeSet<String>>;

/// Message names with their variables, for each language.
fn messages() -> BTreeMap<&'static str, Messages> {
    let mut all: BTreeMap<&'static str, Messages> = BTreeMap::new();
    for (lang, path, source) in FILES {
        let resource = parse(*source).unwrap_or_else(|(_, errors)| panic!("{path}: {errors:?}"));
        for entry in resource.body {
            let ast::Entry::Message(message) = entry else { continue };
            assert!(message.attributes.is_empty(), "{path}: attributes are not used here");
            let mut variables = BTreeSet::new();
            pattern(&message.value.expect("a message has a text"), &mut variables);
            let twice = all.entry(lang).or_default().insert(message.id.name.to_owned(), variables);
            assert!(twice.is_none(), "{path}: {} is there twice", message.id.name);
        }
    }
    all
}

fn pattern(pattern: &ast::Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let ast::PatternElement::Placeable { expression: found } = element {
            expression(found, variables);
        }
    }
}

fn expression(found: &ast::Expression<&str>, variables: &mut BTreeSet<String>) {
    match found {
        ast::Expression::Inline(found) => inline(found, variables),
        ast::Expression::Select { selector, variants } => {
            inline(selector, variables);
            for variant in variants {
                pattern(&variant.value, variables);
            }
        }
    }
}

fn inline(found: &ast::InlineExpression<&str>, variables: &mut BTreeSet<String>) {
    match found {
        ast::InlineExpression::VariableReference { id } => {
            variables.insert(id.name.to_owned());
        }
        ast::InlineExpression::FunctionReference { id, arguments } => {
            assert_eq!(id.name, "NUMBER", "the only function there is");
            for argument in &arguments.positional {
                inline(argument, variables);
            }
        }
        ast::InlineExpression::Placeable { expression: found } => expression(found, variables),
        _ => {}
    }
}

#[test]
fn every_message_is_in_every_language_with_the_same_gaps() {
    let all = messages();
    let mut wrong = String::new();
    for lang in Lang::ALL {
        let own = all.get(lang.tag()).cloned().unwrap_or_default();
        for (key, gaps) in &all["en"] {
            match own.get(key) {
                None => writeln!(wrong, "{lang}: {key} is missing").unwrap(),
                Some(other) if other != gaps => {
                    writeln!(wrong, "{lang}: {key} has {other:?}, English has {gaps:?}").unwrap();
                }
                Some(_) => {}
            }
        }
        for key in own.keys().filter(|key| !all["en"].contains_key(*key)) {
            writeln!(wrong, "{lang}: {key} is not in English").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// All files of `kinds` below `folder`, with their text.
pub fn sources(folder: &Path, kinds: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(sources(&path, kinds));
        } else if kinds.iter().any(|kind| path.extension().is_some_and(|own| own == *kind)) {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

fn floors() -> Vec<(PathBuf, String)> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    ["web", "app", "networks", "images"]
        .iter()
        .flat_map(|floor| sources(&crates.join(floor).join("src"), &["rs", "html"]))
        .filter(|(path, _)| {
            !path.components().any(|part| {
                let part = part.as_os_str().to_string_lossy();
                part == "tests" || part == "tests.rs" || part == "testing.rs"
            })
        })
        // What follows the tests of a module is made up.
        .map(|(path, text)| {
            let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
            let code = |line: &&str| !line.trim_start().starts_with("//");
            let text = text[..end].lines().filter(code).collect::<Vec<_>>().join("\n");
            (path, text)
        })
        .collect()
}

fn looks_like_a_key(text: &str) -> bool {
    text.contains('-')
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// The literals that `text` hands over as messages: what stands in quotes
/// right after one of `openings`, or right before one of `closings`.
fn literals<'a>(text: &'a str, openings: &[&str], closings: &[&str]) -> Vec<&'a str> {
    let mut found = Vec::new();
    for opening in openings {
        for (at, _) in text.match_indices(opening) {
            let rest = text[at + opening.len()..].trim_start();
            if let Some(literal) = rest.strip_prefix('"').and_then(|rest| rest.split('"').next()) {
                found.push(literal);
            }
        }
    }
    for closing in closings {
        for (at, _) in text.match_indices(closing) {
            if let Some(literal) =
                text[..at].strip_suffix('"').and_then(|text| text.rsplit('"').next())
            {
                found.push(literal);
            }
        }
    }
    found
}

#[test]
fn every_key_that_is_used_has_a_message() {
    let known = &messages()["en"];
    let mut wrong = String::new();
    for (path, text) in floors() {
        let mut keys = literals(
            &text,
            &["Say::new(", "Error::invalid(", "Error::conflict(", "label: ", ".message("],
            &["|t", "|with("],
        );
        keys.retain(|key| looks_like_a_key(key));
        for key in keys.iter().filter(|key| !known.contains_key(**key)) {
            writeln!(wrong, "{}: {key}", path.display()).unwrap();
        }
        for thing in literals(&text, &["Error::not_found("], &[]) {
            let key = format!("not-found-{thing}");
            if !known.contains_key(&key) {
                writeln!(wrong, "{}: {key}", path.display()).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "no message for\n{wrong}");
}

/// What looks like a key of the product's own and is none.
const NO_KEYS: [&str; 1] = ["setup-link"];

/// A key is not always handed over where it is written: in the product, every
/// literal whose first word is that of a message has to be one.
#[test]
fn every_key_of_the_product_has_a_message() {
    let known = &messages()["en"];
    let first = |key: &str| key.split('-').next().unwrap_or_default().to_owned();
    let families: BTreeSet<String> = known.keys().map(|key| first(key)).collect();
    let mut wrong = String::new();
    for (path, text) in
        floors().into_iter().filter(|(path, _)| path.to_string_lossy().contains("/app/"))
    {
        let strings = text.split('"').skip(1).step_by(2).filter(|text| looks_like_a_key(text));
        for key in strings.filter(|key| families.contains(&first(key))) {
            if !known.contains_key(key) && !NO_KEYS.contains(&key) {
                writeln!(wrong, "{}: {key}", path.display()).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "no message for\n{wrong}");
}

#[test]
fn every_message_is_used() {
    let text: String = floors().into_iter().map(|(_, text)| text).collect();
    let known = &messages()["en"];
    let unused: Vec<&String> = known
        .keys()
        .filter(|key| !FAMILIES.iter().any(|(family, _)| key.starts_with(family)))
        .filter(|key| !text.contains(&format!("\"{key}\"")))
        // The help of a field and the values of an option go with its label.
        .filter(|key| !key.strip_suffix("-help").is_some_and(|label| known.contains_key(label)))
        .filter(|key| {
            let mut labels = key.match_indices('-').map(|(at, _)| &key[..at]);
            !labels.any(|label| text.contains(&format!("label: \"{label}\"")))
        })
        .collect();
    assert!(unused.is_empty(), "nothing says {unused:#?}");
}

fn reader(lang: Lang) -> Reader {
    let now: Timestamp = "2026-12-11T08:12:00Z".parse().unwrap();
    Reader::new(lang, now.into()).in_zone("Europe/Paris")
}

fn at(text: &str) -> Instant {
    text.parse::<Timestamp>().unwrap().into()
}

#[test]
fn a_key_without_a_message_shows_that_it_has_none() {
    let text = reader(Lang::Ja).message("no-such-key");
    assert_eq!(text, format!("{}no-such-key{}", MISSING[0], MISSING[1]));
    // A gap that nothing fills, too.
    assert!(reader(Lang::En).message("account").contains(MISSING[0]));
}

#[test]
fn counts_choose_their_form_and_are_grouped() {
    let say = |count: i64| Say::new("stopped-on-the-way").with("count", count);
    assert_eq!(reader(Lang::En).text(&say(1)), "1 was already on its way.");
    assert_eq!(reader(Lang::En).text(&say(1234)), "1,234 were already on their way.");
    assert_eq!(
        reader(Lang::Fr).text(&say(1234)),
        "1\u{202f}234 publications étaient déjà en cours d’envoi."
    );
    assert_eq!(reader(Lang::Ja).text(&say(2)), "2件はすでに送信中でした。");
}

#[test]
fn moments_are_told_in_the_readers_zone_and_language() {
    let evening = at("2026-12-10T17:00:03Z");
    let told: Vec<String> = Lang::ALL.map(|lang| reader(lang).moment(evening)).into();
    assert_eq!(
        told,
        [
            "Thu 10 Dec, 18:00",
            "jeu. 10 déc., 18:00",
            "12月10日(木) 18:00",
            "12월 10일 (목) 18:00",
            "12月10日 周四 18:00"
        ]
    );
    assert_eq!(reader(Lang::En).moment(at("2026-12-11T05:30:00Z")), "06:30");
    assert_eq!(reader(Lang::En).day(at("2027-01-01T12:00:00Z")), "Fri 1 Jan 2027");
    assert_eq!(reader(Lang::Fr).day(at("2027-01-01T12:00:00Z")), "ven. 1er janv. 2027");
    let say = Say::new("stopped-since").with("at", evening);
    assert_eq!(reader(Lang::En).text(&say), "Stopped since Thu 10 Dec, 18:00");
}

#[test]
fn a_plan_is_told_as_it_was_made_and_as_people_of_that_language_write_it() {
    let past = Say::new("time-past").with("local", "2026-12-10T18:00").with("zone", "Asia/Tokyo");
    let told = |lang| reader(lang).text(&past);
    assert!(told(Lang::En).starts_with("Thu 10 Dec, 18:00 (Asia/Tokyo) is past"));
    assert!(told(Lang::Ja).starts_with("12月10日(木) 18:00（Asia/Tokyo）"));
    for lang in Lang::ALL {
        assert!(!told(lang).contains("T18"), "{}", told(lang));
    }
    // What is none is told as it is.
    let odd = Say::new("time-past").with("local", "soon").with("zone", "UTC");
    assert!(reader(Lang::En).text(&odd).starts_with("soon (UTC)"));
}

/// The lines of the messages in `tag`, with their files.
fn lines(tag: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let files = FILES.iter().filter(move |(own, ..)| *own == tag);
    let lines = files.flat_map(|(_, path, source)| source.lines().map(move |line| (*path, line)));
    lines.filter(|(_, line)| !line.starts_with('#'))
}

#[test]
fn french_signs_stand_off_by_a_narrow_space_that_does_not_break() {
    let narrow = '\u{202f}';
    let mut wrong = Vec::new();
    for (path, line) in lines("fr") {
        let signs: Vec<char> = line.chars().collect();
        let is_wrong = signs.windows(2).any(|two| match (two[0], two[1]) {
            // Inside an address or the name of a header it stands close.
            (before, ':') => before == ' ' || before == '\u{a0}',
            (before, ';' | '!' | '?' | '»') => before != narrow,
            ('«', after) => after != narrow,
            _ => false,
        });
        if is_wrong {
            wrong.push(format!("{path}: {line}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn signs_beside_chinese_and_japanese_letters_are_as_wide_as_they_are() {
    let is_wide =
        |letter: char| matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}');
    let mut wrong = Vec::new();
    for (path, line) in lines("ja").chain(lines("zh-Hans")) {
        let signs: Vec<char> = line.chars().collect();
        let is_wrong = signs.windows(2).any(|two| {
            is_wide(two[0]) && ",.;:!?()".contains(two[1]) || two[0] == '(' && is_wide(two[1])
        });
        if is_wrong {
            wrong.push(format!("{path}: {line}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_name_that_runs_from_right_to_left_does_not_turn_the_sentence() {
    let text = reader(Lang::En).text(&Say::new("account").with("name", "נועה"));
    assert_eq!(text, "\u{2068}נועה\u{2069}, your account");
}

#[test]
fn spans_have_at_most_two_units() {
    let told = |seconds| reader(Lang::En).span(Duration::from_secs(seconds)).replace('\u{a0}', " ");
    assert_eq!(told(0), "0 s");
    assert_eq!(told(41), "41 s");
    assert_eq!(told(3 * 60 + 5), "3 min");
    assert_eq!(told(5 * 3600 + 18 * 60), "5 h 18 min");
    assert_eq!(told(2 * 86_400), "2 d");
    assert_eq!(reader(Lang::Ja).span(Duration::from_mins(318)), "5時間18分");
}
