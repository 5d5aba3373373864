//! Installations of the test's own process, one at a time.

use std::sync::{Mutex, MutexGuard, PoisonError};

use cryostorm::TelemetrySettings;
use cryostorm::settings::{EnvironmentType, ExporterType};

/// Until it is dropped, no other test of this process that asks for it runs: the process has one Telemetry.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Settings under which all telemetry goes to memory and nothing is printed.
pub fn quiet() -> TelemetrySettings {
    let mut settings = TelemetrySettings::default();
    settings.tracing.exporter_type = ExporterType::InMemory;
    settings.metrics.exporter_type = ExporterType::InMemory;
    settings.logging.exporter_type = ExporterType::InMemory;
    settings.service.environment = EnvironmentType::Production;
    settings
}
