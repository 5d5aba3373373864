//! From what annotated code and code by hand ask of a span to a context with the span in it.

use std::mem;

use opentelemetry::global::BoxedTracer;
use opentelemetry::trace::{SpanBuilder, SpanKind, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, InstrumentationScope};
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};

use crate::trace::{Foreseen, SpanRequest, SpanTracer, without_span};

use super::clock::{Clock, system_time};
use super::registry::Registry;
use super::site::CallSite;

/// What makes spans.
#[derive(Debug)]
pub(crate) enum Tracers {
    /// Ours, which costs less.
    Own(SpanTracer),
    /// The SDK's, where a processor of a user's own wants to see spans start.
    Sdk(SdkTracers),
}

/// The tracer of cryostorm's own scope, and those of scopes that annotated functions name.
#[derive(Debug)]
pub(crate) struct SdkTracers {
    own: SdkTracer,
    provider: SdkTracerProvider,
    named: Registry<&'static str, SdkTracer>,
}

/// What became of a request.
#[derive(Debug, Default)]
pub(super) struct Begun {
    /// What is to be current, if it is not what is so already.
    pub(super) context: Option<Context>,
    /// When the span in it began, if that is to be ended: others are ids and no more.
    pub(super) clock: Option<Clock>,
}

impl Tracers {
    /// As OpenTelemetry's API has it.
    pub(crate) fn boxed(&self) -> BoxedTracer {
        match self {
            Self::Own(tracer) => BoxedTracer::new(Box::new(tracer.clone())),
            Self::Sdk(tracers) => BoxedTracer::new(Box::new(tracers.own.clone())),
        }
    }

    /// What our own tracer knows of the span before it is described.
    #[inline]
    pub(super) fn foresee(
        &self,
        site: Option<&'static CallSite>,
        parent: Option<&Context>,
    ) -> Option<Foreseen> {
        let Self::Own(tracer) = self else { return None };
        let is_root = site.is_some_and(CallSite::is_root);
        Some(match parent {
            Some(parent) => tracer.foresee(parent, is_root),
            None => Context::map_current(|parent| tracer.foresee(parent, is_root)),
        })
    }

    /// Starts the span.
    pub(super) fn begin(
        &self,
        site: Option<&'static CallSite>,
        mut request: Option<&mut SpanRequest>,
    ) -> Begun {
        let explicit = request.as_mut().and_then(|request| request.context.take());
        let known = request.as_ref().and_then(|request| request.foreseen);
        let foreseen = known.or_else(|| self.foresee(site, explicit.as_ref()));
        if foreseen.is_some_and(Foreseen::inherits) {
            return Begun { context: explicit, clock: None };
        }
        if let (Self::Own(tracer), Some(foreseen)) = (self, foreseen)
            && !foreseen.may_be_recorded()
        {
            let is_root = site.is_some_and(CallSite::is_root);
            let context = match explicit {
                Some(parent) => tracer.refuse(&parent, is_root, foreseen),
                None => Context::map_current(|parent| tracer.refuse(parent, is_root, foreseen)),
            };
            return Begun { context: Some(context), clock: None };
        }
        let mut clock = Clock::start();
        let (context, is_recording) = match (self, foreseen) {
            (Self::Own(tracer), Some(foreseen)) => match explicit {
                Some(parent) => tracer.start(&parent, site, request, foreseen, &mut clock),
                // A sampler of a user's own may make another context current, which panics while this one is looked at.
                None if tracer.asks_others() => {
                    tracer.start(&Context::current(), site, request, foreseen, &mut clock)
                }
                None => {
                    Context::map_current(|parent| tracer.start(parent, site, request, foreseen, &mut clock))
                }
            },
            (Self::Own(_), None) => return Begun::default(),
            (Self::Sdk(tracers), _) => {
                let parent = explicit.unwrap_or_else(Context::current);
                (tracers.start(&parent, site, request, &mut clock), true)
            }
        };
        Begun { context: Some(context), clock: is_recording.then_some(clock) }
    }
}

impl SdkTracers {
    pub(crate) fn new(own: SdkTracer, provider: SdkTracerProvider) -> Self {
        Self { own, provider, named: Registry::default() }
    }

    fn start(
        &self,
        parent: &Context,
        site: Option<&'static CallSite>,
        request: Option<&mut SpanRequest>,
        clock: &mut Clock,
    ) -> Context {
        let span = parent.span();
        let parent_span = span.span_context();
        clock.tell_wall_time(parent_span.is_valid() && !parent_span.is_remote());
        let request = request.map(mem::take).unwrap_or_default();
        let name = request.name.unwrap_or_else(|| site.map_or("", CallSite::span_name).into());
        let kind = request.kind.or_else(|| site?.span.map(|span| span.kind.clone()));
        let fixed = site.iter().flat_map(|site| site.attributes());
        let mut builder = SpanBuilder::from_name(name)
            .with_kind(kind.unwrap_or(SpanKind::Internal))
            .with_start_time(system_time(clock.started_at()))
            .with_attributes(fixed.chain(request.attributes).collect::<Vec<_>>());
        if !request.links.is_empty() {
            builder = builder.with_links(request.links);
        }
        let tracer = self.of(site.and_then(CallSite::scope));
        parent.with_span(match site.is_some_and(CallSite::is_root) {
            true => tracer.build_with_context(builder, &without_span(parent)),
            false => tracer.build_with_context(builder, parent),
        })
    }

    /// The tracer of that scope.
    fn of(&self, scope: Option<&'static str>) -> SdkTracer {
        let Some(scope) = scope else { return self.own.clone() };
        self.named.get(scope, |scope| {
            self.provider.tracer_with_scope(InstrumentationScope::builder(*scope).build())
        })
    }
}
