//! Formats beside those of the W3C, and several at a time.

use std::collections::{BTreeMap, HashMap};

use cryostorm::opentelemetry::baggage::BaggageExt as _;
use cryostorm::opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use cryostorm::opentelemetry::{Context, KeyValue};
use cryostorm::settings::{PropagatorType, SamplingStrategy};
use cryostorm::{Telemetry, TelemetryGuard};
use cryostorm_tests::installation::{alone, quiet};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const SPAN: &str = "b7ad6b7169203331";

fn with<T>(formats: &[PropagatorType], work: impl FnOnce(&TelemetryGuard) -> T) -> T {
    let _alone = alone();
    let mut settings = quiet();
    settings.propagation.propagator_types = formats.to_vec();
    // So that a trace whose caller leaves it open is recorded, and one whose caller says no is not.
    settings.tracing.sampling_strategy = SamplingStrategy::ParentBasedAlwaysOn;
    let guard = Telemetry::from_settings(settings).unwrap();
    let result = work(&guard);
    guard.shutdown().unwrap();
    result
}

/// What is sent of this span.
fn sent(guard: &TelemetryGuard, flags: u8) -> BTreeMap<String, String> {
    let state = TraceState::from_key_value([("vendor", "1;Sampled")]).unwrap();
    let ids = (TraceId::from_hex(TRACE).unwrap(), SpanId::from_hex(SPAN).unwrap());
    let span = SpanContext::new(ids.0, ids.1, TraceFlags::new(flags), false, state);
    let _current = Context::new().with_remote_span_context(span).attach();
    let mut headers = HashMap::new();
    guard.inject_context(&mut headers);
    headers.into_iter().collect()
}

/// The ids that are read, and whether a span under them is recorded; nothing where no ids are read.
fn read(guard: &TelemetryGuard, headers: &[(&str, &str)]) -> Option<(String, String, bool)> {
    let context = guard.extract_context(headers);
    let span = context.span().span_context().clone();
    assert!(!span.is_valid() || span.is_remote());
    assert_eq!(*span.trace_state(), TraceState::NONE);
    let is_recorded = guard.span("server").context(context).in_scope(|span| span.span_context().is_sampled());
    span.is_valid().then(|| (span.trace_id().to_string(), span.span_id().to_string(), is_recorded))
}

fn known(is_recorded: bool) -> Option<(String, String, bool)> {
    Some((TRACE.to_owned(), SPAN.to_owned(), is_recorded))
}

fn map<const N: usize>(headers: [(&str, &str); N]) -> BTreeMap<String, String> {
    headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

#[test]
fn b3_in_one_header() {
    with(&[PropagatorType::B3], |guard| {
        let header = |decision: &str| format!("{TRACE}-{SPAN}{decision}");
        assert_eq!(sent(guard, 1), map([("b3", &header("-1"))]));
        assert_eq!(sent(guard, 0), map([("b3", &header("-0"))]));
        assert_eq!(sent(guard, 3), map([("b3", &header("-1"))]), "a random trace id decides nothing");
        for (decision, is_recorded) in
            [("-1", true), ("-0", false), ("-d", true), ("", true), ("-1-05e3ac9a4f6e3b90", true)]
        {
            assert_eq!(read(guard, &[("b3", &header(decision))]), known(is_recorded), "{decision}");
        }
        let short = read(guard, &[("b3", &header("-1")[16..])]).unwrap();
        assert_eq!(short.0, format!("{:0>32}", &TRACE[16..]), "a trace id of 64 bits");
        for wrong in ["0", "1", "", "-", &header("-x"), &header("-1-x"), &header("-1").to_uppercase()] {
            assert_eq!(read(guard, &[("b3", wrong)]), None, "{wrong}");
        }
        let signed = header("-1").replacen('0', "+", 1);
        assert_eq!(read(guard, &[("b3", &signed)]), None);
        assert_eq!(read(guard, &[("b3", &header("-1")), ("b3", &header("-1"))]), None, "twice");
    });
}

#[test]
fn b3_in_several_headers() {
    with(&[PropagatorType::B3Multi], |guard| {
        let ids = [("x-b3-traceid", TRACE), ("x-b3-spanid", SPAN)];
        let [trace, span] = ids;
        assert_eq!(sent(guard, 1), map([trace, span, ("x-b3-sampled", "1")]));
        assert_eq!(sent(guard, 2), map([trace, span, ("x-b3-sampled", "0")]));
        assert_eq!(read(guard, &ids), known(true), "nothing is said of sampling");
        for (value, is_recorded) in [("1", true), ("0", false), ("true", true), ("false", false)] {
            assert_eq!(read(guard, &[trace, span, ("X-B3-Sampled", value)]), known(is_recorded), "{value}");
        }
        assert_eq!(read(guard, &[trace, span, ("x-b3-flags", "1")]), known(true), "debug");
        assert_eq!(read(guard, &[trace]), None);
        assert_eq!(read(guard, &[span]), None);
        assert_eq!(read(guard, &[trace, trace, span]), None, "twice");
        assert_eq!(
            read(guard, &[("b3", &format!("{TRACE}-{SPAN}-0"))]),
            known(false),
            "one header is read too"
        );
    });
}

#[test]
fn nothing_is_said_where_there_is_no_span() {
    let formats = [
        PropagatorType::TraceContext,
        PropagatorType::B3,
        PropagatorType::B3Multi,
        PropagatorType::Jaeger,
        PropagatorType::XRay,
    ];
    with(&formats, |guard| {
        let mut headers = HashMap::new();
        guard.inject_context(&mut headers);
        assert_eq!(headers, HashMap::new(), "above all, no decision against sampling");
    });
}

#[test]
fn jaeger() {
    with(&[PropagatorType::Jaeger], |guard| {
        let header = |flags: &str| format!("{TRACE}:{SPAN}:0:{flags}");
        assert_eq!(sent(guard, 1), map([("uber-trace-id", &header("1"))]));
        assert_eq!(sent(guard, 2), map([("uber-trace-id", &header("0"))]));
        for (value, is_recorded) in [("1", true), ("0", false), ("01", true), ("3", true), ("d", true)] {
            assert_eq!(read(guard, &[("Uber-Trace-Id", &header(value))]), known(is_recorded), "{value}");
        }
        assert_eq!(read(guard, &[("uber-trace-id", &header("1").replace(':', "%3A"))]), known(true));
        let short = read(guard, &[("uber-trace-id", "4d0000000000000016:17c29:0:1")]).unwrap();
        assert_eq!(short.0, format!("{:0>32}", "4d0000000000000016"));
        assert_eq!(short.1, format!("{:0>16}", "17c29"));
        let wrong = [
            "",
            "::0:1",
            "0:1:0:1",
            "1:0:0:1",
            "x:1:0:1",
            "+1:1:0:1",
            "1:1:0:111",
            "1:1:0",
            "1:1:0:1:1",
            "1:1:0:x",
            "1:1:ä:1",
        ];
        for wrong in
            wrong.map(str::to_owned).into_iter().chain([format!("0{TRACE}:1:0:1"), "1:".repeat(1 << 16)])
        {
            assert_eq!(read(guard, &[("uber-trace-id", &wrong)]), None, "{wrong:.40}");
        }
    });
}

#[test]
fn xray() {
    with(&[PropagatorType::XRay], |guard| {
        let root = format!("Root=1-{}-{}", &TRACE[..8], &TRACE[8..]);
        let header = |rest: &str| format!("{root};Parent={SPAN}{rest}");
        assert_eq!(sent(guard, 1), map([("x-amzn-trace-id", &header(";Sampled=1"))]), "nothing of the state");
        assert_eq!(sent(guard, 2), map([("x-amzn-trace-id", &header(";Sampled=0"))]));
        for (rest, is_recorded) in [
            (";Sampled=1", true),
            (";Sampled=0", false),
            (";Sampled=?", true),
            ("", true),
            (";Sampled=0;Lineage=a:1|b:2", false),
            (";Sampled=0;bad key=\u{1}", false),
        ] {
            assert_eq!(read(guard, &[("x-amzn-trace-id", &header(rest))]), known(is_recorded), "{rest:?}");
        }
        assert_eq!(
            read(guard, &[("_X_AMZN_TRACE_ID", &header(";Sampled=1"))]),
            known(true),
            "of a Lambda function"
        );
        assert_eq!(read(guard, &[("x-amzn-trace-id", &root)]), None, "a load balancer has no span");
        let wrong = [
            "",
            "Root=1-1-1;Parent=1;Sampled=1",
            &header(";Root=1-1-1"),
            &header(";Sampled=1").replace("Root=1", "Root=x").replace('-', ""),
            &header(";Sampled=1").replace(&TRACE[..8], "+af76519"),
            &format!("{root};Parent={};Sampled=1", "0".repeat(16)),
        ];
        for wrong in wrong {
            assert_eq!(read(guard, &[("x-amzn-trace-id", wrong)]), None, "{wrong}");
        }
    });
}

#[test]
fn of_several_formats_all_are_written_and_the_first_that_is_there_is_read() {
    let formats =
        [PropagatorType::B3, PropagatorType::Baggage, PropagatorType::TraceContext, PropagatorType::Jaeger];
    with(&formats, |guard| {
        let names: Vec<_> = sent(guard, 1).into_keys().collect();
        assert_eq!(names, ["b3", "traceparent", "tracestate", "uber-trace-id"]);
        let other = "11111111111111111111111111111111";
        let b3 = ("b3", &*format!("{TRACE}-{SPAN}-1"));
        let w3c = ("traceparent", &*format!("00-{other}-{SPAN}-01"));
        let trace = |headers: &[(&str, &str)]| read(guard, headers).unwrap().0;
        assert_eq!(trace(&[w3c, b3]), TRACE);
        assert_eq!(trace(&[w3c]), other);
        assert_eq!(trace(&[("b3", "nonsense"), w3c]), other, "one that cannot be read does not count");
        let context = guard.extract_context(&[b3, ("baggage", "tenant=north")][..]);
        assert_eq!(context.baggage().len(), 1);
    });
}

#[test]
fn a_format_that_is_not_set_is_neither_read_nor_written() {
    with(&[PropagatorType::Baggage], |guard| {
        assert_eq!(read(guard, &[("traceparent", &format!("00-{TRACE}-{SPAN}-01"))]), None);
        let _current = Context::new().with_baggage([KeyValue::new("tenant", "north")]).attach();
        assert_eq!(sent(guard, 1), map([]), "of that context, which has no baggage");
    });
    with(&[PropagatorType::TraceContext], |guard| {
        let context = guard.extract_context([("baggage", "tenant=north")].as_slice());
        assert!(context.baggage().is_empty());
    });
}
