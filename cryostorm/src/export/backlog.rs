//! What waits for an exporter, within bounds.

use std::collections::VecDeque;

use super::limits::{BatchLimits, WhenFull};
use super::queued::{Queued, Weighed};

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

/// What became of an item.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Admission<T> {
    /// It is in, and that many that waited longest are not any more.
    Taken { dropped: usize },
    /// Here it is again, until there is room.
    NoRoom(Weighed<T>),
    /// There will never be room for it.
    TooLarge,
}

impl<T: Queued> Backlog<T> {
    pub(super) fn new(limits: BatchLimits) -> Self {
        Self { items: VecDeque::new(), bytes: 0, limits, is_short: false, is_called: false }
    }

    pub(super) fn admit(&mut self, item: Weighed<T>) -> Admission<T> {
        let bytes = item.bytes;
        if bytes > self.limits.bytes {
            return Admission::TooLarge;
        }
        let mut dropped = 0;
        while !self.has_room(bytes) {
            self.is_short = true;
            if self.limits.when_full != WhenFull::DropOldest || self.pop().is_none() {
                return Admission::NoRoom(item);
            }
            dropped += 1;
        }
        self.bytes += bytes;
        self.items.push_back(item);
        Admission::Taken { dropped }
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

    fn pop(&mut self) -> Option<T> {
        let Weighed { item, bytes } = self.items.pop_front()?;
        self.bytes -= bytes;
        Some(item)
    }

    fn has_room(&self, bytes: usize) -> bool {
        self.len() < self.limits.capacity && bytes <= self.limits.bytes - self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAKEN: Admission<usize> = Admission::Taken { dropped: 0 };

    fn backlog(capacity: usize, bytes: usize, when_full: WhenFull) -> Backlog<usize> {
        Backlog::new(BatchLimits::for_test(capacity, bytes, when_full))
    }

    #[test]
    fn bounds_are_in_items_and_in_bytes() {
        let mut backlog = backlog(3, 100, WhenFull::DropNewest);
        assert_eq!([60, 40].map(|item| backlog.admit(Weighed::new(item))), [TAKEN, TAKEN]);
        assert_eq!(backlog.admit(Weighed::new(1)), Admission::NoRoom(Weighed::new(1)));
        assert_eq!(backlog.take(1, true), [60]);
        assert_eq!([1, 1].map(|item| backlog.admit(Weighed::new(item))), [TAKEN, TAKEN]);
        assert_eq!(backlog.admit(Weighed::new(1)), Admission::NoRoom(Weighed::new(1)));
        assert_eq!(backlog.admit(Weighed::new(101)), Admission::TooLarge);
        assert_eq!((backlog.take(9, true), backlog.bytes), (vec![40, 1, 1], 0));
    }

    #[test]
    fn the_newest_takes_the_place_of_as_many_as_it_needs() {
        let mut backlog = backlog(3, 100, WhenFull::DropOldest);
        for item in [30, 31, 32] {
            assert_eq!(backlog.admit(Weighed::new(item)), TAKEN);
        }
        assert_eq!(backlog.admit(Weighed::new(1)), Admission::Taken { dropped: 1 });
        assert_eq!(backlog.admit(Weighed::new(60)), Admission::Taken { dropped: 1 });
        assert_eq!(backlog.admit(Weighed::new(101)), Admission::TooLarge);
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
        let mut calls = |item| (short.admit(Weighed::new(item)), short.call()).1;
        assert_eq!([40, 70].map(&mut calls), [false, true], "what does not fit cannot wait for the delay");
        assert_eq!(short.take(9, false), [40]);
    }
}
