//! The span processor that the settings describe.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry::trace::{Span as _, SpanId};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};

use crate::export::{
    BatchLimits, ExportFoundation, ExportRuntime, Exporter, ExporterSource, Outlet, Pending, Queue, Signal,
    SignalCounts, StartedSpan, Starts,
};
use crate::propagation::RemoteLink;
use crate::settings::{ProcessorType, TelemetrySettings};
use crate::{Error, Factory};

use super::SpanExporterFactory;
use super::item::SpanItem;

/// The most spans that wait for export in batches, unless set: the default of the specification.
const QUEUE_SIZE: usize = 2048;

/// Makes the span processor set, batch or simple, with its exporter.
#[derive(Debug)]
pub struct SpanProcessorFactory {
    settings: TelemetrySettings,
    exporter: ExporterSource<SpanExporterFactory, SpanItem>,
    resource: Resource,
    runtime: ExportRuntime,
    counts: Arc<SignalCounts>,
}

impl SpanProcessorFactory {
    /// The processor that the settings describe.
    #[must_use]
    pub fn from_settings(settings: &TelemetrySettings, foundation: &ExportFoundation) -> Self {
        Self {
            exporter: ExporterSource::Settings(SpanExporterFactory::from_settings(settings, foundation)),
            settings: settings.clone(),
            resource: foundation.resource.clone(),
            runtime: foundation.runtime.clone(),
            counts: Arc::default(),
        }
    }

    /// Exports to an exporter of your own instead.
    #[must_use]
    pub fn with_exporter(mut self, exporter: Exporter<SpanItem>) -> Self {
        self.exporter = ExporterSource::Own(exporter);
        self
    }

    pub(crate) fn with_counts(mut self, counts: &Arc<SignalCounts>) -> Self {
        self.counts = Arc::clone(counts);
        self
    }
}

impl Factory for SpanProcessorFactory {
    type Output = SpanExportProcessor;

    fn create(self) -> Result<SpanExportProcessor, Error> {
        let tracing = &self.settings.tracing;
        let exporter = self.exporter.create(&self.resource)?;
        let limits = BatchLimits::new(
            if exporter.is_prompt() { ProcessorType::Simple } else { tracing.processor_type },
            &tracing.export_config,
            &tracing.additional_processor_args,
            QUEUE_SIZE,
        );
        let starts = exporter.starts();
        let queue = Queue::start(exporter, Signal::Traces, limits, self.counts, &self.runtime);
        Ok(SpanExportProcessor { queue, starts })
    }
}

/// Queues ended spans for the export runtime, in batches or at once. Waits only where the settings say so; what does not
/// fit is counted.
#[derive(Clone, Debug)]
pub struct SpanExportProcessor {
    queue: Queue<SpanItem>,
    starts: Option<Starts>,
}

impl SpanExportProcessor {
    /// Where our own tracer puts spans.
    pub(super) fn queue(&self) -> Queue<SpanItem> {
        self.queue.clone()
    }

    /// Where it tells of spans that start, if somebody wants to know.
    pub(super) fn starts(&self) -> Option<Starts> {
        self.starts.clone()
    }
}

impl Outlet for SpanExportProcessor {
    fn request(&self, close: bool) -> Pending {
        self.queue.request(close)
    }
}

impl SpanProcessor for SpanExportProcessor {
    fn on_start(&self, span: &mut Span, context: &Context) {
        // Of whichever tracer the span is.
        if let Some(link) = RemoteLink::of(context) {
            span.add_link(link.span_context, link.attributes);
        }
        if let Some(starts) = &self.starts
            && let Some(span) = span.exported_data().filter(|span| span.span_context.is_sampled())
        {
            let parent = span.parent_span_id;
            let is_local = parent != SpanId::INVALID && !span.parent_span_is_remote;
            starts.push(StartedSpan::new(
                &span.span_context,
                is_local.then_some(parent),
                &span.span_kind,
                span.name,
                span.start_time,
                &span.attributes,
            ));
        }
    }

    fn on_end(&self, span: SpanData) {
        // A span that only records is for other processors; an exporter gets sampled ones.
        if span.span_context.is_sampled() {
            self.queue.push(span.into());
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.request(false).for_sdk(crate::telemetry::TIMEOUT)
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.request(true).for_sdk(timeout)
    }
}
