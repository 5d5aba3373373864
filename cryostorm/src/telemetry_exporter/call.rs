//! What an exporter was told, as a value.

use std::time::Duration;

use cryostorm_exporter::{MetricName, TelemetryExporter};

/// One call of [`increment`](TelemetryExporter::increment) or [`observe`](TelemetryExporter::observe).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Call {
    /// The metric.
    pub metric: MetricName,
    /// What of it.
    pub value: CallValue,
}

/// What a [`Call`] said of its metric.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum CallValue {
    /// That it rose by so much.
    Increment(u64),
    /// That this was measured.
    Observe(f64),
    /// That something took so long.
    ObserveDuration(Duration),
}

impl Call {
    pub(super) fn new(metric: &MetricName, value: CallValue) -> Self {
        Self { metric: metric.clone(), value }
    }

    /// Tells another exporter the same.
    pub(super) fn repeat(&self, exporter: &(impl TelemetryExporter + ?Sized)) {
        match self.value {
            CallValue::Increment(value) => exporter.increment(&self.metric, value),
            CallValue::Observe(value) => exporter.observe(&self.metric, value),
            CallValue::ObserveDuration(duration) => exporter.observe_duration(&self.metric, duration),
        }
    }
}
