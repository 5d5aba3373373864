//! The tracing of a telemetry system.

use std::fmt;
use std::time::Duration;

use opentelemetry::InstrumentationScope;
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, TracerProviderBuilder};

use crate::sampling::SamplerFactory;
use crate::{Error, Factory, TelemetryComponent};

use super::{SpanExportProcessor, SpanProcessorFactory};

const NAME: &str = "tracing";

/// What a [`TracingComponent`] is set up from.
pub(crate) struct TracingPlan {
    pub(crate) resource: Resource,
    pub(crate) scope: InstrumentationScope,
    pub(crate) sampler: SamplerFactory,
    pub(crate) processor: SpanProcessorFactory,
    /// A user's own sampler and processors.
    pub(crate) own: Vec<Configure>,
}

/// Puts a part of a user's own into the provider.
pub(crate) type Configure = Box<dyn FnOnce(TracerProviderBuilder) -> TracerProviderBuilder + Send>;

/// The tracer provider with its sampler and processors.
pub struct TracingComponent {
    plan: Option<TracingPlan>,
    running: Option<Running>,
}

struct Running {
    provider: SdkTracerProvider,
    processor: SpanExportProcessor,
    tracer: SdkTracer,
    /// Whether the provider has parts of a user\'s own.
    has_own: bool,
}

impl TracingComponent {
    /// Without a plan there are no spans.
    pub(crate) fn new(plan: Option<TracingPlan>) -> Self {
        Self { plan, running: None }
    }

    /// The provider, while tracing is on and set up.
    #[must_use]
    pub fn provider(&self) -> Option<&SdkTracerProvider> {
        self.running.as_ref().map(|running| &running.provider)
    }

    pub(crate) fn tracer(&self) -> Option<SdkTracer> {
        self.running.as_ref().map(|running| running.tracer.clone())
    }
}

impl TelemetryComponent for TracingComponent {
    fn name(&self) -> &'static str {
        NAME
    }

    fn setup(&mut self) -> Result<(), Error> {
        let Some(plan) = self.plan.take() else { return Ok(()) };
        let processor = plan.processor.create()?;
        let builder = SdkTracerProvider::builder()
            .with_resource(plan.resource)
            .with_sampler(plan.sampler.create()?)
            .with_span_processor(processor.clone());
        let has_own = !plan.own.is_empty();
        let provider = plan.own.into_iter().fold(builder, |builder, configure| configure(builder)).build();
        let tracer = provider.tracer_with_scope(plan.scope);
        self.running = Some(Running { provider, processor, tracer, has_own });
        Ok(())
    }

    fn force_flush(&self, timeout: Duration) -> Result<(), Error> {
        let Some(Running { provider, processor, has_own, .. }) = &self.running else { return Ok(()) };
        processor.flush(timeout)?;
        // The provider would flush ours once more, so it is asked only where there are others.
        if !has_own {
            return Ok(());
        }
        provider.force_flush().map_err(|error| Error::part(NAME, &error))
    }

    fn shutdown(&mut self, timeout: Duration) -> Result<(), Error> {
        let Some(Running { provider, processor, .. }) = self.running.take() else { return Ok(()) };
        let ended = processor.end(timeout);
        let own = provider.shutdown_with_timeout(timeout).map_err(|error| Error::part(NAME, &error));
        Error::all([ended.map_err(Error::from), own].into_iter().filter_map(Result::err))
    }
}

impl fmt::Debug for TracingComponent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracingComponent").field("running", &self.running.is_some()).finish_non_exhaustive()
    }
}
