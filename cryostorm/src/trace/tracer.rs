//! Our own way from what is asked of a span to the span.

use std::sync::Arc;
use std::time::SystemTime;

use opentelemetry::baggage::{BaggageExt, KeyValueMetadata};
use opentelemetry::trace::{
    Span as _, SpanBuilder, SpanContext, SpanId, SpanKind, TraceContextExt, TraceFlags, TraceId, TraceState,
    Tracer,
};
use opentelemetry::{Context, InstrumentationScope};
use opentelemetry_sdk::trace::{Config, SpanLimits};

use crate::export::Queue;
use crate::instrument::{CallSite, Clock, is_in_force, unix_nanos};
use crate::sampling::{Sampling, Verdict};

use super::buffer::SpanBuffer;
use super::ids::{new_span_id, new_trace_id};
use super::item::SpanItem;
use super::live::LiveSpan;
use super::record::EndedSpan;
use super::request::SpanRequest;
use super::{scope, spares};

/// Makes spans and hands them to the queue when they end. Clones share all of it.
#[derive(Clone, Debug)]
pub(crate) struct SpanTracer {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// The Telemetry that it belongs to.
    telemetry: u64,
    sampling: Sampling,
    limits: SpanLimits,
    scope: &'static InstrumentationScope,
    queue: Queue<SpanItem>,
}

/// What is known of a span before it is described.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Foreseen {
    trace_id: TraceId,
    verdict: Verdict,
    inherits: bool,
}

impl Foreseen {
    /// Whether there is no span: it goes on under the ids of its parent, which is not sampled either.
    pub(crate) fn inherits(self) -> bool {
        self.inherits
    }

    /// Whether the span may be recorded, as far as that is known.
    pub(crate) fn may_be_recorded(self) -> bool {
        self.verdict != Verdict::Drop
    }
}

impl SpanTracer {
    pub(crate) fn new(
        telemetry: u64,
        sampling: Sampling,
        scope: InstrumentationScope,
        queue: Queue<SpanItem>,
    ) -> Self {
        // The limits follow the environment variables of the specification, as the SDK reads them.
        let limits = Config::default().span_limits;
        Self { inner: Arc::new(Inner { telemetry, sampling, limits, scope: scope::interned(scope), queue }) }
    }

    /// Where a thread puts the spans that end on it.
    pub(crate) fn buffer(&self) -> Arc<SpanBuffer> {
        let buffer = Arc::new(SpanBuffer::new(self.inner.queue.clone()));
        self.inner.queue.add_source(Arc::clone(&buffer) as _);
        buffer
    }

    /// Queues a span that ended where there is no buffer.
    pub(crate) fn deliver(&self, span: EndedSpan) {
        self.inner.queue.push(span.into());
    }

    /// Whether sampling asks code that is not ours, which may do anything with the current context.
    pub(crate) fn asks_others(&self) -> bool {
        self.inner.sampling.is_own()
    }

    /// Decides on sampling as far as that can be done before the span is described.
    pub(crate) fn foresee(&self, parent: &Context, is_root: bool) -> Foreseen {
        let span = parent.span();
        let parent_span = span.span_context();
        let has_parent = !is_root && parent_span.is_valid();
        let active = (!is_root && parent.has_active_span()).then_some(parent_span);
        let trace_id = if has_parent { parent_span.trace_id() } else { new_trace_id(Clock::start().ticks()) };
        let verdict = self.inner.sampling.foresee(active, trace_id);
        // A parent that records would take what is meant for the child.
        let inherits =
            verdict == Verdict::Drop && has_parent && !parent_span.is_sampled() && !span.is_recording();
        Foreseen { trace_id, verdict, inherits }
    }

    /// A context with the span in it, and whether that records.
    pub(crate) fn start(
        &self,
        parent: &Context,
        site: Option<&'static CallSite>,
        request: Option<&mut SpanRequest>,
        foreseen: Foreseen,
        clock: &mut Clock,
    ) -> (Context, bool) {
        let id = new_span_id(clock.ticks());
        let started = |has_parent| clock.tell_wall_time(has_parent);
        let span = self.build(parent, site, request, foreseen, id, started);
        // One that does not record is no more than its ids, which take less.
        match span.is_recording() {
            true => (parent.with_span(span), true),
            false => (parent.with_remote_span_context(span.span_context().clone()), false),
        }
    }

    /// A context with the ids of a span that is known not to be sampled.
    pub(crate) fn refuse(&self, parent: &Context, is_root: bool, foreseen: Foreseen) -> Context {
        let span = parent.span();
        let has_parent = !is_root && span.span_context().is_valid();
        let trace_state =
            if has_parent { span.span_context().trace_state().clone() } else { TraceState::NONE };
        let id = new_span_id(Clock::start().ticks());
        let context = SpanContext::new(foreseen.trace_id, id, TraceFlags::default(), false, trace_state);
        parent.with_remote_span_context(context)
    }

    #[inline]
    fn build(
        &self,
        parent: &Context,
        site: Option<&'static CallSite>,
        mut request: Option<&mut SpanRequest>,
        foreseen: Foreseen,
        span_id: SpanId,
        started: impl FnOnce(bool) -> u64,
    ) -> LiveSpan {
        let Inner { telemetry, limits, scope, .. } = &*self.inner;
        let Foreseen { trace_id, mut verdict, .. } = foreseen;
        let span = parent.span();
        let is_root = site.is_some_and(CallSite::is_root);
        let has_parent = !is_root && span.span_context().is_valid();
        let parent_span = if has_parent { span.span_context() } else { &SpanContext::NONE };
        let mut trace_state = parent_span.trace_state().clone();
        let mut of_sampler = Vec::new();
        if let Some(request) = &mut request {
            // As OpenTelemetry's `SpanBuilder` does, before samplers see them.
            request.links.retain(|link| link.span_context.is_valid());
        }
        if verdict == Verdict::Later {
            let nothing = SpanRequest::default();
            let request = request.as_deref().unwrap_or(&nothing);
            let parent = if is_root { without_span(parent) } else { parent.clone() };
            let answer = self.inner.sampling.ask(&parent, trace_id, site, request);
            verdict = answer.decision.into();
            trace_state = answer.trace_state;
            of_sampler = answer.attributes;
        }
        let flags = match verdict {
            Verdict::Drop => TraceFlags::default(),
            _ => parent_span.trace_flags().with_sampled(verdict == Verdict::Sample),
        };
        let context = SpanContext::new(trace_id, span_id, flags, false, trace_state);
        if verdict == Verdict::Drop {
            return LiveSpan::new(context, None);
        }
        // Field by field, because a record is large to move.
        let mut record = spares::take();
        record.telemetry = *telemetry;
        record.limits = *limits;
        record.parent = parent_span.span_id();
        record.parent_is_remote = parent_span.is_remote();
        record.kind = site.and_then(|site| site.span).map_or(SpanKind::Internal, |span| span.kind.clone());
        record.site = site;
        record.scope = Some(scope);
        record.start = started(has_parent && !parent_span.is_remote());
        if let Some(request) = request {
            record.apply(request);
        }
        of_sampler.into_iter().for_each(|attribute| record.set_attribute(attribute));
        LiveSpan::new(context, Some(record))
    }
}

impl Tracer for SpanTracer {
    type Span = LiveSpan;

    fn build_with_context(&self, builder: SpanBuilder, parent: &Context) -> LiveSpan {
        if parent.is_telemetry_suppressed() || !is_in_force(self.inner.telemetry) {
            return LiveSpan::new(SpanContext::NONE, None);
        }
        let SpanBuilder { span_kind, name, start_time, attributes, events, links, .. } = builder;
        let mut request = SpanRequest {
            name: Some(name),
            kind: span_kind,
            attributes: attributes.unwrap_or_default().into(),
            links: links.unwrap_or_default(),
            events: events.unwrap_or_default(),
            ..SpanRequest::default()
        };
        let foreseen = self.foresee(parent, false);
        let started = |_| unix_nanos(start_time.unwrap_or_else(SystemTime::now));
        let id = new_span_id(Clock::start().ticks());
        self.build(parent, None, Some(&mut request), foreseen, id, started)
    }
}

/// A context to start a trace in: a new one, because a context with an invalid span in it is to samplers one whose span
/// was not sampled. The baggage stays, for samplers and processors.
pub(crate) fn without_span(context: &Context) -> Context {
    let baggage = context.baggage().iter();
    Context::new().with_baggage(
        baggage.map(|(key, (value, metadata))| {
            KeyValueMetadata::new(key.clone(), value.clone(), metadata.clone())
        }),
    )
}
