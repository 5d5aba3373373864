//! The bounded queue between instrumented code and an exporter, for spans and log records alike.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::Signal;
use super::delivery::Delivery;
use super::error::ExportError;
use super::exporter::Exporter;
use super::inbox::{Inbox, Refused};
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
    inbox: Inbox<T>,
    limits: BatchLimits,
    delivery: Delivery<T>,
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
        let delivery = Delivery::new(exporter, signal, limits.timeout, counts, runtime);
        let shared = Arc::new(Shared { inbox: Inbox::new(), limits, delivery });
        runtime.spawn(Arc::clone(&shared).work());
        Self { shared, _runtime: runtime.clone() }
    }

    /// Takes an item in, or counts why not. Never waits.
    pub(crate) fn push(&self, item: T) {
        let Shared { inbox, limits, delivery } = &*self.shared;
        match inbox.push(item, limits.capacity) {
            Ok(waiting) => {
                delivery.counts().accept(1);
                if waiting == limits.wake_at() {
                    inbox.wake.notify_one();
                }
            }
            Err(Refused::Full) => delivery.counts().refuse_when_full(),
            Err(Refused::Closed) => delivery.counts().refuse_after_shutdown(),
        }
    }

    /// Exports what waits now. Ok if nothing was lost since this was asked last.
    pub(crate) fn flush(&self, timeout: Duration) -> Result<(), ExportError> {
        self.shared.delivery.request(&self.shared.inbox, false, timeout)
    }

    /// Exports what waits and takes nothing more in. A second call finds nothing to do.
    pub(crate) fn shutdown(&self, timeout: Duration) -> Result<(), ExportError> {
        self.shared.delivery.request(&self.shared.inbox, true, timeout)
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
            let round = self.inbox.round();
            // Only what waited when the round began, so that a flush ends however fast new items come.
            self.export(round.waiting, due || round.is_requested()).await;
            overflow.watch(&self.delivery);
            if round.last {
                // Before the answer: whoever gets it may end the runtime.
                self.delivery.shutdown(self.limits.timeout);
                return round.answer();
            }
            round.answer();
        }
    }

    /// Waits until there is something to do. True if a batch that is not full is due as well.
    async fn next_round(&self) -> bool {
        let enough = self.inbox.len() >= self.limits.wake_at();
        match self.limits.delay {
            _ if enough => false,
            None => {
                self.inbox.wake.notified().await;
                true
            }
            Some(delay) => timeout(delay, self.inbox.wake.notified()).await.is_err(),
        }
    }

    /// Exports `waiting` items in batches; the last one, if it is not full, only when it is `due`.
    async fn export(&self, mut waiting: usize, due: bool) {
        while waiting >= self.limits.wake_at() || (due && waiting > 0) {
            let batch = self.inbox.take(waiting.min(self.limits.batch_size));
            let items = batch.len();
            if items == 0 {
                return;
            }
            self.delivery.deliver(batch, items).await;
            waiting = waiting.saturating_sub(items);
        }
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
