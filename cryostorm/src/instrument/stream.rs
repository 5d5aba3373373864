//! Streams in whose polls the span of a call is current.

use std::fmt;
use std::pin::Pin;
use std::task::{Context as Wakeup, Poll};

use futures_core::Stream;
use pin_project_lite::pin_project;

use super::call::Call;
use super::outcome::Judge;

pin_project! {
    /// What an annotated function returned, with its call: that goes on until the stream ends or is dropped.
    pub struct CallStream<S>
    where
        S: Stream,
    {
        // Dropped before the call ends, so that calls inside it end before it.
        #[pin]
        stream: S,
        call: Call,
        judge: Judge<S::Item>,
    }
}

impl<S: Stream> CallStream<S> {
    /// Runs `stream` as `call`. The first item in which `judge` finds a failure decides the outcome.
    pub fn new(call: Call, stream: S, judge: Judge<S::Item>) -> Self {
        Self { stream, call, judge }
    }
}

impl<S: Stream> Stream for CallStream<S> {
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, wakeup: &mut Wakeup<'_>) -> Poll<Option<S::Item>> {
        let this = self.project();
        let poll = this.call.enter_poll();
        let polled = this.stream.poll_next(wakeup);
        poll.leave();
        match &polled {
            Poll::Ready(Some(item)) => this.call.note(item, *this.judge),
            Poll::Ready(None) => this.call.end(None),
            Poll::Pending => {}
        }
        polled
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.stream.size_hint()
    }
}

impl<S: Stream> fmt::Debug for CallStream<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallStream").finish_non_exhaustive()
    }
}
