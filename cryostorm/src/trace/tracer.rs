//! Our own way from what is asked of a span to the span.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

use opentelemetry::baggage::{BaggageExt, KeyValueMetadata};
use opentelemetry::trace::{
    Event, Link, SpanBuilder, SpanContext, SpanId, SpanKind, TraceContextExt, TraceFlags, TraceId, Tracer,
};
use opentelemetry::{Context, InstrumentationScope};
use opentelemetry_sdk::trace::{Config, IdGenerator, RandomIdGenerator, SpanLimits};

use crate::export::Queue;
use crate::instrument::{CallSite, Clock, is_in_force, unix_nanos};
use crate::sampling::{Question, Sampling, Verdict};

use super::buffer::SpanBuffer;
use super::item::SpanItem;
use super::live::LiveSpan;
use super::record::{EndedSpan, SpanAttributes, SpanRecord};
use super::scope;

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

/// What a span is to be.
#[derive(Debug, Default)]
pub(crate) struct Description {
    pub(crate) site: Option<&'static CallSite>,
    /// None: that of the site.
    pub(crate) name: Option<Cow<'static, str>>,
    pub(crate) kind: Option<SpanKind>,
    pub(crate) attributes: SpanAttributes,
    pub(crate) links: Vec<Link>,
    pub(crate) events: Vec<Event>,
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
        self.inner.queue.push(SpanItem::Own(span));
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
        let trace_id = if has_parent { parent_span.trace_id() } else { new_trace_id() };
        let verdict = self.inner.sampling.foresee(active, trace_id);
        let inherits = verdict == Verdict::Drop && has_parent && !parent_span.is_sampled();
        Foreseen { trace_id, verdict, inherits }
    }

    /// A context with the span in it.
    pub(crate) fn start(
        &self,
        parent: &Context,
        is_root: bool,
        foreseen: Foreseen,
        description: Description,
        clock: &mut Clock,
    ) -> Context {
        let has_parent = !is_root && parent.span().span_context().is_valid();
        let id = new_span_id(*clock);
        let started = || clock.tell_wall_time(has_parent);
        match self.build(parent, is_root, foreseen, id, description, started) {
            Ok(span) => parent.with_span(span),
            Err(context) => parent.with_remote_span_context(context),
        }
    }

    /// A span that records, or the ids of one that does not.
    fn build(
        &self,
        parent: &Context,
        is_root: bool,
        foreseen: Foreseen,
        span_id: SpanId,
        description: Description,
        started: impl FnOnce() -> u64,
    ) -> Result<LiveSpan, SpanContext> {
        let Inner { telemetry, sampling, limits, scope, .. } = &*self.inner;
        let span = parent.span();
        let parent_span =
            if is_root || !span.span_context().is_valid() { &SpanContext::NONE } else { span.span_context() };
        let Description { site, name, kind, mut attributes, links, events } = description;
        let kind = kind.unwrap_or(SpanKind::Internal);
        let mut verdict = foreseen.verdict;
        let mut trace_state = parent_span.trace_state().clone();
        if verdict == Verdict::Later {
            let answer = sampling.ask(&Question {
                parent: &if is_root { without_span(parent) } else { parent.clone() },
                trace_id: foreseen.trace_id,
                site,
                name: name.as_deref(),
                kind: &kind,
                attributes: &attributes,
                links: &links,
            });
            verdict = answer.decision.into();
            trace_state = answer.trace_state;
            attributes.extend(answer.attributes);
        }
        let flags = parent_span.trace_flags().with_sampled(verdict == Verdict::Sample);
        let flags = if verdict == Verdict::Drop { TraceFlags::default() } else { flags };
        let context = SpanContext::new(foreseen.trace_id, span_id, flags, false, trace_state);
        if verdict == Verdict::Drop {
            return Err(context);
        }
        let start = started();
        let mut record = SpanRecord {
            parent: parent_span.span_id(),
            parent_is_remote: parent_span.is_remote(),
            kind,
            name,
            site,
            scope,
            start,
            end: start,
            attributes,
            dropped_attributes: 0,
            most_attributes: limits.max_attributes_per_span,
            more: None,
        };
        record.limit_attributes();
        links.into_iter().for_each(|link| record.add_link(link, limits));
        events.into_iter().for_each(|event| record.add_event(event, limits));
        Ok(LiveSpan::new(context, Some(record), *limits, *telemetry))
    }
}

impl Tracer for SpanTracer {
    type Span = LiveSpan;

    fn build_with_context(&self, builder: SpanBuilder, parent: &Context) -> LiveSpan {
        let Inner { telemetry, limits, .. } = &*self.inner;
        let silent = |context| LiveSpan::new(context, None, *limits, *telemetry);
        if parent.is_telemetry_suppressed() || !is_in_force(*telemetry) {
            return silent(SpanContext::NONE);
        }
        let SpanBuilder { span_kind, name, start_time, attributes, events, links, .. } = builder;
        let description = Description {
            site: None,
            name: Some(name),
            kind: span_kind,
            attributes: attributes.unwrap_or_default().into(),
            links: links.unwrap_or_default(),
            events: events.unwrap_or_default(),
        };
        let clock = Clock::start();
        let foreseen = self.foresee(parent, false);
        let started = || unix_nanos(start_time.unwrap_or_else(SystemTime::now));
        self.build(parent, false, foreseen, new_span_id(clock), description, started).unwrap_or_else(silent)
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

fn new_trace_id() -> TraceId {
    let random = u128::from_be_bytes(RandomIdGenerator::default().new_trace_id().to_bytes());
    TraceId::from((random ^ u128::from(spread(Clock::start()))).max(1))
}

fn new_span_id(clock: Clock) -> SpanId {
    let random = u64::from_be_bytes(RandomIdGenerator::default().new_span_id().to_bytes());
    SpanId::from((random ^ spread(clock)).max(1))
}

/// The clock, which a process and its fork do not read at the same moment: their threads' random numbers would be the
/// same.
fn spread(clock: Clock) -> u64 {
    clock.ticks().wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
