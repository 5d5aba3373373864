//! The queue between spans and their exporter: what becomes of them when it is full, and how they leave it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use cryostorm::export::SignalStats;
use cryostorm::opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use cryostorm::opentelemetry_sdk::trace::{SpanData, SpanExporter};
use cryostorm::settings::{Arguments, ProcessorType, QueueFullPolicy};
use cryostorm::{Telemetry, TelemetrySettings};
use cryostorm_tests::installation::{alone, quiet};
use fork::{Fork, fork, waitpid};
use tokio::sync::watch;

const LONG: Duration = Duration::from_secs(60);

fn span(name: impl Into<String>) {
    Telemetry::global().span(name.into()).in_scope(|_| ());
}

/// A queue for `size` spans.
fn narrow(size: usize, policy: QueueFullPolicy) -> TelemetrySettings {
    let mut settings = quiet();
    settings.tracing.processor_type = ProcessorType::Simple;
    settings.tracing.additional_processor_args =
        Arguments::default().with("max_queue_size", size.to_string());
    settings.tracing.export_config.queue_full = policy;
    settings.tracing.export_config.block_timeout_millis = 60_000;
    settings
}

fn assert_sums_up(stats: &SignalStats, total: u64) {
    assert_eq!(stats.pending(), 0, "{stats:?}");
    assert_eq!(stats.accepted, stats.exported + stats.failed + stats.dropped_oldest, "{stats:?}");
    assert_eq!(stats.accepted + stats.queue_full + stats.after_shutdown, total, "{stats:?}");
    assert_eq!(stats.exported + stats.lost(), total, "{stats:?}");
}

/// Takes nothing before it is opened, and keeps the names of what it then takes.
#[derive(Clone, Debug)]
struct Gate {
    open: watch::Receiver<bool>,
    names: Arc<Mutex<Vec<String>>>,
}

impl Gate {
    fn new() -> (watch::Sender<bool>, Self) {
        let (opener, open) = watch::channel(false);
        (opener, Self { open, names: Arc::default() })
    }

    fn names(&self) -> Vec<String> {
        self.names.lock().unwrap().clone()
    }
}

impl SpanExporter for Gate {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.open.clone().wait_for(|open| *open).await.unwrap();
        self.names.lock().unwrap().extend(batch.into_iter().map(|span| span.name.into_owned()));
        Ok(())
    }
}

#[test]
fn drop_oldest_keeps_the_newest() {
    let _alone = alone();
    let (opener, gate) = Gate::new();
    let guard = Telemetry::builder(narrow(10, QueueFullPolicy::DropOldest))
        .with_span_exporter(gate.clone())
        .install()
        .unwrap();
    for index in 0..100 {
        span(index.to_string());
    }
    opener.send(true).unwrap();
    let error = guard.shutdown().unwrap_err().to_string();
    assert!(error.contains("the queue was full"), "{error}");
    let stats = guard.export_stats().traces;
    assert_sums_up(&stats, 100);
    assert!(stats.dropped_oldest >= 80 && stats.queue_full == 0, "{stats:?}");
    let newest: Vec<_> = (90..100).map(|index| index.to_string()).collect();
    assert!(gate.names().ends_with(&newest), "{:?}", gate.names());
}

#[test]
fn block_waits_and_loses_nothing() {
    let _alone = alone();
    let (opener, gate) = Gate::new();
    let guard = Telemetry::builder(narrow(4, QueueFullPolicy::Block))
        .with_span_exporter(gate.clone())
        .install()
        .unwrap();
    let producer = thread::spawn(|| (0..200).for_each(|index| span(index.to_string())));
    // What is being exported and what waits: the next one has to wait for room.
    while guard.export_stats().traces.accepted < 5 {
        thread::yield_now();
    }
    assert!(!producer.is_finished());
    opener.send(true).unwrap();
    producer.join().unwrap();
    guard.shutdown().unwrap();
    let stats = guard.export_stats().traces;
    assert_sums_up(&stats, 200);
    assert_eq!(stats.exported, 200);
    let order: Vec<_> = (0..200).map(|index| index.to_string()).collect();
    assert_eq!(gate.names(), order);
}

#[test]
fn block_gives_up_after_its_limit_and_counts() {
    let _alone = alone();
    let (opener, gate) = Gate::new();
    let mut settings = narrow(4, QueueFullPolicy::Block);
    settings.tracing.export_config.block_timeout_millis = 20;
    let guard = Telemetry::builder(settings).with_span_exporter(gate).install().unwrap();
    let start = Instant::now();
    (0..12).for_each(|index| span(index.to_string()));
    assert!(start.elapsed() >= Duration::from_millis(20));
    opener.send(true).unwrap();
    guard.shutdown().unwrap_err();
    let stats = guard.export_stats().traces;
    assert_sums_up(&stats, 12);
    assert!(stats.queue_full >= 12 - 2 * 4 && stats.accepted >= 4, "{stats:?}");
}

#[test]
fn shutdown_sends_away_those_who_wait() {
    let _alone = alone();
    let (opener, gate) = Gate::new();
    let mut settings = narrow(1, QueueFullPolicy::Block);
    settings.tracing.export_config.block_timeout_millis = u64::MAX;
    let guard = Telemetry::builder(settings).with_span_exporter(gate).install().unwrap();
    let telemetry = guard.clone();
    let producer = thread::spawn(move || (0..10).for_each(|_| telemetry.span("patient").in_scope(|_| ())));
    while guard.export_stats().traces.accepted < 2 {
        thread::yield_now();
    }
    // The exporter is stuck, so that there will never be room.
    guard.shutdown_timeout(Duration::from_millis(50)).unwrap_err();
    producer.join().unwrap();
    drop(opener);
    let stats = guard.export_stats().traces;
    assert_eq!((stats.exported, stats.queue_full, stats.pending()), (0, 0, 0), "{stats:?}");
    assert_eq!(stats.failed, stats.accepted);
}

#[test]
fn a_fork_ends_without_waiting_for_its_parents_worker() {
    let _alone = alone();
    let (opener, gate) = Gate::new();
    let mut settings = narrow(4, QueueFullPolicy::Block);
    settings.tracing.processor_type = ProcessorType::Batch;
    settings.tracing.export_config.batch_size = 2;
    let guard = Telemetry::builder(settings).with_span_exporter(gate).install().unwrap();
    span("held back");
    let producer = thread::spawn(|| (0..20).for_each(|index| span(index.to_string())));
    // Two are being exported, and four wait.
    while guard.export_stats().traces.accepted < 6 {
        thread::yield_now();
    }
    let start = Instant::now();
    match fork().unwrap() {
        Fork::Child => std::process::exit(0),
        Fork::Parent(child) => waitpid(child).unwrap(),
    };
    assert!(start.elapsed() < LONG, "as long as a thread waits that has something to hand over");
    opener.send(true).unwrap();
    producer.join().unwrap();
    guard.shutdown().unwrap();
    assert_eq!(guard.export_stats().traces.exported, 21);
}

#[test]
fn large_spans_meet_the_bound_in_bytes() {
    let _alone = alone();
    let (opener, gate) = Gate::new();
    let mut settings = narrow(1000, QueueFullPolicy::DropNewest);
    settings.tracing.additional_processor_args =
        settings.tracing.additional_processor_args.with("max_queue_bytes", "100000");
    let guard = Telemetry::builder(settings).with_span_exporter(gate).install().unwrap();
    let large = |bytes| {
        let text = "x".repeat(bytes);
        guard.span("large").attribute("text", text).in_scope(|_| ());
    };
    (0..20).for_each(|_| large(30_000));
    large(100_000);
    opener.send(true).unwrap();
    guard.shutdown().unwrap_err();
    let stats = guard.export_stats().traces;
    assert_sums_up(&stats, 21);
    assert!((3..=6).contains(&stats.accepted), "three wait, and what is being exported: {stats:?}");
}

/// Goes on only while another export is under way, and never while `most` others are.
#[derive(Clone, Debug)]
struct Together {
    meeting: Arc<tokio::sync::Barrier>,
    under_way: Arc<AtomicU64>,
    most: Arc<AtomicU64>,
}

impl SpanExporter for Together {
    async fn export(&self, _batch: Vec<SpanData>) -> OTelSdkResult {
        let now = self.under_way.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(now, Ordering::Relaxed);
        self.meeting.wait().await;
        self.under_way.fetch_sub(1, Ordering::Relaxed);
        Ok(())
    }
}

#[test]
fn concurrent_exports_overlap_up_to_their_limit() {
    let _alone = alone();
    let mut settings = quiet();
    settings.tracing.export_config.batch_size = 1;
    settings.tracing.export_config.max_concurrent_exports = 3;
    let exporter = Together {
        meeting: Arc::new(tokio::sync::Barrier::new(3)),
        under_way: Arc::default(),
        most: Arc::default(),
    };
    let guard = Telemetry::builder(settings).with_span_exporter(exporter.clone()).install().unwrap();
    (0..9).for_each(|index| span(index.to_string()));
    guard.force_flush(LONG).unwrap();
    assert_eq!(guard.export_stats().traces.exported, 9, "a flush waits for all of them");
    (0..3).for_each(|index| span(index.to_string()));
    guard.shutdown().unwrap();
    assert_sums_up(&guard.export_stats().traces, 12);
    assert_eq!(exporter.most.load(Ordering::Relaxed), 3);
}

/// Fails at every third batch, and counts for itself.
#[derive(Clone, Debug, Default)]
struct Flaky {
    batches: Arc<AtomicU64>,
    arrived: Arc<AtomicU64>,
    refused: Arc<AtomicU64>,
}

impl SpanExporter for Flaky {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let items = batch.len() as u64;
        // Another export may begin meanwhile.
        tokio::task::yield_now().await;
        if self.batches.fetch_add(1, Ordering::Relaxed) % 3 == 2 {
            self.refused.fetch_add(items, Ordering::Relaxed);
            return Err(OTelSdkError::InternalFailure("every third".into()));
        }
        self.arrived.fetch_add(items, Ordering::Relaxed);
        Ok(())
    }
}

#[test]
fn everything_is_counted_exactly_once_under_every_policy() {
    let _alone = alone();
    for policy in [QueueFullPolicy::DropNewest, QueueFullPolicy::DropOldest, QueueFullPolicy::Block] {
        for concurrency in [1, 4] {
            let mut settings = narrow(64, policy);
            settings.tracing.processor_type = ProcessorType::Batch;
            settings.tracing.export_config.batch_size = 16;
            settings.tracing.export_config.max_concurrent_exports = concurrency;
            let exporter = Flaky::default();
            let guard = Telemetry::builder(settings).with_span_exporter(exporter.clone()).install().unwrap();
            let start = Barrier::new(3);
            thread::scope(|scope| {
                for _ in 0..2 {
                    scope.spawn(|| {
                        start.wait();
                        (0..3000).for_each(|_| span("busy"));
                    });
                }
                start.wait();
                // While new ones come, as fast as they can.
                for _ in 0..5 {
                    let _ = guard.force_flush(LONG);
                }
            });
            // The last flush may have told of everything that was lost.
            let _ = guard.shutdown();
            let stats = guard.export_stats().traces;
            assert_sums_up(&stats, 6000);
            let seen = [&exporter.arrived, &exporter.refused].map(|count| count.load(Ordering::Relaxed));
            assert_eq!(seen, [stats.exported, stats.failed], "{policy}, {concurrency}: {stats:?}");
            let unused = match policy {
                QueueFullPolicy::DropOldest => stats.queue_full,
                QueueFullPolicy::Block => stats.queue_full + stats.dropped_oldest,
                _ => stats.dropped_oldest,
            };
            assert_eq!(unused, 0, "{policy}, {concurrency}: {stats:?}");
        }
    }
}
