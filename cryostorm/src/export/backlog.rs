//! What waits for an exporter, within bounds.

use std::collections::VecDeque;

use super::chunk::Chunk;
use super::limits::{BatchLimits, WhenFull};
use super::queued::{Queued, Weighed};

/// How items come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// Within the bounds. What there is no room for stays where it is, unless there never will be.
    Waiting,
    /// Within the bounds, or not at all.
    Within,
    /// Even where there is no room, unless an item is beyond the bounds alone.
    Beyond,
}

/// Items in the order in which they came, bounded in number and memory.
#[derive(Debug)]
pub(super) struct Backlog<T> {
    items: VecDeque<Weighed<T>>,
    bytes: usize,
    limits: BatchLimits,
    /// Something did not fit since the last batch was taken: the sooner the next, the less is lost.
    is_short: bool,
    /// The worker was called and has not come yet.
    is_called: bool,
}

impl<T: Queued> Backlog<T> {
    pub(super) fn new(limits: BatchLimits) -> Self {
        Self { items: VecDeque::new(), bytes: 0, limits, is_short: false, is_called: false }
    }

    /// Whether there is no room for an item that heavy, but will be.
    pub(super) fn is_full_for(&mut self, bytes: usize) -> bool {
        let is_full = bytes <= self.limits.bytes && !self.has_room(bytes);
        self.is_short |= is_full;
        is_full
    }

    /// Takes an item in, if need be in the place of those that waited longest; returns how many these were. `None` if it
    /// is not in.
    pub(super) fn admit(&mut self, item: Weighed<T>) -> Option<usize> {
        let mut dropped = 0;
        if self.limits.when_full == WhenFull::DropOldest {
            while self.is_full_for(item.bytes) && self.pop().is_some() {
                dropped += 1;
            }
        }
        self.has_room(item.bytes).then(|| {
            self.push(item);
            dropped
        })
    }

    /// Takes all of a chunk in, if there is room for it.
    pub(super) fn admit_whole(&mut self, chunk: &mut Chunk<T>) -> bool {
        let fits = chunk.len() <= self.limits.capacity.saturating_sub(self.len())
            && chunk.bytes() <= self.limits.bytes.saturating_sub(self.bytes);
        if fits {
            self.bytes += chunk.bytes();
            chunk.append_to(&mut self.items);
        }
        fits
    }

    /// Takes an item in even without room. False if it alone is beyond the bounds.
    pub(super) fn admit_beyond(&mut self, item: Weighed<T>) -> bool {
        let fits = item.bytes <= self.limits.bytes;
        if fits {
            self.push(item);
        }
        fits
    }

    /// The first `most` items, or as many as there are. None where they are neither enough nor `due`.
    pub(super) fn take(&mut self, most: usize, due: bool) -> Vec<T> {
        let count = if due || self.is_enough() { most.min(self.len()) } else { 0 };
        self.is_short = false;
        self.is_called = false;
        let taken = self.items.drain(..count);
        taken.map(|Weighed { item, bytes }| (self.bytes -= bytes, item).1).collect()
    }

    /// Whether there is enough for an export.
    pub(super) fn is_enough(&self) -> bool {
        self.is_short || self.len() >= self.limits.enough_items() || self.bytes >= self.limits.enough_bytes()
    }

    /// True if the worker is to be woken: once, when there is enough.
    pub(super) fn call(&mut self) -> bool {
        self.is_enough() && !std::mem::replace(&mut self.is_called, true)
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    fn push(&mut self, item: Weighed<T>) {
        self.bytes = self.bytes.saturating_add(item.bytes);
        self.items.push_back(item);
    }

    fn pop(&mut self) -> Option<T> {
        let Weighed { item, bytes } = self.items.pop_front()?;
        self.bytes -= bytes;
        Some(item)
    }

    /// How what the lanes hold comes in, whose threads do not wait. `None`: not now.
    pub(super) fn side_entry(&self) -> Option<Entry> {
        match self.limits.when_full {
            // Those who fill up their lanes wait for room themselves.
            WhenFull::Block(_) => (self.len() < self.limits.capacity.saturating_mul(2)
                && self.bytes < self.limits.bytes.saturating_mul(2))
            .then_some(Entry::Beyond),
            // Where it is, it takes memory too: no reason to lose it. But not time after time while nothing leaves the queue.
            WhenFull::DropNewest | WhenFull::DropOldest if self.has_room(1) => Some(Entry::Beyond),
            WhenFull::DropNewest | WhenFull::DropOldest => Some(Entry::Within),
        }
    }

    fn has_room(&self, bytes: usize) -> bool {
        self.len() < self.limits.capacity && bytes <= self.limits.bytes.saturating_sub(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backlog(capacity: usize, bytes: usize, when_full: WhenFull) -> Backlog<usize> {
        Backlog::new(BatchLimits::for_test(capacity, bytes, when_full))
    }

    #[test]
    fn bounds_are_in_items_and_in_bytes() {
        let mut backlog = backlog(3, 100, WhenFull::DropNewest);
        let admitted = |backlog: &mut Backlog<usize>, item| backlog.admit(Weighed::new(item)).is_some();
        assert_eq!([60, 40, 1].map(|item| admitted(&mut backlog, item)), [true, true, false]);
        assert_eq!(backlog.take(1, true), [60]);
        assert_eq!([1, 1, 1].map(|item| admitted(&mut backlog, item)), [true, true, false]);
        assert!(backlog.is_full_for(1) && !backlog.is_full_for(101), "there will never be room for that");
        assert_eq!((backlog.take(9, true), backlog.bytes), (vec![40, 1, 1], 0));
        assert!(!admitted(&mut backlog, 101) && admitted(&mut backlog, 100));
    }

    #[test]
    fn the_newest_takes_the_place_of_as_many_as_it_needs() {
        let mut backlog = backlog(3, 100, WhenFull::DropOldest);
        let dropped = [30, 31, 32, 1, 60, 101].map(|item| backlog.admit(Weighed::new(item)));
        assert_eq!(dropped, [Some(0), Some(0), Some(0), Some(1), Some(1), None]);
        assert_eq!(backlog.take(9, true), [32, 1, 60]);
    }

    #[test]
    fn the_worker_is_called_once_when_there_is_enough() {
        let mut items = backlog(4, 100, WhenFull::DropNewest);
        let mut calls = |item| (items.admit(Weighed::new(item)), items.call()).1;
        assert_eq!([1, 1, 1, 1].map(&mut calls), [false, true, false, false], "half of the queue");
        assert_eq!((items.take(3, false).len(), items.take(1, false).len()), (3, 0), "no longer enough");
        let mut bytes = backlog(10, 100, WhenFull::DropNewest);
        let mut calls = |item| (bytes.admit(Weighed::new(item)), bytes.call()).1;
        assert_eq!([49, 1, 1].map(&mut calls), [false, true, false], "half of the memory");
        let mut short = backlog(10, 100, WhenFull::DropNewest);
        short.admit(Weighed::new(40));
        assert!(
            !short.call() && short.is_full_for(70) && short.call(),
            "what does not fit cannot wait for the delay"
        );
        assert_eq!(short.take(9, false), [40]);
    }
}
