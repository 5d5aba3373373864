//! The propagator of a telemetry system.

use std::fmt;
use std::sync::Arc;

use opentelemetry::trace::noop::NoopTextMapPropagator;

use crate::export::Pending;
use crate::{Error, Factory, TelemetryComponent};

use super::{Propagator, PropagatorFactory};

/// The propagator of a telemetry system.
pub struct PropagatorComponent {
    plan: Option<Plan>,
    propagator: Propagator,
}

enum Plan {
    Settings(PropagatorFactory),
    Own(Propagator),
}

impl PropagatorComponent {
    pub(crate) fn new(factory: PropagatorFactory, own: Option<Propagator>) -> Self {
        let plan = own.map_or(Plan::Settings(factory), Plan::Own);
        Self { plan: Some(plan), propagator: Arc::new(NoopTextMapPropagator::new()) }
    }

    /// The propagator; one that does nothing before set-up and after shutdown.
    #[must_use]
    pub fn propagator(&self) -> Propagator {
        Arc::clone(&self.propagator)
    }
}

impl TelemetryComponent for PropagatorComponent {
    fn name(&self) -> &'static str {
        "the propagator"
    }

    fn setup(&mut self) -> Result<(), Error> {
        match self.plan.take() {
            None => return Ok(()),
            Some(Plan::Own(propagator)) => self.propagator = propagator,
            Some(Plan::Settings(factory)) => self.propagator = factory.create()?,
        }
        Ok(())
    }

    fn shutdown(&mut self) -> Pending {
        self.propagator = Arc::new(NoopTextMapPropagator::new());
        Pending::default()
    }
}

impl fmt::Debug for PropagatorComponent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PropagatorComponent").field("propagator", &self.propagator).finish_non_exhaustive()
    }
}
