//! The metric exporter that the settings describe.

use opentelemetry_sdk::metrics::data::ResourceMetrics;

use crate::export::{ExportFoundation, Exporter, Target};
use crate::settings::TelemetrySettings;
use crate::{Error, Factory};

/// Makes the metric exporter set: console, OTLP or in memory.
#[derive(Clone, Debug)]
pub struct MetricExporterFactory {
    target: Target,
}

impl MetricExporterFactory {
    /// The exporter that the settings describe.
    #[must_use]
    pub fn from_settings(settings: &TelemetrySettings, foundation: &ExportFoundation) -> Self {
        let metrics = &settings.metrics;
        Self {
            target: Target::new(
                metrics.exporter_type,
                &metrics.collector,
                &metrics.additional_exporter_args,
                metrics.export_timeout_millis,
                foundation,
            ),
        }
    }
}

impl Factory for MetricExporterFactory {
    type Output = Exporter<ResourceMetrics>;

    fn create(self) -> Result<Exporter<ResourceMetrics>, Error> {
        self.target.metrics()
    }
}
