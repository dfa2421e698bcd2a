//! Values that are looked at before anything is asked: what a command line can
//! name is listed where it is wrong, in the command line's own words.

use clap::builder::PossibleValuesParser;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// What somebody can be in one workspace.
const ROLES: [&str; 5] = ["admin", "editor", "writer", "approver", "analyst"];

/// What somebody can be in all workspaces.
pub(super) fn role() -> PossibleValuesParser {
    PossibleValuesParser::new(["owner"].into_iter().chain(ROLES))
}

/// The same, or nothing.
pub(super) fn role_or_none() -> PossibleValuesParser {
    PossibleValuesParser::new(["owner"].into_iter().chain(ROLES).chain(["none"]))
}

/// What somebody can be in one workspace: owners own everything.
pub(super) fn role_there() -> PossibleValuesParser {
    PossibleValuesParser::new(ROLES)
}

/// What the product speaks.
pub(super) fn language() -> PossibleValuesParser {
    PossibleValuesParser::new(["en", "fr", "ja", "ko", "zh-Hans"])
}

/// What a token can be good for.
pub(super) fn scope() -> PossibleValuesParser {
    PossibleValuesParser::new([
        "read", "write", "publish", "channels", "pause", "override", "admin",
    ])
}

/// A time zone by its name.
pub(super) fn zone(name: &str) -> Result<String, String> {
    TimeZone::get(name).map(|_| name.to_owned()).map_err(|_| {
        "there is no such time zone: it is a name of the IANA list, such as Europe/Paris, Asia/Tokyo \
         or UTC"
            .to_owned()
    })
}

/// A local time.
pub(super) fn local_time(text: &str) -> Result<String, String> {
    text.trim().parse::<DateTime>().map(|_| text.to_owned()).map_err(|_| {
        if looks_like_a_date(text) {
            "there is no such day or time of day".to_owned()
        } else {
            "it is a date and a time of day, such as 2026-12-24T18:00 or \"2026-12-24 18:00\""
                .to_owned()
        }
    })
}

/// Whether it is written like a date: what is wrong then is the day, not the writing.
fn looks_like_a_date(text: &str) -> bool {
    let shape: String =
        text.trim().chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let (day, time) = shape.split_at_checked(10).unwrap_or((&shape, ""));
    let time = time.trim_start_matches(['T', 't', ' ']);
    day == "0000-00-00" && matches!(time, "" | "00:00" | "00:00:00")
}

/// A moment.
pub(super) fn moment(text: &str) -> Result<String, String> {
    text.parse::<jiff::Timestamp>().map(|_| text.to_owned()).map_err(|_| {
        "it is a moment with its zone, such as 2027-01-01T00:00:00Z or 2027-01-01T00:00:00+01:00"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_does_not_exist_is_not_called_unreadable() {
        for text in ["2027-02-30", "2027-02-30T18:00", "2027-02-28 25:00", "2027-13-01T18:00:00"] {
            assert_eq!(local_time(text).unwrap_err(), "there is no such day or time of day");
        }
        for text in ["tomorrow", "30.2.2027", "2027-2-3", "18:00", ""] {
            assert!(local_time(text).unwrap_err().starts_with("it is a date"), "{text}");
        }
        assert!(local_time("2028-02-29T18:00").is_ok());
    }
}
