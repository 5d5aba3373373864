//! The `metrics` facade, recorded into a registry of metrics-util.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use metrics::{
    Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit, counter, histogram,
};
use metrics_util::registry::{AtomicStorage, Registry};

use super::{Subject, dynamic, no_such, repeat};
use crate::row::Row;

/// Each call names its metric and labels.
pub fn set_up(row: Row) -> Subject {
    let registry = install();
    let subject = match row {
        Row::Counted | Row::Declared => Subject::new(|calls| repeat(calls, counted)),
        Row::CountedDynamic => Subject::new(|calls| {
            repeat(calls, |id| {
                let (cached, channel) = dynamic(id);
                of_channel(id, cached, channel)
            })
        }),
        Row::Timed => Subject::new(|calls| repeat(calls, timed)),
        _ => no_such("metrics", row),
    };
    subject.flushed_by(move || collect(&registry))
}

/// The handles are kept.
pub fn set_up_kept(row: Row) -> Subject {
    let registry = install();
    let subject = match row {
        Row::Counted | Row::CountedThreads | Row::Declared | Row::DeclaredThreads => {
            let calls = counter!("function.calls", "code.function.name" => "call", "channel" => "web");
            Subject::new(move |times| repeat(times, |id| counted_by(&calls, id)))
        }
        Row::Timed | Row::TimedThreads => {
            let duration =
                histogram!("function.duration", "code.function.name" => "call", "channel" => "web");
            Subject::new(move |times| repeat(times, |id| timed_by(&duration, id)))
        }
        _ => no_such("metrics-kept", row),
    };
    subject.flushed_by(move || collect(&registry))
}

#[inline(never)]
fn counted(id: u64) -> u64 {
    counter!("function.calls", "code.function.name" => "call", "channel" => "web").increment(1);
    black_box(id)
}

#[inline(never)]
fn of_channel(id: u64, cached: bool, channel: &'static str) -> u64 {
    let cached = if cached { "true" } else { "false" };
    counter!("function.calls", "code.function.name" => "call", "cached" => cached, "channel" => channel)
        .increment(1);
    black_box(id)
}

#[inline(never)]
fn timed(id: u64) -> u64 {
    let start = Instant::now();
    let value = black_box(id);
    histogram!("function.duration", "code.function.name" => "call", "channel" => "web")
        .record(start.elapsed().as_secs_f64());
    value
}

#[inline(never)]
fn counted_by(calls: &Counter, id: u64) -> u64 {
    calls.increment(1);
    black_box(id)
}

#[inline(never)]
fn timed_by(duration: &Histogram, id: u64) -> u64 {
    let start = Instant::now();
    let value = black_box(id);
    duration.record(start.elapsed().as_secs_f64());
    value
}

/// Keeps what is recorded, as the recorders of exporters do.
struct Kept(Arc<Registry<Key, AtomicStorage>>);

pub fn install() -> Arc<Registry<Key, AtomicStorage>> {
    let registry = Arc::new(Registry::atomic());
    metrics::set_global_recorder(Kept(Arc::clone(&registry))).expect("the first recorder");
    registry
}

/// Empties the histograms, which keep every value until then.
pub fn collect(registry: &Registry<Key, AtomicStorage>) {
    registry.visit_histograms(|_, histogram| {
        histogram.clear_with(|values| {
            black_box(values);
        });
    });
}

impl Recorder for Kept {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        self.0.get_or_create_counter(key, |counter| Arc::clone(counter).into())
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        self.0.get_or_create_gauge(key, |gauge| Arc::clone(gauge).into())
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        self.0.get_or_create_histogram(key, |histogram| Arc::clone(histogram).into())
    }
}
