//! Hands batches to an exporter and keeps the books.

use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use opentelemetry_sdk::error::OTelSdkResult;
use tokio::task::JoinError;
use tokio::time::{error::Elapsed, timeout};

use super::error::{ExportError, Signal};
use super::exporter::Exporter;
use super::inbox::Inbox;
use super::outage::Outage;
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
    /// How many losses the callers of flush and shutdown know of.
    told: u64,
    last_failure: Option<String>,
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
            None => {
                self.counts.export(items);
                self.outage.worked(self.signal);
            }
            Some(reason) => {
                self.counts.fail(items);
                self.outage.failed(self.signal, items, &reason);
                self.ledger().last_failure = Some(reason);
            }
        }
    }

    /// Asks the worker behind `inbox` to do what waits, and if `close`, to end; waits for its answer. Blocks the caller,
    /// on a plain channel so that it works inside every executor: the export runtime never needs the caller's thread.
    pub(crate) fn request<I>(
        &self,
        inbox: &Inbox<I>,
        close: bool,
        timeout: Duration,
    ) -> Result<(), ExportError> {
        let Some(answer) = inbox.request(close) else { return Ok(()) };
        match answer.recv_timeout(timeout) {
            Ok(()) => self.settle(),
            Err(mpsc::RecvTimeoutError::Timeout) => self.give_up(&format!("not done within {timeout:?}")),
            Err(mpsc::RecvTimeoutError::Disconnected) => self.give_up("the export runtime has ended"),
        }
    }

    /// Ok if everything arrived that was handed in since this was asked last.
    fn settle(&self) -> Result<(), ExportError> {
        let lost = self.counts.read().lost();
        let mut ledger = self.ledger();
        let untold = lost.saturating_sub(ledger.told);
        ledger.told = lost;
        if untold == 0 {
            return Ok(());
        }
        let reason = ledger.last_failure.take().unwrap_or_else(|| "the queue was full".to_owned());
        Err(self.error(untold, reason))
    }

    /// The outcome of a flush or shutdown that was given up: what still waits counts as lost.
    fn give_up(&self, why: &str) -> Result<(), ExportError> {
        let ledger = self.ledger();
        let stats = self.counts.read();
        let lost = stats.pending() + stats.lost().saturating_sub(ledger.told);
        if lost == 0 {
            return Ok(());
        }
        let reason = match &ledger.last_failure {
            Some(failure) => format!("{why}; before that: {failure}"),
            None => why.to_owned(),
        };
        drop(ledger);
        Err(self.error(lost, reason))
    }

    pub(crate) fn shutdown(&self, timeout: Duration) {
        // The SDK's own exporters answer at once and have nothing to say; what was lost is counted already.
        let _ = self.exporter.shutdown(timeout);
    }

    fn error(&self, lost: u64, reason: String) -> ExportError {
        ExportError { signal: self.signal, lost, destination: self.exporter.destination().to_owned(), reason }
    }

    fn ledger(&self) -> std::sync::MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failure(outcome: Result<Result<OTelSdkResult, JoinError>, Elapsed>, timeout: Duration) -> Option<String> {
    match outcome {
        Ok(Ok(Ok(()))) => None,
        Ok(Ok(Err(error))) => Some(error.to_string()),
        Ok(Err(_)) => Some("the exporter panicked".to_owned()),
        Err(_) => Some(format!("no answer within {timeout:?}")),
    }
}
