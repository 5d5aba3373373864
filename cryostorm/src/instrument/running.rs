//! A call that is observed, from its start to its end.

use std::rc::Rc;
use std::thread;

use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, ContextGuard, KeyValue};

use crate::log::record;

use super::attributes::{Attributes, OfCall};
use super::clock::Ticks;
use super::failure::{Failure, Kind};
use super::local::{self, Local};
use super::measured::{measure, step_in_flight};
use super::site::CallSite;
use super::tracers::Begun;

/// What writes the attributes of a call, where it has any.
pub(super) type Fill<'a> = Option<&'a mut dyn FnMut(&mut Attributes<'_>)>;

/// It is begun and ended where it is, because to move it would take longer than to fill it in.
#[derive(Debug)]
pub(super) struct Running {
    /// None before it began and when it is over.
    site: Option<&'static CallSite>,
    /// The Telemetry that it began under.
    telemetry: u64,
    /// The span, and when the call began where somebody wants to know.
    begun: Begun,
    /// Whether anybody wants to know how it ends.
    asks: bool,
    /// Whether `if` said no to a span, and to what goes with it.
    is_spanless: bool,
    /// Whether the thread was unwinding already.
    in_unwinding: bool,
    rest: Option<Box<Rest>>,
}

/// What few calls have.
#[derive(Debug)]
pub(super) struct Rest {
    pub(super) counter: Vec<KeyValue>,
    pub(super) histogram: Vec<KeyValue>,
    /// What the counter rises by.
    pub(super) by: u64,
    /// The name of a failure that is written down already.
    noted: Option<&'static str>,
}

impl Default for Rest {
    fn default() -> Self {
        Self { counter: Vec::new(), histogram: Vec::new(), by: 1, noted: None }
    }
}

impl Rest {
    /// Leaves nothing but room.
    pub(super) fn clear(&mut self) {
        self.counter.clear();
        self.histogram.clear();
        (self.by, self.noted) = (1, None);
    }
}

impl Default for Running {
    /// One that has not begun.
    fn default() -> Self {
        Self {
            site: None,
            telemetry: 0,
            begun: Begun::NOTHING,
            asks: false,
            is_spanless: false,
            in_unwinding: false,
            rest: None,
        }
    }
}

impl Running {
    /// Starts a call, unless nothing observes it.
    pub(super) fn start(&mut self, site: &'static CallSite, fill: &mut dyn FnMut(&mut Attributes<'_>)) {
        local::with(|local| {
            // Before the clock starts: what it takes to evaluate attributes is not the function's time.
            let mut attributes = Attributes::new(local, site, false);
            attributes.evaluate(fill);
            self.begin_described(local, site, &mut attributes.of_call);
        });
    }

    /// Starts a call whose attributes were evaluated before.
    pub(super) fn start_prepared(&mut self, site: &'static CallSite, of_call: &mut OfCall) {
        local::with(|local| self.begin_described(local, site, of_call));
    }

    #[inline(always)]
    fn begin_described(&mut self, local: &Local, site: &'static CallSite, of_call: &mut OfCall) {
        let OfCall { has_span, span, rest } = of_call;
        if span.is_suppressed()
            && let Some(parent) = span.context.take()
        {
            return self.begin_refused(site, parent);
        }
        self.begin(local, site, *has_span, rest.take(), |begun| {
            if let Some(tracers) = &local.signals().tracers {
                tracers.begin(Some(site), Some(span), begun);
            }
        });
    }

    /// Begins a call that says nothing of itself.
    pub(super) fn begin_plain(&mut self, local: &Local, site: &'static CallSite) {
        self.begin(local, site, true, None, |begun| {
            if let Some(tracers) = &local.signals().tracers {
                tracers.begin(Some(site), None, begun);
            }
        });
    }

    #[inline(always)]
    pub(super) fn begin(
        &mut self,
        local: &Local,
        site: &'static CallSite,
        wants_span: bool,
        rest: Option<Box<Rest>>,
        begin_span: impl FnOnce(&mut Begun),
    ) {
        let is_spanless = site.span.is_none() || !wants_span;
        let has_metrics = local.measures(site);
        let has_log = !is_spanless && local.logs(site);
        if !is_spanless {
            begin_span(&mut self.begun);
        }
        if !(self.begun.context.is_some() || has_metrics || has_log) {
            return;
        }
        self.site = Some(site);
        self.telemetry = local.id();
        if self.begun.ticks == Ticks::STILL && has_metrics && site.histogram.is_some() {
            self.begun.ticks = Ticks::now();
        }
        self.asks = self.begun.has_span || has_metrics || has_log;
        self.is_spanless = is_spanless;
        self.in_unwinding = thread::panicking();
        self.rest = rest;
        if site.counts_in_flight()
            && let Some(shard) = local.shard()
        {
            step_in_flight(shard, site, self.rest.as_deref(), 1);
        }
    }

    /// Begins a call that is not recorded: this context is current while it lasts.
    pub(super) fn begin_refused(&mut self, site: &'static CallSite, context: Context) {
        (self.site, self.asks, self.telemetry) = (Some(site), false, 0);
        self.begun.context = Some(context);
    }

    /// Whether anybody wants to know how it ends.
    #[inline]
    pub(super) fn asks(&self) -> bool {
        self.asks
    }

    /// Whether it began and is not over.
    #[inline]
    pub(super) fn is_on(&self) -> bool {
        self.site.is_some()
    }

    /// Makes the span current, if there is one.
    #[inline]
    pub(super) fn attach(&self) -> Option<ContextGuard> {
        let context = self.begun.context.as_ref()?;
        local::may_observe().then(|| context.clone().attach())
    }

    /// The same right after it began, when it is known that it may be.
    #[inline]
    pub(super) fn attach_new(&self) -> Option<ContextGuard> {
        self.begun.context.clone().map(Context::attach)
    }

    /// Whether the thread began to unwind since the call started.
    pub(super) fn is_unwinding(&self) -> bool {
        !self.in_unwinding && thread::panicking()
    }

    /// The call's own span, in its context.
    fn span(&self) -> Option<&Context> {
        self.begun.context.as_ref().filter(|_| self.begun.has_span)
    }

    /// What this thread has of the Telemetry that the call began under.
    fn local(&self) -> Option<Rc<Local>> {
        local::current().filter(|local| local.id() == self.telemetry)
    }

    /// Puts more attributes on the span, if it records.
    pub(super) fn observe(&self, fill: &mut dyn FnMut(&mut Attributes<'_>)) {
        if let Some((context, site)) = self.span().zip(self.site)
            && context.span().is_recording()
            && let Some(local) = self.local()
        {
            let mut attributes = Attributes::new(&local, site, true);
            attributes.evaluate(fill);
            context.span().set_attributes(attributes.of_call.span.take_attributes());
        }
    }

    /// Whether the outcome is open yet.
    pub(super) fn is_open(&self) -> bool {
        self.asks() && self.rest.as_ref().is_none_or(|rest| rest.noted.is_none())
    }

    /// Writes a failure down while the call goes on; it is the call's outcome when it ends.
    pub(super) fn note(&mut self, failure: &Failure<'_>) {
        if let Some(site) = self.site {
            self.record(site, failure);
        }
        if failure.kind == Kind::Error {
            self.rest.get_or_insert_with(local::new_rest).noted = Some(failure.error_type);
        }
    }

    /// Ends the call with its outcome. Only the first one counts.
    #[inline(always)]
    pub(super) fn end(&mut self, failure: Option<&Failure<'_>>) {
        let Some(site) = self.site.take() else { return };
        let asks = self.begun.has_span || site.histogram.is_some();
        let now = if asks { Ticks::now() } else { Ticks::STILL };
        let rest = self.rest.take();
        let noted = rest.as_ref().and_then(|rest| rest.noted).map(Failure::noted);
        let failure = match &noted {
            // A stream that gave an error and was dropped then is not one that was given up.
            Some(noted) if failure.is_none_or(|failure| failure.kind != Kind::Error) => Some(noted),
            _ => {
                if let Some(failure) = failure {
                    self.record(site, failure);
                }
                failure.filter(|failure| failure.kind != Kind::Expected)
            }
        };
        if let Some(context) = self.begun.context.as_ref().filter(|_| self.begun.has_span) {
            self.begun.end_span(context, now);
        }
        self.begun.context = None;
        let start = self.begun.ticks;
        (self.begun.has_span, self.begun.ticks) = (false, Ticks::STILL);
        if site.has_metrics() {
            let elapsed = start.until(now);
            let looked = local::with(|local| {
                if let Some(shard) = local.shard().filter(|_| local.id() == self.telemetry) {
                    step_in_flight(shard, site, rest.as_deref(), -1);
                    measure(shard, site, rest.as_deref(), elapsed, failure);
                }
            });
            if looked.is_none() {
                // It began where it was observed, wherever it ends.
                local::tell_from_elsewhere(self.telemetry, &|shard| {
                    step_in_flight(shard, site, rest.as_deref(), -1);
                    measure(shard, site, rest.as_deref(), elapsed, failure);
                });
            }
        }
        if let Some(rest) = rest {
            local::keep_rest(rest);
        }
    }

    /// Writes a failure on the span and into the log, as the function asks.
    #[cold]
    fn record(&self, site: &CallSite, failure: &Failure<'_>) {
        let Some(span) = site.span.filter(|_| !self.is_spanless) else { return };
        if let Some(context) = self.span() {
            failure.record(&context.span(), span.record_error);
        }
        if span.record_error.as_log()
            && failure.kind != Kind::Cancelled
            && let Some(local) = self.local()
            && let Some(logging) = &local.signals().logging
        {
            let message = failure.message();
            let function = KeyValue::new("code.function.name", site.function);
            let attributes = failure.exception(message.clone()).chain([function]);
            let context = self.begun.context.as_ref();
            record::emit_under(context, logging, failure.severity, message, attributes);
        }
    }
}
