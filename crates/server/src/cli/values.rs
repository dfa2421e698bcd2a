//! Values that are looked at before anything is asked: what a command line can
//! name is listed where it is wrong, in the command line's own words.

use clap::builder::PossibleValuesParser;

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

/// A moment.
pub(super) fn moment(text: &str) -> Result<String, String> {
    text.parse::<jiff::Timestamp>().map(|_| text.to_owned()).map_err(|_| {
        "it is a moment with its zone, such as 2027-01-01T00:00:00Z or 2027-01-01T00:00:00+01:00"
            .to_owned()
    })
}
