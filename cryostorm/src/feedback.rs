//! Telemetry must not set off telemetry of itself.

use std::cell::Cell;
use std::thread::LocalKey;

/// Runs `work`, unless this thread is inside such a run already: a processor of a user's own that logs would otherwise be
/// called by itself without end.
pub(crate) fn once<T>(running: &'static LocalKey<Cell<bool>>, work: impl FnOnce() -> T) -> Option<T> {
    // Cells of this kind need no destructor, so they are there to the thread's end.
    if running.try_with(|running| running.replace(true)).unwrap_or(true) {
        return None;
    }
    let _over = Over(running);
    Some(work())
}

/// Ends the run, however it ends.
struct Over(&'static LocalKey<Cell<bool>>);

impl Drop for Over {
    fn drop(&mut self) {
        let _ = self.0.try_with(|running| running.set(false));
    }
}

/// Whether this is what OpenTelemetry's own crates call themselves when they report on themselves. They do so even while
/// the context is borrowed, so that to ask it anything would panic.
#[cfg(any(feature = "log", feature = "tracing"))]
pub(crate) fn is_of_opentelemetry(target: &str) -> bool {
    // Paths of modules have no hyphen: the last are names of crates.
    matches!(target, "opentelemetry" | "opentelemetry_sdk") || target.starts_with("opentelemetry-")
}
