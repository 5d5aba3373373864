//! The bounded queue between instrumented code and an exporter, for spans and log records alike.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::timeout;

use super::delivery::Delivery;
use super::error::Signal;
use super::exporter::Exporter;
use super::inbox::{Inbox, Refused};
use super::pending::Pending;
use super::provider::Outlet;
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
    delivery: Arc<Delivery<T>>,
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
        let delivery = Arc::new(Delivery::new(exporter, signal, limits.timeout, counts, runtime));
        let shared = Arc::new(Shared { inbox: Inbox::new(), limits, delivery });
        runtime.spawn(Arc::clone(&shared).work());
        Self { shared, _runtime: runtime.clone() }
    }

    /// Takes an item in, or counts why not. Never waits.
    pub(crate) fn push(&self, item: T) {
        let Shared { inbox, limits, delivery } = &*self.shared;
        match inbox.push(item, limits.capacity, || delivery.counts().accept(1)) {
            Ok(waiting) => {
                if waiting == limits.wake_at() {
                    inbox.wake.notify_one();
                }
            }
            Err(Refused::Full) => delivery.counts().refuse_when_full(),
            Err(Refused::Closed) => delivery.counts().refuse_after_shutdown(),
        }
    }
}

impl<T: Send + 'static> Outlet for Queue<T> {
    fn request(&self, close: bool) -> Pending {
        self.shared.delivery.request(&self.shared.inbox, close)
    }
}

impl BatchLimits {
    /// The most items that wait, unless set, where each is exported as soon as the exporter is free: room for a burst.
    pub(crate) const SIMPLE_CAPACITY: usize = 16_384;

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
                self.delivery.shutdown().await;
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
    last: Option<Instant>,
}

impl Overflow {
    /// How long nothing must be refused for an overflow to be over.
    const QUIET: Duration = Duration::from_secs(5);

    fn watch<T: Send + 'static>(&mut self, delivery: &Delivery<T>) {
        let refused = delivery.counts().read().queue_full;
        let items = delivery.signal().items();
        if refused > self.refused {
            let first = self.last.replace(Instant::now()).is_none();
            self.refused = refused;
            if first {
                diagnostics::report(format_args!(
                    "the queue is full: {items} are refused and counted; this is said once."
                ));
            }
        } else if self.last.is_some_and(|last| last.elapsed() >= Self::QUIET) {
            self.last = None;
            let count = refused - std::mem::replace(&mut self.before, refused);
            diagnostics::report(format_args!("the queue has room again; {count} {items} were refused."));
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
