//! A span that has not ended, as OpenTelemetry's context has it.

use std::borrow::Cow;
use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry::trace::{Event, Link, Span, SpanContext, Status};

use crate::instrument::hand_over;

use super::record::{EndedSpan, SpanRecord};

/// What a context tells of a span that has ended, where nobody asks: it keeps the ids itself.
static NONE: SpanContext = SpanContext::NONE;

/// Our own [`Span`] in a context, which does what the SDK's does and costs less. Dropped, it ends.
///
/// No more than a pointer, because a context moves it several times. So it has no ids when it has ended.
///
/// `STATELESS` is one that is made where the compiler knows that its trace has no state. OpenTelemetry's code is compiled for
/// it alone then, into the one place that makes such spans, and copies the ids without asking what they hold: what is
/// copied field by field and then read as a whole makes the processor wait for all that it wrote before.
#[derive(Debug)]
pub(crate) struct ContextSpan<const STATELESS: bool> {
    /// None when it has ended, or never recorded.
    record: Option<Box<SpanRecord>>,
}

impl<const STATELESS: bool> ContextSpan<STATELESS> {
    #[inline]
    pub(super) fn new(record: Box<SpanRecord>) -> Self {
        Self { record: Some(record) }
    }
}

/// Ends a span: see [`EndedSpan::end`].
#[inline(never)]
fn finish(record: Box<SpanRecord>, time: Option<SystemTime>) {
    let mut span = EndedSpan { record };
    // One that only records has nowhere to go.
    match span.record.context.is_sampled() {
        true => {
            span.end(time);
            hand_over(span);
        }
        false => span.recycle(),
    }
}

impl<const STATELESS: bool> Span for ContextSpan<STATELESS> {
    fn add_event_with_timestamp<T>(&mut self, name: T, timestamp: SystemTime, attributes: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
        if let Some(record) = &mut self.record {
            record.add_event(Event::new(name, timestamp, attributes, 0));
        }
    }

    #[inline]
    fn span_context(&self) -> &SpanContext {
        self.record.as_ref().map_or(&NONE, |record| &record.context)
    }

    #[inline]
    fn is_recording(&self) -> bool {
        self.record.is_some()
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        if let Some(record) = &mut self.record {
            record.set_attribute(attribute);
        }
    }

    fn set_status(&mut self, status: Status) {
        if let Some(record) = &mut self.record {
            record.set_status(status);
        }
    }

    fn update_name<T>(&mut self, name: T)
    where
        T: Into<Cow<'static, str>>,
    {
        if let Some(record) = &mut self.record {
            record.name = Some(name.into());
        }
    }

    fn add_link(&mut self, span_context: SpanContext, attributes: Vec<KeyValue>) {
        if let Some(record) = &mut self.record {
            record.add_link(Link::new(span_context, attributes, 0));
        }
    }

    fn end_with_timestamp(&mut self, timestamp: SystemTime) {
        if let Some(record) = self.record.take() {
            finish(record, Some(timestamp));
        }
    }
}

impl<const STATELESS: bool> Drop for ContextSpan<STATELESS> {
    #[inline]
    fn drop(&mut self) {
        if let Some(record) = self.record.take() {
            finish(record, None);
        }
    }
}

/// The same in somebody's hands, where it has its ids as long as it is there.
#[derive(Debug)]
pub(crate) struct LiveSpan {
    context: SpanContext,
    span: ContextSpan<false>,
}

impl LiveSpan {
    pub(super) fn recording(record: Box<SpanRecord>) -> Self {
        Self { context: record.context.clone(), span: ContextSpan::new(record) }
    }

    /// One that never records.
    pub(super) fn still(context: SpanContext) -> Self {
        Self { context, span: ContextSpan { record: None } }
    }
}

impl Span for LiveSpan {
    fn add_event_with_timestamp<T>(&mut self, name: T, timestamp: SystemTime, attributes: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
        self.span.add_event_with_timestamp(name, timestamp, attributes);
    }

    fn span_context(&self) -> &SpanContext {
        &self.context
    }

    fn is_recording(&self) -> bool {
        self.span.is_recording()
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        self.span.set_attribute(attribute);
    }

    fn set_status(&mut self, status: Status) {
        self.span.set_status(status);
    }

    fn update_name<T>(&mut self, name: T)
    where
        T: Into<Cow<'static, str>>,
    {
        self.span.update_name(name);
    }

    fn add_link(&mut self, span_context: SpanContext, attributes: Vec<KeyValue>) {
        self.span.add_link(span_context, attributes);
    }

    fn end_with_timestamp(&mut self, timestamp: SystemTime) {
        self.span.end_with_timestamp(timestamp);
    }
}
