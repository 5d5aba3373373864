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
use super::exchange::Side;
use super::watch::{Watch, Watched};

pin_project! {
    /// The future of a service with a layer of cryostorm's. The span of the request is current whenever it is polled, and
    /// when it is dropped.
    pub struct ResponseFuture<F> {
        #[pin]
        response: Watched<F>,
    }
}

impl<F> ResponseFuture<F> {
    pub(super) fn new(response: F, watch: Watch) -> Self {
        Self { response: Watched::new(response, watch) }
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
        let (response, mut watch) = ready!(self.project().response.poll(wakeup));
        let mut size = None;
        if let Some(exchange) = watch.exchange() {
            match &response {
                Ok(response) if exchange.answered(response) => {
                    size = exchange.response_size();
                    // What a server's body leaves when it is dropped is still of the request.
                    if exchange.side == Side::Client {
                        watch = Watch::Nothing;
                    }
                }
                Ok(_) => {}
                Err(error) => exchange.failed(error),
            }
        }
        Poll::Ready(
            response.map(|response| response.map(|body| ObservedBody::of_response(body, watch, size))),
        )
    }
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
