//! What the exporters' libraries say of their own work is not exported, or there would be more to say without end.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Once, mpsc};
use std::thread;
use std::time::Duration;

use cryostorm::opentelemetry::Context;
use cryostorm::opentelemetry_sdk::logs::SdkLogRecord;
use cryostorm::settings::{ExporterType, OtlpTransport, ProcessorType};
use cryostorm::{Level, Telemetry, TelemetrySettings, traced};
use cryostorm_tests::installation::{alone, quiet};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};
use tracing_subscriber::layer::{Context as LayerContext, Layer, SubscriberExt as _};

/// How much was said on the export runtime.
static SAID_THERE: AtomicUsize = AtomicUsize::new(0);

/// Counts it, so that it is known that there is something to leave out.
struct OnExportRuntime;

impl<S: tracing::Subscriber> Layer<S> for OnExportRuntime {
    fn on_event(&self, _: &tracing::Event<'_>, _: LayerContext<'_, S>) {
        if thread::current().name() == Some("cryostorm-export") {
            SAID_THERE.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Has everything that is said by anybody come to the layer and the logger.
fn bridge() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let subscriber =
            tracing_subscriber::registry().with(OnExportRuntime).with(cryostorm::tracing::layer());
        tracing::subscriber::set_global_default(subscriber).unwrap();
        cryostorm::log::init().unwrap();
    });
}

/// Accepts all spans.
struct Accepting;

#[async_trait::async_trait]
impl TraceService for Accepting {
    async fn export(
        &self,
        _: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

/// A server on a thread that ends with the test's process. What its libraries say would be this process's telemetry.
fn accepting_grpc() -> u16 {
    let (ready, port) = mpsc::channel();
    thread::spawn(move || {
        let _suppressed = Context::enter_telemetry_suppressed_scope();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let incoming = TcpIncoming::bind(([127, 0, 0, 1], 0).into()).unwrap();
            ready.send(incoming.local_addr().unwrap().port()).unwrap();
            Server::builder().serve_with_incoming(TraceServiceServer::new(Accepting), incoming).await
        })
    });
    port.recv().unwrap()
}

fn accepting_http() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        listener
            .incoming()
            .take(64)
            .flatten()
            .for_each(|connection| drop(thread::spawn(|| accept(connection))));
    });
    port
}

fn accept(mut connection: TcpStream) {
    let mut reader = BufReader::new(connection.try_clone().unwrap());
    for _ in 0..64 {
        let head = reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty());
        let lengths = head.filter_map(|line| {
            line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse::<u64>().ok()
        });
        let Some(length) = lengths.last() else { return };
        let mut body = Vec::new();
        if reader.by_ref().take(length).read_to_end(&mut body).is_err() {
            return;
        }
        if connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").is_err() {
            return;
        }
    }
}

fn refusing() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Settings that keep everything, and send spans to this port.
fn to(transport: OtlpTransport, port: u16, logs_too: bool) -> TelemetrySettings {
    let mut settings = quiet();
    settings.tracing.level = Level::Trace;
    settings.tracing.processor_type = ProcessorType::Simple;
    settings.tracing.exporter_type = ExporterType::Otlp;
    settings.tracing.collector.host = "127.0.0.1".to_owned();
    settings.tracing.collector.port = Some(port);
    settings.tracing.collector.transport = transport;
    // As long as it takes to be refused, and to try again.
    settings.tracing.export_config.timeout_millis = 200;
    settings.logging.export_config.timeout_millis = 200;
    settings.logging.level = Level::Trace;
    if logs_too {
        settings.logging.exporter_type = ExporterType::Otlp;
        settings.logging.collector = settings.tracing.collector.clone();
    }
    settings
}

#[traced(name = "annotated")]
fn annotated() {
    tracing::trace_span!("span").in_scope(|| tracing::trace!("event"));
    log::trace!("record");
}

/// Exports several times, and checks that there is no more to export than the program made.
fn check(settings: TelemetrySettings, arrives: bool) {
    const ROUNDS: u64 = 3;
    let _alone = alone();
    bridge();
    let before = SAID_THERE.load(Ordering::Relaxed);
    let telemetry = Telemetry::from_settings(settings).unwrap();
    for _ in 0..ROUNDS {
        annotated();
        assert_eq!(telemetry.force_flush(Duration::from_secs(30)).is_ok(), arrives);
    }
    assert!(SAID_THERE.load(Ordering::Relaxed) > before, "there is something to leave out");
    // What could not be delivered was lost with the flushes before.
    let _ = telemetry.shutdown();
    let stats = telemetry.export_stats();
    assert_eq!((stats.traces.accepted, stats.logs.accepted), (2 * ROUNDS, 2 * ROUNDS), "{stats:?}");
    let logs = telemetry.in_memory().logs();
    let of_program = |log: &SdkLogRecord| log.target().is_some_and(|target| target == "feedback");
    assert!(logs.iter().all(of_program), "{logs:?}");
}

#[test]
fn of_a_server_that_refuses() {
    for transport in [OtlpTransport::Grpc, OtlpTransport::HttpProtobuf] {
        for logs_too in [false, true] {
            check(to(transport, refusing(), logs_too), false);
        }
    }
}

#[test]
fn of_a_server_that_accepts() {
    check(to(OtlpTransport::Grpc, accepting_grpc(), false), true);
    for logs_too in [false, true] {
        check(to(OtlpTransport::HttpProtobuf, accepting_http(), logs_too), true);
    }
}
