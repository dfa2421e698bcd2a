//! The living style page: every component in every state, as pages use them.

use askama::Template;
use axum::response::Response;

use crate::errors::Trouble;
use crate::page::badge::Badge;
use crate::page::{Page, Visitor, filters};

/// Grounds, inks and lines, by their names in the style sheet.
const COLOURS: [&str; 28] = [
    "ground",
    "rail",
    "surface",
    "raised",
    "sunken",
    "hover",
    "selected",
    "line",
    "line-strong",
    "ink",
    "ink-2",
    "ink-3",
    "solid",
    "brass",
    "brass-edge",
    "brass-wash",
    "blue",
    "blue-wash",
    "green",
    "green-wash",
    "teal",
    "teal-wash",
    "red-solid",
    "red-wash",
    "plum",
    "plum-wash",
    "slate",
    "slate-wash",
];

/// Every state a post or a delivery can be in, with its family.
const STATES: [(&str, &str); 16] = [
    ("draft", "draft"),
    ("review", "in-review"),
    ("changes", "changes-asked"),
    ("ready", "ready"),
    ("scheduled", "scheduled"),
    ("publishing", "sending"),
    ("published", "live"),
    ("partly", "partly-live"),
    ("failed", "refused"),
    ("checking", "checking"),
    ("unknown", "unknown"),
    ("held", "held"),
    ("missed", "missed"),
    ("hand", "waiting-for-person"),
    ("cancelled", "cancelled"),
    ("down", "deleted"),
];

#[derive(Template)]
#[template(path = "style/style.html")]
pub struct Style {
    colours: &'static [&'static str],
    badges: Vec<Badge>,
}

impl Style {
    fn new() -> Self {
        let badges = STATES.iter().map(|(family, name)| {
            let mut badge = Badge::new(family, name);
            badge.say = badge.say.with("network", "Practice").with("reason", "paused");
            badge
        });
        Self { colours: &COLOURS, badges: badges.collect() }
    }
}

pub async fn page(visitor: Visitor) -> Result<Response, Trouble> {
    Page::bare("style-title", Style::new()).show(&visitor)
}

#[cfg(test)]
impl crate::views::View for Style {
    fn samples() -> Vec<Page<Self>> {
        vec![Page::bare("style-title", Self::new())]
    }
}
