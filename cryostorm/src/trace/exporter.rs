//! The span exporter that the settings describe.

use crate::export::{ExportFoundation, Exporter, Target};
use crate::settings::TelemetrySettings;
use crate::{Error, Factory};

use super::SpanItem;

/// Makes the span exporter set: console, OTLP or in memory.
#[derive(Clone, Debug)]
pub struct SpanExporterFactory {
    target: Target,
}

impl SpanExporterFactory {
    /// The exporter that the settings describe.
    #[must_use]
    pub fn from_settings(settings: &TelemetrySettings, foundation: &ExportFoundation) -> Self {
        let tracing = &settings.tracing;
        Self {
            target: Target::new(
                tracing.exporter_type,
                &tracing.collector,
                &tracing.additional_exporter_args,
                tracing.export_config.timeout_millis,
                foundation,
            ),
        }
    }
}

impl Factory for SpanExporterFactory {
    type Output = Exporter<SpanItem>;

    fn create(self) -> Result<Exporter<SpanItem>, Error> {
        self.target.spans()
    }
}
