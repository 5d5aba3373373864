//! The other end: an OTLP/gRPC trace service in a process of its own. It looks at each span, counts it and lets it go.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http_body_util::{BodyExt, Full};
use serde_json::{Value, json};
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use tonic::codegen::{BoxFuture, Bytes, Context, Poll, Service, http};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

use crate::cpu;
use crate::message::{Field, fields, messages};

/// What has arrived.
#[derive(Clone, Copy, Default)]
pub struct Received {
    /// Spans, each of another id.
    pub spans: u64,
    /// Those among them that lack something.
    pub incomplete: u64,
    /// Seconds of CPU of the receiver.
    pub cpu: f64,
}

/// A receiver that runs.
pub struct Receiver {
    process: Child,
    pub port: u16,
}

impl Receiver {
    /// Starts one that expects so many attributes of each span.
    pub fn start(attributes: usize) -> std::io::Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["receive", &attributes.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().expect("it is piped")).read_line(&mut line)?;
        Ok(Self { process, port: line.trim().parse().expect("it prints its port") })
    }

    /// Ends it and asks what has arrived.
    pub fn finish(self) -> std::io::Result<Received> {
        let output = self.process.wait_with_output()?;
        let report: Value = serde_json::from_slice(&output.stdout)?;
        Ok(Received {
            spans: report["spans"].as_u64().expect("a number"),
            incomplete: report["incomplete"].as_u64().expect("a number"),
            cpu: report["cpu"].as_f64().expect("a number"),
        })
    }
}

/// The receiver's process: prints its port, and when its input ends what has arrived.
pub fn receive(attributes: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let service = TraceService { attributes, seen: Arc::default() };
    let seen = Arc::clone(&service.seen);
    runtime.block_on(async {
        let incoming =
            TcpIncoming::bind(([127, 0, 0, 1], 0).into()).expect("a port").with_nodelay(Some(true));
        println!("{}", incoming.local_addr().expect("an address").port());
        std::io::stdout().flush().expect("somebody reads");
        let serve = tokio::spawn(Server::builder().serve_with_incoming(service, incoming));
        let input = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
        let _ = input.await;
        serve.abort();
    });
    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    let incomplete = seen.incomplete;
    let cpu = cpu::of_process().as_secs_f64();
    seen.ids.sort_unstable();
    seen.ids.dedup();
    println!("{}", json!({ "spans": seen.ids.len(), "incomplete": incomplete, "cpu": cpu }));
}

/// Answers by hand, because it shares its cores with those it measures: tonic would copy each request into new memory,
/// and prost allocate for each span.
#[derive(Clone)]
struct TraceService {
    attributes: usize,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    /// Kept as they come and compared at the end, which costs the least meanwhile.
    ids: Vec<u64>,
    incomplete: u64,
    /// Room for a request, used again and again.
    room: Vec<u8>,
}

impl TraceService {
    /// Whatever the path is: nothing but spans is sent here.
    async fn answer(self, request: http::Request<Body>) -> http::Response<Body> {
        let mut body = request.into_body();
        let mut room = std::mem::take(&mut self.seen().room);
        while let Some(frame) = body.frame().await {
            // Who ends its request early gets no answer.
            let Ok(frame) = frame else { return Status::cancelled("it is not whole").into_http() };
            room.extend_from_slice(frame.data_ref().map_or(&[], |data| data));
        }
        let mut seen = self.seen();
        seen.see(&room, self.attributes);
        room.clear();
        seen.room = room;
        drop(seen);
        let trailers = http::HeaderMap::from_iter([(HeaderName::from_static("grpc-status"), 0.into())]);
        // An empty message, which says that all is well.
        let answer = Full::new(Bytes::from_static(&[0; 5])).with_trailers(async { Some(Ok(trailers)) });
        let mut response = http::Response::new(Body::new(answer));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        response
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// Looks at the spans of a request, before which gRPC has five bytes: whether it is compressed, and its length.
    fn see(&mut self, framed: &[u8], attributes: usize) {
        let (head, request) = framed.split_at(5);
        assert_eq!(head, [&[0], &(request.len() as u32).to_be_bytes()[..]].concat(), "one message, as it is");
        // Those of the scopes of the resources.
        for span in messages(request, 1).flat_map(|it| messages(it, 2)).flat_map(|it| messages(it, 2)) {
            let span = Span::read(span);
            self.ids.push(span.id);
            self.incomplete += u64::from(!span.is_complete(attributes));
        }
    }
}

impl Service<http::Request<Body>> for TraceService {
    type Response = http::Response<Body>;
    type Error = std::convert::Infallible;
    type Future = BoxFuture<Self::Response, Self::Error>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move { Ok(service.answer(request).await) })
    }
}

/// What is looked at of a span.
#[derive(Default)]
struct Span {
    id: u64,
    trace_id_len: usize,
    name_len: usize,
    start: u64,
    end: u64,
    attributes: usize,
}

impl Span {
    fn read(message: &[u8]) -> Self {
        let mut span = Self::default();
        for field in fields(message) {
            match field {
                (1, Field::Bytes(id)) => span.trace_id_len = id.len(),
                (2, Field::Bytes(id)) => span.id = id.try_into().map_or(0, u64::from_be_bytes),
                (5, Field::Bytes(name)) => span.name_len = name.len(),
                (7, Field::Number(nanos)) => span.start = nanos,
                (8, Field::Number(nanos)) => span.end = nanos,
                (9, Field::Bytes(_)) => span.attributes += 1,
                _ => {}
            }
        }
        span
    }

    fn is_complete(&self, attributes: usize) -> bool {
        self.id != 0
            && self.trace_id_len == 16
            && self.name_len > 0
            && self.attributes == attributes
            && 0 < self.start
            && self.start <= self.end
    }
}
