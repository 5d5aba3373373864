//! Calls of gRPC.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use cryostorm::middleware::{ClientLayer, ObservedBody, ServerLayer};
use cryostorm::opentelemetry::logs::{AnyValue, Severity};
use cryostorm::opentelemetry::trace::{SpanKind, Status};
use cryostorm::opentelemetry_sdk::logs::SdkLogRecord;
use cryostorm_tests::trace::{Trace, attribute, error_type, poll_once, telemetry};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use tower::{Layer, Service, service_fn};

use super::observed::{measured, only, pairs, spans_while};

fn call(method: &str) -> Request<Body> {
    let uri = format!("http://shop.example:50051/{method}");
    Request::post(uri).header("content-type", "application/grpc+proto").body(Body::empty()).unwrap()
}

fn status(code: &'static str) -> HeaderMap {
    HeaderMap::from_iter([("grpc-status".parse().unwrap(), HeaderValue::from_static(code))])
}

/// An answer whose status is in its trailers.
fn trailing(code: &'static str) -> Response<Body> {
    let frames = [Frame::data(Bytes::from_static(b"message")), Frame::trailers(status(code))];
    Response::new(Body::new(StreamBody::new(futures::stream::iter(frames.map(Ok::<_, Infallible>)))))
}

/// An answer that is nothing but a status.
fn only_status(code: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    response.headers_mut().extend(status(code));
    response
}

type Answer = fn() -> Response<Body>;

fn served(method: &str, answer: Answer) -> Trace {
    served_by(ServerLayer::new(), method, answer)
}

fn served_by(layer: ServerLayer, method: &str, answer: Answer) -> Trace {
    spans_while(async {
        let service = service_fn(async |_: Request<ObservedBody<Body>>| Ok::<_, Infallible>(answer()));
        let response = layer.layer(service).call(call(method)).await.unwrap();
        response.into_body().collect().await.unwrap();
    })
}

fn sent(method: &str, answer: Answer) -> Trace {
    spans_while(async {
        let service = service_fn(async |_: Request<Body>| Ok::<_, Infallible>(answer()));
        let response = ClientLayer::new().layer(service).call(call(method)).await.unwrap();
        response.into_body().collect().await.unwrap();
    })
}

#[test]
fn are_told_by_the_convention_for_rpc() {
    let trace = served("shop.Orders/Place", || trailing("0"));
    let span = trace.only();
    assert_eq!(
        (&*span.name, &span.span_kind, &span.status),
        ("shop.Orders/Place", &SpanKind::Server, &Status::Unset)
    );
    for (key, value) in [
        ("rpc.system.name", "grpc"),
        ("rpc.method", "shop.Orders/Place"),
        ("rpc.response.status_code", "OK"),
        ("server.address", "shop.example"),
        ("server.port", "50051"),
    ] {
        assert_eq!(attribute(span, key).map(|value| value.to_string()).as_deref(), Some(value), "{key}");
    }
    let expected = [
        ("rpc.method", "shop.Orders/Place"),
        ("rpc.response.status_code", "OK"),
        ("rpc.system.name", "grpc"),
    ];
    let series = only("rpc.server.call.duration", "rpc.method", "shop.Orders/Place");
    assert_eq!((series.attributes, series.count), (pairs(expected), 1));
}

#[test]
fn fail_by_the_status_in_their_trailers_or_headers() {
    for answer in [|| trailing("14"), || only_status("14")] {
        let trace = served("shop.Orders/Unavailable", answer);
        let span = trace.only();
        assert_eq!((error_type(span).as_deref(), &span.status), (Some("UNAVAILABLE"), &Status::error("")));
    }
    let series = only("rpc.server.call.duration", "rpc.method", "shop.Orders/Unavailable");
    assert_eq!((series.attributes["error.type"].as_str(), series.count), ("UNAVAILABLE", 2));
}

#[test]
fn that_find_nothing_are_errors_of_the_client_only() {
    let trace = served("shop.Orders/Find", || trailing("5"));
    assert_eq!((error_type(trace.only()), &trace.only().status), (None, &Status::Unset));
    let trace = sent("shop.Orders/Find", || trailing("5"));
    let span = trace.only();
    assert_eq!((&span.span_kind, error_type(span).as_deref()), (&SpanKind::Client, Some("NOT_FOUND")));
    let expected = [
        ("error.type", "NOT_FOUND"),
        ("rpc.method", "shop.Orders/Find"),
        ("rpc.response.status_code", "NOT_FOUND"),
        ("rpc.system.name", "grpc"),
        ("server.address", "shop.example"),
        ("server.port", "50051"),
    ];
    let series = only("rpc.client.call.duration", "rpc.method", "shop.Orders/Find");
    assert_eq!((series.attributes, series.count), (pairs(expected), 1));
}

/// How many calls of procedures without a name of their own failed so.
fn of_others(error_type: &str) -> i64 {
    let others = measured("rpc.server.call.duration", "rpc.method", "_OTHER");
    let failed = others
        .iter()
        .filter(|series| series.attributes.get("error.type").is_some_and(|other| other == error_type));
    failed.map(|series| series.count).sum()
}

#[test]
fn of_procedures_that_there_are_not_make_no_series_of_their_own() {
    for method in ["made.Up/One", "made.Up/Two"] {
        let trace = served(method, || only_status("12"));
        let span = trace.only();
        assert_eq!((&*span.name, error_type(span).as_deref()), ("grpc", Some("UNIMPLEMENTED")));
        let original = span.attributes.iter().find(|pair| pair.key.as_str() == "rpc.method_original");
        assert_eq!(original.map(|pair| pair.value.to_string()).as_deref(), Some(method));
        assert!(measured("rpc.server.call.duration", "rpc.method", method).is_empty());
    }
    assert_eq!(of_others("UNIMPLEMENTED"), 2);
}

#[test]
fn that_nothing_of_grpc_answers_make_no_series_of_their_own() {
    for method in ["hostile.A/1", "hostile.B/2"] {
        let trace = served(method, || {
            let mut response = Response::new(Body::from("not here"));
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            response
        });
        assert_eq!((&*trace.only().name, error_type(trace.only()).as_deref()), ("grpc", Some("UNAVAILABLE")));
        let dropped = spans_while(async {
            let service = service_fn(async |_: Request<ObservedBody<Body>>| {
                std::future::pending::<Result<Response<Body>, Infallible>>().await
            });
            let mut layered = ServerLayer::new().layer(service);
            let mut calling = Box::pin(layered.call(call(method)));
            assert!(poll_once(calling.as_mut()).is_pending());
        });
        assert_eq!(error_type(dropped.only()).as_deref(), Some("cancelled"));
        assert!(measured("rpc.server.call.duration", "rpc.method", method).is_empty());
    }
    assert_eq!(of_others("UNAVAILABLE"), 2);
}

#[test]
fn without_a_status_have_an_unknown_one() {
    let trace = served("shop.Orders/Torn", || Response::new(Body::from("message")));
    assert_eq!(error_type(trace.only()).as_deref(), Some("UNKNOWN"));
}

#[test]
fn dropped_by_their_client_are_cancelled() {
    let trace = spans_while(async {
        let service = service_fn(async |_: Request<Body>| Ok::<_, Infallible>(trailing("0")));
        let mut body =
            ClientLayer::new().layer(service).call(call("shop.Orders/Watch")).await.unwrap().into_body();
        body.frame().await.unwrap().unwrap();
    });
    assert_eq!(error_type(trace.only()).as_deref(), Some("cancelled"));
}

/// The access log's record of a call, with its attributes as texts.
fn logged(
    method: &str,
    answer: fn() -> Response<Body>,
) -> (Trace, String, Severity, BTreeMap<String, AnyValue>) {
    let layer = ServerLayer::new().access_log(true).capture_request_headers([header::CONTENT_TYPE]);
    let trace = served_by(layer, method, answer);
    let span = trace.only().span_context.span_id();
    let logs = telemetry().in_memory().logs();
    let is_its = |log: &&SdkLogRecord| log.trace_context().is_some_and(|context| context.span_id == span);
    let records: Vec<_> = logs.iter().filter(is_its).collect();
    let [record] = records[..] else { panic!("{records:?}") };
    let Some(AnyValue::String(body)) = record.body() else { panic!("{record:?}") };
    let attributes = record.attributes_iter().map(|(key, value)| (key.to_string(), value.clone())).collect();
    (trace, body.to_string(), record.severity_number().unwrap(), attributes)
}

#[test]
fn are_logged_with_what_their_spans_have() {
    let calls: [(&str, Answer, &str, Severity); 3] = [
        ("shop.Orders/Logged", || trailing("0"), "OK", Severity::Info),
        ("shop.Orders/LoggedFailing", || trailing("13"), "INTERNAL", Severity::Error),
        ("shop.Orders/LoggedUnknown", || only_status("5"), "NOT_FOUND", Severity::Info),
    ];
    for (method, answer, status, severity) in calls {
        let (trace, body, logged_severity, attributes) = logged(method, answer);
        assert_eq!((body, logged_severity), (format!("{method} {status}"), severity));
        let text = |text: &str| AnyValue::from(text.to_owned());
        assert_eq!(attributes["rpc.method"], text(method));
        assert_eq!(attributes["rpc.response.status_code"], text(status));
        let AnyValue::Double(seconds) = attributes["rpc.server.call.duration"] else {
            panic!("{attributes:?}")
        };
        assert!(seconds > 0.0 && seconds < 60.0, "{seconds}");
        let mut keys: BTreeSet<_> = attributes.keys().map(String::as_str).collect();
        assert!(keys.remove("rpc.server.call.duration"));
        let of_span: BTreeSet<_> = trace.only().attributes.iter().map(|pair| pair.key.as_str()).collect();
        assert!(of_span.contains("rpc.request.metadata.content-type"));
        assert_eq!(keys, of_span, "no sizes, which the convention does not know");
    }
}

#[test]
fn of_procedures_that_there_are_not_are_logged_by_what_they_were_called() {
    // Without a status, so that it is of no gRPC service, and counts as another failure than those of other tests.
    let (_, body, _, attributes) = logged("made.Up/Logged", || {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::FORBIDDEN;
        response
    });
    assert_eq!(body, "made.Up/Logged PERMISSION_DENIED");
    let text = |text: &str| AnyValue::from(text.to_owned());
    assert_eq!(attributes["rpc.method"], text("_OTHER"));
    assert_eq!(attributes["rpc.method_original"], text("made.Up/Logged"));
}
