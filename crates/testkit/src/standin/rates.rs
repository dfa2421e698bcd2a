//! Counting what a client may still do. Fixed windows that begin with the
//! first call, as the reference server counts.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bellwether_base::{Clock as _, Mono, SystemClock};

/// So many points in so long a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Points of one window.
    pub points: u32,
    /// How long a window lasts.
    pub window: Duration,
}

impl Rate {
    /// `points` in `window`.
    pub const fn new(points: u32, window: Duration) -> Self {
        Self { points, window }
    }
}

/// Where somebody stands after a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) rate: Rate,
    pub(super) remaining: u32,
    pub(super) resets_in: Duration,
    pub(super) is_exceeded: bool,
}

impl Standing {
    /// The seconds until the window ends, rounded up.
    pub(super) fn seconds(self) -> u64 {
        self.resets_in.as_secs() + u64::from(self.resets_in.subsec_nanos() > 0)
    }
}

/// A window: when it began, and the points spent in it.
type Bucket = (Mono, u32);

/// All windows of a server, by what is counted and for whom.
#[derive(Debug, Default)]
pub(super) struct Buckets {
    used: Mutex<HashMap<(&'static str, String), Bucket>>,
}

impl Buckets {
    /// Spends points; a call over the limit spends them too.
    pub(super) fn spend(
        &self,
        name: &'static str,
        whose: &str,
        rate: Rate,
        points: u32,
    ) -> Standing {
        let now = SystemClock.mono();
        let mut buckets = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry((name, whose.to_owned())).or_insert((now, 0));
        if now.since(bucket.0) >= rate.window {
            *bucket = (now, 0);
        }
        bucket.1 = bucket.1.saturating_add(points);
        Standing {
            rate,
            remaining: rate.points.saturating_sub(bucket.1),
            resets_in: rate.window.saturating_sub(now.since(bucket.0)),
            is_exceeded: bucket.1 > rate.points,
        }
    }

    /// The tightest of several standings.
    pub(super) fn tightest(standings: impl IntoIterator<Item = Standing>) -> Option<Standing> {
        standings.into_iter().min_by_key(|standing| (!standing.is_exceeded, standing.remaining))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_points_of_a_window_run_out_and_others_keep_theirs() {
        let buckets = Buckets::default();
        let rate = Rate::new(5, Duration::from_mins(1));
        assert_eq!(buckets.spend("write", "ada", rate, 3).remaining, 2);
        let over = buckets.spend("write", "ada", rate, 3);
        assert!(over.is_exceeded);
        assert_eq!((over.remaining, over.seconds()), (0, 60));
        assert!(!buckets.spend("write", "noor", rate, 3).is_exceeded);
    }
}
