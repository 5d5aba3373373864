//! Where everything goes: exporters that count what arrives and drop it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use fastrace::collector::{Reporter, SpanRecord};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

/// Spans that arrived. A process measures one contender, so one count is enough.
static ARRIVED: AtomicU64 = AtomicU64::new(0);

pub fn arrived() -> u64 {
    ARRIVED.load(Ordering::Relaxed)
}

/// The exporter of every contender.
#[derive(Debug)]
pub struct Sink;

impl SpanExporter for Sink {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        ARRIVED.fetch_add(batch.len() as u64, Ordering::Relaxed);
        Ok(())
    }
}

impl Reporter for Sink {
    fn report(&mut self, spans: Vec<SpanRecord>) {
        ARRIVED.fetch_add(spans.len() as u64, Ordering::Relaxed);
    }
}

impl PushMetricExporter for Sink {
    async fn export(&self, _metrics: &ResourceMetrics) -> OTelSdkResult {
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
