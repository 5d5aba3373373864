//! The way of one thread's items to the queue.

use std::cell::RefCell;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rtrb::{Consumer, Producer, PushError, RingBuffer};

use super::chunk::Chunk;
use super::limits::BatchLimits;
use super::queue::Queue;
use super::queued::{Queued, Weighed};

/// Gathers what one thread hands to the queue at once, so that threads do not wait for each other at each item. To put one in
/// takes no lock: the queue's worker takes out what is there at every tick and flush, and the thread when it is enough.
/// Dropped, it hands over what is left, and waits for room where a full queue makes threads wait.
pub(crate) struct Lane<T: Queued> {
    near: RefCell<Near<T>>,
    far: Arc<LaneEnd<T>>,
    queue: Queue<T>,
}

/// What is the thread's.
struct Near<T> {
    items: Producer<Weighed<T>>,
    /// What the items weigh that the thread put in since it last handed over.
    bytes: usize,
    enough_bytes: usize,
}

impl<T> Near<T> {
    fn is_enough(&self) -> bool {
        self.items.is_full() || self.bytes >= self.enough_bytes
    }
}

impl<T: Queued> Lane<T> {
    pub(super) fn new(queue: Queue<T>, limits: &BatchLimits) -> (Self, Arc<LaneEnd<T>>) {
        let (near, far) = RingBuffer::new(limits.chunk_items());
        let near = RefCell::new(Near { items: near, bytes: 0, enough_bytes: limits.chunk_bytes() });
        let far = Arc::new(LaneEnd(Mutex::new(Far { items: far, chunk: Chunk::default() })));
        (Self { near, far: Arc::clone(&far), queue }, far)
    }

    /// Takes an item in, or counts why not.
    #[inline]
    pub(crate) fn push(&self, item: T) {
        let item = Weighed::new(item);
        let mut near = self.near.borrow_mut();
        near.bytes = near.bytes.saturating_add(item.bytes);
        if let Err(PushError::Full(item)) = near.items.push(item) {
            // Never, because it was emptied when it was full.
            return self.queue.push(item.item);
        }
        if near.is_enough() {
            near.bytes = 0;
            drop(near);
            self.hand_over();
        }
    }

    /// Apart, because few items come here.
    #[cold]
    #[inline(never)]
    fn hand_over(&self) {
        let mut patience = self.queue.patience();
        loop {
            // With the lock, so that a flush finds what ended before it here or in the queue, and not on its way.
            let left = self.queue.push_all(self.far.lock().gather(), patience.entry());
            let Some(bytes) = left else { return };
            // Without, because the worker needs it. A flush may take the items meanwhile; the thread waits all the same, because
            // there is no room.
            self.queue.await_room(bytes, &mut patience);
        }
    }
}

impl<T: Queued> Drop for Lane<T> {
    fn drop(&mut self) {
        // In a fork nobody takes it, and who held a lock is not there.
        if self.queue.has_worker() {
            self.hand_over();
        }
    }
}

impl<T: Queued> fmt::Debug for Lane<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lane").finish_non_exhaustive()
    }
}

/// Where a lane is emptied, from any thread.
pub(super) struct LaneEnd<T>(Mutex<Far<T>>);

struct Far<T> {
    items: Consumer<Weighed<T>>,
    /// On its way to the queue: empty, unless its thread waits for room there.
    chunk: Chunk<T>,
}

impl<T: Queued> Far<T> {
    /// All that the lane holds, on its way to the queue.
    fn gather(&mut self) -> &mut Chunk<T> {
        if let Ok(items) = self.items.read_chunk(self.items.slots()) {
            self.chunk.extend(items);
        }
        &mut self.chunk
    }
}

impl<T: Queued> LaneEnd<T> {
    /// Hands on what the lane holds. False if nothing comes any more.
    pub(super) fn empty(&self, put: impl FnOnce(&mut Chunk<T>)) -> bool {
        let mut far = self.lock();
        put(far.gather());
        // A lane that goes is emptied with this lock before.
        !far.items.is_abandoned()
    }

    /// Nothing comes any more, and nothing is left.
    pub(super) fn is_gone(&self) -> bool {
        self.lock().items.is_abandoned()
    }

    fn lock(&self) -> MutexGuard<'_, Far<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
