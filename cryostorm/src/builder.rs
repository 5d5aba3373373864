//! From settings, and parts of a user's own, to components.

use std::fmt;
use std::sync::Arc;

use opentelemetry::InstrumentationScope;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::{LogExporter, LogProcessor};
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::trace::{ShouldSample, SpanExporter, SpanProcessor};

use crate::export::{ConsoleExporter, ExportFoundation, ExportRuntime, Exporter, InMemoryExporter, LogEntry};
use crate::guard::{self, TelemetryGuard};
use crate::guarded::Guarded;
use crate::log::{LogProcessorFactory, LoggingComponent, LoggingPlan};
use crate::metric::{MetricsComponent, MetricsPlan, ReaderPlan};
use crate::propagation::{BaggageAttributes, Propagator, PropagatorComponent, PropagatorFactory};
use crate::resource::ResourceFactory;
use crate::sampling::SamplerFactory;
use crate::settings::{EnvironmentType, ExporterType, TelemetrySettings};
use crate::telemetry::Counts;
use crate::trace::{SpanItem, SpanProcessorFactory, TracingComponent, TracingPlan};
use crate::{Error, Factory, TelemetryComponents};

/// Builds telemetry from settings and from parts of your own.
///
/// ```
/// use cryostorm::export::InMemoryExporter;
/// use cryostorm::opentelemetry_sdk::trace::Sampler;
/// use cryostorm::{Telemetry, TelemetrySettings};
///
/// # fn main() -> Result<(), cryostorm::Error> {
/// let memory = InMemoryExporter::default();
/// let telemetry = Telemetry::builder(TelemetrySettings::default())
///     .with_span_exporter(memory.clone())
///     .with_sampler(Sampler::AlwaysOn)
///     .install()?;
/// telemetry.shutdown()
/// # }
/// ```
#[must_use = "a builder does nothing before `install` or `build`"]
pub struct TelemetryBuilder {
    settings: TelemetrySettings,
    memory: InMemoryExporter,
    counts: Counts,
    own: OwnParts,
}

/// What a user put in place of, or beside, what the settings describe.
#[derive(Default)]
struct OwnParts {
    any: bool,
    propagator: Option<Propagator>,
    console: Option<ConsoleExporter>,
    span_exporter: Option<Exporter<SpanItem>>,
    metric_exporter: Option<Exporter<ResourceMetrics>>,
    log_exporter: Option<Exporter<LogEntry>>,
    sampler: Option<Box<dyn ShouldSample>>,
    span_processors: Vec<crate::trace::Configure>,
    metrics: Vec<crate::metric::Configure>,
    logging: Vec<crate::log::Configure>,
}

impl TelemetryBuilder {
    pub(crate) fn new(settings: TelemetrySettings) -> Self {
        Self {
            settings,
            memory: InMemoryExporter::default(),
            counts: Counts::default(),
            own: OwnParts::default(),
        }
    }

    /// Exports spans to this exporter instead of the one set. It runs on the export runtime.
    pub fn with_span_exporter(self, exporter: impl SpanExporter + 'static) -> Self {
        self.with(|own| {
            own.span_exporter = Some(Exporter::<SpanItem>::spans(exporter, "a span exporter of your own"))
        })
    }

    /// Exports metrics to this exporter instead of the one set. It runs on the export runtime.
    pub fn with_metric_exporter(self, exporter: impl PushMetricExporter) -> Self {
        self.with(|own| {
            own.metric_exporter =
                Some(Exporter::<ResourceMetrics>::metrics(exporter, "a metric exporter of your own"))
        })
    }

    /// Exports logs to this exporter instead of the one set. It runs on the export runtime.
    pub fn with_log_exporter(self, exporter: impl LogExporter + 'static) -> Self {
        self.with(|own| {
            own.log_exporter = Some(Exporter::<LogEntry>::logs(exporter, "a log exporter of your own"))
        })
    }

    /// What the exporter type `console` writes to, instead of standard output: for all signals for which that is set, and
    /// for what development shows beside. In the exporter's own format, whatever the settings say.
    ///
    /// ```
    /// use cryostorm::export::ConsoleExporter;
    /// use cryostorm::settings::ConsoleFormat;
    /// use cryostorm::{Telemetry, TelemetrySettings};
    ///
    /// # fn main() -> Result<(), cryostorm::Error> {
    /// let file = std::io::sink();
    /// let telemetry = Telemetry::builder(TelemetrySettings::default())
    ///     .with_console(ConsoleExporter::to(file).with_format(ConsoleFormat::Json))
    ///     .install()?;
    /// telemetry.shutdown()
    /// # }
    /// ```
    pub fn with_console(self, console: ConsoleExporter) -> Self {
        self.with(|own| own.console = Some(console))
    }

    /// Adds a span processor after the one set. A panic in it ends with it.
    pub fn with_span_processor(self, processor: impl SpanProcessor + 'static) -> Self {
        self.with(|own| {
            own.span_processors.push(Box::new(|provider| provider.with_span_processor(Guarded(processor))))
        })
    }

    /// Samples by this sampler instead of the one set.
    pub fn with_sampler(self, sampler: impl ShouldSample + 'static) -> Self {
        self.with(|own| own.sampler = Some(Box::new(Guarded(Box::new(sampler) as Box<dyn ShouldSample>))))
    }

    /// Adds a metric reader beside the one set. The trait is experimental in the SDK, so that this method may change
    /// with it.
    pub fn with_metric_reader(self, reader: impl MetricReader) -> Self {
        self.with(|own| own.metrics.push(Box::new(|provider| provider.with_reader(reader))))
    }

    /// Adds a log processor after the one set. A panic in it ends with it.
    pub fn with_log_processor(self, processor: impl LogProcessor + 'static) -> Self {
        self.with(|own| {
            own.logging.push(Box::new(|provider| provider.with_log_processor(Guarded(processor))))
        })
    }

    /// Propagates context by this propagator instead of those set.
    pub fn with_propagator(self, propagator: impl TextMapPropagator + Send + Sync + 'static) -> Self {
        self.with(|own| own.propagator = Some(Arc::new(propagator)))
    }

    fn with(mut self, part: impl FnOnce(&mut OwnParts)) -> Self {
        self.own.any = true;
        part(&mut self.own);
        self
    }

    /// The resource that the settings describe.
    ///
    /// # Errors
    ///
    /// None at present.
    pub fn build_resource(&self) -> Result<Resource, Error> {
        ResourceFactory::from_settings(&self.settings).create()
    }

    /// The resource, with the runtime and the memory that exporters are built upon.
    ///
    /// # Errors
    ///
    /// The export runtime did not start.
    pub fn build_foundation(&self) -> Result<ExportFoundation, Error> {
        Ok(ExportFoundation {
            resource: self.build_resource()?,
            runtime: ExportRuntime::start().map_err(|cause| Error::Runtime { cause })?,
            console: match &self.own.console {
                Some(console) => console.clone(),
                None => ConsoleExporter::new().with_format(self.settings.console.format),
            },
            memory: self.memory.clone(),
        })
    }

    /// The propagator component, not set up. Takes the propagator of your own, if there is one.
    pub fn build_propagator(&mut self) -> PropagatorComponent {
        PropagatorComponent::new(PropagatorFactory::from_settings(&self.settings), self.own.propagator.take())
    }

    /// The tracing component, not set up. Takes the span parts of your own.
    pub fn build_tracing(&mut self, foundation: &ExportFoundation) -> TracingComponent {
        let mut processor =
            SpanProcessorFactory::from_settings(&self.settings, foundation).with_counts(&self.counts.traces);
        if let Some(exporter) = self.own.span_exporter.take() {
            processor = processor.with_exporter(exporter);
        }
        let plan = TracingPlan {
            resource: foundation.resource.clone(),
            scope: self.scope(),
            sampler: SamplerFactory::from_settings(&self.settings),
            baggage: BaggageAttributes::from_settings(&self.settings),
            processor,
            own_sampler: self.own.sampler.take(),
            own_processors: std::mem::take(&mut self.own.span_processors),
        };
        TracingComponent::new(self.settings.tracing.enabled.then_some(plan))
    }

    /// The metrics component, not set up. Takes the metric parts of your own.
    pub fn build_metrics(&mut self, foundation: &ExportFoundation) -> MetricsComponent {
        let reader = ReaderPlan::new(
            &self.settings,
            foundation,
            &self.counts.metrics,
            self.own.metric_exporter.take(),
        );
        let plan = MetricsPlan {
            resource: foundation.resource.clone(),
            scope: self.scope(),
            reader,
            own: std::mem::take(&mut self.own.metrics),
        };
        MetricsComponent::new(self.settings.metrics.enabled.then_some(plan))
    }

    /// The logging component, not set up. Takes the log parts of your own.
    pub fn build_logging(&mut self, foundation: &ExportFoundation) -> LoggingComponent {
        let settings = &self.settings;
        let mut processor =
            LogProcessorFactory::from_settings(settings, foundation).with_counts(&self.counts.logs);
        let own_exporter = self.own.log_exporter.take();
        let on_console = own_exporter.is_none() && settings.logging.exporter_type == ExporterType::Console;
        if let Some(exporter) = own_exporter {
            processor = processor.with_exporter(exporter);
        }
        let mut processors = vec![processor];
        // A developer sees the logs, wherever else they go.
        if settings.service.environment == EnvironmentType::Development && !on_console {
            processors.push(LogProcessorFactory::development(settings, foundation));
        }
        let plan = LoggingPlan {
            resource: foundation.resource.clone(),
            scope: self.scope(),
            processors,
            baggage: BaggageAttributes::from_settings(&self.settings),
            own: std::mem::take(&mut self.own.logging),
        };
        LoggingComponent::new(self.settings.logging.enabled.then_some(plan))
    }

    /// All components, not set up and not installed.
    ///
    /// # Errors
    ///
    /// A setting is not accepted, or the export runtime did not start.
    pub fn build(mut self) -> Result<TelemetryComponents, Error> {
        self.settings.validate()?;
        let foundation = self.build_foundation()?;
        Ok(TelemetryComponents {
            propagator: self.build_propagator(),
            tracing: self.build_tracing(&foundation),
            metrics: self.build_metrics(&foundation),
            logging: self.build_logging(&foundation),
            runtime: foundation.runtime,
        })
    }

    /// Builds, sets up, and makes it the telemetry of the process: see
    /// [`Telemetry::from_settings`](crate::Telemetry::from_settings).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn install(self) -> Result<TelemetryGuard, Error> {
        guard::install(self)
    }

    pub(crate) fn settings(&self) -> &TelemetrySettings {
        &self.settings
    }

    pub(crate) fn memory(&self) -> InMemoryExporter {
        self.memory.clone()
    }

    pub(crate) fn counts(&self) -> Counts {
        self.counts.clone()
    }

    pub(crate) fn has_own_parts(&self) -> bool {
        self.own.any
    }

    /// The scope of everything that cryostorm itself makes.
    fn scope(&self) -> InstrumentationScope {
        let scope = InstrumentationScope::builder("cryostorm").with_version(env!("CARGO_PKG_VERSION"));
        match self.settings.schema_url.as_str() {
            "" => scope.build(),
            url => scope.with_schema_url(url.to_owned()).build(),
        }
    }
}

impl fmt::Debug for TelemetryBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TelemetryBuilder").field("settings", &self.settings).finish_non_exhaustive()
    }
}
