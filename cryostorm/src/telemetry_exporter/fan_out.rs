//! The same for several exporters.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cryostorm_exporter::{DeliveryError, MetricName, TelemetryExporter};

use crate::guarded::caught;

use super::refused::{Refusals, Refused};

/// Tells several exporters everything, one after the other, on the calling thread.
///
/// One that panics does not keep the others from theirs: the panic ends with the call and is counted. One that waits holds up
/// the others and the caller, so put it behind a [`NonBlockingExporter`](super::NonBlockingExporter) of its own.
///
/// ```
/// use std::sync::Arc;
/// use cryostorm::telemetry_exporter::{FanOut, MemoryExporter, MetricName, TelemetryExporter};
///
/// const HITS: MetricName = MetricName::from_static("cache.hits");
///
/// let (first, second) = (MemoryExporter::default(), MemoryExporter::default());
/// let both = FanOut::new([Arc::new(first.clone()) as Arc<dyn TelemetryExporter>, Arc::new(second.clone())]);
/// both.increment(&HITS, 1);
/// assert_eq!((first.total(&HITS), second.total(&HITS)), (1, 1));
/// ```
pub struct FanOut {
    branches: Box<[Branch]>,
    refusals: Refusals,
}

struct Branch {
    exporter: Arc<dyn TelemetryExporter>,
    panics: AtomicU64,
}

impl FanOut {
    /// One that tells these.
    #[must_use]
    pub fn new(exporters: impl IntoIterator<Item = Arc<dyn TelemetryExporter>>) -> Self {
        let branch = |exporter| Branch { exporter, panics: AtomicU64::new(0) };
        Self { branches: exporters.into_iter().map(branch).collect(), refusals: Refusals::default() }
    }

    /// How many calls each exporter panicked on, in the order in which they were given.
    #[must_use]
    pub fn panics(&self) -> Vec<u64> {
        self.branches.iter().map(|branch| branch.panics.load(Ordering::Relaxed)).collect()
    }

    /// What was refused for all of them so far.
    #[must_use]
    pub fn refused(&self) -> Refused {
        self.refusals.read()
    }
}

impl Branch {
    /// None if the exporter panicked.
    fn run<T>(&self, call: impl FnOnce(&dyn TelemetryExporter) -> T) -> Option<T> {
        let returned = caught(|| call(&*self.exporter));
        if returned.is_none() {
            self.panics.fetch_add(1, Ordering::Relaxed);
        }
        returned
    }
}

impl TelemetryExporter for FanOut {
    fn increment(&self, metric: &MetricName, value: u64) {
        for branch in &self.branches {
            branch.run(|exporter| exporter.increment(metric, value));
        }
    }

    fn observe(&self, metric: &MetricName, value: f64) {
        // Here, so that it is counted once and not by each of them.
        if self.refusals.admit(metric, value) {
            for branch in &self.branches {
                branch.run(|exporter| exporter.observe(metric, value));
            }
        }
    }

    fn observe_duration(&self, metric: &MetricName, duration: Duration) {
        for branch in &self.branches {
            branch.run(|exporter| exporter.observe_duration(metric, duration));
        }
    }

    /// Flushes each in turn. What is left of the time is shared evenly by those that are left, so that one that takes all
    /// of its own leaves the others theirs.
    fn flush(&self, timeout: Duration) -> Result<(), DeliveryError> {
        let start = Instant::now();
        let mut errors = Vec::new();
        for (index, branch) in self.branches.iter().enumerate() {
            let others = self.branches.len() - index;
            let left = timeout.saturating_sub(start.elapsed()) / u32::try_from(others).unwrap_or(u32::MAX);
            match branch.run(|exporter| exporter.flush(left)) {
                Some(Ok(())) => {}
                Some(Err(error)) => errors.push(format!("exporter {index}: {error}")),
                None => errors.push(format!("exporter {index}: it panicked")),
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(DeliveryError::failed(errors.join("; "))) }
    }
}

impl fmt::Debug for FanOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FanOut").field("panics", &self.panics()).field("refused", &self.refused()).finish()
    }
}
