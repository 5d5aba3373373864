//! What requests that are sent leave in metrics beside their duration: their sizes, and how many are under way.

use std::convert::Infallible;
use std::pin::Pin;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, Response};
use axum::routing::post;
use cryostorm::middleware::ClientLayer;
use cryostorm_tests::trace::{poll_once, spans_of, telemetry};
use futures::stream;
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tower::{Layer, Service, service_fn};

use super::observed::{Measured, block_on, measured, only, pairs, serve, spans_while};

const REQUEST_SIZE: &str = "http.client.request.body.size";
const RESPONSE_SIZE: &str = "http.client.response.body.size";

fn chunked(chunks: &'static [&'static str]) -> Body {
    Body::from_stream(stream::iter(chunks.iter().copied().map(Ok::<_, Infallible>)))
}

fn upload(host: &str, body: Body) -> Request<Body> {
    Request::post(format!("http://{host}/")).body(body).unwrap()
}

/// Sends a request to a service that answers so, and looks at the body of the answer.
fn sent(request: Request<Body>, answer: fn() -> Body, reads: impl AsyncFnOnce(Body)) {
    drop(spans_while(async {
        let service = service_fn(async |_: Request<Body>| Ok::<_, Infallible>(Response::new(answer())));
        let response = ClientLayer::new().layer(service).call(request).await.unwrap();
        reads(Body::new(response.into_body())).await;
    }));
}

async fn reads_all(body: Body) {
    body.collect().await.unwrap();
}

async fn reads_one(mut body: Body) {
    body.frame().await.unwrap().unwrap();
}

/// The only series of a metric of requests to that host.
fn of(metric: &str, host: &str) -> Measured {
    only(metric, "server.address", host)
}

#[test]
fn sizes_are_those_of_what_is_sent_and_read() {
    sent(upload("sized.example", Body::from("12345")), || chunked(&["123", "4567"]), reads_all);
    let expected = pairs([
        ("http.request.method", "POST"),
        ("http.response.status_code", "200"),
        ("network.protocol.version", "1.1"),
        ("server.address", "sized.example"),
        ("server.port", "80"),
    ]);
    for (metric, bytes) in [(REQUEST_SIZE, 5.0), (RESPONSE_SIZE, 7.0)] {
        let size = of(metric, "sized.example");
        assert_eq!((size.attributes, size.count, size.sum), (expected.clone(), 1, bytes), "{metric}");
    }
    let duration = of("http.client.request.duration", "sized.example");
    assert_eq!((duration.attributes, duration.count), (expected, 1));
}

#[test]
fn sizes_of_answers_are_of_as_much_as_is_read() {
    sent(upload("left.example", Body::empty()), || chunked(&["123", "4567"]), reads_one);
    sent(upload("left.example", Body::empty()), || Body::from("12345678"), async |body| drop(body));
    let size = of(RESPONSE_SIZE, "left.example");
    assert_eq!((size.count, size.sum), (2, 3.0));
    assert_eq!(of(REQUEST_SIZE, "left.example").sum, 0.0);
}

#[test]
fn sizes_of_requests_are_measured_where_they_are_known() {
    sent(upload("unknown.example", chunked(&["12", "345"])), Body::empty, reads_all);
    assert!(measured(REQUEST_SIZE, "server.address", "unknown.example").is_empty());
    let mut request = upload("announced.example", chunked(&["12", "345"]));
    request.headers_mut().insert("content-length", 5.into());
    sent(request, Body::empty, reads_all);
    assert_eq!(of(REQUEST_SIZE, "announced.example").sum, 5.0);
}

#[test]
fn sizes_are_not_measured_without_an_answer() {
    drop(spans_while(async {
        let service = service_fn(async |_: Request<Body>| Err::<Response<Body>, _>("unreachable"));
        let request = upload("unreachable.example", Body::from("12345"));
        ClientLayer::new().layer(service).call(request).await.unwrap_err();
    }));
    assert_eq!(of("http.client.request.duration", "unreachable.example").attributes["error.type"], "&str");
    for metric in [REQUEST_SIZE, RESPONSE_SIZE] {
        assert!(measured(metric, "server.address", "unreachable.example").is_empty(), "{metric}");
    }
}

#[test]
fn one_is_under_way_until_it_is_answered_or_dropped() {
    let active = |host| of("http.client.active_requests", host);
    spans_of(|| {
        let (answer, answered) = tokio::sync::oneshot::channel::<()>();
        let mut answered = Some(answered);
        let service = service_fn(move |_: Request<Body>| {
            let answered = answered.take();
            async move {
                match answered {
                    Some(answered) => answered.await.unwrap(),
                    None => std::future::pending().await,
                }
                Ok::<_, Infallible>(Response::new(chunked(&["1", "2"])))
            }
        });
        let mut client = ClientLayer::new().layer(service);
        let mut first = Box::pin(client.call(upload("active.example", Body::empty())));
        let mut second = Box::pin(client.call(upload("active.example", Body::empty())));
        assert!(
            poll_once(Pin::new(&mut first)).is_pending() && poll_once(Pin::new(&mut second)).is_pending()
        );
        let expected =
            [("http.request.method", "POST"), ("server.address", "active.example"), ("server.port", "80")];
        let both = active("active.example");
        assert_eq!((both.attributes, both.count), (pairs(expected), 2));
        answer.send(()).unwrap();
        let response = block_on(first).unwrap();
        assert_eq!(active("active.example").count, 1, "over with its head");
        drop(response);
        drop(second);
        assert_eq!(active("active.example").count, 0);
    });
    let durations = measured("http.client.request.duration", "server.address", "active.example");
    let errors: Vec<_> = durations.iter().map(|series| series.attributes.get("error.type")).collect();
    assert!(errors.len() == 2 && errors.contains(&Some(&"cancelled".to_owned())), "{errors:?}");
}

#[test]
fn instruments_are_those_of_the_convention() {
    sent(upload("described.example", Body::from("1")), || Body::from("2"), reads_all);
    telemetry().force_flush(std::time::Duration::from_secs(30)).unwrap();
    let points = telemetry().in_memory().metrics();
    for (name, unit) in [
        ("http.client.request.duration", "s"),
        (REQUEST_SIZE, "By"),
        (RESPONSE_SIZE, "By"),
        ("http.client.active_requests", "{request}"),
    ] {
        assert_eq!(points.iter().find(|point| point.name == name).unwrap().unit, unit, "{name}");
    }
}

/// A server that answers with what it is sent, in capitals and twice.
async fn echo() -> String {
    let echo = async |body: Bytes| String::from_utf8(body.to_vec()).unwrap().to_uppercase().repeat(2);
    serve(Router::new().route("/", post(echo))).await
}

/// The only series of a metric of requests to a server of a test, which has a port of its own.
fn at(metric: &str, server: &str) -> Measured {
    only(metric, "server.port", server.rsplit_once(':').unwrap().1)
}

#[test]
fn sizes_and_requests_under_way_of_hyper_are_measured() {
    let mut server = String::new();
    let trace = spans_while(async {
        server = echo().await;
        let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
        let mut client = ClientLayer::new().layer(client);
        let response = client.call(upload(&server, Body::from("abc"))).await.unwrap();
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "ABCABC");
    });
    let span = trace.only();
    assert_eq!(span.name, "POST");
    assert_eq!((at(REQUEST_SIZE, &server).sum, at(RESPONSE_SIZE, &server).sum), (3.0, 6.0));
    assert_eq!(at("http.client.active_requests", &server).count, 0);
    let duration = at("http.client.request.duration", &server);
    assert_eq!((duration.attributes["http.response.status_code"].as_str(), duration.count), ("200", 1));
}

#[test]
fn sizes_and_requests_under_way_of_reqwest_are_measured() {
    let mut server = String::new();
    drop(spans_while(async {
        server = echo().await;
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let client = reqwest_middleware::ClientBuilder::new(client).with(ClientLayer::new()).build();
        let response = client.post(format!("http://{server}/")).body("abc").send().await.unwrap();
        assert_eq!(response.text().await.unwrap(), "ABCABC");
    }));
    assert_eq!((at(REQUEST_SIZE, &server).sum, at(RESPONSE_SIZE, &server).sum), (3.0, 6.0));
    assert_eq!(at("http.client.active_requests", &server).count, 0);
}
