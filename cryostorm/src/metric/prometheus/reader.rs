//! The reader that collects when it is asked.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{InstrumentKind, ManualReader, Pipeline, Temporality};

use crate::export::{ExportFoundation, ExportRuntime, Outlet, Pending};
use crate::guarded::caught;
use crate::settings::{PrometheusEndpoint, TelemetrySettings, TranslationStrategy};
use crate::{Error, Factory, diagnostics};

use super::family::Families;
use super::format::Format;
use super::name::Naming;
use super::server::Server;
use super::text;

/// How many kinds of trouble are spoken of, because each is remembered.
const MOST_SAID: usize = 64;

/// The metrics as text for Prometheus, collected each time they are asked for. Clones share it.
///
/// The exporter type `prometheus` makes one, with a server. To answer scrapes in a server of your own, or to be scraped
/// and push at the same time, add one as a reader:
///
/// ```
/// use cryostorm::metric::prometheus::PrometheusReader;
/// use cryostorm::{Telemetry, TelemetrySettings};
///
/// let prometheus = PrometheusReader::default();
/// let telemetry = Telemetry::builder(TelemetrySettings::default())
///     .with_metric_reader(prometheus.clone())
///     .install()?;
/// telemetry.create_counter("orders.placed", "Orders placed.", "{order}")?.add(2, &[]);
///
/// let scrape = prometheus.scrape(Some("application/openmetrics-text"))?;
/// assert_eq!(scrape.content_type, "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores");
/// assert!(scrape.body.contains("orders_placed_total{otel_scope_name=\"cryostorm\""));
/// # telemetry.shutdown()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PrometheusReader {
    shared: Arc<Shared>,
    server: Option<Arc<Server>>,
}

#[derive(Debug)]
struct Shared {
    manual: ManualReader,
    strategy: TranslationStrategy,
    has_ended: AtomicBool,
    has_panicked: AtomicBool,
    said: Mutex<HashSet<String>>,
}

/// What a scrape is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exposition {
    /// The header `Content-Type`.
    pub content_type: String,
    /// The body.
    pub body: String,
}

/// Why there is no answer to a scrape.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScrapeError {
    /// Telemetry was shut down.
    #[error("telemetry was shut down")]
    Ended,
    /// The callback of an observable instrument panicked, in this scrape or an earlier one: the SDK does not collect
    /// again after that.
    #[error("a callback panicked, and nothing is collected since")]
    Panicked,
    /// The SDK did not collect: the reader is not part of what is installed.
    #[error("not collected: {0}")]
    NotCollected(String),
}

impl PrometheusReader {
    /// Names metrics and labels by this strategy. Default:
    /// [`UnderscoreEscapingWithSuffixes`](TranslationStrategy::UnderscoreEscapingWithSuffixes).
    #[must_use]
    pub fn new(strategy: TranslationStrategy) -> Self {
        let shared = Shared {
            manual: ManualReader::default(),
            strategy,
            has_ended: AtomicBool::new(false),
            has_panicked: AtomicBool::new(false),
            said: Mutex::default(),
        };
        Self { shared: Arc::new(shared), server: None }
    }

    /// The address of the server that the exporter type `prometheus` has started: where the port is set to 0, the one
    /// that the operating system chose. None for a reader of your own.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.server.as_ref().map(|server| server.address())
    }

    /// Collects, and writes it in the format that the request's header `Accept` asks for: OpenMetrics 1.0.0, or
    /// Prometheus text 1.0.0 or 0.0.4, which is also what is written where there is no such header.
    ///
    /// Runs the callbacks of observable instruments on this thread and waits for another scrape to end, so async code
    /// calls it from a thread that may block. Telemetry is suppressed meanwhile.
    ///
    /// # Errors
    ///
    /// Why nothing was collected. That is said on standard error too, once.
    pub fn scrape(&self, accept: Option<&str>) -> Result<Exposition, ScrapeError> {
        let shared = &self.shared;
        if shared.has_ended.load(Ordering::Acquire) {
            return Err(ScrapeError::Ended);
        }
        let format = Format::negotiated(accept);
        let collected = match shared.has_panicked.load(Ordering::Acquire) {
            true => Err(ScrapeError::Panicked),
            false => shared.collect(),
        };
        let metrics = collected.inspect_err(|error| shared.say(format!("no scrape is answered: {error}")))?;
        let naming = Naming { strategy: shared.strategy, escaping: format.escaping };
        let families = Families::new(&metrics, naming, format.is_openmetrics());
        for problem in &families.problems {
            shared.say(format!("Prometheus cannot have all metrics: {problem}"));
        }
        Ok(Exposition { content_type: format.to_string(), body: text::write(&families, format) })
    }

    /// Says it on standard error, unless it was said.
    pub(super) fn say(&self, message: String) {
        self.shared.say(message);
    }

    /// Without the server: what the server itself holds.
    fn detached(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), server: None }
    }
}

impl Default for PrometheusReader {
    fn default() -> Self {
        Self::new(PrometheusEndpoint::default().translation_strategy)
    }
}

impl Shared {
    fn collect(&self) -> Result<ResourceMetrics, ScrapeError> {
        let _suppressed = Context::enter_telemetry_suppressed_scope();
        let mut metrics = ResourceMetrics::default();
        match caught(|| self.manual.collect(&mut metrics)) {
            Some(Ok(())) => Ok(metrics),
            Some(Err(OTelSdkError::InternalFailure(reason))) => Err(ScrapeError::NotCollected(reason)),
            Some(Err(error)) => Err(ScrapeError::NotCollected(error.to_string())),
            None => {
                self.has_panicked.store(true, Ordering::Release);
                Err(ScrapeError::Panicked)
            }
        }
    }

    fn say(&self, message: String) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.len() < MOST_SAID && !said.contains(&message) {
            said.insert(message.clone());
            diagnostics::report_aside(move || format!("{message}. This is said once."));
        }
    }
}

impl Outlet for PrometheusReader {
    // A flush has nothing to do: whoever scrapes gets all there is.
    fn request(&self, close: bool) -> Pending {
        if !close {
            return Pending::default();
        }
        let pending = self.server.as_ref().map(|server| server.close()).unwrap_or_default();
        self.shared.has_ended.store(true, Ordering::Release);
        pending
    }
}

impl MetricReader for PrometheusReader {
    fn register_pipeline(&self, pipeline: Weak<Pipeline>) {
        self.shared.manual.register_pipeline(pipeline);
    }

    fn collect(&self, metrics: &mut ResourceMetrics) -> OTelSdkResult {
        self.shared.manual.collect(metrics)
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.request(true).for_sdk(timeout)
    }

    fn temporality(&self, _kind: InstrumentKind) -> Temporality {
        Temporality::Cumulative
    }
}

/// Makes the reader of the exporter type `prometheus`, and starts its server.
#[derive(Debug)]
pub struct PrometheusReaderFactory {
    endpoint: PrometheusEndpoint,
    timeout: Duration,
    runtime: ExportRuntime,
}

impl PrometheusReaderFactory {
    /// The reader that the settings describe.
    #[must_use]
    pub fn from_settings(settings: &TelemetrySettings, foundation: &ExportFoundation) -> Self {
        let metrics = &settings.metrics;
        Self {
            endpoint: metrics.prometheus.clone(),
            timeout: Duration::from_millis(metrics.export_timeout_millis),
            runtime: foundation.runtime.clone(),
        }
    }
}

impl Factory for PrometheusReaderFactory {
    type Output = PrometheusReader;

    fn create(self) -> Result<PrometheusReader, Error> {
        let mut reader = PrometheusReader::new(self.endpoint.translation_strategy);
        let server = Server::start(&self.endpoint, reader.detached(), self.timeout, self.runtime)
            .map_err(|error| Error::exporter(self.endpoint.url(), error))?;
        reader.server = Some(Arc::new(server));
        Ok(reader)
    }
}
