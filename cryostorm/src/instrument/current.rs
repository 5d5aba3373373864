//! The one place that finds the Telemetry in force.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use opentelemetry::Context;

use crate::telemetry::Telemetry;

static GLOBAL: ArcSwapOption<Telemetry> = ArcSwapOption::const_empty();

/// The installed Telemetry; none before installation, after shutdown, and where [`context`] is none.
pub(crate) fn current() -> Option<arc_swap::Guard<Option<Arc<Telemetry>>>> {
    let installed = GLOBAL.load();
    (installed.is_some() && context().is_some()).then_some(installed)
}

/// The context that telemetry is recorded in. None where telemetry is suppressed, so that exporters do not observe
/// themselves, and in a thread that is ending, whose context is gone: asking for it would abort the process.
pub(crate) fn context() -> Option<Context> {
    let is_ending = THREAD.try_with(|_| ()).is_err();
    if is_ending || Context::is_current_telemetry_suppressed() { None } else { Some(Context::current()) }
}

thread_local! {
    /// Made after the thread's context, so that it is dropped before it.
    static THREAD: Thread = {
        drop(Context::current());
        Thread
    };
}

/// Has a destructor, which is what makes the thread-local know that it is gone.
struct Thread;

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
