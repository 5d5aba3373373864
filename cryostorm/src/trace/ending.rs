//! How whoever began a span ends it.
//!
//! OpenTelemetry's way to the end of a span leads through a lock, and where the span is current, through what keeps the
//! current context. What exports it may run anybody's code, which is not to find either of them held. So the span is only
//! let go there, to be ended here; that takes no time to be told either, which is slow to make and to take apart.

use std::cell::Cell;
use std::mem::ManuallyDrop;

use opentelemetry::Context;
use opentelemetry::trace::{SpanId, TraceContextExt};

use crate::instrument::{Ticks, WallClock, hand_over};

use super::live::ContextSpan;
use super::record::{EndedSpan, SpanRecord};

/// Nothing of it is dropped, so that it is there as long as its thread.
struct Ending {
    /// The span that is to be let go.
    id: Cell<SpanId>,
    released: Cell<Option<ManuallyDrop<Box<SpanRecord>>>>,
}

thread_local! {
    static ENDING: Ending = const { Ending { id: Cell::new(SpanId::INVALID), released: Cell::new(None) } };
}

/// Has `end` end the span in OpenTelemetry's way, whatever time it tells, or drop it. Returns the span, unless it had ended,
/// or somebody else has it who did not drop it. What else is dropped with it may end others so.
#[inline(always)]
pub(crate) fn release(id: SpanId, end: impl FnOnce()) -> Option<ReleasedSpan> {
    ENDING.with(|ending| {
        let outer = (ending.id.replace(id), ending.released.take());
        end();
        ending.id.set(outer.0);
        let released = ending.released.replace(outer.1);
        released.map(|record| ReleasedSpan(ManuallyDrop::into_inner(record)))
    })
}

/// Lets a span go that is ended: to whom it asks for it.
#[inline(always)]
pub(super) fn let_go(record: Box<SpanRecord>) -> Option<Box<SpanRecord>> {
    ENDING.with(|ending| {
        if ending.id.get() != record.context.span_id() {
            return Some(record);
        }
        ending.released.set(Some(ManuallyDrop::new(record)));
        None
    })
}

/// A span that its context no longer has.
#[derive(Debug)]
pub(crate) struct ReleasedSpan(Box<SpanRecord>);

impl ReleasedSpan {
    /// A context to write on it.
    pub(crate) fn into_context(self) -> Context {
        Context::new().with_span(ContextSpan::<false>::new(self.0))
    }

    /// Ends it.
    #[inline]
    pub(crate) fn end(self, now: Ticks) {
        let Self(mut record) = self;
        record.end = WallClock::with(|clock| clock.end(record.start, record.ticks.until(now)));
        finish(record);
    }
}

/// Hands over a span that has its end.
#[inline(never)]
pub(super) fn finish(record: Box<SpanRecord>) {
    let span = EndedSpan { record };
    // One that only records has nowhere to go.
    match span.record.context.is_sampled() {
        true => hand_over(span),
        false => span.recycle(),
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{Span as _, SpanContext, TraceFlags, TraceId, TraceState};

    use super::*;

    fn span(id: u64) -> ContextSpan<false> {
        let (trace, flags) = (TraceId::from(7), TraceFlags::SAMPLED);
        let context = SpanContext::new(trace, SpanId::from(id), flags, false, TraceState::NONE);
        ContextSpan::new(Box::new(SpanRecord { context, ..SpanRecord::default() }))
    }

    fn id(released: Option<ReleasedSpan>) -> Option<SpanId> {
        released.map(|ReleasedSpan(record)| record.context.span_id())
    }

    #[test]
    fn a_span_is_let_go_that_is_ended_or_dropped_and_no_other() {
        let (mut ended, dropped, mut other) = (span(1), span(2), span(3));
        assert_eq!(id(release(SpanId::from(1), || ended.end())), Some(SpanId::from(1)));
        assert_eq!(id(release(SpanId::from(1), || ended.end())), None, "it had ended");
        assert_eq!(id(release(SpanId::from(2), || drop(dropped))), Some(SpanId::from(2)));
        assert_eq!(id(release(SpanId::from(4), || other.end())), None);
        assert!(!other.is_recording(), "it ended as it would have otherwise");
    }

    #[test]
    fn what_is_dropped_with_a_span_may_end_others() {
        let (outer, mut inner) = (span(1), span(2));
        let mut released = None;
        let whole = release(SpanId::from(1), || {
            drop(outer);
            released = release(SpanId::from(2), || inner.end());
        });
        assert_eq!((id(whole), id(released)), (Some(SpanId::from(1)), Some(SpanId::from(2))));
    }
}
