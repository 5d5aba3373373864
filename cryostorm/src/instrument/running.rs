//! A call that is observed, from its start to its end.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use opentelemetry::baggage::{BaggageExt, KeyValueMetadata};
use opentelemetry::trace::{SpanBuilder, TraceContextExt, Tracer};
use opentelemetry::{Context, ContextGuard, KeyValue};

use crate::log::record;
use crate::telemetry::Telemetry;

use super::attributes::{Attributes, OfSpan};
use super::clock::Clock;
use super::current;
use super::failure::{Failure, Kind};
use super::instruments::Instruments;
use super::signals::Tracers;
use super::site::{CallSite, On, SpanSite, StaticAttribute};

/// What writes the attributes of a call, where it has any.
pub(super) type Fill<'a> = Option<&'a mut dyn FnMut(&mut Attributes)>;

#[derive(Debug)]
pub(super) struct Running {
    site: &'static CallSite,
    telemetry: Arc<Telemetry>,
    clock: Clock,
    /// What was asked of its span, unless `if` said no.
    span: Option<&'static SpanSite>,
    /// With the call's span in it, where there is one.
    context: Option<Context>,
    counter: Vec<KeyValue>,
    histogram: Vec<KeyValue>,
    /// What the counter rises by.
    by: u64,
    /// The name of a failure that is written down already.
    noted: Option<&'static str>,
    /// Whether the thread was unwinding already.
    in_unwinding: bool,
}

impl Running {
    /// Starts a call, unless nothing observes it.
    pub(super) fn start(site: &'static CallSite, fill: Fill<'_>) -> Option<Self> {
        let telemetry = current().and_then(|installed| installed.clone())?;
        // Before the clock starts: what it takes to evaluate attributes is not the function's time.
        let attributes = Attributes::of(telemetry.signals(), fill);
        Self::of_attributes(site, telemetry, attributes)
    }

    /// Starts a call whose attributes were evaluated before.
    pub(super) fn start_prepared(site: &'static CallSite, attributes: Attributes) -> Option<Self> {
        let telemetry = current().and_then(|installed| installed.clone())?;
        Self::of_attributes(site, telemetry, attributes)
    }

    fn of_attributes(
        site: &'static CallSite,
        telemetry: Arc<Telemetry>,
        attributes: Attributes,
    ) -> Option<Self> {
        let signals = telemetry.signals();
        let Attributes { span: of_span, counter, histogram, by, .. } = attributes;
        let span = site.span.filter(|_| of_span.is_some());
        let has_metrics = signals.metrics.is_some() && (site.counter.is_some() || site.histogram.is_some());
        let has_log = span.is_some_and(|span| span.record_error.as_log()) && signals.logging.is_some();
        let has_span = span.is_some() && signals.tracers.is_some();
        if !(has_span || has_metrics || has_log) {
            return None;
        }
        let clock = Clock::start();
        let context = signals
            .tracers
            .as_ref()
            .zip(span.zip(of_span))
            .map(|(tracers, (span, of_span))| start_span(site, span, tracers, of_span, &clock));
        let in_unwinding = thread::panicking();
        let running =
            Self { site, telemetry, clock, span, context, counter, histogram, by, noted: None, in_unwinding };
        running.step_in_flight(1);
        Some(running)
    }

    /// Makes the span current, if there is one.
    pub(super) fn attach(&self) -> Option<ContextGuard> {
        super::context().and(self.context.clone()).map(Context::attach)
    }

    /// Whether the thread began to unwind since the call started.
    pub(super) fn is_unwinding(&self) -> bool {
        !self.in_unwinding && thread::panicking()
    }

    /// Puts more attributes on the span, if it records.
    pub(super) fn observe(&self, fill: &mut dyn FnMut(&mut Attributes)) {
        let Some(context) = self.context.as_ref().filter(|context| context.span().is_recording()) else {
            return;
        };
        let attributes = Attributes::of(self.telemetry.signals(), Some(fill));
        context.span().set_attributes(attributes.span.into_iter().flat_map(|span| span.attributes));
    }

    /// Whether the outcome is open yet.
    pub(super) fn is_open(&self) -> bool {
        self.noted.is_none()
    }

    /// Writes a failure down while the call goes on; it is the call's outcome when it ends.
    pub(super) fn note(&mut self, failure: &Failure<'_>) {
        self.record(failure);
        if failure.kind == Kind::Error {
            self.noted = Some(failure.error_type);
        }
    }

    /// Ends the call with its outcome.
    pub(super) fn end(mut self, failure: Option<Failure<'_>>) {
        let elapsed = self.clock.elapsed();
        let failure = match self.noted {
            // A stream that gave an error and was dropped then is not one that was given up.
            Some(noted) if failure.is_none_or(|failure| failure.kind != Kind::Error) => {
                Some(Failure::noted(noted))
            }
            _ => failure.inspect(|failure| self.record(failure)).filter(|it| it.kind != Kind::Expected),
        };
        if let Some(context) = self.context.take() {
            context.span().end_with_timestamp(self.clock.started_at() + elapsed);
        }
        self.step_in_flight(-1);
        let telemetry = Arc::clone(&self.telemetry);
        if let Some(metrics) = &telemetry.signals().metrics {
            self.measure(metrics, elapsed, failure.as_ref());
        }
    }

    /// Writes a failure on the span and into the log, as the function asks.
    fn record(&self, failure: &Failure<'_>) {
        let Some(site) = self.span else { return };
        if let Some(context) = &self.context {
            failure.record(&context.span(), site.record_error);
        }
        if site.record_error.as_log()
            && failure.kind != Kind::Cancelled
            && let Some(logging) = &self.telemetry.signals().logging
        {
            let attributes = failure.exception().chain([self.function()]);
            record::emit_under(
                self.context.as_ref(),
                logging,
                failure.severity,
                failure.message(),
                attributes,
            );
        }
    }

    /// Counts the call as one more, or one less, that is under way.
    fn step_in_flight(&self, step: i64) {
        if let Some(metrics) = &self.telemetry.signals().metrics
            && let Some(site) = self.site.histogram
            && let Some(name) = site.in_flight
        {
            let mut attributes = self.histogram.clone();
            attributes.extend(literals(site.attributes));
            attributes.push(self.function());
            metrics.in_flight(name).add(step, &attributes);
        }
    }

    fn function(&self) -> KeyValue {
        KeyValue::new("code.function.name", self.site.function)
    }

    fn measure(&mut self, metrics: &Instruments, elapsed: Duration, failure: Option<&Failure<'_>>) {
        let common = [Some(self.function()), failure.map(Failure::attribute)];
        if let Some(site) = self.site.counter
            && is_counted(site.on, failure)
        {
            self.counter.extend(literals(site.attributes).chain(common.iter().flatten().cloned()));
            metrics.calls(site).add(self.by, &self.counter);
        }
        if let Some(site) = self.site.histogram {
            self.histogram.extend(literals(site.attributes).chain(common.into_iter().flatten()));
            metrics.duration(site).record(elapsed, &self.histogram);
        }
    }
}

fn literals(attributes: &[StaticAttribute]) -> impl Iterator<Item = KeyValue> {
    attributes.iter().copied().map(StaticAttribute::to_key_value)
}

fn is_counted(on: On, failure: Option<&Failure<'_>>) -> bool {
    match on {
        On::Call => true,
        On::Ok => failure.is_none(),
        On::Err => failure.is_some_and(|failure| failure.kind == Kind::Error),
    }
}

fn start_span(
    call: &'static CallSite,
    site: &SpanSite,
    tracers: &Tracers,
    span: OfSpan,
    clock: &Clock,
) -> Context {
    let OfSpan { mut attributes, name, links, context } = span;
    attributes.extend(literals(site.attributes));
    attributes.extend([
        KeyValue::new("code.function.name", call.function),
        KeyValue::new("code.file.path", call.file),
        KeyValue::new("code.line.number", i64::from(call.line)),
    ]);
    let mut builder = SpanBuilder::from_name(name.unwrap_or(site.name.unwrap_or(call.function).into()))
        .with_kind(site.kind.clone())
        .with_start_time(clock.started_at())
        .with_attributes(attributes);
    if !links.is_empty() {
        builder = builder.with_links(links);
    }
    let parent = context.unwrap_or_else(Context::current);
    let tracer = tracers.of(site.tracer);
    let span = match site.root {
        true => tracer.build_with_context(builder, &without_span(&parent)),
        false => tracer.build_with_context(builder, &parent),
    };
    parent.with_span(span)
}

/// A context to start a trace in: a new one, because a context with an invalid span in it is to samplers one whose span
/// was not sampled. The baggage stays, for processors.
fn without_span(context: &Context) -> Context {
    let baggage = context.baggage().iter();
    Context::new().with_baggage(
        baggage.map(|(key, (value, metadata))| {
            KeyValueMetadata::new(key.clone(), value.clone(), metadata.clone())
        }),
    )
}
