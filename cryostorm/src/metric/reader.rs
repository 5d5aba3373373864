//! The metric reader that the settings describe: one that the export runtime drives.

use std::sync::{Arc, Weak};
use std::time::Duration;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{InstrumentKind, ManualReader, Pipeline, Temporality};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Instant, timeout, timeout_at};

use crate::export::{
    Delivery, ExportFoundation, ExportRuntime, Exporter, ExporterSource, Inbox, Outlet, Pending, Signal,
    SignalCounts, point_count,
};
use crate::settings::TelemetrySettings;
use crate::{Error, Factory};

use super::MetricExporterFactory;

/// Makes the periodic reader with its exporter.
#[derive(Debug)]
pub struct MetricReaderFactory {
    interval: Duration,
    timeout: Duration,
    exporter: ExporterSource<MetricExporterFactory, ResourceMetrics>,
    resource: Resource,
    runtime: ExportRuntime,
    counts: Arc<SignalCounts>,
}

impl MetricReaderFactory {
    /// The reader that the settings describe.
    #[must_use]
    pub fn from_settings(settings: &TelemetrySettings, foundation: &ExportFoundation) -> Self {
        Self {
            interval: Duration::from_millis(settings.metrics.export_interval_millis),
            timeout: Duration::from_millis(settings.metrics.export_timeout_millis),
            exporter: ExporterSource::Settings(MetricExporterFactory::from_settings(settings, foundation)),
            resource: foundation.resource.clone(),
            runtime: foundation.runtime.clone(),
            counts: Arc::default(),
        }
    }

    /// Exports to an exporter of your own instead.
    #[must_use]
    pub fn with_exporter(mut self, exporter: Exporter<ResourceMetrics>) -> Self {
        self.exporter = ExporterSource::Own(exporter);
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
        let exporter = self.exporter.create(&self.resource)?;
        let temporality = exporter.temporality();
        let delivery = Delivery::new(exporter, Signal::Metrics, self.timeout, self.counts, &self.runtime);
        let shared = Arc::new(Shared {
            manual: ManualReader::builder().build(),
            temporality,
            delivery: Arc::new(delivery),
            inbox: Inbox::new(()),
            interval: self.interval,
        });
        self.runtime.spawn(Arc::clone(&shared).work());
        Ok(PeriodicReader { shared, _runtime: self.runtime })
    }
}

/// Collects at an interval, at every flush and at shutdown, and exports on the export runtime.
///
/// The SDK's own periodic reader has a thread of its own that a panicking exporter ends for good, and no time limit
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
    delivery: Arc<Delivery<ResourceMetrics>>,
    /// Requests only: what is exported is collected.
    inbox: Inbox<()>,
    interval: Duration,
}

impl Outlet for PeriodicReader {
    fn request(&self, close: bool) -> Pending {
        self.shared.delivery.request(&self.shared.inbox, close)
    }
}

impl Shared {
    async fn work(self: Arc<Self>) {
        let mut next = Instant::now() + self.interval;
        let mut collection = None;
        loop {
            if timeout_at(next, self.inbox.wake.notified()).await.is_err() {
                next = Instant::now() + self.interval;
            }
            let round = self.inbox.round();
            match self.collect(&mut collection).await {
                Ok(metrics) => self.export(metrics).await,
                Err(reason) => self.delivery.fail(0, reason),
            }
            if round.last {
                // Before the answer: whoever gets it may end the runtime. Not while a collection holds the reader.
                if collection.is_none() {
                    let _ = self.manual.shutdown();
                }
                self.delivery.shutdown().await;
                return round.answer();
            }
            round.answer();
        }
    }

    /// Collects on a thread of its own, because the callbacks of observable instruments are a user's code. One that
    /// takes too long is waited for again in the next round, and no second collection begun. After one has panicked the
    /// SDK does not collect again, but the worker lives on, and each flush says what is wrong.
    async fn collect(
        self: &Arc<Self>,
        under_way: &mut Option<Collection>,
    ) -> Result<ResourceMetrics, String> {
        let mut collection = under_way.take().unwrap_or_else(|| {
            let shared = Arc::clone(self);
            spawn_blocking(move || {
                let mut metrics = ResourceMetrics::default();
                shared.manual.collect(&mut metrics).map(|()| metrics)
            })
        });
        match timeout(self.delivery.timeout(), &mut collection).await {
            Ok(Ok(Ok(metrics))) => Ok(metrics),
            Ok(Ok(Err(error))) => Err(format!("not collected: {error}")),
            Ok(Err(_)) => Err("a callback panicked".to_owned()),
            Err(_) => {
                *under_way = Some(collection);
                Err(format!("a callback takes longer than {:?}", self.delivery.timeout()))
            }
        }
    }

    async fn export(&self, metrics: ResourceMetrics) {
        let items = point_count(&metrics);
        if items > 0 && self.delivery.accept(items) {
            self.delivery.deliver(vec![metrics], items).await;
        }
    }
}

/// A collection that is under way.
type Collection = JoinHandle<Result<ResourceMetrics, OTelSdkError>>;

impl MetricReader for PeriodicReader {
    fn register_pipeline(&self, pipeline: Weak<Pipeline>) {
        self.shared.manual.register_pipeline(pipeline);
    }

    fn collect(&self, metrics: &mut ResourceMetrics) -> OTelSdkResult {
        self.shared.manual.collect(metrics)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.request(false).for_sdk(crate::telemetry::TIMEOUT)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.request(true).for_sdk(timeout)
    }

    fn temporality(&self, _kind: InstrumentKind) -> Temporality {
        self.shared.temporality
    }
}
