//! How far the word of a remote span on sampling counts.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId};

/// In a context: what there is to the sampled flag of the remote span in it. Without one, it counts.
#[derive(Debug)]
pub(crate) struct Claim {
    of: SpanId,
    terms: Terms,
}

#[derive(Debug)]
enum Terms {
    /// Nothing was said of sampling.
    Undecided,
    /// It counts while there are no more traces than this. Asked for once, so that all spans under the remote one agree.
    Limited(Arc<RemoteLimit>, OnceLock<bool>),
}

impl Claim {
    pub(super) fn undecided(of: &SpanContext) -> Self {
        Self { of: of.span_id(), terms: Terms::Undecided }
    }

    pub(super) fn limited(of: &SpanContext, limit: &Arc<RemoteLimit>) -> Self {
        Self { of: of.span_id(), terms: Terms::Limited(Arc::clone(limit), OnceLock::new()) }
    }

    /// Whether the flag of this span, which is active in the context and remote, counts.
    pub(crate) fn counts(context: &Context, span: &SpanContext) -> bool {
        let claim = context.get::<Self>().filter(|claim| claim.of == span.span_id());
        match claim.map(|claim| &claim.terms) {
            None => true,
            Some(Terms::Undecided) => false,
            Some(Terms::Limited(limit, answer)) => *answer.get_or_init(|| limit.admit()),
        }
    }
}

/// The most traces in one second that are recorded because a remote span says so.
#[derive(Debug)]
pub(super) struct RemoteLimit {
    per_second: u32,
    since: Instant,
    /// The second in the upper half, how many were admitted in it in the lower one: both change at once.
    admitted: AtomicU64,
}

impl RemoteLimit {
    pub(super) fn new(per_second: u32) -> Self {
        Self { per_second, since: Instant::now(), admitted: AtomicU64::new(0) }
    }

    fn admit(&self) -> bool {
        self.admit_in(self.since.elapsed().as_secs())
    }

    /// Where the limit is reached, nothing is written, so that no thread waits for another.
    fn admit_in(&self, second: u64) -> bool {
        let admit = |admitted: u64| {
            // A thread that read the clock before another did may come after it.
            let second = second.max(admitted >> 32);
            let before = if second == admitted >> 32 { admitted & u64::from(u32::MAX) } else { 0 };
            (before < u64::from(self.per_second)).then(|| second << 32 | (before + 1))
        };
        self.admitted.fetch_update(Ordering::Relaxed, Ordering::Relaxed, admit).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_are_admitted_in_a_second_as_the_limit_says() {
        let limit = RemoteLimit::new(3);
        let admitted: Vec<_> =
            [0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 7, 7, 7, 7].map(|second| limit.admit_in(second)).into();
        let (yes, no) = (true, false);
        assert_eq!(admitted, [yes, yes, yes, no, no, yes, yes, yes, no, no, yes, yes, yes, no]);
        assert!(!RemoteLimit::new(0).admit_in(0));
    }

    #[test]
    fn threads_share_the_limit() {
        let limit = RemoteLimit::new(1000);
        let admitted: usize = std::thread::scope(|scope| {
            let count = || (0..1000).filter(|_| limit.admit_in(5)).count();
            let threads = [(); 4].map(|()| scope.spawn(count));
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(admitted, 1000);
    }
}
