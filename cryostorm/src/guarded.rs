//! Processors and samplers of a user's own, which run inside instrumented calls: their panics must not become the host's.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use opentelemetry::logs::Severity;
use opentelemetry::trace::{Link, SpanKind, TraceId};
use opentelemetry::{Context, InstrumentationScope, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::logs::{LogProcessor, SdkLogRecord};
use opentelemetry_sdk::trace::{SamplingResult, ShouldSample, Span, SpanData, SpanProcessor};

use crate::sampling::refusal;

/// A processor or sampler whose panics end with it.
#[derive(Clone, Debug)]
pub(crate) struct Guarded<P>(pub(crate) P);

fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, OTelSdkError> {
    // The panic's own message was printed where it arose.
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|_| OTelSdkError::InternalFailure("a part of your own panicked".to_owned()))
}

/// A span is dropped where its sampler panics.
impl ShouldSample for Guarded<Box<dyn ShouldSample>> {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        guarded(|| self.0.should_sample(parent, trace_id, name, kind, attributes, links))
            .unwrap_or_else(|_| refusal())
    }
}

impl<P: SpanProcessor> SpanProcessor for Guarded<P> {
    fn on_start(&self, span: &mut Span, context: &Context) {
        let _ = guarded(|| self.0.on_start(span, context));
    }

    fn on_end(&self, span: SpanData) {
        let _ = guarded(|| self.0.on_end(span));
    }

    fn force_flush(&self) -> OTelSdkResult {
        guarded(|| self.0.force_flush())?
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        guarded(|| self.0.shutdown_with_timeout(timeout))?
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

impl<P: LogProcessor> LogProcessor for Guarded<P> {
    fn emit(&self, record: &mut SdkLogRecord, scope: &InstrumentationScope) {
        let _ = guarded(|| self.0.emit(record, scope));
    }

    fn force_flush(&self) -> OTelSdkResult {
        guarded(|| self.0.force_flush())?
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        guarded(|| self.0.shutdown_with_timeout(timeout))?
    }

    fn event_enabled(&self, level: Severity, target: &str, name: Option<&str>) -> bool {
        guarded(|| self.0.event_enabled(level, target, name)).unwrap_or(true)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}
