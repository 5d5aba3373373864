//! The ids of traces and spans.

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};
use std::time::SystemTime;

use opentelemetry::trace::{SpanId, TraceId};

use crate::forks;

thread_local! {
    /// Nothing of them is dropped, so that they are there as long as their thread.
    static SEQUENCES: Sequences = const { Sequences::new() };
}

/// Two sequences of random numbers, which are the thread's own.
struct Sequences {
    states: [Cell<u64>; 2],
    /// One more than the forks there were when they were seeded; 0 where they were not.
    seeded: Cell<u64>,
}

impl Sequences {
    const fn new() -> Self {
        Self { states: [Cell::new(0), Cell::new(0)], seeded: Cell::new(0) }
    }

    /// The next number of the first, which spans have.
    #[inline]
    fn first(&self, forks: u64) -> u64 {
        self.seed_in(forks);
        let [first, _] = &self.states;
        step(first)
    }

    /// The next number of both.
    #[inline]
    fn both(&self, forks: u64) -> (u64, u64) {
        self.seed_in(forks);
        let [first, second] = &self.states;
        (step(first), step(second))
    }

    /// Seeds them, unless that was done in this process.
    #[inline]
    fn seed_in(&self, forks: u64) {
        if self.seeded.get() != forks + 1 {
            self.seed(forks);
        }
    }

    #[cold]
    fn seed(&self, forks: u64) {
        // Each has keys of its own, which are the operating system's random numbers for this thread, and the same in its
        // fork.
        for state in &self.states {
            state.set(RandomState::new().hash_one((forks, std::process::id(), SystemTime::now())));
        }
        self.seeded.set(forks + 1);
    }
}

/// A step of a [SplitMix64](https://dl.acm.org/doi/10.1145/2714064.2660195) generator.
#[inline]
fn step(state: &Cell<u64>) -> u64 {
    let next = state.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
    state.set(next);
    let mixed = (next ^ (next >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// An id for a span.
#[inline]
pub(super) fn new_span_id() -> SpanId {
    let random = SEQUENCES.with(|sequences| sequences.first(forks::count()));
    SpanId::from(random.max(1))
}

/// An id for a trace.
#[inline]
pub(super) fn new_trace_id() -> TraceId {
    let (high, low) = SEQUENCES.with(|sequences| sequences.both(forks::count()));
    TraceId::from((u128::from(high) << 64 | u128::from(low)).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fork_goes_on_with_ids_of_its_own() {
        let (parent, child) = (Sequences::new(), Sequences::new());
        parent.seed(0);
        child.seeded.set(parent.seeded.get());
        child.states.iter().zip(&parent.states).for_each(|(child, parent)| child.set(parent.get()));
        let ours = [parent.first(0), parent.first(0)];
        assert_eq!([child.first(0)], [ours[0]], "what a copy would make");
        assert!(!ours.contains(&child.first(1)), "and what a fork does");
    }

    #[test]
    fn each_bit_is_set_in_half_of_the_ids() {
        let sequences = Sequences::new();
        let mut counts = [0_u32; 64];
        for _ in 0..20_000 {
            let id = sequences.first(0);
            for (bit, count) in counts.iter_mut().enumerate() {
                *count += u32::from(id >> bit & 1 == 1);
            }
        }
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 500), "{counts:?}");
    }
}
