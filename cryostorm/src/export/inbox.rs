//! What a worker on the export runtime is given: items, and requests to flush or to end.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};

use tokio::sync::Notify;

/// Items and requests under one lock, so that no item slips in after the last request.
#[derive(Debug)]
pub(crate) struct Inbox<T> {
    state: Mutex<State<T>>,
    /// Notified when a request came. Whoever pushes decides when items are worth waking the worker.
    pub(crate) wake: Notify,
}

#[derive(Debug)]
struct State<T> {
    items: VecDeque<T>,
    requests: Vec<mpsc::SyncSender<()>>,
    closed: bool,
}

/// Why an item was not taken.
pub(crate) enum Refused {
    Full,
    Closed,
}

/// What a worker has to do in one round.
pub(crate) struct Round {
    /// How many items waited when it began.
    pub(crate) waiting: usize,
    /// Whether it is the last one.
    pub(crate) last: bool,
    requests: Vec<mpsc::SyncSender<()>>,
}

impl<T> Inbox<T> {
    pub(crate) fn new() -> Self {
        let state = State { items: VecDeque::new(), requests: Vec::new(), closed: false };
        Self { state: Mutex::new(state), wake: Notify::new() }
    }

    /// Takes an item in, unless `capacity` items wait. `taken` runs before the worker can see it. Returns how many wait.
    pub(crate) fn push(&self, item: T, capacity: usize, taken: impl FnOnce()) -> Result<usize, Refused> {
        let mut state = self.state();
        if state.closed {
            return Err(Refused::Closed);
        }
        if state.items.len() >= capacity {
            return Err(Refused::Full);
        }
        taken();
        state.items.push_back(item);
        Ok(state.items.len())
    }

    /// Asks the worker to do what waits now, and if `close`, to take nothing more in and end. Returns where it answers;
    /// nothing once it was asked to end.
    pub(crate) fn request(&self, close: bool) -> Option<mpsc::Receiver<()>> {
        let (done, answer) = mpsc::sync_channel(1);
        let mut state = self.state();
        if state.closed {
            return None;
        }
        state.closed = close;
        state.requests.push(done);
        drop(state);
        self.wake.notify_one();
        Some(answer)
    }

    /// Begins a round with the requests made so far.
    pub(crate) fn round(&self) -> Round {
        let mut state = self.state();
        Round {
            waiting: state.items.len(),
            last: state.closed,
            requests: std::mem::take(&mut state.requests),
        }
    }

    /// Takes out the first `most` items, or as many as there are.
    pub(crate) fn take(&self, most: usize) -> Vec<T> {
        let mut state = self.state();
        let count = most.min(state.items.len());
        state.items.drain(..count).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.state().items.len()
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Round {
    pub(crate) fn is_requested(&self) -> bool {
        !self.requests.is_empty()
    }

    /// Answers the requests of this round.
    pub(crate) fn answer(self) {
        for request in self.requests {
            // The caller may have given up waiting.
            let _ = request.try_send(());
        }
    }
}
