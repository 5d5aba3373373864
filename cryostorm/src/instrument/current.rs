//! The one place that finds the Telemetry in force.

use std::panic::catch_unwind;
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use opentelemetry::Context;

use crate::telemetry::Telemetry;

static GLOBAL: ArcSwapOption<Telemetry> = ArcSwapOption::const_empty();

/// The installed Telemetry; none before installation, after shutdown, and where [`context`] is none.
pub(crate) fn current() -> Option<arc_swap::Guard<Option<Arc<Telemetry>>>> {
    // Asked first, so that each thread's context is known to it before anything is installed.
    let has_context = context().is_some();
    let installed = GLOBAL.load();
    (has_context && installed.is_some()).then_some(installed)
}

/// The context that telemetry is recorded in. None where telemetry is suppressed, so that exporters do not observe
/// themselves, and in a thread that is ending, whose context is gone: asking for it would abort the process.
pub(crate) fn context() -> Option<Context> {
    let is_alive = THREAD.try_with(|thread| thread.has_context).unwrap_or(false);
    if !is_alive || Context::is_current_telemetry_suppressed() { None } else { Some(Context::current()) }
}

thread_local! {
    /// Made after the thread's context, and so dropped before it.
    static THREAD: Thread = Thread { has_context: catch_unwind(|| drop(Context::current())).is_ok() };
}

/// Has a destructor, which is what makes the thread-local know that it is gone.
struct Thread {
    /// Not where the thread first asks while it is ending.
    has_context: bool,
}

impl Drop for Thread {
    fn drop(&mut self) {}
}

/// Makes it the one in force.
pub(crate) fn install(telemetry: Telemetry) {
    GLOBAL.store(Some(Arc::new(telemetry)));
}

/// Leaves none in force, if it was this one.
pub(crate) fn uninstall(telemetry: &Telemetry) -> bool {
    let installed = GLOBAL.load();
    if !installed.as_ref().is_some_and(|other| other.is(telemetry)) {
        return false;
    }
    GLOBAL.store(None);
    true
}
