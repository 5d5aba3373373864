//! A synchronous call of an annotated function, from its start to its outcome.

use std::mem::ManuallyDrop;

use opentelemetry::ContextGuard;

use super::attributes::Attributes;
use super::failure::Failure;
use super::guard::Guard;
use super::in_force::is_off;
use super::running::{Fill, Running};
use super::site::CallSite;
use super::start::{Place, Started, refused, start};

/// A synchronous call whose span is current. Dropped, it went well, unless the thread is unwinding.
#[derive(Debug)]
pub struct ActiveCall {
    /// None where there is nothing to end: all that a function writes and looks at where nothing observes it. Dropped by hand,
    /// so that users' crates need no code for what is in it.
    entered: ManuallyDrop<Option<Entered>>,
}

#[derive(Debug, Default)]
struct Entered {
    /// None where nobody ever asked how it ends.
    running: Option<Running>,
    /// What makes its span current. Dropped where it is, because moved, it would be read as it was not written, which stalls.
    current: Option<ContextGuard>,
}

/// In the function's own frame.
impl Place for ManuallyDrop<Option<Entered>> {
    #[inline(always)]
    fn make(&mut self) -> &mut Running {
        self.get_or_insert_default().running.get_or_insert_default()
    }

    #[inline]
    fn clear(&mut self) {
        **self = None;
    }
}

impl ActiveCall {
    /// One that is not observed.
    #[inline]
    #[must_use]
    pub fn off() -> Self {
        Self { entered: ManuallyDrop::new(None) }
    }

    /// Starts it where it is, because to move it would take longer.
    #[inline]
    pub fn enter(&mut self, site: &'static CallSite, fill: Fill<'_>) {
        if !is_off(site) {
            self.start(site, fill);
        }
    }

    fn start(&mut self, site: &'static CallSite, fill: Fill<'_>) {
        let mut started = Started::Not;
        start(site, fill, &mut self.entered, &mut started);
        match started {
            Started::Not => {}
            Started::Refused(foreseen) => {
                self.entered.get_or_insert_default().current = Some(refused(site, foreseen).attach());
            }
            Started::Running => self.go_on(Running::attach_new),
        }
    }

    /// One that began before.
    pub(super) fn again(running: Running) -> Self {
        let mut call =
            Self { entered: ManuallyDrop::new(Some(Entered { running: Some(running), current: None })) };
        call.go_on(Running::attach);
        call
    }

    /// Makes its span current, and forgets the rest where nobody asks how it ends.
    #[inline(always)]
    fn go_on(&mut self, attach: impl FnOnce(&Running) -> Option<ContextGuard>) {
        if let Some(Entered { running: Some(running), current }) = &mut *self.entered {
            *current = attach(running);
            if !running.asks() {
                running.end(None);
            }
        }
    }

    #[inline]
    fn running(&self) -> Option<&Running> {
        self.entered.as_ref()?.running.as_ref()
    }

    /// Whether anybody wants to know how it ends.
    #[inline]
    fn asks(&self) -> bool {
        self.running().is_some_and(Running::is_on)
    }

    /// Puts more attributes on the span, where it records.
    pub fn __cryostorm_observe(&mut self, fill: &mut dyn FnMut(&mut Attributes<'_>)) {
        if let Some(running) = self.running() {
            running.observe(fill);
        }
    }

    fn end(&mut self, failure: Option<&Failure<'_>>) {
        if let Some(entered) = &mut *self.entered {
            // First, so that a span is no longer current when processors see its end.
            entered.current = None;
            if let Some(running) = &mut entered.running {
                running.end(failure);
            }
        }
        // What has ended holds nothing that is to be dropped.
        self.entered = ManuallyDrop::new(None);
    }

    /// Not part of each function, whatever the compiler finds.
    #[inline(never)]
    fn end_dropped(&mut self) {
        if self.asks() {
            let panicked = self.running().is_some_and(Running::is_unwinding);
            self.end(panicked.then_some(&Failure::PANIC));
        } else if let Some(entered) = &mut *self.entered {
            entered.current = None;
        }
    }
}

impl Guard for ActiveCall {
    #[inline]
    fn finish<'a>(&mut self, failure: impl FnOnce() -> Option<Failure<'a>>) {
        if self.asks() {
            self.end(failure().as_ref());
        }
    }
}

impl Drop for ActiveCall {
    #[inline]
    fn drop(&mut self) {
        if self.entered.is_some() {
            self.end_dropped();
        }
    }
}
