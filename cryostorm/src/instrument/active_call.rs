//! A synchronous call of an annotated function, from its start to its outcome.

use std::mem::MaybeUninit;

use opentelemetry::ContextGuard;

use super::attributes::Attributes;
use super::failure::Failure;
use super::guard::Guard;
use super::in_force::is_off;
use super::running::{Fill, Running};
use super::site::CallSite;
use super::start::{Place, Started, refused, start};

/// Where in a function's own frame its call stays, which nothing touches unless something observes the call. What is in it is
/// dropped by hand, so that users' crates need no code for that.
#[derive(Debug)]
pub struct Frame(MaybeUninit<Option<Entered>>);

impl Frame {
    /// One that nothing has touched.
    pub const EMPTY: Self = Self(MaybeUninit::uninit());
}

/// A synchronous call whose span is current. Dropped, it went well, unless the thread is unwinding.
#[derive(Debug)]
pub struct ActiveCall<'a> {
    /// None where there is nothing to end.
    entered: Option<&'a mut Option<Entered>>,
}

#[derive(Debug, Default)]
struct Entered {
    /// None where nobody ever asked how it ends.
    running: Option<Running>,
    /// What makes its span current. Dropped where it is, because moved, it would be read as it was not written, which stalls.
    current: Option<ContextGuard>,
}

/// In the function's own frame.
impl Place for Option<Entered> {
    #[inline(always)]
    fn make(&mut self) -> &mut Running {
        self.get_or_insert_default().running.get_or_insert_default()
    }

    #[inline]
    fn clear(&mut self) {
        *self = None;
    }
}

impl<'a> ActiveCall<'a> {
    /// Whether anything observes the calls of a function: all that it asks where nothing does.
    #[inline]
    #[must_use]
    pub fn is_wanted(site: &'static CallSite) -> bool {
        !is_off(site)
    }

    /// One that is not observed.
    #[inline]
    #[must_use]
    pub const fn off() -> Self {
        Self { entered: None }
    }

    /// Starts it in the frame, because to move it would take longer.
    #[must_use]
    pub fn enter(frame: &'a mut Frame, site: &'static CallSite, fill: Fill<'_>) -> Self {
        // There before anything starts, so that what starts ends if the rest of its start panics.
        let mut call = Self { entered: Some(frame.0.write(None)) };
        call.start(site, fill);
        call
    }

    #[inline(always)]
    fn start(&mut self, site: &'static CallSite, fill: Fill<'_>) {
        let Some(entered) = &mut self.entered else { return };
        let mut started = Started::Not;
        start(site, fill, *entered, &mut started);
        match started {
            Started::Not => self.entered = None,
            Started::Refused(foreseen) => {
                entered.get_or_insert_default().current = Some(refused(site, foreseen).attach());
            }
            Started::Running => {
                if let Some(entered) = entered {
                    entered.go_on(Running::attach_new);
                }
            }
        }
    }

    /// One that began before, if it did.
    pub(super) fn again(frame: &'a mut Frame, running: Option<Running>) -> Self {
        let running = running.map(|running| Entered { running: Some(running), current: None });
        let mut call = Self { entered: Some(frame.0.write(running)) };
        if let Some(entered) = call.entered() {
            entered.go_on(Running::attach);
        }
        call
    }

    #[inline]
    fn entered(&mut self) -> Option<&mut Entered> {
        self.entered.as_mut()?.as_mut()
    }

    /// Puts more attributes on the span, where it records.
    #[inline]
    pub fn __cryostorm_observe(&mut self, fill: &mut dyn FnMut(&mut Attributes<'_>)) {
        if let Some(Entered { running: Some(running), .. }) = self.entered() {
            running.observe(fill);
        }
    }
}

impl Entered {
    /// Makes its span current, and forgets the rest where nobody asks how it ends.
    #[inline(always)]
    fn go_on(&mut self, attach: impl FnOnce(&Running) -> Option<ContextGuard>) {
        if let Some(running) = &mut self.running {
            self.current = attach(running);
            if !running.asks() {
                running.end(None);
            }
        }
    }

    /// Whether anybody wants to know how it ends.
    #[inline]
    fn asks(&self) -> bool {
        self.running.as_ref().is_some_and(Running::is_on)
    }

    /// What has ended holds nothing that is to be dropped.
    fn end(&mut self, failure: Option<&Failure<'_>>) {
        // First, so that a span is no longer current when processors see its end.
        self.current = None;
        if let Some(running) = &mut self.running {
            running.end(failure);
        }
    }
}

impl Guard for ActiveCall<'_> {
    #[inline]
    fn finish<'a>(&mut self, failure: impl FnOnce() -> Option<Failure<'a>>) {
        if let Some(entered) = self.entered().filter(|entered| entered.asks()) {
            // Only then is it over: what an outcome is, is asked of code that may panic.
            entered.end(failure().as_ref());
            self.entered = None;
        }
    }
}

impl Drop for ActiveCall<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(entered) = self.entered.take() {
            end_dropped(entered);
        }
    }
}

/// Not part of each function, whatever the compiler finds.
#[inline(never)]
fn end_dropped(entered: &mut Option<Entered>) {
    let Some(entered) = entered else { return };
    if entered.asks() {
        let panicked = entered.running.as_ref().is_some_and(Running::is_unwinding);
        entered.end(panicked.then_some(&Failure::PANIC));
    } else {
        entered.current = None;
    }
}
