//! What instrumented code needs of an installed Telemetry, ready to use.

use std::sync::Arc;

use opentelemetry::InstrumentationScope;
use opentelemetry::trace::TracerProvider;
use opentelemetry::trace::noop::NoopTextMapPropagator;
use opentelemetry_sdk::logs::SdkLogger;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};

use crate::propagation::Propagator;
use crate::settings::Level;

use super::instruments::Instruments;
use super::registry::Registry;

/// The three signals, each where it is on, and the propagator.
#[derive(Debug)]
pub(crate) struct Signals {
    pub(crate) tracers: Option<Tracers>,
    pub(crate) metrics: Option<Instruments>,
    pub(crate) logging: Option<Logging>,
    pub(crate) propagator: Propagator,
}

impl Signals {
    /// None of them.
    pub(crate) fn off() -> Self {
        let propagator = Arc::new(NoopTextMapPropagator::new());
        Self { tracers: None, metrics: None, logging: None, propagator }
    }

    /// The tracer of cryostorm's own scope.
    pub(crate) fn tracer(&self) -> Option<&SdkTracer> {
        self.tracers.as_ref().map(|tracers| &tracers.own)
    }
}

/// The tracer of cryostorm's own scope, and those of scopes that annotated functions name.
#[derive(Debug)]
pub(crate) struct Tracers {
    own: SdkTracer,
    provider: SdkTracerProvider,
    named: Registry<&'static str, SdkTracer>,
}

impl Tracers {
    pub(crate) fn new(own: SdkTracer, provider: SdkTracerProvider) -> Self {
        Self { own, provider, named: Registry::default() }
    }

    /// The tracer of that scope.
    pub(super) fn of(&self, scope: Option<&'static str>) -> SdkTracer {
        let Some(scope) = scope else { return self.own.clone() };
        self.named.get(scope, |scope| {
            self.provider.tracer_with_scope(InstrumentationScope::builder(*scope).build())
        })
    }
}

/// The logger, and the least severe level that it takes.
#[derive(Debug)]
pub(crate) struct Logging {
    pub(crate) logger: SdkLogger,
    pub(crate) level: Level,
}
