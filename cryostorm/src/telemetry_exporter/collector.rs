//! Totals and distributions in memory.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use cryostorm_exporter::{DeliveryError, MetricName, TelemetryExporter};

use crate::guarded::caught;

use super::buckets::{BucketChoice, Buckets};
use super::by_name::{ByName, METRICS};
use super::distribution::{Distribution, Observed};
use super::refused::{Reason, Refusals, Refused};

/// Keeps a total of each metric that is incremented, and a distribution of each that is observed.
///
/// A metric has the kind of its first call; calls of the other kind are refused. At most 1000 metrics are kept, and calls
/// for others refused. A total that would exceed `u64` stays at its greatest value, so that it never falls.
///
/// ```
/// use cryostorm::telemetry_exporter::{
///     Buckets, MemoryExporter, MetricName, MetricsCollector, TelemetryExporter,
/// };
///
/// const HITS: MetricName = MetricName::from_static("cache.hits");
/// const SIZE: MetricName = MetricName::from_static("cache.entry.size");
///
/// let collector = MetricsCollector::default().with_buckets(Buckets::new([100.0, 1000.0])?);
/// collector.increment(&HITS, 2);
/// collector.observe(&SIZE, 70.0);
/// collector.observe(&SIZE, 500.0);
///
/// let snapshot = collector.snapshot();
/// assert_eq!(snapshot.totals[&HITS], 2);
/// assert_eq!(snapshot.distributions[&SIZE].sum, 570.0);
/// assert_eq!(snapshot.distributions[&SIZE].bucket_counts, [1, 1, 0]);
///
/// let memory = MemoryExporter::default();
/// collector.export_to(&memory)?;
/// collector.increment(&HITS, 1);
/// collector.export_to(&memory)?;
/// assert_eq!(memory.total(&HITS), 3);
/// assert_eq!(memory.observations(&SIZE), [70.0, 500.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct MetricsCollector {
    metrics: ByName<Metric>,
    buckets: BucketChoice,
    refusals: Refusals,
}

enum Metric {
    Total {
        all: AtomicU64,
        /// What of it was exported.
        told: AtomicU64,
    },
    Distribution(Mutex<Parts>),
}

/// A distribution in two parts.
struct Parts {
    told: Observed,
    /// What came since the last export.
    fresh: Observed,
}

/// What a [`MetricsCollector`] held at one time. Each metric is consistent in itself; between metrics, calls go on.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct MetricsSnapshot {
    /// What the increments of each metric add up to.
    pub totals: BTreeMap<MetricName, u64>,
    /// What was observed of each metric.
    pub distributions: BTreeMap<MetricName, Distribution>,
    /// What was refused.
    pub refused: Refused,
}

impl MetricsCollector {
    /// Keeps at most so many metrics; 1000 unless set. What was kept before is forgotten.
    #[must_use]
    pub fn with_limit(self, metrics: usize) -> Self {
        Self { metrics: ByName::new(metrics), ..self }
    }

    /// The buckets of distributions for which there are no others; for durations in seconds unless set.
    #[must_use]
    pub fn with_buckets(mut self, buckets: Buckets) -> Self {
        self.buckets.usual = buckets;
        self
    }

    /// The buckets of one metric's distribution.
    #[must_use]
    pub fn with_buckets_of(mut self, metric: MetricName, buckets: Buckets) -> Self {
        self.buckets.of.insert(metric, buckets);
        self
    }

    /// What was collected since it was made, exported or not.
    #[must_use]
    pub fn snapshot(&self) -> MetricsSnapshot {
        let mut snapshot = MetricsSnapshot { refused: self.refusals.read(), ..MetricsSnapshot::default() };
        self.metrics.each(|name, metric| match metric {
            Metric::Total { all, .. } => {
                snapshot.totals.insert(name.clone(), all.load(Ordering::Relaxed));
            }
            Metric::Distribution(parts) => {
                let parts = lock(parts);
                let mut all = parts.told.clone();
                all.merge(&parts.fresh);
                drop(parts);
                snapshot.distributions.extend(all.snapshot().map(|all| (name.clone(), all)));
            }
        });
        snapshot
    }

    /// Tells another exporter what came since the last export, so that nothing is told twice, whoever exports at the same
    /// time: for several exporters, export to a [`FanOut`](super::FanOut).
    ///
    /// Of a total it is told what it rose by. Of a distribution it is told as many values as were observed, as many of
    /// them in each bucket, with the same least and greatest value, and the same sum up to rounding; the single values are
    /// not kept. So what it makes of them is what it would have made of the true ones, as far as these buckets tell. It
    /// takes as many calls as there were observations.
    ///
    /// # Errors
    ///
    /// [`DeliveryError::Lost`] with how many totals and distributions an exporter panicked on. They are not told again,
    /// because part of them may have arrived.
    pub fn export_to(&self, exporter: &dyn TelemetryExporter) -> Result<(), DeliveryError> {
        let names = self.metrics.names();
        let lost = names.iter().filter(|name| caught(|| self.export(name, exporter)).is_none());
        match lost.count() {
            0 => Ok(()),
            lost => Err(DeliveryError::Lost(lost as u64)),
        }
    }

    fn export(&self, name: &MetricName, exporter: &dyn TelemetryExporter) {
        // What is to be told, and only then, without a lock, is it told: the exporter may call back.
        let fresh = self.metrics.existing(name, |metric| match metric {
            Metric::Total { all, told } => {
                let all = all.load(Ordering::Relaxed);
                Fresh::Total(all.saturating_sub(told.fetch_max(all, Ordering::Relaxed)))
            }
            Metric::Distribution(parts) => {
                let mut parts = lock(parts);
                let fresh = parts.fresh.take();
                parts.told.merge(&fresh);
                Fresh::Distribution(fresh)
            }
        });
        match fresh {
            None | Some(Fresh::Total(0)) => {}
            Some(Fresh::Total(rise)) => exporter.increment(name, rise),
            Some(Fresh::Distribution(observed)) => observed.replay(name, exporter),
        }
    }
}

enum Fresh {
    Total(u64),
    Distribution(Observed),
}

fn lock(parts: &Mutex<Parts>) -> MutexGuard<'_, Parts> {
    parts.lock().unwrap_or_else(PoisonError::into_inner)
}

impl TelemetryExporter for MetricsCollector {
    fn increment(&self, metric: &MetricName, value: u64) {
        let make = || Ok(Metric::Total { all: AtomicU64::new(0), told: AtomicU64::new(0) });
        let recorded = self.metrics.record(metric, make, |metric| {
            let Metric::Total { all, .. } = metric else { return Err(Reason::OtherKind) };
            // Not `fetch_add`, which begins at zero again.
            let add = |all: u64| Some(all.saturating_add(value));
            let _ = all.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
            Ok(())
        });
        self.refusals.count(metric, recorded);
    }

    fn observe(&self, metric: &MetricName, value: f64) {
        if !self.refusals.admit(metric, value) {
            return;
        }
        let make = || {
            let empty = Observed::new(self.buckets.get(metric).clone());
            Ok(Metric::Distribution(Mutex::new(Parts { told: empty.clone(), fresh: empty })))
        };
        let recorded = self.metrics.record(metric, make, |metric| {
            let Metric::Distribution(parts) = metric else { return Err(Reason::OtherKind) };
            lock(parts).fresh.include(value);
            Ok(())
        });
        self.refusals.count(metric, recorded);
    }
}

impl Default for MetricsCollector {
    fn default() -> Self {
        Self {
            metrics: ByName::new(METRICS),
            buckets: BucketChoice::default(),
            refusals: Refusals::default(),
        }
    }
}

impl fmt::Debug for MetricsCollector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsCollector").field("snapshot", &self.snapshot()).finish_non_exhaustive()
    }
}
