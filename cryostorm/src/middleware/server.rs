//! The layer for servers.

use std::fmt::{self, Display};
use std::net::IpAddr;
use std::sync::Arc;
use std::task::{Context as Wakeup, Poll};

use http::request::Parts;
use http::{Request, Response};
use http_body::Body;
use opentelemetry::KeyValue;
use opentelemetry::trace::SpanKind;
use tower_layer::Layer;
use tower_service::Service;

use crate::guarded::caught;
use crate::instrument::{self, Local, Ticks};
use crate::propagation::Trust;

use super::access::Access;
use super::body::ObservedBody;
use super::capture::{Capture, capturing};
use super::exchange::{Exchange, Progress, Protocol, Side, is_head};
use super::excluded::is_excluded;
use super::future::ResponseFuture;
use super::key;
use super::request::{Known, MOST_ATTRIBUTES, protocol_version};
use super::size::RequestSize;
use super::watch::Watch;

type Route = dyn for<'a> Fn(&'a Parts) -> Option<&'a str> + Send + Sync;
type ClientAddress = dyn Fn(&Parts) -> Option<IpAddr> + Send + Sync;

/// A layer for servers of HTTP and gRPC: a span, metrics and, on request, a log record for each request.
///
/// ```
/// use cryostorm::middleware::ServerLayer;
///
/// let layer = ServerLayer::new().access_log(true).capture_query(true);
/// ```
///
/// What it does is told in [the guide](crate::middleware).
#[derive(Clone, Default)]
pub struct ServerLayer {
    options: Options,
}

#[derive(Clone, Default)]
struct Options {
    route: Option<Arc<Route>>,
    client_address: Option<Arc<ClientAddress>>,
    trust: Trust,
    access_log: bool,
    capture: Arc<Capture>,
}

impl ServerLayer {
    /// With the defaults: the remote trace goes on, nothing is captured, and nothing is logged.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Finds the route of a request, such as `/orders/{id}`: what its path matched, never the path itself. It names the
    /// span and is an attribute of metrics, so it must come from a bounded set.
    ///
    /// ```
    /// use axum::extract::MatchedPath;
    /// use cryostorm::middleware::ServerLayer;
    ///
    /// let layer = ServerLayer::new().route(|request| Some(request.extensions.get::<MatchedPath>()?.as_str()));
    /// ```
    #[must_use]
    pub fn route(
        mut self,
        route: impl for<'a> Fn(&'a Parts) -> Option<&'a str> + Send + Sync + 'static,
    ) -> Self {
        self.options.route = Some(Arc::new(route));
        self
    }

    /// Finds the address of the client. Default: what the headers `Forwarded` and `X-Forwarded-For` say, which a client
    /// may make up unless a proxy sets them.
    ///
    /// ```
    /// use std::net::SocketAddr;
    ///
    /// use axum::extract::ConnectInfo;
    /// use cryostorm::middleware::ServerLayer;
    ///
    /// let layer = ServerLayer::new().client_address(|request| {
    ///     Some(request.extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip())
    /// });
    /// ```
    #[must_use]
    pub fn client_address(
        mut self,
        address: impl Fn(&Parts) -> Option<IpAddr> + Send + Sync + 'static,
    ) -> Self {
        self.options.client_address = Some(Arc::new(address));
        self
    }

    /// How far the context that comes with requests is trusted. Default: [`Trust::Full`], for callers of one's own; a
    /// server that anybody reaches is better off with [`Trust::Link`] or [`Trust::None`].
    #[must_use]
    pub fn trust(mut self, trust: Trust) -> Self {
        self.options.trust = trust;
        self
    }

    /// Whether each request is logged when it is over, under its span and with its attributes, whether that is sampled
    /// or not. Default: false.
    #[must_use]
    pub fn access_log(mut self, is_on: bool) -> Self {
        self.options.access_log = is_on;
        self
    }

    fn capture(&mut self) -> &mut Capture {
        Arc::make_mut(&mut self.options.capture)
    }
}

capturing!(ServerLayer);

impl<S> Layer<S> for ServerLayer {
    type Service = ServerService<S>;

    fn layer(&self, inner: S) -> ServerService<S> {
        ServerService { inner, options: self.options.clone() }
    }
}

/// A service whose requests are observed: see [`ServerLayer`].
#[derive(Clone)]
pub struct ServerService<S> {
    inner: S,
    options: Options,
}

impl<S, B, R> Service<Request<B>> for ServerService<S>
where
    S: Service<Request<ObservedBody<B>>, Response = Response<R>>,
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
        let (parts, body) = request.into_parts();
        let mut watch = self.options.watch(&parts, body.is_end_stream());
        let count = match watch.exchange().map(|exchange| &exchange.request_size) {
            Some(RequestSize::Counted(count)) => Some(Arc::clone(count)),
            _ => None,
        };
        let request = Request::from_parts(parts, ObservedBody::of_request(body, count));
        let response = watch.within(|| self.inner.call(request));
        ResponseFuture::new(response, watch)
    }
}

impl Options {
    fn watch(&self, parts: &Parts, is_empty: bool) -> Watch {
        let Some(local) = instrument::current() else { return Watch::Nothing };
        let excluded = local.telemetry.settings().map_or(&[][..], |settings| &settings.excluded_paths);
        match is_excluded(excluded, parts.uri.path()) {
            true => Watch::Suppressed,
            false => Watch::Exchange(self.begin(&local, parts, is_empty)),
        }
    }

    fn begin(&self, local: &Local, parts: &Parts, is_empty: bool) -> Box<Exchange> {
        let start = Ticks::now();
        let (telemetry, signals) = (&local.telemetry, local.signals());
        let known = Known::of(parts);
        let route = self.route.as_ref().and_then(|route| caught(|| route(parts))?).map(Arc::<str>::from);
        let mut span = telemetry
            .span("")
            .kind(SpanKind::Server)
            .context(telemetry.extract_context_with(&parts.headers, self.trust));
        let is_recorded = span.may_be_recorded();
        let mut access = None;
        if is_recorded || self.access_log {
            let client = match &self.client_address {
                Some(find) => caught(|| find(parts)).flatten(),
                None => known.forwarded_for(),
            };
            let name = known.name(route.as_deref());
            span.reserve(MOST_ATTRIBUTES);
            let mut attributes = Vec::new();
            let has_log = self.access_log && signals.logging.is_some();
            known.describe_server(&self.capture, route.as_ref(), client, |attribute| {
                if has_log {
                    attributes.push(attribute.clone());
                }
                span.add(attribute);
            });
            access = has_log.then(|| Access::new(name.clone(), attributes));
            span.set_name(name);
        }
        let has_metrics = signals.metrics.is_some();
        Exchange {
            telemetry: local.id(),
            span: span.begin(),
            start,
            side: Side::Server,
            protocol: known.protocol,
            capture: Arc::clone(&self.capture),
            is_head: is_head(known.method),
            // Of a call in any case: what it is called at last depends on its answer.
            series: if has_metrics || known.protocol == Protocol::Grpc {
                series(&known, route)
            } else {
                Vec::new()
            },
            active: has_metrics
                .then(|| [known.http_method(), known.scheme_attribute()].into_iter().collect()),
            access,
            request_size: if is_empty { RequestSize::Known(0) } else { RequestSize::Counted(Arc::default()) },
            progress: Progress::default(),
        }
        .begin()
    }
}

/// The attributes of the metrics of a request.
fn series(known: &Known<'_>, route: Option<Arc<str>>) -> Vec<KeyValue> {
    // With the status and `error.type`, which come last.
    let mut series = Vec::with_capacity(6);
    match known.protocol {
        Protocol::Http => {
            series.extend([known.http_method(), known.scheme_attribute()]);
            series.extend(
                route.map(|route| KeyValue::new(key::HTTP_ROUTE, opentelemetry::StringValue::from(route))),
            );
            series.extend(protocol_version(known.version));
        }
        Protocol::Grpc => series.extend([Known::rpc_system(), known.rpc_method()]),
    }
    series
}

impl fmt::Debug for ServerLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerLayer").field("access_log", &self.options.access_log).finish_non_exhaustive()
    }
}

impl<S: fmt::Debug> fmt::Debug for ServerService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerService").field("inner", &self.inner).finish_non_exhaustive()
    }
}
