//! Which traces are recorded.

use std::borrow::Cow;

use opentelemetry::trace::{Link, SpanContext, SpanKind, TraceContextExt, TraceId, TraceState};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{Sampler, SamplingDecision, SamplingResult, ShouldSample};

use crate::instrument::CallSite;
use crate::propagation::{Claim, RemoteLink};
use crate::settings::{SamplingStrategy, TelemetrySettings};
use crate::trace::{SpanRecord, without_span};
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

    /// The same as our own tracer asks it.
    pub(crate) fn sampling(&self) -> Sampling {
        match self.strategy {
            SamplingStrategy::AlwaysOn => Sampling::Always(true),
            SamplingStrategy::AlwaysOff => Sampling::Always(false),
            SamplingStrategy::ParentBasedAlwaysOn => Sampling::LikeParent { root: true },
            SamplingStrategy::ParentBasedAlwaysOff => Sampling::LikeParent { root: false },
            SamplingStrategy::TraceIdRatio => Sampling::Share(Sampler::TraceIdRatioBased(self.sample_rate)),
            SamplingStrategy::ParentBasedTraceIdRatio => {
                Sampling::ShareOfRoots(Sampler::TraceIdRatioBased(self.sample_rate))
            }
        }
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
            SamplingStrategy::ParentBasedTraceIdRatio => {
                parent_based(Sampler::TraceIdRatioBased(self.sample_rate))
            }
        })
    }
}

/// How a decision comes about, known well enough to take most of them before a span is described.
#[derive(Debug)]
pub(crate) enum Sampling {
    Always(bool),
    /// As the span that is active, whatever it is, or as roots are.
    LikeParent {
        root: bool,
    },
    /// By the trace id.
    Share(Sampler),
    /// As the span that is active, whatever it is, or by the trace id.
    ShareOfRoots(Sampler),
    /// A user's own, which may ask for anything.
    Own(Box<dyn ShouldSample>),
}

/// What becomes of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Drop,
    Record,
    Sample,
    /// It takes all that there is to know of the span.
    Later,
}

impl Sampling {
    pub(crate) fn is_own(&self) -> bool {
        matches!(self, Self::Own(_))
    }

    /// Decides by what is known at once. `active` is the span in the parent context, of which the SDK's samplers do not
    /// ask whether it is valid.
    #[inline(always)]
    pub(crate) fn foresee(&self, active: Option<&SpanContext>, trace_id: TraceId) -> Verdict {
        let is_sampled = match self {
            Self::Always(is_sampled) => *is_sampled,
            Self::LikeParent { root } => active.map_or(*root, SpanContext::is_sampled),
            Self::Share(sampler) => is_in(sampler, trace_id),
            Self::ShareOfRoots(sampler) => {
                active.map_or_else(|| is_in(sampler, trace_id), SpanContext::is_sampled)
            }
            Self::Own(_) => return Verdict::Later,
        };
        if is_sampled { Verdict::Sample } else { Verdict::Drop }
    }

    /// Asks a user's own sampler all that there is to know of a span.
    pub(crate) fn ask(&self, parent: &Context, trace_id: TraceId, record: &SpanRecord) -> SamplingResult {
        let Self::Own(sampler) = self else { return refusal() };
        let fixed = record.site().into_iter().flat_map(CallSite::attributes);
        let attributes: Vec<_> = fixed.chain(record.attributes().iter().cloned()).collect();
        let (name, kind, links) = (record.name(), record.kind(), record.links());
        sampler.should_sample(Some(parent), trace_id, &name, kind, &attributes, links)
    }
}

/// Whether the trace belongs to the share of a sampler that looks at its id only.
fn is_in(sampler: &Sampler, trace_id: TraceId) -> bool {
    let result = sampler.should_sample(None, trace_id, "", &SpanKind::Internal, &[], &[]);
    result.decision == SamplingDecision::RecordAndSample
}

/// A sampler that is not shown a remote parent whose word does not count, so that it decides as for a root.
#[derive(Clone, Debug)]
pub(crate) struct Heedful(pub(crate) Box<dyn ShouldSample>);

impl ShouldSample for Heedful {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        // The link that the span is going to have.
        let remote = parent.and_then(RemoteLink::of);
        let links = remote.map_or(Cow::Borrowed(links), |link| [links, &[link]].concat().into());
        let ask = |parent| self.0.should_sample(parent, trace_id, name, kind, attributes, &links);
        let Some(context) = parent else { return ask(None) };
        let span = context.span();
        let span = span.span_context();
        if !span.is_remote() || Claim::counts(context, span) {
            return ask(parent);
        }
        let mut result = ask(Some(&without_span(context)));
        // The trace is the same, whoever decides on it.
        if result.trace_state == TraceState::NONE {
            result.trace_state = span.trace_state().clone();
        }
        result
    }
}

/// What a span gets that its sampler has nothing to say of.
pub(crate) fn refusal() -> SamplingResult {
    SamplingResult {
        decision: SamplingDecision::Drop,
        attributes: Vec::new(),
        trace_state: TraceState::default(),
    }
}

impl From<SamplingDecision> for Verdict {
    fn from(decision: SamplingDecision) -> Self {
        match decision {
            SamplingDecision::Drop => Self::Drop,
            SamplingDecision::RecordOnly => Self::Record,
            SamplingDecision::RecordAndSample => Self::Sample,
        }
    }
}
