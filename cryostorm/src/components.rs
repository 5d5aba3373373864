//! The parts of a telemetry system, and what they have in common.

use std::time::Duration;

use crate::Error;
use crate::export::{ExportRuntime, Pending};
use crate::log::LoggingComponent;
use crate::metric::MetricsComponent;
use crate::propagation::PropagatorComponent;
use crate::trace::TracingComponent;

/// A part that is set up once and shut down once.
pub trait TelemetryComponent {
    /// What it is called in errors.
    fn name(&self) -> &'static str;

    /// Makes what the settings describe. A second call does nothing.
    ///
    /// # Errors
    ///
    /// What could not be made, and why.
    fn setup(&mut self) -> Result<(), Error>;

    /// Begins to export what waits. The outcome says what was lost since the last flush.
    fn force_flush(&self) -> Pending {
        Pending::default()
    }

    /// Begins to export what waits and to end. A second call does nothing.
    fn shutdown(&mut self) -> Pending {
        Pending::default()
    }
}

/// Makes one thing out of settings.
pub trait Factory {
    /// What it makes.
    type Output;

    /// Makes it.
    ///
    /// # Errors
    ///
    /// Why it could not be made.
    fn create(self) -> Result<Self::Output, Error>;
}

/// The four components and the runtime that their exporters run on, as a
/// [`TelemetryBuilder`](crate::TelemetryBuilder) made them.
#[derive(Debug)]
#[non_exhaustive]
pub struct TelemetryComponents {
    /// Context propagation.
    pub propagator: PropagatorComponent,
    /// Spans.
    pub tracing: TracingComponent,
    /// Metrics.
    pub metrics: MetricsComponent,
    /// Logs.
    pub logging: LoggingComponent,
    /// What exporters run on.
    pub runtime: ExportRuntime,
}

impl TelemetryComponents {
    /// Sets up the propagator, tracing, metrics and logging, in this order.
    ///
    /// # Errors
    ///
    /// [`Error::Setup`] with the step that failed; those before it are shut down again.
    pub fn setup_all(&mut self) -> Result<(), Error> {
        let steps: [&mut dyn TelemetryComponent; 4] =
            [&mut self.propagator, &mut self.tracing, &mut self.metrics, &mut self.logging];
        let failed = steps.into_iter().find_map(|component| {
            let setup = component.setup();
            setup.err().map(|cause| Error::Setup { step: component.name(), cause: Box::new(cause) })
        });
        if let Some(error) = failed {
            // Nothing was recorded yet, so there is nothing to lose and little to wait for.
            let _ = self.shutdown_all(Duration::from_secs(1));
            return Err(error);
        }
        Ok(())
    }

    /// Flushes all signals, at the same time and within one time limit.
    ///
    /// # Errors
    ///
    /// [`Error::Undelivered`] with what was lost since the last flush.
    pub fn force_flush_all(&self, timeout: Duration) -> Result<(), Error> {
        self.begin_flush().wait(timeout).map_err(Error::Undelivered)
    }

    /// Shuts down tracing, metrics, logging and the propagator, asking them in this order and waiting for all of them
    /// within one time limit, then the runtime. A second call does nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Undelivered`] with what was lost since the last flush.
    pub fn shutdown_all(&mut self, timeout: Duration) -> Result<(), Error> {
        let outcome = self.begin_shutdown().wait(timeout);
        self.runtime.shutdown();
        outcome.map_err(Error::Undelivered)
    }

    pub(crate) fn begin_flush(&self) -> Pending {
        self.tracing.force_flush().and(self.metrics.force_flush()).and(self.logging.force_flush())
    }

    /// Asks every component to end; the runtime goes on, because it is what they end on.
    pub(crate) fn begin_shutdown(&mut self) -> Pending {
        let steps: [&mut dyn TelemetryComponent; 4] =
            [&mut self.tracing, &mut self.metrics, &mut self.logging, &mut self.propagator];
        steps.into_iter().map(TelemetryComponent::shutdown).fold(Pending::default(), Pending::and)
    }
}
