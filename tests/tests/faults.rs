//! Exporters, callbacks and types that misbehave: what they cost, and what the host notices of them.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use cryostorm::opentelemetry_sdk::Resource;
use cryostorm::opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use cryostorm::opentelemetry_sdk::trace::{SpanData, SpanExporter};
use cryostorm::settings::{Arguments, ProcessorType};
use cryostorm::{Error, Level, Telemetry, counted, traced};
use cryostorm_tests::installation::{alone, quiet};

/// Far more than anything here takes, and far less than what would be waited for if a limit were not kept.
const LONG: Duration = Duration::from_secs(15);

#[traced]
fn work() {}

/// Fails in a way of its own at each export.
#[derive(Debug, Default)]
struct Moody {
    exports: AtomicUsize,
}

impl SpanExporter for Moody {
    async fn export(&self, _batch: Vec<SpanData>) -> OTelSdkResult {
        match self.exports.fetch_add(1, Ordering::Relaxed) {
            0 => panic!("an exporter may do this"),
            1 => Err(OTelSdkError::InternalFailure("no room".into())),
            2 => std::future::pending().await,
            _ => Ok(()),
        }
    }
}

#[test]
fn an_exporter_that_panics_fails_or_hangs_costs_its_batch_and_no_more() {
    let _alone = alone();
    let mut settings = quiet();
    settings.tracing.export_config.timeout_millis = 50;
    let guard = Telemetry::builder(settings).with_span_exporter(Moody::default()).install().unwrap();
    for (expected, lost) in [("panicked", 1), ("no room", 1), ("no answer within 50ms", 1)] {
        work();
        let error = guard.force_flush(Duration::from_secs(30)).unwrap_err();
        let Error::Undelivered(errors) = &error else { panic!("{error:?}") };
        assert_eq!((errors.len(), errors[0].lost), (1, lost));
        assert!(errors[0].reason.contains(expected), "{error}");
    }
    work();
    guard.force_flush(Duration::from_secs(30)).unwrap();
    let stats = guard.export_stats().traces;
    assert_eq!((stats.accepted, stats.exported, stats.failed, stats.pending()), (4, 1, 3, 0));
    guard.shutdown().unwrap();
}

/// Exports when it is told to.
#[derive(Debug)]
struct Held(Mutex<Option<tokio::sync::oneshot::Receiver<()>>>);

impl SpanExporter for Held {
    async fn export(&self, _batch: Vec<SpanData>) -> OTelSdkResult {
        let held = self.0.lock().unwrap().take();
        if let Some(released) = held {
            released.await.unwrap();
        }
        Ok(())
    }
}

#[test]
fn a_full_queue_refuses_and_counts() {
    let _alone = alone();
    let (release, released) = tokio::sync::oneshot::channel();
    let mut settings = quiet();
    settings.tracing.processor_type = ProcessorType::Simple;
    settings.tracing.additional_processor_args = Arguments::default().with("max_queue_size", "10");
    let guard =
        Telemetry::builder(settings).with_span_exporter(Held(Mutex::new(Some(released)))).install().unwrap();
    for _ in 0..100 {
        work();
    }
    release.send(()).unwrap();
    let error = guard.shutdown().unwrap_err().to_string();
    let stats = guard.export_stats().traces;
    assert_eq!(stats.accepted + stats.queue_full, 100);
    assert_eq!(stats.exported, stats.accepted);
    assert!(stats.queue_full >= 100 - 2 * 10, "the queue, and what is being exported: {stats:?}");
    assert!(error.contains("the queue was full"), "{error}");
}

/// Never answers.
#[derive(Debug)]
struct Hung;

impl SpanExporter for Hung {
    async fn export(&self, _batch: Vec<SpanData>) -> OTelSdkResult {
        std::future::pending().await
    }
}

#[test]
fn shutdown_keeps_its_limit_and_counts_what_it_gave_up() {
    let _alone = alone();
    let guard = Telemetry::builder(quiet()).with_span_exporter(Hung).install().unwrap();
    work();
    guard.log(Level::Info, "arrives", &[]);
    let start = Instant::now();
    let error = guard.shutdown_timeout(Duration::from_millis(100)).unwrap_err();
    assert!(start.elapsed() < LONG);
    let Error::Undelivered(errors) = &error else { panic!("{error}") };
    assert_eq!((errors.len(), errors[0].lost), (1, 1), "{error}");
    let stats = guard.export_stats();
    assert_eq!((stats.traces.failed, stats.traces.pending()), (1, 0));
    assert_eq!(stats.logs.exported, 1, "the other signals had their time");
}

#[test]
fn a_flush_that_waits_does_not_hold_up_shutdown() {
    let _alone = alone();
    let guard = Telemetry::builder(quiet()).with_span_exporter(Hung).install().unwrap();
    work();
    let handle = guard.clone();
    let flush = thread::spawn(move || handle.force_flush(Duration::from_secs(60)));
    let start = Instant::now();
    guard.shutdown_timeout(Duration::from_millis(100)).unwrap_err();
    assert!(start.elapsed() < LONG);
    drop(flush);
}

#[test]
fn everybody_who_shuts_down_gets_the_one_outcome() {
    let _alone = alone();
    let (release, released) = tokio::sync::oneshot::channel();
    let guard =
        Telemetry::builder(quiet()).with_span_exporter(Held(Mutex::new(Some(released)))).install().unwrap();
    work();
    let barrier = Arc::new(Barrier::new(5));
    let callers: Vec<_> = (0..4)
        .map(|_| {
            let (handle, barrier) = (guard.clone(), Arc::clone(&barrier));
            thread::spawn(move || {
                barrier.wait();
                handle.shutdown().map(|()| handle.export_stats().traces.exported)
            })
        })
        .collect();
    barrier.wait();
    release.send(()).unwrap();
    for caller in callers {
        assert_eq!(caller.join().unwrap().unwrap(), 1, "nobody is told Ok before it has arrived");
    }
    guard.shutdown().unwrap();
}

#[test]
fn a_limit_without_end_is_no_limit() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    work();
    guard.force_flush(Duration::MAX).unwrap();
    work();
    guard.shutdown_timeout(Duration::MAX).unwrap();
    assert_eq!(guard.in_memory().spans().len(), 2);
}

/// Keeps the resource that it is given.
#[derive(Debug)]
struct Told(Arc<Mutex<Option<Resource>>>);

impl SpanExporter for Told {
    async fn export(&self, _batch: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }

    fn set_resource(&mut self, resource: &Resource) {
        *self.0.lock().unwrap() = Some(resource.clone());
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Err(OTelSdkError::InternalFailure("the last file was not closed".into()))
    }
}

#[test]
fn an_exporter_of_ones_own_gets_the_resource_and_its_last_word_is_heard() {
    let _alone = alone();
    let told = Arc::default();
    let guard = Telemetry::builder(quiet()).with_span_exporter(Told(Arc::clone(&told))).install().unwrap();
    let error = guard.shutdown().unwrap_err().to_string();
    assert!(error.contains("the last file was not closed"), "{error}");
    let resource = told.lock().unwrap().take().expect("a resource");
    assert_eq!(resource.get(&"service.name".into()), Some("unknown-service".into()));
}

/// Cannot be shown.
#[derive(Debug)]
struct Unshowable;

impl fmt::Display for Unshowable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("until here")?;
        Err(fmt::Error)
    }
}

impl std::error::Error for Unshowable {}

#[traced(attributes(shown = %shown))]
fn shows(shown: &Unshowable) -> Result<(), Unshowable> {
    let _ = shown;
    Err(Unshowable)
}

#[test]
fn a_type_that_cannot_be_shown_harms_nobody() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    assert!(shows(&Unshowable).is_err());
    guard.shutdown().unwrap();
    let spans = guard.in_memory().spans();
    assert_eq!(spans[0].status, cryostorm::opentelemetry::trace::Status::error("until here"));
}

#[counted(name = "known")]
fn known() {}

#[counted(name = "new")]
fn new() {}

#[test]
fn a_slow_callback_does_not_hold_up_functions_that_were_called_before() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    known();
    let (entered, is_entered) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let (entered, released) = (Mutex::new(entered), Mutex::new(released));
    let _gauge = guard
        .meter()
        .u64_observable_gauge("slow")
        .with_callback(move |_| {
            let _ = entered.lock().unwrap().send(());
            let _ = released.lock().unwrap().recv_timeout(LONG);
        })
        .build();
    let handle = guard.clone();
    let flush = thread::spawn(move || handle.force_flush(LONG * 2));
    is_entered.recv_timeout(LONG).expect("the callback runs");
    let waits = thread::spawn(new);
    let start = Instant::now();
    known();
    assert!(start.elapsed() < LONG / 2, "while the callback runs and another function waits for it");
    drop(release);
    flush.join().unwrap().unwrap();
    waits.join().unwrap();
    guard.shutdown().unwrap();
}

#[test]
fn a_callback_that_panics_is_an_error_of_every_flush() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    let _gauge =
        guard.meter().u64_observable_gauge("bad").with_callback(|_| panic!("a callback may do this")).build();
    for _ in 0..2 {
        let error = guard.force_flush(LONG).unwrap_err().to_string();
        assert!(error.contains("metric points"), "{error}");
    }
    work();
    assert!(guard.shutdown().is_err());
    assert_eq!(guard.in_memory().spans().len(), 1, "the other signals go on");
}

#[test]
fn metrics_that_could_not_be_collected_in_time_are_an_error_of_shutdown() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    let (release, released) = mpsc::channel::<()>();
    let released = Mutex::new(released);
    let _gauge = guard
        .meter()
        .u64_observable_gauge("slow")
        .with_callback(move |_| {
            let _ = released.lock().unwrap().recv_timeout(LONG);
        })
        .build();
    let error = guard.shutdown_timeout(Duration::from_millis(50)).unwrap_err().to_string();
    assert!(error.contains("metric points for memory: not done within"), "{error}");
    drop(release);
}

#[test]
fn what_comes_after_shutdown_is_counted() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    guard.shutdown().unwrap();
    guard.log(Level::Info, "late", &[]);
    assert_eq!(guard.export_stats().logs.after_shutdown, 1);
}

#[test]
fn spans_that_end_after_shutdown_are_counted_at_once() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    let (here, elsewhere) = (guard.span("here").start(), guard.span("elsewhere").instrument(async {}));
    guard.shutdown().unwrap();
    drop(here);
    assert_eq!(guard.export_stats().traces.after_shutdown, 1);
    thread::spawn(|| drop(elsewhere)).join().unwrap();
    assert_eq!(guard.export_stats().traces.after_shutdown, 2);
    assert_eq!(guard.in_memory().spans().len(), 0);
}

#[test]
fn metrics_are_exported_at_their_interval() {
    let _alone = alone();
    let mut settings = quiet();
    settings.metrics.export_interval_millis = 10;
    let guard = Telemetry::from_settings(settings).unwrap();
    known();
    let start = Instant::now();
    while guard.export_stats().metrics.exported < 3 {
        assert!(start.elapsed() < LONG, "without a flush");
        thread::yield_now();
    }
    guard.shutdown().unwrap();
}
