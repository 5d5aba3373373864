//! The one place that knows which Telemetry is in force.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use crate::telemetry::{Telemetry, WeakTelemetry};

use super::site::CallSite;

/// Which Telemetry is in force, and which of its signals are on; 0 where none is. All that a call costs that nobody
/// observes is to look at this.
static STATE: AtomicU64 = AtomicU64::new(0);

/// Read once by each thread, and where nothing can be looked up.
static INSTALLED: RwLock<Option<Telemetry>> = RwLock::new(None);

/// The one that was in force before: spans of it may end late, and are counted while somebody has it.
static LATEST: RwLock<WeakTelemetry> = RwLock::new(WeakTelemetry::NONE);

/// A signal in [`STATE`].
pub(super) const SPANS: u64 = 1;
pub(super) const METRICS: u64 = 2;
pub(super) const LOGS: u64 = 4;
const SIGNALS: u64 = SPANS | METRICS | LOGS;

/// A number for a Telemetry that no other has.
pub(crate) fn next_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Whether nothing observes the calls of a function.
#[inline]
pub(super) fn is_off(site: &CallSite) -> bool {
    STATE.load(Ordering::Relaxed) & site.signals() == 0
}

/// The number of the Telemetry in force, if that observes the calls of a function.
#[inline]
pub(super) fn id_observing(site: &CallSite) -> Option<u64> {
    let state = STATE.load(Ordering::Acquire);
    (state & site.signals() != 0).then_some(state / (SIGNALS + 1))
}

/// The number of the Telemetry in force, if one is.
#[inline]
pub(super) fn id() -> Option<u64> {
    match STATE.load(Ordering::Acquire) {
        0 => None,
        state => Some(state / (SIGNALS + 1)),
    }
}

/// The number of the Telemetry in force, 0 where none is.
#[inline]
pub(crate) fn id_in_force() -> u64 {
    id().unwrap_or_default()
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
    let signals = telemetry.signals();
    let state = signals.id * (SIGNALS + 1) + signals.mask();
    *INSTALLED.write().unwrap_or_else(PoisonError::into_inner) = Some(telemetry);
    STATE.store(state, Ordering::Release);
}

/// Leaves none in force, if it was this one.
pub(crate) fn uninstall(telemetry: &Telemetry) -> bool {
    let mut installed = INSTALLED.write().unwrap_or_else(PoisonError::into_inner);
    if !installed.as_ref().is_some_and(|other| other.is(telemetry)) {
        return false;
    }
    *LATEST.write().unwrap_or_else(PoisonError::into_inner) = telemetry.downgrade();
    STATE.store(0, Ordering::Release);
    *installed = None;
    true
}
