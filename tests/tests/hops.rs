//! Three services in a row, by axum, reqwest and tonic: what arrives at the official OpenTelemetry Collector.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{MatchedPath, Path, State};
use axum::routing::get;
use cryostorm::middleware::{ClientLayer, ServerLayer};
use cryostorm::settings::TelemetrySettings;
use cryostorm::{Level, Telemetry, traced};
use cryostorm_tests::collector::Collector;
use cryostorm_tests::program::to_otlp;
use cryostorm_tests::received::{Data, Metric, Received, Span, SpanKind, Status};
use futures::future::join_all;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_client::TraceServiceClient;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use reqwest_middleware::ClientWithMiddleware;
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tonic::transport::Channel;
use tonic::transport::server::TcpIncoming;
use tower::ServiceBuilder;

/// How many requests go through all services.
const REQUESTS: usize = 20;

/// The third service: what it serves is of no matter, so it is one that there is code for.
struct Stock;

#[async_trait::async_trait]
impl TraceService for Stock {
    async fn export(
        &self,
        request: tonic::Request<ExportTraceServiceRequest>,
    ) -> Result<tonic::Response<ExportTraceServiceResponse>, tonic::Status> {
        reserve().await;
        drop(request);
        Ok(tonic::Response::new(ExportTraceServiceResponse::default()))
    }
}

#[traced]
async fn reserve() {
    tokio::task::yield_now().await;
}

async fn stock() -> u16 {
    let incoming = TcpIncoming::bind(([127, 0, 0, 1], 0).into()).unwrap();
    let port = incoming.local_addr().unwrap().port();
    let server = tonic::transport::Server::builder()
        .layer(ServerLayer::new())
        .add_service(TraceServiceServer::new(Stock));
    tokio::spawn(server.serve_with_incoming(incoming));
    port
}

/// The second service, which asks the third.
async fn orders(stock: u16) -> u16 {
    async fn order(
        State((channel, port)): State<(Channel, u16)>,
        Path(_id): Path<u32>,
    ) -> Result<String, String> {
        let layer = ClientLayer::new().server("127.0.0.1", port);
        let mut client = TraceServiceClient::new(ServiceBuilder::new().layer(layer).service(channel));
        let answer = client.export(ExportTraceServiceRequest::default()).await;
        answer.map(|_| "ordered".to_owned()).map_err(|status| status.to_string())
    }
    let channel = Channel::from_shared(format!("http://127.0.0.1:{stock}")).unwrap().connect_lazy();
    serve(Router::new().route("/orders/{id}", get(order)).with_state((channel, stock))).await
}

/// What the first service has.
#[derive(Clone)]
struct Shop {
    client: ClientWithMiddleware,
    orders: u16,
    waiting: Arc<Notify>,
    gone: Arc<Notify>,
}

/// The first service, which asks the second.
async fn shop(shop: Shop) -> u16 {
    async fn cart(State(shop): State<Shop>, Path(id): Path<u32>) -> Result<String, String> {
        let url = format!("http://127.0.0.1:{}/orders/{id}", shop.orders);
        let answer = shop.client.get(url).send().await.map_err(|error| error.to_string())?;
        answer.text().await.map_err(|error| error.to_string())
    }
    async fn slow(State(shop): State<Shop>) {
        struct NotifyOnDrop(Arc<Notify>);
        impl Drop for NotifyOnDrop {
            fn drop(&mut self) {
                self.0.notify_one();
            }
        }
        let _gone = NotifyOnDrop(shop.gone);
        shop.waiting.notify_one();
        std::future::pending::<()>().await;
    }
    async fn ready() -> &'static str {
        check().await;
        "ready"
    }
    let router = Router::new()
        .route("/carts/{id}", get(cart))
        .route("/slow", get(slow))
        .route("/internal/ready", get(ready))
        .with_state(shop);
    serve(router).await
}

#[traced]
async fn check() {
    Telemetry::global().log(Level::Error, "checked", &[]);
}

async fn serve(router: Router) -> u16 {
    let layer = ServerLayer::new()
        .access_log(true)
        .route(|request| Some(request.extensions.get::<MatchedPath>()?.as_str()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, router.layer(layer)).await });
    port
}

async fn requests() {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let observed = reqwest_middleware::ClientBuilder::new(client.clone()).with(ClientLayer::new()).build();
    let (waiting, gone) = <(Arc<Notify>, Arc<Notify>)>::default();
    let parts = Shop {
        client: observed,
        orders: orders(stock().await).await,
        waiting: waiting.clone(),
        gone: gone.clone(),
    };
    let port = shop(parts).await;
    // Whoever asks is not observed.
    let ask = async |path: String| {
        let answer = client.get(format!("http://127.0.0.1:{port}{path}")).send().await.unwrap();
        answer.text().await.unwrap()
    };
    let answers = join_all((0..REQUESTS).map(|id| ask(format!("/carts/{id}")))).await;
    assert!(answers.iter().all(|answer| answer == "ordered"), "{answers:?}");
    assert_eq!(ask("/internal/ready".to_owned()).await, "ready");
    let mut leaving = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    leaving.write_all(b"GET /slow HTTP/1.1\r\nHost: shop\r\n\r\n").await.unwrap();
    waiting.notified().await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    drop(leaving);
    gone.notified().await;
}

#[test]
fn are_one_trace_with_the_right_parents() {
    let Some(collector) = Collector::start_or_skip("three hops") else { return };
    let port = collector.grpc_port().to_string();
    let mut variables = to_otlp("grpc", &port);
    variables.push(("EXCLUDED_PATHS", "/health,/internal/*"));
    let telemetry = Telemetry::from_settings(TelemetrySettings::from_vars(variables).unwrap()).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let requests = async { tokio::time::timeout(Duration::from_secs(60), requests()).await };
    runtime.block_on(requests).expect("answers");
    // What was asked is over before its answer is, but not all that is left of it.
    drop(runtime);
    telemetry.shutdown().unwrap();
    let received = collector.stop();

    one_trace_each(&received);
    of_the_client_that_left(&received);
    measured(&received);
    nothing_excluded(&received);
}

fn one_trace_each(received: &Received) {
    let by_id: BTreeMap<_, _> = received.spans.iter().map(|span| (span.span_id.as_str(), span)).collect();
    let leaves: Vec<_> = received.spans.iter().filter(|span| span.name == "hops::reserve").collect();
    assert_eq!(leaves.len(), REQUESTS);
    let mut traces = Vec::new();
    for leaf in leaves {
        let up = |span: &&Span| by_id.get(span.parent_span_id.as_str()).copied();
        let line: Vec<&Span> = std::iter::successors(Some(leaf), up).collect();
        let told: Vec<_> = line.iter().map(|span| (span.name.as_str(), span.kind)).collect();
        const EXPORT: &str = "opentelemetry.proto.collector.trace.v1.TraceService/Export";
        let expected = [
            ("hops::reserve", SpanKind::Internal),
            (EXPORT, SpanKind::Server),
            (EXPORT, SpanKind::Client),
            ("GET /orders/{id}", SpanKind::Server),
            ("GET", SpanKind::Client),
            ("GET /carts/{id}", SpanKind::Server),
        ];
        assert_eq!(told, expected);
        for pair in line.windows(2) {
            assert_eq!(pair[0].trace_id, pair[1].trace_id);
            assert!(pair[1].start <= pair[0].start, "{pair:?}");
        }
        let [_, rpc_server, rpc_client, .., root] = line[..] else { unreachable!() };
        assert!(line.iter().all(|span| span.status == Status::Unset), "{line:?}");
        assert_eq!(root.parent_span_id, "");
        assert_eq!(rpc_server.attributes["rpc.response.status_code"], json!("OK"));
        assert_eq!(rpc_client.attributes["server.address"], json!("127.0.0.1"));
        traces.push(root.trace_id.clone());
        let of_trace = received.spans.iter().filter(|span| span.trace_id == root.trace_id).count();
        assert_eq!(of_trace, expected.len());
    }
    traces.sort();
    traces.dedup();
    assert_eq!(traces.len(), REQUESTS);
    for trace in traces {
        let mut logged: Vec<_> =
            received.logs.iter().filter(|log| log.trace_id == trace).map(|log| log.body.clone()).collect();
        logged.sort_by_key(|body| body.to_string());
        assert_eq!(logged, [json!("GET /carts/{id} 200"), json!("GET /orders/{id} 200")]);
    }
}

fn of_the_client_that_left(received: &Received) {
    let spans: Vec<_> = received.spans.iter().filter(|span| span.name == "GET /slow").collect();
    let [span] = spans[..] else { panic!("{spans:?}") };
    assert_eq!((span.status, &span.attributes["error.type"]), (Status::Unset, &json!("cancelled")));
    assert!(!span.attributes.contains_key("http.response.status_code"));
    let took = (span.end - span.start) as f64 / 1e9;
    assert!(took >= 0.02, "{took}");
    let (point, count, sum) = histogram(received, "http.server.request.duration", "http.route", "/slow");
    assert_eq!((&point.attributes["error.type"], count), (&json!("cancelled"), 1));
    assert!((sum - took).abs() < 0.005, "{sum} and {took}");
}

fn histogram<'a>(received: &'a Received, name: &str, key: &str, value: &str) -> (&'a Metric, u64, f64) {
    let points: Vec<_> = received
        .latest_metrics()
        .into_iter()
        .filter(|point| point.name == name && point.attributes.get(key) == Some(&json!(value)))
        .collect();
    let [point] = points[..] else { panic!("{name} {value}: {points:?}") };
    let Data::Histogram { count, sum, .. } = point.data else { panic!("{point:?}") };
    (point, count, sum)
}

fn measured(received: &Received) {
    let requests = REQUESTS as u64;
    for route in ["/carts/{id}", "/orders/{id}"] {
        let (point, count, _) = histogram(received, "http.server.request.duration", "http.route", route);
        assert_eq!((count, &point.attributes["http.response.status_code"]), (requests, &json!(200)));
        assert_eq!(point.unit, "s");
        let (_, count, bytes) = histogram(received, "http.server.response.body.size", "http.route", route);
        assert_eq!((count, bytes), (requests, 7.0 * requests as f64));
    }
    for name in ["rpc.server.call.duration", "rpc.client.call.duration"] {
        let (point, count, _) = histogram(received, name, "rpc.system.name", "grpc");
        assert_eq!((count, &point.attributes["rpc.response.status_code"]), (requests, &json!("OK")));
    }
    let (_, count, _) = histogram(received, "http.client.request.duration", "http.request.method", "GET");
    assert_eq!(count, requests);
    for (size, bytes) in [("http.client.request.body.size", 0.0), ("http.client.response.body.size", 7.0)] {
        let (point, count, sum) = histogram(received, size, "http.request.method", "GET");
        assert_eq!((count, sum, point.unit.as_str()), (requests, bytes * requests as f64, "By"));
    }
    for name in ["http.server.active_requests", "http.client.active_requests"] {
        let points = received.latest_metrics().into_iter();
        let active: Vec<_> = points.filter(|point| point.name == name).collect();
        assert_eq!(active.len(), 2, "of GET and POST: {active:?}");
        for point in active {
            assert!(matches!(point.data, Data::Sum { value: 0.0, monotonic: false, .. }), "{point:?}");
        }
    }
}

fn nothing_excluded(received: &Received) {
    assert!(received.spans.iter().all(|span| span.name != "hops::check"));
    let excluded = json!("/internal/ready");
    assert!(received.spans.iter().all(|span| span.attributes.get("url.path") != Some(&excluded)));
    assert!(received.metrics.iter().all(|point| point.attributes.get("http.route") != Some(&excluded)));
    assert!(received.logs.iter().all(|log| log.body != json!("checked")));
    // All there is, to know that nothing was left under another name.
    assert_eq!(received.spans.len(), 6 * REQUESTS + 1);
    assert_eq!(received.logs.len(), 2 * REQUESTS + 1);
}
