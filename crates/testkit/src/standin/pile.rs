//! A list that only grows and can be looked at without being copied.

use std::sync::Arc;

const CHUNK: usize = 1024;

/// Full chunks are shared with every snapshot; only the open one is copied.
#[derive(Debug)]
pub(super) struct Pile<T> {
    full: Vec<Arc<[T]>>,
    open: Vec<T>,
}

impl<T: Clone> Pile<T> {
    pub(super) fn new() -> Self {
        Self { full: Vec::new(), open: Vec::with_capacity(CHUNK) }
    }

    pub(super) fn len(&self) -> usize {
        self.full.len() * CHUNK + self.open.len()
    }

    pub(super) fn push(&mut self, item: T) {
        self.open.push(item);
        if self.open.len() == CHUNK {
            let chunk = std::mem::replace(&mut self.open, Vec::with_capacity(CHUNK));
            self.full.push(chunk.into());
        }
    }

    pub(super) fn get(&self, index: usize) -> Option<&T> {
        match self.full.get(index / CHUNK) {
            Some(chunk) => chunk.get(index % CHUNK),
            None => self.open.get(index.checked_sub(self.full.len() * CHUNK)?),
        }
    }

    /// Everything from `first` on.
    pub(super) fn snapshot(&self, first: usize) -> Snapshot<T> {
        let mut chunks: Vec<_> = self.full.iter().skip(first / CHUNK).cloned().collect();
        let dropped = (first / CHUNK).min(self.full.len());
        if !self.open.is_empty() {
            chunks.push(self.open.as_slice().into());
        }
        Snapshot { chunks, skip: (first - dropped * CHUNK).min(self.len() - dropped * CHUNK) }
    }
}

/// A list as it was at one moment, in order.
#[derive(Debug, Clone)]
pub struct Snapshot<T> {
    chunks: Vec<Arc<[T]>>,
    skip: usize,
}

impl<T> Snapshot<T> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.len()).sum::<usize>() - self.skip
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// From the first to the last.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flat_map(|chunk| chunk.iter()).skip(self.skip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_holds_what_was_there_and_nothing_later() {
        let mut pile = Pile::new();
        for number in 0..2500 {
            pile.push(number);
        }
        let all = pile.snapshot(0);
        let late = pile.snapshot(2100);
        pile.push(2500);
        assert_eq!(all.len(), 2500);
        assert!(all.iter().copied().eq(0..2500));
        assert!(late.iter().copied().eq(2100..2500));
        assert!(pile.snapshot(2501).is_empty());
        assert!(pile.snapshot(9000).is_empty());
        assert_eq!(pile.get(1024), Some(&1024));
        assert_eq!(pile.get(2500), Some(&2500));
        assert_eq!(pile.get(2501), None);
    }
}
