//! How context travels between services.

mod carrier;

use std::fmt;
use std::sync::Arc;

use opentelemetry::propagation::{TextMapCompositePropagator, TextMapPropagator};
use opentelemetry::trace::noop::NoopTextMapPropagator;
use opentelemetry_sdk::propagation::{BaggagePropagator, TraceContextPropagator};

use crate::export::Pending;
use crate::settings::{PropagatorType, TelemetrySettings};
use crate::{Error, Factory, TelemetryComponent};

pub use carrier::{Environment, Getter, Setter};
pub(crate) use carrier::{Reading, Writing};

/// A propagator of any kind. Clones share it.
pub type Propagator = Arc<dyn TextMapPropagator + Send + Sync>;

/// Makes a propagator that speaks all formats set; one that does nothing where propagation is off.
#[derive(Clone, Debug)]
pub struct PropagatorFactory {
    types: Vec<PropagatorType>,
}

impl PropagatorFactory {
    /// The propagator that the settings describe.
    #[must_use]
    pub fn from_settings(settings: &TelemetrySettings) -> Self {
        let propagation = &settings.propagation;
        let types = if propagation.enabled { propagation.propagator_types.clone() } else { Vec::new() };
        Self { types }
    }
}

impl Factory for PropagatorFactory {
    type Output = Propagator;

    fn create(self) -> Result<Propagator, Error> {
        let propagators = self.types.into_iter().map(|format| -> Box<dyn TextMapPropagator + Send + Sync> {
            match format {
                PropagatorType::TraceContext => Box::new(TraceContextPropagator::new()),
                PropagatorType::Baggage => Box::new(BaggagePropagator::new()),
            }
        });
        Ok(Arc::new(TextMapCompositePropagator::new(propagators.collect())))
    }
}

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
