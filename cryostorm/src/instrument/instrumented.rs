//! A future with a span that was made by hand.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context as Wakeup, Poll};

use pin_project_lite::pin_project;

use super::span::EndOnDrop;

pin_project! {
    /// A future with a span of its own: see [`SpanBuilder::instrument`](crate::SpanBuilder::instrument).
    pub struct Instrumented<F> {
        // Dropped before the span ends, so that spans inside it end before their parent.
        #[pin]
        body: F,
        span: EndOnDrop,
    }
}

impl<F> Instrumented<F> {
    pub(super) fn new(body: F, span: EndOnDrop) -> Self {
        Self { body, span }
    }
}

impl<F: Future> Future for Instrumented<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, wakeup: &mut Wakeup<'_>) -> Poll<F::Output> {
        let this = self.project();
        let current = this.span.attach();
        // If the poll unwinds, the span learns of it now: the future may be dropped much later.
        let mut unwinding = SpanOnDrop(Some(&mut *this.span));
        let polled = this.body.poll(wakeup);
        let span = unwinding.0.take();
        drop(current);
        if let (Poll::Ready(_), Some(span)) = (&polled, span) {
            span.end();
        }
        polled
    }
}

struct SpanOnDrop<'a>(Option<&'a mut EndOnDrop>);

impl Drop for SpanOnDrop<'_> {
    fn drop(&mut self) {
        if let Some(span) = self.0.take() {
            span.panicked();
        }
    }
}

impl<F> fmt::Debug for Instrumented<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instrumented").finish_non_exhaustive()
    }
}
