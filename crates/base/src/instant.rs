//! A moment, as it is stored: milliseconds since the epoch.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z.
///
/// A number and not a text, because texts of differing precision compare
/// wrongly (`00Z` sorts after `00.5Z`), which would break a scheduler.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type,
)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Instant(i64);

impl Instant {
    /// The epoch itself.
    pub const EPOCH: Self = Self(0);

    /// From milliseconds since the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// How long after `earlier` this is; zero if it is not after it.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The same moment for calendar arithmetic.
    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// As RFC 3339 in UTC with three digits of seconds: `2026-01-02T03:04:05.678Z`.
    pub fn to_rfc3339(self) -> String {
        format!("{:.3}", self.timestamp())
    }
}

impl From<jiff::Timestamp> for Instant {
    fn from(timestamp: jiff::Timestamp) -> Self {
        Self(timestamp.as_millisecond())
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl Sub<Duration> for Instant {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_utc_with_milliseconds() {
        assert_eq!(
            Instant::from_millis(1_767_323_045_678).to_rfc3339(),
            "2026-01-02T03:04:05.678Z"
        );
        assert_eq!(Instant::EPOCH.to_rfc3339(), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn an_earlier_moment_is_no_time_after_a_later_one() {
        let early = Instant::from_millis(5);
        assert_eq!(early.since(Instant::from_millis(9)), Duration::ZERO);
        assert_eq!((early + Duration::from_secs(1)).millis(), 1005);
    }
}
