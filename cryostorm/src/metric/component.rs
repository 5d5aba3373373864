//! The metrics of a telemetry system.

use std::fmt;

use opentelemetry::InstrumentationScope;
use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::{MeterProviderBuilder, SdkMeterProvider};

use crate::export::{Pending, Running};
use crate::{Error, Factory, TelemetryComponent};

use super::MetricReaderFactory;

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
    running: Option<Running<SdkMeterProvider>>,
    meter: Option<Meter>,
}

impl MetricsComponent {
    /// Without a plan there are no metrics.
    pub(crate) fn new(plan: Option<MetricsPlan>) -> Self {
        Self { plan, running: None, meter: None }
    }

    /// The provider, while metrics are on and set up.
    #[must_use]
    pub fn provider(&self) -> Option<&SdkMeterProvider> {
        self.running.as_ref().map(|running| &running.provider)
    }

    pub(crate) fn meter(&self) -> Option<Meter> {
        self.meter.clone()
    }
}

impl TelemetryComponent for MetricsComponent {
    fn name(&self) -> &'static str {
        "metrics"
    }

    fn setup(&mut self) -> Result<(), Error> {
        let Some(plan) = self.plan.take() else { return Ok(()) };
        let reader = plan.reader.create()?;
        let builder = SdkMeterProvider::builder().with_resource(plan.resource).with_reader(reader.clone());
        let has_own = !plan.own.is_empty();
        let provider = plan.own.into_iter().fold(builder, |builder, configure| configure(builder)).build();
        self.meter = Some(provider.meter_with_scope(plan.scope));
        self.running = Some(Running { provider, outlets: vec![Box::new(reader)], has_own });
        Ok(())
    }

    fn force_flush(&self) -> Pending {
        self.running.as_ref().map(Running::force_flush).unwrap_or_default()
    }

    fn shutdown(&mut self) -> Pending {
        self.meter = None;
        self.running.take().map(Running::shutdown).unwrap_or_default()
    }
}

impl fmt::Debug for MetricsComponent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsComponent").field("running", &self.running.is_some()).finish_non_exhaustive()
    }
}
