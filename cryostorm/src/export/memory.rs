//! The memory of the process: for tests, and for looking at one's own telemetry.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogBatch, LogExporter, SdkLogRecord};
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use super::point::{MetricPoint, points};

/// How many items of each signal are kept; the oldest go first, because nothing here may grow without bound.
const KEPT: usize = 65_536;

/// Keeps what is exported, up to 65,536 items of each signal. Clones share it.
///
/// ```
/// use cryostorm::export::InMemoryExporter;
/// use cryostorm::{Telemetry, TelemetrySettings};
///
/// let memory = InMemoryExporter::default();
/// let telemetry = Telemetry::builder(TelemetrySettings::default())
///     .with_span_exporter(memory.clone())
///     .install()?;
/// telemetry.span("work").in_scope(|_| ());
/// telemetry.shutdown()?;
/// assert_eq!(memory.spans()[0].name, "work");
/// # Ok::<(), cryostorm::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct InMemoryExporter {
    spans: Kept<SpanData>,
    points: Kept<MetricPoint>,
    logs: Kept<SdkLogRecord>,
}

impl InMemoryExporter {
    /// The spans exported so far, in the order in which they ended.
    #[must_use]
    pub fn spans(&self) -> Vec<SpanData> {
        self.spans.all()
    }

    /// The metric points of the latest collection.
    #[must_use]
    pub fn metrics(&self) -> Vec<MetricPoint> {
        self.points.all()
    }

    /// The log records exported so far.
    #[must_use]
    pub fn logs(&self) -> Vec<SdkLogRecord> {
        self.logs.all()
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.spans.replace([]);
        self.points.replace([]);
        self.logs.replace([]);
    }
}

impl SpanExporter for InMemoryExporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.spans.extend(batch);
        Ok(())
    }
}

impl LogExporter for InMemoryExporter {
    async fn export(&self, batch: LogBatch<'_>) -> OTelSdkResult {
        self.logs.extend(batch.iter().map(|(record, _)| record.clone()));
        Ok(())
    }
}

impl PushMetricExporter for InMemoryExporter {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        // Points are cumulative: the latest collection says all that earlier ones said.
        self.points.replace(points(metrics));
        Ok(())
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}

/// The latest items, shared.
#[derive(Debug)]
pub(crate) struct Kept<T>(Arc<Mutex<VecDeque<T>>>);

impl<T: Clone> Kept<T> {
    pub(crate) fn all(&self) -> Vec<T> {
        self.items().iter().cloned().collect()
    }

    pub(crate) fn extend(&self, items: impl IntoIterator<Item = T>) {
        let mut kept = self.items();
        kept.extend(items);
        let surplus = kept.len().saturating_sub(KEPT);
        kept.drain(..surplus);
    }

    pub(crate) fn replace(&self, items: impl IntoIterator<Item = T>) {
        let mut kept = self.items();
        kept.clear();
        kept.extend(items.into_iter().take(KEPT));
    }

    fn items(&self) -> std::sync::MutexGuard<'_, VecDeque<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}
