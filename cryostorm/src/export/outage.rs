//! Says once that a destination fails, and once that it works again.

use std::sync::{Mutex, PoisonError};

use crate::diagnostics;

use super::error::Signal;

/// The failures of one destination. Signals that share it share one report, so that a Collector that is down is one
/// line and not three.
#[derive(Debug)]
pub(super) struct Outage {
    destination: String,
    failing: Mutex<Failing>,
}

#[derive(Debug, Default)]
struct Failing {
    signals: Vec<Signal>,
    lost: u64,
}

impl Outage {
    pub(super) fn new(destination: &str) -> Self {
        Self { destination: destination.to_owned(), failing: Mutex::default() }
    }

    pub(super) fn failed(&self, signal: Signal, lost: usize, reason: &str) {
        let mut failing = self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        let first = failing.signals.is_empty();
        failing.lost += lost as u64;
        if !failing.signals.contains(&signal) {
            failing.signals.push(signal);
        }
        drop(failing);
        if first {
            diagnostics::report(format_args!(
                "cannot export {signal} to {}: {reason}. Telemetry for it is lost until it answers; this is said once.",
                self.destination
            ));
        }
    }

    pub(super) fn worked(&self, signal: Signal) {
        let mut failing = self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        if failing.signals.is_empty() {
            return;
        }
        failing.signals.retain(|other| *other != signal);
        if failing.signals.is_empty() {
            let lost = std::mem::take(&mut failing.lost);
            drop(failing);
            diagnostics::report(format_args!("{} answers again; {lost} items were lost.", self.destination));
        }
    }
}
