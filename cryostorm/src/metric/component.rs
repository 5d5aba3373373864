//! The metrics of a telemetry system.

use std::fmt;
use std::sync::Arc;

use opentelemetry::InstrumentationScope;
use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::{MeterProviderBuilder, SdkMeterProvider};

use crate::export::{ExportFoundation, Exporter, Outlet, Pending, Running, SignalCounts};
#[cfg(feature = "prometheus")]
use crate::settings::ExporterType;
use crate::settings::TelemetrySettings;
use crate::{Error, Factory, TelemetryComponent};

use super::MetricReaderFactory;
use super::build_info;
#[cfg(feature = "prometheus")]
use super::prometheus::{PrometheusReader, PrometheusReaderFactory};

/// What a [`MetricsComponent`] is set up from.
pub(crate) struct MetricsPlan {
    pub(crate) resource: Resource,
    pub(crate) scope: InstrumentationScope,
    pub(crate) reader: ReaderPlan,
    /// A user's own readers.
    pub(crate) own: Vec<Configure>,
}

/// The reader that the settings describe.
pub(crate) enum ReaderPlan {
    /// It pushes.
    Periodic(MetricReaderFactory),
    /// It is scraped.
    #[cfg(feature = "prometheus")]
    Prometheus(PrometheusReaderFactory),
}

impl ReaderPlan {
    /// What the settings describe, or one that exports to `own`.
    pub(crate) fn new(
        settings: &TelemetrySettings,
        foundation: &ExportFoundation,
        counts: &Arc<SignalCounts>,
        own: Option<Exporter<ResourceMetrics>>,
    ) -> Self {
        let periodic = MetricReaderFactory::from_settings(settings, foundation).with_counts(counts);
        match own {
            Some(exporter) => Self::Periodic(periodic.with_exporter(exporter)),
            #[cfg(feature = "prometheus")]
            None if settings.metrics.exporter_type == ExporterType::Prometheus => {
                Self::Prometheus(PrometheusReaderFactory::from_settings(settings, foundation))
            }
            None => Self::Periodic(periodic),
        }
    }
}

/// Puts a part of a user's own into the provider.
pub(crate) type Configure = Box<dyn FnOnce(MeterProviderBuilder) -> MeterProviderBuilder + Send>;

/// The meter provider with its readers.
pub struct MetricsComponent {
    plan: Option<MetricsPlan>,
    running: Option<Running<SdkMeterProvider>>,
    meter: Option<Meter>,
    #[cfg(feature = "prometheus")]
    prometheus: Option<PrometheusReader>,
}

impl MetricsComponent {
    /// Without a plan there are no metrics.
    pub(crate) fn new(plan: Option<MetricsPlan>) -> Self {
        Self {
            plan,
            running: None,
            meter: None,
            #[cfg(feature = "prometheus")]
            prometheus: None,
        }
    }

    /// The provider, while metrics are on and set up.
    #[must_use]
    pub fn provider(&self) -> Option<&SdkMeterProvider> {
        self.running.as_ref().map(|running| &running.provider)
    }

    pub(crate) fn meter(&self) -> Option<Meter> {
        self.meter.clone()
    }

    /// The reader of the exporter type `prometheus`, while that is set up.
    #[cfg(feature = "prometheus")]
    #[must_use]
    pub fn prometheus(&self) -> Option<PrometheusReader> {
        self.prometheus.clone()
    }
}

impl TelemetryComponent for MetricsComponent {
    fn name(&self) -> &'static str {
        "metrics"
    }

    fn setup(&mut self) -> Result<(), Error> {
        let Some(plan) = self.plan.take() else { return Ok(()) };
        let builder = SdkMeterProvider::builder().with_resource(plan.resource.clone());
        let (builder, outlet): (_, Box<dyn Outlet>) = match plan.reader {
            ReaderPlan::Periodic(factory) => {
                let reader = factory.create()?;
                (builder.with_reader(reader.clone()), Box::new(reader))
            }
            #[cfg(feature = "prometheus")]
            ReaderPlan::Prometheus(factory) => {
                let reader = factory.create()?;
                self.prometheus = Some(reader.clone());
                (builder.with_reader(reader.clone()), Box::new(reader))
            }
        };
        let has_own = !plan.own.is_empty();
        let provider = plan.own.into_iter().fold(builder, |builder, configure| configure(builder)).build();
        let meter = provider.meter_with_scope(plan.scope);
        build_info::observe(&meter, &plan.resource);
        self.meter = Some(meter);
        self.running = Some(Running { provider, outlets: vec![outlet], has_own });
        Ok(())
    }

    fn force_flush(&self) -> Pending {
        self.running.as_ref().map(Running::force_flush).unwrap_or_default()
    }

    fn shutdown(&mut self) -> Pending {
        self.meter = None;
        #[cfg(feature = "prometheus")]
        drop(self.prometheus.take());
        self.running.take().map(Running::shutdown).unwrap_or_default()
    }
}

impl fmt::Debug for MetricsComponent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsComponent").field("running", &self.running.is_some()).finish_non_exhaustive()
    }
}
