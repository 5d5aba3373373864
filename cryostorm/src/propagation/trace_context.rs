//! The [W3C trace context](https://www.w3.org/TR/trace-context-2/), level 2, as strictly as it is written.

use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, Injector};
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId};

use super::format::{Format, Remote, only};
use super::ids;
use super::refusals::Refusal;
use super::trace_state;

const PARENT: &str = "traceparent";
const STATE: &str = "tracestate";

/// The flags that the version which we write defines: sampled, and that the trace id is random.
const KNOWN_FLAGS: u8 = 0b11;

/// `traceparent` and `tracestate`.
#[derive(Debug)]
pub(super) struct TraceContext;

impl Format for TraceContext {
    fn fields(&self) -> &'static [&'static str] {
        &[PARENT, STATE]
    }

    fn inject(&self, context: &Context, injector: &mut dyn Injector) {
        let span = context.span();
        let span = span.span_context();
        let flags = span.trace_flags() & TraceFlags::new(KNOWN_FLAGS);
        injector.set(PARENT, format!("00-{}-{}-{flags:02x}", span.trace_id(), span.span_id()));
        if let Some(state) = trace_state::header(context) {
            injector.set(STATE, state);
        }
    }

    fn extract(&self, extractor: &dyn Extractor, refuse: &dyn Fn(Refusal)) -> Option<Remote> {
        let Some((trace_id, span_id, flags)) = parse(only(extractor, PARENT, refuse)?) else {
            refuse(Refusal::Header(PARENT));
            return None;
        };
        let states = extractor.get_all(STATE).unwrap_or_default();
        let members = trace_state::parse(&states).unwrap_or_else(|| {
            refuse(Refusal::Header(STATE));
            Default::default()
        });
        let (state, beside) = members.hold(trace_id);
        let span = SpanContext::new(trace_id, span_id, flags, true, state);
        Some(Remote { beside, ..span.into() })
    }
}

/// What a `traceparent` names: a version, a trace id, a span id and flags, with hyphens between them.
fn parse(header: &str) -> Option<(TraceId, SpanId, TraceFlags)> {
    let mut parts = header.splitn(5, '-').map(str::as_bytes);
    let [version, trace_id, span_id, flags] = [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
    match ids::byte(version)? {
        0 if parts.next().is_none() => {}
        // What a later version says beyond that is not for us.
        1..=0xfe => {}
        _ => return None,
    }
    let flags = TraceFlags::new(ids::byte(flags)? & KNOWN_FLAGS);
    Some((ids::trace_id(trace_id)?, ids::span_id(span_id)?, flags))
}
