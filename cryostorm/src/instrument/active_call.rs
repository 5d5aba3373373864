//! A synchronous call of an annotated function, from its start to its outcome.

use std::mem::ManuallyDrop;

use opentelemetry::ContextGuard;

use super::attributes::Attributes;
use super::call::{Started, State, refused};
use super::failure::Failure;
use super::guard::Guard;
use super::local;
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
    /// Nothing observes it.
    Not,
    /// It is not recorded, and nobody asks how it ends.
    Refused,
    /// None when it is over.
    Running(Option<Box<State>>),
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
            return Self::new(Active::Running(Some(state)), current);
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
        if let Active::Running(Some(state)) = &*self.active {
            state.running.observe(fill);
        }
    }

    fn end_running(&mut self, failure: Option<&Failure<'_>>) {
        // First, so that a span is no longer current when processors see its end.
        self.leave();
        if let Active::Running(running) = &mut *self.active
            && let Some(mut state) = running.take()
        {
            state.running.end(failure);
            local::keep_state(state);
        }
    }

    fn end_dropped(&mut self) {
        if let Active::Running(Some(state)) = &*self.active {
            let panicked = state.running.is_unwinding();
            self.end_running(panicked.then_some(&Failure::PANIC));
        }
    }

    fn leave(&mut self) {
        *self.current = None;
    }
}

impl Guard for ActiveCall {
    #[inline]
    fn finish<'a>(mut self, failure: impl FnOnce() -> Option<Failure<'a>>) {
        if self.asks() {
            self.end_running(failure().as_ref());
        }
    }
}

impl Drop for ActiveCall {
    #[inline]
    fn drop(&mut self) {
        match &*self.active {
            Active::Not => {}
            Active::Refused => self.leave(),
            Active::Running(_) => self.end_dropped(),
        }
    }
}
