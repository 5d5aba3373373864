//! The one place that finds the Telemetry in force.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use opentelemetry::Context;

use crate::telemetry::Telemetry;

static GLOBAL: ArcSwapOption<Telemetry> = ArcSwapOption::const_empty();

/// The installed Telemetry; none before installation, after shutdown, and where telemetry is suppressed, so that
/// exporters do not observe themselves.
pub(crate) fn current() -> Option<arc_swap::Guard<Option<Arc<Telemetry>>>> {
    let installed = GLOBAL.load();
    (installed.is_some() && !Context::is_current_telemetry_suppressed()).then_some(installed)
}

/// Makes it the one in force.
pub(crate) fn install(telemetry: Telemetry) {
    GLOBAL.store(Some(Arc::new(telemetry)));
}

/// Leaves none in force, if it was this one.
pub(crate) fn uninstall(telemetry: &Telemetry) {
    GLOBAL.rcu(|installed| installed.as_ref().filter(|other| !other.is(telemetry)).cloned());
}
