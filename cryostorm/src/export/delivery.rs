//! Hands batches to an exporter and keeps the books.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use opentelemetry_sdk::error::OTelSdkError;
use tokio::task::JoinError;
use tokio::time::{error::Elapsed, timeout};

use crate::guarded::discard;

use super::error::{ExportError, Signal};
use super::exporter::{Exporter, Undelivered};
use super::inbox::Inbox;
use super::outage::Outage;
use super::pending::Pending;
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
    failures: u64,
    /// The latest failure, in words.
    reason: Option<String>,
    /// What those who flushed know of.
    told: Told,
    /// Shutdown has counted all that was under way as lost, so that no later outcome may count.
    abandoned: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Told {
    lost: u64,
    failures: u64,
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

    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
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
            Some(Undelivered { items: lost, reason }) => {
                let lost = lost.map_or(items, |lost| lost.min(items));
                self.fail(lost, reason);
                self.arrived(items - lost);
            }
            None => {
                self.arrived(items);
                self.outage.worked(self.signal);
            }
        }
    }

    fn arrived(&self, items: usize) {
        let ledger = self.ledger();
        if !ledger.abandoned {
            self.counts.export(items);
        }
    }

    /// Takes items in whose export begins now. Not once shutdown has given up.
    pub(crate) fn accept(&self, items: usize) -> bool {
        let ledger = self.ledger();
        if !ledger.abandoned {
            self.counts.accept(items);
        }
        !ledger.abandoned
    }

    /// Counts items that are lost, or notes a failure that nobody can put a number to.
    pub(crate) fn fail(&self, items: usize, reason: String) {
        self.outage.failed(self.signal, items, &reason);
        let mut ledger = self.ledger();
        if !ledger.abandoned {
            self.counts.fail(items as u64);
        }
        ledger.failures += 1;
        ledger.reason = Some(reason);
    }

    /// Asks the worker behind `inbox` to do what waits, and if `close`, to end.
    pub(crate) fn request<I>(self: &Arc<Self>, inbox: &Inbox<I>, close: bool) -> Pending {
        // Before the worker can do anything, so that all who wait at the same time are told the same.
        let told = self.ledger().told;
        let Some(answer) = inbox.request(close) else { return Pending::default() };
        let delivery = Arc::clone(self);
        Pending::new(answer, move |unanswered| delivery.settle(told, unanswered, close))
    }

    /// Ok if there was an answer, and everything arrived since `told`. Where there was none, what still waits at
    /// shutdown is lost, and counted so.
    fn settle(&self, told: Told, unanswered: Option<String>, close: bool) -> Result<(), ExportError> {
        let mut ledger = self.ledger();
        let pending = self.counts.read().pending();
        if unanswered.is_some() && close && !std::mem::replace(&mut ledger.abandoned, true) {
            self.counts.fail(pending);
        }
        let now = Told { lost: self.counts.read().lost(), failures: ledger.failures };
        ledger.told = now;
        // An earlier failure, told before, is no reason for what was lost since.
        let failure = ledger.reason.clone().filter(|_| now.failures > told.failures);
        let reason = match (unanswered, failure) {
            (None, None) if now.lost == told.lost => return Ok(()),
            (None, failure) => failure.unwrap_or_else(|| self.refusal()),
            (Some(why), failure) => {
                let why = if close { why } else { format!("{why}, {pending} still wait") };
                match failure {
                    Some(failure) => format!("{why}; before that: {failure}"),
                    None => why,
                }
            }
        };
        Err(self.error(now.lost.saturating_sub(told.lost), reason))
    }

    /// Has the exporter write what it holds back, and shuts it down, which may block or panic: it is a user's code.
    pub(crate) async fn shutdown(&self) {
        let (exporter, limit) = (Arc::clone(&self.exporter), self.timeout);
        let finish = tokio::spawn(async move { exporter.finish().await });
        if let Some(Undelivered { reason, .. }) = failure(timeout(limit, finish).await, limit) {
            self.fail(0, reason);
        }
        let exporter = Arc::clone(&self.exporter);
        let shutdown = tokio::task::spawn_blocking(move || exporter.shutdown(limit));
        let failure = match timeout(limit, shutdown).await {
            Ok(Ok(Ok(()) | Err(OTelSdkError::AlreadyShutdown))) => return,
            outcome => failure(outcome, limit),
        };
        let mut ledger = self.ledger();
        // Where items were lost, their reason tells more.
        if ledger.failures == ledger.told.failures {
            ledger.reason = failure.map(|failure| failure.reason);
        }
        ledger.failures += 1;
    }

    fn error(&self, lost: u64, reason: String) -> ExportError {
        let destination = self.exporter.destination().to_owned();
        ExportError { signal: self.signal, lost, destination, reason }
    }

    /// Why items were not even taken in.
    fn refusal(&self) -> String {
        let stats = self.counts.read();
        let full = stats.queue_full + stats.dropped_oldest > 0;
        if full { "the queue was full" } else { "telemetry was shut down already" }.to_owned()
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failure<E: Into<Undelivered>>(
    outcome: Result<Result<Result<(), E>, JoinError>, Elapsed>,
    timeout: Duration,
) -> Option<Undelivered> {
    Some(match outcome {
        Ok(Ok(Ok(()))) => return None,
        Ok(Ok(Err(error))) => error.into(),
        Ok(Err(ended)) => {
            if let Ok(thrown) = ended.try_into_panic() {
                discard(thrown);
            }
            "the exporter panicked".to_owned().into()
        }
        Err(_) => format!("no answer within {timeout:?}").into(),
    })
}
