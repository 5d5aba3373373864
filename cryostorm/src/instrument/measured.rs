//! A call that only metrics observe, and what all calls tell the metrics.

use std::thread;

use super::clock::Ticks;
use super::failure::{Failure, Kind};
use super::guard::Guard;
use super::in_force;
use super::local;
use super::metrics::Shard;
use super::running::Rest;
#[cfg(feature = "tower")]
use super::site::Metric;
use super::site::{CallSite, On};
#[cfg(feature = "tower")]
use opentelemetry::KeyValue;

/// A synchronous call of which nothing needs to be known before it ends, but when it began. Dropped, it went well, unless the
/// thread is unwinding.
#[derive(Debug)]
pub struct MeasuredCall {
    /// None where nothing observes it, and when it is over.
    site: Option<&'static CallSite>,
    /// The Telemetry that it began under.
    telemetry: u64,
    /// When it began, where somebody asks.
    ticks: Ticks,
    /// Whether the thread was unwinding already.
    in_unwinding: bool,
}

impl MeasuredCall {
    /// Starts a call. It is handed out, because what is known of it is in registers.
    #[inline]
    pub fn enter(site: &'static CallSite) -> Self {
        match in_force::id_observing(site) {
            None => Self { site: None, telemetry: 0, ticks: Ticks::STILL, in_unwinding: false },
            Some(telemetry) => {
                let ticks = if site.histogram.is_some() { Ticks::now() } else { Ticks::STILL };
                Self { site: Some(site), telemetry, ticks, in_unwinding: thread::panicking() }
            }
        }
    }

    #[inline]
    fn end(&self, site: &'static CallSite, failure: Option<&Failure<'_>>) {
        match failure {
            None if self.ticks == Ticks::STILL => count(site, self.telemetry),
            _ => measure_call(site, self.telemetry, self.ticks, failure),
        }
    }
}

impl Guard for MeasuredCall {
    #[inline]
    fn finish<'a>(&mut self, failure: impl FnOnce() -> Option<Failure<'a>>) {
        if let Some(site) = self.site {
            let failure = failure();
            self.site = None;
            self.end(site, failure.as_ref());
        }
    }
}

impl Drop for MeasuredCall {
    #[inline]
    fn drop(&mut self) {
        if let Some(site) = self.site {
            let panicked = !self.in_unwinding && thread::panicking();
            self.end(site, panicked.then_some(&Failure::PANIC));
        }
    }
}

/// Counts a call that went well. Most are no more than one more of a kind that this thread counted before.
#[inline(never)]
fn count(site: &'static CallSite, telemetry: u64) {
    if !local::with_shard_of(telemetry, |shard| shard.count_again(site)).unwrap_or(false) {
        measure_call(site, telemetry, Ticks::STILL, None);
    }
}

/// Apart, because it needs more registers than a call should have to save that does not come here.
#[inline(never)]
fn measure_call(site: &'static CallSite, telemetry: u64, ticks: Ticks, failure: Option<&Failure<'_>>) {
    let elapsed = ticks.elapsed();
    let failure = failure.filter(|failure| failure.kind != Kind::Expected);
    let looked = local::with(|local| {
        if let Some(shard) = local.shard().filter(|_| local.id() == telemetry) {
            measure(shard, site, None, elapsed, failure);
        }
    });
    if looked.is_none() {
        measure_while_ending(site, telemetry, elapsed, failure);
    }
}

#[cold]
#[inline(never)]
fn measure_while_ending(
    site: &'static CallSite,
    telemetry: u64,
    elapsed: u64,
    failure: Option<&Failure<'_>>,
) {
    local::tell_while_ending(telemetry, &|shard| measure(shard, site, None, elapsed, failure));
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
