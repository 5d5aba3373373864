//! Calls kept for a test to look at.

use std::sync::Arc;

use cryostorm_exporter::{MetricName, TelemetryExporter};

use crate::export::Kept;

use super::call::{Call, CallValue};
use super::refused::{Refusals, Refused};

/// Keeps the latest 65,536 calls, in the order in which they came. Clones share them.
///
/// ```
/// use std::time::Duration;
/// use cryostorm::telemetry_exporter::{MemoryExporter, MetricName, TelemetryExporter};
///
/// const PLACED: MetricName = MetricName::from_static("orders.placed");
/// const DURATION: MetricName = MetricName::from_static("order.duration");
///
/// let memory = MemoryExporter::default();
/// memory.increment(&PLACED, 2);
/// memory.increment(&PLACED, 3);
/// memory.observe_duration(&DURATION, Duration::from_millis(250));
/// assert_eq!(memory.total(&PLACED), 5);
/// assert_eq!(memory.observations(&DURATION), [0.25]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemoryExporter {
    calls: Kept<Call>,
    refusals: Arc<Refusals>,
}

impl MemoryExporter {
    /// The calls.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.calls.all()
    }

    /// What the increments of a metric add up to. A total beyond `u64` stays at its greatest.
    #[must_use]
    pub fn total(&self, metric: &MetricName) -> u64 {
        self.values(metric).fold(0, |total, value| match value {
            CallValue::Increment(by) => total.saturating_add(by),
            CallValue::Observe(_) | CallValue::ObserveDuration(_) => total,
        })
    }

    /// What was observed of a metric.
    #[must_use]
    pub fn observations(&self, metric: &MetricName) -> Vec<f64> {
        let observed = |value| match value {
            CallValue::Observe(value) => Some(value),
            CallValue::ObserveDuration(duration) => Some(duration.as_secs_f64()),
            CallValue::Increment(_) => None,
        };
        self.values(metric).filter_map(observed).collect()
    }

    /// What was refused so far.
    #[must_use]
    pub fn refused(&self) -> Refused {
        self.refusals.read()
    }

    /// Forgets the calls.
    pub fn clear(&self) {
        self.calls.replace([]);
    }

    fn values(&self, metric: &MetricName) -> impl Iterator<Item = CallValue> {
        self.calls().into_iter().filter(move |call| call.metric == *metric).map(|call| call.value)
    }
}

impl TelemetryExporter for MemoryExporter {
    fn increment(&self, metric: &MetricName, value: u64) {
        self.calls.extend([Call::new(metric, CallValue::Increment(value))]);
    }

    fn observe(&self, metric: &MetricName, value: f64) {
        if self.refusals.admit(metric, value) {
            self.calls.extend([Call::new(metric, CallValue::Observe(value))]);
        }
    }
}
