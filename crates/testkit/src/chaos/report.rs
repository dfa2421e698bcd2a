//! What a run came to.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Lines of one kind of damage that are kept.
const KEPT: usize = 12;

/// Counts of one round, or of many.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// Deliveries that were acknowledged.
    pub deliveries: u64,
    /// Acts that they and the channels led to.
    pub acts: u64,
    /// Kills by window.
    pub kills: BTreeMap<String, u64>,
    /// Other mischief.
    pub faults: BTreeMap<String, u64>,
    /// Deliveries by network and end.
    pub outcomes: BTreeMap<String, u64>,
    /// What a scripted person had to settle.
    pub settled: u64,
    /// Damage by kind: how often, and the first lines of it.
    pub damage: BTreeMap<String, (u64, Vec<String>)>,
    /// Seconds.
    pub seconds: f64,
}

impl Tally {
    /// Notes damage.
    pub fn damage(&mut self, kind: &str, line: String) {
        let (count, lines) = self.damage.entry(kind.to_owned()).or_default();
        *count += 1;
        if lines.len() < KEPT {
            lines.push(line);
        }
    }

    /// Whether nothing was damaged.
    pub fn is_clean(&self) -> bool {
        self.damage.is_empty()
    }

    /// All kills.
    pub fn all_kills(&self) -> u64 {
        self.kills.values().sum()
    }

    /// Counts kills and mischief of a killer.
    pub fn struck(&mut self, killer: &super::Killer) {
        for (window, count) in killer.kills() {
            *self.kills.entry(window.to_owned()).or_default() += count;
        }
        for (fault, count) in killer.faults() {
            *self.faults.entry(fault.to_owned()).or_default() += count;
        }
    }

    /// Adds another one.
    pub fn add(&mut self, other: &Self) {
        self.deliveries += other.deliveries;
        self.acts += other.acts;
        self.settled += other.settled;
        self.seconds += other.seconds;
        for (ours, theirs) in [
            (&mut self.kills, &other.kills),
            (&mut self.faults, &other.faults),
            (&mut self.outcomes, &other.outcomes),
        ] {
            for (name, count) in theirs {
                *ours.entry(name.clone()).or_default() += count;
            }
        }
        for (kind, (count, lines)) in &other.damage {
            let entry = self.damage.entry(kind.clone()).or_default();
            entry.0 += count;
            entry.1.extend(lines.iter().cloned());
            entry.1.truncate(KEPT);
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "  {} deliveries, {} acts, {} kills, {} settled by hand, {:.0} s",
            self.deliveries,
            self.acts,
            self.all_kills(),
            self.settled,
            self.seconds
        )?;
        for (title, counts) in
            [("kills", &self.kills), ("mischief", &self.faults), ("ends", &self.outcomes)]
        {
            let line: Vec<_> = counts.iter().map(|(name, n)| format!("{name} {n}")).collect();
            writeln!(f, "  {title}: {}", line.join(", "))?;
        }
        if self.is_clean() {
            return writeln!(f, "  damage: none");
        }
        for (kind, (count, lines)) in &self.damage {
            writeln!(f, "  DAMAGE {kind}: {count}")?;
            for line in lines {
                writeln!(f, "    {line}")?;
            }
        }
        Ok(())
    }
}
