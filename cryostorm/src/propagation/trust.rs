//! How far an entry point trusts what comes in.

use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{Link, SpanContext, TraceContextExt, TraceState};

use crate::trace::without_span;

/// How far an entry point trusts the context that comes in with a request: see
/// [`Telemetry::extract_context_with`](crate::Telemetry::extract_context_with).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Trust {
    /// The trace goes on, sampled or not as the caller says, and its baggage is taken over. For callers of one's own.
    #[default]
    Full,
    /// A trace of its own begins, with a link to the span of the caller. Sampling is decided here, and baggage is ignored.
    /// For callers whose traces one wants to find, but not to extend: other companies.
    Link,
    /// What comes in is ignored. For anybody.
    None,
}

impl Trust {
    /// The context to work in, where `here` is current.
    pub(crate) fn extract(
        self,
        propagator: &dyn TextMapPropagator,
        here: Context,
        extractor: &dyn Extractor,
    ) -> Context {
        match self {
            Self::Full => propagator.extract_with_context(&here, extractor),
            Self::Link => RemoteLink::read(propagator, extractor)
                .map_or_else(|| here.clone(), |link| without_span(&here).with_value(link)),
            Self::None => here,
        }
    }
}

/// In a context without a span: what the trace that begins in it is to be linked to.
#[derive(Debug)]
pub(crate) struct RemoteLink(SpanContext);

impl RemoteLink {
    fn read(propagator: &dyn TextMapPropagator, extractor: &dyn Extractor) -> Option<Self> {
        let read = propagator.extract_with_context(&Context::new(), extractor);
        let span = read.span();
        let span = span.span_context();
        let ids =
            || SpanContext::new(span.trace_id(), span.span_id(), span.trace_flags(), true, TraceState::NONE);
        span.is_valid().then(|| Self(ids()))
    }

    /// The link that a span has which starts in this context.
    pub(crate) fn of(context: &Context) -> Option<Link> {
        let link = context.get::<Self>().filter(|_| !context.has_active_span())?;
        Some(Link::new(link.0.clone(), Vec::new(), 0))
    }
}
