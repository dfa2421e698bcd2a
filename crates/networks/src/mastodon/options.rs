//! The network's own choices for a post: who sees it, what stands in front of
//! it, a poll, a quote.

use bellwether_base::Say;
use serde_json::Value;
use url::Url;

use super::plan::Poll;
use crate::{Content, Limits, Problem};

/// The option on who sees it.
pub(super) const VISIBILITY: &str = "visibility";
/// The option on what stands in front of it.
pub(super) const WARNING: &str = "content_warning";
/// The option on hiding pictures.
pub(super) const SENSITIVE: &str = "sensitive";
/// The option on a poll's choices.
pub(super) const POLL: &str = "poll";
/// The option on how long a poll is open.
pub(super) const POLL_CLOSES: &str = "poll_closes";
/// The option on how many choices somebody has.
pub(super) const POLL_CHOICES: &str = "poll_choices";
/// The option on showing counts while a poll is open.
pub(super) const POLL_TOTALS: &str = "poll_totals";
/// The option on quoting a post.
pub(super) const QUOTE: &str = "quote";
/// The option on who may quote the post.
pub(super) const QUOTABLE: &str = "who_can_quote";

/// Who sees a post. The first is meant where nobody chose.
pub(super) const VISIBILITIES: &[&str] = &[PUBLIC, "unlisted", "private", DIRECT];
pub(super) const NO_OR_YES: &[&str] = &["no", "yes"];
pub(super) const CLOSES: &[&str] = &["1d", "5m", "30m", "1h", "6h", "12h", "3d", "7d"];
pub(super) const ONE_OR_SEVERAL: &[&str] = &["one", "several"];
pub(super) const SHOWN_OR_HIDDEN: &[&str] = &["shown", "hidden"];
/// Who may quote; what the account's settings say is not sent.
pub(super) const QUOTERS: &[&str] = &["account", "public", "followers", "nobody"];

const PUBLIC: &str = "public";
/// Only those who are mentioned.
const DIRECT: &str = "direct";

/// The choices, understood. What cannot be understood is left out here and
/// named by [`problems`].
#[derive(Debug)]
pub(super) struct Choices {
    /// Who sees it: always sent, because servers differ in what they take for
    /// granted.
    pub visibility: &'static str,
    /// What stands in front of it; nothing when empty.
    pub warning: String,
    /// Whether pictures are hidden at first.
    pub sensitive: bool,
    /// The poll, which belongs to the first part.
    pub poll: Option<Poll>,
    /// The address of the post that the first part quotes.
    pub quote: Option<String>,
    /// Who may quote it, if that is not left to the account's settings.
    pub quotable: Option<&'static str>,
}

impl Choices {
    /// From a content's options.
    pub fn read(content: &Content) -> Self {
        let one = |name, known| one_of(content.options.get(name), known);
        let choices = lines(content.options.get(POLL)).unwrap_or_default();
        Self {
            visibility: one(VISIBILITY, VISIBILITIES).unwrap_or(PUBLIC),
            warning: line(content.options.get(WARNING)).unwrap_or_default(),
            sensitive: one(SENSITIVE, NO_OR_YES) == Some("yes"),
            poll: (!choices.is_empty()).then(|| Poll {
                choices,
                seconds: one(POLL_CLOSES, CLOSES).and_then(seconds).unwrap_or(24 * 60 * 60),
                several: one(POLL_CHOICES, ONE_OR_SEVERAL) == Some("several"),
                hidden: one(POLL_TOTALS, SHOWN_OR_HIDDEN) == Some("hidden"),
            }),
            quote: line(content.options.get(QUOTE)).filter(|quote| !quote.is_empty()),
            quotable: one(QUOTABLE, QUOTERS).filter(|quoters| *quoters != "account"),
        }
    }

    /// Whether only those see it who are mentioned.
    pub fn is_direct(&self) -> bool {
        self.visibility == DIRECT
    }
}

/// Seconds of `5m`, `6h`, `3d`.
fn seconds(span: &str) -> Option<u64> {
    let (number, unit) = span.split_at_checked(span.len().checked_sub(1)?)?;
    let unit = match unit {
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return None,
    };
    Some(number.parse::<u64>().ok()? * unit)
}

fn one_of(value: Option<&Value>, known: &[&'static str]) -> Option<&'static str> {
    let text = value?.as_str()?;
    known.iter().find(|known| **known == text).copied()
}

/// A line of text; nothing if it is anything else.
fn line(value: Option<&Value>) -> Option<String> {
    match value {
        None | Some(Value::Null) => Some(String::new()),
        Some(Value::String(text)) if !text.trim().contains(['\n', '\r']) => {
            Some(text.trim().to_owned())
        }
        Some(_) => None,
    }
}

/// Lines of text, as a list or as one text; nothing if it is anything else.
fn lines(value: Option<&Value>) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    match value {
        None | Some(Value::Null) => {}
        Some(Value::String(text)) => lines.extend(text.lines().map(|line| line.trim().to_owned())),
        Some(Value::Array(several)) => {
            for value in several {
                lines.push(line(Some(value))?);
            }
        }
        Some(_) => return None,
    }
    lines.retain(|line| !line.is_empty());
    Some(lines)
}

/// Choices that there are not, and choices that this server does not offer.
pub(super) fn problems(content: &Content, limits: &Limits) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, value) in &content.options {
        let known = match name.as_str() {
            VISIBILITY => VISIBILITIES,
            SENSITIVE => NO_OR_YES,
            POLL_CLOSES => CLOSES,
            POLL_CHOICES => ONE_OR_SEVERAL,
            POLL_TOTALS => SHOWN_OR_HIDDEN,
            QUOTABLE => QUOTERS,
            WARNING | QUOTE if line(Some(value)).is_some() => continue,
            POLL if lines(Some(value)).is_some() => continue,
            WARNING | QUOTE | POLL => &[],
            _ => {
                let say = Say::new("option-unknown").with("option", name);
                problems.push(Problem::error(None, say));
                continue;
            }
        };
        if !value.is_null() && one_of(Some(value), known).is_none() {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let say = Say::new("option-value-unknown").with("option", name).with("value", value);
            problems.push(Problem::error(None, say));
        }
    }
    let choices = Choices::read(content);
    problems.extend(of_poll(content, &choices, limits));
    problems.extend(of_quote(&choices, limits));
    problems
}

fn of_poll(content: &Content, choices: &Choices, limits: &Limits) -> Vec<Problem> {
    let error = |say| Problem::error(None, say);
    let Some(poll) = &choices.poll else { return Vec::new() };
    // Where the server was not asked yet, what is usual holds.
    let usual = crate::PollRule { choices: 4, characters: 50, shortest: 300, longest: 2_629_746 };
    let rule = limits.server.as_ref().map_or(Some(usual), |server| server.poll);
    let Some(rule) = rule else { return vec![error(Say::new("mastodon-no-polls"))] };
    let mut problems = Vec::new();
    if content.parts.first().is_some_and(|part| !part.media.is_empty()) {
        problems.push(error(Say::new("mastodon-poll-beside-pictures")));
    }
    let max = usize::try_from(rule.choices).unwrap_or(usize::MAX);
    if !(2..=max).contains(&poll.choices.len()) {
        let say = Say::new("mastodon-poll-wrong-number");
        problems.push(error(say.with("count", poll.choices.len()).with("max", rule.choices)));
    }
    for (at, choice) in poll.choices.iter().enumerate() {
        let length = choice.chars().count();
        if length > usize::try_from(rule.characters).unwrap_or(usize::MAX) {
            let say = Say::new("mastodon-poll-choice-too-long");
            let say = say.with("choice", choice).with("length", length);
            problems.push(error(say.with("max", rule.characters)));
        }
        if poll.choices[..at].contains(choice) {
            problems.push(error(Say::new("mastodon-poll-choice-twice").with("choice", choice)));
        }
    }
    if !(rule.shortest..=rule.longest).contains(&poll.seconds) {
        problems.push(error(Say::new("mastodon-poll-wrong-time")));
    }
    problems
}

fn of_quote(choices: &Choices, limits: &Limits) -> Vec<Problem> {
    let error = |say| Problem::error(None, say);
    let mut problems = Vec::new();
    let offers = limits.server.as_ref().is_none_or(|server| server.quotes);
    if !offers && (choices.quote.is_some() || choices.quotable.is_some()) {
        problems.push(error(Say::new("mastodon-no-quotes")));
    }
    if let Some(quote) = &choices.quote {
        let is_web = quote.parse::<Url>().is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if !is_web {
            problems.push(error(Say::new("mastodon-quote-no-address").with("address", quote)));
        }
        if choices.poll.is_some() {
            problems.push(error(Say::new("mastodon-quote-beside-poll")));
        }
    }
    problems
}
