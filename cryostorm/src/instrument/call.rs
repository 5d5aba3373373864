//! One call of an annotated function: one outcome for its span, counter and histogram.

use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use opentelemetry::trace::{SpanBuilder, TraceContextExt, Tracer};
use opentelemetry::{Context, ContextGuard, KeyValue};
use opentelemetry_sdk::trace::SdkTracer;

use crate::telemetry::Telemetry;

use super::attributes::Attributes;
use super::clock::Clock;
use super::current;
use super::failure::Failure;
use super::future::CallFuture;
use super::site::{CallSite, SpanSite};

/// A call between its start and its outcome. Nothing where no Telemetry is in force.
///
/// Nothing here is generic, so that it is compiled once and not for each annotated function, and all of it stands behind
/// one pointer, which is what a future of an annotated function grows by.
#[derive(Debug, Default)]
pub struct Call {
    running: Option<Box<Running>>,
}

#[derive(Debug)]
struct Running {
    site: &'static CallSite,
    telemetry: Arc<Telemetry>,
    clock: Clock,
    /// With the call's span in it, where there is one.
    context: Option<Context>,
    counter: Vec<KeyValue>,
    histogram: Vec<KeyValue>,
}

/// What writes the attributes of a call, where it has any.
pub(super) type Fill<'a> = Option<&'a mut dyn FnMut(&mut Attributes)>;

impl Call {
    /// Starts a call whose span is current until the returned guard ends it.
    pub fn enter(site: &'static CallSite, fill: Fill<'_>) -> ActiveCall {
        let running = Running::start(site, fill);
        let active = running.map(|running| Box::new(Active { current: running.attach(), running }));
        ActiveCall { active }
    }

    /// Starts a call that is over when it is finished; dropped before that, it was cancelled.
    pub fn start(site: &'static CallSite, fill: Fill<'_>) -> Self {
        Self { running: Running::start(site, fill).map(Box::new) }
    }

    /// The body as a future in whose polls the call's span is current.
    pub fn run<F: Future>(&mut self, body: F) -> CallFuture<'_, F> {
        CallFuture::new(body, self)
    }

    /// Runs what makes the future of a call, with the call's span current.
    pub fn within<R>(&mut self, body: impl FnOnce() -> R) -> R {
        let poll = self.enter_poll();
        let made = body();
        poll.leave();
        made
    }

    /// Ends the call with its outcome.
    pub fn finish(mut self, failure: Option<Failure<'_>>) {
        self.end(failure);
    }

    /// Makes the call's span current for one poll.
    pub(super) fn enter_poll(&mut self) -> Poll<'_> {
        let current = self.running.as_ref().and_then(|running| running.attach());
        Poll { current, call: Some(self) }
    }

    /// Ends the call. Only the first outcome counts.
    fn end(&mut self, failure: Option<Failure<'_>>) {
        if let Some(running) = self.running.take() {
            running.end(failure);
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        // A call that was not finished: its future is dropped before it is done.
        self.end(Some(Failure::CANCELLED));
    }
}

/// One poll of a call's future. Leaving it by unwinding is a panic of the call, and is noted here: the future itself may
/// be dropped much later, when nothing unwinds any more.
pub(super) struct Poll<'a> {
    current: Option<ContextGuard>,
    /// Taken when the poll is left otherwise.
    call: Option<&'a mut Call>,
}

impl Poll<'_> {
    pub(super) fn leave(mut self) {
        self.call = None;
    }
}

impl Drop for Poll<'_> {
    fn drop(&mut self) {
        // First, so that a span is no longer current when processors see its end.
        self.current = None;
        if let Some(call) = self.call.take() {
            call.end(Some(Failure::PANIC));
        }
    }
}

fn start_span(
    site: &'static CallSite,
    span: &SpanSite,
    tracer: &SdkTracer,
    mut attributes: Vec<KeyValue>,
    clock: &Clock,
) -> Context {
    attributes.extend([
        KeyValue::new("code.function.name", site.function),
        KeyValue::new("code.file.path", site.file),
        KeyValue::new("code.line.number", i64::from(site.line)),
    ]);
    let builder = SpanBuilder::from_name(span.name)
        .with_kind(span.kind.clone())
        .with_start_time(clock.started_at())
        .with_attributes(attributes);
    let parent = Context::current();
    let span = tracer.build_with_context(builder, &parent);
    parent.with_span(span)
}

// A caught panic leaves a call behind that has ended, so that an annotated future is as unwind-safe as its body.
impl UnwindSafe for Call {}
impl RefUnwindSafe for Call {}

impl Running {
    fn start(site: &'static CallSite, fill: Fill<'_>) -> Option<Self> {
        let telemetry = current().and_then(|installed| installed.clone())?;
        // Before the clock starts: what it takes to evaluate attributes is not the function's time.
        let mut attributes = Attributes::default();
        if let Some(fill) = fill {
            fill(&mut attributes);
        }
        let clock = Clock::start();
        let tracer = telemetry.signals().tracer.as_ref();
        let context = tracer
            .zip(site.span.as_ref())
            .map(|(tracer, span)| start_span(site, span, tracer, attributes.span, &clock));
        let Attributes { counter, histogram, .. } = attributes;
        Some(Self { site, telemetry, clock, context, counter, histogram })
    }

    /// Makes the span current, if there is one.
    fn attach(&self) -> Option<ContextGuard> {
        super::context().and(self.context.clone()).map(Context::attach)
    }

    fn end(self, failure: Option<Failure<'_>>) {
        let Self { site, telemetry, clock, context, counter, histogram } = self;
        let elapsed = clock.elapsed();
        if let Some(context) = &context {
            let span = context.span();
            if let Some(failure) = &failure {
                failure.record(&span);
            }
            span.end_with_timestamp(clock.started_at() + elapsed);
        }
        let Some(metrics) = &telemetry.signals().metrics else { return };
        let complete = |mut attributes: Vec<KeyValue>| {
            attributes.push(KeyValue::new("code.function.name", site.function));
            attributes.extend(failure.as_ref().map(Failure::attribute));
            attributes
        };
        if let Some(name) = site.counter {
            metrics.calls(name).add(1, &complete(counter));
        }
        if let Some(name) = site.histogram {
            metrics.duration(name).record(elapsed.as_secs_f64(), &complete(histogram));
        }
    }
}

/// A synchronous call whose span is current.
#[derive(Debug)]
pub struct ActiveCall {
    active: Option<Box<Active>>,
}

#[derive(Debug)]
struct Active {
    current: Option<ContextGuard>,
    running: Running,
}

impl ActiveCall {
    /// Ends the call with its outcome.
    pub fn finish(mut self, failure: Option<Failure<'_>>) {
        self.end(failure);
    }

    fn end(&mut self, failure: Option<Failure<'_>>) {
        let Some(active) = self.active.take() else { return };
        let Active { current, running } = *active;
        // First, so that a span is no longer current when processors see its end.
        drop(current);
        running.end(failure);
    }
}

impl Drop for ActiveCall {
    fn drop(&mut self) {
        // A synchronous call that was not finished is unwinding. After `finish` this does nothing.
        self.end(Some(Failure::PANIC));
    }
}
