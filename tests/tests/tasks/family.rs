//! What is asked of the spans of many requests at the same time.

use std::collections::HashMap;

use cryostorm::opentelemetry::baggage::BaggageExt as _;
use cryostorm::opentelemetry::trace::SpanId;
use cryostorm::opentelemetry::{Context, KeyValue};
use cryostorm::opentelemetry_sdk::trace::SpanData;
use cryostorm::task::in_context;
use cryostorm_tests::trace::{Trace, attribute};

/// How many requests go on at the same time.
pub(crate) const REQUESTS: i64 = 100;

/// Runs what starts a request with the number of the request in its baggage.
pub(crate) fn with_baggage<R>(request: i64, start: impl FnOnce() -> R) -> R {
    in_context(&Context::current().with_baggage([KeyValue::new("request", request)]), start)
}

/// Every function of a request looks whether the baggage is that of its request.
pub(crate) fn check_baggage(request: i64) {
    let context = Context::current();
    let found = context.baggage().get("request").map(|value| value.as_str().to_owned());
    assert_eq!(found, Some(request.to_string()));
}

/// The functions of a span, without its path.
fn function(span: &SpanData) -> &str {
    span.name.rsplit("::").next().unwrap_or_default()
}

/// Whether each request left one span of each function, as the child of the span of the other function in the same request;
/// the one that is nobody's child is that of the test's root.
pub(crate) fn check(trace: &Trace, family: &[(&'static str, &'static str)]) {
    let mut ids: HashMap<(String, i64), SpanId> =
        (0..REQUESTS).map(|request| (("root".to_owned(), request), trace.root)).collect();
    let key = |span: &SpanData| {
        let request = attribute(span, "request").expect("the number of its request");
        (function(span).to_owned(), request.to_string().parse::<i64>().expect("a number"))
    };
    for span in &trace.spans {
        assert!(ids.insert(key(span), span.span_context.span_id()).is_none(), "twice: {span:?}");
    }
    let parents: HashMap<_, _> = family.iter().copied().collect();
    for span in &trace.spans {
        let (child, request) = key(span);
        let parent = *parents.get(child.as_str()).unwrap_or_else(|| panic!("no {child} is expected"));
        let expected = ids.get(&(parent.to_owned(), request));
        assert_eq!(Some(&span.parent_span_id), expected, "{child} of request {request} under {parent}");
    }
    assert_eq!(trace.spans.len(), family.len() * REQUESTS as usize, "a span is missing");
}

/// Whether the batches were linked to one span of each request, and are in traces of their own.
pub(crate) fn check_links(trace: &Trace, to: &str, batches: &[SpanData]) {
    let id =
        |span: &SpanData| (span.span_context.trace_id().to_string(), span.span_context.span_id().to_string());
    let mut expected: Vec<_> = trace.spans.iter().filter(|span| function(span) == to).map(id).collect();
    let links = batches.iter().flat_map(|batch| batch.links.iter());
    let mut linked: Vec<_> = links
        .map(|link| (link.span_context.trace_id().to_string(), link.span_context.span_id().to_string()))
        .collect();
    expected.sort();
    linked.sort();
    assert_eq!(expected.len(), REQUESTS as usize);
    assert_eq!(linked, expected);
    assert!(batches.iter().all(|batch| batch.parent_span_id == SpanId::INVALID), "{batches:?}");
}
