//! Counts and measurements as log records.

use cryostorm_exporter::{MetricName, TelemetryExporter};

use crate::settings::Level;
use crate::telemetry::Telemetry;

use super::refused::{Refusals, Refused};

/// Logs each call, by the logging signal of a [`Telemetry`]: `orders.placed +1`, or `order.duration 0.25`, with the
/// attributes `metric.name` and `metric.value`. For development, and for metrics of which there are few values.
///
/// Records below the level of the settings are left out, as all are. Flushing does nothing here, as records are exported with
/// the Telemetry's others.
///
/// ```
/// use cryostorm::telemetry_exporter::{LogExporter, MetricName, TelemetryExporter};
/// use cryostorm::{Level, Telemetry, TelemetrySettings};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let telemetry = Telemetry::from_settings(TelemetrySettings::from_vars([("LOGGING__LEVEL", "debug")])?)?;
/// let exporter = LogExporter::new(&telemetry).with_level(Level::Debug);
/// exporter.increment(&MetricName::from_static("orders.placed"), 1);
/// telemetry.shutdown()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct LogExporter {
    telemetry: Telemetry,
    level: Level,
    refusals: Refusals,
}

impl LogExporter {
    /// One that logs at [`Level::Info`] there.
    #[must_use]
    pub fn new(telemetry: &Telemetry) -> Self {
        Self { telemetry: telemetry.clone(), level: Level::Info, refusals: Refusals::default() }
    }

    /// Logs at this level.
    #[must_use]
    pub fn with_level(self, level: Level) -> Self {
        Self { level, ..self }
    }

    /// What was refused so far.
    #[must_use]
    pub fn refused(&self) -> Refused {
        self.refusals.read()
    }
}

impl TelemetryExporter for LogExporter {
    fn increment(&self, metric: &MetricName, value: u64) {
        let attributes: [(_, &dyn crate::AttributeValue); 2] =
            [("metric.name", &metric.as_str()), ("metric.value", &value)];
        self.telemetry.log(self.level, format!("{metric} +{value}"), &attributes);
    }

    fn observe(&self, metric: &MetricName, value: f64) {
        if self.refusals.admit(metric, value) {
            let attributes: [(_, &dyn crate::AttributeValue); 2] =
                [("metric.name", &metric.as_str()), ("metric.value", &value)];
            self.telemetry.log(self.level, format!("{metric} {value}"), &attributes);
        }
    }
}
