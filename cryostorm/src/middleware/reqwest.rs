//! The middleware for reqwest.

use http::Extensions;
use reqwest::{Request, Response};
use reqwest_middleware::{Error, Middleware, Next, Result};

use crate::export::text;
use crate::instrument::{Failure, Message};

use super::capture::{Capture, Url, bounded};
use super::client::{ClientLayer, inject};
use super::exchange::Protocol;
use super::request::Known;
use super::size::RequestSize;
use super::watch::Watched;

/// How often a request was sent, for the tries that share its extensions.
#[derive(Clone, Copy)]
struct Sends(u32);

/// The layer is a middleware of [`reqwest_middleware`] too. Put it after one that sends requests again, and each try has a
/// span of its own, which counts them in `http.request.resend_count`.
///
/// ```
/// use cryostorm::middleware::ClientLayer;
///
/// let client = reqwest_middleware::ClientBuilder::new(reqwest::Client::new()).with(ClientLayer::new()).build();
/// ```
#[async_trait::async_trait]
impl Middleware for ClientLayer {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let resends = extensions.get::<Sends>().map_or(0, |sends| sends.0);
        extensions.insert(Sends(resends.saturating_add(1)));
        let size = || {
            let body = request.body();
            body.map_or(RequestSize::Known(0), |body| RequestSize::announced(request.headers(), body))
        };
        let mut watch = self.begin(&known(&request), size, resends);
        inject(&mut watch, request.headers_mut());
        let sent = Box::pin(next.run(request, extensions));
        let (answer, mut watch) = Watched::new(sent, watch).await;
        if let Some(exchange) = watch.exchange() {
            match &answer {
                Ok(response) => {
                    exchange.head(response.status(), response.version(), response.headers());
                    // What is read of it is not seen here.
                    if let (Some(bytes), Some(mut size)) =
                        (response.content_length(), exchange.response_size())
                    {
                        size.bytes = bytes;
                    }
                }
                Err(error) => {
                    let message = message(error, &exchange.capture);
                    let message = message.as_ref().map_or(Message::None, |text| Message::Display(text));
                    exchange.fail(&Failure::error(error_type(error), message, None));
                }
            }
        }
        answer
    }
}

fn known(request: &Request) -> Known<'_> {
    let url = request.url();
    Known {
        // Nothing here sees the trailers that a call of gRPC ends with.
        protocol: Protocol::Http,
        method: request.method(),
        url: Url {
            scheme: Some(url.scheme()),
            has_credentials: !url.username().is_empty() || url.password().is_some(),
            host: url.host_str(),
            port: url.port(),
            path: url.path(),
            query: url.query(),
        },
        version: request.version(),
        headers: request.headers(),
    }
}

/// What an error is called.
fn error_type(error: &Error) -> &'static str {
    match error {
        Error::Reqwest(error) if error.is_timeout() => "timeout",
        Error::Reqwest(error) if error.is_connect() => "connect",
        Error::Reqwest(_) => "reqwest::Error",
        Error::Middleware(_) => "reqwest_middleware::Error",
    }
}

/// What an error and those that caused it say of themselves, the nearest first, without secrets. None if that is nothing.
fn message(error: &Error, capture: &Capture) -> Option<String> {
    let first: &(dyn std::error::Error + 'static) = error;
    // Bounded, because a chain may be a circle.
    let chain = std::iter::successors(Some(first), |&error| Failure::cause(error)).take(32);
    let telling = chain.filter(|error| !says_the_url_alone(*error));
    let texts: Vec<_> = telling.map(|error| capture.text(&text::of(&error))).collect();
    (!texts.is_empty()).then(|| bounded(&texts.join(": ")).into_owned())
}

/// Whether it says no more than that a request to a URL failed.
fn says_the_url_alone(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<reqwest::Error>() || matches!(error.downcast_ref(), Some(Error::Reqwest(_)))
}
