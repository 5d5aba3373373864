//! The log processor that the settings describe.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::InstrumentationScope;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogProcessor, SdkLogRecord};

use crate::export::{
    BatchLimits, ConsoleExporter, ExportError, ExportFoundation, ExportRuntime, Exporter, ExporterSource,
    LogEntry, Queue, Signal, SignalCounts,
};
use crate::settings::{ProcessorType, TelemetrySettings};
use crate::{Error, Factory};

use super::LogExporterFactory;

/// Makes the log processor set, batch or simple, with its exporter.
#[derive(Debug)]
pub struct LogProcessorFactory {
    settings: TelemetrySettings,
    processor_type: ProcessorType,
    exporter: ExporterSource<LogExporterFactory, LogEntry>,
    runtime: ExportRuntime,
    counts: Arc<SignalCounts>,
}

impl LogProcessorFactory {
    /// The processor that the settings describe.
    #[must_use]
    pub fn from_settings(settings: &TelemetrySettings, foundation: &ExportFoundation) -> Self {
        Self {
            exporter: ExporterSource::Settings(LogExporterFactory::from_settings(settings, foundation)),
            processor_type: settings.logging.processor_type,
            settings: settings.clone(),
            runtime: foundation.runtime.clone(),
            counts: Arc::default(),
        }
    }

    /// A second processor that shows a developer every log on the console at once, wherever else it goes.
    pub(crate) fn development(settings: &TelemetrySettings, foundation: &ExportFoundation) -> Self {
        Self {
            processor_type: ProcessorType::Simple,
            ..Self::from_settings(settings, foundation)
                .with_exporter(Exporter::<LogEntry>::logs(ConsoleExporter::new(), "the console"))
        }
    }

    /// Exports to an exporter of your own instead.
    #[must_use]
    pub fn with_exporter(mut self, exporter: Exporter<LogEntry>) -> Self {
        self.exporter = ExporterSource::Own(exporter);
        self
    }

    pub(crate) fn with_counts(mut self, counts: &Arc<SignalCounts>) -> Self {
        self.counts = Arc::clone(counts);
        self
    }
}

impl Factory for LogProcessorFactory {
    type Output = LogExportProcessor;

    fn create(self) -> Result<LogExportProcessor, Error> {
        let logging = &self.settings.logging;
        let setting = "logging.additional_processor_args";
        let arguments = &logging.additional_processor_args;
        arguments.only(setting, &["max_queue_size"])?;
        let export = &logging.export_config;
        let delay = logging.schedule_delay_millis.unwrap_or(export.schedule_delay_millis);
        let timeout = logging.export_timeout_millis.unwrap_or(export.timeout_millis);
        let limits = BatchLimits {
            capacity: arguments.size(setting, "max_queue_size", logging.max_queue_size)?,
            batch_size: logging.max_export_batch_size.unwrap_or(export.batch_size),
            delay: (self.processor_type == ProcessorType::Batch).then(|| Duration::from_millis(delay)),
            timeout: Duration::from_millis(timeout),
        };
        let queue = Queue::start(self.exporter.create()?, Signal::Logs, limits, self.counts, &self.runtime);
        Ok(LogExportProcessor { queue })
    }
}

/// Queues log records for the export runtime, in batches or at once. Never waits; what does not fit is counted.
#[derive(Clone, Debug)]
pub struct LogExportProcessor {
    queue: Queue<LogEntry>,
}

impl LogExportProcessor {
    pub(crate) fn flush(&self, timeout: Duration) -> Result<(), ExportError> {
        self.queue.flush(timeout)
    }

    pub(crate) fn end(&self, timeout: Duration) -> Result<(), ExportError> {
        self.queue.shutdown(timeout)
    }
}

impl LogProcessor for LogExportProcessor {
    fn emit(&self, record: &mut SdkLogRecord, scope: &InstrumentationScope) {
        self.queue.push((record.clone(), scope.clone()));
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(self.flush(crate::telemetry::TIMEOUT)?)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        Ok(self.end(timeout)?)
    }
}
