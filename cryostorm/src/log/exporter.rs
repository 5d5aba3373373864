//! The log exporter that the settings describe.

use crate::export::{ExportFoundation, Exporter, LogEntry, Target};
use crate::settings::TelemetrySettings;
use crate::{Error, Factory};

/// Makes the log exporter set: console, OTLP or in memory.
#[derive(Clone, Debug)]
pub struct LogExporterFactory {
    target: Target,
}

impl LogExporterFactory {
    /// The exporter that the settings describe.
    #[must_use]
    pub fn from_settings(settings: &TelemetrySettings, foundation: &ExportFoundation) -> Self {
        let logging = &settings.logging;
        Self {
            target: Target::new(
                logging.exporter_type,
                &logging.collector,
                &logging.additional_exporter_args,
                logging.export_timeout_millis.unwrap_or(logging.export_config.timeout_millis),
                foundation,
            ),
        }
    }
}

impl Factory for LogExporterFactory {
    type Output = Exporter<LogEntry>;

    fn create(self) -> Result<Exporter<LogEntry>, Error> {
        self.target.logs()
    }
}
