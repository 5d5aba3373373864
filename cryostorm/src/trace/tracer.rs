//! Our own way from what is asked of a span to the span.

use std::sync::Arc;

use opentelemetry::trace::{SpanBuilder, SpanContext, SpanId, TraceContextExt, TraceId, TraceState, Tracer};
use opentelemetry::{Context, InstrumentationScope};
use opentelemetry_sdk::trace::{Config, SamplingResult};

use crate::export::{Lane, Queue, Starts};
use crate::instrument::{Begun, CallSite, Ticks, is_in_force, wall_time};
use crate::propagation::{BaggageAttributes, RemoteLink};
use crate::sampling::{Sampling, Verdict};

use super::ids::{new_span_id, new_trace_id};
use super::item::SpanItem;
use super::live::{ContextSpan, LiveSpan};
use super::origin::Origin;
use super::parent::{Parent, without_span};
use super::record::{EndedSpan, SpanRecord};
use super::request::SpanRequest;
use super::spares;

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
    baggage: BaggageAttributes,
    origin: &'static Origin,
    queue: Queue<SpanItem>,
    /// Where it tells of spans that start, if somebody wants to know.
    starts: Option<Starts>,
}

/// What is known of a span before it is described.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Foreseen {
    trace_id: TraceId,
    verdict: Verdict,
    /// Whether there is no span: it goes on under the ids of its parent, which is not sampled either.
    inherits: bool,
}

impl Foreseen {
    /// Whether the span may be recorded, as far as that is known.
    pub(crate) fn may_be_recorded(&self) -> bool {
        self.verdict != Verdict::Drop
    }

    /// Whether the call goes on under the ids that are current.
    pub(crate) fn changes_nothing(self) -> bool {
        self.inherits
    }
}

impl SpanTracer {
    pub(crate) fn new(
        telemetry: u64,
        sampling: Sampling,
        baggage: BaggageAttributes,
        scope: InstrumentationScope,
        queue: Queue<SpanItem>,
        starts: Option<Starts>,
    ) -> Self {
        // The limits follow the environment variables of the specification, as the SDK reads them.
        let origin = Origin::interned(scope, Config::default().span_limits);
        Self { inner: Arc::new(Inner { telemetry, sampling, baggage, origin, queue, starts }) }
    }

    /// Where a thread puts the spans that end on it.
    pub(crate) fn lane(&self) -> Lane<SpanItem> {
        self.inner.queue.lane()
    }

    /// Queues a span that ended where there is no lane.
    pub(crate) fn deliver(&self, span: EndedSpan) {
        self.inner.queue.push(span.into());
    }

    /// Whether sampling asks code that is not ours, which may do anything with the current context.
    pub(crate) fn asks_others(&self) -> bool {
        self.inner.sampling.is_own()
    }

    /// Decides on sampling as far as that can be done before the span is described.
    #[inline(always)]
    pub(crate) fn foresee(&self, parent: &Context, is_root: bool) -> Foreseen {
        self.foresee_under(&Parent::new(parent, is_root))
    }

    #[inline(always)]
    pub(crate) fn foresee_under(&self, parent: &Parent<'_>) -> Foreseen {
        let trace_id = match parent.is_some {
            true => parent.span_context().trace_id(),
            false => new_trace_id(),
        };
        let verdict = self.inner.sampling.foresee(parent.active(), trace_id);
        let inherits = verdict == Verdict::Drop && parent.hands_down();
        Foreseen { trace_id, verdict, inherits }
    }

    /// Starts a span, if there is to be one.
    #[inline(always)]
    pub(crate) fn begin(
        &self,
        parent: &Context,
        site: Option<&'static CallSite>,
        request: Option<&mut SpanRequest>,
        begun: &mut Begun,
    ) {
        let parent = Parent::new(parent, site.is_some_and(CallSite::is_root));
        let foreseen = request.as_ref().and_then(|request| request.foreseen);
        let foreseen = foreseen.unwrap_or_else(|| self.foresee_under(&parent));
        self.begin_under(&parent, site, request, foreseen, begun);
    }

    /// Starts a span, if there is to be one, of which this much is known.
    #[inline(always)]
    pub(crate) fn begin_under(
        &self,
        parent: &Parent<'_>,
        site: Option<&'static CallSite>,
        request: Option<&mut SpanRequest>,
        foreseen: Foreseen,
        begun: &mut Begun,
    ) {
        if !foreseen.inherits {
            self.start(parent, site, request, foreseen, begun);
        }
    }

    /// The context of a call that is not recorded, with ids and no more.
    #[inline(always)]
    pub(crate) fn refuse(parent: &Parent<'_>, foreseen: Foreseen) -> Context {
        parent.with_ids(foreseen.trace_id, new_span_id(), parent.trace_state())
    }

    fn start(
        &self,
        parent: &Parent<'_>,
        site: Option<&'static CallSite>,
        request: Option<&mut SpanRequest>,
        foreseen: Foreseen,
        begun: &mut Begun,
    ) {
        begun.ticks = Ticks::now();
        if foreseen.verdict == Verdict::Drop {
            begun.context = Some(Self::refuse(parent, foreseen));
            return;
        }
        let mut record = match request {
            Some(request) => request.take_record(),
            None => spares::take(),
        };
        record.site = site;
        begun.wall = wall_time(begun.ticks);
        (record.start, record.ticks) = (begun.wall, begun.ticks);
        if foreseen.verdict == Verdict::Sample && !parent.has_trace_state() && self.inner.starts.is_none() {
            self.describe(&mut record, parent);
            self.add_baggage(&mut record, parent);
            let flags = parent.flags().with_sampled(true);
            (begun.has_span, begun.is_own) = (true, true);
            // Last, so that the compiler knows what the context copies: see `ContextSpan`.
            record.context =
                SpanContext::new(foreseen.trace_id, new_span_id(), flags, false, TraceState::NONE);
            begun.context = Some(parent.context.with_span(ContextSpan::<true>::new(record)));
            return;
        }
        begun.context = Some(match self.build(parent, record, foreseen) {
            Ok(record) => {
                (begun.has_span, begun.is_own) = (true, true);
                parent.context.with_span(ContextSpan::<false>::new(record))
            }
            // One that does not record is no more than its ids, which take less.
            Err(trace_state) => parent.with_ids(foreseen.trace_id, new_span_id(), trace_state),
        });
    }

    /// Describes a span that records; what is left of one that does not.
    #[inline(never)]
    fn build(
        &self,
        parent: &Parent<'_>,
        mut record: Box<SpanRecord>,
        foreseen: Foreseen,
    ) -> Result<Box<SpanRecord>, TraceState> {
        let (verdict, trace_state, attributes) = match foreseen.verdict {
            Verdict::Later => {
                let answer = self.ask(parent, foreseen.trace_id, &record);
                (answer.decision.into(), answer.trace_state, answer.attributes)
            }
            known => (known, parent.trace_state(), Vec::new()),
        };
        if verdict == Verdict::Drop {
            spares::keep(record);
            return Err(trace_state);
        }
        let flags = parent.flags().with_sampled(verdict == Verdict::Sample);
        record.context = SpanContext::new(foreseen.trace_id, new_span_id(), flags, false, trace_state);
        self.describe(&mut record, parent);
        attributes.into_iter().for_each(|attribute| record.set_attribute(attribute));
        self.add_baggage(&mut record, parent);
        self.tell(&record);
        Ok(record)
    }

    /// Says whose span it is, field by field, because a record is large to move, and keeps what it was given within limits.
    #[inline(always)]
    fn describe(&self, record: &mut SpanRecord, parent: &Parent<'_>) {
        let Inner { telemetry, origin, .. } = &*self.inner;
        record.telemetry = *telemetry;
        record.origin = Some(origin);
        let span = parent.span_context();
        (record.parent, record.parent_is_remote) = match parent.is_some {
            true => (span.span_id(), span.is_remote()),
            false => (SpanId::INVALID, false),
        };
        if !parent.is_some
            && !parent.is_root
            && let Some(link) = RemoteLink::of(parent.context)
        {
            record.more().links.links.push(link);
        }
        record.limit();
    }

    /// Adds what of the baggage is to be an attribute.
    #[inline(always)]
    fn add_baggage(&self, record: &mut SpanRecord, parent: &Parent<'_>) {
        let baggage = &self.inner.baggage;
        if !baggage.is_empty() {
            record.add_baggage(baggage, parent.context);
        }
    }

    /// Tells of a span that starts, unless it is for nobody to see.
    fn tell(&self, record: &SpanRecord) {
        if let Some(starts) = &self.inner.starts
            && record.context.is_sampled()
        {
            starts.push(record.started());
        }
    }

    /// Asks a user's own sampler.
    #[cold]
    fn ask(&self, parent: &Parent<'_>, trace_id: TraceId, record: &SpanRecord) -> SamplingResult {
        let context = if parent.is_root { without_span(parent.context) } else { parent.context.clone() };
        self.inner.sampling.ask(&context, trace_id, record)
    }
}

impl Tracer for SpanTracer {
    type Span = LiveSpan;

    fn build_with_context(&self, builder: SpanBuilder, parent: &Context) -> LiveSpan {
        if parent.is_telemetry_suppressed() || !is_in_force(self.inner.telemetry) {
            return LiveSpan::still(SpanContext::NONE);
        }
        let SpanBuilder { span_kind, name, start_time, attributes, events, links, .. } = builder;
        let mut record = spares::take();
        record.site = None;
        record.name = Some(name);
        record.kind = span_kind;
        record.attributes = attributes.unwrap_or_default().into();
        if let Some(links) = links {
            record.more().links.links = links;
            record.retain_links();
        }
        if let Some(events) = events {
            record.more().events.events = events;
        }
        let parent = Parent::new(parent, false);
        let foreseen = self.foresee_under(&parent);
        (record.start, record.ticks) = match start_time {
            Some(time) => (time.into(), Ticks::STILL),
            None => {
                let ticks = Ticks::now();
                (wall_time(ticks), ticks)
            }
        };
        match self.build(&parent, record, foreseen) {
            Ok(record) => LiveSpan::recording(record),
            Err(trace_state) => LiveSpan::still(parent.ids(foreseen.trace_id, new_span_id(), trace_state)),
        }
    }
}
