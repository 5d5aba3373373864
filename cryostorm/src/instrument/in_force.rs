//! The one place that knows which Telemetry is in force.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use crate::telemetry::{Telemetry, WeakTelemetry};

use super::site::CallSite;

/// The number of the Telemetry in force, 0 where none is. Nearly all
/// that a call costs that nobody observes is to look at this.
static IN_FORCE: AtomicU64 = AtomicU64::new(0);

/// Read once by each thread, and where nothing can be looked up.
static INSTALLED: RwLock<Option<Telemetry>> = RwLock::new(None);

/// The one that was in force before: spans of it may end late, and are counted while somebody has it.
static LATEST: RwLock<WeakTelemetry> = RwLock::new(WeakTelemetry::NONE);

/// A signal in the number of a Telemetry.
pub(super) const SPANS: u64 = 1;
pub(super) const METRICS: u64 = 2;
pub(super) const LOGS: u64 = 4;
const SIGNALS: u64 = SPANS | METRICS | LOGS;

/// A number for a Telemetry that no other has. The signals that are on are its last bits, so that one look tells both.
pub(crate) fn new_id(has_spans: bool, has_metrics: bool, has_logs: bool) -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let bit = |is_on: bool, bit| if is_on { bit } else { 0 };
    let signals = bit(has_spans, SPANS) | bit(has_metrics, METRICS) | bit(has_logs, LOGS);
    NEXT.fetch_add(1, Ordering::Relaxed) * (SIGNALS + 1) + signals
}

/// Whether nothing observes the calls of a function.
#[inline]
pub(super) fn is_off(site: &CallSite) -> bool {
    IN_FORCE.load(Ordering::Relaxed) & site.signals() == 0
}

/// The number of the Telemetry in force, if that observes the calls of a function.
#[inline]
pub(super) fn id_observing(site: &CallSite) -> Option<u64> {
    Some(id_in_force()).filter(|id| id & site.signals() != 0)
}

/// The number of the Telemetry in force, if one is.
#[inline]
pub(super) fn id() -> Option<u64> {
    Some(id_in_force()).filter(|id| *id != 0)
}

/// The number of the Telemetry in force, 0 where none is.
#[inline]
pub(crate) fn id_in_force() -> u64 {
    IN_FORCE.load(Ordering::Acquire)
}

/// Whether that Telemetry is the one in force.
#[inline]
pub(crate) fn is_in_force(id: u64) -> bool {
    id_in_force() == id
}

/// The one that is installed, whatever this thread may observe.
pub(crate) fn installed() -> Option<Telemetry> {
    INSTALLED.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The one that was installed before, if somebody has it.
pub(super) fn latest() -> Option<Telemetry> {
    LATEST.read().unwrap_or_else(PoisonError::into_inner).upgrade()
}

/// Makes it the one in force.
pub(crate) fn install(telemetry: Telemetry) {
    let id = telemetry.signals().id;
    *INSTALLED.write().unwrap_or_else(PoisonError::into_inner) = Some(telemetry);
    IN_FORCE.store(id, Ordering::Release);
}

/// Leaves none in force, if it was this one.
pub(crate) fn uninstall(telemetry: &Telemetry) -> bool {
    let mut installed = INSTALLED.write().unwrap_or_else(PoisonError::into_inner);
    if !installed.as_ref().is_some_and(|other| other.is(telemetry)) {
        return false;
    }
    *LATEST.write().unwrap_or_else(PoisonError::into_inner) = telemetry.downgrade();
    IN_FORCE.store(0, Ordering::Release);
    *installed = None;
    true
}
