//! From settings to the propagator.

use std::sync::Arc;

use opentelemetry::propagation::TextMapPropagator;

use crate::settings::{PropagationConfig, PropagatorType, TelemetrySettings};
use crate::{Error, Factory};

use super::composite::CompositePropagator;
use super::format::Format;
use super::jaeger::Jaeger;
#[cfg(any(feature = "b3", feature = "xray"))]
use super::kept;
use super::limit::RemoteLimit;
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
    Ok(Some(match kind {
        PropagatorType::TraceContext => Box::new(TraceContext),
        PropagatorType::Baggage => return Ok(None),
        PropagatorType::Jaeger => Box::new(Jaeger),
        #[cfg(feature = "b3")]
        PropagatorType::B3 => Box::new(kept::b3::single()),
        #[cfg(feature = "b3")]
        PropagatorType::B3Multi => Box::new(kept::b3::multi()),
        #[cfg(not(feature = "b3"))]
        PropagatorType::B3 | PropagatorType::B3Multi => {
            return Err(Error::Propagator { kind, feature: "b3" });
        }
        #[cfg(feature = "xray")]
        PropagatorType::XRay => Box::new(kept::xray::format()),
        #[cfg(not(feature = "xray"))]
        PropagatorType::XRay => return Err(Error::Propagator { kind, feature: "xray" }),
    }))
}

#[cfg(all(test, not(any(feature = "b3", feature = "xray"))))]
mod missing_feature {
    use crate::{Telemetry, TelemetrySettings};

    #[test]
    fn a_format_that_is_compiled_out_says_which_feature_has_it() {
        for (kind, feature) in [("b3", "b3"), ("b3multi", "b3"), ("xray", "xray")] {
            let vars = [("PROPAGATION__PROPAGATOR_TYPES", format!("tracecontext,{kind}"))];
            let settings = TelemetrySettings::from_vars(vars).unwrap();
            let mut components = Telemetry::builder(settings).build().unwrap();
            let error = components.setup_all().unwrap_err().to_string();
            let expected = format!(
                "setting up the propagator failed: the propagator type {kind} needs the cargo feature `{feature}` of cryostorm"
            );
            assert_eq!(error, expected);
        }
    }
}
