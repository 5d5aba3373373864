//! The metric reader that the settings describe: one that the export runtime drives.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak, mpsc};
use std::time::Duration;

use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{InstrumentKind, ManualReader, Pipeline, Temporality};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use crate::diagnostics;
use crate::export::{
    Delivery, ExportError, ExportFoundation, ExportRuntime, Exporter, Signal, SignalCounts, points,
};
use crate::settings::TelemetrySettings;
use crate::{Error, Factory};

use super::MetricExporterFactory;

/// Makes the periodic reader with its exporter.
#[derive(Debug)]
pub struct MetricReaderFactory {
    interval: Duration,
    timeout: Duration,
    exporter: Source,
    runtime: ExportRuntime,
    counts: Arc<SignalCounts>,
}

#[derive(Debug)]
enum Source {
    Settings(MetricExporterFactory),
    Own(Exporter<ResourceMetrics>),
}

impl MetricReaderFactory {
    /// The reader that the settings describe.
    #[must_use]
    pub fn from_settings(settings: &TelemetrySettings, foundation: &ExportFoundation) -> Self {
        Self {
            interval: Duration::from_millis(settings.metrics.export_interval_millis),
            timeout: Duration::from_millis(settings.metrics.export_timeout_millis),
            exporter: Source::Settings(MetricExporterFactory::from_settings(settings, foundation)),
            runtime: foundation.runtime.clone(),
            counts: Arc::default(),
        }
    }

    /// Exports to an exporter of your own instead.
    #[must_use]
    pub fn with_exporter(mut self, exporter: Exporter<ResourceMetrics>) -> Self {
        self.exporter = Source::Own(exporter);
        self
    }

    pub(crate) fn with_counts(mut self, counts: &Arc<SignalCounts>) -> Self {
        self.counts = Arc::clone(counts);
        self
    }
}

impl Factory for MetricReaderFactory {
    type Output = PeriodicReader;

    fn create(self) -> Result<PeriodicReader, Error> {
        let exporter = match self.exporter {
            Source::Settings(factory) => factory.create()?,
            Source::Own(exporter) => exporter,
        };
        let shared = Arc::new(Shared {
            manual: ManualReader::builder().build(),
            temporality: exporter.temporality(),
            delivery: Delivery::new(exporter, Signal::Metrics, self.timeout, self.counts, &self.runtime),
            state: Mutex::default(),
            wake: Notify::new(),
            interval: self.interval,
        });
        self.runtime.spawn(Arc::clone(&shared).work());
        Ok(PeriodicReader { shared, _runtime: self.runtime })
    }
}

/// Collects at an interval, at every flush and at shutdown, and exports on the export runtime.
///
/// The SDK's own periodic reader has a thread of its own that a panicking callback ends for good, and no time limit
/// for its flush.
#[derive(Clone, Debug)]
pub struct PeriodicReader {
    shared: Arc<Shared>,
    /// Keeps the worker running while there is something to collect.
    _runtime: ExportRuntime,
}

#[derive(Debug)]
struct Shared {
    manual: ManualReader,
    temporality: Temporality,
    delivery: Delivery<ResourceMetrics>,
    state: Mutex<State>,
    wake: Notify,
    interval: Duration,
}

#[derive(Debug, Default)]
struct State {
    flushes: Vec<mpsc::SyncSender<()>>,
    closed: bool,
}

impl PeriodicReader {
    pub(crate) fn flush(&self, timeout: Duration) -> Result<(), ExportError> {
        self.ask(timeout, false)
    }

    pub(crate) fn end(&self, timeout: Duration) -> Result<(), ExportError> {
        self.ask(timeout, true)
    }

    fn ask(&self, timeout: Duration, close: bool) -> Result<(), ExportError> {
        let (done, answered) = mpsc::sync_channel(1);
        let mut state = self.shared.state();
        if state.closed {
            return Ok(());
        }
        state.closed = close;
        state.flushes.push(done);
        drop(state);
        self.shared.wake.notify_one();
        self.shared.delivery.await_answer(&answered, timeout)
    }
}

impl Shared {
    async fn work(self: Arc<Self>) {
        let mut next = Instant::now() + self.interval;
        loop {
            if timeout_at(next, self.wake.notified()).await.is_err() {
                next = Instant::now() + self.interval;
            }
            let (flushes, closed) = {
                let mut state = self.state();
                (std::mem::take(&mut state.flushes), state.closed)
            };
            self.collect_and_export().await;
            for flush in flushes {
                // The caller may have given up waiting.
                let _ = flush.try_send(());
            }
            if closed {
                let _ = self.manual.shutdown();
                return self.delivery.shutdown(self.interval);
            }
        }
    }

    async fn collect_and_export(&self) {
        let mut metrics = ResourceMetrics::default();
        // The callbacks of observable instruments are the user's code.
        let collected = catch_unwind(AssertUnwindSafe(|| self.manual.collect(&mut metrics)));
        match collected {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                return diagnostics::report(format_args!("metrics were not collected: {error}"));
            }
            Err(_) => return diagnostics::report(format_args!("a metric callback panicked")),
        }
        let items = points(&metrics).len();
        if items > 0 {
            self.delivery.counts().accept(items);
            self.delivery.deliver(vec![metrics], items).await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MetricReader for PeriodicReader {
    fn register_pipeline(&self, pipeline: Weak<Pipeline>) {
        self.shared.manual.register_pipeline(pipeline);
    }

    fn collect(&self, metrics: &mut ResourceMetrics) -> OTelSdkResult {
        self.shared.manual.collect(metrics)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.flush(crate::telemetry::TIMEOUT)
            .map_err(|error| OTelSdkError::InternalFailure(error.to_string()))
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.end(timeout).map_err(|error| OTelSdkError::InternalFailure(error.to_string()))
    }

    fn temporality(&self, _kind: InstrumentKind) -> Temporality {
        self.shared.temporality
    }
}
