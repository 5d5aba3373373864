//! Who is measured, and the same work for all: a root span with ten children.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use cryostorm::{Telemetry, TelemetryGuard, TelemetrySettings, traced};
use opentelemetry::KeyValue;
use opentelemetry::trace::{Tracer, TracerProvider, mark_span_as_active};
use opentelemetry_otlp::{SpanExporter as OtlpExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, SdkTracer, SdkTracerProvider, SpanData, SpanExporter,
};
use tokio::runtime::Runtime;

const BATCH: usize = 512;
const DELAY: Duration = Duration::from_secs(5);
/// How long the end may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Children of a root.
const CHILDREN: i64 = 10;
/// Spans that one piece of work leaves.
pub const SPANS: u64 = 1 + CHILDREN as u64;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Contender {
    Cryostorm,
    /// The raw SDK, with all the attributes that cryostorm's spans have.
    Sdk,
    /// Without the three that cryostorm adds by itself.
    SdkBare,
    /// The work and its pacing without any telemetry: what of the others' CPU is not theirs.
    Nothing,
}

impl Contender {
    pub const ALL: [Self; 4] = [Self::Cryostorm, Self::Sdk, Self::SdkBare, Self::Nothing];
    /// Those that export something.
    pub const EXPORTING: [Self; 3] = [Self::Cryostorm, Self::Sdk, Self::SdkBare];

    pub fn name(self) -> &'static str {
        match self {
            Self::Cryostorm => "cryostorm",
            Self::Sdk => "SDK, equal content",
            Self::SdkBare => "SDK, two attributes",
            Self::Nothing => "no telemetry",
        }
    }

    /// The most spans of it that wait for export: as many as fit into the memory that 65,536 of the SDK's take where they have
    /// two attributes. That is so many that what is found is how fast spans are exported, but for the 2 to 6 % that a queue takes
    /// in while a load lasts, and not for how long a processor was needed elsewhere. The report says what each takes.
    pub fn queue(self) -> usize {
        match self {
            Self::Cryostorm => 100_000,
            Self::Sdk | Self::SdkBare | Self::Nothing => 65_536,
        }
    }

    /// How many attributes each of its spans has.
    pub fn attributes(self) -> usize {
        match self {
            Self::Cryostorm | Self::Sdk => 5,
            Self::SdkBare => 2,
            Self::Nothing => 0,
        }
    }

    /// Starts it, to export to this port of the loopback interface.
    pub fn start(self, port: u16) -> Running {
        match self {
            Self::Cryostorm => Running::Cryostorm(install(port)),
            Self::Sdk => Running::Sdk(Sdk::start(port), work_with_sdk::<true>),
            Self::SdkBare => Running::Sdk(Sdk::start(port), work_with_sdk::<false>),
            Self::Nothing => Running::Nothing,
        }
    }
}

/// A contender that is set up.
pub enum Running {
    Cryostorm(TelemetryGuard),
    Sdk(Sdk, fn(&SdkTracer, i64)),
    Nothing,
}

impl Running {
    /// Does one piece of work, which leaves [`SPANS`] spans.
    pub fn work(&self, id: i64) {
        match self {
            Self::Cryostorm(_) => order(id),
            Self::Sdk(sdk, work) => work(&sdk.tracer, id),
            Self::Nothing => (0..CHILDREN).for_each(plain_line),
        }
    }

    pub fn flush(&self) {
        match self {
            Self::Cryostorm(telemetry) => telemetry.force_flush(TIMEOUT).expect("what was sent arrives"),
            Self::Sdk(sdk, _) => sdk.provider.force_flush().expect("what was sent arrives"),
            Self::Nothing => {}
        }
    }

    /// Ends it. Returns how many spans arrived, as it says.
    pub fn shutdown(self) -> u64 {
        match self {
            Self::Cryostorm(telemetry) => {
                // An error says that some were lost, which is what is measured.
                let _ = telemetry.shutdown_timeout(TIMEOUT);
                telemetry.export_stats().traces.exported
            }
            Self::Sdk(sdk, _) => {
                let _ = sdk.provider.shutdown_with_timeout(TIMEOUT);
                sdk.exported.load(Ordering::Relaxed)
            }
            Self::Nothing => 0,
        }
    }
}

fn install(port: u16) -> TelemetryGuard {
    let settings = TelemetrySettings::from_vars([
        ("SERVICE__NAME", "throughput".to_owned()),
        ("TRACING__EXPORTER_TYPE", "otlp".to_owned()),
        ("TRACING__COLLECTOR__HOST", "127.0.0.1".to_owned()),
        ("TRACING__COLLECTOR__PORT", port.to_string()),
        ("TRACING__EXPORT_CONFIG__BATCH_SIZE", BATCH.to_string()),
        ("TRACING__EXPORT_CONFIG__SCHEDULE_DELAY_MILLIS", DELAY.as_millis().to_string()),
        (
            "TRACING__ADDITIONAL_PROCESSOR_ARGS",
            format!("{{\"max_queue_size\": {}}}", Contender::Cryostorm.queue()),
        ),
        ("METRICS__ENABLED", "false".to_owned()),
        ("LOGGING__ENABLED", "false".to_owned()),
    ]);
    Telemetry::from_settings(settings.expect("they are accepted")).expect("it is installed")
}

#[traced(name = "order", attributes(order.id = id, channel = "web"))]
#[inline(never)]
fn order(id: i64) {
    (0..CHILDREN).for_each(|line| order_line(id + line));
}

#[traced(name = "order line", attributes(order.id = id, channel = "web"))]
#[inline(never)]
fn order_line(id: i64) {
    black_box(id);
}

#[inline(never)]
fn plain_line(line: i64) {
    black_box(line);
}

/// The SDK, and the tokio runtime that its exporter needs.
pub struct Sdk {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
    exported: Arc<AtomicU64>,
    _runtime: Runtime,
}

impl Sdk {
    fn start(port: u16) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let _entered = runtime.enter();
        let exporter = OtlpExporter::builder().with_tonic().with_endpoint(format!("http://127.0.0.1:{port}"));
        let exported = Arc::default();
        let counted = Counted {
            exporter: exporter.build().expect("the exporter is built"),
            exported: Arc::clone(&exported),
        };
        let config = BatchConfigBuilder::default()
            .with_max_queue_size(Contender::Sdk.queue())
            .with_max_export_batch_size(BATCH)
            .with_scheduled_delay(DELAY);
        let provider = SdkTracerProvider::builder()
            .with_resource(Resource::builder().with_service_name("throughput").build())
            .with_span_processor(
                BatchSpanProcessor::builder(counted).with_batch_config(config.build()).build(),
            )
            .build();
        let tracer = provider.tracer("throughput");
        Self { provider, tracer, exported, _runtime: runtime }
    }
}

#[inline(never)]
fn work_with_sdk<const CODE: bool>(tracer: &SdkTracer, id: i64) {
    let attributes = attributes::<CODE>(id, "throughput::contender::order", line!());
    let span = tracer.span_builder("order").with_attributes(attributes).start(tracer);
    let _active = mark_span_as_active(span);
    (0..CHILDREN).for_each(|line| line_with_sdk::<CODE>(tracer, id + line));
}

#[inline(never)]
fn line_with_sdk<const CODE: bool>(tracer: &SdkTracer, id: i64) {
    let attributes = attributes::<CODE>(id, "throughput::contender::order_line", line!());
    let span = tracer.span_builder("order line").with_attributes(attributes).start(tracer);
    let _active = mark_span_as_active(span);
    black_box(id);
}

fn attributes<const CODE: bool>(id: i64, function: &'static str, line: u32) -> Vec<KeyValue> {
    let own = [KeyValue::new("order.id", id), KeyValue::new("channel", "web")];
    if !CODE {
        return own.into();
    }
    let [id, channel] = own;
    vec![
        id,
        channel,
        KeyValue::new("code.function.name", function),
        KeyValue::new("code.file.path", file!()),
        KeyValue::new("code.line.number", i64::from(line)),
    ]
}

/// Counts what an exporter says has arrived: the SDK itself tells nothing but a line of its log.
#[derive(Debug)]
struct Counted<E> {
    exporter: E,
    exported: Arc<AtomicU64>,
}

impl<E: SpanExporter> SpanExporter for Counted<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len() as u64;
        self.exporter.export(batch).await?;
        self.exported.fetch_add(spans, Ordering::Relaxed);
        Ok(())
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}
