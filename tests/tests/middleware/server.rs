//! A request that is answered.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::{any, get, post};
use cryostorm::opentelemetry::logs::{AnyValue, Severity};
use cryostorm::opentelemetry::trace::{SpanId, SpanKind, Status};
use cryostorm::opentelemetry_sdk::trace::SpanData;
use cryostorm::propagation::Trust;
use cryostorm::traced;
use cryostorm_tests::trace::{attribute, error_type, telemetry};
use http_body_util::BodyExt;
use tower::Layer;

use super::observed::{active_by, layer, measured, only, pairs, request, send, spans_while};

#[traced]
async fn look_up() -> &'static str {
    "found"
}

fn told(span: &SpanData, key: &str) -> Option<String> {
    attribute(span, key).map(|value| value.to_string())
}

#[test]
fn is_named_by_its_route_and_told_by_the_convention() {
    let router = Router::new().route("/orders/{id}", get(look_up)).layer(layer());
    let trace = spans_while(async {
        let request = Request::builder()
            .uri("/orders/7?secret=x")
            .header("host", "shop.example:8080")
            .header("user-agent", "test/1")
            .header("x-forwarded-for", "192.0.2.1, 192.0.2.2")
            .header("x-forwarded-proto", "https");
        let response = send(&router, request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "found");
    });
    let span = trace.named("GET /orders/{id}");
    assert_eq!((&span.span_kind, &span.status), (&SpanKind::Server, &Status::Unset));
    assert_eq!(span.parent_span_id, trace.root);
    let mut attributes: Vec<_> =
        span.attributes.iter().map(|pair| format!("{}={}", pair.key, pair.value)).collect();
    attributes.sort();
    assert_eq!(
        attributes,
        [
            "client.address=192.0.2.1",
            "http.request.method=GET",
            "http.response.status_code=200",
            "http.route=/orders/{id}",
            "network.protocol.version=1.1",
            "server.address=shop.example",
            "server.port=8080",
            "url.path=/orders/7",
            "url.scheme=https",
            "user_agent.original=test/1",
        ]
    );
    let child = trace.named("look_up");
    assert_eq!(child.parent_span_id, span.span_context.span_id());

    let expected = pairs([
        ("http.request.method", "GET"),
        ("http.response.status_code", "200"),
        ("http.route", "/orders/{id}"),
        ("network.protocol.version", "1.1"),
        ("url.scheme", "https"),
    ]);
    let duration = only("http.server.request.duration", "http.route", "/orders/{id}");
    assert_eq!((duration.attributes, duration.count), (expected.clone(), 1));
    assert!(duration.sum > 0.0 && duration.sum < 60.0);
    let size = only("http.server.response.body.size", "http.route", "/orders/{id}");
    assert_eq!((size.attributes, size.count, size.sum), (expected.clone(), 1, 5.0));
    let size = only("http.server.request.body.size", "http.route", "/orders/{id}");
    assert_eq!((size.attributes, size.count, size.sum), (expected, 1, 0.0));
}

#[test]
fn instruments_are_those_of_the_convention() {
    let router = Router::new().route("/described", any(async || "12")).layer(layer());
    drop(spans_while(async {
        let response = send(&router, request("OPTIONS", "https://shop/described")).await;
        assert_eq!(active_by("OPTIONS", "https"), 1);
        response.into_body().collect().await.unwrap();
        assert_eq!(active_by("OPTIONS", "https"), 0);
    }));
    telemetry().force_flush(std::time::Duration::from_secs(30)).unwrap();
    let points = telemetry().in_memory().metrics();
    let unit = |name: &str| &points.iter().find(|point| point.name == name).unwrap().unit;
    assert_eq!(unit("http.server.request.duration"), "s");
    assert_eq!(unit("http.server.active_requests"), "{request}");
    assert_eq!(unit("http.server.request.body.size"), "By");
    assert_eq!(unit("http.server.response.body.size"), "By");
    let duration = points.iter().find(|point| point.name == "http.server.request.duration").unwrap();
    let cryostorm::export::PointValue::Histogram { bounds, .. } = &duration.value else {
        panic!("{duration:?}")
    };
    assert_eq!(bounds[..3], [0.005, 0.01, 0.025]);
}

#[test]
fn has_no_route_where_none_matches_and_no_method_that_nobody_knows() {
    let router = Router::new().fallback(any(async || StatusCode::NOT_FOUND)).layer(layer());
    let trace = spans_while(async {
        send(&router, request("BREW", "/coffee/7")).await;
    });
    let span = trace.only();
    assert_eq!(span.name, "HTTP");
    assert_eq!(told(span, "http.request.method").as_deref(), Some("_OTHER"));
    assert_eq!(told(span, "http.request.method_original").as_deref(), Some("BREW"));
    // The client's fault, so no error of the server.
    assert_eq!((&span.status, error_type(span)), (&Status::Unset, None));
    let series = measured("http.server.request.duration", "http.request.method", "_OTHER");
    let expected = [
        ("http.request.method", "_OTHER"),
        ("http.response.status_code", "404"),
        ("network.protocol.version", "1.1"),
        ("url.scheme", "http"),
    ];
    let expected = pairs(expected);
    assert!(series.iter().any(|series| series.attributes == expected), "{series:?}");
}

/// The names of the spans that a request leaves in a router.
fn names(router: &Router, path: &str) -> Vec<String> {
    let trace = spans_while(async {
        send(router, request("GET", path)).await;
    });
    trace.spans.iter().map(|span| span.name.to_string()).collect()
}

#[test]
fn has_the_route_that_axum_knows_where_the_layer_is() {
    let items = || Router::new().route("/items/{id}", get(async || ()));
    let around_each = Router::new().nest("/api", items()).layer(layer());
    assert_eq!(names(&around_each, "/api/items/7"), ["GET /api/items/{id}"]);
    let around_one = Router::new().route("/items/{id}", get(async || ()).layer(layer()));
    assert_eq!(names(&around_one, "/items/7"), ["GET /items/{id}"]);
    let around_routes = items().route_layer(layer());
    assert_eq!(names(&around_routes, "/items/7"), ["GET /items/{id}"]);
    assert_eq!(names(&around_routes, "/nothing"), [""; 0], "what matches nothing does not come there");
    let nested_service = Router::new().nest_service("/api", items()).layer(layer());
    assert_eq!(names(&nested_service, "/api/items/7"), ["GET"]);
    let around_all = Router::new().fallback_service(layer().layer(items()));
    assert_eq!(names(&around_all, "/items/7"), ["GET"]);
}

#[test]
fn is_an_error_where_the_server_failed() {
    let router = Router::new().route("/broken", get(async || StatusCode::SERVICE_UNAVAILABLE)).layer(layer());
    let trace = spans_while(async {
        send(&router, request("GET", "/broken")).await;
    });
    let span = trace.only();
    assert_eq!((&span.status, error_type(span).as_deref()), (&Status::error(""), Some("503")));
    let series = only("http.server.request.duration", "http.route", "/broken");
    assert_eq!(series.attributes["error.type"], "503");
    assert_eq!(series.attributes["http.response.status_code"], "503");
}

#[test]
fn continues_the_trace_that_the_client_began() {
    let router = Router::new().route("/continued", get(async || ())).layer(layer());
    let trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
    let trace = spans_while(async {
        let mut request = request("GET", "/continued");
        let parent = format!("00-{trace_id}-00f067aa0ba902b7-01");
        request.headers_mut().insert("traceparent", parent.parse().unwrap());
        send(&router, request).await;
    });
    assert!(trace.spans.is_empty(), "it is of another trace");
    let spans = telemetry().in_memory().spans();
    let span = spans.iter().find(|span| span.name == "GET /continued").unwrap();
    assert_eq!(span.span_context.trace_id().to_string(), trace_id);
    assert_eq!(span.parent_span_id.to_string(), "00f067aa0ba902b7");
    assert!(span.parent_span_is_remote);
}

/// A request of a remote caller, and the span that it leaves.
fn of_a_stranger(layer: cryostorm::middleware::ServerLayer, uri: &'static str) -> SpanData {
    let router = Router::new().route(uri, get(async || ())).layer(layer);
    drop(spans_while(async {
        let mut request = request("GET", uri);
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4737-00f067aa0ba902b7-01";
        request.headers_mut().insert("traceparent", parent.parse().unwrap());
        // As a server's task, which has no span that is current.
        let here = cryostorm::opentelemetry::Context::new().attach();
        send(&router, request).await;
        drop(here);
    }));
    let mut spans = telemetry().in_memory().spans();
    spans.retain(|span| span.name.ends_with(uri));
    assert_eq!(spans.len(), 1);
    spans.remove(0)
}

#[test]
fn trusts_the_caller_as_far_as_it_is_told() {
    let remote = "4bf92f3577b34da6a3ce929d0e0e4737";
    let linked = of_a_stranger(layer().trust(Trust::Link), "/linked");
    assert_ne!(linked.span_context.trace_id().to_string(), remote);
    assert_eq!(linked.parent_span_id, SpanId::INVALID);
    let links: Vec<_> = linked.links.iter().map(|link| link.span_context.trace_id().to_string()).collect();
    assert_eq!(links, [remote]);
    let unknown = of_a_stranger(layer().trust(Trust::None), "/unknown");
    assert_ne!(unknown.span_context.trace_id().to_string(), remote);
    assert_eq!((unknown.parent_span_id, unknown.links.iter().count()), (SpanId::INVALID, 0));
    let trusted = of_a_stranger(layer(), "/trusted");
    assert_eq!(trusted.span_context.trace_id().to_string(), remote);
}

#[test]
fn is_measured_and_logged_though_its_trace_is_not_sampled() {
    let router = Router::new().route("/unsampled", get(async || "12")).layer(layer().access_log(true));
    drop(spans_while(async {
        let mut request = request("GET", "/unsampled");
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4738-00f067aa0ba902b7-00";
        request.headers_mut().insert("traceparent", parent.parse().unwrap());
        send(&router, request).await;
    }));
    assert!(telemetry().in_memory().spans().iter().all(|span| span.name != "GET /unsampled"));
    assert_eq!(only("http.server.request.duration", "http.route", "/unsampled").count, 1);
    let logs = telemetry().in_memory().logs();
    let body = AnyValue::from("GET /unsampled 200".to_owned());
    let record = logs.iter().find(|log| log.body() == Some(&body)).unwrap();
    assert!(record.attributes_iter().any(|(key, _)| key.as_str() == "url.path"));
}

#[test]
fn counts_the_bytes_that_are_read() {
    async fn read_one(body: Body) -> &'static str {
        let mut body = std::pin::pin!(body);
        assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "first");
        "12"
    }
    let router = Router::new().route("/upload", post(read_one)).layer(layer());
    drop(spans_while(async {
        let chunks = ["first", "never read"].map(Ok::<_, std::io::Error>);
        let body = Body::from_stream(futures::stream::iter(chunks));
        let response = send(&router, Request::post("/upload").body(body).unwrap()).await;
        response.into_body().collect().await.unwrap();
    }));
    assert_eq!(only("http.server.request.body.size", "http.route", "/upload").sum, 5.0);
    assert_eq!(only("http.server.response.body.size", "http.route", "/upload").sum, 2.0);
}

#[test]
fn is_logged_where_that_is_asked_for() {
    let router = Router::new().route("/logged", get(async || "12")).layer(layer().access_log(true));
    let trace = spans_while(async {
        send(&router, request("GET", "/logged?a=b")).await.into_body().collect().await.unwrap();
    });
    let logs = telemetry().in_memory().logs();
    let body = AnyValue::from("GET /logged 200".to_owned());
    let records: Vec<_> = logs.iter().filter(|log| log.body() == Some(&body)).collect();
    let [record] = records[..] else { panic!("{records:?}") };
    assert_eq!(record.severity_number(), Some(Severity::Info));
    assert_eq!(record.trace_context().unwrap().span_id, trace.only().span_context.span_id());
    let has = |key: &str, value: AnyValue| {
        record.attributes_iter().any(|(name, other)| name.as_str() == key && *other == value)
    };
    for pair in &trace.only().attributes {
        assert!(record.attributes_iter().any(|(name, _)| *name == pair.key), "{}", pair.key);
    }
    assert!(
        has("http.response.body.size", AnyValue::Int(2)) && has("http.request.body.size", AnyValue::Int(0))
    );
    assert!(has("http.response.status_code", AnyValue::Int(200)));
}
