//! The spans that ended on one thread, on their way to the queue.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::export::{Chunk, Queue, Source};

use super::item::SpanItem;
use super::record::EndedSpan;

/// Gathers what one thread hands to the queue at once, so that threads do not wait for each other at each span. The
/// queue's worker takes out what is there at every tick and flush.
pub(crate) struct SpanBuffer {
    ended: Mutex<Chunk<SpanItem>>,
    queue: Queue<SpanItem>,
    is_gone: AtomicBool,
}

impl SpanBuffer {
    pub(super) fn new(queue: Queue<SpanItem>) -> Self {
        Self { ended: Mutex::new(queue.chunk()), queue, is_gone: AtomicBool::new(false) }
    }

    #[inline]
    pub(crate) fn push(&self, span: EndedSpan) {
        let mut ended = self.ended();
        ended.push(span.into());
        if ended.is_enough() {
            self.hand_over(ended);
        }
    }

    /// Apart, because few spans come here.
    #[cold]
    #[inline(never)]
    fn hand_over(&self, mut ended: MutexGuard<'_, Chunk<SpanItem>>) {
        // With the lock, so that a flush finds what ended before it here or in the queue, and not on its way: where nobody
        // may be made to wait.
        if !self.queue.may_wait() {
            return self.queue.push_all(&mut ended);
        }
        // Without the lock, because the queue may make us wait for the worker, who needs it.
        let mut full = ended.take();
        drop(ended);
        self.queue.push_all(&mut full);
        // Empty now, and with room.
        self.ended().reuse(full);
    }

    /// Hands over what is left, because the thread ends or has another Telemetry now.
    pub(crate) fn close(&self) {
        // With the lock, and so without a wait: see `hand_over`.
        self.queue.take_over(&mut self.ended());
        self.is_gone.store(true, Ordering::Release);
    }

    fn ended(&self) -> MutexGuard<'_, Chunk<SpanItem>> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source<SpanItem> for SpanBuffer {
    fn take(&self) -> Chunk<SpanItem> {
        self.ended().take()
    }

    fn is_gone(&self) -> bool {
        self.is_gone.load(Ordering::Acquire)
    }
}

impl fmt::Debug for SpanBuffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpanBuffer").finish_non_exhaustive()
    }
}
