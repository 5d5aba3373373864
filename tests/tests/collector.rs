//! The collector harness itself: what goes in by hand comes out as it was.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, TcpStream},
    time::{SystemTime, UNIX_EPOCH},
};

use cryostorm_tests::{
    collector::{Collector, poll, request},
    received::{Attributes, Data, Event, Log, Metric, Received, Span, SpanKind, Status, Temporality},
};
use serde_json::{Value, json};

const TRACE_ID: &str = "5b8efff798038103d269b633813fc60c";
const ROOT_ID: &str = "eee19b7ec3c1b173";
const CHILD_ID: &str = "eee19b7ec3c1b174";

#[test]
fn stop_returns_what_was_sent() {
    let Some(collector) = Collector::start_or_skip("collector harness") else { return };
    TcpStream::connect((Ipv4Addr::LOCALHOST, collector.grpc_port())).expect("a listener for gRPC");
    send_all(&collector);
    // At once: it is for the collector to flush what still waits in a batch.
    assert_eq!(collector.stop(), expected());
}

#[test]
fn prometheus_shows_what_was_sent() {
    let Some(collector) = Collector::start_or_skip("collector harness, Prometheus") else { return };
    send_all(&collector);
    let sample = poll(|| {
        let scraped = request(collector.prometheus_port(), "GET", "/metrics", "").ok()?;
        scraped.body.lines().find(|line| line.starts_with("jobs_total{")).map(str::to_owned)
    });
    let sample = sample.expect("the counter on the Prometheus endpoint");
    assert!(sample.contains(r#"queue="slow""#) && sample.ends_with(" 3"), "{sample}");
    assert_eq!(collector.stop(), expected());
}

fn send_all(collector: &Collector) {
    for (signal, body) in [("traces", traces()), ("metrics", metrics()), ("logs", logs())] {
        let path = format!("/v1/{signal}");
        let response = request(collector.http_port(), "POST", &path, &body.to_string()).expect("a response");
        assert_eq!(response.status, 200, "{signal}: {}", response.body);
    }
}

fn resource() -> Value {
    json!({ "attributes": [{ "key": "service.name", "value": { "stringValue": "shop" } }] })
}

fn traces() -> Value {
    let root = json!({
        "traceId": TRACE_ID, "spanId": ROOT_ID, "name": "checkout", "kind": 2,
        "startTimeUnixNano": "1544712660000000000", "endTimeUnixNano": "1544712661000000000",
        "attributes": [
            { "key": "items", "value": { "intValue": "9007199254740993" } },
            { "key": "tags", "value": { "arrayValue": { "values": [{ "stringValue": "new" }] } } },
        ],
    });
    let child = json!({
        "traceId": TRACE_ID, "spanId": CHILD_ID, "parentSpanId": ROOT_ID, "name": "pay", "kind": 3,
        "startTimeUnixNano": "1544712660000000001", "endTimeUnixNano": "1544712660000000002",
        "status": { "code": 2, "message": "declined" },
        "events": [{
            "timeUnixNano": "1544712660000000002", "name": "exception",
            "attributes": [{ "key": "exception.message", "value": { "stringValue": "declined" } }],
        }],
    });
    json!({ "resourceSpans": [{
        "resource": resource(),
        "scopeSpans": [{ "scope": { "name": "by-hand" }, "spans": [root, child] }],
    }] })
}

fn metrics() -> Value {
    // The Prometheus exporter drops points that are too old, so the time is now.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970");
    let now = now.as_nanos().to_string();
    let attributes = json!([{ "key": "queue", "value": { "stringValue": "slow" } }]);
    let counter = json!({
        "name": "jobs", "unit": "1", "description": "Jobs done.",
        "sum": {
            "aggregationTemporality": 2, "isMonotonic": true,
            "dataPoints": [
                { "asInt": "3", "timeUnixNano": now, "startTimeUnixNano": now, "attributes": attributes },
            ],
        },
    });
    let histogram = json!({
        "name": "job.duration", "unit": "s",
        "histogram": {
            "aggregationTemporality": 2,
            "dataPoints": [{
                "count": "2", "sum": 2.5, "explicitBounds": [1.0], "bucketCounts": ["1", "1"],
                "timeUnixNano": now, "startTimeUnixNano": now,
            }],
        },
    });
    json!({ "resourceMetrics": [{
        "resource": resource(),
        "scopeMetrics": [{ "scope": { "name": "by-hand" }, "metrics": [counter, histogram] }],
    }] })
}

fn logs() -> Value {
    let record = json!({
        "timeUnixNano": "1544712660000000003", "severityNumber": 13, "severityText": "WARN",
        "body": { "stringValue": "card declined" }, "traceId": TRACE_ID, "spanId": CHILD_ID,
        "attributes": [{ "key": "retry", "value": { "boolValue": true } }],
    });
    json!({ "resourceLogs": [{
        "resource": resource(),
        "scopeLogs": [{ "scope": { "name": "by-hand" }, "logRecords": [record] }],
    }] })
}

fn expected() -> Received {
    fn with<const N: usize>(pairs: [(&str, Value); N]) -> Attributes {
        pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }
    let resource = with([("service.name", json!("shop"))]);
    let scope = "by-hand".to_owned();
    let root = Span {
        trace_id: TRACE_ID.into(),
        span_id: ROOT_ID.into(),
        parent_span_id: String::new(),
        name: "checkout".into(),
        kind: SpanKind::Server,
        start: 1_544_712_660_000_000_000,
        end: 1_544_712_661_000_000_000,
        attributes: with([("items", json!(9_007_199_254_740_993_i64)), ("tags", json!(["new"]))]),
        status: Status::Unset,
        status_message: String::new(),
        events: vec![],
        resource: resource.clone(),
        scope: scope.clone(),
    };
    let child = Span {
        span_id: CHILD_ID.into(),
        parent_span_id: ROOT_ID.into(),
        name: "pay".into(),
        kind: SpanKind::Client,
        start: 1_544_712_660_000_000_001,
        end: 1_544_712_660_000_000_002,
        attributes: BTreeMap::new(),
        status: Status::Error,
        status_message: "declined".into(),
        events: vec![Event {
            name: "exception".into(),
            attributes: with([("exception.message", json!("declined"))]),
        }],
        ..root.clone()
    };
    let counter = Metric {
        name: "jobs".into(),
        unit: "1".into(),
        description: "Jobs done.".into(),
        attributes: with([("queue", json!("slow"))]),
        data: Data::Sum { value: 3.0, monotonic: true, temporality: Temporality::Cumulative },
        resource: resource.clone(),
        scope: scope.clone(),
    };
    let histogram = Metric {
        name: "job.duration".into(),
        unit: "s".into(),
        description: String::new(),
        attributes: BTreeMap::new(),
        data: Data::Histogram { count: 2, sum: 2.5, bounds: vec![1.0], temporality: Temporality::Cumulative },
        ..counter.clone()
    };
    let log = Log {
        body: json!("card declined"),
        severity_text: "WARN".into(),
        severity_number: 13,
        trace_id: TRACE_ID.into(),
        span_id: CHILD_ID.into(),
        attributes: with([("retry", json!(true))]),
        time: 1_544_712_660_000_000_003,
        resource,
        scope,
    };
    Received { spans: vec![root, child], metrics: vec![counter, histogram], logs: vec![log] }
}
