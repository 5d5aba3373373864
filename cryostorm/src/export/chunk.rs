//! Items that go into a queue together.

use std::collections::VecDeque;

use super::queued::{Queued, Weighed};

/// Items with their weights, in the order in which they came.
#[derive(Debug)]
pub(super) struct Chunk<T> {
    items: VecDeque<Weighed<T>>,
    bytes: usize,
}

impl<T: Queued> Chunk<T> {
    /// The first item, which leaves.
    pub(super) fn pop(&mut self) -> Option<Weighed<T>> {
        let item = self.items.pop_front()?;
        self.bytes = self.bytes.saturating_sub(item.bytes);
        Some(item)
    }

    /// What the first item weighs.
    pub(super) fn first_bytes(&self) -> Option<usize> {
        self.items.front().map(|item| item.bytes)
    }

    /// All items, which leave.
    pub(super) fn append_to(&mut self, items: &mut VecDeque<Weighed<T>>) {
        self.bytes = 0;
        items.append(&mut self.items);
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
        Self { items: VecDeque::new(), bytes: 0 }
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
        assert_eq!((chunk.len(), chunk.bytes(), chunk.first_bytes()), (3, 91, Some(40)));
        assert_eq!(chunk.pop().map(|item| item.item), Some(40));
        assert_eq!((chunk.len(), chunk.bytes(), chunk.first_bytes()), (2, 51, Some(50)));
        let mut items = VecDeque::new();
        chunk.append_to(&mut items);
        assert_eq!((items.len(), chunk.len(), chunk.bytes(), chunk.first_bytes()), (2, 0, 0, None));
    }
}
