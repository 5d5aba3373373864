//! Spans that code makes by hand, and the one that is current.

use std::borrow::Cow;
use std::error::Error;
use std::mem;
use std::ops::Deref;

use opentelemetry::trace::{SpanContext, SpanKind, Status, TraceContextExt};
use opentelemetry::{Context, ContextGuard, Key, KeyValue};

use crate::telemetry::Telemetry;
use crate::trace::SpanRequest;

use super::attribute::AttributeValue;
use super::clock::Ticks;
use super::failure::{Failure, Message};
use super::in_force::is_in_force;
use super::instrumented::Instrumented;
use super::link::IntoLink;
use super::local;
use super::site::RecordError;
use super::tracers::Begun;

/// A span to write on. Where nothing records, writing does nothing.
#[derive(Clone, Debug)]
pub struct Span {
    context: Context,
}

/// The span that is current here: that of the annotated function or of the [`SpanGuard`] around this code, or of
/// any other OpenTelemetry code.
///
/// ```
/// cryostorm::current_span().set_attribute("cache.hit", true);
/// ```
#[must_use]
pub fn current_span() -> Span {
    Span { context: super::context().unwrap_or_default() }
}

impl Span {
    /// Sets an attribute. Of several values for one key the last one holds: OTLP exports no other. Each counts towards the
    /// limit of attributes, as it does in the SDK.
    pub fn set_attribute(&self, key: impl Into<Key>, value: impl AttributeValue) {
        let span = self.context.span();
        if span.is_recording()
            && let Some(value) = value.to_value()
        {
            span.set_attribute(KeyValue::new(key, value));
        }
    }

    /// Adds an event, now.
    ///
    /// ```
    /// let attempt = 3;
    /// cryostorm::current_span().add_event("retry", &[("attempt", &attempt), ("last", &true)]);
    /// ```
    pub fn add_event(
        &self,
        name: impl Into<Cow<'static, str>>,
        attributes: &[(&'static str, &dyn AttributeValue)],
    ) {
        let span = self.context.span();
        if span.is_recording() {
            let pair = |(key, value): &(&'static str, &dyn AttributeValue)| {
                value.to_value().map(|value| KeyValue::new(*key, value))
            };
            span.add_event(name, attributes.iter().filter_map(pair).collect());
        }
    }

    /// Records an error as the attributes do: `error.type`, status Error and an exception event.
    pub fn record_error<E: Error>(&self, error: &E) {
        let failure =
            Failure::error(std::any::type_name::<E>(), Message::Display(error), Failure::cause(error));
        failure.record(&self.context.span(), RecordError::Event);
    }

    /// Sets the status.
    pub fn set_status(&self, status: Status) {
        self.context.span().set_status(status);
    }

    /// The ids of the span, to log or to link to.
    #[must_use]
    pub fn span_context(&self) -> SpanContext {
        self.context.span().span_context().clone()
    }

    /// The context that the span is in, to start children from elsewhere.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }
}

/// A span that is about to start: see [`Telemetry::span`].
#[derive(Debug)]
#[must_use = "a span starts with `start`, `in_scope` or `instrument`"]
pub struct SpanBuilder {
    telemetry: Telemetry,
    request: SpanRequest,
}

impl SpanBuilder {
    pub(crate) fn new(telemetry: &Telemetry, name: impl Into<Cow<'static, str>>) -> Self {
        let mut request = SpanRequest::default();
        request.set_name(name.into());
        Self { telemetry: telemetry.clone(), request }
    }

    /// What role the span has in its trace. Default: internal.
    pub fn kind(mut self, kind: SpanKind) -> Self {
        self.request.set_kind(kind);
        self
    }

    /// An attribute that the sampler sees too.
    pub fn attribute(mut self, key: impl Into<Key>, value: impl AttributeValue) -> Self {
        if let Some(value) = value.to_value() {
            self.request.add_attribute(KeyValue::new(key, value));
        }
        self
    }

    /// The parent, such as what [`Telemetry::extract_context`] returned. Default: what is current.
    pub fn context(mut self, parent: Context) -> Self {
        self.request.context = Some(parent);
        self
    }

    /// A link to another span, which may be of another trace.
    pub fn link(mut self, link: impl IntoLink) -> Self {
        self.request.add_link(link.into_link());
        self
    }

    /// Starts the span and makes it current in this thread until the guard is dropped. The guard must not be held
    /// across an `.await`: use [`instrument`](Self::instrument) there.
    pub fn start(self) -> SpanGuard {
        let span = self.begin();
        SpanGuard { current: span.attach(), span }
    }

    /// Runs `work` with the span current. A panic in it makes the span an error.
    pub fn in_scope<T>(self, work: impl FnOnce(&Span) -> T) -> T {
        let guard = self.start();
        work(&guard)
    }

    /// Runs `future` with the span current at each of its polls. The span ends with the future, or when it is dropped.
    pub fn instrument<F: Future>(self, future: F) -> Instrumented<F> {
        Instrumented::new(future, self.begin())
    }

    /// Whether the span may be recorded, once its parent is known: no other needs attributes.
    #[cfg(feature = "tower")]
    pub(crate) fn may_be_recorded(&mut self) -> bool {
        let Self { telemetry, request } = self;
        let Some(tracers) = &telemetry.signals().tracers else { return false };
        tracers.foresee(None, request)
    }

    /// The name, if it was not known before.
    #[cfg(feature = "tower")]
    pub(crate) fn set_name(&mut self, name: Cow<'static, str>) {
        self.request.set_name(name);
    }

    /// Makes room for so many attributes.
    #[cfg(feature = "tower")]
    pub(crate) fn reserve(&mut self, attributes: usize) {
        self.request.reserve(attributes);
    }

    /// An attribute that has its type already.
    #[cfg(feature = "tower")]
    pub(crate) fn add(&mut self, attribute: KeyValue) {
        self.request.add_attribute(attribute);
    }

    pub(crate) fn begin(self) -> EndOnDrop {
        let Self { telemetry, mut request } = self;
        let signals = telemetry.signals();
        let is_observed = is_in_force(signals.id) && local::may_observe() && !request.is_suppressed();
        let tracers = signals.tracers.as_ref().filter(|_| is_observed);
        let mut begun = Begun::NOTHING;
        match tracers {
            Some(tracers) => tracers.begin(None, Some(&mut request), &mut begun),
            None => begun.context = request.context.take(),
        }
        let context = begun.context.take().or_else(super::context).unwrap_or_default();
        EndOnDrop::new(Span { context }, begun)
    }
}

/// A span that is current in this thread until it is dropped.
#[derive(Debug)]
pub struct SpanGuard {
    current: Option<ContextGuard>,
    span: EndOnDrop,
}

impl Drop for SpanGuard {
    fn drop(&mut self) {
        // First, so that the span is no longer current when processors see its end.
        self.current = None;
    }
}

impl Deref for SpanGuard {
    type Target = Span;

    fn deref(&self) -> &Span {
        &self.span.span
    }
}

/// A span of our own, which ends here. Without a tracer there is none, and the context is the caller's.
#[derive(Debug)]
pub(crate) struct EndOnDrop {
    span: Span,
    /// Without a span once it has ended, or where it is not ours to end.
    begun: Begun,
    /// Whether the thread was unwinding already.
    in_unwinding: bool,
}

impl EndOnDrop {
    fn new(span: Span, begun: Begun) -> Self {
        Self { span, begun, in_unwinding: std::thread::panicking() }
    }

    /// The context with the span in it.
    #[cfg(feature = "tower")]
    pub(crate) fn context(&self) -> &Context {
        &self.span.context
    }

    /// Whether there is a span that is ours to end.
    #[cfg(feature = "tower")]
    pub(crate) fn is_recording(&self) -> bool {
        self.begun.has_span && self.span.context.span().is_recording()
    }

    /// Makes it current in this thread.
    pub(crate) fn attach(&self) -> Option<ContextGuard> {
        local::may_observe().then(|| self.span.context.clone().attach())
    }

    pub(crate) fn end(&mut self) {
        if mem::take(&mut self.begun.has_span) {
            self.begun.end_span(&self.span.context, Ticks::now());
        }
    }

    pub(super) fn panicked(&mut self) {
        if self.begun.has_span {
            Failure::PANIC.record(&self.span.context.span(), RecordError::Event);
        }
        self.end();
    }
}

impl Drop for EndOnDrop {
    fn drop(&mut self) {
        if !self.in_unwinding && std::thread::panicking() { self.panicked() } else { self.end() }
    }
}
