//! The tracing of a telemetry system.

use std::fmt;

use opentelemetry::InstrumentationScope;
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, ShouldSample, TracerProviderBuilder};

use crate::export::{Pending, Queue, Running, Starts};
use crate::instrument::{SdkTracers, Tracers};
use crate::propagation::BaggageAttributes;
use crate::sampling::{Heedful, SamplerFactory, Sampling};
use crate::{Error, Factory, TelemetryComponent};

use super::SpanProcessorFactory;
use super::item::SpanItem;
use super::tracer::SpanTracer;

/// What a [`TracingComponent`] is set up from.
pub(crate) struct TracingPlan {
    pub(crate) resource: Resource,
    pub(crate) scope: InstrumentationScope,
    pub(crate) sampler: SamplerFactory,
    pub(crate) processor: SpanProcessorFactory,
    /// The members of the baggage that spans have as attributes.
    pub(crate) baggage: BaggageAttributes,
    /// A user's own sampler, in place of that.
    pub(crate) own_sampler: Option<Box<dyn ShouldSample>>,
    /// A user's own processors.
    pub(crate) own_processors: Vec<Configure>,
}

/// Puts a processor of a user's own into the provider.
pub(crate) type Configure = Box<dyn FnOnce(TracerProviderBuilder) -> TracerProviderBuilder + Send>;

/// The tracer provider with its sampler and processors.
pub struct TracingComponent {
    plan: Option<TracingPlan>,
    running: Option<Running<SdkTracerProvider>>,
    /// Of cryostorm's own scope.
    tracer: Option<SdkTracer>,
    /// What our own tracer is made of, unless the SDK's has to serve.
    short_way: Option<ShortWay>,
}

struct ShortWay {
    sampling: Sampling,
    baggage: BaggageAttributes,
    scope: InstrumentationScope,
    queue: Queue<SpanItem>,
    starts: Option<Starts>,
}

impl TracingComponent {
    /// Without a plan there are no spans.
    pub(crate) fn new(plan: Option<TracingPlan>) -> Self {
        Self { plan, running: None, tracer: None, short_way: None }
    }

    /// The provider, while tracing is on and set up.
    #[must_use]
    pub fn provider(&self) -> Option<&SdkTracerProvider> {
        self.running.as_ref().map(|running| &running.provider)
    }

    /// What makes the spans of the Telemetry of that number.
    pub(crate) fn tracers(&mut self, telemetry: u64) -> Option<Tracers> {
        let provider = self.provider()?.clone();
        Some(match self.short_way.take() {
            Some(ShortWay { sampling, baggage, scope, queue, starts }) => {
                Tracers::Own(SpanTracer::new(telemetry, sampling, baggage, scope, queue, starts))
            }
            None => Tracers::Sdk(SdkTracers::new(self.tracer.clone()?, provider)),
        })
    }
}

impl TelemetryComponent for TracingComponent {
    fn name(&self) -> &'static str {
        "tracing"
    }

    fn setup(&mut self) -> Result<(), Error> {
        let Some(plan) = self.plan.take() else { return Ok(()) };
        let TracingPlan { resource, scope, sampler, processor, baggage, own_sampler, own_processors } = plan;
        let processor = processor.create()?;
        let own_sampler = own_sampler.map(Heedful);
        let sampling = match &own_sampler {
            Some(own) => Sampling::Own(Box::new(own.clone())),
            None => sampler.sampling(),
        };
        let sampler = match own_sampler {
            Some(own) => own,
            None => Heedful(Box::new(sampler.create()?)),
        };
        let mut builder = SdkTracerProvider::builder().with_resource(resource).with_sampler(sampler);
        if !baggage.is_empty() {
            builder = builder.with_span_processor(baggage.clone());
        }
        let builder = builder.with_span_processor(processor.clone());
        let has_own = !own_processors.is_empty();
        let provider =
            own_processors.into_iter().fold(builder, |builder, configure| configure(builder)).build();
        if !has_own {
            let (queue, starts) = (processor.queue(), processor.starts());
            self.short_way = Some(ShortWay { sampling, baggage, scope: scope.clone(), queue, starts });
        }
        self.tracer = Some(provider.tracer_with_scope(scope));
        self.running = Some(Running { provider, outlets: vec![Box::new(processor)], has_own });
        Ok(())
    }

    fn force_flush(&self) -> Pending {
        self.running.as_ref().map(Running::force_flush).unwrap_or_default()
    }

    fn shutdown(&mut self) -> Pending {
        self.tracer = None;
        self.short_way = None;
        self.running.take().map(Running::shutdown).unwrap_or_default()
    }
}

impl fmt::Debug for TracingComponent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracingComponent").field("running", &self.running.is_some()).finish_non_exhaustive()
    }
}
