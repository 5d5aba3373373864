//! A user's own code, processors and samplers among it, which runs inside instrumented calls: their panics must not become
//! the host's, and what they trace and log must not call them again.

use std::any::Any;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use opentelemetry::logs::Severity;
use opentelemetry::trace::{Link, SpanKind, TraceId};
use opentelemetry::{Context, InstrumentationScope, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::logs::{LogProcessor, SdkLogRecord};
use opentelemetry_sdk::trace::{SamplingResult, ShouldSample, Span, SpanData, SpanProcessor};

use crate::feedback::{self, Depth};
use crate::sampling::refusal;

thread_local! {
    static IS_SAMPLING: Depth = const { Depth::new(0) };
    static IS_TOLD_OF_SPAN: Depth = const { Depth::new(0) };
    static IS_TOLD_OF_LOG: Depth = const { Depth::new(0) };
}

/// A processor or sampler whose panics end with it. What it does itself calls none of its kind: neither it nor the others.
#[derive(Clone, Debug)]
pub(crate) struct Guarded<P>(pub(crate) P);

/// Runs a user's own code. None if it panics; the panic's own message was printed where it arose.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).map_err(discard).ok()
}

/// Drops what a panic threw, which may be anything: even what panics when it is dropped.
pub(crate) fn discard(thrown: Box<dyn Any + Send>) {
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(thrown))) {
        mem::forget(again);
    }
}

fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, OTelSdkError> {
    caught(work).ok_or_else(|| OTelSdkError::InternalFailure("a part of your own panicked".to_owned()))
}

/// A span is dropped where its sampler panics, and where the sampler itself makes it.
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
        let ask = || caught(|| self.0.should_sample(parent, trace_id, name, kind, attributes, links));
        feedback::once(&IS_SAMPLING, ask).flatten().unwrap_or_else(refusal)
    }
}

impl<P: SpanProcessor> SpanProcessor for Guarded<P> {
    fn on_start(&self, span: &mut Span, context: &Context) {
        let _ = feedback::once(&IS_TOLD_OF_SPAN, || caught(|| self.0.on_start(span, context)));
    }

    fn on_end(&self, span: SpanData) {
        let _ = feedback::once(&IS_TOLD_OF_SPAN, || caught(|| self.0.on_end(span)));
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
        let _ = feedback::once(&IS_TOLD_OF_LOG, || caught(|| self.0.emit(record, scope)));
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

#[cfg(test)]
mod tests {
    use super::*;

    struct Bomb;

    impl Drop for Bomb {
        fn drop(&mut self) {
            if !std::thread::panicking() {
                std::panic::panic_any(Bomb);
            }
        }
    }

    #[test]
    fn what_a_panic_threw_does_no_harm_when_it_is_dropped() {
        assert_eq!(caught::<u8>(|| std::panic::panic_any(Bomb)), None);
        assert_eq!(caught(|| 7), Some(7));
    }
}
