//! What `tracing` tells of its spans and events.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use opentelemetry::Context;
use opentelemetry::trace::{SpanId, TraceContextExt};
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context as Spans;
use tracing_subscriber::registry::LookupSpan;

use crate::instrument;
use crate::trace::without_span;

use super::filter::level;
use super::span::Span;
use super::{entered, event};

/// The layer. Nothing that is a user's own runs while a span's data is locked.
pub(super) struct Bridge {
    number: u64,
}

impl Bridge {
    pub(super) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self { number: NEXT.fetch_add(1, Ordering::Relaxed) }
    }
}

impl<S> Layer<S> for Bridge
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, spans: Spans<'_, S>) {
        if !instrument::may_observe() {
            return;
        }
        let parent = parent(attributes.parent(), attributes.is_root(), &spans);
        if let Some(started) = Span::start(attributes, parent)
            && let Some(span) = spans.span(id)
        {
            // What was there is of the same layer, added twice.
            let earlier = span.extensions_mut().replace(Arc::new(started));
            drop(earlier);
        }
    }

    fn on_enter(&self, id: &Id, spans: Spans<'_, S>) {
        if let Some(span) = get(&spans, id) {
            entered::enter(self.number, id, span.context().clone());
        }
    }

    fn on_exit(&self, id: &Id, spans: Spans<'_, S>) {
        let is_unwinding = entered::exit(self.number, id);
        if let Some(span) = get(&spans, id) {
            span.leave(is_unwinding);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, spans: Spans<'_, S>) {
        if let Some(span) = get(&spans, id) {
            span.record(values);
        }
    }

    fn on_follows_from(&self, id: &Id, earlier: &Id, spans: Spans<'_, S>) {
        if let (Some(span), Some(earlier)) = (get(&spans, id), get(&spans, earlier)) {
            span.follow(earlier.context());
        }
    }

    fn on_close(&self, id: Id, spans: Spans<'_, S>) {
        let ended = spans.span(&id).and_then(|span| span.extensions_mut().remove::<Arc<Span>>());
        if let Some(ended) = ended {
            ended.end();
        }
    }

    fn on_event(&self, event: &Event<'_>, spans: Spans<'_, S>) {
        let Some(local) = instrument::current() else { return };
        let metadata = event.metadata();
        if event::is_failure(metadata) {
            fail(event, &spans);
        }
        let Some((logging, settings)) = local.signals().logging.as_ref().zip(local.telemetry.settings())
        else {
            return;
        };
        // The target of a record of the crate `log` was looked at before it became an event.
        if !event::is_of_log(metadata) && !settings.logging.admits(metadata.target(), level(metadata)) {
            return;
        }
        let parent = parent(event.parent(), event.is_root(), &spans);
        event::emit(event, logging, parent.as_ref());
    }
}

/// Makes the span of `tracing` that an event is in an error, but not for what happens in a span of others inside it, such
/// as an annotated function's, whose outcome is the function's.
fn fail<S>(event: &Event<'_>, spans: &Spans<'_, S>)
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let Some(id) = spans.event_span(event).map(|span| span.id()) else { return };
    if let Some(span) = get(spans, &id)
        && (event.parent().is_some() || Context::map_current(span_id) == span_id(span.context()))
    {
        span.set_status(event::status(event));
    }
}

fn span_id(context: &Context) -> SpanId {
    context.span().span_context().span_id()
}

/// A span, if it is one of the layer's.
fn get<S>(spans: &Spans<'_, S>, id: &Id) -> Option<Arc<Span>>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    spans.span(id)?.extensions().get::<Arc<Span>>().cloned()
}

/// What a span or event says that it is under; none where it says nothing, so that it is under what is current.
fn parent<S>(explicit: Option<&Id>, is_root: bool, spans: &Spans<'_, S>) -> Option<Context>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let outside = || without_span(&Context::current());
    match explicit {
        // What is not known of here starts a trace: any other parent would be a guess.
        Some(parent) => Some(get(spans, parent).map_or_else(outside, |parent| parent.context().clone())),
        None => is_root.then(outside),
    }
}
