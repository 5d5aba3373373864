//! All formats that are set, as one propagator.

use std::sync::Arc;

use opentelemetry::Context;
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::TraceContextExt;

use super::baggage;
use super::claim::Claim;
use super::format::{Format, Printable, Remote};
use super::limit::RemoteLimit;
use super::refusals::Refusals;

/// Writes all formats that are set. Reads the ids of the first of them that a carrier has, and baggage.
#[derive(Debug)]
pub(super) struct CompositePropagator {
    formats: Vec<Box<dyn Format>>,
    has_baggage: bool,
    limit: Option<Arc<RemoteLimit>>,
    refusals: Refusals,
    fields: Vec<String>,
}

impl CompositePropagator {
    pub(super) fn new(formats: Vec<Box<dyn Format>>, has_baggage: bool, limit: Option<RemoteLimit>) -> Self {
        let of_baggage = has_baggage.then_some(baggage::HEADER);
        let fields = formats.iter().flat_map(|format| format.fields().iter().copied()).chain(of_baggage);
        Self {
            fields: fields.map(str::to_owned).collect(),
            formats,
            has_baggage,
            limit: limit.map(Arc::new),
            refusals: Refusals::default(),
        }
    }

    fn enter(&self, context: &Context, remote: Remote) -> Context {
        let Remote { span, is_undecided, beside } = remote;
        let claim = match &self.limit {
            _ if is_undecided => Some(Claim::undecided(&span)),
            Some(limit) if span.is_sampled() => Some(Claim::limited(&span, limit)),
            _ => None,
        };
        let mut context = context.with_remote_span_context(span);
        if let Some(claim) = claim {
            context = context.with_value(claim);
        }
        if let Some(beside) = beside {
            context = context.with_value(beside);
        }
        context
    }
}

impl TextMapPropagator for CompositePropagator {
    fn inject_context(&self, context: &Context, injector: &mut dyn Injector) {
        let mut injector = Printable(injector);
        if context.span().span_context().is_valid() {
            self.formats.iter().for_each(|format| format.inject(context, &mut injector));
        }
        if self.has_baggage {
            baggage::inject(context, &mut injector);
        }
    }

    fn extract_with_context(&self, context: &Context, extractor: &dyn Extractor) -> Context {
        let refuse = |refusal| self.refusals.add(refusal);
        let remote = self.formats.iter().find_map(|format| format.extract(extractor, &refuse));
        let context = remote.map_or_else(|| context.clone(), |remote| self.enter(context, remote));
        match self.has_baggage {
            true => baggage::extract(context, extractor, &refuse),
            false => context,
        }
    }

    fn fields(&self) -> FieldIter<'_> {
        FieldIter::new(&self.fields)
    }
}
