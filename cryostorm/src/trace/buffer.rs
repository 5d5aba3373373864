//! The spans that ended on one thread, on their way to the queue.

use std::fmt;
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::export::{Queue, Source};

use super::item::SpanItem;
use super::record::EndedSpan;

/// Gathers what one thread hands to the queue at once, so that threads do not wait for each other at each span. The
/// queue's worker takes out what is there at every tick and flush.
pub(crate) struct SpanBuffer {
    ended: Mutex<Vec<SpanItem>>,
    queue: Queue<SpanItem>,
    /// How many are handed over at once.
    size: usize,
    is_gone: AtomicBool,
}

impl SpanBuffer {
    pub(super) fn new(queue: Queue<SpanItem>) -> Self {
        let size = queue.chunk();
        Self { ended: Mutex::new(Vec::with_capacity(size)), queue, size, is_gone: AtomicBool::new(false) }
    }

    pub(crate) fn push(&self, span: EndedSpan) {
        let mut ended = self.ended();
        ended.push(span.into());
        if ended.len() < self.size {
            return;
        }
        // With the lock, so that a flush finds what ended before it here or in the queue, and not on its way: where nobody
        // may be made to wait.
        if !self.queue.may_wait() {
            self.queue.push_all(&mut ended);
        } else {
            // Without the lock, because the queue may make us wait for the worker, who needs it.
            let mut full = mem::take(&mut *ended);
            drop(ended);
            self.queue.push_all(&mut full);
            // Empty now, and as large as before.
            let mut ended = self.ended();
            if ended.capacity() == 0 {
                *ended = full;
            }
        }
    }

    /// Hands over what is left, because the thread ends or has another Telemetry now.
    pub(crate) fn close(&self) {
        // With the lock, and so without a wait: see `push`.
        self.queue.take_over(&mut self.ended());
        self.is_gone.store(true, Ordering::Release);
    }

    fn ended(&self) -> MutexGuard<'_, Vec<SpanItem>> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source<SpanItem> for SpanBuffer {
    fn take(&self, into: &mut Vec<SpanItem>) {
        into.append(&mut self.ended());
    }

    fn is_gone(&self) -> bool {
        self.is_gone.load(Ordering::Acquire)
    }
}

impl fmt::Debug for SpanBuffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpanBuffer").field("size", &self.size).finish_non_exhaustive()
    }
}
