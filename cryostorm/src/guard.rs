//! Installation: the one Telemetry of the process, and the guard that ends it.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use opentelemetry::metrics::noop::NoopMeterProvider;
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::noop::{NoopTextMapPropagator, NoopTracerProvider};
use opentelemetry::{Context, global};

use crate::builder::TelemetryBuilder;
use crate::catalogue::catalogue;
use crate::instrument::{self, Logging, Signals};
#[cfg(feature = "tower")]
use crate::middleware;
use crate::propagation::Propagator;
use crate::settings::section::{Difference, Setting};
use crate::settings::{EnvironmentType, SamplingStrategy, TelemetrySettings};
use crate::telemetry::{Installed, Telemetry};
use crate::{Error, TelemetryComponents, diagnostics, forks, metric};

/// Owns the installed [`Telemetry`], and is used like it. When the last guard is dropped, telemetry is shut down,
/// within ten seconds; what was lost is said on standard error.
#[must_use = "telemetry ends when its guard is dropped"]
pub struct TelemetryGuard {
    owner: Arc<Owner>,
}

struct Owner(Telemetry);

/// The latest installation. Locked while another is made, so that two threads cannot both be first.
static LATEST: Mutex<Weak<Owner>> = Mutex::new(Weak::new());

/// Builds, sets up and makes it the Telemetry of the process, for cryostorm and for all OpenTelemetry code.
pub(crate) fn install(builder: TelemetryBuilder) -> Result<TelemetryGuard, Error> {
    let guard = install_alone(builder)?;
    refresh();
    Ok(guard)
}

/// Has those ask again who remember what telemetry wants of them. Not while anything is locked: some are others' code.
fn refresh() {
    #[cfg(feature = "log")]
    crate::log::refresh();
    #[cfg(feature = "tracing")]
    crate::tracing::refresh();
}

fn install_alone(builder: TelemetryBuilder) -> Result<TelemetryGuard, Error> {
    builder.settings().validate()?;
    // Outlives the lock: ending an earlier installation takes it too.
    let earlier;
    let mut latest = LATEST.lock().unwrap_or_else(PoisonError::into_inner);
    earlier = latest.upgrade();
    if let Some(owner) = earlier.as_ref().filter(|owner| owner.0.is_initialized()) {
        same(&owner.0, &builder)?;
        return Ok(TelemetryGuard { owner: Arc::clone(owner) });
    }
    check_catalogue(builder.settings().service.environment)?;
    mention_what_has_no_effect(builder.settings());
    let (settings, memory, counts) = (builder.settings().clone(), builder.memory(), builder.counts());
    let mut components = builder.build()?;
    components.setup_all()?;
    enter(&components);
    instrument::calibrate();
    forks::watch();
    let metrics = components.metrics.meter().map(instrument::Instruments::new);
    let logging = components.logging.logger().map(|logger| Logging { logger, level: settings.logging.level });
    let has_spans = components.tracing.provider().is_some();
    let id = instrument::new_id(has_spans, metrics.is_some(), logging.is_some());
    let signals = Signals {
        id,
        tracers: components.tracing.tracers(id),
        metrics,
        logging,
        propagator: components.propagator.propagator(),
    };
    let installed = Installed::new(settings, memory, counts, components);
    if let Some(instruments) = &signals.metrics {
        metric::enter(id, instruments);
        #[cfg(feature = "tower")]
        middleware::announce(instruments);
    }
    let telemetry = Telemetry::new(signals, Some(installed));
    instrument::install(telemetry.clone());
    let owner = Arc::new(Owner(telemetry));
    *latest = Arc::downgrade(&owner);
    Ok(TelemetryGuard { owner })
}

/// Metrics that contradict each other are an error for whoever develops the program, and no reason to run without telemetry
/// for anybody else.
fn check_catalogue(environment: EnvironmentType) -> Result<(), Error> {
    let conflicts = catalogue().conflicts();
    if !conflicts.is_empty() && environment == EnvironmentType::Development {
        return Err(Error::Catalogue(conflicts));
    }
    conflicts.iter().for_each(|conflict| diagnostics::report(format_args!("{conflict}")));
    Ok(())
}

/// Says what a user most likely meant otherwise.
fn mention_what_has_no_effect(settings: &TelemetrySettings) {
    let tracing = &settings.tracing;
    let with_ratio = [SamplingStrategy::TraceIdRatio, SamplingStrategy::ParentBasedTraceIdRatio];
    if tracing.sample_rate < 1.0 && !with_ratio.contains(&tracing.sampling_strategy) {
        diagnostics::report(format_args!(
            "tracing.sample_rate={} has no effect: tracing.sampling_strategy is {}, and only {} and {} use it.",
            tracing.sample_rate, tracing.sampling_strategy, with_ratio[0], with_ratio[1]
        ));
    }
}

/// Whether the builder describes what is installed.
fn same(telemetry: &Telemetry, builder: &TelemetryBuilder) -> Result<(), Error> {
    let difference = telemetry.settings().and_then(|ours| ours.difference(builder.settings(), ""));
    let own_parts = builder.has_own_parts().then(|| Difference {
        setting: "parts of your own".to_owned(),
        ours: "those of the first installation".to_owned(),
        theirs: "others".to_owned(),
    });
    match difference.or(own_parts) {
        None => Ok(()),
        Some(Difference { setting, ours, theirs }) => {
            Err(Error::Installed { setting, installed: ours, wanted: theirs })
        }
    }
}

/// Makes the components those of all OpenTelemetry code in the process.
fn enter(components: &TelemetryComponents) {
    if let Some(provider) = components.tracing.provider() {
        global::set_tracer_provider(provider.clone());
    }
    if let Some(provider) = components.metrics.provider() {
        global::set_meter_provider(provider.clone());
    }
    global::set_text_map_propagator(Shared(components.propagator.propagator()));
}

/// Takes back what [`install`] did for the process, unless another was installed since.
pub(crate) fn leave(telemetry: &Telemetry) {
    let lock = LATEST.lock().unwrap_or_else(PoisonError::into_inner);
    if !instrument::uninstall(telemetry) {
        return;
    }
    metric::leave(telemetry.signals().id);
    if telemetry.signals().tracers.is_some() {
        global::set_tracer_provider(NoopTracerProvider::new());
    }
    if telemetry.signals().metrics.is_some() {
        global::set_meter_provider(NoopMeterProvider::new());
    }
    global::set_text_map_propagator(NoopTextMapPropagator::new());
    drop(lock);
    refresh();
}

impl Deref for TelemetryGuard {
    type Target = Telemetry;

    fn deref(&self) -> &Telemetry {
        &self.owner.0
    }
}

impl fmt::Debug for TelemetryGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TelemetryGuard").field(&self.owner.0).finish()
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // Whoever shut it down before has the error already.
        let first = self.0.is_initialized();
        if let Err(error) = self.0.shutdown()
            && first
        {
            diagnostics::report(format_args!("{error}"));
        }
    }
}

/// The propagator as OpenTelemetry's global functions take it.
#[derive(Debug)]
struct Shared(Propagator);

impl TextMapPropagator for Shared {
    fn inject_context(&self, context: &Context, injector: &mut dyn Injector) {
        self.0.inject_context(context, injector);
    }

    fn extract_with_context(&self, context: &Context, extractor: &dyn Extractor) -> Context {
        self.0.extract_with_context(context, extractor)
    }

    fn fields(&self) -> FieldIter<'_> {
        self.0.fields()
    }
}
