//! Says once that calls are dropped, and once that they no longer are.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::diagnostics;

/// How long nothing must be dropped for the losses to be over.
const QUIET: Duration = Duration::from_secs(5);

/// Whether losses go on that were spoken of.
#[derive(Debug, Default)]
pub(super) struct Losses {
    is_said: AtomicBool,
}

/// What the worker knows of them.
#[derive(Debug, Default)]
pub(super) struct Watch {
    dropped: u64,
    last: Option<Instant>,
    /// How many were dropped when losses ended before.
    before: u64,
}

impl Losses {
    /// A call was dropped and counted. Not left to the worker to say, which may wait for the exporter without end.
    pub(super) fn add(&self, name: &str, reason: &str) {
        if !self.is_said.load(Ordering::SeqCst) && !self.is_said.swap(true, Ordering::SeqCst) {
            let message = format!(
                "the telemetry exporter {name} loses calls: {reason}. They are counted; this is said once."
            );
            diagnostics::report_aside(|| message);
        }
    }

    /// Says that losses are over, if they are. Only for the worker.
    pub(super) fn watch(&self, name: &str, watch: &mut Watch, dropped: impl Fn() -> u64) {
        if !self.is_said.load(Ordering::SeqCst) {
            return;
        }
        let now = Instant::now();
        if !watch.is_over(dropped(), now) {
            return;
        }
        self.is_said.store(false, Ordering::SeqCst);
        // What was dropped in between took it for said.
        if !watch.is_over(dropped(), now) {
            self.is_said.store(true, Ordering::SeqCst);
            return;
        }
        let lost = watch.end();
        diagnostics::report(format_args!(
            "the telemetry exporter {name} loses no more calls; {lost} were lost."
        ));
    }
}

impl Watch {
    /// Whether nothing was dropped for long enough.
    fn is_over(&mut self, dropped: u64, now: Instant) -> bool {
        if dropped > self.dropped {
            self.dropped = dropped;
            self.last = Some(now);
        }
        self.last.is_some_and(|last| now.saturating_duration_since(last) >= QUIET)
    }

    fn end(&mut self) -> u64 {
        self.last = None;
        self.dropped - std::mem::replace(&mut self.before, self.dropped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_are_over_when_nothing_was_lost_for_a_while() {
        let (mut watch, start) = (Watch::default(), Instant::now());
        assert!(!watch.is_over(3, start));
        assert!(!watch.is_over(3, start + QUIET / 2));
        assert!(!watch.is_over(4, start + QUIET / 2));
        assert!(!watch.is_over(4, start + QUIET));
        assert!(watch.is_over(4, start + QUIET * 2));
        assert_eq!(watch.end(), 4);
        assert!(!watch.is_over(4, start + QUIET * 3), "they ended already");
        assert!(!watch.is_over(6, start + QUIET * 4));
        assert!(watch.is_over(6, start + QUIET * 5));
        assert_eq!(watch.end(), 2);
    }
}
