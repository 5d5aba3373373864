//! Hands batches to an exporter and keeps the books.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use tokio::task::JoinError;
use tokio::time::{error::Elapsed, timeout};

use super::error::{ExportError, Signal};
use super::exporter::Exporter;
use super::inbox::Inbox;
use super::outage::Outage;
use super::pending::{Pending, reason};
use super::runtime::ExportRuntime;
use super::stats::SignalCounts;

/// One exporter with its time limit, its counts and what went wrong last.
#[derive(Debug)]
pub(crate) struct Delivery<T> {
    exporter: Arc<Exporter<T>>,
    signal: Signal,
    timeout: Duration,
    counts: Arc<SignalCounts>,
    outage: Arc<Outage>,
    ledger: Mutex<Ledger>,
}

#[derive(Debug, Default)]
struct Ledger {
    /// How many losses those who flushed know of.
    told: u64,
    /// What went wrong since.
    failure: Option<String>,
    /// Shutdown has counted all that was under way as lost, so that no later outcome may count.
    abandoned: bool,
}

impl<T: Send + 'static> Delivery<T> {
    pub(crate) fn new(
        exporter: Exporter<T>,
        signal: Signal,
        timeout: Duration,
        counts: Arc<SignalCounts>,
        runtime: &ExportRuntime,
    ) -> Self {
        Self {
            outage: runtime.outage(exporter.destination()),
            exporter: Arc::new(exporter),
            signal,
            timeout,
            counts,
            ledger: Mutex::default(),
        }
    }

    pub(crate) fn counts(&self) -> &SignalCounts {
        &self.counts
    }

    pub(crate) fn signal(&self) -> Signal {
        self.signal
    }

    /// Exports one batch of `items` items. Runs on the export runtime.
    pub(crate) async fn deliver(&self, batch: Vec<T>, items: usize) {
        let exporter = Arc::clone(&self.exporter);
        // A task of its own, so that a panic ends that export and nothing else.
        let mut export = tokio::spawn(async move { exporter.export(batch).await });
        let outcome = timeout(self.timeout, &mut export).await;
        if outcome.is_err() {
            export.abort();
        }
        match failure(outcome, self.timeout) {
            Some(reason) => self.fail(items, reason),
            None => {
                let ledger = self.ledger();
                if !ledger.abandoned {
                    self.counts.export(items);
                }
                drop(ledger);
                self.outage.worked(self.signal);
            }
        }
    }

    /// Counts items that are lost, or notes a failure that nobody can put a number to.
    pub(crate) fn fail(&self, items: usize, reason: String) {
        self.outage.failed(self.signal, items, &reason);
        let mut ledger = self.ledger();
        if !ledger.abandoned {
            self.counts.fail(items as u64);
        }
        ledger.failure = Some(reason);
    }

    /// Asks the worker behind `inbox` to do what waits, and if `close`, to end.
    pub(crate) fn request<I>(self: &Arc<Self>, inbox: &Inbox<I>, close: bool) -> Pending {
        let Some(answer) = inbox.request(close) else { return Pending::default() };
        let delivery = Arc::clone(self);
        Pending::new(answer, move |unanswered| match unanswered {
            None => delivery.settle(),
            Some(reason) => Err(delivery.give_up(reason, close)),
        })
    }

    /// Ok if everything arrived that was handed in since this was asked last.
    fn settle(&self) -> Result<(), ExportError> {
        let mut ledger = self.ledger();
        let lost = self.counts.read().lost();
        let untold = lost.saturating_sub(std::mem::replace(&mut ledger.told, lost));
        match (untold, ledger.failure.take()) {
            (0, None) => Ok(()),
            (untold, failure) => Err(self.error(untold, failure.unwrap_or_else(|| self.refusal()))),
        }
    }

    /// The error for a worker that did not answer. At shutdown, what waits or is under way is lost, and counted so.
    fn give_up(&self, why: String, close: bool) -> ExportError {
        let mut ledger = self.ledger();
        let pending = self.counts.read().pending();
        let mut reason = why;
        if !close {
            reason = format!("{reason}, {pending} still wait");
        } else if !std::mem::replace(&mut ledger.abandoned, true) {
            self.counts.fail(pending);
        }
        if let Some(failure) = ledger.failure.take() {
            reason = format!("{reason}; before that: {failure}");
        }
        let lost = self.counts.read().lost();
        let untold = lost.saturating_sub(std::mem::replace(&mut ledger.told, lost));
        self.error(untold, reason)
    }

    /// Shuts the exporter down, which may block or panic: it is a user's code.
    pub(crate) async fn shutdown(&self) {
        let (exporter, limit) = (Arc::clone(&self.exporter), self.timeout);
        let shutdown = tokio::task::spawn_blocking(move || exporter.shutdown(limit));
        let failure = match timeout(limit, shutdown).await {
            Ok(Ok(Ok(()) | Err(OTelSdkError::AlreadyShutdown))) => return,
            outcome => failure(outcome, limit),
        };
        self.ledger().failure = failure;
    }

    fn error(&self, lost: u64, reason: String) -> ExportError {
        let destination = self.exporter.destination().to_owned();
        ExportError { signal: self.signal, lost, destination, reason }
    }

    /// Why items were not even taken in.
    fn refusal(&self) -> String {
        let full = self.counts.read().queue_full > 0;
        if full { "the queue was full" } else { "telemetry was shut down already" }.to_owned()
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failure(outcome: Result<Result<OTelSdkResult, JoinError>, Elapsed>, timeout: Duration) -> Option<String> {
    match outcome {
        Ok(Ok(Ok(()))) => None,
        Ok(Ok(Err(error))) => Some(reason(&error)),
        Ok(Err(_)) => Some("the exporter panicked".to_owned()),
        Err(_) => Some(format!("no answer within {timeout:?}")),
    }
}
