//! Telemetry must not set off telemetry of itself.

use std::cell::Cell;
use std::thread::LocalKey;

/// How many runs of a kind this thread is inside of.
pub(crate) type Depth = Cell<u8>;

thread_local! {
    /// What formats a value of a user's.
    static FORMATTING: Depth = const { Depth::new(0) };
    /// What lists the keys and values of a log record.
    static LISTING: Depth = const { Depth::new(0) };
}

/// How deep what is formatted may be inside of what is formatted. A `Display` may log, and what it logs is whole. Further in
/// there is little to be lost, and there would be ever more of it where each says several others.
const MOST_FORMATTING: u8 = 2;

/// Runs `work`, unless this thread is inside such a run already: a processor of a user's own that logs would otherwise be
/// called by itself without end.
pub(crate) fn once<T>(depth: &'static LocalKey<Depth>, work: impl FnOnce() -> T) -> Option<T> {
    within(depth, 1, work)
}

/// Runs what formats a value of a user's, unless that was called for by so many others that a value seems to be formatted
/// for itself.
pub(crate) fn formatting<T>(work: impl FnOnce() -> T) -> Option<T> {
    within(&FORMATTING, MOST_FORMATTING, work)
}

/// The same of what lists keys and values of a user's, each of which is formatted by itself.
#[cfg(feature = "log")]
pub(crate) fn listing<T>(work: impl FnOnce() -> T) -> Option<T> {
    within(&LISTING, MOST_FORMATTING, work)
}

fn within<T>(depth: &'static LocalKey<Depth>, most: u8, work: impl FnOnce() -> T) -> Option<T> {
    // Cells of this kind need no destructor, so they are there to the thread's end.
    let deeper = |depth: &Depth| (depth.get() < most).then(|| depth.set(depth.get() + 1));
    depth.try_with(deeper).ok().flatten()?;
    let _over = Over(depth);
    Some(work())
}

/// Ends the run, however it ends.
struct Over(&'static LocalKey<Depth>);

impl Drop for Over {
    fn drop(&mut self) {
        let _ = self.0.try_with(|depth| depth.set(depth.get().saturating_sub(1)));
    }
}

/// Whether this is what OpenTelemetry's own crates call themselves when they report on themselves. They do so even while
/// the context is borrowed, so that to ask it anything would panic.
#[cfg(any(feature = "log", feature = "tracing"))]
pub(crate) fn is_of_opentelemetry(target: &str) -> bool {
    // Paths of modules have no hyphen: the last are names of crates.
    matches!(target, "opentelemetry" | "opentelemetry_sdk") || target.starts_with("opentelemetry-")
}
