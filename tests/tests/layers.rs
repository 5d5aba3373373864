//! Requests through the layers where there is no telemetry any more, or not all of it.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, Response};
use axum::routing::{get, post};
use cryostorm::middleware::{ClientLayer, ObservedBody, ServerLayer};
use cryostorm::{Telemetry, TelemetryGuard};
use cryostorm_tests::installation::{alone, quiet};
use futures::{StreamExt, stream};
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use reqwest_middleware::ClientWithMiddleware;
use tokio::sync::mpsc;
use tower::{Layer, Service, service_fn};

/// A server with the layer, whose answers can be told apart.
async fn serve(chunks: mpsc::UnboundedReceiver<&'static str>) -> String {
    let chunks = Arc::new(Mutex::new(Some(chunks)));
    let streamed = move || {
        let chunks = chunks.lock().unwrap().take().expect("one request");
        let chunks = stream::unfold(chunks, async |mut chunks| Some((chunks.recv().await?, chunks)));
        std::future::ready(Body::from_stream(chunks.map(Ok::<_, Infallible>)))
    };
    let router = Router::new()
        .route("/echo", post(async |body: Bytes| body))
        .route("/parent", get(async |headers: HeaderMap| format!("{:?}", headers.get("traceparent"))))
        .route("/panics", get(async || -> () { std::panic::panic_any("by intent") }))
        .route("/streamed", get(streamed))
        .layer(ServerLayer::new().access_log(true));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn reqwest() -> ClientWithMiddleware {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    reqwest_middleware::ClientBuilder::new(client).with(ClientLayer::new()).build()
}

/// Requests of both clients, which are answered as ever.
async fn ask(server: &str) {
    let client = reqwest();
    let echoed = client.post(format!("{server}/echo")).body("abc").send().await.unwrap();
    assert_eq!(echoed.text().await.unwrap(), "abc");
    let mut client = ClientLayer::new().layer(Client::builder(TokioExecutor::new()).build_http::<Body>());
    let request = Request::post(format!("{server}/echo")).body(Body::from("abc")).unwrap();
    let echoed = client.call(request).await.unwrap();
    assert_eq!(echoed.into_body().collect().await.unwrap().to_bytes(), "abc");
    // The connection breaks, and the server goes on.
    reqwest().get(format!("{server}/panics")).send().await.unwrap_err();
}

/// What the server was told of the client's span.
async fn parent(server: &str) -> String {
    let told = reqwest().get(format!("{server}/parent")).send().await.unwrap();
    told.text().await.unwrap()
}

/// How many spans, log records and measurements arrived.
fn arrived(telemetry: &TelemetryGuard) -> (usize, usize, usize) {
    let memory = telemetry.in_memory();
    (memory.spans().len(), memory.logs().len(), memory.metrics().len())
}

/// Runs a test that no other runs beside, in bounded time.
fn run(test: impl Future<Output = ()>) {
    let _alone = alone();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async { tokio::time::timeout(Duration::from_secs(60), test).await }).expect("answers");
}

#[test]
fn serve_and_send_requests_after_shutdown() {
    run(after_shutdown());
}

async fn after_shutdown() {
    let (chunks, received) = mpsc::unbounded_channel();
    let server = serve(received).await;
    // Before there is an installation, too.
    ask(&server).await;

    let telemetry = Telemetry::from_settings(quiet()).unwrap();
    ask(&server).await;
    assert!(parent(&server).await.starts_with("Some"));
    let mut streamed = reqwest().get(format!("{server}/streamed")).send().await.unwrap();
    chunks.send("before").unwrap();
    assert_eq!(streamed.chunk().await.unwrap().unwrap(), "before");
    telemetry.shutdown().unwrap();
    let before = arrived(&telemetry);
    assert!(before.0 > 0 && before.1 > 0 && before.2 > 0, "{before:?}");

    // One that began with it, and ends without.
    chunks.send("after").unwrap();
    assert_eq!(streamed.chunk().await.unwrap().unwrap(), "after");
    drop(chunks);
    assert_eq!(streamed.chunk().await.unwrap(), None);
    ask(&server).await;
    assert_eq!(parent(&server).await, "None");
    assert_eq!(arrived(&telemetry), before);
}

#[test]
fn name_calls_that_nothing_answers_without_metrics_too() {
    run(without_metrics());
}

async fn without_metrics() {
    let mut settings = quiet();
    settings.metrics.enabled = false;
    let telemetry = Telemetry::from_settings(settings).unwrap();
    let service = service_fn(async |_: Request<ObservedBody<Body>>| {
        Ok::<_, Infallible>(Response::new(Body::from("not here")))
    });
    let call = Request::post("/made.Up/One").header("content-type", "application/grpc");
    let answered = ServerLayer::new().layer(service).call(call.body(Body::empty()).unwrap()).await.unwrap();
    answered.into_body().collect().await.unwrap();
    telemetry.shutdown().unwrap();
    let names: Vec<_> = telemetry.in_memory().spans().iter().map(|span| span.name.clone()).collect();
    assert_eq!(names, ["grpc"]);
}
