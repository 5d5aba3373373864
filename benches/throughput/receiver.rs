//! The other end: an OTLP/gRPC trace service in a process of its own. It looks at each span, counts it and lets it go.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use prost::Message;
use serde_json::{Value, json};
use tonic::body::Body;
use tonic::codegen::{BoxFuture, Bytes, Context, Poll, Service, http};
use tonic::server::{Grpc, UnaryService};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;

use crate::cpu;

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
}

impl TraceService {
    fn see(&self, request: &ExportTraceServiceRequest) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        for span in request.resource_spans.iter().flat_map(|it| &it.scope_spans).flat_map(|it| &it.spans) {
            let id = span.span_id.as_ref().try_into().map_or(0, u64::from_be_bytes);
            let complete = id != 0
                && span.trace_id.len() == 16
                && !span.name.is_empty()
                && span.attributes.len() == self.attributes
                && 0 < span.start_time_unix_nano
                && span.start_time_unix_nano <= span.end_time_unix_nano;
            seen.ids.push(id);
            seen.incomplete += u64::from(!complete);
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

    /// Whatever its path: nothing but spans is sent here.
    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move { Ok(Grpc::new(ProstCodec::default()).unary(service, request).await) })
    }
}

impl UnaryService<ExportTraceServiceRequest> for TraceService {
    type Response = ExportTraceServiceResponse;
    type Future = std::future::Ready<Result<Response<Self::Response>, Status>>;

    fn call(&mut self, request: Request<ExportTraceServiceRequest>) -> Self::Future {
        self.see(request.get_ref());
        std::future::ready(Ok(Response::new(ExportTraceServiceResponse {})))
    }
}

// The messages of OTLP with the fields that are looked at. What is text or a message there may be taken as bytes, which
// are not copied: the receiver shares its cores with those it measures.

#[derive(Clone, PartialEq, Message)]
struct ExportTraceServiceRequest {
    #[prost(message, repeated, tag = "1")]
    resource_spans: Vec<ResourceSpans>,
}

#[derive(Clone, PartialEq, Message)]
struct ResourceSpans {
    #[prost(message, repeated, tag = "2")]
    scope_spans: Vec<ScopeSpans>,
}

#[derive(Clone, PartialEq, Message)]
struct ScopeSpans {
    #[prost(message, repeated, tag = "2")]
    spans: Vec<Span>,
}

#[derive(Clone, PartialEq, Message)]
struct Span {
    #[prost(bytes = "bytes", tag = "1")]
    trace_id: Bytes,
    #[prost(bytes = "bytes", tag = "2")]
    span_id: Bytes,
    #[prost(bytes = "bytes", tag = "5")]
    name: Bytes,
    #[prost(fixed64, tag = "7")]
    start_time_unix_nano: u64,
    #[prost(fixed64, tag = "8")]
    end_time_unix_nano: u64,
    #[prost(bytes = "bytes", repeated, tag = "9")]
    attributes: Vec<Bytes>,
}

#[derive(Clone, PartialEq, Message)]
struct ExportTraceServiceResponse {}
