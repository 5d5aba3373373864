//! What the layer is given at all.

use tracing_core::subscriber::Interest;
use tracing_core::{LevelFilter, Metadata};
use tracing_subscriber::layer::{Context, Filter};

use crate::feedback;
use crate::instrument;
use crate::settings::Level;
use crate::telemetry::Telemetry;

use super::event;

/// Lets through what the Telemetry in force has a use for.
pub(super) struct InForce;

impl<S> Filter<S> for InForce {
    fn enabled(&self, metadata: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        !feedback::is_of_opentelemetry(metadata.target())
            && instrument::current().is_some_and(|local| wants(&local.telemetry, metadata))
    }

    /// Remembered until the next installation or shutdown: what is not wanted costs no more than a look at that. Without
    /// installation nothing is remembered, because one may be under way in another thread.
    fn callsite_enabled(&self, metadata: &'static Metadata<'static>) -> Interest {
        if feedback::is_of_opentelemetry(metadata.target()) {
            return Interest::never();
        }
        // Not what this thread may observe: the first to come by may be an exporter's.
        match instrument::installed() {
            None => Interest::sometimes(),
            Some(telemetry) if wants(&telemetry, metadata) => Interest::always(),
            Some(_) => Interest::never(),
        }
    }

    /// None without installation: whoever else goes by it may read it once and for all, as `tracing-log` does.
    fn max_level_hint(&self) -> Option<LevelFilter> {
        let telemetry = instrument::installed()?;
        let (signals, settings) = (telemetry.signals(), telemetry.settings()?);
        let spans = signals.tracers.as_ref().map(|_| settings.tracing.least().min(Level::Error));
        let logs = signals.logging.as_ref().map(|_| settings.logging.least());
        Some(spans.into_iter().chain(logs).min().map_or(LevelFilter::OFF, level_filter))
    }
}

fn wants(telemetry: &Telemetry, metadata: &Metadata<'_>) -> bool {
    let Some(settings) = telemetry.settings() else { return false };
    let (signals, level) = (telemetry.signals(), level(metadata));
    let has_spans = signals.tracers.is_some();
    let is_admitted = || settings.tracing.admits(metadata.target(), level);
    if metadata.is_span() {
        return has_spans && is_admitted();
    }
    // The outcome of a span is the span's, whatever becomes of the log record.
    let is_logged = signals.logging.is_some() && settings.logging.admits(metadata.target(), level);
    is_logged || (has_spans && event::is_failure(metadata) && is_admitted())
}

/// The level of a span or event.
pub(super) fn level(metadata: &Metadata<'_>) -> Level {
    use tracing_core::Level as Theirs;
    match *metadata.level() {
        Theirs::TRACE => Level::Trace,
        Theirs::DEBUG => Level::Debug,
        Theirs::INFO => Level::Info,
        Theirs::WARN => Level::Warn,
        Theirs::ERROR => Level::Error,
    }
}

fn level_filter(least: Level) -> LevelFilter {
    match least {
        Level::Trace => LevelFilter::TRACE,
        Level::Debug => LevelFilter::DEBUG,
        Level::Info => LevelFilter::INFO,
        Level::Warn => LevelFilter::WARN,
        Level::Error => LevelFilter::ERROR,
        Level::Fatal => LevelFilter::OFF,
    }
}
