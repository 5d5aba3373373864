//! The instruments of annotated functions.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{BoundHistogram, Counter, Histogram, Meter, UpDownCounter};

use super::cardinality::{Admission, MOST_SERIES, Point};
use super::declared::{Streams, announce};
use super::linked::call_sites;
use super::metrics::{Buckets, Ledger, Series, Shard};
use super::registry::Registry;
#[cfg(feature = "tower")]
use super::site::CallSite;
use super::site::{CounterSite, HistogramSite, Metric};

/// The meter, what was made of it for annotated functions, and what they counted.
#[derive(Clone, Debug)]
pub(crate) struct Instruments {
    pub(super) made: Arc<Made>,
}

/// What all threads share.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) meter: Meter,
    // By name: functions that share one share the instrument, and the first one describes it.
    counters: Registry<&'static str, Limited<Counter<u64>>>,
    histograms: Registry<&'static str, Limited<Durations>>,
    in_flight: Registry<&'static str, Limited<UpDownCounter<i64>>>,
    /// By name, in small letters: whatever is told of a metric, and by whom, shares its limit.
    admissions: Registry<String, Arc<Admission>>,
    pub(super) ledger: Arc<Ledger>,
    pub(super) streams: Streams,
}

/// An instrument, and what decides which series its metric has.
#[derive(Clone, Debug)]
pub(super) struct Limited<I> {
    pub(super) instrument: I,
    pub(super) admission: Arc<Admission>,
}

/// A histogram of durations, in a unit of its own.
#[derive(Clone, Debug)]
pub(super) struct Durations {
    histogram: Histogram<f64>,
    per_second: f64,
    buckets: Arc<Buckets>,
}

impl Durations {
    pub(super) fn record(&self, nanos: u64, attributes: &[KeyValue]) {
        self.histogram.record(self.value(nanos), attributes);
    }

    /// For those attributes only.
    pub(super) fn bind(&self, attributes: &[KeyValue]) -> BoundHistogram<f64> {
        self.histogram.bind(attributes)
    }

    /// So many nanoseconds in the histogram's unit.
    pub(super) fn value(&self, nanos: u64) -> f64 {
        in_unit(nanos, self.per_second)
    }

    #[inline]
    pub(super) fn buckets(&self) -> &Buckets {
        &self.buckets
    }
}

fn in_unit(nanos: u64, per_second: f64) -> f64 {
    if per_second == PER_WHOLE {
        return nanos as f64;
    }
    Duration::from_nanos(nanos).as_secs_f64() * per_second
}

/// Of how many functions that share a sum it is told before their first call.
const MOST_AT_ZERO: usize = 500;

/// The bucket bounds of the HTTP convention's durations, in seconds.
pub(crate) const DURATION_BOUNDS: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

impl Instruments {
    pub(crate) fn new(meter: Meter) -> Self {
        let ledger = Arc::<Ledger>::default();
        drain_before_collections(&meter, &ledger);
        let made = Made {
            meter,
            counters: Registry::default(),
            histograms: Registry::default(),
            in_flight: Registry::default(),
            admissions: Registry::default(),
            ledger,
            streams: Streams::default(),
        };
        // Those of most functions are there before the first call.
        drop((made.calls(&CounterSite::CALLS), made.duration(&HistogramSite::DURATION)));
        made.begin();
        announce(&made);
        Self { made: Arc::new(made) }
    }

    pub(crate) fn meter(&self) -> &Meter {
        &self.made.meter
    }

    /// Makes the histogram that requests are measured by.
    #[cfg(feature = "tower")]
    pub(crate) fn announce(&self, site: &CallSite) {
        if let Some(histogram) = site.histogram {
            drop(self.made.duration(histogram));
        }
    }

    /// The same of what counts those that are under way.
    #[cfg(feature = "tower")]
    pub(crate) fn announce_active(&self, metric: Metric) {
        drop(self.made.in_flight(metric));
    }

    /// What decides which series a metric has.
    pub(crate) fn admission(&self, metric: &str) -> Arc<Admission> {
        self.made.admission(metric, MOST_SERIES)
    }

    /// A thread's own part.
    pub(crate) fn shard(&self) -> Shard {
        Shard::new(Arc::clone(&self.made))
    }

    /// How many cells of counters are known, on all threads.
    #[cfg(test)]
    pub(super) fn known_counters(&self) -> usize {
        self.made.ledger.known_counters()
    }
}

impl Made {
    /// Makes the instruments of all functions, so that no first call waits for the collection that the SDK makes none
    /// during. Sums that can be told before the first call are exported from the first collection on, because backends do
    /// not see a rise from nothing; not of more functions than that their series leave room for others.
    fn begin(&self) {
        let mut functions = HashMap::<&str, usize>::new();
        for site in call_sites() {
            let mut is_one_of_few = |name| {
                let count = functions.entry(name).or_default();
                *count += 1;
                *count <= MOST_AT_ZERO
            };
            if let Some(counter) = site.counter {
                let calls = self.calls(counter);
                if counter.keys.is_empty() && is_one_of_few(counter.metric.name) {
                    calls.begin(Series::of_all(site, counter.attributes), |calls, point| calls.add(0, point));
                }
            }
            if let Some(histogram) = site.histogram {
                drop(self.duration(histogram));
                if let Some(name) = histogram.in_flight {
                    let in_flight = self.in_flight(in_flight_metric(name));
                    if histogram.keys.is_empty() && is_one_of_few(name) {
                        let series = Series::of_all(site, histogram.attributes);
                        in_flight.begin(series, |calls, point| calls.add(0, point));
                    }
                }
            }
        }
    }

    /// What decides which series a metric has. The least limit that anybody names holds.
    pub(super) fn admission(&self, metric: &str, limit: usize) -> Arc<Admission> {
        let new = |_: &String| Arc::new(Admission::new(metric));
        let admission = self.admissions.get(metric.to_ascii_lowercase(), new);
        admission.limit_to(limit);
        admission
    }

    fn limited<I>(&self, metric: &str, instrument: I) -> Limited<I> {
        Limited { instrument, admission: self.admission(metric, MOST_SERIES) }
    }

    /// What counts calls.
    pub(super) fn calls(&self, site: &CounterSite) -> Limited<Counter<u64>> {
        self.counters.get(site.metric.name, |name| {
            let Metric { unit, description, .. } = site.described();
            let counter = self.meter.u64_counter(*name);
            self.limited(name, counter.with_unit(unit).with_description(description).build())
        })
    }

    /// What measures durations.
    pub(super) fn duration(&self, site: &HistogramSite) -> Limited<Durations> {
        self.histograms.get(site.metric.name, |name| {
            let Metric { unit, description, .. } = site.described();
            let per_second = site.per_second();
            let bounds = bounds(site);
            let value = |nanos| in_unit(nanos, per_second);
            let buckets = Arc::new(Buckets::new(&bounds, value));
            let histogram = self.meter.f64_histogram(*name).with_boundaries(bounds);
            let histogram = histogram.with_unit(unit).with_description(description).build();
            self.limited(name, Durations { histogram, per_second, buckets })
        })
    }

    /// What counts what is under way.
    pub(super) fn in_flight(&self, metric: Metric) -> Limited<UpDownCounter<i64>> {
        let Metric { name, unit, description } = metric;
        self.in_flight.get(name, |name| {
            let counter = self.meter.i64_up_down_counter(*name);
            self.limited(name, counter.with_unit(unit).with_description(description).build())
        })
    }
}

impl<I> Limited<I> {
    /// Tells of a series before there is a value.
    fn begin(&self, series: Series<'_>, tell: impl FnOnce(&I, &[KeyValue])) {
        if self.admission.admits(&series) {
            tell(&self.instrument, &series.to_vec());
        }
    }
}

/// What counts calls while they go on, under that name.
pub(crate) fn in_flight_metric(name: &'static str) -> Metric {
    Metric { name, unit: "{call}", description: "Calls that are under way." }
}

/// The SDK calls what observes an instrument at the beginning of each reader's collection. This one never has anything
/// to observe, and is not exported. The callback must not hold the meter, which holds the callback.
fn drain_before_collections(meter: &Meter, ledger: &Arc<Ledger>) {
    let ledger = Arc::clone(ledger);
    let counter = meter.u64_observable_counter("cryostorm.drain");
    let _ = counter.with_callback(move |_| ledger.drain()).build();
}

/// The bucket bounds of a function's histogram, in its unit.
pub(crate) fn bounds(site: &HistogramSite) -> Vec<f64> {
    match site.buckets {
        Some(bounds) => bounds.to_vec(),
        None => duration_bounds(site.per_second()),
    }
}

fn duration_bounds(per_second: f64) -> Vec<f64> {
    DURATION_BOUNDS.iter().map(|seconds| seconds * per_second).collect()
}

/// The bucket bounds of what is measured in a unit of time, where nothing else is said.
pub(crate) fn default_bounds(unit: &str) -> Option<Vec<f64>> {
    per_second(unit).map(duration_bounds)
}

/// How many of a unit of time are in a second.
pub(crate) const fn per_second(unit: &str) -> Option<f64> {
    Some(match unit.as_bytes() {
        b"s" => 1.0,
        b"ms" => 1e3,
        b"us" => 1e6,
        b"ns" => 1e9,
        b"min" => 1.0 / 60.0,
        b"h" => 1.0 / 3600.0,
        _ => return None,
    })
}

/// Whether two times are one, but for what is lost when one of them comes from another unit.
pub(crate) const fn is_same(time: f64, other: f64) -> bool {
    (time - other).abs() <= other.abs() * 1e-9
}

/// In place of that, for what is measured in whole numbers: these are kept where others have their nanoseconds.
pub(super) const PER_WHOLE: f64 = 1e9;
