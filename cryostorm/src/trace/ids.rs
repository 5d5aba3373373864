//! The ids of traces and spans.

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};

use opentelemetry::trace::{SpanId, TraceId};

use crate::instrument::Ticks;

thread_local! {
    /// Two sequences, seeded by the operating system's random numbers.
    static SEQUENCES: [Cell<u64>; 2] = {
        // Each has keys of its own.
        [(); 2].map(|()| Cell::new(RandomState::new().hash_one(0)))
    };
}

/// Steps of a [SplitMix64](https://dl.acm.org/doi/10.1145/2714064.2660195) generator, each also by what the counter of time
/// shows: a process and its fork go on from the same state, but hardly ever read the counter at the same moment.
fn next(sequence: &Cell<u64>, ticks: u64) -> u64 {
    let state = sequence.get().wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_add(ticks << 1);
    sequence.set(state);
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// For a thread that is ending, and has no sequences any more.
fn fresh() -> u64 {
    RandomState::new().hash_one(0)
}

/// An id for a span that starts at these ticks.
#[inline]
pub(super) fn new_span_id(ticks: Ticks) -> SpanId {
    let random = SEQUENCES.try_with(|[first, _]| next(first, ticks.count())).unwrap_or_else(|_| fresh());
    SpanId::from(random.max(1))
}

/// An id for a trace that starts at these ticks.
pub(super) fn new_trace_id(ticks: Ticks) -> TraceId {
    let random =
        SEQUENCES.try_with(|[first, second]| (next(first, ticks.count()), next(second, ticks.count())));
    let (high, low) = random.unwrap_or_else(|_| (fresh(), fresh()));
    TraceId::from((u128::from(high) << 64 | u128::from(low)).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fork_goes_on_with_ids_of_its_own() {
        let (parent, child) = (Cell::new(7), Cell::new(7));
        assert_eq!(next(&parent, 1000), next(&child, 1000));
        assert_ne!(next(&parent, 1001), next(&child, 1002));
        assert_ne!(next(&parent, 2000), next(&child, 2000), "from then on they differ");
    }

    #[test]
    fn each_bit_is_set_in_half_of_the_ids() {
        let sequence = Cell::new(1);
        let mut counts = [0_u32; 64];
        for ticks in 0..20_000 {
            let id = next(&sequence, ticks);
            for (bit, count) in counts.iter_mut().enumerate() {
                *count += u32::from(id >> bit & 1 == 1);
            }
        }
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 500), "{counts:?}");
    }
}
