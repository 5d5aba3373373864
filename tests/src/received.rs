//! What a collector received, read from the OTLP JSON lines of its file exporter.

use std::collections::BTreeMap;

use serde_json::Value;

/// Attributes by key. Values are plain JSON: integers as numbers, bytes as base64 text.
pub type Attributes = BTreeMap<String, Value>;

/// Everything that arrived, in the order of arrival.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Received {
    /// All spans.
    pub spans: Vec<Span>,
    /// All metric points, of every export: see [`Received::latest_metrics`].
    pub metrics: Vec<Metric>,
    /// All log records.
    pub logs: Vec<Log>,
}

/// A span. Ids are lowercase hex.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the OTLP data model")]
pub struct Span {
    pub trace_id: String,
    pub span_id: String,
    /// Empty for a root span.
    pub parent_span_id: String,
    pub name: String,
    pub kind: SpanKind,
    /// Nanoseconds since the Unix epoch.
    pub start: u64,
    /// Nanoseconds since the Unix epoch.
    pub end: u64,
    pub attributes: Attributes,
    pub status: Status,
    pub status_message: String,
    pub events: Vec<Event>,
    pub resource: Attributes,
    pub scope: String,
}

/// The kind of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the OTLP data model")]
pub enum SpanKind {
    Unspecified,
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}

/// The status code of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the OTLP data model")]
pub enum Status {
    Unset,
    Ok,
    Error,
}

/// An event of a span.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the OTLP data model")]
pub struct Event {
    pub name: String,
    pub attributes: Attributes,
}

/// One point of a metric.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the OTLP data model")]
pub struct Metric {
    pub name: String,
    pub unit: String,
    pub description: String,
    pub attributes: Attributes,
    pub data: Data,
    pub resource: Attributes,
    pub scope: String,
}

/// The kind of a metric and the value of one point of it. Integers are converted to `f64`.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the OTLP data model")]
pub enum Data {
    Gauge { value: f64 },
    Sum { value: f64, monotonic: bool, temporality: Temporality },
    Histogram { count: u64, sum: f64, bounds: Vec<f64>, temporality: Temporality },
}

/// Whether a point covers the time since the last export or since the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the OTLP data model")]
pub enum Temporality {
    Unspecified,
    Delta,
    Cumulative,
}

/// A log record.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the OTLP data model")]
pub struct Log {
    pub body: Value,
    pub severity_text: String,
    pub severity_number: u64,
    /// Empty outside a span.
    pub trace_id: String,
    /// Empty outside a span.
    pub span_id: String,
    pub attributes: Attributes,
    /// Nanoseconds since the Unix epoch.
    pub time: u64,
    pub resource: Attributes,
    pub scope: String,
}

impl Received {
    /// Reads OTLP JSON lines, each an export request of one of the three signals.
    ///
    /// # Panics
    ///
    /// If the text is not OTLP JSON, or has a metric of a kind that cryostorm never makes.
    pub fn parse(lines: &str) -> Self {
        let mut received = Self::default();
        for line in lines.lines() {
            let request: Value = serde_json::from_str(line).expect("a line of JSON");
            for (item, resource, scope) in items(&request, ["resourceSpans", "scopeSpans", "spans"]) {
                received.spans.push(span(item, resource, scope));
            }
            for (item, resource, scope) in items(&request, ["resourceMetrics", "scopeMetrics", "metrics"]) {
                received.metrics.extend(points(item, resource, scope));
            }
            for (item, resource, scope) in items(&request, ["resourceLogs", "scopeLogs", "logRecords"]) {
                received.logs.push(log(item, resource, scope));
            }
        }
        received
    }

    /// The last point of each metric and attribute set: a cumulative metric is exported again and again.
    pub fn latest_metrics(&self) -> Vec<&Metric> {
        let mut latest: Vec<&Metric> = Vec::new();
        for point in &self.metrics {
            let series = |other: &Metric| {
                (&other.name, &other.attributes, &other.resource)
                    == (&point.name, &point.attributes, &point.resource)
            };
            match latest.iter_mut().find(|known| series(known)) {
                Some(known) => *known = point,
                None => latest.push(point),
            }
        }
        latest
    }
}

/// The items of a request with their resource and scope: all signals nest in the same way under different names.
fn items<'a>(
    request: &'a Value,
    path: [&'a str; 3],
) -> impl Iterator<Item = (&'a Value, Attributes, String)> {
    let [resources, scopes, leaves] = path;
    list(&request[resources]).flat_map(move |resource| {
        list(&resource[scopes]).flat_map(move |scope| {
            list(&scope[leaves])
                .map(move |leaf| (leaf, attributes(&resource["resource"]), text(&scope["scope"]["name"])))
        })
    })
}

fn span(span: &Value, resource: Attributes, scope: String) -> Span {
    use SpanKind::*;
    Span {
        trace_id: text(&span["traceId"]),
        span_id: text(&span["spanId"]),
        parent_span_id: text(&span["parentSpanId"]),
        name: text(&span["name"]),
        kind: variant(&span["kind"], &[Unspecified, Internal, Server, Client, Producer, Consumer]),
        start: integer(&span["startTimeUnixNano"]),
        end: integer(&span["endTimeUnixNano"]),
        attributes: attributes(span),
        status: variant(&span["status"]["code"], &[Status::Unset, Status::Ok, Status::Error]),
        status_message: text(&span["status"]["message"]),
        events: list(&span["events"])
            .map(|event| Event { name: text(&event["name"]), attributes: attributes(event) })
            .collect(),
        resource,
        scope,
    }
}

fn points(metric: &Value, resource: Attributes, scope: String) -> impl Iterator<Item = Metric> {
    let (kind, data) = ["gauge", "sum", "histogram"]
        .into_iter()
        .find_map(|kind| Some((kind, metric.get(kind)?)))
        .unwrap_or_else(|| panic!("a gauge, sum or histogram, not {metric}"));
    list(&data["dataPoints"]).map(move |point| Metric {
        name: text(&metric["name"]),
        unit: text(&metric["unit"]),
        description: text(&metric["description"]),
        attributes: attributes(point),
        data: match kind {
            "gauge" => Data::Gauge { value: number(point) },
            "sum" => Data::Sum {
                value: number(point),
                monotonic: data["isMonotonic"].as_bool().unwrap_or_default(),
                temporality: temporality(data),
            },
            _ => Data::Histogram {
                count: integer(&point["count"]),
                sum: point["sum"].as_f64().unwrap_or_default(),
                bounds: list(&point["explicitBounds"]).filter_map(Value::as_f64).collect(),
                temporality: temporality(data),
            },
        },
        resource: resource.clone(),
        scope: scope.clone(),
    })
}

fn log(log: &Value, resource: Attributes, scope: String) -> Log {
    Log {
        body: any(&log["body"]),
        severity_text: text(&log["severityText"]),
        severity_number: integer(&log["severityNumber"]),
        trace_id: text(&log["traceId"]),
        span_id: text(&log["spanId"]),
        attributes: attributes(log),
        time: integer(&log["timeUnixNano"]),
        resource,
        scope,
    }
}

// OTLP JSON leaves out what has its default value, so an absent field is empty or zero in all of these.

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A 64-bit integer, which OTLP JSON writes as a string, or a smaller one.
fn integer(value: &Value) -> u64 {
    match value {
        Value::Null => 0,
        Value::String(digits) => digits.parse().expect("an integer in a string"),
        number => number.as_u64().expect("an integer"),
    }
}

fn signed(value: &Value) -> i64 {
    let parsed = value.as_str().map_or_else(|| value.as_i64(), |digits| digits.parse().ok());
    parsed.expect("an integer")
}

fn number(point: &Value) -> f64 {
    match point.get("asInt") {
        Some(integer) => signed(integer) as f64,
        None => point["asDouble"].as_f64().unwrap_or_default(),
    }
}

fn variant<T: Copy>(value: &Value, variants: &[T]) -> T {
    *variants.get(integer(value) as usize).unwrap_or_else(|| panic!("unknown variant {value}"))
}

fn temporality(data: &Value) -> Temporality {
    use Temporality::*;
    variant(&data["aggregationTemporality"], &[Unspecified, Delta, Cumulative])
}

fn attributes(owner: &Value) -> Attributes {
    pairs(&owner["attributes"]).collect()
}

fn pairs(list_of_pairs: &Value) -> impl Iterator<Item = (String, Value)> {
    list(list_of_pairs).map(|pair| (text(&pair["key"]), any(&pair["value"])))
}

/// An OTLP `AnyValue`: an object whose only key names the type.
fn any(value: &Value) -> Value {
    let Some((kind, value)) = value.as_object().and_then(|object| object.iter().next()) else {
        return Value::Null;
    };
    match kind.as_str() {
        "intValue" => signed(value).into(),
        "arrayValue" => list(&value["values"]).map(any).collect(),
        "kvlistValue" => Value::Object(pairs(&value["values"]).collect()),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn any_values_become_plain_json() {
        let value = json!({ "kvlistValue": { "values": [
            { "key": "list", "value": { "arrayValue": { "values": [{ "intValue": "-7" }, { "boolValue": true }] } } },
            { "key": "none" },
        ] } });
        assert_eq!(any(&value), json!({ "list": [-7, true], "none": null }));
    }

    #[test]
    fn latest_metrics_keeps_the_last_point_of_each_series() {
        let line = |queue: &str, value: &str| {
            let point = json!({
                "attributes": [{ "key": "queue", "value": { "stringValue": queue } }],
                "asInt": value,
            });
            let metric = json!({ "name": "jobs", "gauge": { "dataPoints": [point] } });
            json!({ "resourceMetrics": [{ "scopeMetrics": [{ "metrics": [metric] }] }] }).to_string()
        };
        let received = Received::parse(&[line("a", "1"), line("b", "2"), line("a", "3")].join("\n"));
        let latest: Vec<_> = received
            .latest_metrics()
            .into_iter()
            .map(|metric| (metric.attributes["queue"].clone(), metric.data.clone()))
            .collect();
        assert_eq!(
            latest,
            [(json!("a"), Data::Gauge { value: 3.0 }), (json!("b"), Data::Gauge { value: 2.0 })]
        );
    }
}
