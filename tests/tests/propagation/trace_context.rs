//! The cases of the W3C's [test suite](https://github.com/w3c/trace-context/tree/main/test) for the trace context, all 41 of
//! its strictest level: what a service sends on when this comes in.

use std::collections::HashMap;

use cryostorm::TelemetryGuard;
use cryostorm::opentelemetry::Context;
use cryostorm::opentelemetry::trace::{SpanKind, TraceContextExt as _};
use cryostorm_tests::paths::on_both;
use http::{HeaderMap, HeaderName, HeaderValue};

/// The trace that comes in, and the span in it.
const TRACE: &str = "12345678901234567890123456789012";
const SPAN: &str = "1234567890123456";
const PARENT: &str = "00-12345678901234567890123456789012-1234567890123456-00";
const SAMPLED: &str = "00-12345678901234567890123456789012-1234567890123456-01";

/// A case of the suite: the requests that it makes.
struct Case(&'static str, Vec<Request>);

/// What comes in, and what is to go out.
struct Request {
    headers: Vec<(&'static str, String)>,
    /// Whether the trace goes on.
    goes_on: bool,
    /// The members of the state that are sent on.
    state: Vec<String>,
}

fn request(goes_on: bool, headers: &[(&'static str, &str)], state: &str) -> Request {
    let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let state = state.split(',').filter(|member| !member.is_empty()).map(str::to_owned).collect();
    Request { headers, goes_on, state }
}

/// Each of these values of `traceparent` has the same effect.
fn parents(goes_on: bool, values: &[&str]) -> Vec<Request> {
    values.iter().map(|value| request(goes_on, &[("traceparent", value)], "")).collect()
}

/// With these values of `tracestate`, this goes on.
fn state(values: &[&str], sent: &str) -> Request {
    let states = values.iter().map(|value| ("tracestate", *value));
    let headers: Vec<_> = [("traceparent", PARENT)].into_iter().chain(states).collect();
    request(true, &headers, sent)
}

fn cases() -> Vec<Case> {
    let ids = |version: &str, rest: &str| format!("{version}-{TRACE}-{SPAN}-{rest}");
    let numbered = |range: std::ops::RangeInclusive<u32>| {
        range.map(|number| format!("bar{number:02}={number:02}")).collect::<Vec<_>>().join(",")
    };
    let key = "abcdefghijklmnopqrstuvwxyz0123456789_-*/";
    let vendor = format!("{key}@a-z0-9_-*/");
    let value: String = (' '..='~').filter(|c| !",=".contains(*c)).collect();
    let (all, with_vendor) = (format!("{key}={value}"), format!("{vendor}={value}"));
    let long = |key: &str| {
        let (member, sent) = (format!("{key}=1"), format!("foo=1,{key}=1"));
        state(&["foo=1", &member], &sent)
    };
    let padded = [" foo=1", "\tfoo=1", "foo=1 ", "foo=1\t", "\t foo=1 \t"];
    vec![
        Case("nothing", vec![request(false, &[], "")]),
        Case("a parent", parents(true, &[SAMPLED])),
        Case(
            "two parents",
            vec![request(
                false,
                &[("traceparent", &SAMPLED.replace("9012-", "9011-")), ("traceparent", SAMPLED)],
                "",
            )],
        ),
        Case(
            "a parent by another name",
            vec![
                request(false, &[("trace-parent", SAMPLED)], ""),
                request(false, &[("trace.parent", SAMPLED)], ""),
            ],
        ),
        Case(
            "the name in another case",
            vec![
                request(true, &[("TraceParent", SAMPLED)], ""),
                request(true, &[("TrAcEpArEnT", SAMPLED)], ""),
                request(true, &[("TRACEPARENT", SAMPLED)], ""),
            ],
        ),
        Case(
            "more than this version has",
            parents(false, &[&ids("00", "01."), &ids("00", "01-what-the-future-will-be-like")]),
        ),
        Case(
            "a later version",
            [
                parents(true, &[&ids("cc", "01"), &ids("cc", "01-what-the-future-will-be-like")]),
                parents(false, &[&ids("cc", "01.what-the-future-will-be-like")]),
            ]
            .into_iter()
            .flatten()
            .collect(),
        ),
        Case("the version that there is not", parents(false, &[&ids("ff", "01")])),
        Case("a version of other characters", parents(false, &[&ids(".0", "01"), &ids("0.", "01")])),
        Case("a version too long", parents(false, &[&ids("000", "01"), &ids("0000", "01")])),
        Case("a version too short", parents(false, &[&ids("0", "01")])),
        Case("a trace id of zeros", parents(false, &[&SAMPLED.replace(TRACE, &"0".repeat(32))])),
        Case(
            "a trace id of other characters",
            parents(
                false,
                &[
                    &SAMPLED.replace(TRACE, ".2345678901234567890123456789012"),
                    &SAMPLED.replace(TRACE, "1234567890123456789012345678901."),
                ],
            ),
        ),
        Case("a trace id too long", parents(false, &[&SAMPLED.replace("9012-", "90123-")])),
        Case("a trace id too short", parents(false, &[&SAMPLED.replace("9012-", "901-")])),
        Case(
            "a parent id of zeros",
            parents(false, &[&SAMPLED.replace("-1234567890123456-", "-0000000000000000-")]),
        ),
        Case(
            "a parent id of other characters",
            parents(
                false,
                &[
                    &SAMPLED.replace("-1234567890123456-", "-.234567890123456-"),
                    &SAMPLED.replace("-1234567890123456-", "-123456789012345.-"),
                ],
            ),
        ),
        Case(
            "a parent id too long",
            parents(false, &[&SAMPLED.replace("-1234567890123456-", "-12345678901234567-")]),
        ),
        Case(
            "a parent id too short",
            parents(false, &[&SAMPLED.replace("-1234567890123456-", "-123456789012345-")]),
        ),
        Case("flags of other characters", parents(false, &[&ids("00", ".0"), &ids("00", "0.")])),
        Case("flags too long", parents(false, &[&ids("00", "001")])),
        Case("flags too short", parents(false, &[&ids("00", "1")])),
        Case(
            "a parent with space around it",
            parents(
                true,
                &[
                    &format!(" {SAMPLED}"),
                    &format!("\t{SAMPLED}"),
                    &format!("{SAMPLED} "),
                    &format!("{SAMPLED}\t"),
                    &format!("\t {SAMPLED} \t"),
                ],
            ),
        ),
        Case(
            "a state without a parent",
            vec![
                request(false, &[("tracestate", "foo=1")], ""),
                request(false, &[("tracestate", "foo=1,bar=2")], ""),
            ],
        ),
        Case("a state", vec![state(&["foo=1,bar=2"], "foo=1,bar=2")]),
        Case(
            "a state by another name",
            vec![
                request(true, &[("traceparent", PARENT), ("trace-state", "foo=1")], ""),
                request(true, &[("traceparent", PARENT), ("trace.state", "foo=1")], ""),
            ],
        ),
        Case(
            "the name of the state in another case",
            vec![
                request(true, &[("traceparent", PARENT), ("TraceState", "foo=1")], "foo=1"),
                request(true, &[("traceparent", PARENT), ("TrAcEsTaTe", "foo=1")], "foo=1"),
                request(true, &[("traceparent", PARENT), ("TRACESTATE", "foo=1")], "foo=1"),
            ],
        ),
        Case(
            "an empty state",
            vec![state(&[""], ""), state(&["foo=1", ""], "foo=1"), state(&["", "foo=1"], "foo=1")],
        ),
        Case(
            "several states",
            vec![state(&["foo=1,bar=2", "rojo=1,congo=2", "baz=3"], "foo=1,bar=2,rojo=1,congo=2,baz=3")],
        ),
        Case(
            "a key twice",
            vec![
                state(&["foo=1,foo=1"], "foo=1"),
                state(&["foo=1,foo=2"], "foo=1"),
                state(&["foo=1", "foo=1"], "foo=1"),
                state(&["foo=1", "foo=2"], "foo=1"),
            ],
        ),
        Case(
            "all characters that there may be",
            vec![state(&[&all], &all), state(&[&with_vendor], &with_vendor)],
        ),
        Case(
            "a state with space in it",
            [
                vec![
                    state(&["foo=1 \t , \t bar=2, \t baz=3"], "foo=1,bar=2,baz=3"),
                    state(&["foo=1\t \t,\t \tbar=2,\t \tbaz=3"], "foo=1,bar=2,baz=3"),
                ],
                padded.iter().map(|value| state(&[value], "foo=1")).collect(),
            ]
            .into_iter()
            .flatten()
            .collect(),
        ),
        Case(
            "keys of other characters",
            vec![state(&["foo =1"], ""), state(&["FOO=1"], ""), state(&["foo.bar=1"], "")],
        ),
        Case(
            "keys with at signs",
            vec![
                state(&["foo@=1,bar=2"], "foo@=1,bar=2"),
                state(&["@foo=1,bar=2"], ""),
                state(&["foo@@bar=1,bar=2"], "foo@@bar=1,bar=2"),
                state(&["foo@bar@baz=1,bar=2"], "foo@bar@baz=1,bar=2"),
            ],
        ),
        Case(
            "as many members as there may be, and one more",
            vec![
                state(
                    &[&numbered(1..=10), &numbered(11..=20), &numbered(21..=30), &numbered(31..=32)],
                    &numbered(1..=32),
                ),
                state(&[&numbered(1..=10), &numbered(11..=20), &numbered(21..=30), &numbered(31..=33)], ""),
            ],
        ),
        Case(
            "keys as long as there may be, and longer",
            vec![
                long(&"z".repeat(256)),
                state(&["foo=1", &format!("{}=1", "z".repeat(257))], ""),
                long(&format!("{}@{}", "t".repeat(241), "v".repeat(14))),
                long(&format!("{}@v", "t".repeat(242))),
                long(&format!("t@{}", "v".repeat(15))),
            ],
        ),
        Case("values of other characters", vec![state(&["foo=bar=baz"], ""), state(&["foo=,bar=3"], "")]),
        // Every request here makes three calls: see below.
        Case("several calls under a parent", parents(true, &[SAMPLED])),
        Case("several calls without one", vec![request(false, &[], "")]),
        Case(
            "several calls under one that is not accepted",
            parents(false, &[&SAMPLED.replace(TRACE, &"0".repeat(32))]),
        ),
        Case("the flag of a random trace id", parents(true, &[&ids("00", "02")])),
    ]
}

/// Reads the headers of a request from some carrier.
type Read = fn(&TelemetryGuard, &[(&'static str, String)]) -> Context;

/// Names of headers are in lower case there, as `http` has them.
fn as_http(guard: &TelemetryGuard, headers: &[(&'static str, String)]) -> Context {
    let mut incoming = HeaderMap::new();
    for (name, value) in headers {
        incoming.append(HeaderName::try_from(*name).unwrap(), HeaderValue::from_str(value).unwrap());
    }
    guard.extract_context(&incoming)
}

/// As they came.
fn as_list(guard: &TelemetryGuard, headers: &[(&'static str, String)]) -> Context {
    let bytes = |(name, value): &(&str, String)| ((*name).to_owned(), value.clone().into_bytes());
    guard.extract_context(&headers.iter().map(bytes).collect::<Vec<(String, Vec<u8>)>>())
}

/// As they came, but for a name twice: several states are one list, as HTTP has it, a second parent is in another case.
fn as_map(guard: &TelemetryGuard, headers: &[(&'static str, String)]) -> Context {
    let mut incoming = HashMap::<String, String>::new();
    for (name, value) in headers {
        match incoming.get_mut(*name) {
            Some(states) if *name == "tracestate" => *states = format!("{states},{value}"),
            Some(_) => drop(incoming.insert(name.to_ascii_uppercase(), value.clone())),
            None => drop(incoming.insert((*name).to_owned(), value.clone())),
        }
    }
    guard.extract_context(&incoming)
}

/// The headers of the calls that a service makes under a span for this request.
fn calls(guard: &TelemetryGuard, request: &Request, read: Read) -> Vec<HeaderMap> {
    let parent = read(guard, &request.headers);
    guard.span("server").kind(SpanKind::Server).context(parent).in_scope(|_| {
        let call = |_| {
            let mut outgoing = HeaderMap::new();
            guard.span("client").kind(SpanKind::Client).in_scope(|_| guard.inject_context(&mut outgoing));
            outgoing
        };
        (0..3).map(call).collect()
    })
}

/// Checks what went out, and returns the flags.
fn check(name: &str, request: &Request, calls: &[HeaderMap]) -> String {
    let headers = &request.headers;
    let mut spans: Vec<&str> = Vec::new();
    let mut flags = "";
    for call in calls {
        assert_eq!(call.get_all("traceparent").iter().count(), 1, "{name}: {headers:?}");
        let parts: Vec<_> = call["traceparent"].to_str().unwrap().split('-').collect();
        let [version, trace, span, sent] = parts[..] else { panic!("{name}: {call:?}") };
        let is_hex = |text: &str| text.bytes().all(|byte| b"0123456789abcdef".contains(&byte));
        assert!(is_hex(trace) && is_hex(span) && is_hex(sent), "{name}: {call:?}");
        assert_eq!((version, trace.len(), span.len(), sent.len()), ("00", 32, 16, 2), "{name}: {call:?}");
        assert!(trace != "0".repeat(32) && span != "0".repeat(16), "{name}: {call:?}");
        assert_eq!(trace == TRACE, request.goes_on, "{name}: {headers:?}");
        // Not a part of a wrong one, either.
        assert!(request.goes_on || !trace.starts_with("1234567890"), "{name}: {headers:?}");
        assert_ne!(span, SPAN, "{name}: {headers:?}");
        let state = call.get("tracestate").map_or("", |state| state.to_str().unwrap());
        let state: Vec<_> = state.split(',').filter(|member| !member.is_empty()).collect();
        assert_eq!(state, request.state, "{name}: {headers:?}");
        spans.push(span);
        flags = sent;
    }
    let is_sampled = flags.ends_with(['1', '3']);
    spans.sort_unstable();
    spans.dedup();
    // Those of calls that are not recorded are those of the server's, on our own path.
    assert!(!is_sampled || spans.len() == calls.len(), "{name}: {spans:?}");
    flags.to_owned()
}

#[test]
fn all_cases_of_the_suite_pass() {
    let cases = cases();
    assert_eq!(cases.len(), 41);
    let names: std::collections::BTreeSet<_> = cases.iter().map(|Case(name, _)| *name).collect();
    assert_eq!(names.len(), 41, "each once");
    for (flags, _) in on_both(
        |builder| builder,
        |guard| {
            [as_http as Read, as_list, as_map].map(|read| {
                let mut flags = String::new();
                for Case(name, requests) in &cases {
                    for request in requests {
                        flags = check(name, request, &calls(guard, request, read));
                    }
                }
                flags
            })
        },
    ) {
        assert_eq!(flags, ["02"; 3], "of the last case: random, and not sampled");
    }
}

#[test]
fn flags_that_nobody_knows_yet_are_not_sent_on() {
    for (flags, _) in on_both(
        |builder| builder,
        |guard| {
            ["ff", "03", "fc"].map(|flags| {
                let request = parents(true, &[&format!("00-{TRACE}-{SPAN}-{flags}")]).remove(0);
                check(flags, &request, &calls(guard, &request, as_http))
            })
        },
    ) {
        assert_eq!(flags, ["03", "03", "00"]);
    }
}

#[test]
fn what_is_no_number_of_hexadecimal_digits_is_not_read_as_one() {
    let wrong = [
        "+0-+1-+1-+1",
        "00-1-1-01",
        "00-+2345678901234567890123456789012-1234567890123456-01",
        "00-12345678901234567890123456789012-+234567890123456-01",
        "00-12345678901234567890123456789012-1234567890123456-+1",
        "00-ABCDEF78901234567890123456789012-1234567890123456-01",
        "00-12345678901234567890123456789012-123456789012345A-01",
        "00-12345678901234567890123456789012-1234567890123456-0A",
        "0A-12345678901234567890123456789012-1234567890123456-01",
        "00-１2345678901234567890123456789-1234567890123456-01",
        "00-12345678901234567890123456789012-1234567890123456-01,00-12345678901234567890123456789012-1234567890123456-01",
        "00-12345678901234567890123456789012-1234567890123456-01-",
        "",
        "-",
    ];
    on_both(
        |builder| builder,
        |guard| {
            for value in wrong {
                let read = guard.extract_context([("traceparent", value)].as_slice());
                assert!(!read.has_active_span(), "{value:?}");
            }
        },
    );
}
