//! What instrumented code needs of an installed Telemetry, ready to use.

use std::sync::Arc;

use opentelemetry::trace::noop::NoopTextMapPropagator;
use opentelemetry_sdk::logs::SdkLogger;

use crate::propagation::Propagator;
use crate::settings::Level;

use super::instruments::Instruments;
use super::tracers::Tracers;

/// The three signals, each where it is on, and the propagator.
#[derive(Debug)]
pub(crate) struct Signals {
    /// A number that no other Telemetry has, whose last bits say which of the signals are on.
    pub(crate) id: u64,
    pub(crate) tracers: Option<Tracers>,
    pub(crate) metrics: Option<Instruments>,
    pub(crate) logging: Option<Logging>,
    pub(crate) propagator: Propagator,
}

impl Signals {
    /// None of them.
    pub(crate) fn off() -> Self {
        let propagator = Arc::new(NoopTextMapPropagator::new());
        Self { id: 0, tracers: None, metrics: None, logging: None, propagator }
    }
}

/// The logger, and the least severe level that it takes.
#[derive(Debug)]
pub(crate) struct Logging {
    pub(crate) logger: SdkLogger,
    pub(crate) level: Level,
}
