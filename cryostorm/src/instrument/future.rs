//! Futures in whose polls the span of a call is current.

use std::fmt;
use std::future::Future;
use std::panic::UnwindSafe;
use std::pin::Pin;
use std::task::{Context as Wakeup, Poll};

use pin_project_lite::pin_project;

use super::call::Call;
use super::outcome::Judge;

pin_project! {
    /// The body of an annotated async function, with its call.
    pub struct CallFuture<F>
    where
        F: Future,
    {
        // Dropped before the call ends, so that calls inside it end before it.
        #[pin]
        body: F,
        call: Call,
        judge: Judge<F::Output>,
    }
}

impl<F: Future> CallFuture<F> {
    /// Runs `body` as `call`, which ends with the outcome that `judge` finds.
    pub fn new(call: Call, body: F, judge: Judge<F::Output>) -> Self {
        Self { body, call, judge }
    }

    /// Runs `body` as a `call` whose output cannot be a failure.
    pub fn unfailing(call: Call, body: F) -> Self {
        Self::new(call, body, |_| None)
    }
}

impl<F: Future> Future for CallFuture<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, wakeup: &mut Wakeup<'_>) -> Poll<F::Output> {
        let this = self.project();
        let poll = this.call.enter_poll();
        let polled = this.body.poll(wakeup);
        poll.leave();
        if let Poll::Ready(output) = &polled {
            this.call.judge(output, *this.judge);
        }
        polled
    }
}

pin_project! {
    /// The body of an annotated async function whose call looks at the output before it ends.
    pub struct Driven<'a, F> {
        #[pin]
        body: F,
        call: &'a mut Call,
    }
}

impl<'a, F> Driven<'a, F> {
    pub(super) fn new(call: &'a mut Call, body: F) -> Self {
        Self { body, call }
    }
}

impl<F: Future> Future for Driven<'_, F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, wakeup: &mut Wakeup<'_>) -> Poll<F::Output> {
        let this = self.project();
        let poll = this.call.enter_poll();
        let polled = this.body.poll(wakeup);
        poll.leave();
        polled
    }
}

// As the call itself is, though not what borrows it.
impl<F: UnwindSafe> UnwindSafe for Driven<'_, F> {}

impl<F: Future> fmt::Debug for CallFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallFuture").finish_non_exhaustive()
    }
}

impl<F> fmt::Debug for Driven<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driven").finish_non_exhaustive()
    }
}
