//! From what annotated code and code by hand ask of a span to a context with the span in it.

use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry::global::BoxedTracer;
use opentelemetry::trace::{Span as _, SpanContext, TraceContextExt, TraceFlags, Tracer, TracerProvider};
use opentelemetry::{Context, InstrumentationScope};
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, Span as SdkSpan};

use crate::trace::{SpanRequest, SpanTracer, without_span};

use super::clock::{Ticks, WallClock, wall_time};
use super::registry::Registry;
use super::site::CallSite;
use super::spawner::{self, Watched};
use super::unix_time::UnixTime;

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

/// What became of a request. It is filled in where it is, because to move it would take longer.
#[derive(Debug)]
pub(crate) struct Begun {
    /// What is to be current, if it is not what is so already.
    pub(crate) context: Option<Context>,
    /// Whether the span in it is to be ended: others are ids and no more.
    pub(crate) has_span: bool,
    /// Whether that span is ours, which knows by the counter how long it took.
    pub(crate) is_own: bool,
    /// When it began.
    pub(crate) ticks: Ticks,
    /// The same in wall time, where there is a span.
    pub(crate) wall: UnixTime,
}

impl Begun {
    pub(crate) const NOTHING: Self =
        Self { context: None, has_span: false, is_own: false, ticks: Ticks::STILL, wall: UnixTime::EPOCH };

    /// Ends the span in `context`, now.
    #[inline(always)]
    pub(crate) fn end_span(&self, context: &Context, now: Ticks) {
        let end = |time| context.span().end_with_timestamp(time);
        match self.is_own {
            true => WallClock::with(|clock| clock.end_at(now, || end(UNIX_EPOCH))),
            false => end(self.end(now).into()),
        }
    }

    /// When the span ends, if that is `now`.
    pub(crate) fn end(&self, now: Ticks) -> UnixTime {
        WallClock::with(|clock| clock.end(self.wall, self.ticks.until(now)))
    }
}

impl Tracers {
    /// As OpenTelemetry's API has it.
    pub(crate) fn boxed(&self) -> BoxedTracer {
        match self {
            Self::Own(tracer) => BoxedTracer::new(Box::new(tracer.clone())),
            Self::Sdk(tracers) => BoxedTracer::new(Box::new(tracers.own.clone())),
        }
    }

    /// Whether the span may be recorded, as far as our own tracer knows that before it is described. What is known is
    /// written where it stays, because a move would stall.
    #[inline]
    pub(crate) fn foresee(&self, site: Option<&'static CallSite>, request: &mut SpanRequest) -> bool {
        let Self::Own(tracer) = self else { return true };
        let is_root = site.is_some_and(CallSite::is_root);
        let SpanRequest { context, foreseen, .. } = request;
        let foreseen = match context {
            Some(parent) => foreseen.insert(tracer.foresee(parent, is_root)),
            None => Context::map_current(|parent| foreseen.insert(tracer.foresee(parent, is_root))),
        };
        foreseen.may_be_recorded()
    }

    /// Starts the span.
    #[inline(always)]
    pub(crate) fn begin(
        &self,
        site: Option<&'static CallSite>,
        request: Option<&mut SpanRequest>,
        begun: &mut Begun,
    ) {
        let has_parent = request.as_ref().is_some_and(|request| request.context.is_some());
        match self {
            Self::Own(tracer) if !(has_parent || tracer.asks_others() || spawner::is_asked()) => {
                Context::map_current(|parent| tracer.begin(parent, site, request, begun));
            }
            _ => self.begin_anyhow(site, request, begun),
        }
    }

    /// Starts the span, whoever has a say in it.
    #[inline(never)]
    fn begin_anyhow(
        &self,
        site: Option<&'static CallSite>,
        mut request: Option<&mut SpanRequest>,
        begun: &mut Begun,
    ) {
        let explicit = request.as_mut().and_then(|request| request.context.take());
        let watched = Watched::new(site, request.as_deref(), explicit.is_some());
        // A copy, because a sampler of a user's own may make another context current, which panics while this one is looked
        // at.
        let parent = explicit.unwrap_or_else(Context::current);
        match self {
            Self::Own(tracer) => {
                tracer.begin(&parent, site, request, begun);
                begun.context.get_or_insert(parent);
            }
            Self::Sdk(tracers) => tracers.begin(parent, site, request, begun),
        }
        if let Some(watched) = watched {
            watched.begun(begun);
        }
    }
}

/// The ids of a span that is not recorded, with the flags of its trace, which the SDK leaves out of them.
fn lost_flags(parent: &Context, span: &SdkSpan) -> Option<SpanContext> {
    let parent = parent.span().span_context().clone();
    let ids = span.span_context();
    let flags = parent.trace_flags().with_sampled(false);
    let is_lost =
        !span.is_recording() && parent.trace_id() == ids.trace_id() && flags != TraceFlags::default();
    is_lost.then(|| SpanContext::new(ids.trace_id(), ids.span_id(), flags, false, ids.trace_state().clone()))
}

impl SdkTracers {
    pub(crate) fn new(own: SdkTracer, provider: SdkTracerProvider) -> Self {
        Self { own, provider, named: Registry::default() }
    }

    fn begin(
        &self,
        parent: Context,
        site: Option<&'static CallSite>,
        request: Option<&mut SpanRequest>,
        begun: &mut Begun,
    ) {
        begun.ticks = Ticks::now();
        begun.wall = wall_time(begun.ticks);
        let mut nothing = SpanRequest::default();
        let builder =
            request.unwrap_or(&mut nothing).take_builder(site).with_start_time(SystemTime::from(begun.wall));
        let tracer = self.of(site.and_then(CallSite::scope));
        let span = match site.is_some_and(CallSite::is_root) {
            true => tracer.build_with_context(builder, &without_span(&parent)),
            false => tracer.build_with_context(builder, &parent),
        };
        (begun.has_span, begun.is_own) = (true, false);
        begun.context = Some(match lost_flags(&parent, &span) {
            Some(ids) => parent.with_remote_span_context(ids),
            None => parent.with_span(span),
        });
    }

    /// The tracer of that scope.
    fn of(&self, scope: Option<&'static str>) -> SdkTracer {
        let Some(scope) = scope else { return self.own.clone() };
        self.named.get(scope, |scope| {
            self.provider.tracer_with_scope(InstrumentationScope::builder(*scope).build())
        })
    }
}
