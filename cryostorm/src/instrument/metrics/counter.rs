//! What one thread counted in one series.

use std::sync::atomic::{AtomicU64, Ordering};

use opentelemetry::KeyValue;
use opentelemetry::metrics::Counter;

/// Has a cache line to itself, so that threads do not disturb each other.
#[derive(Debug)]
#[repr(align(64))]
pub(crate) struct CounterCell {
    total: AtomicU64,
    counter: Counter<u64>,
    attributes: Vec<KeyValue>,
}

/// The total that the SDK was told; none before the first time.
pub(super) type Told = Option<u64>;

impl CounterCell {
    pub(in crate::instrument) fn new(counter: Counter<u64>, attributes: Vec<KeyValue>) -> Self {
        Self { total: AtomicU64::new(0), counter, attributes }
    }

    /// Only for the thread whose cell it is: another one's addition at the same time would be lost.
    #[inline]
    pub(in crate::instrument) fn add(&self, by: u64) {
        self.total.store(self.total.load(Ordering::Relaxed).wrapping_add(by), Ordering::Relaxed);
    }

    /// Tells the SDK what came since the last time. Not through a bound counter: this is one addition for each
    /// collection, and a bound one that met the cardinality limit would stay beyond it for good.
    pub(super) fn drain(&self, told: &mut Told) {
        let total = self.total.load(Ordering::Relaxed);
        let more = total.wrapping_sub(told.unwrap_or_default());
        // A series that rose by nothing exists all the same, so the SDK is told of it once.
        if more > 0 || told.is_none() {
            self.counter.add(more, &self.attributes);
            *told = Some(total);
        }
    }
}
