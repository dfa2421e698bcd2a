//! What templates may do with a value. The reader comes from the render call,
//! so no page carries a language around.

#![expect(
    clippy::inline_always,
    clippy::unnecessary_wraps,
    clippy::unused_self,
    clippy::trivially_copy_pass_by_ref,
    reason = "the macro makes them so"
)]

use askama::filters::Safe;
use askama::{Error, Result, Values, filter_fn, get_value};
use bellwether_base::{Instant, Say};

use super::icons;
use crate::locale::{AsSay, READER, Reader};

fn reader(values: &dyn Values) -> Result<&Reader> {
    get_value::<Reader>(values, READER)
}

/// `{{ "post-list-title"|t }}`: a message in the reader's words.
#[filter_fn]
pub fn t<S: AsSay>(say: S, values: &dyn Values) -> Result<String> {
    Ok(reader(values)?.text(&say.as_say()))
}

/// `{{ "post-list-count"|with("count", 3)|t }}`: fills one gap of a message.
#[filter_fn]
pub fn with<S: AsSay, V: ToString>(say: S, _: &dyn Values, name: &str, value: V) -> Result<Say> {
    Ok(say.as_say().with(name, value))
}

/// `18:00:03`.
#[filter_fn]
pub fn seconds(at: &Instant, values: &dyn Values) -> Result<String> {
    Ok(reader(values)?.seconds(*at))
}

/// `Thu 10 Dec`.
#[filter_fn]
pub fn day(at: &Instant, values: &dyn Values) -> Result<String> {
    Ok(reader(values)?.day(*at))
}

/// `18:00` today, `Thu 10 Dec, 18:00` on another day.
#[filter_fn]
pub fn moment(at: &Instant, values: &dyn Values) -> Result<String> {
    Ok(reader(values)?.moment(*at))
}

/// For `<time datetime>`.
#[filter_fn]
pub fn iso(at: &Instant, _: &dyn Values) -> Result<String> {
    Ok(at.to_rfc3339())
}

/// `1,934`.
#[filter_fn]
pub fn number<N: Copy + Into<i64>>(number: &N, values: &dyn Values) -> Result<String> {
    Ok(reader(values)?.number((*number).into()))
}

/// An icon of 20 px, for the eye only: the words stand beside it.
#[filter_fn]
pub fn icon(name: &str, _: &dyn Values) -> Result<Safe<String>> {
    draw("icon", 20, icons::icon(name))
}

/// An icon of 16 px, for inside buttons.
#[filter_fn]
pub fn icon_small(name: &str, _: &dyn Values) -> Result<Safe<String>> {
    draw("icon small", 20, icons::icon(name))
}

/// The shape of a state.
#[filter_fn]
pub fn glyph(name: &str, _: &dyn Values) -> Result<Safe<String>> {
    draw("glyph", 16, icons::glyph(name))
}

fn draw(class: &str, size: u8, inside: Option<&str>) -> Result<Safe<String>> {
    let inside = inside.ok_or(Error::ValueMissing)?;
    Ok(Safe(format!(
        r#"<svg class="{class}" viewBox="0 0 {size} {size}" aria-hidden="true">{inside}</svg>"#
    )))
}
