//! prometheus-client: families, and counters and histograms taken from them once.

use std::hint::black_box;
use std::time::Instant;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::{BOUNDS, Subject, dynamic, no_such, repeat};
use crate::row::Row;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Labels {
    function: &'static str,
    channel: &'static str,
    cached: Option<bool>,
}

const LITERALS: Labels = Labels { function: "call", channel: "web", cached: None };

type Histograms = Family<Labels, Histogram, fn() -> Histogram>;

fn histograms() -> Histograms {
    Family::new_with_constructor(|| Histogram::new(BOUNDS))
}

/// Each call finds its counter or histogram by its labels.
pub fn set_up(row: Row) -> Subject {
    let (calls, duration) = (Family::<Labels, Counter>::default(), histograms());
    let registry = registered(&calls, &duration);
    let subject = match row {
        Row::Counted | Row::Declared => Subject::new(move |times| repeat(times, |id| counted(&calls, id))),
        Row::CountedDynamic => Subject::new(move |times| {
            repeat(times, |id| {
                let (cached, channel) = dynamic(id);
                of_channel(&calls, id, cached, channel)
            })
        }),
        Row::Timed => Subject::new(move |times| repeat(times, |id| timed(&duration, id))),
        _ => no_such("prometheus", row),
    };
    subject.flushed_by(move || scrape(&registry))
}

/// The counter and the histogram are kept.
pub fn set_up_kept(row: Row) -> Subject {
    let (calls, duration) = (Family::<Labels, Counter>::default(), histograms());
    let registry = registered(&calls, &duration);
    let subject = match row {
        Row::Counted | Row::CountedThreads | Row::Declared | Row::DeclaredThreads => {
            let calls = calls.get_or_create_owned(&LITERALS);
            Subject::new(move |times| repeat(times, |id| counted_by(&calls, id)))
        }
        Row::Timed | Row::TimedThreads => {
            let duration = duration.get_or_create_owned(&LITERALS);
            Subject::new(move |times| repeat(times, |id| timed_by(&duration, id)))
        }
        _ => no_such("prometheus-kept", row),
    };
    subject.flushed_by(move || scrape(&registry))
}

fn registered(calls: &Family<Labels, Counter>, duration: &Histograms) -> Registry {
    let mut registry = Registry::default();
    registry.register("function_calls", "Calls", calls.clone());
    registry.register("function_duration", "Durations", duration.clone());
    registry
}

pub fn scrape(registry: &Registry) {
    let mut body = String::new();
    text::encode(&mut body, registry).expect("a string takes it all");
    black_box(body);
}

#[inline(never)]
fn counted(calls: &Family<Labels, Counter>, id: u64) -> u64 {
    calls.get_or_create(&LITERALS).inc();
    black_box(id)
}

#[inline(never)]
fn of_channel(calls: &Family<Labels, Counter>, id: u64, cached: bool, channel: &'static str) -> u64 {
    calls.get_or_create(&Labels { function: "call", channel, cached: Some(cached) }).inc();
    black_box(id)
}

#[inline(never)]
fn timed(duration: &Histograms, id: u64) -> u64 {
    let start = Instant::now();
    let value = black_box(id);
    duration.get_or_create(&LITERALS).observe(start.elapsed().as_secs_f64());
    value
}

#[inline(never)]
fn counted_by(calls: &Counter, id: u64) -> u64 {
    calls.inc();
    black_box(id)
}

#[inline(never)]
fn timed_by(duration: &Histogram, id: u64) -> u64 {
    let start = Instant::now();
    let value = black_box(id);
    duration.observe(start.elapsed().as_secs_f64());
    value
}
