//! A synchronous call of an annotated function, from its start to its outcome.

use std::mem::{self, ManuallyDrop};

use opentelemetry::ContextGuard;

use super::attributes::Attributes;
use super::call::{Started, State, refused};
use super::failure::Failure;
use super::local;
use super::measured::Measured;
use super::outcome::Judge;
use super::running::Fill;
use super::site::CallSite;

/// A synchronous call whose span is current. Dropped, it went well, unless the thread is unwinding.
#[derive(Debug)]
pub struct ActiveCall {
    // Both dropped by hand, so that users' crates need no code for what is in them.
    active: ManuallyDrop<Active>,
    /// By itself, and dropped where it is: moved, it would be read as it was not written, which stalls.
    current: ManuallyDrop<Option<ContextGuard>>,
}

#[derive(Debug)]
enum Active {
    /// Nothing observes it, or it is over.
    Not,
    /// It is not recorded, and nobody asks how it ends.
    Refused,
    Measured(Measured),
    Running(Box<State>),
}

impl ActiveCall {
    #[inline]
    fn new(active: Active, current: Option<ContextGuard>) -> Self {
        Self { active: ManuallyDrop::new(active), current: ManuallyDrop::new(current) }
    }

    #[inline]
    pub(super) fn off() -> Self {
        Self::new(Active::Not, None)
    }

    #[inline]
    pub(super) fn measured(site: &'static CallSite) -> Self {
        Self::new(Active::Measured(Measured::start(site)), None)
    }

    pub(super) fn start(site: &'static CallSite, fill: Fill<'_>) -> Self {
        match State::start(site, fill) {
            Started::Not => Self::off(),
            Started::Refused(foreseen) => Self::new(Active::Refused, Some(refused(site, foreseen).attach())),
            Started::Running(state) => {
                let current = state.running.attach_new();
                Self::running(state, current)
            }
        }
    }

    #[inline]
    pub(super) fn running(mut state: Box<State>, current: Option<ContextGuard>) -> Self {
        if state.running.asks() {
            return Self::new(Active::Running(state), current);
        }
        state.running.end(None);
        local::keep_state(state);
        Self::new(Active::Refused, current)
    }

    /// Whether anybody wants to know how it ends.
    #[inline]
    fn asks(&self) -> bool {
        !matches!(*self.active, Active::Not | Active::Refused)
    }

    /// Puts more attributes on the span, where it records.
    pub fn __cryostorm_observe(&mut self, fill: &mut dyn FnMut(&mut Attributes)) {
        if let Active::Running(state) = &*self.active {
            state.running.observe(fill);
        }
    }

    /// Ends the call with its outcome, which is only looked for where somebody wants to know.
    #[inline]
    pub fn finish<'a>(mut self, failure: impl FnOnce() -> Option<Failure<'a>>) {
        if self.asks() {
            self.end(failure().as_ref());
        }
    }

    /// Ends the call with the outcome that its output tells.
    #[inline]
    pub(super) fn judge<T>(self, output: &T, judge: Judge<T>) {
        self.finish(|| judge(output));
    }

    #[inline]
    fn end(&mut self, failure: Option<&Failure<'_>>) {
        match &*self.active {
            Active::Not | Active::Refused => {}
            Active::Measured(measured) => {
                measured.end(failure);
                self.active = ManuallyDrop::new(Active::Not);
            }
            Active::Running(_) => self.end_running(failure),
        }
    }

    fn end_running(&mut self, failure: Option<&Failure<'_>>) {
        // First, so that a span is no longer current when processors see its end.
        self.leave();
        if let Active::Running(mut state) = mem::replace(&mut *self.active, Active::Not) {
            state.running.end(failure);
            local::keep_state(state);
        }
    }

    fn end_dropped(&mut self) {
        if let Active::Running(state) = &*self.active {
            let panicked = state.running.is_unwinding();
            self.end(panicked.then_some(&Failure::PANIC));
        }
    }

    fn leave(&mut self) {
        *self.current = None;
    }
}

impl Drop for ActiveCall {
    #[inline]
    fn drop(&mut self) {
        match &*self.active {
            Active::Not => {}
            Active::Refused => self.leave(),
            Active::Measured(measured) => measured.end_dropped(),
            Active::Running(_) => self.end_dropped(),
        }
    }
}
