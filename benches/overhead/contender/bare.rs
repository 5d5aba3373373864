//! What no span in OpenTelemetry's `Context` can do without, and nothing else: the bound of what can be reached.
//!
//! A sampled one: two looks at the processor's counter, a context with the span in it, made current, left and ended. One
//! that is not sampled: one look for its ids, and a context with these. Nothing is kept, so nothing arrives.

use std::borrow::Cow;
use std::hint::black_box;
use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry::trace::{
    Span, SpanContext, SpanId, Status, TraceContextExt, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{Context, KeyValue};
use quanta::Clock;

use super::{Subject, no_such, repeat};
use crate::row::Row;

pub fn set_up(row: Row) -> Subject {
    let clock = Clock::new();
    match row {
        Row::Child => Subject::new(move |calls| {
            let _parent = Context::new().with_remote_span_context(ids(7, TraceFlags::SAMPLED)).attach();
            repeat(calls, |id| sampled(&clock, id));
        }),
        Row::UnsampledRoot => Subject::new(move |calls| repeat(calls, |id| unsampled(&clock, id))),
        _ => no_such("bare", row),
    }
}

#[inline(never)]
fn sampled(clock: &Clock, id: u64) -> u64 {
    let start = clock.raw();
    let context = Context::map_current(|parent| {
        let flags = parent.span().span_context().trace_flags();
        parent.with_span(Bare { context: ids(start, flags) })
    });
    let current = context.clone().attach();
    let value = black_box(id);
    drop(current);
    let nanos = clock.delta_as_nanos(start, clock.raw());
    black_box(nanos);
    context.span().end_with_timestamp(UNIX_EPOCH);
    value
}

#[inline(never)]
fn unsampled(clock: &Clock, id: u64) -> u64 {
    let ids = ids(clock.raw(), TraceFlags::default());
    let _current = Context::map_current(|parent| parent.with_remote_span_context(ids)).attach();
    black_box(id)
}

fn ids(ticks: u64, flags: TraceFlags) -> SpanContext {
    SpanContext::new(TraceId::from(7), SpanId::from(ticks | 1), flags, false, TraceState::NONE)
}

struct Bare {
    context: SpanContext,
}

impl Span for Bare {
    fn add_event_with_timestamp<T>(&mut self, _: T, _: SystemTime, _: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
    }

    fn span_context(&self) -> &SpanContext {
        &self.context
    }

    fn is_recording(&self) -> bool {
        true
    }

    fn set_attribute(&mut self, _: KeyValue) {}

    fn set_status(&mut self, _: Status) {}

    fn update_name<T>(&mut self, _: T)
    where
        T: Into<Cow<'static, str>>,
    {
    }

    fn add_link(&mut self, _: SpanContext, _: Vec<KeyValue>) {}

    fn end_with_timestamp(&mut self, time: SystemTime) {
        black_box(time);
    }
}
