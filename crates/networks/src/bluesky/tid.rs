//! Record keys that we choose: timestamp identifiers.
//!
//! Source: <https://atproto.com/specs/tid>: 53 bits of microseconds since the
//! epoch and 10 bits of chance, in an alphabet whose order is that of the
//! numbers.

use bellwether_base::{Clock, Rng};

const ALPHABET: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";

/// `count` keys, each larger than the one before.
///
/// The first lies somewhere in the second before now: with the ten free bits
/// that makes about a milliard of possible keys, so that two requests frozen
/// at the same moment do not meet.
pub(super) fn several(clock: &dyn Clock, rng: &dyn Rng, count: usize) -> Vec<String> {
    let mut chance = [0_u8; 8];
    rng.fill(&mut chance);
    let chance = u64::from_le_bytes(chance);
    let now = u64::try_from(clock.now().millis()).unwrap_or(0).saturating_mul(1000);
    let first = now.saturating_sub((chance >> 10) % 1_000_000);
    (0_u64..).take(count).map(|index| encode(first.saturating_add(index), chance & 0x3ff)).collect()
}

fn encode(micros: u64, clock_id: u64) -> String {
    let number = (micros & ((1 << 53) - 1)) << 10 | clock_id;
    (0..13)
        .rev()
        .map(|place| {
            let digit = usize::try_from(number >> (5 * place) & 0x1f).unwrap_or(0);
            char::from(ALPHABET[digit])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bellwether_base::{SystemClock, SystemRng};

    #[test]
    fn keys_have_the_shape_that_servers_demand_and_rise() {
        let keys = several(&SystemClock, &SystemRng, 25);
        assert_eq!(keys.len(), 25);
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
        for key in &keys {
            assert_eq!(key.len(), 13);
            assert!(key.bytes().all(|byte| ALPHABET.contains(&byte)));
            assert!(b"234567abcdefghij".contains(&key.as_bytes()[0]));
        }
    }

    #[test]
    fn a_key_reads_as_its_moment() {
        // Made by PDS 0.5.35 on 2026-11-22 at 09:25:58.799.
        assert_eq!(encode(1_795_339_558_799_000, 20), "3n2vcceilos2o");
        assert_eq!(encode(0, 0), "2222222222222");
        assert_eq!(encode(u64::MAX, 0x3ff), "bzzzzzzzzzzzz");
    }
}
