//! Boxes that are kept for the next of their kind.

use std::cell::RefCell;

/// Boxes that are empty, for one thread. An annotated async function takes one for each call and gives it back, perhaps on
/// another thread.
pub(super) struct Pool<T> {
    boxes: RefCell<Vec<Box<T>>>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { boxes: RefCell::default() }
    }
}

impl<T> Pool<T> {
    /// The most that are kept.
    const SIZE: usize = 64;

    /// An empty one.
    #[inline]
    pub(super) fn take(&self) -> Box<T>
    where
        T: Default,
    {
        self.boxes.borrow_mut().pop().unwrap_or_default()
    }

    /// Takes an empty one back.
    #[inline]
    pub(super) fn keep(&self, empty: Box<T>) {
        let mut boxes = self.boxes.borrow_mut();
        if boxes.len() < Self::SIZE {
            boxes.push(empty);
        }
    }
}
