//! Where items wait before they reach the queue.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::chunk::Chunk;

/// A buffer that fills beside the queue, such as that of one thread.
pub(crate) trait Source<T>: Send + Sync {
    /// All that it holds. From any thread.
    fn take(&self) -> Chunk<T>;

    /// Nothing comes any more.
    fn is_gone(&self) -> bool;
}

/// All sources of one queue.
pub(super) struct Sources<T> {
    /// Apart from those known, so that a new thread does not wait until all others were asked. None once none is asked
    /// again: a source holds on to its queue, and would keep it alive from here.
    new: Mutex<Option<Vec<Arc<dyn Source<T>>>>>,
    known: Mutex<Vec<Arc<dyn Source<T>>>>,
}

impl<T> Sources<T> {
    pub(super) fn add(&self, source: Arc<dyn Source<T>>) {
        let mut new = lock(&self.new);
        let Some(new) = new.as_mut() else { return };
        // Those of threads that ended are empty. They would pile up where nobody ever gathers.
        if new.len().is_power_of_two() {
            new.retain(|source| !source.is_gone());
        }
        new.push(source);
    }

    /// Hands on what each holds, and forgets those that are gone. Who gathers at the same time waits for the other, so
    /// that nothing is on its way when it returns.
    pub(super) fn gather(&self, mut put: impl FnMut(Chunk<T>)) {
        let mut known = lock(&self.known);
        if let Some(new) = lock(&self.new).as_mut() {
            known.append(new);
        }
        known.retain(|source| {
            // Asked before it is emptied: what comes in between keeps it for another time.
            let is_gone = source.is_gone();
            put(source.take());
            !is_gone
        });
    }

    /// Asks none of them again.
    pub(super) fn forget(&self) {
        let new = lock(&self.new).take();
        // Dropped without the locks: with a source may go all that stands behind it.
        let known = mem::take(&mut *lock(&self.known));
        drop((new, known));
    }
}

impl<T> Default for Sources<T> {
    fn default() -> Self {
        Self { new: Mutex::new(Some(Vec::new())), known: Mutex::default() }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[derive(Default)]
    struct Buffer {
        items: Mutex<Vec<usize>>,
        gone: AtomicBool,
    }

    impl Source<usize> for Buffer {
        fn take(&self) -> Chunk<usize> {
            lock(&self.items).drain(..).collect()
        }

        fn is_gone(&self) -> bool {
            self.gone.load(Ordering::Relaxed)
        }
    }

    fn gathered(sources: &Sources<usize>) -> Vec<usize> {
        let mut all = Vec::new();
        sources.gather(|mut chunk| all.extend(chunk.drain().map(|weighed| weighed.item)));
        all
    }

    #[test]
    fn a_source_that_is_gone_is_emptied_and_then_forgotten() {
        let (sources, ending, other) =
            (Sources::default(), Arc::new(Buffer::default()), Arc::new(Buffer::default()));
        sources.add(ending.clone());
        lock(&ending.items).extend([1, 2]);
        assert_eq!(gathered(&sources), [1, 2]);
        sources.add(other.clone());
        lock(&ending.items).push(3);
        lock(&other.items).push(4);
        ending.gone.store(true, Ordering::Relaxed);
        assert_eq!(gathered(&sources), [3, 4]);
        assert_eq!((Arc::strong_count(&ending), Arc::strong_count(&other)), (1, 2));
        sources.forget();
        sources.add(other.clone());
        assert_eq!(Arc::strong_count(&other), 1, "nothing is kept that came too late");
    }
}
