//! The layer for clients.

use std::fmt::Display;
use std::sync::Arc;
use std::task::{Context as Wakeup, Poll};

use http::{HeaderMap, Request, Response};
use http_body::Body;
use opentelemetry::KeyValue;
use opentelemetry::trace::SpanKind;
use smallvec::SmallVec;
use tower_layer::Layer;
use tower_service::Service;

use crate::Telemetry;
use crate::instrument::{self, Ticks};

use super::body::ObservedBody;
use super::capture::{Capture, capturing};
use super::exchange::{Exchange, Progress, Protocol, Side, is_head};
use super::future::ResponseFuture;
use super::key;
use super::request::{Known, MOST_ATTRIBUTES, server};
use super::size::RequestSize;
use super::watch::Watch;

/// A layer for clients of HTTP and gRPC: a span and metrics for each request, which carries the context on to the server.
///
/// ```
/// use cryostorm::middleware::ClientLayer;
///
/// let layer = ClientLayer::new().server("inventory", 50051);
/// ```
///
/// What it does is told in [the guide](crate::middleware).
#[derive(Clone, Debug, Default)]
pub struct ClientLayer {
    options: Arc<Options>,
}

#[derive(Clone, Debug, Default)]
struct Options {
    /// Where requests go to that do not say it.
    server: Option<(String, u16)>,
    capture: Arc<Capture>,
}

impl ClientLayer {
    /// With the defaults: nothing is captured.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Where requests go to that do not say it themselves, as those of tonic, whose channel knows the server.
    #[must_use]
    pub fn server(mut self, host: impl Into<String>, port: u16) -> Self {
        Arc::make_mut(&mut self.options).server = Some((host.into(), port));
        self
    }

    fn capture(&mut self) -> &mut Capture {
        Arc::make_mut(&mut Arc::make_mut(&mut self.options).capture)
    }

    /// Starts the span of a request, which was sent so often before.
    pub(super) fn begin(&self, known: &Known<'_>, size: impl FnOnce() -> RequestSize, resends: u32) -> Watch {
        let Some(local) = instrument::current() else { return Watch::Nothing };
        let Options { server: own, capture } = &*self.options;
        let start = Ticks::now();
        let mut span = local.telemetry.span("").kind(SpanKind::Client);
        let host = known.server().or_else(|| own.as_ref().map(|(host, port)| (host.as_str(), Some(*port))));
        let server: SmallVec<[KeyValue; 2]> = host.into_iter().flat_map(server).collect();
        if span.may_be_recorded() {
            span.set_name(known.name(None));
            span.reserve(MOST_ATTRIBUTES);
            known.describe_client(capture, |attribute| span.add(attribute));
            server.iter().for_each(|attribute| span.add(attribute.clone()));
            if resends > 0 {
                span.add(KeyValue::new(key::HTTP_REQUEST_RESEND_COUNT, i64::from(resends)));
            }
        }
        let (mut series, mut active, mut request_size) = (Vec::new(), None, RequestSize::Unknown);
        if local.signals().metrics.is_some() {
            match known.protocol {
                Protocol::Http => {
                    series.push(known.http_method());
                    request_size = size();
                }
                Protocol::Grpc => series.extend([Known::rpc_system(), known.rpc_method()]),
            }
            series.extend(server.iter().cloned());
            active = Some([known.http_method()].into_iter().chain(server).collect());
        }
        Watch::Exchange(
            Exchange {
                telemetry: local.id(),
                span: span.begin(),
                start,
                side: Side::Client,
                protocol: known.protocol,
                capture: Arc::clone(capture),
                is_head: is_head(known.method),
                series,
                active,
                access: None,
                request_size,
                progress: Progress::default(),
            }
            .begin(),
        )
    }
}

capturing!(ClientLayer);

/// Puts the context of a request into the headers that it is sent with.
pub(super) fn inject(watch: &mut Watch, headers: &mut HeaderMap) {
    if let Some(exchange) = watch.exchange() {
        exchange.within(|| Telemetry::global().inject_context(headers));
    }
}

impl<S> Layer<S> for ClientLayer {
    type Service = ClientService<S>;

    fn layer(&self, inner: S) -> ClientService<S> {
        ClientService { inner, layer: self.clone() }
    }
}

/// A client whose requests are observed: see [`ClientLayer`].
#[derive(Clone, Debug)]
pub struct ClientService<S> {
    inner: S,
    layer: ClientLayer,
}

impl<S, B, R> Service<Request<B>> for ClientService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: Display,
    B: Body,
    R: Body,
{
    type Response = Response<ObservedBody<R>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, wakeup: &mut Wakeup<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(wakeup)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (mut parts, body) = request.into_parts();
        let size = || RequestSize::announced(&parts.headers, &body);
        let mut watch = self.layer.begin(&Known::of(&parts), size, 0);
        inject(&mut watch, &mut parts.headers);
        let response = watch.within(|| self.inner.call(Request::from_parts(parts, body)));
        ResponseFuture::new(response, watch)
    }
}
