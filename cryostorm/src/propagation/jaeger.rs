//! Jaeger's format of its own: the header `uber-trace-id`. Its baggage, one header for each member, is not read: `baggage`
//! carries it.

use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, Injector};
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};

use super::format::{Format, Remote, only};
use super::ids;
use super::refusals::Refusal;

const HEADER: &str = "uber-trace-id";

/// `uber-trace-id`.
#[derive(Debug)]
pub(super) struct Jaeger;

impl Format for Jaeger {
    fn fields(&self) -> &'static [&'static str] {
        &[HEADER]
    }

    fn inject(&self, context: &Context, injector: &mut dyn Injector) {
        let span = context.span();
        let span = span.span_context();
        let flags = u8::from(span.is_sampled());
        // The third is the parent of the span, which nobody needs any more.
        injector.set(HEADER, format!("{}:{}:0:{flags}", span.trace_id(), span.span_id()));
    }

    fn extract(&self, extractor: &dyn Extractor, refuse: &dyn Fn(Refusal)) -> Option<Remote> {
        let header = only(extractor, HEADER, refuse)?;
        let Some((trace_id, span_id, flags)) = parse(header) else {
            refuse(Refusal::Header(HEADER));
            return None;
        };
        Some(SpanContext::new(trace_id, span_id, flags, true, TraceState::NONE).into())
    }
}

/// Trace id, span id, parent and flags, with colons between them, which may be encoded as for a URL. Ids may lack leading
/// zeros.
fn parse(header: &str) -> Option<(TraceId, SpanId, TraceFlags)> {
    if header.len() > 128 {
        return None;
    }
    let header = header.to_ascii_lowercase().replace("%3a", ":");
    let mut parts = header.split(':');
    let [trace_id, span_id, parent, flags] = [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
    let padded = |id: &str, digits: usize| (!id.is_empty()).then(|| format!("{id:0>digits$}"));
    let flags = ids::byte(padded(flags, 2)?.as_bytes())?;
    if parts.next().is_some() || !parent.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let (trace_id, span_id) = (padded(trace_id, 32)?, padded(span_id, 16)?);
    let flags = TraceFlags::new(flags) & TraceFlags::SAMPLED;
    Some((ids::trace_id(trace_id.as_bytes())?, ids::span_id(span_id.as_bytes())?, flags))
}
