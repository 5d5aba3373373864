//! Which traces are recorded.

use opentelemetry_sdk::trace::Sampler;

use crate::settings::{SamplingStrategy, TelemetrySettings};
use crate::{Error, Factory};

/// Makes the [sampler](https://opentelemetry.io/docs/specs/otel/trace/sdk/#sampling) of the strategy set.
#[derive(Clone, Debug)]
pub struct SamplerFactory {
    strategy: SamplingStrategy,
    sample_rate: f64,
}

impl SamplerFactory {
    /// The sampler that the settings describe.
    #[must_use]
    pub fn from_settings(settings: &TelemetrySettings) -> Self {
        let tracing = &settings.tracing;
        Self { strategy: tracing.sampling_strategy, sample_rate: tracing.sample_rate }
    }
}

impl Factory for SamplerFactory {
    type Output = Sampler;

    fn create(self) -> Result<Sampler, Error> {
        let parent_based = |root| Sampler::ParentBased(Box::new(root));
        Ok(match self.strategy {
            SamplingStrategy::AlwaysOn => Sampler::AlwaysOn,
            SamplingStrategy::AlwaysOff => Sampler::AlwaysOff,
            SamplingStrategy::ParentBasedAlwaysOn => parent_based(Sampler::AlwaysOn),
            SamplingStrategy::ParentBasedAlwaysOff => parent_based(Sampler::AlwaysOff),
            SamplingStrategy::TraceIdRatio => Sampler::TraceIdRatioBased(self.sample_rate),
        })
    }
}
