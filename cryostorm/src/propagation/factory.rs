//! From settings to the propagator.

use std::sync::Arc;

use opentelemetry::propagation::TextMapPropagator;

use crate::settings::{PropagationConfig, PropagatorType, TelemetrySettings};
use crate::{Error, Factory};

use super::claim::RemoteLimit;
use super::composite::CompositePropagator;
use super::format::Format;
use super::jaeger::Jaeger;
#[cfg(any(feature = "b3", feature = "xray"))]
use super::kept;
use super::trace_context::TraceContext;

/// A propagator of any kind. Clones share it.
pub type Propagator = Arc<dyn TextMapPropagator + Send + Sync>;

/// Makes a propagator that speaks all formats set; one that does nothing where propagation is off.
#[derive(Clone, Debug)]
pub struct PropagatorFactory {
    settings: PropagationConfig,
}

impl PropagatorFactory {
    /// The propagator that the settings describe.
    #[must_use]
    pub fn from_settings(settings: &TelemetrySettings) -> Self {
        Self { settings: settings.propagation.clone() }
    }
}

impl Factory for PropagatorFactory {
    type Output = Propagator;

    fn create(self) -> Result<Propagator, Error> {
        let PropagationConfig { enabled, propagator_types, max_remote_sampled_per_second, .. } =
            self.settings;
        let types = if enabled { propagator_types } else { Vec::new() };
        let formats =
            types.iter().filter_map(|kind| format(*kind).transpose()).collect::<Result<_, Error>>()?;
        let has_baggage = types.contains(&PropagatorType::Baggage);
        let limit = max_remote_sampled_per_second.map(RemoteLimit::new);
        Ok(Arc::new(CompositePropagator::new(formats, has_baggage, limit)))
    }
}

/// What reads and writes ids in this format, which baggage does not.
fn format(kind: PropagatorType) -> Result<Option<Box<dyn Format>>, Error> {
    let missing = |feature| Err(Error::Propagator { kind, feature });
    Ok(Some(match kind {
        PropagatorType::TraceContext => Box::new(TraceContext),
        PropagatorType::Baggage => return Ok(None),
        PropagatorType::Jaeger => Box::new(Jaeger),
        #[cfg(feature = "b3")]
        PropagatorType::B3 => Box::new(kept::b3::single()),
        #[cfg(feature = "b3")]
        PropagatorType::B3Multi => Box::new(kept::b3::multi()),
        #[cfg(not(feature = "b3"))]
        PropagatorType::B3 | PropagatorType::B3Multi => return missing("b3"),
        #[cfg(feature = "xray")]
        PropagatorType::XRay => Box::new(kept::xray::format()),
        #[cfg(not(feature = "xray"))]
        PropagatorType::XRay => return missing("xray"),
    }))
}
