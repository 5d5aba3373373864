//! One call of an annotated function: one outcome for its span, counter and histogram.

use std::mem::{self, ManuallyDrop};
use std::panic::{RefUnwindSafe, UnwindSafe};

use opentelemetry::ContextGuard;

use super::active_call::{ActiveCall, Frame};
use super::attributes::{Attributes, OfCall};
use super::failure::Failure;
use super::future::Driven;
use super::in_force::is_off;
use super::local;
use super::outcome::Judge;
use super::running::{Fill, Running};
use super::site::CallSite;
use super::start::{Place, Started, refused, start};

/// A call between its start and its outcome. Nothing where no Telemetry is in force.
///
/// Nothing here is generic, so that it is compiled once and not for each annotated function, and all of it stands behind
/// one pointer, which is what a future of an annotated function grows by.
#[derive(Debug)]
pub struct Call {
    // Dropped by hand, so that users' crates need no code for what is in it.
    state: ManuallyDrop<Option<Box<State>>>,
}

/// What stands behind a call.
#[derive(Debug, Default)]
pub(super) struct State {
    /// It starts when its future is first polled.
    prepared: Option<(&'static CallSite, Box<OfCall>)>,
    pub(super) running: Running,
}

impl State {
    /// Starts what is prepared. Apart, because one poll of a call comes here at most.
    #[inline(never)]
    fn start(&mut self) {
        if let Some((site, mut of_call)) = self.prepared.take() {
            self.running.start_prepared(site, &mut of_call);
        }
    }
}

/// Behind a pointer.
impl Place for Option<Box<State>> {
    #[inline(always)]
    fn make(&mut self) -> &mut Running {
        &mut self.insert(local::new_state()).running
    }

    fn clear(&mut self) {
        if let Some(state) = self.take() {
            local::keep_state(state);
        }
    }
}

impl Call {
    /// Starts a call that is over when it is finished; dropped before that, it was cancelled.
    #[inline]
    pub fn start(site: &'static CallSite, fill: Fill<'_>) -> Self {
        if is_off(site) { Self::off() } else { Self::start_observed(site, fill) }
    }

    /// Evaluates the attributes of a call that starts when its future is first polled; dropped before that, it never
    /// was.
    #[inline]
    pub fn prepare(site: &'static CallSite, fill: Fill<'_>) -> Self {
        if is_off(site) { Self::off() } else { Self::prepare_observed(site, fill) }
    }

    #[inline]
    fn off() -> Self {
        Self { state: ManuallyDrop::new(None) }
    }

    fn start_observed(site: &'static CallSite, fill: Fill<'_>) -> Self {
        let (mut state, mut started) = (None, Started::Not);
        start(site, fill, &mut state, &mut started);
        if let Started::Refused(foreseen) = started {
            state.make().begin_refused(site, refused(site, foreseen));
        }
        Self { state: ManuallyDrop::new(state) }
    }

    fn prepare_observed(site: &'static CallSite, fill: Fill<'_>) -> Self {
        let Some(local) = local::current() else { return Self::off() };
        let mut attributes = Attributes::new(&local, site, true);
        if let Some(fill) = fill {
            attributes.evaluate(fill);
        }
        let mut state = local::new_state();
        state.prepared = Some((site, Box::new(attributes.of_call)));
        Self { state: ManuallyDrop::new(Some(state)) }
    }

    fn running(&mut self) -> Option<&mut Running> {
        self.state.as_deref_mut().map(|state| &mut state.running)
    }

    /// The body as a future in whose polls the call's span is current.
    pub fn drive<T, F: Future<Output = T>>(&mut self, body: F) -> Driven<'_, F> {
        Driven::new(self, body)
    }

    /// Runs what makes the future of a call, with the call's span current.
    pub fn within<R>(&mut self, body: impl FnOnce() -> R) -> R {
        let poll = self.enter_poll();
        let made = body();
        poll.leave();
        made
    }

    /// Makes the call's span current once more, when its future is done and its output is looked at.
    pub fn settle(mut self, frame: &mut Frame) -> ActiveCall<'_> {
        let running = self.running().map(mem::take);
        self.state.clear();
        ActiveCall::again(frame, running)
    }

    /// Ends the call with the outcome that its output tells.
    pub(super) fn judge<T>(&mut self, output: &T, judge: Judge<T>) {
        if let Some(state) = &*self.state {
            let failure = if state.running.asks() { judge(output) } else { None };
            self.end(failure.as_ref());
        }
    }

    /// Writes down the failure that a part of the call is, if it is one, unless there was one before.
    pub(super) fn note<T>(&mut self, part: &T, judge: Judge<T>) {
        if let Some(running) = self.running().filter(|running| running.is_open())
            && let Some(failure) = judge(part)
        {
            running.note(&failure);
        }
    }

    /// Makes the call's span current for one poll.
    #[inline]
    pub(super) fn enter_poll(&mut self) -> Poll<'_> {
        if self.state.is_none() { Poll { current: None, call: None } } else { self.enter_observed_poll() }
    }

    fn enter_observed_poll(&mut self) -> Poll<'_> {
        if let Some(state) = self.state.as_deref_mut().filter(|state| state.prepared.is_some()) {
            state.start();
        }
        Poll { current: self.running().and_then(|running| running.attach()), call: Some(self) }
    }

    /// Ends the call. Only the first outcome counts.
    pub(super) fn end(&mut self, failure: Option<&Failure<'_>>) {
        if let Some(mut state) = self.state.take() {
            state.running.end(failure);
            state.prepared = None;
            local::keep_state(state);
        }
    }
}

impl Drop for Call {
    #[inline]
    fn drop(&mut self) {
        // A call that was not finished: its future is dropped before it is done.
        if self.state.is_some() {
            self.end(Some(&Failure::CANCELLED));
        }
    }
}

// A caught panic leaves a call behind that has ended, so that an annotated future is as unwind-safe as its body.
impl UnwindSafe for Call {}
impl RefUnwindSafe for Call {}

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
            call.end(Some(&Failure::PANIC));
        }
    }
}
