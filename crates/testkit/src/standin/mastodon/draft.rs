//! What somebody wants to post, read and checked.
//!
//! After `PostStatusService`, the validators of `Status` and `Poll`, and
//! `validateNormalizeCreateStatus` of GoToSocial.

use std::time::Duration;

use bellwether_base::jiff::Timestamp;
use bellwether_base::{Clock as _, Instant, SystemClock};
use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation as _;

use super::call::{Call, Refused};
use super::entities::kind;
use super::params::{flag, list, text};
use super::settings::{Counting, Flavour, Scheduling};
use super::state::{Poll, State, Words, Work};
use super::text::length;

/// What comes of `scheduled_at`.
pub(super) enum When {
    Now,
    /// With this time and an id of it.
    Then(Instant),
    Waits(Instant),
}

const AHEAD: Duration = Duration::from_mins(5);
const VISIBILITIES: [&str; 4] = ["public", "unlisted", "private", "direct"];

/// The media that are asked for, in order. `of` is the status that is edited.
pub(super) fn media(
    call: &Call<'_>,
    state: &State,
    name: &str,
    of: Option<&str>,
) -> Result<Vec<String>, Refused> {
    let settings = call.settings;
    let (flavour, most) = (settings.flavour, settings.limits.media);
    let mut asked = call.params.list("media_ids");
    if asked.is_empty() {
        return Ok(asked);
    }
    let has_poll = call.params.values()["poll"].is_object() && flavour != Flavour::Pixelfed;
    if asked.len() > most || has_poll {
        let words = match flavour {
            Flavour::GoToSocial if has_poll => "can't post media + poll in same status".to_owned(),
            Flavour::GoToSocial => format!(
                "too many media files attached to status, {} attached but limit is {most}",
                asked.len()
            ),
            _ => "Cannot attach more than 4 files".to_owned(),
        };
        return Err(Refused::invalid(settings, &words));
    }
    let is_free = |id: &String| {
        let medium = state.media.get(id).filter(|medium| &*medium.account == name);
        medium.is_some_and(|m| m.status.is_none() || m.status.as_deref() == of)
    };
    let missing: Vec<_> = asked.iter().filter(|id| !is_free(id)).cloned().collect();
    // What is not there was left out in silence until mastodon#31681 (4.4).
    if flavour == Flavour::Mastodon42 {
        asked.retain(is_free);
    } else if let Some(first) = missing.first() {
        let words = if flavour == Flavour::GoToSocial {
            format!("media {first} not found")
        } else {
            format!("Media {} not found or already attached to another post", missing.join(", "))
        };
        return Err(Refused::invalid(settings, &words));
    }
    let chosen: Vec<_> = asked.iter().filter_map(|id| state.media.get(id)).collect();
    let is_alone = |mime: &str| matches!(kind(mime), "video" | "audio");
    if flavour.is_mastodon() && chosen.len() > 1 && chosen.iter().any(|m| is_alone(&m.mime)) {
        let words = "Cannot attach a video to a post that already contains images";
        return Err(Refused::new(422, words));
    }
    if chosen.iter().any(|medium| medium.work != Work::Done) {
        let words = "Cannot attach files that have not finished processing. Try again in a moment!";
        return Err(Refused::invalid(settings, words));
    }
    let mut chosen: Vec<_> = chosen.into_iter().map(|medium| medium.id.clone()).collect();
    let mut seen = Vec::new();
    chosen.retain(|id| {
        !seen.contains(id) && {
            seen.push(id.clone());
            true
        }
    });
    Ok(chosen)
}

/// All that is chosen, if it is valid. Without an own choice the visibility is
/// `visibility` and the language `language`.
pub(super) fn words(
    call: &Call<'_>,
    media: Vec<String>,
    visibility: String,
    language: &str,
) -> Result<Words, Refused> {
    let params = &call.params;
    let trimmed = |name: &str| params.text(name).unwrap_or_default().trim().to_owned();
    let (mut text, mut spoiler) = (trimmed("status"), trimmed("spoiler_text"));
    let is_sensitive = params.flag("sensitive").unwrap_or(false) || !spoiler.is_empty();
    if text.is_empty() && !spoiler.is_empty() {
        text = std::mem::take(&mut spoiler);
    }
    let mut complaints = complaints(call, &text, &spoiler, &media, &visibility);
    let asked = &params.values()["poll"];
    let is_asked = asked.is_object() && call.settings.flavour != Flavour::Pixelfed;
    let poll = is_asked.then(|| poll(call, asked, &mut complaints));
    if !complaints.is_empty() {
        let words = complaints.join(", ");
        return Err(match call.settings.flavour {
            Flavour::Mastodon46 | Flavour::Mastodon42 | Flavour::Pixelfed | Flavour::Takahe => {
                Refused::invalid(call.settings, &format!("Validation failed: {words}"))
            }
            _ => Refused::invalid(call.settings, &words),
        });
    }
    let language = params.filled("language").unwrap_or_else(|| language.to_owned());
    Ok(Words { text, spoiler, is_sensitive, visibility, language, media, poll })
}

fn complaints(
    call: &Call<'_>,
    text: &str,
    spoiler: &str,
    media: &[String],
    visibility: &str,
) -> Vec<String> {
    let settings = call.settings;
    let flavour = settings.flavour;
    let most = settings.limits.characters;
    let mut complaints = Vec::new();
    if text.is_empty() && media.is_empty() {
        complaints.push(match flavour {
            Flavour::GoToSocial => "no status, media, or poll provided".to_owned(),
            Flavour::Pleroma => "Cannot post an empty status without attachments".to_owned(),
            _ => "Text can't be blank".to_owned(),
        });
    }
    let count = length(text, spoiler, settings.counting, settings.limits.link_characters);
    if count > most {
        complaints.push(match flavour {
            Flavour::GoToSocial => format!(
                "status too long, {count} characters provided (including spoiler/content warning) but limit is {most}"
            ),
            Flavour::Pleroma => "The status is over the character limit".to_owned(),
            _ => format!("Text character limit of {most} exceeded"),
        });
    }
    let is_known = VISIBILITIES.contains(&visibility)
        && !(flavour == Flavour::Pixelfed && visibility == "direct")
        || flavour == Flavour::GoToSocial && visibility == "mutuals_only";
    if !is_known {
        complaints.push("Visibility is not included in the list".to_owned());
    }
    if flavour == Flavour::Pixelfed && spoiler.chars().count() > 140 {
        complaints.push("The spoiler text may not be greater than 140 characters.".to_owned());
    }
    complaints
}

fn poll(call: &Call<'_>, asked: &Value, complaints: &mut Vec<String>) -> Poll {
    let limits = &call.settings.limits;
    let options: Vec<String> = list(&asked["options"])
        .into_iter()
        .map(|option| option.trim().to_owned())
        .filter(|option| !option.is_empty())
        .collect();
    let mut complain = |words: String| complaints.push(words);
    if options.len() < 2 {
        complain("Poll options must have more than one item".to_owned());
    }
    if options.len() > limits.poll_options {
        complain(format!("Poll options can't contain more than {} items", limits.poll_options));
    }
    let size = |option: &String| match call.settings.counting {
        Counting::Scalars => option.chars().count(),
        _ => option.graphemes(true).count(),
    };
    if options.iter().any(|option| size(option) > limits.poll_characters) {
        let most = limits.poll_characters;
        complain(format!("Poll options cannot be longer than {most} characters each"));
    }
    if (1..options.len()).any(|at| options[..at].contains(&options[at])) {
        complain("Poll options contain duplicate items".to_owned());
    }
    let seconds = text(&asked["expires_in"]).and_then(|text| text.parse::<i64>().ok());
    match seconds {
        Some(seconds) if seconds < limits.poll_shortest => {
            complain("Poll expires at is too soon".to_owned());
        }
        Some(seconds) if seconds <= limits.poll_longest => (),
        _ => complain("Poll expires at is too far into the future".to_owned()),
    }
    let seconds = u64::try_from(seconds.unwrap_or(0)).unwrap_or(0);
    Poll {
        options,
        expires_at: SystemClock.now() + Duration::from_secs(seconds),
        takes_several: flag(&asked["multiple"]).unwrap_or(false),
        hides_totals: flag(&asked["hide_totals"]).unwrap_or(false),
    }
}

pub(super) fn when(call: &Call<'_>) -> Result<When, Refused> {
    let Some(asked) = call.params.filled("scheduled_at") else { return Ok(When::Now) };
    if call.settings.scheduling == Scheduling::Ignored {
        return Ok(When::Now);
    }
    let at = asked.parse::<Timestamp>().or_else(|_| format!("{asked}Z").parse());
    let at = at.map_err(|_| Refused::invalid(call.settings, "Record invalid"))?;
    let (at, now) = (Instant::from(at), SystemClock.now());
    Ok(match call.settings.scheduling {
        Scheduling::Lenient if at <= now + AHEAD => When::Now,
        Scheduling::Backdates if at <= now => When::Then(at),
        Scheduling::Strict if at <= now => When::Now,
        Scheduling::Strict if at < now + AHEAD => {
            let words = "Validation failed: Scheduled at date must be in the future";
            return Err(Refused::invalid(call.settings, words));
        }
        _ => When::Waits(at),
    })
}
