//! Counts and measurements as those of OpenTelemetry instruments.

use std::fmt;
use std::time::Duration;

use cryostorm_exporter::{MetricName, TelemetryExporter};
use opentelemetry::metrics::{Counter, Histogram};

use crate::catalogue::InstrumentKind;
use crate::instrument::may_observe;
use crate::metric::{InstrumentError, Wanted, create_counter, create_histogram};

use super::buckets::{BucketChoice, Buckets};
use super::by_name::{ByName, METRICS};
use super::refused::{Reason, Refusals, Refused};

/// Makes a counter of each metric that is incremented and a histogram of each that is observed: the instruments that
/// [`Telemetry::create_counter`](crate::Telemetry::create_counter) and its siblings make, so that they work from the next
/// installation on if there is none yet.
///
/// A metric has the kind of its first call; calls of the other kind are refused, and so are those that contradict what the
/// program says of a metric of that name. At most 1000 metrics are kept, and calls for others refused. What is measured is
/// exported with the other metrics, so that flushing this exporter does nothing.
///
/// What is first told by [`observe_duration`](TelemetryExporter::observe_duration) has the unit `s`. Of other metrics the
/// contract does not tell the unit: they have the one that the program declares for them, or none.
///
/// ```
/// use std::time::Duration;
/// use cryostorm::telemetry_exporter::{Buckets, MeterExporter, MetricName, TelemetryExporter};
/// use cryostorm::{Telemetry, TelemetrySettings};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// const BODY_SIZE: MetricName = MetricName::from_static("upload.body.size");
///
/// let exporter = MeterExporter::new().with_buckets_of(BODY_SIZE, Buckets::new([1024.0, 1_048_576.0])?);
///
/// let settings = TelemetrySettings::from_vars([("METRICS__EXPORTER_TYPE", "in_memory")])?;
/// let telemetry = Telemetry::from_settings(settings)?;
/// exporter.observe(&BODY_SIZE, 2048.0);
/// telemetry.force_flush(Duration::from_secs(10))?;
/// assert_eq!(telemetry.in_memory().metrics().iter().filter(|point| point.name == "upload.body.size").count(), 1);
/// telemetry.shutdown()?;
/// # Ok(())
/// # }
/// ```
pub struct MeterExporter {
    instruments: ByName<Instrument>,
    buckets: BucketChoice,
    refusals: Refusals,
}

enum Instrument {
    Counter(Counter<u64>),
    Histogram(Histogram<f64>),
    /// There cannot be one, for this reason.
    None(Reason),
}

impl MeterExporter {
    /// One without metrics.
    #[must_use]
    pub fn new() -> Self {
        Self {
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

    fn record(&self, metric: &MetricName, value: f64, unit: Option<&'static str>) {
        if !self.refusals.admit(metric, value) {
            return;
        }
        let make = || {
            let wanted = Wanted::of_any_unit(InstrumentKind::Histogram, metric.to_string());
            let wanted = Wanted {
                unit: unit.map(Into::into),
                takes_unitless: true,
                buckets: self.buckets.of.get(metric).cloned(),
                usual_buckets: Some(self.buckets.usual.clone()),
                ..wanted
            };
            Ok(made(create_histogram(wanted).map(Instrument::Histogram)))
        };
        self.tell(metric, make, |instrument| match instrument {
            Instrument::Histogram(histogram) => {
                histogram.record(value, &[]);
                Ok(())
            }
            Instrument::Counter(_) => Err(Reason::OtherKind),
            Instrument::None(reason) => Err(*reason),
        });
    }

    /// Where it may be observed: an instrument that a callback makes would wait for the collection that runs it.
    fn tell(
        &self,
        metric: &MetricName,
        make: impl FnOnce() -> Result<Instrument, Reason>,
        record: impl Fn(&Instrument) -> Result<(), Reason>,
    ) {
        let recorded = match may_observe() {
            true => self.instruments.record(metric, make, record),
            false => Err(Reason::Suppressed),
        };
        self.refusals.count(metric, recorded);
    }
}

/// What cannot be made now never can, and is not asked for again.
fn made(instrument: Result<Instrument, InstrumentError>) -> Instrument {
    instrument.unwrap_or_else(|error| {
        Instrument::None(match error {
            InstrumentError::TooMany { .. } => Reason::TooManyNames,
            _ => Reason::Conflicting,
        })
    })
}

impl Default for MeterExporter {
    fn default() -> Self {
        Self::new()
    }
}

impl TelemetryExporter for MeterExporter {
    fn increment(&self, metric: &MetricName, value: u64) {
        let make = || {
            let wanted = Wanted::of_any_unit(InstrumentKind::Counter, metric.to_string());
            Ok(made(create_counter(wanted).map(Instrument::Counter)))
        };
        self.tell(metric, make, |instrument| match instrument {
            Instrument::Counter(counter) => {
                counter.add(value, &[]);
                Ok(())
            }
            Instrument::Histogram(_) => Err(Reason::OtherKind),
            Instrument::None(reason) => Err(*reason),
        });
    }

    fn observe(&self, metric: &MetricName, value: f64) {
        self.record(metric, value, None);
    }

    fn observe_duration(&self, metric: &MetricName, duration: Duration) {
        self.record(metric, duration.as_secs_f64(), Some("s"));
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
