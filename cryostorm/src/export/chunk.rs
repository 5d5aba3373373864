//! Items that go into a queue together.

use super::queued::{Queued, Weighed};

/// Items with their weights.
#[derive(Debug)]
pub(super) struct Chunk<T> {
    items: Vec<Weighed<T>>,
    bytes: usize,
}

impl<T: Queued> Chunk<T> {
    /// Takes the room of one that is empty, where it has none.
    pub(super) fn reuse(&mut self, empty: Self) {
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

impl<T> Default for Chunk<T> {
    fn default() -> Self {
        Self { items: Vec::new(), bytes: 0 }
    }
}

impl<T> Extend<Weighed<T>> for Chunk<T> {
    fn extend<I: IntoIterator<Item = Weighed<T>>>(&mut self, items: I) {
        let bytes = &mut self.bytes;
        self.items.extend(items.into_iter().inspect(|item| *bytes = bytes.saturating_add(item.bytes)));
    }
}

#[cfg(test)]
impl<T: Queued> FromIterator<T> for Chunk<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut chunk = Self::default();
        chunk.extend(items.into_iter().map(Weighed::new));
        chunk
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weighs_what_it_holds() {
        let mut chunk = Chunk::from_iter([40, 50]);
        chunk.extend([Weighed::new(1)]);
        assert_eq!((chunk.len(), chunk.bytes()), (3, 91));
        let mut taken = std::mem::take(&mut chunk);
        assert_eq!((taken.drain().count(), taken.bytes(), chunk.len(), chunk.bytes()), (3, 0, 0, 0));
        chunk.extend([Weighed::new(2)]);
        chunk.reuse(taken);
        assert_eq!((chunk.len(), chunk.bytes()), (1, 2), "it has room of its own");
    }
}
