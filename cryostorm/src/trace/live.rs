//! A span that has not ended, as OpenTelemetry's context has it.

use std::borrow::Cow;
use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry::trace::{Event, Link, Span, SpanContext, Status};

use crate::instrument::{deliver, unix_nanos};

use super::record::{EndedSpan, SpanRecord};

/// Our own [`Span`], which does what the SDK's does and costs less. Dropped, it ends.
#[derive(Debug)]
pub(crate) struct LiveSpan {
    context: SpanContext,
    /// While it records.
    record: Option<Box<SpanRecord>>,
}

impl LiveSpan {
    #[inline]
    pub(super) fn new(context: SpanContext, record: Option<Box<SpanRecord>>) -> Self {
        Self { context, record }
    }

    fn end_at(&mut self, time: impl FnOnce() -> SystemTime) {
        let Some(mut record) = self.record.take() else { return };
        record.end = unix_nanos(time());
        let telemetry = record.telemetry;
        record.context = self.context.clone();
        let span = EndedSpan { record };
        // One that only records has nowhere to go.
        match self.context.is_sampled() {
            true => deliver(telemetry, span),
            false => span.recycle(),
        }
    }
}

impl Span for LiveSpan {
    fn add_event_with_timestamp<T>(&mut self, name: T, timestamp: SystemTime, attributes: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
        if let Some(record) = &mut self.record {
            record.add_event(Event::new(name, timestamp, attributes, 0));
        }
    }

    fn span_context(&self) -> &SpanContext {
        &self.context
    }

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
        self.end_at(|| timestamp);
    }
}

impl Drop for LiveSpan {
    fn drop(&mut self) {
        self.end_at(SystemTime::now);
    }
}
