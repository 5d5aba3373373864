//! The least and the greatest of what one thread measured.

use std::sync::atomic::{AtomicU64, Ordering};

/// In all, and in the *window* since the last collection, which an SDK with delta temporality asks for.
///
/// The thread begins a window when it sees that there was a collection. What it measures while a collection is under
/// way may go to the window that is over. So the extremes of a window may miss a value; those in all never do.
#[derive(Debug)]
pub(super) struct Extremes {
    all: Range,
    window: Range,
    /// The number of the window. Written by the thread.
    number: AtomicU64,
    /// How many collections there were. Written by collections.
    collections: AtomicU64,
}

#[derive(Debug)]
struct Range {
    least: AtomicU64,
    greatest: AtomicU64,
}

impl Range {
    fn empty() -> Self {
        Self { least: AtomicU64::new(u64::MAX), greatest: AtomicU64::new(u64::MIN) }
    }

    fn clear(&self) {
        self.least.store(u64::MAX, Ordering::Relaxed);
        self.greatest.store(u64::MIN, Ordering::Relaxed);
    }
}

/// What a collection knows of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) least: u64,
    pub(super) greatest: u64,
}

impl Seen {
    pub(super) const NOTHING: Self = Self { least: u64::MAX, greatest: u64::MIN };

    pub(super) fn include(&mut self, value: u64) {
        self.least = self.least.min(value);
        self.greatest = self.greatest.max(value);
    }
}

impl Extremes {
    pub(super) fn new() -> Self {
        Self {
            all: Range::empty(),
            window: Range::empty(),
            number: AtomicU64::new(0),
            collections: AtomicU64::new(0),
        }
    }

    /// Only for the thread that measures.
    #[inline]
    pub(super) fn include(&self, value: u64) {
        let collections = self.collections.load(Ordering::Relaxed);
        if collections != self.number.load(Ordering::Relaxed) {
            self.window.clear();
            // After the window is cleared, for whoever reads the number.
            self.number.store(collections, Ordering::Release);
        }
        // What is no extreme of the window is none in all.
        if value < self.window.least.load(Ordering::Relaxed) {
            self.window.least.store(value, Ordering::Relaxed);
            if value < self.all.least.load(Ordering::Relaxed) {
                self.all.least.store(value, Ordering::Relaxed);
            }
        }
        if value > self.window.greatest.load(Ordering::Relaxed) {
            self.window.greatest.store(value, Ordering::Relaxed);
            if value > self.all.greatest.load(Ordering::Relaxed) {
                self.all.greatest.store(value, Ordering::Relaxed);
            }
        }
    }

    /// The extremes to tell after `told` was told: one in all if it is new, otherwise the window's, if there is a window.
    pub(super) fn since(&self, told: Seen) -> Seen {
        let is_current = self.number.load(Ordering::Acquire) == self.collections.load(Ordering::Relaxed);
        let of_window = |value: &AtomicU64| is_current.then(|| value.load(Ordering::Relaxed));
        let (least, greatest) =
            (self.all.least.load(Ordering::Relaxed), self.all.greatest.load(Ordering::Relaxed));
        Seen {
            least: if least < told.least { least } else { of_window(&self.window.least).unwrap_or(u64::MAX) },
            greatest: if greatest > told.greatest {
                greatest
            } else {
                of_window(&self.window.greatest).unwrap_or(u64::MIN)
            },
        }
    }

    /// Ends the window. Only for one collection at a time.
    pub(super) fn end_window(&self) {
        let collections = self.collections.load(Ordering::Relaxed);
        self.collections.store(collections.wrapping_add(1), Ordering::Relaxed);
    }
}
