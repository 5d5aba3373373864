//! How far the word of a remote span on sampling counts.

use std::sync::{Arc, OnceLock};

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId};

use super::limit::RemoteLimit;

/// In a context: what there is to the sampled flag of the remote span in it. Without one, it counts.
#[derive(Debug)]
pub(crate) struct Claim {
    of: SpanId,
    terms: Terms,
}

#[derive(Debug)]
enum Terms {
    /// Nothing was said of sampling.
    Undecided,
    /// It counts while there are no more traces than this. Asked for once, so that all spans under the remote one agree.
    Limited(Arc<RemoteLimit>, OnceLock<bool>),
}

impl Claim {
    pub(super) fn undecided(of: &SpanContext) -> Self {
        Self { of: of.span_id(), terms: Terms::Undecided }
    }

    pub(super) fn limited(of: &SpanContext, limit: &Arc<RemoteLimit>) -> Self {
        Self { of: of.span_id(), terms: Terms::Limited(Arc::clone(limit), OnceLock::new()) }
    }

    /// Whether the flag of this span, which is active in the context and remote, counts.
    pub(crate) fn counts(context: &Context, span: &SpanContext) -> bool {
        let claim = context.get::<Self>().filter(|claim| claim.of == span.span_id());
        match claim.map(|claim| &claim.terms) {
            None => true,
            Some(Terms::Undecided) => false,
            Some(Terms::Limited(limit, answer)) => *answer.get_or_init(|| limit.admit()),
        }
    }
}
