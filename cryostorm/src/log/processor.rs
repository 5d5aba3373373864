//! The log processor that the settings describe.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::InstrumentationScope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogProcessor, SdkLogRecord};

use crate::export::{
    BatchLimits, ExportFoundation, ExportRuntime, Exporter, ExporterSource, LogEntry, Outlet, Pending, Queue,
    Signal, SignalCounts,
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
    resource: Resource,
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
            resource: foundation.resource.clone(),
            runtime: foundation.runtime.clone(),
            counts: Arc::default(),
        }
    }

    /// A second processor that shows a developer every log on the console at once, wherever else it goes.
    pub(crate) fn development(settings: &TelemetrySettings, foundation: &ExportFoundation) -> Self {
        Self {
            processor_type: ProcessorType::Simple,
            ..Self::from_settings(settings, foundation).with_exporter(foundation.console.clone().logs())
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
        let mut export = logging.export_config.clone();
        export.schedule_delay_millis = logging.schedule_delay_millis.unwrap_or(export.schedule_delay_millis);
        export.batch_size = logging.max_export_batch_size.unwrap_or(export.batch_size);
        export.timeout_millis = logging.export_timeout_millis.unwrap_or(export.timeout_millis);
        let exporter = self.exporter.create(&self.resource)?;
        let limits = BatchLimits::new(
            if exporter.is_prompt() { ProcessorType::Simple } else { self.processor_type },
            &export,
            &logging.additional_processor_args,
            logging.max_queue_size,
        );
        let queue = Queue::start(exporter, Signal::Logs, limits, self.counts, &self.runtime);
        Ok(LogExportProcessor { queue })
    }
}

/// Queues log records for the export runtime, in batches or at once. Waits only where the settings say so; what does not
/// fit is counted.
#[derive(Clone, Debug)]
pub struct LogExportProcessor {
    queue: Queue<LogEntry>,
}

impl Outlet for LogExportProcessor {
    fn request(&self, close: bool) -> Pending {
        self.queue.request(close)
    }
}

impl LogProcessor for LogExportProcessor {
    fn emit(&self, record: &mut SdkLogRecord, scope: &InstrumentationScope) {
        self.queue.push((record.clone(), scope.clone()));
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.request(false).for_sdk(crate::telemetry::TIMEOUT)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.request(true).for_sdk(timeout)
    }
}
