//! Exporters of every kind under one type.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use opentelemetry::InstrumentationScope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::logs::{LogBatch, LogExporter, SdkLogRecord};
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::SpanExporter;

use crate::trace::SpanItem;
use crate::{Error, Factory};

use super::console::Starts;
use super::pending::reason;
use super::runtime::ExportRuntime;
use super::stats::SignalCounts;

/// Where a processor or reader gets its exporter from.
#[derive(Debug)]
pub(crate) enum ExporterSource<F, T> {
    /// A factory that follows the settings.
    Settings(F),
    /// A user's own.
    Own(Exporter<T>),
}

impl<T, F: Factory<Output = Exporter<T>>> ExporterSource<F, T> {
    /// The exporter, told on whose behalf it exports.
    pub(crate) fn create(self, resource: &Resource) -> Result<Exporter<T>, Error> {
        let mut exporter = match self {
            Self::Settings(factory) => factory.create()?,
            Self::Own(exporter) => exporter,
        };
        exporter.export.set_resource(resource);
        Ok(exporter)
    }
}

/// A log record with the scope that emitted it.
pub type LogEntry = (SdkLogRecord, InstrumentationScope);

pub(super) type ExportFuture<'a> = Pin<Box<dyn Future<Output = Result<(), Undelivered>> + Send + 'a>>;

/// What of a batch did not arrive, and why.
#[derive(Debug)]
pub(super) struct Undelivered {
    /// How many items. None: all of them.
    pub(super) items: Option<usize>,
    pub(super) reason: String,
}

impl From<OTelSdkError> for Undelivered {
    fn from(error: OTelSdkError) -> Self {
        reason(&error).into()
    }
}

impl From<String> for Undelivered {
    fn from(reason: String) -> Self {
        Self { items: None, reason }
    }
}

/// The three exporter traits of the SDK, and what OTLP needs beside them, as one that can be an object.
pub(super) trait Export<T>: Send + Sync {
    fn export(&self, batch: Vec<T>) -> ExportFuture<'_>;
    fn shutdown(&self, timeout: Duration) -> OTelSdkResult;
    fn set_resource(&mut self, resource: &Resource);
    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }

    /// Called once, when a queue starts that exports to it on this runtime and counts by these.
    fn attach(&self, _runtime: &ExportRuntime, _counts: &Arc<SignalCounts>) {}

    /// Whether it wants each item at once, and in order.
    fn is_prompt(&self) -> bool {
        false
    }

    /// Where it wants to be told of spans that start, if at all.
    fn starts(&self) -> Option<Starts> {
        None
    }

    /// Exports what it holds back, because nothing comes any more.
    fn finish(&self) -> ExportFuture<'_> {
        Box::pin(async { Ok(()) })
    }
}

/// An exporter of any kind for items of type `T`, and where it sends to.
///
/// Made by the exporter factories, or from an exporter of your own by [`spans`](Exporter::spans),
/// [`metrics`](Exporter::metrics) and [`logs`](Exporter::logs).
pub struct Exporter<T> {
    export: Box<dyn Export<T>>,
    destination: String,
}

impl<T> Exporter<T> {
    pub(super) fn new(export: impl Export<T> + 'static, destination: impl Into<String>) -> Self {
        Self { export: Box::new(export), destination: destination.into() }
    }

    /// Where it sends to, in the words that errors use.
    #[must_use]
    pub fn destination(&self) -> &str {
        &self.destination
    }

    pub(super) fn export(&self, batch: Vec<T>) -> ExportFuture<'_> {
        self.export.export(batch)
    }

    pub(super) fn shutdown(&self, timeout: Duration) -> OTelSdkResult {
        self.export.shutdown(timeout)
    }

    pub(crate) fn temporality(&self) -> Temporality {
        self.export.temporality()
    }

    pub(super) fn attach(&self, runtime: &ExportRuntime, counts: &Arc<SignalCounts>) {
        self.export.attach(runtime, counts);
    }

    pub(crate) fn is_prompt(&self) -> bool {
        self.export.is_prompt()
    }

    pub(crate) fn starts(&self) -> Option<Starts> {
        self.export.starts()
    }

    pub(super) fn finish(&self) -> ExportFuture<'_> {
        self.export.finish()
    }
}

impl Exporter<SpanItem> {
    /// An SDK span exporter.
    #[must_use]
    pub fn spans(exporter: impl SpanExporter + 'static, destination: impl Into<String>) -> Self {
        Self::new(Spans(exporter), destination)
    }
}

impl Exporter<ResourceMetrics> {
    /// An SDK metric exporter.
    #[must_use]
    pub fn metrics(exporter: impl PushMetricExporter, destination: impl Into<String>) -> Self {
        Self::new(Metrics(exporter), destination)
    }
}

impl Exporter<LogEntry> {
    /// An SDK log exporter.
    #[must_use]
    pub fn logs(exporter: impl LogExporter + 'static, destination: impl Into<String>) -> Self {
        Self::new(Logs(exporter), destination)
    }
}

// The SDK's exporters may print their secrets in `Debug`, so the exporter itself is never shown.
impl<T> fmt::Debug for Exporter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exporter").field("destination", &self.destination).finish_non_exhaustive()
    }
}

struct Spans<E>(E);

impl<E: SpanExporter> Export<SpanItem> for Spans<E> {
    fn export(&self, batch: Vec<SpanItem>) -> ExportFuture<'_> {
        Box::pin(async move {
            let spans = batch.into_iter().map(SpanItem::into_data).collect();
            Ok(self.0.export(spans).await?)
        })
    }

    fn shutdown(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

struct Metrics<E>(E);

impl<E: PushMetricExporter> Export<ResourceMetrics> for Metrics<E> {
    fn export(&self, batch: Vec<ResourceMetrics>) -> ExportFuture<'_> {
        Box::pin(async move {
            for metrics in &batch {
                self.0.export(metrics).await?;
            }
            Ok(())
        })
    }

    fn shutdown(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    // Each collection carries its resource.
    fn set_resource(&mut self, _resource: &Resource) {}

    fn temporality(&self) -> Temporality {
        self.0.temporality()
    }
}

struct Logs<E>(E);

impl<E: LogExporter> Export<LogEntry> for Logs<E> {
    fn export(&self, batch: Vec<LogEntry>) -> ExportFuture<'_> {
        Box::pin(async move {
            let entries: Vec<_> = batch.iter().map(|(record, scope)| (record, scope)).collect();
            Ok(self.0.export(LogBatch::new(&entries)).await?)
        })
    }

    fn shutdown(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}
