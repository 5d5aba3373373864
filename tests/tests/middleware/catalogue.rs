//! What the catalogue says of requests, and what they leave.

use std::collections::BTreeSet;
use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, Response};
use axum::routing::get;
use cryostorm::catalogue::{Catalogue, InstrumentKind};
use cryostorm::export::PointValue;
use cryostorm::middleware::{ClientLayer, ObservedBody, ServerLayer};
use cryostorm_tests::trace::telemetry;
use http_body_util::BodyExt;
use tower::{Layer, Service, service_fn};

use super::observed::{layer, request, send, spans_while};

fn layers() -> Catalogue {
    ServerLayer::catalogue().with(ClientLayer::catalogue())
}

/// Requests of all kinds.
async fn requests() {
    let router = Router::new().route("/catalogued", get(async || "12")).layer(layer().capture_query(true));
    for uri in ["https://catalogued.example:8443/catalogued?a=b", "/nothing"] {
        let mut request = request("GET", uri);
        request.headers_mut().insert("user-agent", HeaderValue::from_static("test/1"));
        request.headers_mut().insert("x-forwarded-for", HeaderValue::from_static("192.0.2.1"));
        send(&router, request).await.into_body().collect().await.unwrap();
    }
    let service = service_fn(async |_: Request<Body>| Ok::<_, Infallible>(Response::new(Body::from("12"))));
    let brewed = ClientLayer::new().layer(service).call(request("BREW", "http://catalogued.example/")).await;
    brewed.unwrap().into_body().collect().await.unwrap();
    let service = service_fn(async |_: Request<ObservedBody<Body>>| {
        Ok::<_, Infallible>(Response::builder().header("grpc-status", "5").body(Body::empty()).unwrap())
    });
    let call = Request::post("http://catalogued.example/shop.Orders/Catalogued");
    let call = call.header("content-type", "application/grpc").body(Body::empty()).unwrap();
    let called = ClientLayer::new().layer(ServerLayer::new().layer(service)).call(call).await;
    called.unwrap().into_body().collect().await.unwrap();
}

#[test]
fn says_which_attributes_there_are() {
    let trace = spans_while(requests());
    let catalogue = layers();
    for span in &trace.spans {
        let entries = catalogue.spans.iter().filter(|entry| entry.kind == span.span_kind);
        let known: BTreeSet<_> =
            entries.flat_map(|entry| &entry.attributes).map(|attribute| attribute.key.as_str()).collect();
        for pair in &span.attributes {
            assert!(known.contains(pair.key.as_str()), "{} of {}", pair.key, span.name);
        }
    }
    let points = telemetry().in_memory().metrics();
    let is_of_requests = |name: &str| name.starts_with("http.") || name.starts_with("rpc.");
    let of_requests: Vec<_> = points.iter().filter(|point| is_of_requests(&point.name)).collect();
    for point in &of_requests {
        let entry = catalogue.metrics.iter().find(|entry| entry.name == point.name).expect(&point.name);
        assert_eq!((&entry.unit, &entry.description), (&point.unit, &point.description));
        for pair in &point.attributes {
            let known = entry.attributes.iter().any(|attribute| attribute.key == pair.key.as_str());
            assert!(known, "{} of {}", pair.key, point.name);
        }
        match &point.value {
            PointValue::Histogram { bounds, .. } => {
                assert_eq!((entry.kind, entry.buckets.as_ref()), (InstrumentKind::Histogram, Some(bounds)));
            }
            _ => assert_eq!((entry.kind, &entry.buckets), (InstrumentKind::UpDownCounter, &None)),
        }
    }
    for entry in &catalogue.metrics {
        assert!(of_requests.iter().any(|point| point.name == entry.name), "{} is of no request", entry.name);
    }
}

#[test]
fn is_rendered_with_all_else() {
    let own = cryostorm::catalogue();
    assert!(
        own.metrics.iter().all(|metric| !metric.name.starts_with("http.")),
        "whether it serves nobody knows"
    );
    let catalogue = own.clone().with(layers());
    assert_eq!(catalogue.metrics.len(), own.metrics.len() + 10);
    assert_eq!(catalogue.conflicts(), own.conflicts());
    let rules = catalogue.to_prometheus_rules("shop").unwrap().to_string();
    let share = "attributes:http_server_request_duration_seconds:error_ratio_rate5m";
    let of_all = "sum by (job, http_request_method, http_route, network_protocol_version, url_scheme)";
    let (_, rule) = rules.split_once(share).expect(&rules);
    assert!(rule.lines().nth(1).unwrap().contains(of_all), "{rule}");
    assert!(catalogue.to_markdown().contains("### `http.client.active_requests`"));
    assert!(catalogue.to_weaver_registry().contains("metric_name: \"rpc.server.call.duration\""));
    assert!(catalogue.to_grafana_dashboard("Shop").contains("http_server_active_requests"));
}
