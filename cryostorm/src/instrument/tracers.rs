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

/// What became of a request.
#[derive(Debug, Default)]
pub(super) struct Begun {
    /// What is to be current, if it is not what is so already.
    pub(super) context: Option<Context>,
    /// When the span in it began, if it is a new one. Without one, nothing of the trace is recorded, and it goes on under
    /// the ids that it has.
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
    pub(super) fn foresee(&self, site: Option<&'static CallSite>, request: &mut Request) -> Option<Foreseen> {
        let Self::Own(tracer) = self else { return None };
        let is_root = site.is_some_and(CallSite::is_root);
        let foreseen = request.foreseen.get_or_insert_with(|| match &request.context {
            Some(parent) => tracer.foresee(parent, is_root),
            None => Context::map_current(|parent| tracer.foresee(parent, is_root)),
        });
        Some(*foreseen)
    }

    /// Starts the span.
    pub(super) fn begin(&self, site: Option<&'static CallSite>, mut request: Request) -> Begun {
        let foreseen = self.foresee(site, &mut request);
        let explicit = request.context.take();
        if foreseen.is_some_and(Foreseen::inherits) {
            return Begun { context: explicit, clock: None };
        }
        let mut clock = Clock::start();
        let context = match (self, explicit) {
            (Self::Own(tracer), None) if !tracer.asks_others() => {
                Context::map_current(|parent| start(tracer, parent, site, request, foreseen, &mut clock))
            }
            // A sampler of a user's own may make another context current, which panics while this one is looked at.
            (Self::Own(tracer), explicit) => {
                let parent = explicit.unwrap_or_else(Context::current);
                start(tracer, &parent, site, request, foreseen, &mut clock)
            }
            (Self::Sdk(tracers), explicit) => {
                let parent = explicit.unwrap_or_else(Context::current);
                tracers.start(&parent, site, request, &mut clock)
            }
        };
        Begun { context: Some(context), clock: Some(clock) }
    }
}

fn start(
    tracer: &SpanTracer,
    parent: &Context,
    site: Option<&'static CallSite>,
    request: Request,
    foreseen: Option<Foreseen>,
    clock: &mut Clock,
) -> Context {
    let is_root = site.is_some_and(CallSite::is_root);
    let foreseen = foreseen.unwrap_or_else(|| tracer.foresee(parent, is_root));
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
        clock: &mut Clock,
    ) -> Context {
        clock.tell_wall_time(parent.span().span_context().is_valid());
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
