//! Counts and measurements as those of OpenTelemetry instruments.

use std::fmt;

use cryostorm_exporter::{MetricName, TelemetryExporter};
use opentelemetry::Context;
use opentelemetry::metrics::{Counter, Histogram, Meter};

use crate::instrument;

use super::buckets::{BucketChoice, Buckets};
use super::by_name::{ByName, METRICS};
use super::refused::{Reason, Refusals, Refused};

/// Makes a counter of each metric that is incremented and a histogram of each that is observed, by an OpenTelemetry meter.
///
/// A metric has the kind of its first call; calls of the other kind are refused. At most 1000 metrics are kept, and calls
/// for others refused. An instrument is made once, with the first call for its name. What it measures is exported with
/// the meter's other metrics, so that flushing this exporter does nothing.
///
/// Make it after telemetry is installed: the meter of a [`Telemetry`](crate::Telemetry) that is not does nothing for good.
///
/// ```
/// use std::time::Duration;
/// use cryostorm::telemetry_exporter::{Buckets, MeterExporter, MetricName, TelemetryExporter};
/// use cryostorm::{Telemetry, TelemetrySettings};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// const BODY_SIZE: MetricName = MetricName::from_static("upload.body.size");
///
/// let settings = TelemetrySettings::from_vars([("METRICS__EXPORTER_TYPE", "in_memory")])?;
/// let telemetry = Telemetry::from_settings(settings)?;
/// let exporter = MeterExporter::new(telemetry.meter())
///     .with_buckets_of(BODY_SIZE, Buckets::new([1024.0, 1_048_576.0])?);
/// exporter.observe(&BODY_SIZE, 2048.0);
/// telemetry.force_flush(Duration::from_secs(10))?;
/// assert_eq!(telemetry.in_memory().metrics().iter().filter(|point| point.name == "upload.body.size").count(), 1);
/// telemetry.shutdown()?;
/// # Ok(())
/// # }
/// ```
pub struct MeterExporter {
    meter: Meter,
    instruments: ByName<Instrument>,
    buckets: BucketChoice,
    refusals: Refusals,
}

enum Instrument {
    Counter(Counter<u64>),
    Histogram(Histogram<f64>),
}

impl MeterExporter {
    /// One over this meter, such as [`telemetry.meter()`](crate::Telemetry::meter).
    #[must_use]
    pub fn new(meter: Meter) -> Self {
        Self {
            meter,
            instruments: ByName::new(METRICS),
            buckets: BucketChoice::default(),
            refusals: Refusals::default(),
        }
    }

    /// Keeps at most so many metrics; 1000 unless set.
    #[must_use]
    pub fn with_limit(self, metrics: usize) -> Self {
        Self { instruments: ByName::new(metrics), ..self }
    }

    /// The buckets of histograms for which there are no others; for durations in seconds unless set.
    #[must_use]
    pub fn with_buckets(mut self, buckets: Buckets) -> Self {
        self.buckets.usual = buckets;
        self
    }

    /// The buckets of one metric's histogram.
    #[must_use]
    pub fn with_buckets_of(mut self, metric: MetricName, buckets: Buckets) -> Self {
        self.buckets.of.insert(metric, buckets);
        self
    }

    /// What was refused so far.
    #[must_use]
    pub fn refused(&self) -> Refused {
        self.refusals.read()
    }

    /// Makes an instrument where one may be made: one made in a callback would wait for the collection that runs it, and one
    /// made because of what the SDK says while it makes another would go on without end.
    fn make(&self, make: impl FnOnce(&Meter) -> Instrument) -> Result<Instrument, Reason> {
        instrument::context().ok_or(Reason::Suppressed)?;
        let _suppressed = Context::enter_telemetry_suppressed_scope();
        Ok(make(&self.meter))
    }
}

impl TelemetryExporter for MeterExporter {
    fn increment(&self, metric: &MetricName, value: u64) {
        let make = || self.make(|meter| Instrument::Counter(meter.u64_counter(metric.to_string()).build()));
        let recorded = self.instruments.record(metric, make, |instrument| {
            let Instrument::Counter(counter) = instrument else { return false };
            counter.add(value, &[]);
            true
        });
        self.refusals.count(metric, recorded);
    }

    fn observe(&self, metric: &MetricName, value: f64) {
        if !self.refusals.admit(metric, value) {
            return;
        }
        let make = || {
            let bounds = self.buckets.get(metric).bounds().to_vec();
            self.make(|meter| {
                let histogram = meter.f64_histogram(metric.to_string());
                Instrument::Histogram(histogram.with_boundaries(bounds).build())
            })
        };
        let recorded = self.instruments.record(metric, make, |instrument| {
            let Instrument::Histogram(histogram) = instrument else { return false };
            histogram.record(value, &[]);
            true
        });
        self.refusals.count(metric, recorded);
    }
}

impl fmt::Debug for MeterExporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MeterExporter")
            .field("metrics", &self.instruments.names())
            .field("refused", &self.refused())
            .finish_non_exhaustive()
    }
}
