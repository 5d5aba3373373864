//! What a user's own parts can do to the rest, and what concurrent callers are told.

use std::fmt;
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use cryostorm::export::{ConsoleExporter, InMemoryExporter};
use cryostorm::opentelemetry::metrics::MeterProvider as _;
use cryostorm::opentelemetry::trace::TraceContextExt as _;
use cryostorm::opentelemetry::{Context, trace::Status};
use cryostorm::opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use cryostorm::opentelemetry_sdk::trace::{Span, SpanData, SpanExporter, SpanProcessor};
use cryostorm::settings::{Arguments, ProcessorType};
use cryostorm::{Level, Telemetry, counted, traced};
use cryostorm_tests::installation::{alone, quiet};
use tokio::sync::oneshot;

const LONG: Duration = Duration::from_secs(15);

#[traced]
#[counted]
fn work() {}

#[test]
fn components_without_an_installation_deliver_their_last_metrics() {
    for _ in 0..20 {
        let memory = InMemoryExporter::default();
        let mut components =
            Telemetry::builder(quiet()).with_metric_exporter(memory.clone()).build().unwrap();
        components.setup_all().unwrap();
        components.metrics.provider().unwrap().meter("m").u64_counter("c").build().add(1, &[]);
        components.shutdown_all(LONG).unwrap();
        assert_eq!(memory.metrics().iter().filter(|point| point.name == "c").count(), 1);
    }
}

/// Panics whenever it is called.
#[derive(Debug)]
struct Panicking;

impl SpanProcessor for Panicking {
    fn on_start(&self, _span: &mut Span, _context: &Context) {
        panic!("on start");
    }

    fn on_end(&self, _span: SpanData) {
        panic!("on end");
    }

    fn force_flush(&self) -> OTelSdkResult {
        panic!("on flush");
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        panic!("on shutdown");
    }
}

#[test]
fn a_processor_that_panics_is_an_error_of_shutdown_and_of_nothing_else() {
    let _alone = alone();
    let guard = Telemetry::builder(quiet()).with_span_processor(Panicking).install().unwrap();
    work();
    assert!(guard.force_flush(LONG).unwrap_err().to_string().contains("panicked"));
    assert!(guard.shutdown().unwrap_err().to_string().contains("panicked"));
    assert_eq!(guard.in_memory().spans().len(), 1, "the exporter had it");
    let metrics = guard.in_memory().metrics();
    assert_eq!(metrics.iter().filter(|point| point.name == "function.calls").count(), 1);
}

/// Refuses everything.
#[derive(Debug)]
struct Refusing;

impl SpanExporter for Refusing {
    async fn export(&self, _batch: Vec<SpanData>) -> OTelSdkResult {
        Err(OTelSdkError::InternalFailure("no room".into()))
    }
}

#[test]
fn all_who_flush_at_the_same_time_are_told_of_the_loss() {
    let _alone = alone();
    let guard = Telemetry::builder(quiet()).with_span_exporter(Refusing).install().unwrap();
    let barrier = Arc::new(Barrier::new(4));
    let callers: Vec<_> = (0..4)
        .map(|_| {
            let (handle, barrier) = (guard.clone(), Arc::clone(&barrier));
            thread::spawn(move || {
                work();
                barrier.wait();
                handle.force_flush(LONG)
            })
        })
        .collect();
    let outcomes: Vec<_> = callers.into_iter().map(|caller| caller.join().unwrap()).collect();
    // Who asked after another had been told has lost nothing since, but somebody was told.
    assert!(outcomes.iter().any(Result::is_err));
    let stats = guard.export_stats().traces;
    assert_eq!((stats.accepted, stats.failed), (4, 4));
    guard.shutdown().unwrap();
}

/// Refuses the first batch, and takes the second when it is told to.
#[derive(Debug)]
struct RefusingThenHeld(Mutex<Vec<Option<oneshot::Receiver<()>>>>);

impl SpanExporter for RefusingThenHeld {
    async fn export(&self, _batch: Vec<SpanData>) -> OTelSdkResult {
        let step = self.0.lock().unwrap().pop();
        match step {
            Some(None) => Err(OTelSdkError::InternalFailure("no room".into())),
            Some(Some(released)) => released.await.map_err(|_| OTelSdkError::AlreadyShutdown),
            None => Ok(()),
        }
    }
}

#[test]
fn a_loss_is_put_down_to_its_own_reason_and_not_to_an_earlier_one() {
    let _alone = alone();
    let (release, released) = oneshot::channel();
    let mut settings = quiet();
    settings.tracing.processor_type = ProcessorType::Simple;
    settings.tracing.additional_processor_args = Arguments::default().with("max_queue_size", "1");
    let exporter = RefusingThenHeld(Mutex::new(vec![Some(released), None]));
    let guard = Telemetry::builder(settings).with_span_exporter(exporter).install().unwrap();
    work();
    assert!(guard.force_flush(LONG).unwrap_err().to_string().contains("no room"));
    for _ in 0..10 {
        work();
    }
    release.send(()).unwrap();
    let error = guard.shutdown().unwrap_err().to_string();
    assert!(error.contains("the queue was full") && !error.contains("no room"), "{error}");
}

#[test]
fn a_flush_after_shutdown_has_its_outcome() {
    let _alone = alone();
    let guard = Telemetry::builder(quiet()).with_span_exporter(Refusing).install().unwrap();
    work();
    guard.shutdown().unwrap_err();
    assert!(guard.force_flush(LONG).unwrap_err().to_string().contains("no room"));
}

/// A writer that is itself annotated.
struct Annotated(mpsc::Sender<()>);

impl std::io::Write for Annotated {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        work();
        let _ = self.0.send(());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn what_an_exporter_does_leaves_no_telemetry() {
    let _alone = alone();
    let (written, writes) = mpsc::channel();
    let mut settings = quiet();
    settings.tracing.processor_type = ProcessorType::Simple;
    let guard = Telemetry::builder(settings)
        .with_span_exporter(ConsoleExporter::to(Annotated(written)))
        .install()
        .unwrap();
    work();
    guard.shutdown().unwrap();
    drop(guard);
    assert_eq!(writes.try_iter().count(), 1);
}

#[test]
fn a_callback_that_never_returns_leaves_the_other_signals_alone() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    let (release, released) = mpsc::channel::<()>();
    let released = Mutex::new(released);
    let _gauge = guard
        .meter()
        .u64_observable_gauge("stuck")
        .with_callback(move |_| {
            let _ = released.lock().unwrap().recv_timeout(LONG * 2);
        })
        .build();
    work();
    guard.log(Level::Info, "arrives", &[]);
    let error = guard.shutdown_timeout(Duration::from_millis(500)).unwrap_err().to_string();
    assert!(error.contains("metric points") && !error.contains("spans") && !error.contains("log"), "{error}");
    let stats = guard.export_stats();
    assert_eq!((stats.traces.exported, stats.logs.exported, stats.metrics.pending()), (1, 1, 0));
    drop(release);
}

/// Its source panics.
#[derive(Debug)]
struct BadSource;

impl fmt::Display for BadSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bad source")
    }
}

impl std::error::Error for BadSource {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        panic!("on source");
    }
}

#[traced]
fn fails() -> Result<(), BadSource> {
    Err(BadSource)
}

#[test]
fn an_error_whose_source_panics_is_still_an_error() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    assert!(fails().is_err());
    guard.shutdown().unwrap();
    assert_eq!(guard.in_memory().spans()[0].status, Status::error("bad source"));
}

#[test]
fn a_thread_that_ends_before_it_has_called_anything_is_left_alone() {
    struct AtTheEnd;

    impl Drop for AtTheEnd {
        fn drop(&mut self) {
            work();
        }
    }

    thread_local!(static FIRST: AtTheEnd = const { AtTheEnd });

    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    thread::spawn(|| {
        FIRST.with(|_| ());
        // Only other OpenTelemetry code uses the context of this thread.
        drop(Context::new().attach());
        assert!(!Context::current().has_active_span());
    })
    .join()
    .unwrap();
    guard.shutdown().unwrap();
    assert_eq!(guard.in_memory().spans(), []);
}
