//! A call that only metrics observe, and what all calls tell the metrics.

use std::thread;

use super::clock::Ticks;
use super::failure::{Failure, Kind};
use super::local;
use super::metrics::Shard;
use super::running::Rest;
#[cfg(feature = "tower")]
use super::site::Metric;
use super::site::{CallSite, On};
#[cfg(feature = "tower")]
use opentelemetry::KeyValue;

/// A call of which nothing needs to be known before it ends, but when it began.
#[derive(Debug)]
pub(super) struct Measured {
    site: &'static CallSite,
    /// The Telemetry that it began under.
    telemetry: u64,
    /// When it began.
    ticks: Ticks,
    /// Whether the thread was unwinding already.
    in_unwinding: bool,
}

impl Measured {
    #[inline]
    pub(super) fn start(site: &'static CallSite) -> Self {
        let ticks = if site.histogram.is_some() { Ticks::now() } else { Ticks::STILL };
        Self { site, telemetry: local::id_in_force(), ticks, in_unwinding: thread::panicking() }
    }

    /// Ends a call that went well, unless the thread began to unwind since it started.
    #[inline]
    pub(super) fn end_dropped(&self) {
        let panicked = !self.in_unwinding && thread::panicking();
        self.end(panicked.then_some(&Failure::PANIC));
    }

    #[inline(never)]
    pub(super) fn end(&self, failure: Option<&Failure<'_>>) {
        // Most calls are no more than one more of a kind that this thread counted before.
        let is_counted = failure.is_none()
            && self.ticks == Ticks::STILL
            && local::with_shard_of(self.telemetry, |shard| shard.count_again(self.site)).unwrap_or(false);
        if !is_counted {
            self.measure(failure);
        }
    }

    /// Apart, because it needs more registers than a call should have to save that does not come here.
    #[inline(never)]
    fn measure(&self, failure: Option<&Failure<'_>>) {
        let elapsed = self.ticks.elapsed();
        let failure = failure.filter(|failure| failure.kind != Kind::Expected);
        let looked = local::with(|local| {
            if let Some(shard) = local.shard().filter(|_| local.id() == self.telemetry) {
                measure(shard, self.site, None, elapsed, failure);
            }
        });
        if looked.is_none() {
            self.measure_while_ending(elapsed, failure);
        }
    }

    #[cold]
    #[inline(never)]
    fn measure_while_ending(&self, elapsed: u64, failure: Option<&Failure<'_>>) {
        local::tell_while_ending(self.telemetry, &|shard| {
            measure(shard, self.site, None, elapsed, failure);
        });
    }
}

/// Measures a request on the histogram of `site`: nanoseconds where that is one of durations, else whole units.
#[cfg(feature = "tower")]
pub(crate) fn measure_request(telemetry: u64, site: &'static CallSite, attributes: &[KeyValue], value: u64) {
    with_shard(telemetry, |shard| {
        if let Some(histogram) = site.histogram {
            shard.record(site, histogram, attributes, None, value);
        }
    });
}

/// Counts a request as one more, or one less, that is under way.
#[cfg(feature = "tower")]
pub(crate) fn step_request(
    telemetry: u64,
    site: &'static CallSite,
    metric: Metric,
    attributes: &[KeyValue],
    step: i64,
) {
    with_shard(telemetry, |shard| shard.step_request(site, metric, attributes, step));
}

#[cfg(feature = "tower")]
fn with_shard(telemetry: u64, measure: impl Fn(&Shard)) {
    let looked = local::with(|local| {
        if let Some(shard) = local.shard().filter(|_| local.id() == telemetry) {
            measure(shard);
        }
    });
    if looked.is_none() {
        // It began where it was observed, wherever it ends.
        local::tell_from_elsewhere(telemetry, &measure);
    }
}

/// Counts the call as one more, or one less, that is under way.
pub(super) fn step_in_flight(shard: &Shard, site: &'static CallSite, rest: Option<&Rest>, step: i64) {
    if let Some(histogram) = site.histogram {
        let attributes = rest.map_or(&[][..], |rest| &rest.histogram);
        shard.step_in_flight(site, histogram, attributes, step);
    }
}

#[inline(always)]
pub(super) fn measure(
    shard: &Shard,
    site: &'static CallSite,
    rest: Option<&Rest>,
    elapsed: u64,
    failure: Option<&Failure<'_>>,
) {
    let error_type = failure.map(|failure| failure.error_type);
    let (counter_attributes, histogram_attributes, by) = match rest {
        Some(rest) => (&*rest.counter, &*rest.histogram, rest.by),
        None => (&[][..], &[][..], 1),
    };
    if let Some(counter) = site.counter
        && is_counted(counter.on, failure)
    {
        shard.count(site, counter, counter_attributes, error_type, by);
    }
    if let Some(histogram) = site.histogram {
        shard.record(site, histogram, histogram_attributes, error_type, elapsed);
    }
}

fn is_counted(on: On, failure: Option<&Failure<'_>>) -> bool {
    match on {
        On::Call => true,
        On::Ok => failure.is_none(),
        On::Err => failure.is_some_and(|failure| failure.kind == Kind::Error),
    }
}
