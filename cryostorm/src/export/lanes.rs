//! All lanes to one queue.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::chunk::Chunk;
use super::lane::LaneEnd;
use super::queued::Queued;

/// Those of threads that go on, and of those that ended until somebody looks.
pub(super) struct Lanes<T> {
    /// Apart from those known, so that a new thread does not wait until all others were asked.
    new: Mutex<Vec<Arc<LaneEnd<T>>>>,
    known: Mutex<Vec<Arc<LaneEnd<T>>>>,
}

impl<T: Queued> Lanes<T> {
    pub(super) fn add(&self, lane: Arc<LaneEnd<T>>) {
        let mut new = lock(&self.new);
        // Those of threads that ended are empty. They would pile up where nobody ever gathers.
        if new.len().is_power_of_two() {
            new.retain(|lane| !lane.is_gone());
        }
        new.push(lane);
    }

    /// Hands on what each holds, and forgets those that are gone. Who gathers at the same time waits for the other, so
    /// that nothing is on its way when it returns.
    pub(super) fn gather(&self, mut put: impl FnMut(&mut Chunk<T>)) {
        let mut known = lock(&self.known);
        known.append(&mut lock(&self.new));
        known.retain(|lane| lane.empty(&mut put));
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        lock(&self.new).len() + lock(&self.known).len()
    }
}

impl<T> Default for Lanes<T> {
    fn default() -> Self {
        Self { new: Mutex::default(), known: Mutex::default() }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
