//! Flushes and shutdowns that are under way.

use std::fmt;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use opentelemetry::Context;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};

use super::error::{ExportError, Signal};

/// Flushes or shutdowns that were asked for and not yet waited for. Several run at the same time.
#[must_use = "what is under way is to be waited for"]
#[derive(Default)]
pub struct Pending {
    steps: Vec<Step>,
    /// What the workers need until they are done.
    kept: Vec<Box<dyn Send>>,
}

struct Step {
    answer: Receiver<()>,
    /// Says how it went, given why there was no answer.
    outcome: Box<dyn FnOnce(Option<String>) -> Result<(), ExportError> + Send>,
}

impl Pending {
    /// One step: `outcome` is asked once `answer` came, or with the reason why it did not.
    pub(crate) fn new(
        answer: Receiver<()>,
        outcome: impl FnOnce(Option<String>) -> Result<(), ExportError> + Send + 'static,
    ) -> Self {
        Self { steps: vec![Step { answer, outcome: Box::new(outcome) }], kept: Vec::new() }
    }

    /// A part of a user's own, which may take any time: it gets a thread of its own.
    pub(crate) fn own_part(signal: Signal, work: impl FnOnce() -> OTelSdkResult + Send + 'static) -> Self {
        let (done, answer) = sync_channel(1);
        let (failure, failed) = sync_channel(1);
        let spawned = thread::Builder::new().name("cryostorm-flush".to_owned()).spawn(move || {
            let _suppressed = Context::enter_telemetry_suppressed_scope();
            if let Err(error) = work() {
                // Room for the one failure that there can be.
                let _ = failure.try_send(error);
            }
            let _ = done.try_send(());
        });
        Self::new(answer, move |unanswered| {
            let reason = match (&spawned, unanswered, failed.try_recv()) {
                (Err(error), ..) => error.to_string(),
                (_, Some(reason), _) => reason,
                (_, None, Ok(error)) => reason(&error),
                (_, None, Err(_)) => return Ok(()),
            };
            Err(ExportError {
                signal,
                lost: 0,
                destination: "a processor or reader of your own".to_owned(),
                reason,
            })
        })
    }

    /// Adds steps that are under way at the same time.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.steps.extend(other.steps);
        self.kept.extend(other.kept);
        self
    }

    /// Keeps something alive until all of it is done.
    pub(super) fn keeping(mut self, kept: impl Send + 'static) -> Self {
        self.kept.push(Box::new(kept));
        self
    }

    /// Waits on behalf of the SDK, whose errors have no form but text.
    pub(crate) fn for_sdk(self, timeout: Duration) -> OTelSdkResult {
        self.wait(timeout).map_err(|errors| {
            let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
            OTelSdkError::InternalFailure(errors.join("; "))
        })
    }

    /// Blocks until all of it is done or the time is over. Works inside every executor, because the export runtime
    /// never needs the thread that waits.
    ///
    /// # Errors
    ///
    /// What was lost since the last flush, and what was not done in time.
    pub fn wait(self, timeout: Duration) -> Result<(), Vec<ExportError>> {
        // A limit beyond what the clock can express is no limit.
        let deadline = Instant::now().checked_add(timeout);
        let mut errors = Vec::new();
        for Step { answer, outcome } in self.steps {
            let left =
                deadline.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(Instant::now()));
            let unanswered = match answer.recv_timeout(left) {
                Ok(()) => None,
                Err(RecvTimeoutError::Timeout) => Some(format!("not done within {timeout:?}")),
                Err(RecvTimeoutError::Disconnected) => Some("its worker has ended".to_owned()),
            };
            errors.extend(outcome(unanswered).err());
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// What an SDK error says, without the words around it that say nothing.
pub(super) fn reason(error: &OTelSdkError) -> String {
    match error {
        OTelSdkError::InternalFailure(reason) => reason.clone(),
        other => other.to_string(),
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").field("steps", &self.steps.len()).finish()
    }
}
