//! One call of an annotated function: one outcome for its span, counter and histogram.

use std::mem::ManuallyDrop;
use std::panic::{RefUnwindSafe, UnwindSafe};

use opentelemetry::ContextGuard;

use super::attributes::Attributes;
use super::current;
use super::failure::Failure;
use super::future::Driven;
use super::outcome::Judge;
use super::running::{Fill, Running};
use super::site::CallSite;

/// A call between its start and its outcome. Nothing where no Telemetry is in force.
///
/// Nothing here is generic, so that it is compiled once and not for each annotated function, and all of it stands behind
/// one pointer, which is what a future of an annotated function grows by.
#[derive(Debug)]
pub struct Call {
    // Dropped by hand, so that users' crates need no code for what is in it.
    state: ManuallyDrop<Option<Box<State>>>,
}

#[derive(Debug)]
enum State {
    /// It starts when its future is first polled.
    Prepared(&'static CallSite, Attributes),
    Running(Running),
}

impl Call {
    /// Starts a call whose span is current until the returned guard ends it.
    pub fn enter(site: &'static CallSite, fill: Fill<'_>) -> ActiveCall {
        ActiveCall::new(Running::start(site, fill))
    }

    /// Starts a call that is over when it is finished; dropped before that, it was cancelled.
    pub fn start(site: &'static CallSite, fill: Fill<'_>) -> Self {
        Self::in_state(Running::start(site, fill).map(State::Running))
    }

    /// Evaluates the attributes of a call that starts when its future is first polled; dropped before that, it never
    /// was.
    pub fn prepare(site: &'static CallSite, fill: Fill<'_>) -> Self {
        let installed = current();
        let telemetry = installed.as_ref().and_then(|installed| installed.as_deref());
        Self::in_state(
            telemetry.map(|telemetry| State::Prepared(site, Attributes::of(telemetry.signals(), fill))),
        )
    }

    fn in_state(state: Option<State>) -> Self {
        Self { state: ManuallyDrop::new(state.map(Box::new)) }
    }

    fn running(&mut self) -> Option<&mut Running> {
        match self.state.as_deref_mut()? {
            State::Running(running) => Some(running),
            State::Prepared(..) => None,
        }
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
    pub fn settle(mut self) -> ActiveCall {
        ActiveCall::new(match self.state.take().map(|state| *state) {
            Some(State::Running(running)) => Some(running),
            Some(State::Prepared(..)) | None => None,
        })
    }

    /// Ends the call with the outcome that its output tells.
    pub(super) fn judge<T>(&mut self, output: &T, judge: Judge<T>) {
        if self.state.is_some() {
            self.end(judge(output));
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
    pub(super) fn enter_poll(&mut self) -> Poll<'_> {
        if let Some(State::Prepared(..)) = self.state.as_deref() {
            self.begin();
        }
        Poll { current: self.running().and_then(|running| running.attach()), call: Some(self) }
    }

    #[cold]
    fn begin(&mut self) {
        if let Some(State::Prepared(site, attributes)) = self.state.take().map(|state| *state) {
            *self = Self::in_state(Running::start_prepared(site, attributes).map(State::Running));
        }
    }

    /// Ends the call. Only the first outcome counts.
    pub(super) fn end(&mut self, failure: Option<Failure<'_>>) {
        if let Some(State::Running(running)) = self.state.take().map(|state| *state) {
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
            call.end(Some(Failure::PANIC));
        }
    }
}

/// A synchronous call whose span is current. Dropped, it went well, unless the thread is unwinding.
#[derive(Debug)]
pub struct ActiveCall {
    active: ManuallyDrop<Option<Box<Active>>>,
}

#[derive(Debug)]
struct Active {
    current: Option<ContextGuard>,
    running: Running,
}

impl ActiveCall {
    fn new(running: Option<Running>) -> Self {
        let active = running.map(|running| Box::new(Active { current: running.attach(), running }));
        Self { active: ManuallyDrop::new(active) }
    }

    /// Puts more attributes on the span, where it records.
    pub fn __cryostorm_observe(&mut self, fill: &mut dyn FnMut(&mut Attributes)) {
        if let Some(active) = self.active.as_deref() {
            active.running.observe(fill);
        }
    }

    /// Ends the call with its outcome, which is only looked for where somebody wants to know.
    pub fn finish<'a>(mut self, failure: impl FnOnce() -> Option<Failure<'a>>) {
        if self.active.is_some() {
            self.end(failure());
        }
    }

    /// Ends the call with the outcome that its output tells.
    pub(super) fn judge<T>(self, output: &T, judge: Judge<T>) {
        self.finish(|| judge(output));
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
        let panicked = self.active.as_deref().is_some_and(|active| active.running.is_unwinding());
        self.end(panicked.then_some(Failure::PANIC));
    }
}
