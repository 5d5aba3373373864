//! Formats that crates of others read and write. They see only headers that can be of the format, and of the context only the
//! ids of the span and whether it is sampled: both crates take the bit that says that a trace id is random for one that says
//! that sampling is undecided, and signs for digits; one writes headers of the encoding that it was not set to, and a decision
//! where there is no span; the other sends on, and logs, what came beside the ids.

use std::collections::HashMap;

use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::{SpanContext, TraceContextExt, TraceFlags, TraceState};

use super::format::{Format, Remote, only};
use super::refusals::Refusal;

/// What both crates say with this bit.
const UNDECIDED: u8 = 0b010;
/// A trace that is to be sampled in any case.
const DEBUG: u8 = 0b100;

type Headers = HashMap<String, String>;

/// A format, as a crate knows it.
#[derive(Debug)]
pub(super) struct Kept {
    /// The header that is named where it is not of the format.
    name: &'static str,
    fields: &'static [&'static str],
    /// Those of them that are written.
    written: &'static [&'static str],
    reader: Box<dyn TextMapPropagator + Send + Sync>,
    writer: Box<dyn TextMapPropagator + Send + Sync>,
    /// The headers that the crate is to read, if there is something to read in them.
    admit: Admit,
}

type Admit = fn(&dyn Extractor, &dyn Fn(Refusal)) -> Option<Headers>;

impl Format for Kept {
    fn fields(&self) -> &'static [&'static str] {
        self.fields
    }

    fn inject(&self, context: &Context, injector: &mut dyn Injector) {
        let span = context.span();
        let span = span.span_context();
        let ids = |flags| SpanContext::new(span.trace_id(), span.span_id(), flags, false, TraceState::NONE);
        let ids = ids(span.trace_flags() & TraceFlags::SAMPLED);
        let mut injector = Named { names: self.written, injector };
        self.writer.inject_context(&Context::new().with_remote_span_context(ids), &mut injector);
    }

    fn extract(&self, extractor: &dyn Extractor, refuse: &dyn Fn(Refusal)) -> Option<Remote> {
        let headers = (self.admit)(extractor, refuse)?;
        let read = self.reader.extract_with_context(&Context::new(), &headers);
        let read = read.span();
        let span = read.span_context();
        if !span.is_valid() {
            refuse(Refusal::Header(self.name));
            return None;
        }
        let flags = span.trace_flags().to_u8();
        let is_sampled = flags & (TraceFlags::SAMPLED.to_u8() | DEBUG) != 0;
        let sampled = TraceFlags::default().with_sampled(is_sampled);
        let span = SpanContext::new(span.trace_id(), span.span_id(), sampled, true, TraceState::NONE);
        Some(Remote { is_undecided: !is_sampled && flags & UNDECIDED != 0, ..span.into() })
    }
}

/// Hands on the headers of these names.
struct Named<'a> {
    names: &'static [&'static str],
    injector: &'a mut dyn Injector,
}

impl Injector for Named<'_> {
    fn set(&mut self, name: &str, value: String) {
        if self.names.contains(&name) {
            self.injector.set(name, value);
        }
    }
}

#[cfg(feature = "b3")]
pub(super) mod b3 {
    //! B3, the format of Zipkin: one header, or one for each part.

    use opentelemetry_propagator_b3::{B3Encoding, Propagator};

    use super::*;

    const SINGLE: &str = "b3";
    const TRACE_ID: &str = "x-b3-traceid";
    const SPAN_ID: &str = "x-b3-spanid";
    const SAMPLED: &str = "x-b3-sampled";
    const FIELDS: &[&str] = &[SINGLE, TRACE_ID, SPAN_ID, SAMPLED, "x-b3-flags", "x-b3-parentspanid"];

    /// Writes one header.
    pub(in super::super) fn single() -> Kept {
        format(B3Encoding::SingleHeader, &[SINGLE])
    }

    /// Writes one header for each part.
    pub(in super::super) fn multi() -> Kept {
        format(B3Encoding::MultipleHeader, &[TRACE_ID, SPAN_ID, SAMPLED])
    }

    /// Reads both.
    fn format(encoding: B3Encoding, written: &'static [&'static str]) -> Kept {
        Kept {
            name: SINGLE,
            fields: FIELDS,
            reader: Box::new(Propagator::with_encoding(B3Encoding::SingleHeader)),
            writer: Box::new(Propagator::with_encoding(encoding)),
            written,
            admit,
        }
    }

    fn admit(extractor: &dyn Extractor, refuse: &dyn Fn(Refusal)) -> Option<Headers> {
        let mut headers = Headers::new();
        for name in FIELDS {
            let Some(value) = only(extractor, name, refuse) else { continue };
            if value.len() > 70 || !value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
                refuse(Refusal::Header(name));
                return None;
            }
            // What early senders say; the reader takes it only where it does not write a single header.
            let value = match value {
                "true" if *name == SAMPLED => "1",
                "false" if *name == SAMPLED => "0",
                value => value,
            };
            headers.insert((*name).to_owned(), value.to_owned());
        }
        // A decision alone, without ids, leads nowhere.
        let has_ids =
            headers.contains_key(TRACE_ID) || headers.get(SINGLE).is_some_and(|value| value.len() > 1);
        has_ids.then_some(headers)
    }
}

#[cfg(feature = "xray")]
pub(super) mod xray {
    //! The format of AWS X-Ray.

    use opentelemetry_aws::trace::XrayPropagator;

    use super::*;

    const HEADER: &str = "x-amzn-trace-id";
    /// Where a Lambda function finds the same.
    const VARIABLE: &str = "_x_amzn_trace_id";

    pub(in super::super) fn format() -> Kept {
        Kept {
            name: HEADER,
            fields: &[HEADER],
            written: &[HEADER],
            reader: Box::new(XrayPropagator::new()),
            writer: Box::new(XrayPropagator::new()),
            admit,
        }
    }

    /// The parts that are read, each of the length that it has.
    fn admit(extractor: &dyn Extractor, refuse: &dyn Fn(Refusal)) -> Option<Headers> {
        let value = only(extractor, HEADER, refuse).or_else(|| only(extractor, VARIABLE, refuse))?;
        let part = |name: &str, length: usize| {
            let mut parts =
                value.split(';').filter_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
            let is_digits =
                |part: &&str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-?".contains(&byte));
            let part = parts.next().filter(is_digits).filter(|part| part.len() == length);
            part.filter(|_| parts.next().is_none())
        };
        // A load balancer that has no span of its own names the trace only.
        let (root, parent) = (part("Root", 35)?, part("Parent", 16)?);
        let sampled = part("Sampled", 1).unwrap_or("?");
        Some([(HEADER.to_owned(), format!("Root={root};Parent={parent};Sampled={sampled}"))].into())
    }
}
