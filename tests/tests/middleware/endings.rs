//! Requests that end otherwise than by an answer, and answers that take their time.

use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, Response, StatusCode};
use axum::routing::any;
use cryostorm::middleware::{ObservedBody, ServerLayer};
use cryostorm::opentelemetry::trace::Status;
use cryostorm::traced;
use cryostorm_tests::collector::poll;
use cryostorm_tests::trace::{attribute, error_type, poll_once, spans_of, telemetry};
use futures::stream;
use http_body_util::BodyExt;
use tokio::io::AsyncWriteExt;
use tower::{Layer, Service, service_fn};

use super::observed::{active, active_by, block_on, layer, measured, only, request, send, spans_while};

/// A service that never answers.
async fn never() {
    std::future::pending().await
}

#[test]
fn dropped_before_it_is_answered_it_is_cancelled() {
    let router = Router::new().route("/cancelled", any(never)).layer(layer());
    let trace = spans_of(|| {
        let mut sending = Box::pin(send(&router, request("PATCH", "/cancelled")));
        assert!(poll_once(sending.as_mut()).is_pending());
        assert_eq!(active("PATCH"), 1);
        drop(sending);
    });
    let span = trace.only();
    assert_eq!((&span.status, error_type(span).as_deref()), (&Status::Unset, Some("cancelled")));
    assert_eq!(attribute(span, "http.response.status_code"), None);
    assert_eq!(active("PATCH"), 0);
    let series = only("http.server.request.duration", "http.route", "/cancelled");
    assert_eq!((series.attributes["error.type"].as_str(), series.count), ("cancelled", 1));
    assert!(!series.attributes.contains_key("http.response.status_code"));
}

#[test]
fn dropped_where_telemetry_is_suppressed_it_is_no_longer_under_way() {
    let router = Router::new().route("/suppressed", any(never)).layer(layer());
    spans_of(|| {
        let mut sending = Box::pin(send(&router, request("TRACE", "https://shop/suppressed")));
        assert!(poll_once(sending.as_mut()).is_pending());
        assert_eq!(active_by("TRACE", "https"), 1);
        let _suppressed = cryostorm::opentelemetry::Context::enter_telemetry_suppressed_scope();
        drop(sending);
    });
    assert_eq!(active_by("TRACE", "https"), 0);
    assert_eq!(only("http.server.request.duration", "http.route", "/suppressed").count, 1);
}

/// Lets other tasks go on until it is so, though not for ever.
async fn until(is_so: impl Fn() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("what is waited for");
}

#[test]
fn a_client_that_disconnects_cancels_its_request() {
    let trace = spans_while(async {
        let router = Router::new().route("/disconnected", any(never)).layer(layer());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move { axum::serve(listener, router).await });
        let mut client = tokio::net::TcpStream::connect(address).await.unwrap();
        client.write_all(b"OPTIONS /disconnected HTTP/1.1\r\nHost: shop\r\n\r\n").await.unwrap();
        until(|| active("OPTIONS") == 1).await;
        drop(client);
        until(|| active("OPTIONS") == 0).await;
        server.abort();
    });
    let span = trace.only();
    assert_eq!(span.name, "OPTIONS /disconnected");
    assert_eq!((&span.status, error_type(span).as_deref()), (&Status::Unset, Some("cancelled")));
    let series = only("http.server.request.duration", "http.route", "/disconnected");
    assert_eq!((series.attributes["error.type"].as_str(), series.count), ("cancelled", 1));
    let took = span.end_time.duration_since(span.start_time).unwrap().as_secs_f64();
    assert!((series.sum - took).abs() < 0.1, "{} and {took}", series.sum);
}

#[test]
fn a_panic_of_the_handler_is_an_error_and_goes_on() {
    async fn panics() {
        std::panic::panic_any("by intent");
    }
    let router = Router::new().route("/panics", any(panics)).layer(layer());
    let trace = spans_of(|| {
        let sending = std::panic::AssertUnwindSafe(|| block_on(send(&router, request("DELETE", "/panics"))));
        assert!(std::panic::catch_unwind(sending).is_err());
    });
    let span = trace.only();
    assert_eq!(error_type(span).as_deref(), Some("panic"));
    assert!(matches!(span.status, Status::Error { .. }));
    assert_eq!(active("DELETE"), 0);
    assert_eq!(
        only("http.server.request.duration", "http.route", "/panics").attributes["error.type"],
        "panic"
    );
}

#[test]
fn an_error_of_the_service_is_one_of_the_request() {
    let trace = spans_while(async {
        let service = service_fn(async |_: Request<ObservedBody<Body>>| {
            Err::<Response<Body>, _>(std::io::Error::other("no disk"))
        });
        let layer = ServerLayer::new().route(|_| Some("/failing"));
        let error = layer.layer(service).call(request("GET", "/7")).await.unwrap_err();
        assert_eq!(error.to_string(), "no disk");
    });
    let span = trace.only();
    assert_eq!(error_type(span).as_deref(), Some("std::io::error::Error"));
    assert_eq!(span.status, Status::error("no disk"));
    let series = only("http.server.request.duration", "http.route", "/failing");
    assert_eq!(series.attributes["error.type"], "std::io::error::Error");
}

#[test]
fn an_error_is_asked_once_what_it_says() {
    struct Counts(std::cell::Cell<u32>);
    impl std::fmt::Display for Counts {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            self.0.set(self.0.get() + 1);
            write!(f, "asked {} times", self.0.get())
        }
    }
    let trace = spans_while(async {
        let service = service_fn(async |_: Request<ObservedBody<Body>>| {
            Err::<Response<Body>, _>(Counts(std::cell::Cell::new(0)))
        });
        ServerLayer::new()
            .access_log(true)
            .layer(service)
            .call(request("GET", "/asked"))
            .await
            .err()
            .unwrap();
    });
    let span = trace.only();
    assert_eq!(span.status, Status::error("asked 1 times"));
    let said = span.events[0].attributes.iter().find(|pair| pair.key.as_str() == "exception.message");
    assert_eq!(said.map(|pair| pair.value.to_string()).as_deref(), Some("asked 1 times"));
}

/// A stream of chunks, each made under a span.
fn chunks(count: usize) -> impl futures::Stream<Item = Result<Bytes, Infallible>> {
    #[traced]
    fn chunk() -> Bytes {
        Bytes::from_static(b"chunk")
    }
    stream::iter((0..count).map(|_| ())).map(|()| Ok(chunk()))
}
use futures::StreamExt as _;

/// A service that answers with a stream.
fn streaming(route: &'static str, count: usize) -> Router {
    Router::new().route(route, any(async move || Body::from_stream(chunks(count)))).layer(layer())
}

#[test]
fn a_streamed_answer_ends_with_its_last_byte() {
    let router = streaming("/streamed", 3);
    let trace = spans_while(async {
        let response = send(&router, request("PUT", "/streamed")).await;
        assert_eq!((response.status(), active("PUT")), (StatusCode::OK, 1));
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes().len(), 15);
        assert_eq!(active("PUT"), 0);
    });
    let span = trace.named("PUT /streamed");
    assert_eq!((&span.status, error_type(span)), (&Status::Unset, None));
    let chunks: Vec<_> = trace.spans.iter().filter(|span| span.name.ends_with("chunk")).collect();
    assert_eq!(chunks.len(), 3);
    for chunk in chunks {
        assert_eq!(chunk.parent_span_id, span.span_context.span_id());
        assert!(chunk.end_time <= span.end_time);
    }
    let size = only("http.server.response.body.size", "http.route", "/streamed");
    assert_eq!((size.count, size.sum), (1, 15.0));
}

#[test]
fn a_streamed_answer_that_nobody_reads_to_its_end_is_cancelled() {
    let router = streaming("/abandoned", 3);
    let trace = spans_while(async {
        let mut body = send(&router, request("TRACE", "/abandoned")).await.into_body();
        body.frame().await.unwrap().unwrap();
        assert_eq!(active("TRACE"), 1);
    });
    let span = trace.named("TRACE /abandoned");
    assert_eq!((&span.status, error_type(span).as_deref()), (&Status::Unset, Some("cancelled")));
    assert_eq!(attribute(span, "http.response.status_code"), Some(200.into()));
    assert_eq!(active("TRACE"), 0);
    let size = only("http.server.response.body.size", "http.route", "/abandoned");
    assert_eq!((size.attributes["error.type"].as_str(), size.sum), ("cancelled", 5.0));
}

#[test]
fn a_stream_that_fails_fails_its_request() {
    async fn fails() -> Body {
        Body::from_stream(stream::iter([Ok("some"), Err(std::io::Error::other("lost"))]))
    }
    let router = Router::new().route("/torn", any(fails)).layer(layer());
    let trace = spans_while(async {
        send(&router, request("GET", "/torn")).await.into_body().collect().await.unwrap_err();
    });
    assert_eq!(error_type(trace.only()).as_deref(), Some("axum_core::error::Error"));
    assert!(matches!(trace.only().status, Status::Error { .. }));
    assert_eq!(only("http.server.response.body.size", "http.route", "/torn").sum, 4.0);
}

#[test]
fn an_answer_is_over_when_as_much_as_it_announced_went_by() {
    async fn announced() -> Response<Body> {
        let body = Body::from_stream(stream::iter([Ok::<_, Infallible>("12345"), Ok("67890")]));
        Response::builder().header("content-length", 10).body(body).unwrap()
    }
    let router = Router::new().route("/announced", any(announced)).layer(layer());
    let trace = spans_while(async {
        // As servers do, which ask for no more.
        let mut body = send(&router, request("GET", "/announced")).await.into_body();
        body.frame().await.unwrap().unwrap();
        body.frame().await.unwrap().unwrap();
    });
    assert_eq!(error_type(trace.only()), None);
    assert_eq!(only("http.server.response.body.size", "http.route", "/announced").sum, 10.0);
}

#[test]
fn an_answer_without_a_body_is_over_at_once() {
    async fn answer(request: axum::extract::Request) -> Response<Body> {
        let status = if request.method() == "HEAD" { 200 } else { 304 };
        let body = Body::from_stream(stream::iter([Ok::<_, Infallible>("never sent")]));
        Response::builder().status(status).header("content-length", 10).body(body).unwrap()
    }
    let router = Router::new().route("/bodiless", any(answer)).layer(layer());
    for method in ["HEAD", "GET"] {
        let trace = spans_while(async {
            drop(send(&router, request(method, "/bodiless")).await);
        });
        assert_eq!(error_type(trace.only()), None, "{method}");
    }
    let sizes = measured("http.server.response.body.size", "http.route", "/bodiless");
    assert!(sizes.len() == 2 && sizes.iter().all(|size| size.sum == 0.0), "{sizes:?}");
}

#[test]
fn one_that_ends_on_another_thread_is_counted_once() {
    let router = streaming("/moved", 1);
    let response = block_on(send(&router, request("CONNECT", "/moved")));
    assert_eq!(active("CONNECT"), 1);
    std::thread::spawn(move || block_on(response.into_body().collect()).map(drop)).join().unwrap().unwrap();
    assert_eq!(active("CONNECT"), 0);
}

#[test]
fn a_service_that_is_not_ready_is_not_called() {
    #[derive(Clone)]
    struct Busy;
    impl Service<Request<ObservedBody<Body>>> for Busy {
        type Response = Response<Body>;
        type Error = Infallible;
        type Future = std::future::Pending<Result<Self::Response, Infallible>>;
        fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Pending
        }
        fn call(&mut self, _: Request<ObservedBody<Body>>) -> Self::Future {
            panic!("it is not ready");
        }
    }
    let mut service = ServerLayer::new().layer(Busy);
    let ready = std::future::poll_fn(|wakeup| Service::<Request<Body>>::poll_ready(&mut service, wakeup));
    assert!(poll_once(pin!(ready) as Pin<&mut _>).is_pending());
}

#[test]
fn where_telemetry_is_suppressed_requests_are_served_all_the_same() {
    let suppressed = cryostorm::opentelemetry::Context::enter_telemetry_suppressed_scope();
    let router = streaming("/unobserved", 2);
    let length = block_on(async {
        send(&router, request("GET", "/unobserved"))
            .await
            .into_body()
            .collect()
            .await
            .unwrap()
            .to_bytes()
            .len()
    });
    drop(suppressed);
    assert_eq!(length, 10);
    telemetry().force_flush(Duration::from_secs(30)).unwrap();
    assert!(telemetry().in_memory().spans().iter().all(|span| !span.name.contains("/unobserved")));
    assert!(
        poll(|| Some(measured("http.server.request.duration", "http.route", "/unobserved")))
            .unwrap()
            .is_empty()
    );
}
