//! What an application holds: a cheap handle, and the guard that ends it.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::global::BoxedTracer;
use opentelemetry::logs::LoggerProvider;
use opentelemetry::metrics::noop::NoopMeterProvider;
use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry::trace::noop::NoopTracer;
use opentelemetry_sdk::logs::{SdkLogger, SdkLoggerProvider};

use crate::builder::TelemetryBuilder;
use crate::export::{ExportStats, InMemoryExporter, SignalCounts};
use crate::guard;
use crate::instrument::{self, AttributeValue, Signals, SpanBuilder};
use crate::log::record;
#[cfg(feature = "prometheus")]
use crate::metric::prometheus::PrometheusReader;
use crate::propagation::{Getter, Propagator, Reading, Setter, Trust, Writing};
use crate::settings::{Level, TelemetrySettings};
use crate::shutdown::Shutdown;
use crate::{Error, TelemetryComponents, TelemetryGuard, diagnostics};

/// How long a flush or shutdown may take, unless said otherwise.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(10);

/// The longest that shutdown waits for what is being said on standard error.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// A handle on the telemetry of this process. Clones are cheap and share it.
///
/// It never fails: before installation, after shutdown and for signals that are off, everything it hands out does
/// nothing.
///
/// ```
/// use cryostorm::{Telemetry, TelemetrySettings};
///
/// # fn main() -> Result<(), cryostorm::Error> {
/// let telemetry = Telemetry::from_settings(TelemetrySettings::from_vars([("SERVICE__NAME", "shop")])?)?;
/// assert!(Telemetry::global().is_initialized());
/// telemetry.shutdown()
/// # }
/// ```
#[derive(Clone)]
pub struct Telemetry {
    inner: Arc<Inner>,
}

struct Inner {
    signals: Signals,
    installed: Option<Installed>,
}

/// What only an installed Telemetry has.
pub(crate) struct Installed {
    settings: TelemetrySettings,
    memory: InMemoryExporter,
    counts: Counts,
    components: Mutex<TelemetryComponents>,
    shutdown: Shutdown,
}

impl Installed {
    pub(crate) fn new(
        settings: TelemetrySettings,
        memory: InMemoryExporter,
        counts: Counts,
        components: TelemetryComponents,
    ) -> Self {
        Self { settings, memory, counts, components: Mutex::new(components), shutdown: Shutdown::default() }
    }

    /// Locked only to ask for something, never while it is waited for.
    fn components(&self) -> MutexGuard<'_, TelemetryComponents> {
        self.components.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The counts of the three signals.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) traces: Arc<SignalCounts>,
    pub(crate) metrics: Arc<SignalCounts>,
    pub(crate) logs: Arc<SignalCounts>,
}

impl Telemetry {
    /// Installs telemetry as the settings describe it, for the whole process. With the settings that it is installed
    /// with already: another guard of the same.
    ///
    /// # Errors
    ///
    /// A setting that is not accepted, a step of the set-up that failed, or an installation with other settings.
    pub fn from_settings(settings: TelemetrySettings) -> Result<TelemetryGuard, Error> {
        Self::builder(settings).install()
    }

    /// Starts with settings and takes parts of your own.
    pub fn builder(settings: TelemetrySettings) -> TelemetryBuilder {
        TelemetryBuilder::new(settings)
    }

    /// What is installed; a handle that does nothing where nothing is.
    #[must_use]
    pub fn global() -> Self {
        match instrument::current() {
            Some(local) => local.telemetry.clone(),
            None => Self::new(Signals::off(), None),
        }
    }

    /// Shuts down what is installed, so that something else can be. For tests.
    ///
    /// # Errors
    ///
    /// What [`shutdown`](Self::shutdown) says.
    pub fn reset() -> Result<(), Error> {
        Self::global().shutdown()
    }

    /// Whether it is installed and not shut down.
    #[must_use]
    pub fn is_initialized(&self) -> bool {
        self.inner.installed.as_ref().is_some_and(|installed| !installed.shutdown.has_begun())
    }

    /// The settings that it was installed with.
    #[must_use]
    pub fn settings(&self) -> Option<&TelemetrySettings> {
        self.inner.installed.as_ref().map(|installed| &installed.settings)
    }

    /// The tracer of the scope `cryostorm`. Times that its spans are given are those that OTLP can tell: what is before 1970 is
    /// 1970, and what comes after 2554 is that.
    #[must_use]
    pub fn tracer(&self) -> BoxedTracer {
        match &self.inner.signals.tracers {
            Some(tracers) => tracers.boxed(),
            None => BoxedTracer::new(Box::new(NoopTracer::new())),
        }
    }

    /// The meter of the scope `cryostorm`.
    #[must_use]
    pub fn meter(&self) -> Meter {
        match &self.inner.signals.metrics {
            // Not where telemetry is suppressed: an instrument made in a callback would wait for the collection that
            // runs it.
            Some(instruments) if instrument::context().is_some() => instruments.meter().clone(),
            _ => NoopMeterProvider::new().meter("cryostorm"),
        }
    }

    /// The logger of the scope `cryostorm`. It knows no levels: [`log`](Self::log) filters.
    #[must_use]
    pub fn logger(&self) -> SdkLogger {
        match &self.inner.signals.logging {
            Some(logging) => logging.logger.clone(),
            None => SdkLoggerProvider::builder().build().logger("cryostorm"),
        }
    }

    /// The propagator; one that does nothing where propagation is off.
    #[must_use]
    pub fn propagator(&self) -> Propagator {
        self.inner.signals.propagator.clone()
    }

    /// Describes a span, to be started.
    ///
    /// ```
    /// use cryostorm::Telemetry;
    /// use cryostorm::opentelemetry::trace::SpanKind;
    ///
    /// let telemetry = Telemetry::global();
    /// let sum = telemetry.span("add").kind(SpanKind::Internal).attribute("terms", 2).in_scope(|span| {
    ///     span.add_event("adding", &[]);
    ///     1 + 1
    /// });
    /// assert_eq!(sum, 2);
    /// ```
    pub fn span(&self, name: impl Into<Cow<'static, str>>) -> SpanBuilder {
        SpanBuilder::new(self, name)
    }

    /// Logs a message with attributes, under the span that is current, if its level is severe enough.
    ///
    /// ```
    /// use cryostorm::{Level, Telemetry};
    ///
    /// let order_id = 7;
    /// Telemetry::global().log(Level::Info, "order placed", &[("order.id", &order_id), ("channel", &"web")]);
    /// ```
    pub fn log(
        &self,
        level: Level,
        message: impl Into<Cow<'static, str>>,
        attributes: &[(&'static str, &dyn AttributeValue)],
    ) {
        if let Some(logging) = &self.inner.signals.logging {
            record::emit(logging, level, message.into(), attributes);
        }
    }

    /// Writes the current context into a carrier: the headers of an outgoing request, or another [`Setter`]. What the
    /// carrier had of another context is removed, unless propagation is off.
    ///
    /// ```
    /// let mut headers = std::collections::HashMap::new();
    /// cryostorm::Telemetry::global().inject_context(&mut headers);
    /// ```
    pub fn inject_context(&self, carrier: &mut (impl Setter + ?Sized)) {
        self.inject(&instrument::context().unwrap_or_default(), carrier);
    }

    /// The same without baggage, for a host that is not to know what is in it.
    ///
    /// ```
    /// let mut headers = std::collections::HashMap::new();
    /// cryostorm::Telemetry::global().inject_context_without_baggage(&mut headers);
    /// ```
    pub fn inject_context_without_baggage(&self, carrier: &mut (impl Setter + ?Sized)) {
        self.inject(&instrument::context().unwrap_or_default().with_cleared_baggage(), carrier);
    }

    fn inject(&self, context: &Context, carrier: &mut (impl Setter + ?Sized)) {
        let propagator = &self.inner.signals.propagator;
        propagator.fields().for_each(|field| carrier.remove(field));
        propagator.inject_context(context, &mut Writing(carrier));
    }

    /// Reads the context from a carrier, such as the headers of an incoming request, to be the parent of a span. Where
    /// there is none, or propagation is off: what is current.
    ///
    /// ```
    /// use std::collections::HashMap;
    ///
    /// let telemetry = cryostorm::Telemetry::global();
    /// let parent = telemetry.extract_context(&HashMap::<String, String>::new());
    /// telemetry.span("handle").context(parent).in_scope(|_| ());
    /// ```
    #[must_use]
    pub fn extract_context(&self, carrier: &(impl Getter + ?Sized)) -> Context {
        self.extract_context_with(carrier, Trust::Full)
    }

    /// Reads the context from a carrier that is not trusted, or not in all: see [`Trust`].
    ///
    /// ```
    /// use std::collections::HashMap;
    ///
    /// use cryostorm::propagation::Trust;
    ///
    /// let telemetry = cryostorm::Telemetry::global();
    /// let parent = telemetry.extract_context_with(&HashMap::<String, String>::new(), Trust::Link);
    /// telemetry.span("handle").context(parent).in_scope(|_| ());
    /// ```
    #[must_use]
    pub fn extract_context_with(&self, carrier: &(impl Getter + ?Sized), trust: Trust) -> Context {
        let here = instrument::carried();
        trust.extract(&*self.inner.signals.propagator, here, &Reading(carrier))
    }

    /// What the exporter type `in_memory` has received.
    #[must_use]
    pub fn in_memory(&self) -> InMemoryExporter {
        self.inner.installed.as_ref().map(|installed| installed.memory.clone()).unwrap_or_default()
    }

    /// The reader of the exporter type `prometheus`, which knows the address to scrape. None for any other type, and
    /// after shutdown.
    #[cfg(feature = "prometheus")]
    #[must_use]
    pub fn prometheus(&self) -> Option<PrometheusReader> {
        self.inner.installed.as_ref().and_then(|installed| installed.components().metrics.prometheus())
    }

    /// What became of everything so far.
    #[must_use]
    pub fn export_stats(&self) -> ExportStats {
        let Some(Installed { counts, .. }) = &self.inner.installed else { return ExportStats::default() };
        ExportStats { traces: counts.traces.read(), metrics: counts.metrics.read(), logs: counts.logs.read() }
    }

    /// Exports what waits. Blocks until it is done or the time is over.
    ///
    /// # Errors
    ///
    /// [`Error::Undelivered`] with what was lost since the last flush.
    pub fn force_flush(&self, timeout: Duration) -> Result<(), Error> {
        let Some(installed) = &self.inner.installed else { return Ok(()) };
        if installed.shutdown.has_begun() {
            return installed.shutdown.outcome(timeout);
        }
        let pending = installed.components().begin_flush();
        pending.wait(timeout).map_err(Error::Undelivered)
    }

    /// [`shutdown_timeout`](Self::shutdown_timeout) with ten seconds.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn shutdown(&self) -> Result<(), Error> {
        self.shutdown_timeout(TIMEOUT)
    }

    /// Exports what waits and ends telemetry. Blocks until it is done or the time is over, in async code too, and works
    /// there, since nothing that it waits for needs this thread. Another call has the same outcome.
    ///
    /// A span that has not ended by then is not exported: shut down after the work, not inside it.
    ///
    /// # Errors
    ///
    /// [`Error::Undelivered`] with what was lost since the last flush: Ok means that all that was handed in arrived.
    /// [`Error::Timeout`] if another thread shuts down and is not done in time.
    pub fn shutdown_timeout(&self, timeout: Duration) -> Result<(), Error> {
        let Some(installed) = &self.inner.installed else { return Ok(()) };
        installed.shutdown.once(timeout, || {
            guard::leave(self);
            let pending = installed.components().begin_shutdown();
            let outcome = pending.wait(timeout);
            installed.components().runtime.shutdown();
            diagnostics::settle(timeout.min(LAST_WORDS));
            outcome
        })
    }

    /// [`shutdown_timeout`](Self::shutdown_timeout) for async code that must not block its thread. Needs no particular
    /// executor.
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn shutdown_async(&self, timeout: Duration) -> Result<(), Error> {
        let (done, outcome) = tokio::sync::oneshot::channel();
        let telemetry = self.clone();
        let spawned = std::thread::Builder::new().name("cryostorm-shutdown".to_owned()).spawn(move || {
            // Whoever waited may be gone; the shutdown is done all the same, and must not fail unheard.
            if let Err(Err(error)) = done.send(telemetry.shutdown_timeout(timeout)) {
                diagnostics::report(format_args!("{error}"));
            }
        });
        if let Err(cause) = spawned {
            return Err(Error::Runtime { cause });
        }
        outcome.await.unwrap_or(Err(Error::Timeout(timeout)))
    }

    pub(crate) fn new(signals: Signals, installed: Option<Installed>) -> Self {
        Self { inner: Arc::new(Inner { signals, installed }) }
    }

    pub(crate) fn signals(&self) -> &Signals {
        &self.inner.signals
    }

    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    pub(crate) fn downgrade(&self) -> WeakTelemetry {
        WeakTelemetry { inner: Arc::downgrade(&self.inner) }
    }
}

/// A Telemetry for as long as somebody else has it.
pub(crate) struct WeakTelemetry {
    inner: Weak<Inner>,
}

impl WeakTelemetry {
    /// That of nobody.
    pub(crate) const NONE: Self = Self { inner: Weak::new() };

    pub(crate) fn upgrade(&self) -> Option<Telemetry> {
        self.inner.upgrade().map(|inner| Telemetry { inner })
    }
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telemetry").field("initialized", &self.is_initialized()).finish_non_exhaustive()
    }
}
