//! A span that has not ended, as OpenTelemetry's context has it.

use std::borrow::Cow;
use std::mem;
use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry::trace::{Event, Link, Span, SpanContext, Status};

use crate::instrument::deliver;

use super::record::{EndedSpan, SpanRecord};

/// Our own [`Span`], which does what the SDK's does and costs less. Dropped, it ends.
#[derive(Debug)]
pub(crate) struct LiveSpan {
    state: State,
}

#[derive(Debug)]
enum State {
    Recording(Box<SpanRecord>),
    /// It has ended, or never recorded.
    Still(SpanContext),
}

impl LiveSpan {
    #[inline]
    pub(super) fn recording(record: Box<SpanRecord>) -> Self {
        Self { state: State::Recording(record) }
    }

    /// One that never records.
    #[inline]
    pub(super) fn still(context: SpanContext) -> Self {
        Self { state: State::Still(context) }
    }

    fn record(&mut self) -> Option<&mut SpanRecord> {
        match &mut self.state {
            State::Recording(record) => Some(record),
            State::Still(_) => None,
        }
    }

    /// Ends it and leaves `rest` of it.
    #[inline]
    fn end_at(&mut self, time: impl FnOnce() -> SystemTime, rest: impl FnOnce(&SpanRecord) -> SpanContext) {
        let State::Recording(record) = &self.state else { return };
        let rest = State::Still(rest(record));
        let State::Recording(mut record) = mem::replace(&mut self.state, rest) else { return };
        record.end = time();
        let telemetry = record.telemetry;
        let is_sampled = record.context.is_sampled();
        let span = EndedSpan { record };
        // One that only records has nowhere to go.
        match is_sampled {
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
        if let Some(record) = self.record() {
            record.add_event(Event::new(name, timestamp, attributes, 0));
        }
    }

    #[inline]
    fn span_context(&self) -> &SpanContext {
        match &self.state {
            State::Recording(record) => &record.context,
            State::Still(context) => context,
        }
    }

    #[inline]
    fn is_recording(&self) -> bool {
        matches!(self.state, State::Recording(_))
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        if let Some(record) = self.record() {
            record.set_attribute(attribute);
        }
    }

    fn set_status(&mut self, status: Status) {
        if let Some(record) = self.record() {
            record.set_status(status);
        }
    }

    fn update_name<T>(&mut self, name: T)
    where
        T: Into<Cow<'static, str>>,
    {
        if let Some(record) = self.record() {
            record.name = Some(name.into());
        }
    }

    fn add_link(&mut self, span_context: SpanContext, attributes: Vec<KeyValue>) {
        if let Some(record) = self.record() {
            record.add_link(Link::new(span_context, attributes, 0));
        }
    }

    fn end_with_timestamp(&mut self, timestamp: SystemTime) {
        self.end_at(|| timestamp, |record| record.context.clone());
    }
}

impl Drop for LiveSpan {
    #[inline]
    fn drop(&mut self) {
        self.end_at(SystemTime::now, |_| SpanContext::NONE);
    }
}
