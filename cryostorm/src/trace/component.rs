//! The tracing of a telemetry system.

use std::fmt;

use opentelemetry::InstrumentationScope;
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, TracerProviderBuilder};

use crate::export::{Pending, Running};
use crate::instrument::Tracers;
use crate::sampling::SamplerFactory;
use crate::{Error, Factory, TelemetryComponent};

use super::SpanProcessorFactory;

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
    running: Option<Running<SdkTracerProvider>>,
    tracer: Option<SdkTracer>,
}

impl TracingComponent {
    /// Without a plan there are no spans.
    pub(crate) fn new(plan: Option<TracingPlan>) -> Self {
        Self { plan, running: None, tracer: None }
    }

    /// The provider, while tracing is on and set up.
    #[must_use]
    pub fn provider(&self) -> Option<&SdkTracerProvider> {
        self.running.as_ref().map(|running| &running.provider)
    }

    pub(crate) fn tracers(&self) -> Option<Tracers> {
        let provider = self.provider()?.clone();
        Some(Tracers::new(self.tracer.clone()?, provider))
    }
}

impl TelemetryComponent for TracingComponent {
    fn name(&self) -> &'static str {
        "tracing"
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
        self.tracer = Some(provider.tracer_with_scope(plan.scope));
        self.running = Some(Running { provider, outlets: vec![Box::new(processor)], has_own });
        Ok(())
    }

    fn force_flush(&self) -> Pending {
        self.running.as_ref().map(Running::force_flush).unwrap_or_default()
    }

    fn shutdown(&mut self) -> Pending {
        self.tracer = None;
        self.running.take().map(Running::shutdown).unwrap_or_default()
    }
}

impl fmt::Debug for TracingComponent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracingComponent").field("running", &self.running.is_some()).finish_non_exhaustive()
    }
}
