//! What became of each call: counted, whatever happens.

use std::sync::atomic::{AtomicU64, Ordering};

/// What became of the calls of a [`NonBlockingExporter`](super::NonBlockingExporter).
///
/// Each is delivered, dropped for one reason, or still on its way: `accepted = delivered + dropped.total() + pending()`.
/// After shutdown nothing is on its way, once the calls that were made meanwhile have returned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NonBlockingStats {
    /// Calls of `increment` and `observe`, all of them.
    pub accepted: u64,
    /// Calls that the exporter behind it took and returned from.
    pub delivered: u64,
    /// Calls that it never got, or failed at.
    pub dropped: Dropped,
}

impl NonBlockingStats {
    /// Calls on their way.
    #[must_use]
    pub const fn pending(&self) -> u64 {
        self.accepted.saturating_sub(self.delivered + self.dropped.total())
    }
}

/// Calls that were dropped, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dropped {
    /// The queue was full.
    pub queue_full: u64,
    /// An observation was NaN or infinite.
    pub not_finite: u64,
    /// The exporter behind it panicked on the call.
    pub panicked: u64,
    /// The exporter behind it had not returned from the call when the time for shutdown was over.
    pub unfinished: u64,
    /// The call still waited when the time for shutdown was over, or came while it ended.
    pub undelivered: u64,
    /// The call came after shutdown.
    pub after_shutdown: u64,
}

impl Dropped {
    /// All of them.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.queue_full
            + self.not_finite
            + self.panicked
            + self.unfinished
            + self.undelivered
            + self.after_shutdown
    }
}

/// What callers count: each call once, by what becomes of it there, as a second count would cost as much as the queue.
/// Apart from what they only read, which would otherwise leave their caches at each call of another.
#[derive(Debug, Default)]
#[repr(align(64))]
pub(super) struct Intake {
    queued: AtomicU64,
    queue_full: AtomicU64,
    not_finite: AtomicU64,
    after_shutdown: AtomicU64,
}

/// Why a caller's call is not queued.
#[derive(Clone, Copy, Debug)]
pub(super) enum Refusal {
    QueueFull,
    NotFinite,
    AfterShutdown,
}

impl Intake {
    /// Counts a call that was queued, and tells how many there were before.
    pub(super) fn queued(&self) -> u64 {
        self.queued.fetch_add(1, Ordering::Relaxed)
    }

    pub(super) fn refuse(&self, refusal: Refusal) {
        let count = match refusal {
            Refusal::QueueFull => &self.queue_full,
            Refusal::NotFinite => &self.not_finite,
            Refusal::AfterShutdown => &self.after_shutdown,
        };
        // In one order with what `Losses` reads and writes.
        count.fetch_add(1, Ordering::SeqCst);
    }

    /// Adds what callers know to what the worker knows.
    pub(super) fn complete(&self, stats: &mut NonBlockingStats) {
        let load = |count: &AtomicU64| count.load(Ordering::SeqCst);
        stats.dropped.queue_full = load(&self.queue_full);
        stats.dropped.not_finite = load(&self.not_finite);
        stats.dropped.after_shutdown = load(&self.after_shutdown);
        let Dropped { queue_full, not_finite, after_shutdown, .. } = stats.dropped;
        let counted = load(&self.queued) + queue_full + not_finite + after_shutdown;
        // The worker may be done with a call that its caller has yet to count.
        stats.accepted = counted.max(stats.delivered + stats.dropped.total());
    }
}
