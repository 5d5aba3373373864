//! The metrics of a telemetry system.

use std::fmt;
use std::time::Duration;

use opentelemetry::InstrumentationScope;
use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::{MeterProviderBuilder, SdkMeterProvider};

use crate::{Error, Factory, TelemetryComponent};

use super::{MetricReaderFactory, PeriodicReader};

const NAME: &str = "metrics";

/// What a [`MetricsComponent`] is set up from.
pub(crate) struct MetricsPlan {
    pub(crate) resource: Resource,
    pub(crate) scope: InstrumentationScope,
    pub(crate) reader: MetricReaderFactory,
    /// A user's own readers.
    pub(crate) own: Vec<Configure>,
}

/// Puts a part of a user's own into the provider.
pub(crate) type Configure = Box<dyn FnOnce(MeterProviderBuilder) -> MeterProviderBuilder + Send>;

/// The meter provider with its readers.
pub struct MetricsComponent {
    plan: Option<MetricsPlan>,
    running: Option<Running>,
}

struct Running {
    provider: SdkMeterProvider,
    reader: PeriodicReader,
    meter: Meter,
    /// Whether the provider has parts of a user\'s own.
    has_own: bool,
}

impl MetricsComponent {
    /// Without a plan there are no metrics.
    pub(crate) fn new(plan: Option<MetricsPlan>) -> Self {
        Self { plan, running: None }
    }

    /// The provider, while metrics are on and set up.
    #[must_use]
    pub fn provider(&self) -> Option<&SdkMeterProvider> {
        self.running.as_ref().map(|running| &running.provider)
    }

    pub(crate) fn meter(&self) -> Option<Meter> {
        self.running.as_ref().map(|running| running.meter.clone())
    }
}

impl TelemetryComponent for MetricsComponent {
    fn name(&self) -> &'static str {
        NAME
    }

    fn setup(&mut self) -> Result<(), Error> {
        let Some(plan) = self.plan.take() else { return Ok(()) };
        let reader = plan.reader.create()?;
        let builder = SdkMeterProvider::builder().with_resource(plan.resource).with_reader(reader.clone());
        let has_own = !plan.own.is_empty();
        let provider = plan.own.into_iter().fold(builder, |builder, configure| configure(builder)).build();
        let meter = provider.meter_with_scope(plan.scope);
        self.running = Some(Running { provider, reader, meter, has_own });
        Ok(())
    }

    fn force_flush(&self, timeout: Duration) -> Result<(), Error> {
        let Some(Running { provider, reader, has_own, .. }) = &self.running else { return Ok(()) };
        reader.flush(timeout)?;
        // The provider would flush ours once more, so it is asked only where there are others.
        if !has_own {
            return Ok(());
        }
        provider.force_flush().map_err(|error| Error::part(NAME, &error))
    }

    fn shutdown(&mut self, timeout: Duration) -> Result<(), Error> {
        let Some(Running { provider, reader, .. }) = self.running.take() else { return Ok(()) };
        let ended = reader.end(timeout);
        let own = provider.shutdown_with_timeout(timeout).map_err(|error| Error::part(NAME, &error));
        Error::all([ended.map_err(Error::from), own].into_iter().filter_map(Result::err))
    }
}

impl fmt::Debug for MetricsComponent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsComponent").field("running", &self.running.is_some()).finish_non_exhaustive()
    }
}
