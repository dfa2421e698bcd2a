//! All messages of all floors, in all languages.

use std::sync::LazyLock;

use bellwether_base::{Instant, Say, jiff};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::{Lang, Reader, dates};

/// Language, path and text of every message file.
pub const FILES: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// Stands around a key that has no message. Tests look for it on every page.
pub const MISSING: [char; 2] = ['⟦', '⟧'];

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<Vec<Bundle>> = LazyLock::new(|| Lang::ALL.map(bundle).into());

fn bundle(lang: Lang) -> Bundle {
    let id = lang.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // Isolation marks would land in every copied text. Values that need one
    // get it in `value`.
    bundle.set_use_isolating(false);
    // `NUMBER($count)` groups digits; a bare `$count` does not, for it may be
    // a year or an error code.
    let grouped = bundle.add_function("NUMBER", move |values, _| match values.first() {
        Some(FluentValue::Number(number)) => {
            #[expect(clippy::cast_possible_truncation, reason = "counts are whole and small")]
            let whole = number.value as i64;
            dates::number(lang, whole).into()
        }
        Some(other) => other.into_owned(),
        None => FluentValue::Error,
    });
    if let Err(error) = grouped {
        tracing::error!(%error, "messages cannot group numbers");
    }
    for (_, path, source) in FILES.iter().filter(|(tag, ..)| *tag == lang.tag()) {
        let resource =
            FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(rest, errors)| {
                tracing::error!(path, ?errors, "a message file does not read");
                rest
            });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(path, ?errors, "a message is there twice");
        }
    }
    bundle
}

/// `say` for `reader`. A key without a message is shown between [`MISSING`] marks.
pub fn format(reader: &Reader, say: &Say) -> String {
    let own = &BUNDLES[reader.lang as usize];
    let pattern = |bundle: &'static Bundle| bundle.get_message(&say.key)?.value();
    let (bundle, pattern) = match pattern(own) {
        Some(found) => (own, found),
        None => match pattern(&BUNDLES[Lang::En as usize]) {
            Some(found) => (&BUNDLES[Lang::En as usize], found),
            None => return missing(&say.key),
        },
    };
    let mut args = FluentArgs::with_capacity(say.args.len());
    for (name, text) in &say.args {
        let local = if name == "local" { local(reader, text) } else { None };
        args.set(name.as_str(), local.unwrap_or_else(|| value(reader, text)));
    }
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
    if errors.is_empty() {
        text
    } else {
        tracing::warn!(key = say.key, ?errors, "a message has a gap that nothing fills");
        missing(&say.key)
    }
}

fn missing(key: &str) -> String {
    let [open, close] = MISSING;
    format!("{open}{key}{close}")
}

/// An argument as Fluent takes it: whole numbers choose plural forms, moments
/// are told in the reader's zone, right-to-left names are kept from turning
/// the sentence round, and everything else is text as it is.
fn value<'a>(reader: &Reader, text: &'a str) -> FluentValue<'a> {
    if let Some(number) = whole_number(text) {
        return number.into();
    }
    if let Some(at) = moment(text) {
        return reader.moment(at).into();
    }
    if text.chars().any(is_right_to_left) {
        return format!("\u{2068}{text}\u{2069}").into();
    }
    text.into()
}

fn whole_number(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (text.len() <= 15 && number.to_string() == text).then_some(number)
}

/// A planned date and time, told as it is: its zone is told beside it.
fn local<'a>(reader: &Reader, text: &str) -> Option<FluentValue<'a>> {
    let local: jiff::civil::DateTime = text.parse().ok()?;
    Some(reader.planned(local).into())
}

/// A moment as `Instant` writes it, and in no other form.
fn moment(text: &str) -> Option<Instant> {
    let digits = text.len() == 24 && text.ends_with('Z') && text.as_bytes().get(19) == Some(&b'.');
    if !digits {
        return None;
    }
    text.parse::<jiff::Timestamp>().ok().map(Instant::from)
}

/// Hebrew, Arabic and their relatives.
fn is_right_to_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}
