//! Says once that a destination fails, and once that it works again.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::diagnostics;

use super::error::Signal;

/// How long a destination that fails and works by turns is not spoken of again.
const QUIET: Duration = Duration::from_secs(60);

/// The failures of one destination. Signals that share it share one report, so that a Collector that is down is one
/// line and not three.
#[derive(Debug)]
pub(super) struct Outage {
    destination: String,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failing: Vec<Signal>,
    lost: u64,
    said: Option<Instant>,
    /// Whether the failures that go on were spoken of.
    is_said: bool,
}

impl Outage {
    pub(super) fn new(destination: &str) -> Self {
        Self { destination: destination.to_owned(), state: Mutex::default() }
    }

    pub(super) fn failed(&self, signal: Signal, lost: usize, reason: &str) {
        let mut state = self.state();
        state.lost += lost as u64;
        if !state.failing.contains(&signal) {
            state.failing.push(signal);
        }
        if state.is_said || state.said.is_some_and(|said| said.elapsed() < QUIET) {
            return;
        }
        state.is_said = true;
        state.said = Some(Instant::now());
        drop(state);
        diagnostics::report(format_args!(
            "cannot export {signal} to {}: {reason}. What cannot be exported is lost and counted; this is said once.",
            self.destination
        ));
    }

    pub(super) fn worked(&self, signal: Signal) {
        let mut state = self.state();
        state.failing.retain(|other| *other != signal);
        if !state.failing.is_empty() || !state.is_said {
            return;
        }
        state.is_said = false;
        let lost = std::mem::take(&mut state.lost);
        drop(state);
        diagnostics::report(format_args!(
            "export to {} works again; {lost} items were lost.",
            self.destination
        ));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
