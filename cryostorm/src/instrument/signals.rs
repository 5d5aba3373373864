//! What instrumented code needs of an installed Telemetry, ready to use.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use opentelemetry::metrics::{Counter, Histogram, Meter};
use opentelemetry::trace::noop::NoopTextMapPropagator;
use opentelemetry_sdk::logs::SdkLogger;
use opentelemetry_sdk::trace::SdkTracer;

use crate::propagation::Propagator;
use crate::settings::Level;

use super::site::CallSite;

/// The three signals, each where it is on, and the propagator.
#[derive(Debug)]
pub(crate) struct Signals {
    pub(crate) tracer: Option<SdkTracer>,
    pub(crate) metrics: Option<Instruments>,
    pub(crate) logging: Option<Logging>,
    pub(crate) propagator: Propagator,
}

impl Signals {
    /// None of them.
    pub(crate) fn off() -> Self {
        let propagator = Arc::new(NoopTextMapPropagator::new());
        Self { tracer: None, metrics: None, logging: None, propagator }
    }
}

/// The logger, and the least severe level that it takes.
#[derive(Debug)]
pub(crate) struct Logging {
    pub(crate) logger: SdkLogger,
    pub(crate) level: Level,
}

/// The meter, and the instruments of annotated functions, by name.
#[derive(Debug)]
pub(crate) struct Instruments {
    pub(crate) meter: Meter,
    counters: RwLock<HashMap<&'static str, Counter<u64>>>,
    histograms: RwLock<HashMap<&'static str, Histogram<f64>>>,
}

/// The bucket bounds of the HTTP convention's durations, in seconds.
const DURATION_BOUNDS: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

impl Instruments {
    pub(crate) fn new(meter: Meter) -> Self {
        let instruments = Self { meter, counters: RwLock::default(), histograms: RwLock::default() };
        // Those of most functions are there before the first call.
        drop((instruments.calls(CallSite::CALLS), instruments.duration(CallSite::DURATION)));
        instruments
    }

    /// The counter of calls of that name.
    pub(crate) fn calls(&self, name: &'static str) -> Counter<u64> {
        cached(&self.counters, name, || {
            self.meter
                .u64_counter(name)
                .with_unit("{call}")
                .with_description("Calls of annotated functions.")
                .build()
        })
    }

    /// The histogram of durations of that name.
    pub(crate) fn duration(&self, name: &'static str) -> Histogram<f64> {
        cached(&self.histograms, name, || {
            self.meter
                .f64_histogram(name)
                .with_unit("s")
                .with_description("Durations of annotated functions.")
                .with_boundaries(DURATION_BOUNDS.to_vec())
                .build()
        })
    }
}

/// The instrument of that name, made when it is first asked for. Names are literals, so there are not many.
fn cached<I: Clone>(
    instruments: &RwLock<HashMap<&'static str, I>>,
    name: &'static str,
    build: impl FnOnce() -> I,
) -> I {
    if let Some(instrument) = instruments.read().unwrap_or_else(PoisonError::into_inner).get(name) {
        return instrument.clone();
    }
    // Without the lock: the SDK makes no instrument while it collects, and a callback may take long.
    let instrument = build();
    let mut instruments = instruments.write().unwrap_or_else(PoisonError::into_inner);
    instruments.entry(name).or_insert(instrument).clone()
}
