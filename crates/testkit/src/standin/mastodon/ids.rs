//! Ids, each later than the one before, of this process at least.

use std::cmp::Ordering;
use std::sync::atomic::{self, AtomicU64};

use bellwether_base::Instant;

use super::settings::Ids;

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Makes them.
#[derive(Debug, Default)]
pub(super) struct Mint {
    /// Milliseconds, then 16 bits.
    last: AtomicU64,
}

impl Mint {
    /// A new one. They follow each other also when the clock does not.
    pub(super) fn next(&self, ids: Ids, now: Instant) -> String {
        let now = u64::try_from(now.millis()).unwrap_or(0) << 16;
        let step = |last: u64| Some(now.max(last + 1));
        let relaxed = atomic::Ordering::Relaxed;
        let last = self.last.fetch_update(relaxed, relaxed, step).unwrap_or(0);
        written(ids, now.max(last + 1))
    }

    /// One of an earlier time.
    pub(super) fn back(&self, ids: Ids, then: Instant) -> String {
        let tail = self.last.fetch_add(1, atomic::Ordering::Relaxed) & 0xffff;
        written(ids, (u64::try_from(then.millis()).unwrap_or(0) << 16) | tail)
    }
}

fn written(ids: Ids, number: u64) -> String {
    match ids {
        Ids::Snowflake => number.to_string(),
        // The last 64 of the 80 random bits are none here.
        Ids::Ulid => digits(u128::from(number) << 64, CROCKFORD, 26),
        Ids::Flake => digits(u128::from(number) << 43, BASE62, 18),
    }
}

fn digits(mut number: u128, alphabet: &[u8], length: usize) -> String {
    let base = alphabet.len() as u128;
    let mut digits = vec![b'0'; length];
    for digit in digits.iter_mut().rev() {
        *digit = alphabet[usize::try_from(number % base).unwrap_or(0)];
        number /= base;
    }
    digits.into_iter().map(char::from).collect()
}

/// Which one is earlier, also of such as never were given out.
pub(super) fn order(one: &str, other: &str) -> Ordering {
    (one.len(), one).cmp(&(other.len(), other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_follow_each_other_and_look_like_themselves() {
        let mint = Mint::default();
        let now = Instant::from_millis(1_767_323_045_678);
        for (ids, length) in [(Ids::Snowflake, 18), (Ids::Ulid, 26), (Ids::Flake, 18)] {
            let (one, two) = (mint.next(ids, now), mint.next(ids, now));
            assert_eq!((order(&one, &two), one.len()), (Ordering::Less, length), "{one} {two}");
            let before = mint.back(ids, Instant::from_millis(1_700_000_000_000));
            assert_eq!(order(&before, &one), Ordering::Less, "{before}");
        }
        assert!(mint.next(Ids::Ulid, now).starts_with("01K"));
        assert_eq!(order("9", "10"), Ordering::Less);
    }
}
