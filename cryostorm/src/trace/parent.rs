//! What a span starts under.

use opentelemetry::Context;
use opentelemetry::baggage::{BaggageExt, KeyValueMetadata};
use opentelemetry::trace::{SpanContext, SpanId, SpanRef, TraceContextExt, TraceFlags, TraceId, TraceState};

use crate::propagation::Claim;

/// The context that a span starts in, with what is in it looked up once.
pub(crate) struct Parent<'a> {
    pub(super) context: &'a Context,
    span: SpanRef<'a>,
    /// Whether the span is to start a trace, whatever it starts in.
    pub(super) is_root: bool,
    /// Whether there is a parent.
    pub(super) is_some: bool,
}

impl<'a> Parent<'a> {
    #[inline]
    pub(crate) fn new(context: &'a Context, is_root: bool) -> Self {
        let span = context.span();
        let is_some = !is_root && span.span_context().is_valid();
        Self { context, span, is_root, is_some }
    }

    /// What is in the context, parent or not.
    #[inline]
    pub(super) fn span_context(&self) -> &SpanContext {
        self.span.span_context()
    }

    /// What samplers take for the parent: they do not ask whether it is valid. Not a remote one whose word does not count.
    #[inline]
    pub(super) fn active(&self) -> Option<&SpanContext> {
        let active = (!self.is_root && self.context.has_active_span()).then(|| self.span_context());
        active.filter(|span| !span.is_remote() || Claim::counts(self.context, span))
    }

    /// Whether a span that is not sampled goes on under its ids: not where it records, because it would take what is
    /// meant for the child, and not where it is remote, because to what is called next this program is its caller.
    #[inline]
    pub(super) fn hands_down(&self) -> bool {
        let span = self.span_context();
        self.is_some && !span.is_sampled() && !span.is_remote() && !self.span.is_recording()
    }

    #[inline]
    pub(super) fn has_trace_state(&self) -> bool {
        self.is_some && *self.span_context().trace_state() != TraceState::NONE
    }

    #[inline]
    pub(super) fn trace_state(&self) -> TraceState {
        if self.is_some { self.span_context().trace_state().clone() } else { TraceState::NONE }
    }

    #[inline]
    pub(super) fn flags(&self) -> TraceFlags {
        if self.is_some { self.span_context().trace_flags() } else { TraceFlags::default() }
    }

    /// The ids of a span that is not sampled.
    #[inline]
    pub(super) fn ids(&self, trace_id: TraceId, span_id: SpanId, trace_state: TraceState) -> SpanContext {
        SpanContext::new(trace_id, span_id, self.flags().with_sampled(false), false, trace_state)
    }

    /// A context with the ids of a span that is not sampled.
    pub(super) fn with_ids(&self, trace_id: TraceId, span_id: SpanId, trace_state: TraceState) -> Context {
        self.context.with_remote_span_context(self.ids(trace_id, span_id, trace_state))
    }
}

/// A context to start a trace in: a new one, because a context with an invalid span in it is to samplers one whose span
/// was not sampled. The baggage stays, for samplers and processors, and telemetry stays suppressed where it is.
pub(crate) fn without_span(context: &Context) -> Context {
    let baggage = context.baggage().iter();
    let outside =
        Context::new().with_baggage(baggage.map(|(key, (value, metadata))| {
            KeyValueMetadata::new(key.clone(), value.clone(), metadata.clone())
        }));
    if context.is_telemetry_suppressed() { outside.with_telemetry_suppressed() } else { outside }
}
