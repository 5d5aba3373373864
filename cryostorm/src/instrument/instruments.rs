//! The instruments of annotated functions.

use std::time::Duration;

use opentelemetry::metrics::{Counter, Histogram, Meter, UpDownCounter};

use super::registry::Registry;
use super::site::{CounterSite, HistogramSite, Metric};

/// The meter, and what was made of it for annotated functions.
#[derive(Debug)]
pub(crate) struct Instruments {
    pub(crate) meter: Meter,
    counters: Registry<Metric, Counter<u64>>,
    histograms: Registry<Metric, Histogram<f64>>,
    in_flight: Registry<&'static str, UpDownCounter<i64>>,
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
        self.counters.get(site.metric, |metric| {
            let counter = self.meter.u64_counter(metric.name);
            counter.with_unit(metric.unit).with_description(metric.description).build()
        })
    }

    /// What measures durations.
    pub(super) fn duration(&self, site: &HistogramSite) -> Histogram<f64> {
        self.histograms.get(site.metric, |metric| {
            let bounds = match site.buckets {
                Some(bounds) => bounds.to_vec(),
                None => DURATION_BOUNDS.iter().map(|seconds| seconds * per_second(metric.unit)).collect(),
            };
            let histogram = self.meter.f64_histogram(metric.name).with_boundaries(bounds);
            histogram.with_unit(metric.unit).with_description(metric.description).build()
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

/// A duration in the unit of a histogram.
pub(super) fn in_unit(duration: Duration, unit: &str) -> f64 {
    duration.as_secs_f64() * per_second(unit)
}

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
