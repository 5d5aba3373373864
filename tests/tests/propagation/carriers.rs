//! Into what context is written, and from what it is read.

use std::collections::HashMap;
use std::fmt::Debug;
use std::process::Command;

use cryostorm::opentelemetry::baggage::BaggageExt as _;
use cryostorm::opentelemetry::propagation::{Extractor, Injector};
use cryostorm::opentelemetry::trace::TraceContextExt as _;
use cryostorm::opentelemetry::{Context, KeyValue};
use cryostorm::propagation::{Environment, Getter, Setter};
use cryostorm::{Telemetry, TelemetryGuard};
use cryostorm_tests::installation::{alone, quiet};
use http::{HeaderMap, HeaderValue};
use tonic::metadata::MetadataMap;

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// Writes a span's context with baggage into the carrier, and reads from it again.
fn there_and_back<C: Setter + Getter + Debug>(guard: &TelemetryGuard, carrier: &mut C) {
    guard.span("client").in_scope(|span| {
        let baggage = [KeyValue::new("tenant", "north")];
        let _current = Context::current().with_baggage(baggage).attach();
        guard.inject_context(carrier);
        let read = guard.extract_context(carrier);
        let parent = read.span().span_context().clone();
        assert!(parent.is_remote(), "{carrier:?}");
        assert_eq!(parent.trace_id(), span.span_context().trace_id(), "{carrier:?}");
        assert_eq!(parent.span_id(), span.span_context().span_id(), "{carrier:?}");
        assert_eq!(read.baggage().get("tenant").map(|value| value.as_str()), Some("north"), "{carrier:?}");
    });
}

#[test]
fn every_carrier_holds_what_was_written_and_nothing_of_another_context() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();

    let stale = [("TraceParent", PARENT), ("tracestate", "old=1"), ("baggage", "old=1"), ("accept", "*/*")];
    let mut map: HashMap<_, _> = stale.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    there_and_back(&guard, &mut map);
    assert_eq!(map.len(), 3, "{map:?}");

    let mut kafka: Vec<(String, Vec<u8>)> =
        stale.map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec())).into();
    kafka.push(("baggage".to_owned(), b"older=1".to_vec()));
    there_and_back(&guard, &mut kafka);
    assert_eq!(kafka.len(), 3, "{kafka:?}");

    let mut headers = HeaderMap::new();
    for (name, value) in stale {
        headers.append(http::HeaderName::try_from(name).unwrap(), HeaderValue::from_static(value));
    }
    headers.append("baggage", HeaderValue::from_static("older=1"));
    let mut metadata = MetadataMap::from_headers(headers.clone());
    there_and_back(&guard, &mut headers);
    assert_eq!(headers.len(), 3, "{headers:?}");
    there_and_back(&guard, &mut metadata);
    assert_eq!(metadata.len(), 3, "{metadata:?}");

    guard.shutdown().unwrap();
}

#[test]
fn all_values_of_a_header_are_read() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    let mut headers = HeaderMap::new();
    headers.append("traceparent", HeaderValue::from_static(PARENT));
    for member in ["a=1", "b=2", "c=3"] {
        headers.append("tracestate", HeaderValue::from_static(member));
        headers.append("baggage", HeaderValue::from_static(member));
    }
    let lines: Vec<(String, Vec<u8>)> =
        headers.iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect();
    let all = [
        guard.extract_context(&headers),
        guard.extract_context(&MetadataMap::from_headers(headers.clone())),
        guard.extract_context(&lines),
        guard.extract_context(lines.as_slice()),
    ];
    for read in all {
        assert_eq!(read.span().span_context().trace_state().header(), "a=1,b=2,c=3");
        assert_eq!(read.baggage().len(), 3);
    }
    // A second parent, even one that is not text, leaves none.
    headers.append("traceparent", HeaderValue::from_bytes(b"\xff").unwrap());
    assert!(!guard.extract_context(&headers).span().span_context().is_valid());
    guard.shutdown().unwrap();
}

#[test]
fn a_child_process_has_the_context_in_its_environment() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    let mut command = Command::new("unused");
    command.env("TRACESTATE", "old=1").env("PATH", "/bin");
    let parent = guard.span("parent").in_scope(|span| {
        let _current = Context::current().with_baggage([KeyValue::new("tenant", "north")]).attach();
        guard.inject_context(&mut command);
        span.span_context()
    });
    let vars = command.get_envs().filter_map(|(name, value)| Some((name, value?)));
    let environment = Environment::from_vars(vars);
    assert_eq!(environment.keys().collect::<Vec<_>>(), ["BAGGAGE", "PATH", "TRACEPARENT"]);
    let read = guard.extract_context(&environment);
    assert_eq!(read.span().span_context().span_id(), parent.span_id());
    assert_eq!(read.baggage().len(), 1);
    // What the process has from its own parent must not reach the child beside it.
    let removed = command.get_envs().find(|(name, _)| *name == "TRACESTATE");
    assert_eq!(removed.map(|(_, value)| value), Some(None));
    guard.shutdown().unwrap();
}

#[test]
fn variables_in_another_spelling_are_not_read() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    for (name, is_read) in [("TRACEPARENT", true), ("traceparent", false), ("TraceParent", false)] {
        let read = guard.extract_context(&Environment::from_vars([(name, PARENT)]));
        assert_eq!(read.span().span_context().is_valid(), is_read, "{name}");
    }
    guard.shutdown().unwrap();
}

/// A carrier of OpenTelemetry's.
#[derive(Debug, Default)]
struct Foreign(Vec<(String, String)>);

impl Injector for Foreign {
    fn set(&mut self, name: &str, value: String) {
        self.0.push((name.to_owned(), value));
    }
}

impl Extractor for Foreign {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(present, _)| present == name).map(|(_, value)| value.as_str())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| name.as_str()).collect()
    }
}

#[test]
fn what_opentelemetry_can_write_into_and_read_from_will_do() {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    let mut carrier = Foreign::default();
    guard.span("client").in_scope(|span| {
        guard.inject_context(&mut carrier as &mut dyn Injector);
        let read = guard.extract_context(&carrier as &dyn Extractor);
        assert_eq!(read.span().span_context().span_id(), span.span_context().span_id());
    });
    guard.shutdown().unwrap();
}

#[test]
fn where_propagation_is_off_headers_stay_as_they_are() {
    let _alone = alone();
    let mut settings = quiet();
    settings.propagation.enabled = false;
    let guard = Telemetry::from_settings(settings).unwrap();
    let mut headers = HeaderMap::new();
    headers.append("traceparent", HeaderValue::from_static(PARENT));
    guard.span("client").in_scope(|_| guard.inject_context(&mut headers));
    assert_eq!(headers["traceparent"], PARENT);
    assert!(!guard.extract_context(&headers).span().span_context().is_valid());
    guard.shutdown().unwrap();
}

#[test]
fn what_a_carrier_cannot_hold_is_left_out() {
    let mut headers = HeaderMap::new();
    Setter::set(&mut headers, "x-tenant", "north\r\nx-admin: 1".to_owned());
    Setter::set(&mut headers, "no name", "north".to_owned());
    assert!(headers.is_empty(), "{headers:?}");
    let mut command = Command::new("unused");
    Setter::set(&mut command, "x-tenant", "north\0south".to_owned());
    assert_eq!(command.get_envs().count(), 0);
}
