//! What becomes of a request in a layer, and the work that is done for it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context as Wakeup, Poll, ready};

use opentelemetry::Context;
use pin_project_lite::pin_project;

use crate::instrument::may_observe;

use super::exchange::Exchange;

/// What becomes of a request in a layer.
#[derive(Default)]
pub(super) enum Watch {
    /// Nobody observes it, or it is over.
    #[default]
    Nothing,
    /// It is to leave nothing, nor is what it calls.
    Suppressed,
    Exchange(Box<Exchange>),
}

impl Watch {
    /// Runs a part of the request in its context.
    pub(super) fn within<R>(&self, work: impl FnOnce() -> R) -> R {
        match self {
            Self::Nothing => work(),
            Self::Suppressed => {
                let _suppressed = may_observe().then(Context::enter_telemetry_suppressed_scope);
                work()
            }
            Self::Exchange(exchange) => exchange.within(work),
        }
    }

    /// The exchange, while it goes on.
    pub(super) fn exchange(&mut self) -> Option<&mut Exchange> {
        match self {
            Self::Exchange(exchange) => Some(exchange),
            Self::Nothing | Self::Suppressed => None,
        }
    }
}

pin_project! {
    /// The future or the body of a request. What it does, also when it is dropped, is done in the context of the request,
    /// which outlives it: spans inside it end before their parent.
    pub(super) struct Watched<T> {
        // None once it is dropped.
        #[pin]
        work: Option<T>,
        watch: Watch,
    }

    impl<T> PinnedDrop for Watched<T> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            this.watch.within(|| this.work.set(None));
        }
    }
}

impl<T> Watched<T> {
    pub(super) fn new(work: T, watch: Watch) -> Self {
        Self { work: Some(work), watch }
    }

    /// Does a part of it. None if there is no more of it.
    pub(super) fn within<R>(self: Pin<&mut Self>, part: impl FnOnce(Pin<&mut T>) -> R) -> Option<R> {
        let this = self.project();
        let work = this.work.as_pin_mut()?;
        Some(this.watch.within(|| part(work)))
    }

    /// Looks at it.
    pub(super) fn look<R>(&self, part: impl FnOnce(&T) -> R) -> Option<R> {
        let work = self.work.as_ref()?;
        Some(self.watch.within(|| part(work)))
    }

    pub(super) fn exchange(self: Pin<&mut Self>) -> Option<&mut Exchange> {
        self.project().watch.exchange()
    }
}

/// Awaits what the work comes to, and what is to become of the request.
impl<F: Future> Future for Watched<F> {
    type Output = (F::Output, Watch);

    fn poll(self: Pin<&mut Self>, wakeup: &mut Wakeup<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let polled = this.watch.within(|| {
            // Polled again when it was over it is never ready: to panic is not for us.
            let polled = this.work.as_mut().as_pin_mut().map_or(Poll::Pending, |work| work.poll(wakeup));
            if polled.is_ready() {
                this.work.set(None);
            }
            polled
        });
        Poll::Ready((ready!(polled), std::mem::take(this.watch)))
    }
}
