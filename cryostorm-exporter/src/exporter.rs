//! What library code calls.

use std::sync::Arc;
use std::time::Duration;

use crate::{DeliveryError, MetricName};

/// Takes counts and measurements to wherever an application wants them.
///
/// # For whoever calls
///
/// Calls are cheap, return at once and never fail; what cannot be delivered is the exporter's matter. A counter only
/// rises, and an observation is one measured value. A metric has one kind and one unit: durations are in seconds, which
/// [`observe_duration`](Self::observe_duration) sees to, and sizes in bytes.
///
/// # For whoever implements
///
/// An exporter must not panic, must not wait for anything, and takes bounded memory. One that cannot promise this, because
/// it writes to a socket or is somebody else's, goes behind `NonBlockingExporter` of the crate `cryostorm`, which promises it
/// for any. What is lost is counted. An observation that is NaN or infinite is refused, because it would spoil every
/// sum that it enters, and counted too.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use std::time::Duration;
/// use cryostorm_exporter::{MetricName, TelemetryExporter};
///
/// #[derive(Default)]
/// struct Events(AtomicU64);
///
/// impl TelemetryExporter for Events {
///     fn increment(&self, _metric: &MetricName, value: u64) {
///         self.0.fetch_add(value, Ordering::Relaxed);
///     }
///
///     fn observe(&self, metric: &MetricName, _value: f64) {
///         self.increment(metric, 1);
///     }
/// }
///
/// let events = Events::default();
/// let exporter: &dyn TelemetryExporter = &events;
/// exporter.increment(&MetricName::from_static("orders.placed"), 2);
/// exporter.observe_duration(&MetricName::from_static("orders.duration"), Duration::from_millis(12));
/// assert_eq!(events.0.into_inner(), 3);
/// ```
pub trait TelemetryExporter: Send + Sync {
    /// Adds to a counter.
    fn increment(&self, metric: &MetricName, value: u64);

    /// Records one measured value, in the unit of the metric.
    fn observe(&self, metric: &MetricName, value: f64);

    /// Records how long something took, in seconds.
    fn observe_duration(&self, metric: &MetricName, duration: Duration) {
        self.observe(metric, duration.as_secs_f64());
    }

    /// Delivers what waits, and blocks until it is delivered or the time is over. One that holds nothing back has nothing
    /// to do, which is the default.
    ///
    /// # Errors
    ///
    /// What did not arrive, as far as the exporter knows.
    fn flush(&self, timeout: Duration) -> Result<(), DeliveryError> {
        let _ = timeout;
        Ok(())
    }
}

/// Goes nowhere: what a library takes that is given no exporter.
impl TelemetryExporter for () {
    fn increment(&self, _metric: &MetricName, _value: u64) {}

    fn observe(&self, _metric: &MetricName, _value: f64) {}
}

/// What is borrowed or shared exports as what it points to does.
macro_rules! forward {
    ($($pointer:ty),*) => {$(
        impl<E: TelemetryExporter + ?Sized> TelemetryExporter for $pointer {
            fn increment(&self, metric: &MetricName, value: u64) {
                (**self).increment(metric, value);
            }

            fn observe(&self, metric: &MetricName, value: f64) {
                (**self).observe(metric, value);
            }

            fn observe_duration(&self, metric: &MetricName, duration: Duration) {
                (**self).observe_duration(metric, duration);
            }

            fn flush(&self, timeout: Duration) -> Result<(), DeliveryError> {
                (**self).flush(timeout)
            }
        }
    )*};
}

forward!(&E, Box<E>, Arc<E>);

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    const NAME: MetricName = MetricName::from_static("lookup.duration");

    #[derive(Default)]
    struct Observed(Mutex<Vec<f64>>);

    impl TelemetryExporter for Observed {
        fn increment(&self, _metric: &MetricName, _value: u64) {}

        fn observe(&self, _metric: &MetricName, value: f64) {
            self.0.lock().unwrap().push(value);
        }

        fn flush(&self, timeout: Duration) -> Result<(), DeliveryError> {
            Err(DeliveryError::Timeout(timeout))
        }
    }

    fn tell(exporter: impl TelemetryExporter) {
        exporter.observe_duration(&NAME, Duration::from_millis(1500));
        assert!(matches!(exporter.flush(Duration::ZERO), Err(DeliveryError::Timeout(_))));
    }

    #[test]
    fn pointers_forward_everything_and_durations_are_in_seconds() {
        let observed = Arc::new(Observed::default());
        tell(&*observed);
        tell(Arc::clone(&observed));
        tell(Box::new(&observed));
        let shared: Arc<dyn TelemetryExporter> = observed.clone();
        tell(shared);
        assert_eq!(*observed.0.lock().unwrap(), [1.5; 4]);
    }
}
