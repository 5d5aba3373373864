//! The response that is awaited.

use std::fmt;
use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context as Wakeup, Poll, ready};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;

use super::body::ObservedBody;
use super::exchange::Watch;

pin_project! {
    /// The future of a service with a layer of cryostorm's. The span of the request is current whenever it is polled.
    pub struct ResponseFuture<F> {
        // Dropped before the exchange ends, so that spans inside it end before their parent.
        #[pin]
        response: F,
        watch: Watch,
    }
}

impl<F> ResponseFuture<F> {
    pub(super) fn new(response: F, watch: Watch) -> Self {
        Self { response, watch }
    }
}

impl<F, B, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Body,
    E: Display,
{
    type Output = Result<Response<ObservedBody<B>>, E>;

    fn poll(self: Pin<&mut Self>, wakeup: &mut Wakeup<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = ready!(this.watch.within(|| this.response.poll(wakeup)));
        let mut watch = std::mem::take(this.watch);
        match response {
            Ok(response) => {
                if watch.exchange().is_some_and(|exchange| exchange.answered(&response)) {
                    watch = Watch::Nothing;
                }
                Poll::Ready(Ok(response.map(|body| ObservedBody::of_response(body, watch))))
            }
            Err(error) => {
                if let Some(exchange) = watch.exchange() {
                    exchange.failed(&error);
                }
                Poll::Ready(Err(error))
            }
        }
    }
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
