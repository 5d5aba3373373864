//! Any exporter, behind a queue: whoever counts and measures never waits for it.

mod losses;
mod outflow;
mod shared;
mod stats;

use std::any::type_name;
use std::fmt;
use std::sync::Arc;
use std::thread::{self, Thread};
use std::time::Duration;

use cryostorm_exporter::{DeliveryError, MetricName, TelemetryExporter};

use crate::telemetry::TIMEOUT;
use crate::{Error, diagnostics};

use super::call::{Call, CallValue};
use super::refused::is_finite;
use shared::Shared;
pub use stats::{Dropped, NonBlockingStats};

/// How many calls wait at most, unless set.
const CAPACITY: usize = 8192;

/// Tells another exporter everything from a thread of its own.
///
/// `increment` and `observe` put the call into a bounded queue and return. They never wait, neither for room nor for the
/// exporter, and allocate nothing; a call for which there is no room is dropped. The exporter behind it may block, panic or
/// never return: a panic costs the call that it came from, and what cannot be delivered is dropped. Every dropped call is
/// counted by reason ([`stats`](Self::stats)); losses are said on standard error, once when they start and once when they
/// have ended.
///
/// A call reaches the exporter within a tenth of a second, as long as that keeps up; [`flush`](TelemetryExporter::flush) and
/// [`shutdown`](Self::shutdown) deliver at once. Dropping it shuts it down.
///
/// ```
/// use std::time::Duration;
/// use cryostorm::telemetry_exporter::{
///     MemoryExporter, MetricName, NonBlockingExporter, TelemetryExporter,
/// };
///
/// const HITS: MetricName = MetricName::from_static("cache.hits");
///
/// let memory = MemoryExporter::default();
/// let exporter = NonBlockingExporter::new(memory.clone())?;
/// exporter.increment(&HITS, 1);
/// exporter.shutdown(Duration::from_secs(5))?;
/// assert_eq!(memory.total(&HITS), 1);
/// assert_eq!(exporter.stats().delivered, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct NonBlockingExporter {
    shared: Arc<Shared>,
    worker: Thread,
    drop_timeout: Duration,
}

/// Describes a [`NonBlockingExporter`], to be started.
#[derive(Clone, Debug)]
#[must_use]
pub struct NonBlockingBuilder<E> {
    exporter: E,
    name: String,
    capacity: usize,
    drop_timeout: Duration,
}

impl<E: TelemetryExporter + 'static> NonBlockingBuilder<E> {
    /// What its messages call it; the exporter's type unless set.
    pub fn with_name(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// How many calls wait at most, for which memory is taken at the start: about 50 bytes each; 8192 unless set, and at least
    /// one.
    pub fn with_capacity(self, calls: usize) -> Self {
        Self { capacity: calls, ..self }
    }

    /// How long dropping it may take; ten seconds unless set.
    pub fn with_drop_timeout(self, timeout: Duration) -> Self {
        Self { drop_timeout: timeout, ..self }
    }

    /// Starts the thread.
    ///
    /// # Errors
    ///
    /// [`Error::Runtime`] if the operating system has no thread.
    pub fn start(self) -> Result<NonBlockingExporter, Error> {
        let Self { exporter, name, capacity, drop_timeout } = self;
        let shared = Arc::new(Shared::new(name, capacity));
        let work = {
            let shared = Arc::clone(&shared);
            move || shared.work(exporter)
        };
        let worker = thread::Builder::new().name("cryostorm-exporter".to_owned()).spawn(work);
        let worker = worker.map_err(|cause| Error::Runtime { cause })?;
        Ok(NonBlockingExporter { shared, worker: worker.thread().clone(), drop_timeout })
    }
}

impl NonBlockingExporter {
    /// Starts one with the defaults of the [`builder`](Self::builder).
    ///
    /// # Errors
    ///
    /// [`Error::Runtime`] if the operating system has no thread.
    pub fn new(exporter: impl TelemetryExporter + 'static) -> Result<Self, Error> {
        Self::builder(exporter).start()
    }

    /// Starts with an exporter and takes how it is to be told.
    ///
    /// ```
    /// use std::time::Duration;
    /// use cryostorm::telemetry_exporter::{MemoryExporter, NonBlockingExporter};
    ///
    /// let exporter = NonBlockingExporter::builder(MemoryExporter::default())
    ///     .with_name("billing")
    ///     .with_capacity(1000)
    ///     .with_drop_timeout(Duration::from_secs(2))
    ///     .start()?;
    /// # Ok::<(), cryostorm::Error>(())
    /// ```
    pub fn builder<E: TelemetryExporter + 'static>(exporter: E) -> NonBlockingBuilder<E> {
        NonBlockingBuilder {
            exporter,
            name: type_name::<E>().to_owned(),
            capacity: CAPACITY,
            drop_timeout: TIMEOUT,
        }
    }

    /// What became of the calls so far.
    #[must_use]
    pub fn stats(&self) -> NonBlockingStats {
        self.shared.stats()
    }

    /// Delivers what waits, flushes the exporter, drops it and ends the thread. Blocks until this is done or the time is
    /// over. Then what is left is dropped, and so is the call that the exporter has not returned from, even if it does later.
    /// The thread ends when the exporter returns.
    ///
    /// # Errors
    ///
    /// [`DeliveryError::Lost`] with how many calls were dropped since the last flush. Where none was,
    /// [`DeliveryError::Timeout`] if the exporter did not flush in time, or what it said of its flush.
    pub fn shutdown(&self, timeout: Duration) -> Result<(), DeliveryError> {
        self.shared.finish(true, timeout, || self.worker.unpark())
    }

    fn put(&self, metric: &MetricName, value: CallValue) {
        if self.shared.put(|| Call::new(metric, value)) {
            self.worker.unpark();
        }
    }
}

impl TelemetryExporter for NonBlockingExporter {
    fn increment(&self, metric: &MetricName, value: u64) {
        self.put(metric, CallValue::Increment(value));
    }

    fn observe(&self, metric: &MetricName, value: f64) {
        if is_finite(value) {
            self.put(metric, CallValue::Observe(value));
        } else {
            self.shared.refuse_not_finite();
        }
    }

    fn observe_duration(&self, metric: &MetricName, duration: Duration) {
        self.put(metric, CallValue::ObserveDuration(duration));
    }

    /// Delivers what was called before, and flushes the exporter behind it.
    ///
    /// # Errors
    ///
    /// [`DeliveryError::Timeout`] if that is not done in time: what waits goes on to wait. [`DeliveryError::Lost`] with
    /// how many calls were dropped since the last flush. Where none was, what the exporter said of its flush.
    fn flush(&self, timeout: Duration) -> Result<(), DeliveryError> {
        self.shared.finish(false, timeout, || self.worker.unpark())
    }
}

impl Drop for NonBlockingExporter {
    fn drop(&mut self) {
        if let Err(error) = self.shutdown(self.drop_timeout) {
            diagnostics::report(format_args!("the telemetry exporter {}: {error}", self.shared.name()));
        }
    }
}

impl fmt::Debug for NonBlockingExporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NonBlockingExporter")
            .field("name", &self.shared.name())
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}
