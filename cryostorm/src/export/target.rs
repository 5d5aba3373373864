//! Where a signal goes, as its settings say: the step from settings to exporters that all three signals share.

use std::time::Duration;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::data::ResourceMetrics;

use super::exporter::LogEntry;
use super::otlp::{Otlp, OtlpError};
use super::{ConsoleExporter, ExportRuntime, Exporter, InMemoryExporter};
use crate::Error;
use crate::settings::{Arguments, CollectorEndpoint, ExporterType};
use crate::trace::SpanItem;

/// What every exporter factory builds upon. Clones share the runtime, the console and the memory.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ExportFoundation {
    /// What identifies the service.
    pub resource: Resource,
    /// What exporters run on.
    pub runtime: ExportRuntime,
    /// What the exporter type `console` writes to, for all signals together.
    pub console: ConsoleExporter,
    /// What the exporter type `in_memory` writes to.
    pub memory: InMemoryExporter,
}

/// Metrics that are scraped have a reader of their own, and no exporter.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(feature = "prometheus", error("it is for metrics only, and they are scraped and not exported"))]
#[cfg_attr(
    not(feature = "prometheus"),
    error("the exporter type prometheus needs the cargo feature `prometheus` of cryostorm")
)]
struct ScrapedError;

/// One signal's exporter before it is made.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    kind: ExporterType,
    collector: CollectorEndpoint,
    arguments: Arguments,
    timeout: Duration,
    foundation: ExportFoundation,
}

impl Target {
    pub(crate) fn new(
        kind: ExporterType,
        collector: &CollectorEndpoint,
        arguments: &Arguments,
        timeout_millis: u64,
        foundation: &ExportFoundation,
    ) -> Self {
        Self {
            kind,
            collector: collector.clone(),
            arguments: arguments.clone(),
            timeout: Duration::from_millis(timeout_millis),
            foundation: foundation.clone(),
        }
    }

    pub(crate) fn spans(self) -> Result<Exporter<SpanItem>, Error> {
        self.exporter(ConsoleExporter::spans, Exporter::<SpanItem>::spans, Otlp::spans)
    }

    pub(crate) fn metrics(self) -> Result<Exporter<ResourceMetrics>, Error> {
        self.exporter(ConsoleExporter::metrics, Exporter::<ResourceMetrics>::metrics, Otlp::metrics)
    }

    pub(crate) fn logs(self) -> Result<Exporter<LogEntry>, Error> {
        self.exporter(ConsoleExporter::logs, Exporter::<LogEntry>::logs, Otlp::logs)
    }

    /// The exporter of the kind set, made by the signal's own constructor for it.
    fn exporter<T>(
        self,
        console: impl FnOnce(ConsoleExporter) -> Exporter<T>,
        memory: impl FnOnce(InMemoryExporter, &'static str) -> Exporter<T>,
        otlp: impl FnOnce(&Otlp) -> Result<Exporter<T>, OtlpError>,
    ) -> Result<Exporter<T>, Error> {
        Ok(match self.kind {
            ExporterType::Console => console(self.foundation.console.clone()),
            ExporterType::InMemory => memory(self.foundation.memory.clone(), "memory"),
            ExporterType::Prometheus => {
                return Err(Error::exporter(self.kind.to_string(), ScrapedError));
            }
            ExporterType::Otlp => {
                let target = Otlp {
                    url: self.collector.url(),
                    transport: self.collector.transport,
                    timeout: self.timeout,
                    headers: self.arguments.headers().unwrap_or_default(),
                };
                self.foundation
                    .runtime
                    .enter(|| otlp(&target))
                    .map_err(|error| Error::exporter(target.url.clone(), error))?
            }
        })
    }
}

#[cfg(all(test, not(feature = "prometheus")))]
mod missing_feature {
    use crate::{Telemetry, TelemetryComponent as _, TelemetrySettings};

    #[test]
    fn an_exporter_that_is_compiled_out_says_which_feature_has_it() {
        let settings = TelemetrySettings::from_vars([("METRICS__EXPORTER_TYPE", "prometheus")]).unwrap();
        let mut components = Telemetry::builder(settings).build().unwrap();
        let error = components.metrics.setup().unwrap_err().to_string();
        assert!(error.contains("needs the cargo feature `prometheus` of cryostorm"), "{error}");
    }
}
