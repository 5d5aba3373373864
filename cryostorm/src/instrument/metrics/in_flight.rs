//! How many calls of one series began and ended on one thread.

use std::sync::atomic::{AtomicU64, Ordering};

use opentelemetry::KeyValue;
use opentelemetry::metrics::UpDownCounter;

/// A call may begin on one thread and end on another. Beginnings and ends are counted apart, so that a collection that
/// looks at all ends before it looks at any beginning never sees an end without its beginning.
#[derive(Debug)]
#[repr(align(64))]
pub(crate) struct InFlightCell {
    begun: AtomicU64,
    ended: AtomicU64,
    counter: UpDownCounter<i64>,
    attributes: Vec<KeyValue>,
}

/// What the SDK was told, and what it is to be told.
#[derive(Debug, Default)]
pub(super) struct Told {
    begun: Option<u64>,
    ended: u64,
    ending: u64,
}

impl InFlightCell {
    pub(in crate::instrument) fn new(counter: UpDownCounter<i64>, attributes: Vec<KeyValue>) -> Self {
        Self { begun: AtomicU64::new(0), ended: AtomicU64::new(0), counter, attributes }
    }

    /// Only for the thread whose cell it is.
    pub(in crate::instrument) fn step(&self, step: i64) {
        let side = if step < 0 { &self.ended } else { &self.begun };
        let total = side.load(Ordering::Relaxed).wrapping_add(step.unsigned_abs());
        // What happened before an end is seen by whoever sees the end: the call's beginning.
        side.store(total, Ordering::Release);
    }

    /// First, for the cells of all threads.
    pub(super) fn look_at_ends(&self, told: &mut Told) {
        told.ending = self.ended.load(Ordering::Acquire);
    }

    /// Second, for the cells of all threads.
    pub(super) fn tell_beginnings(&self, told: &mut Told) {
        let begun = self.begun.load(Ordering::Acquire);
        let more = begun.wrapping_sub(told.begun.unwrap_or_default());
        if more > 0 || told.begun.is_none() {
            self.counter.add(more.cast_signed(), &self.attributes);
            told.begun = Some(begun);
        }
    }

    /// Last, for the cells of all threads.
    pub(super) fn tell_ends(&self, told: &mut Told) {
        let more = told.ending.wrapping_sub(told.ended);
        if more > 0 {
            self.counter.add(more.cast_signed().wrapping_neg(), &self.attributes);
            told.ended = told.ending;
        }
    }
}
