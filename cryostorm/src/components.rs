//! The parts of a telemetry system, and what they have in common.

use std::time::{Duration, Instant};

use crate::Error;
use crate::export::ExportRuntime;
use crate::log::LoggingComponent;
use crate::metric::MetricsComponent;
use crate::propagation::PropagatorComponent;
use crate::telemetry::TIMEOUT;
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

    /// Exports what waits, within a time limit.
    ///
    /// # Errors
    ///
    /// What was lost since the last flush.
    fn force_flush(&self, _timeout: Duration) -> Result<(), Error> {
        Ok(())
    }

    /// Exports what waits and ends, within a time limit. A second call does nothing.
    ///
    /// # Errors
    ///
    /// What was lost since the last flush.
    fn shutdown(&mut self, _timeout: Duration) -> Result<(), Error> {
        Ok(())
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
            setup.err().map(|source| Error::Setup { step: component.name(), source: Box::new(source) })
        });
        if let Some(error) = failed {
            // Nothing was recorded yet, so there is nothing to lose, and it takes no time.
            let _ = self.shutdown_all(TIMEOUT);
            return Err(error);
        }
        Ok(())
    }

    /// Flushes all signals within one time limit.
    ///
    /// # Errors
    ///
    /// What was lost since the last flush.
    pub fn force_flush_all(&self, timeout: Duration) -> Result<(), Error> {
        let deadline = Instant::now() + timeout;
        let steps: [&dyn TelemetryComponent; 3] = [&self.tracing, &self.metrics, &self.logging];
        let results = steps.map(|component| component.force_flush(remaining(deadline)));
        Error::all(results.into_iter().filter_map(Result::err))
    }

    /// Shuts down tracing, metrics, logging and the propagator, in this order, then the runtime, all within one time
    /// limit. A second call does nothing.
    ///
    /// # Errors
    ///
    /// What was lost since the last flush.
    pub fn shutdown_all(&mut self, timeout: Duration) -> Result<(), Error> {
        let deadline = Instant::now() + timeout;
        let steps: [&mut dyn TelemetryComponent; 4] =
            [&mut self.tracing, &mut self.metrics, &mut self.logging, &mut self.propagator];
        let mut left = steps.len() as u32;
        let results = steps.map(|component| {
            // A signal whose Collector does not answer must not use up the others' time.
            let share = remaining(deadline) / left;
            left -= 1;
            component.shutdown(share)
        });
        self.runtime.shutdown();
        Error::all(results.into_iter().filter_map(Result::err))
    }
}

fn remaining(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}
