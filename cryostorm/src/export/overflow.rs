//! Says once that a queue overflows, and once that it no longer does.

use std::time::{Duration, Instant};

use super::error::Signal;
use super::stats::SignalStats;
use crate::diagnostics;

/// The overflow of one queue. The worker says it and not who was refused, because an instrumented call must not wait for
/// standard error.
#[derive(Debug, Default)]
pub(super) struct Overflow {
    before: u64,
    dropped: u64,
    last: Option<Instant>,
}

impl Overflow {
    /// How long nothing must be dropped for an overflow to be over.
    const QUIET: Duration = Duration::from_secs(5);

    pub(super) fn watch(&mut self, signal: Signal, stats: SignalStats) {
        let dropped = stats.queue_full + stats.dropped_oldest;
        let items = signal.items();
        if dropped > self.dropped {
            let first = self.last.replace(Instant::now()).is_none();
            self.dropped = dropped;
            if first {
                diagnostics::report(format_args!(
                    "the queue is full: {items} are dropped and counted; this is said once."
                ));
            }
        } else if self.last.is_some_and(|last| last.elapsed() >= Self::QUIET) {
            self.last = None;
            let count = dropped - std::mem::replace(&mut self.before, dropped);
            diagnostics::report(format_args!("the queue has room again; {count} {items} were dropped."));
        }
    }
}
