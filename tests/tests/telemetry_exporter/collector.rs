//! Totals and distributions in memory, and what others are told of them.

use std::sync::{Arc, Barrier};
use std::thread;

use cryostorm::telemetry_exporter::{
    Buckets, DeliveryError, MemoryExporter, MetricName, MetricsCollector, TelemetryExporter,
};

use crate::inner::Panics;
use crate::{HITS, LOAD_DURATION};

#[test]
fn a_snapshot_has_everything_that_was_counted_and_measured_on_all_threads() {
    let collector = MetricsCollector::default().with_buckets(Buckets::new([1.0, 2.0]).unwrap());
    thread::scope(|scope| {
        for value in [0.5, 1.0, 2.0, 4.0] {
            let collector = &collector;
            scope.spawn(move || {
                for _ in 0..1000 {
                    collector.increment(&HITS, 3);
                    collector.observe(&LOAD_DURATION, value);
                }
            });
        }
    });
    collector.observe(&LOAD_DURATION, f64::NAN);
    let snapshot = collector.snapshot();
    assert_eq!(snapshot.totals[&HITS], 12_000);
    let all = &snapshot.distributions[&LOAD_DURATION];
    assert_eq!((all.count, all.sum, all.min, all.max), (4000, 7500.0, 0.5, 4.0));
    assert_eq!((&all.bounds[..], &all.bucket_counts[..]), (&[1.0, 2.0][..], &[2000, 1000, 1000][..]));
    assert_eq!((snapshot.refused.not_finite, snapshot.refused.total()), (1, 1));
}

#[test]
fn totals_stay_at_their_greatest_and_kinds_and_names_are_kept_apart() {
    let collector = MetricsCollector::default().with_limit(2);
    collector.increment(&HITS, u64::MAX - 1);
    collector.increment(&HITS, 5);
    collector.observe(&HITS, 1.0);
    collector.observe(&LOAD_DURATION, 1.0);
    collector.increment(&LOAD_DURATION, 1);
    for name in ["a", "b"] {
        collector.increment(&MetricName::new(name).unwrap(), 1);
    }
    let snapshot = collector.snapshot();
    assert_eq!((snapshot.totals.len(), snapshot.totals[&HITS]), (1, u64::MAX));
    assert_eq!(snapshot.distributions[&LOAD_DURATION].count, 1);
    assert_eq!((snapshot.refused.other_kind, snapshot.refused.too_many_names), (2, 2));
}

#[test]
fn an_export_tells_what_came_since_the_last_one() {
    let collector = MetricsCollector::default().with_buckets(Buckets::new([1.0, 2.0]).unwrap());
    let (memory, again) = (MemoryExporter::default(), MetricsCollector::default());
    let again = again.with_buckets(Buckets::new([1.0, 2.0]).unwrap());
    for round in 1..=3 {
        collector.increment(&HITS, round);
        for value in [0.25, 1.5, 1.75, 9.0] {
            collector.observe(&LOAD_DURATION, value);
        }
        collector.export_to(&memory).unwrap();
    }
    collector.export_to(&memory).unwrap();
    assert_eq!(memory.total(&HITS), 6);
    assert_eq!(memory.observations(&LOAD_DURATION).len(), 12);
    memory.calls().iter().for_each(|call| match call.value {
        cryostorm::telemetry_exporter::CallValue::Increment(by) => again.increment(&call.metric, by),
        cryostorm::telemetry_exporter::CallValue::Observe(value) => again.observe(&call.metric, value),
        other => panic!("{other:?}"),
    });
    assert_eq!(again.snapshot(), collector.snapshot(), "and a collector that is told has the same");
}

#[test]
fn exports_at_the_same_time_tell_nothing_twice() {
    let (collector, memory) = (MetricsCollector::default(), MemoryExporter::default());
    let barrier = Arc::new(Barrier::new(4));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                barrier.wait();
                for _ in 0..2000 {
                    collector.increment(&HITS, 1);
                    collector.observe(&LOAD_DURATION, 0.5);
                }
            });
            scope.spawn(|| {
                barrier.wait();
                (0..200).for_each(|_| collector.export_to(&memory).unwrap());
            });
        }
    });
    collector.export_to(&memory).unwrap();
    assert_eq!(memory.total(&HITS), 4000);
    assert_eq!(memory.observations(&LOAD_DURATION), [0.5; 4000]);
}

#[test]
fn an_exporter_that_panics_is_told_of_and_harms_nobody() {
    let collector = MetricsCollector::default();
    collector.increment(&HITS, 1);
    collector.observe(&LOAD_DURATION, 0.5);
    assert!(matches!(collector.export_to(&Panics), Err(DeliveryError::Lost(2))));
    let memory = MemoryExporter::default();
    collector.export_to(&memory).unwrap();
    assert_eq!(memory.calls(), [], "part of it may have arrived");
    assert_eq!(collector.snapshot().totals[&HITS], 1);
}
