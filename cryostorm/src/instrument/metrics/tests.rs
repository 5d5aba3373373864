//! What the SDK exports of what threads counted and measured: the same as if it had been told at once.

mod exported;
mod same;

use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use opentelemetry::KeyValue;
use opentelemetry_sdk::metrics::Temporality;

use super::super::cardinality::MOST_SERIES;
use super::super::site::{CallSite, CounterSite, HistogramSite, Metric, StaticAttribute, StaticValue};
use super::series::KEYED_LIMIT;
use exported::{Data, Exported, Telling};

static CALLS: CounterSite = CounterSite::CALLS;
static DURATION: HistogramSite =
    HistogramSite { in_flight: Some(HistogramSite::IN_FLIGHT), ..HistogramSite::DURATION };
const CHARGE_SITE: CallSite =
    CallSite::new("shop::charge", "shop.rs", 1, None, Some(&CALLS), Some(&DURATION));
const REFUND_SITE: CallSite =
    CallSite::new("shop::refund", "shop.rs", 1, None, Some(&CALLS), Some(&DURATION));
static CHARGE: CallSite = CHARGE_SITE;
static REFUND: CallSite = REFUND_SITE;

/// In nanoseconds.
const MILLISECOND: u64 = 1_000_000;

fn sum_of(exported: &Exported, metric: &str) -> i128 {
    exported.points.iter().filter(|point| point.metric == metric).map(|point| point.data.total()).sum()
}

#[test]
fn exports_nothing_of_its_own() {
    let telling = Telling::new(&[Temporality::Cumulative]);
    assert_eq!(telling.collect(0).points, []);
    telling.instruments.shard().count(&CHARGE, &CALLS, &[], None, 1);
    let names: Vec<_> = telling.collect(0).points.into_iter().map(|point| point.metric).collect();
    assert_eq!(names, ["function.calls"]);
}

#[test]
fn a_series_has_all_its_attributes() {
    static ATTRIBUTES: [StaticAttribute; 2] = [
        StaticAttribute { key: "channel", value: StaticValue::Str("web") },
        StaticAttribute { key: "retried", value: StaticValue::Bool(false) },
    ];
    static COUNTER: CounterSite = CounterSite { attributes: &ATTRIBUTES, ..CounterSite::CALLS };
    static HISTOGRAM: HistogramSite = HistogramSite { attributes: &ATTRIBUTES, ..HistogramSite::DURATION };
    let telling = Telling::new(&[Temporality::Cumulative]);
    let shard = telling.instruments.shard();
    let of_call = [KeyValue::new("size", "large")];
    shard.count(&CHARGE, &COUNTER, &of_call, Some("timeout"), 1);
    shard.record(&CHARGE, &HISTOGRAM, &of_call, Some("timeout"), MILLISECOND);
    let points = telling.collect(0).points;
    assert_eq!(points.len(), 2);
    for point in points {
        assert_eq!(
            point.attributes,
            [
                ("channel", "web"),
                ("code.function.name", "shop::charge"),
                ("error.type", "timeout"),
                ("retried", "false"),
                ("size", "large"),
            ]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
        );
    }
}

#[test]
fn nothing_is_lost_when_threads_end() {
    let telling = Arc::new(Telling::new(&[Temporality::Cumulative, Temporality::Delta]));
    let mut of_delta = 0;
    for round in 1..=20 {
        let threads = [&CHARGE, &REFUND].map(|function| {
            let telling = Arc::clone(&telling);
            thread::spawn(move || {
                let shard = telling.instruments.shard();
                shard.count(function, &CALLS, &[], None, 3);
                shard.count(function, &CALLS, &[], Some("timeout"), 2);
            })
        });
        if round % 3 == 0 {
            of_delta += sum_of(&telling.collect(1), "function.calls");
        }
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
    assert_eq!(sum_of(&telling.collect(0), "function.calls"), 200);
    assert_eq!(of_delta + sum_of(&telling.collect(1), "function.calls"), 200);
    assert_eq!(telling.instruments.known_counters(), 0);
}

#[test]
fn many_short_threads_need_few_cells() {
    let telling = Telling::new(&[Temporality::Cumulative]);
    for _ in 0..100 {
        telling.instruments.shard().count(&CHARGE, &CALLS, &[], None, 1);
    }
    let shard = telling.instruments.shard();
    assert_eq!(sum_of(&telling.collect(0), "function.calls"), 100);
    // The one that the living thread took over.
    assert_eq!(telling.instruments.known_counters(), 1);
    drop(shard);
    assert_eq!(sum_of(&telling.collect(0), "function.calls"), 100);
    assert_eq!(telling.instruments.known_counters(), 0);
}

#[test]
fn too_many_series_overflow_before_the_sdk_sees_them() {
    let telling = Telling::new(&[Temporality::Cumulative]);
    let shard = telling.instruments.shard();
    for number in 0..MOST_SERIES + 100 {
        let attributes = [KeyValue::new("number", number.to_string())];
        shard.count(&CHARGE, &CALLS, &attributes, None, 2);
        shard.record(&CHARGE, &DURATION, &attributes, None, MILLISECOND);
    }
    let exported = telling.collect(0);
    for (metric, total) in [("function.calls", 4198), ("function.duration", 2099)] {
        let points: Vec<_> = exported.points.iter().filter(|point| point.metric == metric).collect();
        assert_eq!(points.len(), MOST_SERIES + 1);
        assert_eq!(sum_of(&exported, metric), total);
        let overflow: Vec<_> =
            points.iter().filter(|point| point.attributes[0].0 == "otel.metric.overflow").collect();
        assert_eq!((overflow.len(), overflow[0].data.total()), (1, total / 2099 * 100));
    }
}

#[test]
fn a_thread_has_cells_for_so_many_series_and_the_sdk_is_told_of_others() {
    static OTHER: CounterSite = CounterSite {
        metric: Metric { name: "other.calls", unit: "", description: "" },
        ..CounterSite::CALLS
    };
    let telling = Telling::new(&[Temporality::Cumulative]);
    let shard = telling.instruments.shard();
    for counter in [&CALLS, &OTHER] {
        // Two functions, so that the cells are told apart.
        let site = if ptr::eq(counter, &CALLS) { &CHARGE } else { &REFUND };
        for number in 0..MOST_SERIES {
            shard.count(site, counter, &[KeyValue::new("number", number.to_string())], None, 1);
        }
    }
    let exported = telling.collect(0);
    assert_eq!(telling.instruments.known_counters(), KEYED_LIMIT);
    for metric in ["function.calls", "other.calls"] {
        let points = exported.points.iter().filter(|point| point.metric == metric);
        assert_eq!((points.count(), sum_of(&exported, metric)), (MOST_SERIES, MOST_SERIES as i128));
    }
}

#[test]
fn functions_that_share_a_histogram_have_the_buckets_of_the_first() {
    static METRIC: Metric = Metric { name: "shop.duration", unit: "ms", description: "" };
    static FIRST: HistogramSite =
        HistogramSite { metric: METRIC, buckets: Some(&[1.0, 10.0]), ..HistogramSite::DURATION };
    static SECOND: HistogramSite =
        HistogramSite { metric: METRIC, buckets: Some(&[5.0]), ..HistogramSite::DURATION };
    let telling = Telling::new(&[Temporality::Cumulative]);
    let shard = telling.instruments.shard();
    shard.record(&CHARGE, &FIRST, &[], None, MILLISECOND);
    shard.record(&REFUND, &SECOND, &[], None, 5 * MILLISECOND);
    let points = telling.collect(0).points;
    let of_second = points.iter().find(|point| point.attributes[0].1 == "shop::refund").unwrap();
    let Data::Histogram(histogram) = &of_second.data else { panic!("a histogram") };
    assert_eq!(histogram.buckets, [0, 1, 0]);
    assert_eq!((histogram.min, histogram.max, histogram.sum), (5.0, 5.0, 5.0));
}

#[test]
fn two_collections_at_once_tell_nothing_twice() {
    let telling = Telling::new(&[Temporality::Cumulative, Temporality::Delta]);
    let is_over = AtomicBool::new(false);
    let of_delta = thread::scope(|scope| {
        let cumulative = scope.spawn(|| {
            let mut last = 0;
            while !is_over.load(Ordering::Relaxed) {
                let now = sum_of(&telling.collect(0), "function.duration");
                assert!(now >= last);
                last = now;
            }
        });
        let delta = scope.spawn(|| {
            let mut sum = 0;
            while !is_over.load(Ordering::Relaxed) {
                sum += sum_of(&telling.collect(1), "function.duration");
            }
            sum
        });
        let threads = [(); 2].map(|()| {
            scope.spawn(|| {
                let shard = telling.instruments.shard();
                for number in 0..20_000 {
                    shard.count(&CHARGE, &CALLS, &[], None, 1);
                    shard.record(&CHARGE, &DURATION, &[], None, number * MILLISECOND);
                }
            })
        });
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        is_over.store(true, Ordering::Relaxed);
        cumulative.join().unwrap();
        delta.join().unwrap()
    });
    let last = telling.collect(0);
    assert_eq!(sum_of(&last, "function.calls"), 40_000);
    assert_eq!(sum_of(&last, "function.duration"), 40_000);
    assert_eq!(of_delta + sum_of(&telling.collect(1), "function.duration"), 40_000);
    let of_duration = last.points.into_iter().find(|point| point.metric == "function.duration");
    let Some(Data::Histogram(histogram)) = of_duration.map(|point| point.data) else { panic!("a histogram") };
    assert_eq!((histogram.min, histogram.max), (0.0, 19.999));
    let sum = 2.0 * 19.999 * 20_000.0 / 2.0;
    assert!((histogram.sum - sum).abs() < sum * 1e-9);
}

#[test]
fn no_fewer_calls_than_none_are_under_way() {
    let telling = Telling::new(&[Temporality::Cumulative]);
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let (begun, to_end) = mpsc::sync_channel(16);
        let begins = scope.spawn(|| {
            let shard = telling.instruments.shard();
            for _ in 0..20_000 {
                shard.step_in_flight(&CHARGE, &DURATION, &[], 1);
                begun.send(()).unwrap();
            }
            drop(begun);
        });
        let telling = &telling;
        let ends = scope.spawn(move || {
            let shard = telling.instruments.shard();
            to_end.iter().for_each(|()| shard.step_in_flight(&CHARGE, &DURATION, &[], -1));
        });
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                assert!(sum_of(&telling.collect(0), "function.in_flight") >= 0);
            }
        });
        begins.join().unwrap();
        ends.join().unwrap();
        is_over.store(true, Ordering::Relaxed);
    });
    let exported = telling.collect(0);
    assert_eq!(exported.points.len(), 1);
    assert_eq!(sum_of(&exported, "function.in_flight"), 0);
}
