//! From what annotated code and code by hand ask of a span to a context with the span in it.

use std::borrow::Cow;

use opentelemetry::global::BoxedTracer;
use opentelemetry::trace::{Link, SpanBuilder, SpanKind, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, InstrumentationScope};
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};

use crate::trace::{Description, Foreseen, SpanAttributes, SpanTracer, without_span};

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

/// What one span differs in from other spans of its site.
#[derive(Debug, Default)]
pub(crate) struct Request {
    pub(super) name: Option<Cow<'static, str>>,
    /// Unless it is that of the site.
    pub(super) kind: Option<SpanKind>,
    pub(super) attributes: SpanAttributes,
    pub(super) links: Vec<Link>,
    /// The parent, unless it is what is current.
    pub(super) context: Option<Context>,
    /// What is known of it already.
    pub(super) foreseen: Option<Foreseen>,
}

impl Tracers {
    /// As OpenTelemetry's API has it.
    pub(crate) fn boxed(&self) -> BoxedTracer {
        match self {
            Self::Own(tracer) => BoxedTracer::new(Box::new(tracer.clone())),
            Self::Sdk(tracers) => BoxedTracer::new(Box::new(tracers.own.clone())),
        }
    }

    /// Whether the span may be recorded, as far as that is known before it is described.
    pub(super) fn foresee(&self, site: &CallSite, request: &mut Request) -> bool {
        let Self::Own(tracer) = self else { return true };
        let (is_root, clock) = (site.is_root(), Clock::start());
        let foreseen = match &request.context {
            Some(parent) => tracer.foresee(parent, is_root, clock),
            None => Context::map_current(|parent| tracer.foresee(parent, is_root, clock)),
        };
        request.foreseen = Some(foreseen);
        foreseen.may_be_recorded()
    }

    /// A context with the span in it. None where there is none to speak of: nothing of its trace is recorded, and it goes
    /// on under the ids of its parent.
    pub(super) fn start(
        &self,
        site: Option<&'static CallSite>,
        mut request: Request,
        clock: &mut Clock,
    ) -> Option<Context> {
        let explicit = request.context.take();
        match self {
            Self::Own(tracer) => match explicit {
                Some(parent) => start(tracer, &parent, site, request, clock),
                // A sampler of a user's own may make another context current, which panics while this one is looked at.
                None if tracer.asks_others() => start(tracer, &Context::current(), site, request, clock),
                None => Context::map_current(|parent| start(tracer, parent, site, request, clock)),
            },
            Self::Sdk(tracers) => {
                let parent = explicit.unwrap_or_else(Context::current);
                clock.tell_wall_time(parent.span().span_context().is_valid());
                Some(tracers.start(&parent, site, request, *clock))
            }
        }
    }
}

fn start(
    tracer: &SpanTracer,
    parent: &Context,
    site: Option<&'static CallSite>,
    request: Request,
    clock: &mut Clock,
) -> Option<Context> {
    let is_root = site.is_some_and(CallSite::is_root);
    let foreseen = request.foreseen.unwrap_or_else(|| tracer.foresee(parent, is_root, *clock));
    let kind = request.kind.or_else(|| site?.span.map(|span| span.kind.clone()));
    let Request { name, attributes, links, .. } = request;
    let description = Description { site, name, kind, attributes, links, events: Vec::new() };
    tracer.start(parent, is_root, foreseen, description, clock)
}

impl SdkTracers {
    pub(crate) fn new(own: SdkTracer, provider: SdkTracerProvider) -> Self {
        Self { own, provider, named: Registry::default() }
    }

    fn start(
        &self,
        parent: &Context,
        site: Option<&'static CallSite>,
        request: Request,
        clock: Clock,
    ) -> Context {
        let Request { name, kind, attributes, links, .. } = request;
        let name = name.unwrap_or_else(|| site.map_or("", CallSite::span_name).into());
        let kind = kind.or_else(|| site?.span.map(|span| span.kind.clone()));
        let fixed = site.iter().flat_map(|site| site.attributes());
        let mut builder = SpanBuilder::from_name(name)
            .with_kind(kind.unwrap_or(SpanKind::Internal))
            .with_start_time(system_time(clock.started_at()))
            .with_attributes(fixed.chain(attributes).collect::<Vec<_>>());
        if !links.is_empty() {
            builder = builder.with_links(links);
        }
        let tracer = self.of(site.and_then(|site| site.span?.tracer));
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
