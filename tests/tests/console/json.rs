//! JSON lines, and the choice between the formats.

use cryostorm::opentelemetry::trace::{
    SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState,
};
use cryostorm::settings::ConsoleFormat::Json;
use cryostorm::{Level, TelemetrySettings};
use serde_json::{Value, json};

use crate::lines::quickstart;
use crate::screen::shown;

/// The objects of that type, one from each line.
fn objects(text: &str, kind: &str) -> Vec<Value> {
    let lines = text.lines().filter(|line| line.starts_with('{'));
    let objects =
        lines.map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")));
    objects.filter(|object: &Value| object["type"] == kind).collect()
}

/// Takes out what no two runs have in common.
fn take(object: &mut Value, key: &str) -> String {
    let field = object.as_object_mut().and_then(|fields| fields.remove(key));
    let field = field.unwrap_or_else(|| panic!("no {key} in {object}"));
    field.as_str().map_or_else(|| field.to_string(), str::to_owned)
}

#[test]
fn spans_have_all_that_was_recorded() {
    let text = shown(Json, |telemetry, _| {
        let other =
            SpanContext::new(TraceId::from(1), SpanId::from(2), TraceFlags::SAMPLED, true, TraceState::NONE);
        telemetry.span("root").in_scope(|_| {
            let span = telemetry.span("GET /").kind(SpanKind::Client).attribute("id", 7).link(other).start();
            span.set_attribute("ratio", f64::NAN);
            span.set_attribute("list", vec!["a".to_owned(), "b".to_owned()]);
            span.add_event("retry", &[("last", &true)]);
            span.set_status(Status::error("no \"answer\"\n"));
        });
    });
    let mut spans = objects(&text, "span");
    assert_eq!(spans.len(), 2, "{text}");
    let (mut root, mut child) = (spans.remove(1), spans.remove(0));
    assert_eq!(take(&mut child, "trace_id"), take(&mut root, "trace_id"));
    assert_eq!(take(&mut child, "parent_span_id"), take(&mut root, "span_id"));
    assert_eq!(take(&mut child, "span_id").len(), 16);
    assert!(take(&mut child, "duration_ms").parse::<f64>().is_ok_and(|took| took > 0.0));
    assert!(take(&mut child, "time").ends_with('Z') && take(&mut child["events"][0], "time").ends_with('Z'));
    let expected = json!({
        "type": "span", "name": "GET /", "kind": "client", "parent_is_remote": false,
        "status": "error", "status_message": "no \"answer\"\n",
        "attributes": {"id": 7, "ratio": "NaN", "list": ["a", "b"]},
        "events": [{"name": "retry", "attributes": {"last": true}}],
        "links": [{"trace_id": format!("{:032x}", 1), "span_id": format!("{:016x}", 2), "attributes": {}}],
        "scope": "cryostorm", "scope_version": env!("CARGO_PKG_VERSION"),
    });
    assert_eq!(child, expected);
    assert!(root.get("parent_span_id").is_none() && root["status"] == "unset" && root["kind"] == "internal");
}

#[test]
fn logs_have_all_that_was_recorded() {
    let text = shown(Json, |telemetry, _| {
        telemetry.span("root").in_scope(|_| telemetry.log(Level::Warn, "slow", &[("millis", &1.5)]));
        telemetry.log(Level::Info, "alone", &[]);
    });
    let mut logs = objects(&text, "log");
    let root = &objects(&text, "span")[0];
    assert_eq!((&logs[0]["trace_id"], &logs[0]["span_id"]), (&root["trace_id"], &root["span_id"]));
    let mut alone = logs.remove(1);
    assert!(take(&mut alone, "time").ends_with('Z'));
    let expected = json!({
        "type": "log", "severity": "INFO", "severity_number": 9, "body": "alone", "attributes": {},
        "scope": "cryostorm", "scope_version": env!("CARGO_PKG_VERSION"),
    });
    assert_eq!(alone, expected);
    assert_eq!((&logs[0]["body"], &logs[0]["attributes"]), (&json!("slow"), &json!({"millis": 1.5})));
}

#[test]
fn metric_points_have_all_that_was_measured() {
    let ran = quickstart(&[("CONSOLE__FORMAT", "json")]);
    let count = |kind| objects(&ran.stdout, kind).len();
    assert_eq!((count("span"), count("log"), count("metric")), (7, 2, 10), "{ran:?}");
    let points = objects(&ran.stdout, "metric");
    let point = |name: &str| points.iter().find(|point| point["name"] == name).unwrap().clone();
    let mut lines = point("census.lines");
    assert!(take(&mut lines, "time").ends_with('Z'));
    let expected = json!({
        "type": "metric", "name": "census.lines", "kind": "sum", "monotonic": true, "unit": "{line}",
        "value": 1, "attributes": {},
    });
    assert_eq!(lines, expected);
    let duration = point("function.duration");
    assert_eq!(
        (&duration["kind"], &duration["count"], &duration["unit"]),
        (&json!("histogram"), &json!(1), &json!("s"))
    );
    let buckets = duration["bucket_counts"].as_array().unwrap();
    assert_eq!(buckets.len(), duration["bounds"].as_array().unwrap().len() + 1);
    assert_eq!(buckets.iter().map(|count| count.as_u64().unwrap()).sum::<u64>(), 1);
    assert_eq!((&duration["min"], &duration["max"]), (&duration["sum"], &duration["sum"]));
}

#[test]
fn a_format_that_there_is_not_is_answered_with_those_that_there_are() {
    let error = TelemetrySettings::from_vars([("CONSOLE__FORMAT", "xml")]).unwrap_err().to_string();
    assert_eq!(error, r#"invalid setting CONSOLE__FORMAT="xml": accepted is one of `tree`, `lines`, `json`"#);
}
