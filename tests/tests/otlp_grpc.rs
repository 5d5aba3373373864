//! What goes over the wire with OTLP over gRPC, seen by a server that answers as it is told.

use std::collections::{HashSet, VecDeque};
use std::convert::Infallible;
use std::io::{self, Read as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use cryostorm::settings::{Arguments, ExporterType};
use cryostorm::{Telemetry, TelemetrySettings};
use cryostorm_tests::installation::{alone, quiet};
use http_body_util::Full;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use tonic::body::Body;
use tonic::codegen::{BoxFuture, Bytes, Context, Poll, Service};
use tonic::server::NamedService;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Request, Response, Status};

type Answer = Result<ExportTraceServiceResponse, Status>;

/// Gives one answer after the other, and then accepts everything.
struct Scripted {
    answers: Mutex<VecDeque<Answer>>,
    requests: Mutex<mpsc::Sender<Request<ExportTraceServiceRequest>>>,
}

#[async_trait::async_trait]
impl TraceService for Scripted {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let _ = self.requests.lock().unwrap().send(request);
        let answer = self.answers.lock().unwrap().pop_front();
        answer.unwrap_or_else(|| Ok(ExportTraceServiceResponse::default())).map(Response::new)
    }
}

/// What stands before it: with a page of its own, to so many requests.
#[derive(Clone)]
struct Proxy {
    service: TraceServiceServer<Scripted>,
    pages: Arc<AtomicUsize>,
}

impl NamedService for Proxy {
    const NAME: &'static str = TraceServiceServer::<Scripted>::NAME;
}

impl Service<http::Request<Body>> for Proxy {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Self::Error>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let is_page = self.pages.fetch_update(Relaxed, Relaxed, |pages| pages.checked_sub(1)).is_ok();
        if !is_page {
            return self.service.call(request);
        }
        let page = Body::new(Full::new(Bytes::from("<html><h1>Bad gateway</h1></html>")));
        Box::pin(std::future::ready(Ok(http::Response::builder().status(502).body(page).unwrap())))
    }
}

/// A server on a thread that ends with the test's process. What it is sent comes out of the channel.
fn server<const N: usize>(answers: [Answer; N]) -> (u16, mpsc::Receiver<Request<ExportTraceServiceRequest>>) {
    behind_proxy(0, answers)
}

/// The same behind a proxy that answers so many requests with a page.
fn behind_proxy<const N: usize>(
    pages: usize,
    answers: [Answer; N],
) -> (u16, mpsc::Receiver<Request<ExportTraceServiceRequest>>) {
    let (sender, received) = mpsc::channel();
    let service = Scripted { answers: Mutex::new(answers.into()), requests: Mutex::new(sender) };
    let (ready, port) = mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let incoming = TcpIncoming::bind(([127, 0, 0, 1], 0).into()).unwrap();
            ready.send(incoming.local_addr().unwrap().port()).unwrap();
            let service = TraceServiceServer::from_arc(Arc::new(service));
            let proxy = Proxy { service, pages: Arc::new(pages.into()) };
            Server::builder().serve_with_incoming(proxy, incoming).await
        })
    });
    (port.recv().unwrap(), received)
}

/// Settings that send spans to this port of the loopback interface, and nothing else anywhere.
fn to(port: u16) -> TelemetrySettings {
    let mut settings = quiet();
    settings.tracing.exporter_type = ExporterType::Otlp;
    settings.tracing.collector.host = "127.0.0.1".to_owned();
    settings.tracing.collector.port = Some(port);
    settings.tracing.additional_exporter_args =
        Arguments::default().with("headers", "authorization=Bearer hunter2");
    settings
}

fn spans(count: usize) {
    for _ in 0..count {
        Telemetry::global().span("work").in_scope(|_| ());
    }
}

/// `google.rpc.Status` with a `google.rpc.RetryInfo` that asks for so many nanoseconds below 128.
fn retry_info(nanos: u8) -> Bytes {
    let nested = |tag: u8, content: &[u8]| [&[tag, content.len() as u8], content].concat();
    let info = nested(0x0a, &[0x10, nanos]);
    let any = [nested(0x0a, b"type.googleapis.com/google.rpc.RetryInfo"), nested(0x12, &info)].concat();
    nested(0x1a, &any).into()
}

#[test]
fn a_request_carries_the_spans_and_the_headers_that_are_set() {
    let _alone = alone();
    let (port, requests) = server([]);
    let guard = Telemetry::from_settings(to(port)).expect("an installation");
    spans(3);
    guard.shutdown().expect("all arrived");
    let (metadata, _, request) = requests.recv().expect("a request").into_parts();
    assert_eq!(metadata.get("authorization").expect("a header"), "Bearer hunter2");
    let agent = metadata.get("user-agent").and_then(|agent| agent.to_str().ok()).expect("a header");
    assert!(agent.starts_with("cryostorm-OTLP-Exporter-Rust/"), "{agent}");
    let spans = &request.resource_spans[0].scope_spans[0].spans;
    assert!(spans.len() == 3 && spans.iter().all(|span| span.name == "work"), "{spans:?}");
}

#[test]
fn requests_of_any_length_arrive_whole_one_after_the_other() {
    let _alone = alone();
    let (port, requests) = server([]);
    let guard = Telemetry::from_settings(to(port)).expect("an installation");
    let mut seen = HashSet::new();
    // Five hundred take several frames.
    for count in [1, 500, 2, 500] {
        spans(count);
        guard.force_flush(Duration::from_secs(60)).expect("all arrived");
        let request = requests.recv().expect("a request").into_inner();
        let before = seen.len();
        let spans = request.resource_spans.into_iter().flat_map(|it| it.scope_spans).flat_map(|it| it.spans);
        seen.extend(spans.filter(|span| span.name == "work").map(|span| span.span_id));
        assert_eq!(seen.len() - before, count);
    }
}

#[test]
fn spans_that_are_rejected_are_counted_as_failed() {
    let _alone = alone();
    let partial = ExportTracePartialSuccess { rejected_spans: 3, error_message: "no such tenant".to_owned() };
    let (port, _requests) = server([Ok(ExportTraceServiceResponse { partial_success: Some(partial) })]);
    let guard = Telemetry::from_settings(to(port)).expect("an installation");
    spans(10);
    let said = guard.shutdown().expect_err("three are lost").to_string();
    assert!(said.contains(&format!("3 spans did not arrive at http://127.0.0.1:{port}")), "{said}");
    assert!(said.contains("3 of 10 spans were rejected: no such tenant"), "{said}");
    let stats = guard.export_stats().traces;
    assert_eq!((stats.accepted, stats.exported, stats.failed), (10, 7, 3), "{stats:?}");
}

#[test]
fn a_server_that_may_recover_gets_the_same_again() {
    let _alone = alone();
    let exhausted = Status::with_details(Code::ResourceExhausted, "wait", retry_info(1));
    let (port, requests) = server([Err(Status::unavailable("not yet")), Err(exhausted)]);
    let guard = Telemetry::from_settings(to(port)).expect("an installation");
    spans(5);
    guard.shutdown().expect("all arrived");
    let requests: Vec<_> = requests.try_iter().map(Request::into_inner).collect();
    assert_eq!(requests.len(), 3);
    assert!(requests.iter().all(|request| *request == requests[0]));
    assert_eq!(guard.export_stats().traces.exported, 5);
}

#[test]
fn a_page_of_a_proxy_is_no_answer() {
    let _alone = alone();
    let (port, requests) = behind_proxy(2, []);
    let guard = Telemetry::from_settings(to(port)).expect("an installation");
    spans(5);
    guard.shutdown().expect("all arrived");
    assert_eq!((requests.try_iter().count(), guard.export_stats().traces.exported), (1, 5));
}

/// Where connections go on to that port, but for so many that end when something of a request is there.
fn cut(connections: usize, port: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let own = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for (index, client) in listener.incoming().enumerate() {
            let mut client = client.unwrap();
            if index < connections {
                // The preface and the settings are less.
                client.read_exact(&mut [0; 200]).unwrap();
                continue;
            }
            let mut server = TcpStream::connect(("127.0.0.1", port)).unwrap();
            let (mut from_server, mut to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
            thread::spawn(move || io::copy(&mut from_server, &mut to_client));
            thread::spawn(move || io::copy(&mut client, &mut server));
        }
    });
    own
}

#[test]
fn what_was_on_its_way_when_a_connection_broke_is_sent_again() {
    let _alone = alone();
    let (port, requests) = server([]);
    let guard = Telemetry::from_settings(to(cut(2, port))).expect("an installation");
    spans(5);
    guard.shutdown().expect("all arrived");
    assert_eq!((requests.try_iter().count(), guard.export_stats().traces.exported), (1, 5));
}

#[test]
fn what_cannot_get_better_is_shown_but_not_with_secrets() {
    let _alone = alone();
    for (status, shown) in [
        (Status::resource_exhausted("the quota is used up"), true),
        (Status::unauthenticated("unknown token"), true),
        (Status::unauthenticated("unknown: hunter2"), false),
    ] {
        let (message, code) = (status.message().to_owned(), format!("gRPC status {:?}", status.code()));
        let (port, requests) = server([Err(status)]);
        let guard = Telemetry::from_settings(to(port)).expect("an installation");
        spans(1);
        let said = guard.shutdown().expect_err("it is lost").to_string();
        assert!(said.contains(&code), "{said}");
        assert_eq!(said.contains(&message), shown, "{said}");
        assert!(!said.contains("hunter2"));
        assert_eq!(requests.try_iter().count(), 1);
    }
}
