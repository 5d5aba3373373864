//! A shutdown that happens once, however many ask for it.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::Error;
use crate::export::ExportError;

/// Whether telemetry runs, is being shut down, or how that went.
#[derive(Debug, Default)]
pub(crate) struct Shutdown {
    state: Mutex<State>,
    done: Condvar,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Running,
    UnderWay,
    Done(Result<(), Vec<ExportError>>),
}

impl Shutdown {
    pub(crate) fn has_begun(&self) -> bool {
        !matches!(*self.state(), State::Running)
    }

    /// Does `work` if nobody has yet. Everybody gets its outcome, or waits for it until the time is over.
    pub(crate) fn once(
        &self,
        timeout: Duration,
        work: impl FnOnce() -> Result<(), Vec<ExportError>>,
    ) -> Result<(), Error> {
        let mut state = self.state();
        if matches!(*state, State::Running) {
            *state = State::UnderWay;
            drop(state);
            let outcome = work();
            state = self.state();
            *state = State::Done(outcome);
            self.done.notify_all();
        } else {
            let waited =
                self.done.wait_timeout_while(state, timeout, |state| matches!(state, State::UnderWay));
            (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
        match &*state {
            State::Done(outcome) => outcome.clone().map_err(Error::Undelivered),
            State::Running | State::UnderWay => Err(Error::Timeout(timeout)),
        }
    }

    /// The outcome of the shutdown that has begun.
    pub(crate) fn outcome(&self, timeout: Duration) -> Result<(), Error> {
        self.once(timeout, || Ok(()))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
