//! The bounded queue between instrumented code and an exporter, for spans and log records alike.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

use super::Signal;
use super::delivery::Delivery;
use super::error::ExportError;
use super::exporter::Exporter;
use super::runtime::ExportRuntime;
use super::stats::SignalCounts;
use crate::diagnostics;

/// How items are gathered into exports.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BatchLimits {
    /// The most items that wait; more are refused and counted.
    pub(crate) capacity: usize,
    /// The most items in one export.
    pub(crate) batch_size: usize,
    /// The longest an item waits for its batch to fill; `None`: it does not wait.
    pub(crate) delay: Option<Duration>,
    /// The longest an export may take.
    pub(crate) timeout: Duration,
}

/// The sending side. Clones feed the same worker.
pub(crate) struct Queue<T> {
    shared: Arc<Shared<T>>,
    /// Keeps the worker running while something can still be sent.
    _runtime: ExportRuntime,
}

struct Shared<T> {
    state: Mutex<State<T>>,
    wake: Notify,
    limits: BatchLimits,
    delivery: Delivery<T>,
}

struct State<T> {
    items: VecDeque<T>,
    flushes: Vec<mpsc::SyncSender<()>>,
    closed: bool,
}

impl<T: Send + 'static> Queue<T> {
    /// Starts a worker on the runtime that takes from this queue.
    pub(crate) fn start(
        exporter: Exporter<T>,
        signal: Signal,
        limits: BatchLimits,
        counts: Arc<SignalCounts>,
        runtime: &ExportRuntime,
    ) -> Self {
        let shared = Arc::new(Shared {
            state: Mutex::new(State { items: VecDeque::new(), flushes: Vec::new(), closed: false }),
            wake: Notify::new(),
            limits,
            delivery: Delivery::new(exporter, signal, limits.timeout, counts, runtime),
        });
        runtime.spawn(Arc::clone(&shared).work());
        Self { shared, _runtime: runtime.clone() }
    }

    /// Takes an item in, or counts why not. Never waits.
    pub(crate) fn push(&self, item: T) {
        let Shared { wake, limits, delivery, .. } = &*self.shared;
        let mut state = self.shared.state();
        if state.closed {
            return delivery.counts().refuse_after_shutdown();
        }
        if state.items.len() >= limits.capacity {
            return delivery.counts().refuse_when_full();
        }
        state.items.push_back(item);
        let waiting = state.items.len();
        drop(state);
        delivery.counts().accept(1);
        if waiting == limits.wake_at() {
            wake.notify_one();
        }
    }

    /// Exports what waits now. Ok if nothing was lost since this was asked last.
    pub(crate) fn flush(&self, timeout: Duration) -> Result<(), ExportError> {
        self.ask(timeout, false)
    }

    /// Exports what waits and takes nothing more in. A second call finds nothing to do.
    pub(crate) fn shutdown(&self, timeout: Duration) -> Result<(), ExportError> {
        self.ask(timeout, true)
    }

    fn ask(&self, timeout: Duration, close: bool) -> Result<(), ExportError> {
        let Shared { wake, delivery, .. } = &*self.shared;
        let (done, answered) = mpsc::sync_channel(1);
        let mut state = self.shared.state();
        if state.closed {
            return Ok(());
        }
        state.closed = close;
        state.flushes.push(done);
        drop(state);
        wake.notify_one();
        delivery.await_answer(&answered, timeout)
    }
}

impl BatchLimits {
    /// How many waiting items wake the worker: a full batch, or half the queue so that it does not overflow meanwhile.
    fn wake_at(&self) -> usize {
        match self.delay {
            None => 1,
            Some(_) => self.batch_size.min(self.capacity.div_ceil(2)),
        }
    }
}

impl<T: Send + 'static> Shared<T> {
    async fn work(self: Arc<Self>) {
        let mut overflow = Overflow::default();
        loop {
            let due = self.next_round().await;
            let (waiting, flushes, closed) = {
                let mut state = self.state();
                (state.items.len(), std::mem::take(&mut state.flushes), state.closed)
            };
            // Only what waited when the round began, so that a flush ends however fast new items come.
            self.export(waiting, due || !flushes.is_empty()).await;
            overflow.watch(&self.delivery);
            for flush in flushes {
                // The caller may have given up waiting.
                let _ = flush.try_send(());
            }
            if closed {
                return self.delivery.shutdown(self.limits.timeout);
            }
        }
    }

    /// Waits until there is something to do. True if a batch that is not full is due as well.
    async fn next_round(&self) -> bool {
        let enough = self.state().items.len() >= self.limits.wake_at();
        match self.limits.delay {
            _ if enough => false,
            None => {
                self.wake.notified().await;
                true
            }
            Some(delay) => timeout(delay, self.wake.notified()).await.is_err(),
        }
    }

    /// Exports `waiting` items in batches; the last one, if it is not full, only when it is `due`.
    async fn export(&self, mut waiting: usize, due: bool) {
        while waiting >= self.limits.wake_at() || (due && waiting > 0) {
            let batch: Vec<T> = {
                let mut state = self.state();
                let size = waiting.min(self.limits.batch_size).min(state.items.len());
                state.items.drain(..size).collect()
            };
            let items = batch.len();
            if items == 0 {
                return;
            }
            self.delivery.deliver(batch, items).await;
            waiting = waiting.saturating_sub(items);
            // A simple queue goes on while there is something, since only the first item wakes it.
            if waiting == 0 && self.limits.delay.is_none() {
                waiting = self.state().items.len();
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says once that the queue overflows and once that it no longer does. The worker says it and not who was refused,
/// because an instrumented call must not wait for standard error.
#[derive(Default)]
struct Overflow {
    before: u64,
    refused: u64,
}

impl Overflow {
    fn watch<T: Send + 'static>(&mut self, delivery: &Delivery<T>) {
        let refused = delivery.counts().read().queue_full;
        let items = delivery.signal().items();
        let overflowing = self.refused > self.before;
        if refused > self.refused {
            self.refused = refused;
            if !overflowing {
                diagnostics::report(format_args!(
                    "the queue is full: {items} are refused and counted; this is said once."
                ));
            }
        } else if overflowing {
            diagnostics::report(format_args!(
                "the queue has room again; {} {items} were refused.",
                self.refused - self.before
            ));
            self.before = self.refused;
        }
    }
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), _runtime: self._runtime.clone() }
    }
}

impl<T> fmt::Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").field("limits", &self.shared.limits).finish_non_exhaustive()
    }
}
