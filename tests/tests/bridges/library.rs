//! A library that knows `tracing` and nothing of us, between annotated functions: `tower-http`.

use std::convert::Infallible;

use cryostorm::opentelemetry::trace::{SpanId, Status};
use cryostorm::opentelemetry_sdk::trace::SpanData;
use cryostorm::{Telemetry, traced};
use cryostorm_tests::installation::{alone, quiet};
use http::{Request, Response, StatusCode};
use tower::{Layer as _, ServiceExt as _, service_fn};
use tower_http::trace::{DefaultMakeSpan, DefaultOnResponse, TraceLayer};

use super::{attribute, body, bridged};

#[traced(name = "handler", attributes(path = %request.uri()))]
async fn handler(request: Request<String>) -> Result<Response<String>, Infallible> {
    let mut response = Response::new(String::new());
    if request.uri() == "/broken" {
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    }
    Ok(response)
}

#[traced(name = "client")]
async fn call(uri: &'static str) -> StatusCode {
    let layer = TraceLayer::new_for_http()
        .make_span_with(DefaultMakeSpan::new().level(tracing::Level::INFO))
        .on_response(DefaultOnResponse::new().level(tracing::Level::INFO));
    let request = Request::builder().uri(uri).body(String::new()).unwrap();
    layer.layer(service_fn(handler)).oneshot(request).await.unwrap().status()
}

fn traces(calls: &[&'static str]) -> (Vec<SpanData>, Vec<cryostorm::opentelemetry_sdk::logs::SdkLogRecord>) {
    let _alone = alone();
    let telemetry = Telemetry::from_settings(quiet()).unwrap();
    bridged(|| {
        for uri in calls {
            let around = tracing::info_span!("around");
            futures::executor::block_on(tracing::Instrument::instrument(call(uri), around));
        }
    });
    telemetry.shutdown().unwrap();
    (telemetry.in_memory().spans(), telemetry.in_memory().logs())
}

#[test]
fn its_spans_and_annotated_functions_are_one_tree() {
    let (spans, logs) = traces(&["/orders"]);
    let named = |name: &str| spans.iter().find(|span| span.name == name).unwrap();
    let (request, handler) = (named("request"), named("handler"));
    assert_eq!(handler.parent_span_id, request.span_context.span_id());
    assert_eq!(request.parent_span_id, named("client").span_context.span_id());
    assert_eq!(named("client").parent_span_id, named("around").span_context.span_id());
    assert_eq!(named("around").parent_span_id, SpanId::INVALID);
    assert_eq!(spans.len(), 4);
    assert!(request.instrumentation_scope.name().starts_with("tower_http::trace"));
    assert!(
        request.attributes.iter().any(|pair| pair.key.as_str() == "uri" && pair.value.as_str() == "/orders")
    );

    let [log] = logs.as_slice() else { panic!("{logs:?}") };
    assert_eq!(body(log), "finished processing request");
    assert_eq!(log.target().unwrap(), "tower_http::trace::on_response");
    assert_eq!(log.trace_context().unwrap().span_id, request.span_context.span_id());
    assert_eq!(attribute(log, "status"), Some(200.into()));
}

#[test]
fn its_failures_are_its_spans_errors() {
    let (spans, logs) = traces(&["/broken"]);
    let status = |name: &str| spans.iter().find(|span| span.name == name).unwrap().status.clone();
    assert_eq!(status("request"), Status::error(""));
    assert_eq!((status("client"), status("handler")), (Status::Unset, Status::Unset));
    assert!(logs.iter().any(|log| body(log) == "response failed"));
}
