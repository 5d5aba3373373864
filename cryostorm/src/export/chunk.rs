//! Items that go into a queue together.

use std::mem;

use super::queued::{Queued, Weighed};

/// Items with their weights, and how many of them are worth handing over.
#[derive(Debug)]
pub(crate) struct Chunk<T> {
    items: Vec<Weighed<T>>,
    bytes: usize,
    enough_items: usize,
    enough_bytes: usize,
}

impl<T: Queued> Chunk<T> {
    /// An empty one.
    pub(super) fn new(enough_items: usize, enough_bytes: usize) -> Self {
        Self { items: Vec::new(), bytes: 0, enough_items, enough_bytes }
    }

    #[inline]
    pub(crate) fn push(&mut self, item: T) {
        let weighed = Weighed::new(item);
        self.bytes = self.bytes.saturating_add(weighed.bytes);
        if self.items.capacity() == 0 {
            self.items.reserve_exact(self.enough_items);
        }
        self.items.push(weighed);
    }

    /// Whether it is worth handing over.
    #[inline]
    pub(crate) fn is_enough(&self) -> bool {
        self.items.len() >= self.enough_items || self.bytes >= self.enough_bytes
    }

    /// What it holds, and an empty one in its place.
    pub(crate) fn take(&mut self) -> Self {
        mem::replace(self, Self::new(self.enough_items, self.enough_bytes))
    }

    /// Takes the room of one that is empty, where it has none.
    pub(crate) fn reuse(&mut self, empty: Self) {
        if self.items.capacity() == 0 {
            *self = empty;
        }
    }

    /// Leaves it empty, but for the room.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = Weighed<T>> {
        self.bytes = 0;
        self.items.drain(..)
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// What the items weigh together.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

#[cfg(test)]
impl<T: Queued> FromIterator<T> for Chunk<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut chunk = Self::new(usize::MAX, usize::MAX);
        chunk.items.reserve(1);
        items.into_iter().for_each(|item| chunk.push(item));
        chunk
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_enough_by_items_and_by_bytes() {
        let mut chunk = Chunk::new(3, 100);
        let mut push = |item: usize| (chunk.push(item), chunk.is_enough()).1;
        assert_eq!([40, 50, 1].map(&mut push), [false, false, true]);
        let mut taken = chunk.take();
        assert_eq!((taken.len(), taken.bytes(), chunk.len(), chunk.bytes()), (3, 91, 0, 0));
        chunk.push(100);
        assert!(chunk.is_enough());
        assert_eq!((taken.drain().count(), taken.bytes()), (3, 0));
        chunk.reuse(taken);
        assert_eq!(chunk.len(), 1, "it has room of its own");
    }
}
