//! What is said of headers that are not accepted: one line a minute, whatever comes in.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::diagnostics;

/// The time from one line to the next.
const PAUSE: Duration = Duration::from_secs(60);

/// Which header, or part of it, was not accepted. What was in it is not said: it may be anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is not of its format.
    Header(&'static str),
    /// There is more than one.
    Repeated(&'static str),
    /// A member of it is not of its format.
    Member(&'static str),
    /// There is more in it than is taken.
    Excess(&'static str),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(header) => write!(f, "a header `{header}` that is not of its format"),
            Self::Repeated(header) => write!(f, "more than one header `{header}`"),
            Self::Member(header) => write!(f, "a member of `{header}` that is not of its format"),
            Self::Excess(header) => write!(f, "a header `{header}` that is too long or has too many members"),
        }
    }
}

/// Counts refusals. Clones share the count.
#[derive(Clone, Debug, Default)]
pub(super) struct Refusals(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    since: Instant,
    /// Those of which nothing was said yet.
    unsaid: AtomicU64,
    /// When the next line may be printed, in milliseconds since then.
    next: AtomicU64,
}

impl Default for Inner {
    fn default() -> Self {
        Self { since: Instant::now(), unsaid: AtomicU64::new(0), next: AtomicU64::new(0) }
    }
}

impl Refusals {
    pub(super) fn add(&self, refusal: Refusal) {
        if let Some(line) = self.line(refusal, self.0.since.elapsed()) {
            diagnostics::report_aside(|| line);
        }
    }

    /// The line, if it is time for one.
    fn line(&self, refusal: Refusal, now: Duration) -> Option<String> {
        let Inner { unsaid, next, .. } = &*self.0;
        unsaid.fetch_add(1, Ordering::Relaxed);
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let due = next.load(Ordering::Relaxed);
        if millis(now) < due {
            return None;
        }
        // Of those that find that it is time, one says so.
        next.compare_exchange(due, millis(now + PAUSE), Ordering::Relaxed, Ordering::Relaxed).ok()?;
        let count = unsaid.swap(0, Ordering::Relaxed);
        Some(format!(
            "of the context that came in, something was not accepted (times: {count}), most recently {refusal}."
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_line_a_minute_which_counts_the_others() {
        let refusals = Refusals::default();
        let mut lines = Vec::new();
        for millis in 0..150_000 {
            lines.extend(refusals.line(Refusal::Header("traceparent"), Duration::from_millis(millis)));
        }
        let counts: Vec<_> = lines.iter().map(|line| line.split(", ").nth(1).unwrap()).collect();
        let expected =
            ["1", "60000", "60000"].map(|count| format!("something was not accepted (times: {count})"));
        assert_eq!(counts, expected, "{lines:?}");
    }
}
