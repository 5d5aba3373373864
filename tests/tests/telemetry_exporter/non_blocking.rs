//! The exporter behind a queue: its callers never wait, and each call is delivered or counted as dropped.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use cryostorm::telemetry_exporter::{
    DeliveryError, Dropped, MemoryExporter, MetricName, NonBlockingExporter, NonBlockingStats,
    TelemetryExporter,
};

use crate::inner::{Held, Hold, Panics};
use crate::{HITS, LOAD_DURATION, LONG};

/// Long enough to be a limit, and short enough to wait for.
const SHORT: Duration = Duration::from_millis(20);

/// An exporter behind a queue of four, in the middle of its first call.
fn held() -> (NonBlockingExporter, Hold) {
    let (held, hold) = Held::new();
    let exporter =
        NonBlockingExporter::builder(held).with_capacity(4).with_drop_timeout(SHORT).start().unwrap();
    exporter.increment(&HITS, 1);
    // The worker looks by itself.
    hold.wait_for_call();
    (exporter, hold)
}

fn assert_conserved(stats: NonBlockingStats) {
    assert_eq!(stats.accepted, stats.delivered + stats.dropped.total(), "{stats:?}");
    assert_eq!(stats.pending(), 0);
}

#[test]
fn callers_go_on_while_the_exporter_is_in_the_middle_of_a_call() {
    let (exporter, hold) = held();
    // None of these returned if one of them waited for the exporter, or for room.
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| (0..25_000).for_each(|_| exporter.increment(&HITS, 1)));
            scope.spawn(|| (0..25_000).for_each(|_| exporter.observe(&LOAD_DURATION, 0.5)));
        }
    });
    let stats = exporter.stats();
    assert_eq!((stats.accepted, stats.delivered, stats.pending()), (100_001, 0, 5));
    assert_eq!(stats.dropped.queue_full, 99_996);
    let memory = hold.memory.clone();
    drop(hold.release());
    assert!(matches!(exporter.shutdown(LONG), Err(DeliveryError::Lost(99_996))));
    assert_eq!((exporter.stats().delivered, memory.calls().len()), (5, 5));
    assert_conserved(exporter.stats());
}

#[test]
fn what_an_exporter_does_not_return_from_is_dropped_once_even_if_it_returns_later() {
    let (exporter, hold) = held();
    (0..3).for_each(|_| exporter.increment(&HITS, 1));
    let start = Instant::now();
    assert!(matches!(exporter.shutdown(SHORT), Err(DeliveryError::Lost(4))));
    assert!(start.elapsed() < LONG);
    let stats = exporter.stats();
    assert_eq!((stats.accepted, stats.delivered), (4, 0));
    assert_eq!((stats.dropped.unfinished, stats.dropped.undelivered, stats.dropped.total()), (1, 3, 4));
    hold.release().wait_for_end();
    assert_eq!(exporter.stats(), stats);
    exporter.increment(&HITS, 1);
    exporter.observe(&LOAD_DURATION, f64::NAN);
    let Dropped { after_shutdown, not_finite, .. } = exporter.stats().dropped;
    assert_eq!((after_shutdown, not_finite), (1, 1));
    assert_conserved(exporter.stats());
    assert!(matches!(exporter.shutdown(LONG), Err(DeliveryError::Lost(2))), "what was not told of yet");
    exporter.shutdown(LONG).unwrap();
}

#[test]
fn an_exporter_that_always_panics_costs_its_calls_and_no_more() {
    let exporter = NonBlockingExporter::new(Panics).unwrap();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..10_000).for_each(|_| exporter.increment(&HITS, 1)));
        }
    });
    assert!(matches!(exporter.flush(LONG), Err(DeliveryError::Lost(40_000))));
    let stats = exporter.stats();
    assert_eq!((stats.accepted, stats.delivered), (40_000, 0));
    assert_eq!(stats.dropped.panicked + stats.dropped.queue_full, 40_000);
    assert!(stats.dropped.panicked > 0);
    assert_conserved(stats);
    assert_eq!(exporter.flush(LONG).unwrap_err().to_string(), "not delivered: the exporter panicked");
}

/// Hands everything to somebody who may be gone.
struct Remote(Sender<u64>);

impl TelemetryExporter for Remote {
    fn increment(&self, _metric: &MetricName, value: u64) {
        self.0.send(value).unwrap();
    }

    fn observe(&self, _metric: &MetricName, _value: f64) {}
}

#[test]
fn an_exporter_that_is_gone_loses_what_it_is_told_from_then_on() {
    let (sender, receiver) = channel();
    let exporter = NonBlockingExporter::new(Remote(sender)).unwrap();
    exporter.increment(&HITS, 7);
    exporter.flush(LONG).unwrap();
    assert_eq!(receiver.recv(), Ok(7));
    drop(receiver);
    (0..3).for_each(|_| exporter.increment(&HITS, 7));
    assert!(matches!(exporter.shutdown(LONG), Err(DeliveryError::Lost(3))));
    let stats = exporter.stats();
    assert_eq!((stats.delivered, stats.dropped.panicked), (1, 3));
    assert_conserved(stats);
}

#[test]
fn nothing_is_lost_uncounted_when_threads_call_while_it_shuts_down() {
    const CALLS: u64 = 300;
    for round in 0..500 {
        let memory = MemoryExporter::default();
        let exporter = NonBlockingExporter::builder(memory.clone()).with_capacity(64).start().unwrap();
        let barrier = Barrier::new(4);
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    barrier.wait();
                    for call in 0..CALLS {
                        exporter.observe(&LOAD_DURATION, if call % 10 == 0 { f64::INFINITY } else { 0.5 });
                    }
                });
            }
            barrier.wait();
            // Some rounds have no time to deliver what waits.
            let limit = if round % 2 == 0 { Duration::ZERO } else { LONG };
            let _ = exporter.shutdown(limit);
        });
        let stats = exporter.stats();
        assert_eq!((stats.accepted, stats.dropped.not_finite), (3 * CALLS, 3 * CALLS / 10));
        // The one that was in hand when it was given up may have arrived all the same, or may arrive yet.
        let arrived = memory.calls().len() as u64;
        assert!(
            (stats.delivered..=stats.delivered + stats.dropped.unfinished).contains(&arrived),
            "{stats:?}"
        );
        assert_conserved(stats);
    }
}

#[test]
fn a_flush_delivers_and_keeps_its_limit() {
    let (exporter, hold) = held();
    exporter.increment(&HITS, 2);
    assert!(matches!(exporter.flush(SHORT), Err(DeliveryError::Timeout(SHORT))));
    assert_eq!(exporter.stats().pending(), 2, "it is not over");
    let memory = hold.memory.clone();
    let _released = hold.release();
    exporter.flush(LONG).unwrap();
    assert_eq!((memory.total(&HITS), exporter.stats().delivered), (3, 2));
    exporter.flush(Duration::MAX).unwrap();
}

#[test]
fn calls_arrive_without_a_flush_and_in_their_order() {
    let (sender, receiver) = channel();
    let exporter = NonBlockingExporter::new(Remote(sender)).unwrap();
    (0..100).for_each(|value| exporter.increment(&HITS, value));
    assert_eq!(receiver.iter().take(100).collect::<Vec<_>>(), (0..100).collect::<Vec<_>>());
}

/// Says that it flushed, and how that went.
struct Flushed(Sender<Duration>);

impl TelemetryExporter for Flushed {
    fn increment(&self, _metric: &MetricName, _value: u64) {}

    fn observe(&self, _metric: &MetricName, _value: f64) {}

    fn flush(&self, timeout: Duration) -> Result<(), DeliveryError> {
        self.0.send(timeout).unwrap();
        Err(DeliveryError::failed("the disk is full"))
    }
}

#[test]
fn the_exporter_behind_is_flushed_within_the_time_that_is_left_and_heard() {
    let (sender, receiver) = channel();
    let exporter = NonBlockingExporter::new(Flushed(sender)).unwrap();
    assert_eq!(exporter.flush(LONG).unwrap_err().to_string(), "not delivered: the disk is full");
    assert_eq!(exporter.shutdown(LONG).unwrap_err().to_string(), "not delivered: the disk is full");
    let limits: Vec<_> = receiver.iter().collect();
    assert_eq!(limits.len(), 2, "by the flush, and by the shutdown that ended with it");
    assert!(limits.iter().all(|limit| (LONG / 2..=LONG).contains(limit)), "{limits:?}");
}

#[test]
fn dropping_it_delivers_and_keeps_its_limit() {
    let memory = MemoryExporter::default();
    let exporter = NonBlockingExporter::new(memory.clone()).unwrap();
    (0..100).for_each(|_| exporter.increment(&HITS, 1));
    drop(exporter);
    assert_eq!(memory.total(&HITS), 100);
    let (exporter, hold) = held();
    let start = Instant::now();
    drop(exporter);
    assert!(start.elapsed() < LONG);
    hold.release().wait_for_end();
}

#[test]
fn whoever_shuts_down_waits_until_it_is_done() {
    let (held, hold) = Held::new();
    let exporter = Arc::new(NonBlockingExporter::new(held).unwrap());
    exporter.increment(&HITS, 1);
    hold.wait_for_call();
    let callers: Vec<_> = (0..3)
        .map(|_| {
            let exporter = Arc::clone(&exporter);
            thread::spawn(move || exporter.shutdown(LONG).map(|()| exporter.stats().delivered))
        })
        .collect();
    drop(hold.release());
    for caller in callers {
        assert_eq!(caller.join().unwrap().unwrap(), 1);
    }
}
