//! Where everything goes: exporters that count what arrives and drop it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use fastrace::collector::{Reporter, SpanRecord};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, ResourceMetrics, ScopeMetrics};
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

/// Spans that arrived. A process measures one contender, so one count is enough.
static SPANS: AtomicI64 = AtomicI64::new(0);

/// Values that the latest metrics hold: what the counters count, and the histograms; or those that came one by one.
static VALUES: AtomicI64 = AtomicI64::new(0);

pub fn spans() -> i64 {
    SPANS.load(Ordering::Relaxed)
}

pub fn values() -> i64 {
    VALUES.load(Ordering::Relaxed)
}

/// Takes a value by itself.
pub fn take_value() {
    VALUES.fetch_add(1, Ordering::Relaxed);
}

/// The exporter of every contender.
#[derive(Debug)]
pub struct Sink;

impl SpanExporter for Sink {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        SPANS.fetch_add(batch.len() as i64, Ordering::Relaxed);
        Ok(())
    }
}

impl Reporter for Sink {
    fn report(&mut self, spans: Vec<SpanRecord>) {
        SPANS.fetch_add(spans.len() as i64, Ordering::Relaxed);
    }
}

impl PushMetricExporter for Sink {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        let metrics = metrics.scope_metrics().flat_map(ScopeMetrics::metrics);
        VALUES.store(metrics.map(|metric| count(metric.data())).sum(), Ordering::Relaxed);
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

/// The values that were recorded, since the start.
fn count(data: &AggregatedMetrics) -> i64 {
    let values: u64 = match data {
        AggregatedMetrics::U64(MetricData::Sum(sum)) => sum.data_points().map(|point| point.value()).sum(),
        AggregatedMetrics::F64(MetricData::Histogram(durations)) => {
            durations.data_points().map(|point| point.count()).sum()
        }
        _ => 0,
    };
    values as i64
}
