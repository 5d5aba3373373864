//! A body that is watched until its last byte.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context as Wakeup, Poll, ready};

use bytes::Buf;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::exchange::Watch;

pin_project! {
    /// A body as a layer hands it on: the same bytes, counted.
    ///
    /// The span of a request is current while the body of its response is polled, and ends with it.
    pub struct ObservedBody<B> {
        // Dropped before the exchange ends, so that spans inside it end before their parent.
        #[pin]
        body: B,
        role: Role,
    }
}

enum Role {
    /// What a server reads.
    Request(Option<Arc<AtomicU64>>),
    /// What a server answers, and what a client reads.
    Response(Watch),
}

impl<B> ObservedBody<B> {
    /// The body of a request, whose bytes are counted where somebody wants to know.
    pub(super) fn of_request(body: B, count: Option<Arc<AtomicU64>>) -> Self {
        Self { body, role: Role::Request(count) }
    }

    /// The body of a response.
    pub(super) fn of_response(body: B, watch: Watch) -> Self {
        Self { body, role: Role::Response(watch) }
    }

    /// The body itself, unwatched: a response counts as cancelled unless it was over.
    pub fn into_inner(self) -> B {
        self.body
    }
}

impl<B: Body> Body for ObservedBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        wakeup: &mut Wakeup<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        let frame = match this.role {
            Role::Request(_) => ready!(this.body.as_mut().poll_frame(wakeup)),
            Role::Response(watch) => ready!(watch.within(|| this.body.as_mut().poll_frame(wakeup))),
        };
        let bytes = match &frame {
            Some(Ok(frame)) => frame.data_ref().map_or(0, |data| data.remaining() as u64),
            _ => 0,
        };
        match this.role {
            Role::Request(Some(count)) => {
                count.fetch_add(bytes, Ordering::Relaxed);
            }
            Role::Request(None) => {}
            Role::Response(watch) => {
                if let Some(exchange) = watch.exchange() {
                    exchange.sent(bytes);
                    match &frame {
                        Some(Ok(frame)) => {
                            if let Some(trailers) = frame.trailers_ref() {
                                exchange.trailers(trailers);
                            }
                            // Whoever polls need not ask again.
                            if frame.is_trailers() || this.body.is_end_stream() || exchange.is_complete() {
                                exchange.end();
                            }
                        }
                        Some(Err(_)) => exchange.broken::<B::Error>(),
                        None => exchange.end(),
                    }
                }
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl<B: Default> Default for ObservedBody<B> {
    /// An empty body, of which nobody wants to know.
    fn default() -> Self {
        Self::of_request(B::default(), None)
    }
}

impl<B: fmt::Debug> fmt::Debug for ObservedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObservedBody").field("body", &self.body).finish_non_exhaustive()
    }
}
