//! What one thread measured in one series.

use std::hint;
use std::sync::atomic::{AtomicU64, Ordering, fence};
use std::thread;

use opentelemetry::KeyValue;

use super::super::instruments::Durations;
use super::extremes::{Extremes, Seen};
use super::replay::Measured;

/// Durations are kept in whole nanoseconds, so that sums are exact in whatever order they are made.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct HistogramCell {
    extremes: Extremes,
    buckets: Box<[Bucket]>,
    durations: Durations,
    attributes: Vec<KeyValue>,
}

/// A bucket's count is also the version of its sum: while the two versions differ, the sum is being written.
#[derive(Debug, Default)]
#[repr(align(32))]
struct Bucket {
    next: AtomicU64,
    sum: AtomicU64,
    count: AtomicU64,
}

/// What the SDK was told.
#[derive(Debug)]
pub(super) struct Told {
    extremes: Seen,
    buckets: Vec<Measured>,
}

impl Default for Told {
    fn default() -> Self {
        Self { extremes: Seen::NOTHING, buckets: Vec::new() }
    }
}

impl HistogramCell {
    pub(super) fn new(durations: Durations, attributes: Vec<KeyValue>) -> Self {
        let buckets = (0..durations.buckets().count()).map(|_| Bucket::default()).collect();
        Self { extremes: Extremes::new(), buckets, durations, attributes }
    }

    /// Only for the thread whose cell it is.
    #[inline]
    pub(super) fn record(&self, nanos: u64) {
        self.extremes.include(nanos);
        if let Some(bucket) = self.buckets.get(self.durations.buckets().index(nanos)) {
            bucket.add(nanos);
        }
    }

    /// Tells the SDK what came since the last time. Only for one collection at a time.
    pub(super) fn drain(&self, told: &mut Told) {
        told.buckets.resize(self.buckets.len(), Measured::NOTHING);
        let mut more = Vec::with_capacity(self.buckets.len());
        for (bucket, told) in self.buckets.iter().zip(&mut told.buckets) {
            // What cannot be read now is told the next time.
            let total = bucket.read().unwrap_or(*told);
            more.push(total.since(*told));
            *told = total;
        }
        // After the buckets: they hold nothing then that the extremes do not know of.
        let extremes = self.extremes.since(told.extremes);
        self.extremes.end_window();
        if more.iter().any(|measured| measured.count > 0) {
            // Bound for this long only: the SDK may forget the series afterwards, as one that nobody holds.
            let bound = self.durations.bind(&self.attributes);
            self.durations.buckets().replay(&more, extremes, |nanos| {
                told.extremes.include(nanos);
                bound.record(self.durations.value(nanos));
            });
        }
    }
}

impl Bucket {
    #[inline]
    fn add(&self, nanos: u64) {
        let count = self.count.load(Ordering::Relaxed).wrapping_add(1);
        self.next.store(count, Ordering::Relaxed);
        fence(Ordering::Release);
        self.sum.store(self.sum.load(Ordering::Relaxed).wrapping_add(nanos), Ordering::Relaxed);
        self.count.store(count, Ordering::Release);
    }

    /// A count and the sum of as many. None if each look came upon a write: a thread that does nothing but measure, or
    /// that was stopped in the middle.
    fn read(&self) -> Option<Measured> {
        (0..ATTEMPTS).find_map(|attempt| {
            let count = self.count.load(Ordering::Acquire);
            let sum = self.sum.load(Ordering::Relaxed);
            fence(Ordering::Acquire);
            if self.next.load(Ordering::Relaxed) == count {
                return Some(Measured { count, sum });
            }
            if attempt < SPINS {
                hint::spin_loop()
            } else {
                thread::yield_now()
            }
            None
        })
    }
}

const SPINS: u32 = 100;
const ATTEMPTS: u32 = 1000;
