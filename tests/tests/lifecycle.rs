//! Installation, shutdown and parts of one's own.

use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use cryostorm::export::InMemoryExporter;
use cryostorm::opentelemetry::KeyValue;
use cryostorm::opentelemetry::global;
use cryostorm::opentelemetry::trace::{TraceContextExt as _, Tracer as _};
use cryostorm::opentelemetry_sdk::error::OTelSdkResult;
use cryostorm::opentelemetry_sdk::trace::{SpanData, SpanExporter};
use cryostorm::settings::{Arguments, ExporterType, SamplingStrategy};
use cryostorm::{Error, Level, Telemetry, traced};
use cryostorm_tests::installation::{alone, quiet};

#[traced]
fn work() {}

#[test]
fn equal_settings_share_one_installation_and_others_are_refused() {
    let _alone = alone();
    let first = Telemetry::from_settings(quiet()).unwrap();
    let second = Telemetry::from_settings(quiet()).unwrap();
    drop(first);
    work();
    assert!(second.is_initialized(), "while a guard is left");

    let mut other = quiet();
    other.tracing.sampling_strategy = SamplingStrategy::AlwaysOff;
    let error = Telemetry::from_settings(other.clone()).unwrap_err().to_string();
    assert_eq!(
        error,
        r#"telemetry is installed already, with tracing.sampling_strategy="parent_based_always_on" and not "always_off""#
    );

    second.shutdown().unwrap();
    assert_eq!(second.in_memory().spans().len(), 1);
    let third = Telemetry::from_settings(other).unwrap();
    assert!(third.is_initialized(), "after a shutdown, other settings are free");
}

#[test]
fn before_installation_and_after_shutdown_everything_does_nothing() {
    let _alone = alone();
    let before = Telemetry::global();
    assert!(!before.is_initialized());
    before.span("nothing").in_scope(|span| {
        span.set_attribute("key", 1);
        assert!(!span.span_context().is_valid());
    });
    before.log(Level::Error, "nothing", &[]);
    before.create_counter("nothing", "", "").unwrap().add(1, &[]);
    work();
    before.shutdown().unwrap();

    let guard = Telemetry::from_settings(quiet()).unwrap();
    let handle = guard.clone();
    guard.shutdown().unwrap();
    guard.shutdown().unwrap();
    work();
    handle.span("late").in_scope(|_| ());
    handle.log(Level::Error, "late", &[]);
    assert!(!handle.is_initialized() && !Telemetry::global().is_initialized());
    assert_eq!(handle.in_memory().spans(), &[]);
}

#[test]
fn dropping_the_guard_delivers_inside_async_code_too() {
    let _alone = alone();
    let memory = InMemoryExporter::default();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let _guard = Telemetry::builder(quiet()).with_span_exporter(memory.clone()).install().unwrap();
        work();
    });
    assert_eq!(memory.spans().len(), 1);

    runtime.block_on(async {
        let guard = Telemetry::builder(quiet()).with_span_exporter(memory.clone()).install().unwrap();
        work();
        guard.shutdown_async(Duration::from_secs(10)).await.unwrap();
    });
    assert_eq!(memory.spans().len(), 2);
}

#[test]
fn other_opentelemetry_code_shares_the_installation() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    global::tracer("a library").in_span("outer", |_| work());
    guard.span("outer of ours").in_scope(|_| global::tracer("a library").in_span("inner", |_| ()));
    global::meter("a library").u64_counter("library.calls").build().add(3, &[KeyValue::new("a", "b")]);
    guard.shutdown().unwrap();

    let spans = guard.in_memory().spans();
    let id = |name: &str| {
        let span = spans.iter().find(|span| span.name.ends_with(name)).unwrap();
        (span.span_context.span_id(), span.parent_span_id)
    };
    assert_eq!(id("::work").1, id("outer").0);
    assert_eq!(id("inner").1, id("outer of ours").0);
    global::tracer("a library").in_span("late", |context| {
        assert!(!context.span().span_context().is_valid(), "nothing is left of it");
    });
    let metrics = guard.in_memory().metrics();
    assert_eq!(metrics.iter().filter(|point| point.name == "library.calls").count(), 1);
}

#[test]
fn context_travels_in_headers() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    let mut headers = std::collections::HashMap::new();
    let sender = guard.span("client").in_scope(|span| {
        guard.inject_context(&mut headers);
        span.span_context()
    });
    assert!(headers["traceparent"].contains(&sender.span_id().to_string()), "{headers:?}");
    let parent = guard.extract_context(&headers);
    assert!(parent.span().span_context().is_remote());
    guard.span("server").context(parent).in_scope(|_| ());
    guard.shutdown().unwrap();
    let spans = guard.in_memory().spans();
    assert_eq!(spans[1].parent_span_id, sender.span_id());
    assert_eq!(spans[1].span_context.trace_id(), sender.trace_id());
}

#[test]
fn a_step_that_fails_is_named_and_what_was_up_is_shut_down() {
    let _alone = alone();
    let memory = Ended::default();
    let mut settings = quiet();
    settings.metrics.exporter_type = ExporterType::Otlp;
    settings.metrics.additional_exporter_args = Arguments::default().with("headers", "bad name=secret");
    let error = Telemetry::builder(settings).with_span_exporter(memory.clone()).install().unwrap_err();
    let Error::Setup { step, cause } = &error else { panic!("{error:?}") };
    assert_eq!(*step, "metrics");
    assert!(matches!(**cause, Error::Exporter { .. }), "{cause:?}");
    let text = format!("{error} {error:?}");
    assert!(text.contains("header 1") && !text.contains("secret"), "{text}");
    assert!(!Telemetry::global().is_initialized());
    assert!(
        memory.0.1.lock().unwrap().recv_timeout(Duration::from_secs(30)).is_ok(),
        "tracing was shut down"
    );
}

/// Tells when it is shut down.
#[derive(Clone, Debug)]
struct Ended(Arc<(mpsc::Sender<()>, Mutex<mpsc::Receiver<()>>)>);

impl Default for Ended {
    fn default() -> Self {
        let (sender, receiver) = mpsc::channel();
        Self(Arc::new((sender, Mutex::new(receiver))))
    }
}

impl SpanExporter for Ended {
    async fn export(&self, _batch: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        let _ = self.0.0.send(());
        Ok(())
    }
}

#[test]
fn logs_are_filtered_and_correlated() {
    let _alone = alone();
    let mut settings = quiet();
    settings.logging.level = Level::Warn;
    let guard = Telemetry::from_settings(settings).unwrap();
    let span = guard.span("around").in_scope(|span| {
        guard.log(Level::Info, "too little", &[]);
        guard.log(Level::Warn, "enough", &[("count", &3)]);
        span.span_context()
    });
    guard.log(Level::Fatal, "outside", &[]);
    guard.shutdown().unwrap();
    let logs = guard.in_memory().logs();
    assert_eq!(logs.len(), 2);
    assert_eq!(logs[0].trace_context().map(|context| context.span_id), Some(span.span_id()));
    assert_eq!(logs[0].severity_text(), Some("WARN"));
    assert!(logs[1].trace_context().is_none());
}

#[test]
fn a_signal_that_is_off_makes_nothing() {
    let _alone = alone();
    let mut settings = quiet();
    settings.tracing.enabled = false;
    settings.metrics.enabled = false;
    settings.logging.enabled = false;
    settings.propagation.enabled = false;
    let guard = Telemetry::from_settings(settings).unwrap();
    work();
    guard.log(Level::Error, "off", &[]);
    guard.create_histogram("off", "", "").unwrap().record(1.0, &[]);
    guard.tracer().in_span("off", |context| assert!(!context.span().span_context().is_valid()));
    assert_eq!(guard.propagator().fields().count(), 0);
    guard.shutdown().unwrap();
    assert_eq!(guard.export_stats(), Default::default());
}
