//! What became of each item: counted, whatever happens.

use std::sync::atomic::{AtomicU64, Ordering};

/// What became of the telemetry of each signal, since installation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExportStats {
    /// Spans.
    pub traces: SignalStats,
    /// Metric points, once per collection.
    pub metrics: SignalStats,
    /// Log records.
    pub logs: SignalStats,
}

/// What became of one signal's items. Every accepted item is exported, failed or still on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignalStats {
    /// Taken in to be exported.
    pub accepted: u64,
    /// Arrived, as the exporter said.
    pub exported: u64,
    /// Lost because the export failed, timed out or panicked, or because shutdown could not wait for it.
    pub failed: u64,
    /// Refused because the queue was full.
    pub queue_full: u64,
    /// Refused because they came after shutdown.
    pub after_shutdown: u64,
}

impl SignalStats {
    /// Items that will never arrive.
    #[must_use]
    pub const fn lost(&self) -> u64 {
        self.failed + self.queue_full + self.after_shutdown
    }

    /// Items on their way.
    #[must_use]
    pub const fn pending(&self) -> u64 {
        self.accepted.saturating_sub(self.exported + self.failed)
    }
}

/// The counters behind [`SignalStats`].
#[derive(Debug, Default)]
pub(crate) struct SignalCounts {
    accepted: AtomicU64,
    exported: AtomicU64,
    failed: AtomicU64,
    queue_full: AtomicU64,
    after_shutdown: AtomicU64,
}

impl SignalCounts {
    pub(crate) fn accept(&self, items: usize) {
        add(&self.accepted, items);
    }

    pub(crate) fn export(&self, items: usize) {
        add(&self.exported, items);
    }

    pub(crate) fn fail(&self, items: u64) {
        self.failed.fetch_add(items, Ordering::Relaxed);
    }

    pub(crate) fn refuse_when_full(&self) {
        add(&self.queue_full, 1);
    }

    pub(crate) fn refuse_after_shutdown(&self) {
        add(&self.after_shutdown, 1);
    }

    pub(crate) fn read(&self) -> SignalStats {
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        // Outcomes before intake: an item counted in between is then pending, never exported before it was accepted.
        let (exported, failed) = (load(&self.exported), load(&self.failed));
        SignalStats {
            exported,
            failed,
            accepted: load(&self.accepted),
            queue_full: load(&self.queue_full),
            after_shutdown: load(&self.after_shutdown),
        }
    }
}

fn add(counter: &AtomicU64, items: usize) {
    counter.fetch_add(items as u64, Ordering::Relaxed);
}
