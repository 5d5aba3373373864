//! A call that is observed, from its start to its end.

use std::rc::Rc;
use std::thread;
use std::time::Duration;

use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, ContextGuard, KeyValue};

use crate::log::record;

use super::attributes::{Attributes, Measures, OfCall};
use super::clock::Clock;
use super::failure::{Failure, Kind};
use super::local::{self, Local};
use super::metrics::Shard;
use super::site::{CallSite, On};
use super::tracers::Begun;

/// What writes the attributes of a call, where it has any.
pub(super) type Fill<'a> = Option<&'a mut dyn FnMut(&mut Attributes)>;

#[derive(Debug)]
pub(super) struct Running {
    site: &'static CallSite,
    /// The Telemetry that it began under.
    telemetry: u64,
    /// None where nobody wants to know how long it takes.
    clock: Option<Clock>,
    /// With the call's span in it, where there is one.
    context: Option<Context>,
    /// Whether the span in the context is the call's own.
    has_span: bool,
    /// Whether `if` said no to a span, and to what goes with it.
    is_spanless: bool,
    /// Whether the thread was unwinding already.
    in_unwinding: bool,
    measures: Option<Box<Measures>>,
    /// The name of a failure that is written down already.
    noted: Option<&'static str>,
}

impl Running {
    /// Starts a call, unless nothing observes it.
    pub(super) fn start(site: &'static CallSite, fill: Fill<'_>) -> Option<Self> {
        let local = local::current()?;
        let Some(fill) = fill else { return Self::of_call(&local, site, None) };
        // Before the clock starts: what it takes to evaluate attributes is not the function's time.
        let mut attributes = Attributes::new(&local, site, false);
        attributes.evaluate(fill);
        Self::of_call(&local, site, Some(&mut attributes.of_call))
    }

    /// Starts a call whose attributes were evaluated before.
    pub(super) fn start_prepared(site: &'static CallSite, of_call: &mut OfCall) -> Option<Self> {
        Self::of_call(&*local::current()?, site, Some(of_call))
    }

    fn of_call(local: &Local, site: &'static CallSite, of_call: Option<&mut OfCall>) -> Option<Self> {
        let signals = local.signals();
        let (wants_span, request, measures) = match of_call {
            Some(OfCall { has_span, span, measures }) => (*has_span, Some(span), measures.take()),
            None => (true, None, None),
        };
        let is_spanless = site.span.is_none() || !wants_span;
        let has_metrics = signals.metrics.is_some() && (site.counter.is_some() || site.histogram.is_some());
        let has_log = !is_spanless && signals.logging.is_some() && site.records_error_as_log();
        let Begun { context, clock } = match &signals.tracers {
            Some(tracers) if !is_spanless => tracers.begin(Some(site), request),
            _ => Begun::default(),
        };
        if !(context.is_some() || has_metrics || has_log) {
            return None;
        }
        let has_span = clock.is_some();
        let clock = clock.or_else(|| site.histogram.filter(|_| has_metrics).map(|_| Clock::start()));
        let in_unwinding = thread::panicking();
        let running = Self {
            site,
            telemetry: local.id(),
            clock,
            context,
            has_span,
            is_spanless,
            in_unwinding,
            measures,
            noted: None,
        };
        running.step_in_flight(local, 1);
        Some(running)
    }

    /// Makes the span current, if there is one.
    pub(super) fn attach(&self) -> Option<ContextGuard> {
        self.context.as_ref().filter(|_| local::may_observe()).map(|context| context.clone().attach())
    }

    /// Whether the thread began to unwind since the call started.
    pub(super) fn is_unwinding(&self) -> bool {
        !self.in_unwinding && thread::panicking()
    }

    /// The call's own span, in its context.
    fn span(&self) -> Option<&Context> {
        self.context.as_ref().filter(|_| self.has_span)
    }

    /// What this thread has of the Telemetry that the call began under.
    fn local(&self) -> Option<Rc<Local>> {
        local::current().filter(|local| local.id() == self.telemetry)
    }

    /// Puts more attributes on the span, if it records.
    pub(super) fn observe(&self, fill: &mut dyn FnMut(&mut Attributes)) {
        if let Some(context) = self.span().filter(|context| context.span().is_recording())
            && let Some(local) = self.local()
        {
            let mut attributes = Attributes::new(&local, self.site, true);
            attributes.evaluate(fill);
            context.span().set_attributes(attributes.of_call.span.attributes);
        }
    }

    /// Whether the outcome is open yet.
    pub(super) fn is_open(&self) -> bool {
        self.noted.is_none()
    }

    /// Writes a failure down while the call goes on; it is the call's outcome when it ends.
    pub(super) fn note(&mut self, failure: &Failure<'_>) {
        if let Some(local) = self.local() {
            self.record(&local, failure);
        }
        if failure.kind == Kind::Error {
            self.noted = Some(failure.error_type);
        }
    }

    /// Ends the call with its outcome.
    pub(super) fn end(mut self, failure: Option<Failure<'_>>) {
        let elapsed = self.clock.map_or(Duration::ZERO, Clock::elapsed);
        let local = self.local();
        let failure = match self.noted {
            // A stream that gave an error and was dropped then is not one that was given up.
            Some(noted) if failure.is_none_or(|failure| failure.kind != Kind::Error) => {
                Some(Failure::noted(noted))
            }
            _ => failure
                .inspect(|failure| local.iter().for_each(|local| self.record(local, failure)))
                .filter(|it| it.kind != Kind::Expected),
        };
        if let Some((context, clock)) = self.context.take().filter(|_| self.has_span).zip(self.clock) {
            context.span().end_with_timestamp(clock.end(elapsed));
        }
        if let Some(local) = local {
            self.step_in_flight(&local, -1);
            if let Some(shard) = local.shard() {
                self.measure(shard, elapsed, failure.as_ref());
            }
        }
        if let Some(measures) = self.measures {
            local::keep_measures(measures);
        }
    }

    /// Writes a failure on the span and into the log, as the function asks.
    fn record(&self, local: &Local, failure: &Failure<'_>) {
        let Some(site) = self.site.span.filter(|_| !self.is_spanless) else { return };
        if let Some(context) = self.span() {
            failure.record(&context.span(), site.record_error);
        }
        if site.record_error.as_log()
            && failure.kind != Kind::Cancelled
            && let Some(logging) = &local.signals().logging
        {
            let function = KeyValue::new("code.function.name", self.site.function);
            let attributes = failure.exception().chain([function]);
            let context = self.context.as_ref();
            record::emit_under(context, logging, failure.severity, failure.message(), attributes);
        }
    }

    /// Counts the call as one more, or one less, that is under way.
    fn step_in_flight(&self, local: &Local, step: i64) {
        if let Some(site) = self.site.histogram
            && site.in_flight.is_some()
            && let Some(shard) = local.shard()
        {
            let attributes = self.measures.as_ref().map_or(&[][..], |measures| &measures.histogram);
            shard.step_in_flight(self.site, site, attributes, step);
        }
    }

    fn measure(&self, shard: &Shard, elapsed: Duration, failure: Option<&Failure<'_>>) {
        let error_type = failure.map(|failure| failure.error_type);
        let (counter, histogram, by) = match self.measures.as_deref() {
            Some(measures) => (&*measures.counter, &*measures.histogram, measures.by),
            None => (&[][..], &[][..], 1),
        };
        if let Some(site) = self.site.counter
            && is_counted(site.on, failure)
        {
            shard.count(self.site, site, counter, error_type, by);
        }
        if let Some(site) = self.site.histogram {
            shard.record(self.site, site, histogram, error_type, elapsed);
        }
    }
}

fn is_counted(on: On, failure: Option<&Failure<'_>>) -> bool {
    match on {
        On::Call => true,
        On::Ok => failure.is_none(),
        On::Err => failure.is_some_and(|failure| failure.kind == Kind::Error),
    }
}
