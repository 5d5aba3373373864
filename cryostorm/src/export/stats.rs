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

/// What became of one signal's items. Every accepted item is exported, failed, dropped as the oldest or still on its
/// way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignalStats {
    /// Taken in to be exported.
    pub accepted: u64,
    /// Arrived, as the exporter said.
    pub exported: u64,
    /// Lost because the export failed, timed out or panicked, or because shutdown could not wait for it.
    pub failed: u64,
    /// Dropped while they waited, to make room in a full queue for newer ones.
    pub dropped_oldest: u64,
    /// Refused because the queue was full.
    pub queue_full: u64,
    /// Refused because they came after shutdown.
    pub after_shutdown: u64,
}

impl SignalStats {
    /// Items that will never arrive.
    #[must_use]
    pub const fn lost(&self) -> u64 {
        self.failed + self.dropped_oldest + self.queue_full + self.after_shutdown
    }

    /// Items on their way.
    #[must_use]
    pub const fn pending(&self) -> u64 {
        self.accepted.saturating_sub(self.exported + self.failed + self.dropped_oldest)
    }
}

/// What became of items that were to be queued together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Intake {
    pub(super) accepted: usize,
    pub(super) dropped_oldest: usize,
    pub(super) queue_full: usize,
    pub(super) after_shutdown: usize,
}

/// The counters behind [`SignalStats`].
#[derive(Debug, Default)]
pub(crate) struct SignalCounts {
    accepted: AtomicU64,
    exported: AtomicU64,
    failed: AtomicU64,
    dropped_oldest: AtomicU64,
    queue_full: AtomicU64,
    after_shutdown: AtomicU64,
}

impl SignalCounts {
    pub(super) fn take_in(&self, intake: Intake) {
        add(&self.accepted, intake.accepted as u64);
        add(&self.dropped_oldest, intake.dropped_oldest as u64);
        add(&self.queue_full, intake.queue_full as u64);
        add(&self.after_shutdown, intake.after_shutdown as u64);
    }

    pub(crate) fn accept(&self, items: usize) {
        add(&self.accepted, items as u64);
    }

    pub(crate) fn export(&self, items: usize) {
        add(&self.exported, items as u64);
    }

    pub(crate) fn fail(&self, items: u64) {
        add(&self.failed, items);
    }

    pub(crate) fn read(&self) -> SignalStats {
        let load = |counter: &AtomicU64| counter.load(Ordering::Acquire);
        // Outcomes before intake: an item counted in between is then pending, never exported before it was accepted.
        let (exported, failed, dropped_oldest) =
            (load(&self.exported), load(&self.failed), load(&self.dropped_oldest));
        SignalStats {
            exported,
            failed,
            dropped_oldest,
            accepted: load(&self.accepted),
            queue_full: load(&self.queue_full),
            after_shutdown: load(&self.after_shutdown),
        }
    }
}

/// Whoever reads an outcome also reads the intake before it.
fn add(counter: &AtomicU64, items: u64) {
    if items > 0 {
        counter.fetch_add(items, Ordering::Release);
    }
}
