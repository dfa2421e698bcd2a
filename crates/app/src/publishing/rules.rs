//! The arithmetic of trying, looking and giving up. Pure.

use std::time::Duration;

use bellwether_base::Instant;
use bellwether_networks::Spec;

/// How long after a failed try the next one begins. The last one repeats
/// until the grace is over.
pub const RETRY_DELAYS: [(Duration, &str); 6] = [
    (Duration::from_secs(10), "after 10 seconds"),
    (Duration::from_mins(1), "after 1 minute"),
    (Duration::from_mins(5), "after 5 minutes"),
    (Duration::from_mins(15), "after 15 minutes"),
    (Duration::from_mins(30), "after 30 minutes"),
    (Duration::from_hours(1), "after 1 hour"),
];

/// How long after a look that failed the next one begins. The last one repeats.
pub const LOOK_DELAYS: [(Duration, &str); 6] = [
    (Duration::from_secs(2), "after 2 seconds"),
    (Duration::from_secs(10), "after 10 seconds"),
    (Duration::from_secs(30), "after 30 seconds"),
    (Duration::from_mins(2), "after 2 minutes"),
    (Duration::from_mins(5), "after 5 minutes"),
    (Duration::from_mins(15), "after 15 minutes"),
];

/// Nothing that failed waits longer than this, unless its network said so.
pub const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// A later delivery waits for an earlier one that will be tried within this time.
pub const ORDER_WAITS: Duration = Duration::from_mins(10);

/// Absence first seen later than this after the attempt may be a person's
/// deed: nothing is sent again without asking.
pub const ABSENCE_IS_FRESH: Duration = Duration::from_mins(15);

/// A list of own posts may show one so late that it comes after what was
/// posted next: what went out within this time before an attempt is not it.
pub const LISTED_LATE: Duration = Duration::from_hours(1);

/// How long a claim holds before an attempt is written down: long enough to
/// render a request (mentions, a card).
pub const CLAIM: Duration = Duration::from_mins(1);

/// Marks what a person is told of a refusal that came from our own check
/// before anything was sent, and not from the network.
pub const OWN_CHECK: &str = "own_check";

/// How long rendering a request may take.
pub const FREEZE: Duration = Duration::from_secs(45);

/// What a lease outlives everything by.
pub const LEASE_MARGIN: Duration = Duration::from_secs(5);

/// How far wall and monotonic clock may drift apart.
pub const CLOCK_DRIFT: Duration = Duration::from_mins(1);

/// A credential is renewed when less than this is left of it.
pub const REFRESH_BEFORE: Duration = Duration::from_mins(5);

/// When an act that waits for a renewal looks again, if the renewal has not
/// called it before.
pub const REFRESH_COMES: Duration = Duration::from_secs(15);

/// Renewals in a row that may fail passingly before a person is told.
pub const REFRESH_TRIES: i32 = 8;

/// How long after its `failures`-th failure in a row (from 1) a try begins.
pub fn retry_delay(failures: i32) -> Duration {
    delay(&RETRY_DELAYS, failures)
}

/// How long after its `looks`-th look (from 1) the next one begins.
pub fn look_delay(looks: i32) -> Duration {
    delay(&LOOK_DELAYS, looks)
}

fn delay(table: &[(Duration, &str)], nth: i32) -> Duration {
    let index = usize::try_from(nth.max(1) - 1).unwrap_or(0).min(table.len() - 1);
    table[index].0
}

/// Whether it is too late to send what grace counts from `from`.
pub fn is_past_grace(from: Instant, grace: Duration, now: Instant) -> bool {
    now > from + grace
}

/// When a lease for one request ends: after it may no longer be begun, could
/// no longer run, and its effect would show.
pub fn lease_until(send_by: Instant, spec: &Spec) -> Instant {
    settled_at(send_by, spec) + LEASE_MARGIN
}

/// When the effect of a request would show at the latest.
pub fn settled_at(send_by: Instant, spec: &Spec) -> Instant {
    send_by + spec.timeout + spec.settle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_and_the_last_repeats() {
        assert_eq!(retry_delay(0), Duration::from_secs(10));
        assert_eq!(retry_delay(1), Duration::from_secs(10));
        assert_eq!(retry_delay(6), Duration::from_hours(1));
        assert_eq!(retry_delay(600), Duration::from_hours(1));
        for table in [&RETRY_DELAYS, &LOOK_DELAYS] {
            assert!(table.windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
    }

    #[test]
    fn nothing_waits_longer_than_the_longest() {
        for (delay, _) in RETRY_DELAYS.iter().chain(&LOOK_DELAYS) {
            assert!(*delay <= LONGEST_WAIT);
        }
    }

    #[test]
    fn the_english_is_the_number() {
        for (delay, english) in RETRY_DELAYS.iter().chain(&LOOK_DELAYS) {
            let seconds = delay.as_secs();
            let (number, unit) = match seconds {
                3600.. => (seconds / 3600, "hour"),
                60.. => (seconds / 60, "minute"),
                _ => (seconds, "second"),
            };
            let plural = if number == 1 { "" } else { "s" };
            assert_eq!(*english, format!("after {number} {unit}{plural}"));
        }
    }

    #[test]
    fn grace_ends_after_its_last_moment() {
        let from = Instant::from_millis(1_000);
        let grace = Duration::from_secs(1);
        assert!(!is_past_grace(from, grace, Instant::from_millis(2_000)));
        assert!(is_past_grace(from, grace, Instant::from_millis(2_001)));
    }
}
