//! A body that is watched until its last byte.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context as Wakeup, Poll, ready};

use bytes::Buf;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::size::ResponseSize;
use super::watch::{Watch, Watched};

pin_project! {
    /// A body as a layer hands it on: the same bytes, counted.
    ///
    /// The span of a request is current while the body of its response is polled and dropped, and ends with it.
    pub struct ObservedBody<B> {
        #[pin]
        body: Watched<B>,
        count: Count,
    }
}

/// Who wants to know how many bytes there are, beside the exchange that goes on.
enum Count {
    Nobody,
    Request(Arc<AtomicU64>),
    Response(ResponseSize),
}

impl<B> ObservedBody<B> {
    /// The body of a request, whose bytes are counted where somebody wants to know.
    pub(super) fn of_request(body: B, count: Option<Arc<AtomicU64>>) -> Self {
        // Whoever reads it does so in the context of the request.
        Self { body: Watched::new(body, Watch::Nothing), count: count.map_or(Count::Nobody, Count::Request) }
    }

    /// The body of a response.
    pub(super) fn of_response(body: B, watch: Watch, size: Option<ResponseSize>) -> Self {
        Self { body: Watched::new(body, watch), count: size.map_or(Count::Nobody, Count::Response) }
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
        let polled = this.body.as_mut().within(|mut body| {
            let frame = ready!(body.as_mut().poll_frame(wakeup));
            let is_last = match &frame {
                Some(Ok(frame)) => frame.is_trailers() || body.is_end_stream(),
                Some(Err(_)) | None => true,
            };
            Poll::Ready((frame, is_last))
        });
        let (frame, is_last) = ready!(polled.unwrap_or(Poll::Ready((None, true))));
        let bytes = match &frame {
            Some(Ok(frame)) => frame.data_ref().map_or(0, |data| data.remaining() as u64),
            _ => 0,
        };
        match this.count {
            Count::Nobody => {}
            Count::Request(count) => drop(count.fetch_add(bytes, Ordering::Relaxed)),
            Count::Response(size) => {
                size.bytes = size.bytes.saturating_add(bytes);
                if is_last {
                    *this.count = Count::Nobody;
                }
            }
        }
        if let Some(exchange) = this.body.exchange() {
            exchange.sent(bytes);
            match &frame {
                Some(Ok(frame)) => {
                    if let Some(trailers) = frame.trailers_ref() {
                        exchange.trailers(trailers);
                    }
                    // Whoever polls need not ask again.
                    if is_last || exchange.is_complete() {
                        exchange.end();
                    }
                }
                Some(Err(_)) => exchange.broken::<B::Error>(),
                None => exchange.end(),
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.look(B::is_end_stream).unwrap_or(true)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.look(B::size_hint).unwrap_or_else(|| SizeHint::with_exact(0))
    }
}

impl<B: Default> Default for ObservedBody<B> {
    /// An empty body, of which nobody wants to know.
    fn default() -> Self {
        Self::of_request(B::default(), None)
    }
}

impl<B> fmt::Debug for ObservedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObservedBody").finish_non_exhaustive()
    }
}
