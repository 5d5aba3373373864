//! The instruments of annotated functions.

use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram, Meter, UpDownCounter};

use super::registry::Registry;
use super::site::{CounterSite, HistogramSite, Metric};

/// The meter, and what was made of it for annotated functions.
#[derive(Debug)]
pub(crate) struct Instruments {
    pub(crate) meter: Meter,
    // By name: functions that share one share the instrument, and the first one describes it.
    counters: Registry<&'static str, Counter<u64>>,
    histograms: Registry<&'static str, Durations>,
    in_flight: Registry<&'static str, UpDownCounter<i64>>,
}

/// Temporary.
#[derive(Debug)]
pub(crate) struct Shard(std::sync::Arc<Inner>);
type Inner = ();
impl Instruments {
    pub(crate) fn shard(&self) -> Shard {
        Shard(std::sync::Arc::default())
    }
}
impl Shard {
    pub(super) fn count(
        &self,
        _: &'static super::site::CallSite,
        _: &'static CounterSite,
        _: &[KeyValue],
        _: Option<&'static str>,
        _: u64,
    ) {
    }
    pub(super) fn record(
        &self,
        _: &'static super::site::CallSite,
        _: &'static HistogramSite,
        _: &[KeyValue],
        _: Option<&'static str>,
        _: Duration,
    ) {
    }
    pub(super) fn step_in_flight(
        &self,
        _: &'static super::site::CallSite,
        _: &'static HistogramSite,
        _: &[KeyValue],
        _: i64,
    ) {
    }
}

/// A histogram of durations, in a unit of its own.
#[derive(Clone, Debug)]
pub(super) struct Durations {
    histogram: Histogram<f64>,
    per_second: f64,
}

impl Durations {
    pub(super) fn record(&self, duration: Duration, attributes: &[KeyValue]) {
        self.histogram.record(duration.as_secs_f64() * self.per_second, attributes);
    }
}

/// The bucket bounds of the HTTP convention's durations, in seconds.
const DURATION_BOUNDS: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

impl Instruments {
    pub(crate) fn new(meter: Meter) -> Self {
        let instruments = Self {
            meter,
            counters: Registry::default(),
            histograms: Registry::default(),
            in_flight: Registry::default(),
        };
        // Those of most functions are there before the first call.
        drop((instruments.calls(&CounterSite::CALLS), instruments.duration(&HistogramSite::DURATION)));
        instruments
    }

    /// What counts calls.
    pub(super) fn calls(&self, site: &CounterSite) -> Counter<u64> {
        let Metric { name, unit, description } = site.metric;
        self.counters.get(name, |name| {
            let counter = self.meter.u64_counter(*name);
            counter.with_unit(unit).with_description(description).build()
        })
    }

    /// What measures durations.
    pub(super) fn duration(&self, site: &HistogramSite) -> Durations {
        let Metric { name, unit, description } = site.metric;
        self.histograms.get(name, |name| {
            let per_second = per_second(unit);
            let bounds = match site.buckets {
                Some(bounds) => bounds.to_vec(),
                None => DURATION_BOUNDS.iter().map(|seconds| seconds * per_second).collect(),
            };
            let histogram = self.meter.f64_histogram(*name).with_boundaries(bounds);
            let histogram = histogram.with_unit(unit).with_description(description).build();
            Durations { histogram, per_second }
        })
    }

    /// What counts the calls under way.
    pub(super) fn in_flight(&self, name: &'static str) -> UpDownCounter<i64> {
        self.in_flight.get(name, |name| {
            let counter = self.meter.i64_up_down_counter(*name);
            counter.with_unit("{call}").with_description("Calls that are under way.").build()
        })
    }
}

/// The units that the macro accepts.
fn per_second(unit: &str) -> f64 {
    match unit {
        "ms" => 1e3,
        "us" => 1e6,
        "ns" => 1e9,
        "min" => 1.0 / 60.0,
        "h" => 1.0 / 3600.0,
        _ => 1.0,
    }
}
