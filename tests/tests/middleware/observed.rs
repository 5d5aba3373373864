//! What requests left, and services to send them to.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::MatchedPath;
use axum::http::{Request, Response};
use cryostorm::export::PointValue;
use cryostorm::middleware::ServerLayer;
use cryostorm_tests::trace::{Trace, spans_of, telemetry};
use tower::ServiceExt;

/// The spans that are made while `work` goes on, on one thread.
pub(super) fn spans_while(work: impl Future<Output = ()>) -> Trace {
    spans_of(|| block_on(work))
}

/// Runs `work` on an executor of its own.
pub(super) fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(work)
}

/// The layer, with the routes of axum.
pub(super) fn layer() -> ServerLayer {
    ServerLayer::new().route(|request| Some(request.extensions.get::<MatchedPath>()?.as_str()))
}

/// Sends a request to a router.
pub(super) async fn send(router: &Router, request: Request<Body>) -> Response<Body> {
    let answered: Result<_, Infallible> = router.clone().oneshot(request).await;
    answered.unwrap_or_else(|never| match never {})
}

/// A request without a body.
pub(super) fn request(method: &str, uri: &str) -> Request<Body> {
    Request::builder().method(method).uri(uri).body(Body::empty()).expect("a request")
}

/// Serves on a port of its own, while the executor goes on. Returns the address.
pub(super) async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address.to_string()
}

/// What was measured in one series.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Measured {
    /// As texts.
    pub(super) attributes: BTreeMap<String, String>,
    /// How often, or the value of what rises and falls.
    pub(super) count: i64,
    pub(super) sum: f64,
}

/// The series of a metric that have an attribute.
pub(super) fn measured(metric: &str, key: &str, value: &str) -> Vec<Measured> {
    telemetry().force_flush(Duration::from_secs(30)).expect("a flush");
    let points = telemetry().in_memory().metrics().into_iter().filter(|point| point.name == metric);
    let all = points.map(|point| Measured {
        attributes: point
            .attributes
            .iter()
            .map(|pair| (pair.key.to_string(), pair.value.to_string()))
            .collect(),
        count: match &point.value {
            PointValue::Sum { value, .. } => value.to_string().parse().expect("a whole number"),
            PointValue::Histogram { count, .. } => count.cast_signed(),
            other => panic!("{other:?}"),
        },
        sum: match point.value {
            PointValue::Histogram { sum, .. } => sum.to_string().parse().expect("a number"),
            _ => 0.0,
        },
    });
    all.filter(|measured| measured.attributes.get(key).is_some_and(|other| other == value)).collect()
}

/// The only such series.
pub(super) fn only(metric: &str, key: &str, value: &str) -> Measured {
    let mut all = measured(metric, key, value);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

/// How many requests with this method are under way, of those without TLS. Tests run side by side: each that looks has a method,
/// or a scheme, of its own.
pub(super) fn active(method: &str) -> i64 {
    active_by(method, "http")
}

/// How many requests with this method and scheme are.
pub(super) fn active_by(method: &str, scheme: &str) -> i64 {
    measured("http.server.active_requests", "http.request.method", method)
        .iter()
        .filter(|series| series.attributes["url.scheme"] == scheme)
        .map(|series| series.count)
        .sum()
}

/// Attributes, for comparison.
pub(super) fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}
