//! What a person planned: a local date and time in a zone.
//!
//! Both are kept, because the moment follows from them and not the other way
//! round: when a country changes its rules, 18:00 in Paris stays 18:00.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use serde::{Deserialize, Serialize};

use crate::Instant;

/// A local date and time and the IANA zone that it is meant in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedTime {
    /// `2026-12-24T18:00` or with seconds.
    pub local: DateTime,
    /// `Europe/Paris`.
    pub zone: String,
}

/// Why a planned time is no moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlannedError {
    /// No such zone.
    #[error("no time zone is called {0:?}")]
    UnknownZone(String),
    /// The text is not a local date and time.
    #[error("not a local date and time: {0:?}")]
    NotADateTime(String),
    /// The year is out of range.
    #[error("that date is out of range")]
    OutOfRange,
}

/// What the clocks did to a planned time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shift {
    /// The local time exists once.
    None,
    /// The clocks jump over it: the moment is as much later as they jump.
    Gap,
    /// It comes twice: the first one is meant.
    Overlap,
}

/// The moment that a planned time means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolved {
    /// The moment.
    pub at: Instant,
    /// What the composer tells the person about it.
    pub shift: Shift,
    /// The local time that the moment really has.
    pub local: DateTime,
}

impl PlannedTime {
    /// Reads a local date and time (`2026-12-24T18:00`, a space also parts
    /// them) and checks that the zone exists.
    pub fn parse(local: &str, zone: &str) -> Result<Self, PlannedError> {
        let short = |text: &str| text.chars().take(80).collect::<String>();
        let parsed: DateTime =
            local.trim().parse().map_err(|_| PlannedError::NotADateTime(short(local)))?;
        TimeZone::get(zone).map_err(|_| PlannedError::UnknownZone(short(zone)))?;
        Ok(Self { local: parsed, zone: zone.to_owned() })
    }

    /// The plan that means `at` in `zone`.
    pub fn of(at: Instant, zone: &str) -> Result<Self, PlannedError> {
        let tz = TimeZone::get(zone).map_err(|_| PlannedError::UnknownZone(zone.to_owned()))?;
        Ok(Self { local: at.timestamp().to_zoned(tz).datetime(), zone: zone.to_owned() })
    }

    /// The moment meant, by jiff's `compatible` rule.
    pub fn resolve(&self) -> Result<Resolved, PlannedError> {
        let tz =
            TimeZone::get(&self.zone).map_err(|_| PlannedError::UnknownZone(self.zone.clone()))?;
        let ambiguous = tz.to_ambiguous_zoned(self.local);
        let shift = match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } => Shift::None,
            AmbiguousOffset::Gap { .. } => Shift::Gap,
            AmbiguousOffset::Fold { .. } => Shift::Overlap,
        };
        let zoned = ambiguous.compatible().map_err(|_| PlannedError::OutOfRange)?;
        Ok(Resolved { at: zoned.timestamp().into(), shift, local: zoned.datetime() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(local: &str, zone: &str) -> (String, Shift) {
        let resolved = PlannedTime::parse(local, zone).unwrap().resolve().unwrap();
        (resolved.at.to_rfc3339(), resolved.shift)
    }

    #[test]
    fn winter_and_summer_in_paris() {
        assert_eq!(
            resolve("2026-12-24T18:00", "Europe/Paris"),
            ("2026-12-24T17:00:00.000Z".into(), Shift::None)
        );
        assert_eq!(resolve("2026-07-14 18:00", "Europe/Paris").0, "2026-07-14T16:00:00.000Z");
    }

    #[test]
    fn a_skipped_hour_moves_forward_and_says_so() {
        assert_eq!(
            resolve("2026-03-29T02:30", "Europe/Paris"),
            ("2026-03-29T01:30:00.000Z".into(), Shift::Gap)
        );
    }

    #[test]
    fn a_doubled_hour_means_the_first() {
        assert_eq!(
            resolve("2026-10-25T02:30", "Europe/Paris"),
            ("2026-10-25T00:30:00.000Z".into(), Shift::Overlap)
        );
    }

    #[test]
    fn nonsense_is_named() {
        assert_eq!(
            PlannedTime::parse("2026-12-24T18:00", "Europe/Atlantis"),
            Err(PlannedError::UnknownZone("Europe/Atlantis".into()))
        );
        assert!(matches!(
            PlannedTime::parse("tomorrow", "Europe/Paris"),
            Err(PlannedError::NotADateTime(_))
        ));
    }
}
