//! One JSON object per span, metric point and log record.
//!
//! The fields are promised in `docs/console.md`.

use std::fmt::{self, Display, Write as _};

use opentelemetry::logs::AnyValue;
use opentelemetry::trace::{SpanId, Status, TraceId};
use opentelemetry::{Array, InstrumentationScope, KeyValue, Value};
use opentelemetry_sdk::logs::SdkLogRecord;
use opentelemetry_sdk::trace::SpanData;
use serde_json::{Map, Value as Json};

use super::super::point::{MetricPoint, Number, PointValue};
use super::super::text::is_harmful;
use super::trace::log_time;
use super::words::{Time, kind_name};

/// How deep lists and maps are written: what reads them has a limit too.
const DEPTH: usize = 64;

/// An object whose fields keep their order.
#[derive(Debug)]
pub(super) struct Object(Vec<(&'static str, Json)>);

impl Object {
    fn new(kind: &'static str) -> Self {
        Self(vec![("type", kind.into())])
    }

    fn field(&mut self, name: &'static str, value: impl Into<Json>) -> &mut Self {
        self.0.push((name, value.into()));
        self
    }

    fn some(&mut self, name: &'static str, value: Option<impl Into<Json>>) -> &mut Self {
        match value {
            Some(value) => self.field(name, value),
            None => self,
        }
    }

    fn ids(&mut self, trace_id: TraceId, span_id: SpanId) -> &mut Self {
        self.field("trace_id", trace_id.to_string()).field("span_id", span_id.to_string())
    }

    fn scope(&mut self, scope: &InstrumentationScope) -> &mut Self {
        let name = Some(scope.name()).filter(|name| !name.is_empty());
        self.some("scope", name).some("scope_version", scope.version())
    }

    fn attributes<'a>(&mut self, pairs: impl Iterator<Item = &'a KeyValue>) -> &mut Self {
        let pairs = pairs.map(|pair| (pair.key.as_str().to_owned(), value(&pair.value)));
        self.field("attributes", pairs.collect::<Map<_, _>>())
    }
}

/// Outside of strings JSON has no such characters; in them it allows some that drive terminals or end lines.
fn write_json(f: &mut fmt::Formatter<'_>, json: &str) -> fmt::Result {
    if !json.contains(is_harmful) {
        return f.write_str(json);
    }
    // All of them are in the first plane.
    json.chars().try_for_each(|c| match is_harmful(c) {
        true => write!(f, "\\u{:04x}", u32::from(c)),
        false => f.write_char(c),
    })
}

impl Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.0.iter().enumerate() {
            write!(f, "{}\"{name}\":", if index == 0 { '{' } else { ',' })?;
            write_json(f, &value.to_string())?;
        }
        f.write_str("}")
    }
}

pub(super) fn span(span: &SpanData) -> Object {
    let took = span.end_time.duration_since(span.start_time).unwrap_or_default();
    let has_parent = span.parent_span_id != SpanId::INVALID;
    let (status, message) = match &span.status {
        Status::Unset => ("unset", None),
        Status::Ok => ("ok", None),
        Status::Error { description } => ("error", Some(description.as_ref())),
    };
    let mut object = Object::new("span");
    object
        .field("time", Time(span.start_time).to_string())
        .field("duration_ms", took.as_nanos() as f64 / 1e6)
        .field("name", span.name.as_ref())
        .field("kind", kind_name(&span.span_kind))
        .field("status", status)
        .some("status_message", message)
        .ids(span.span_context.trace_id(), span.span_context.span_id())
        .some("parent_span_id", has_parent.then(|| span.parent_span_id.to_string()))
        .some("parent_is_remote", has_parent.then_some(span.parent_span_is_remote))
        .attributes(span.attributes.iter())
        .field("events", span.events.iter().map(event).collect::<Vec<_>>())
        .field("links", span.links.iter().map(link).collect::<Vec<_>>())
        .scope(&span.instrumentation_scope);
    object
}

fn event(event: &opentelemetry::trace::Event) -> Json {
    let pairs = event.attributes.iter().map(|pair| (pair.key.as_str().to_owned(), value(&pair.value)));
    serde_json::json!({
        "time": Time(event.timestamp).to_string(),
        "name": event.name,
        "attributes": pairs.collect::<Map<_, _>>(),
    })
}

fn link(link: &opentelemetry::trace::Link) -> Json {
    let pairs = link.attributes.iter().map(|pair| (pair.key.as_str().to_owned(), value(&pair.value)));
    serde_json::json!({
        "trace_id": link.span_context.trace_id().to_string(),
        "span_id": link.span_context.span_id().to_string(),
        "attributes": pairs.collect::<Map<_, _>>(),
    })
}

pub(super) fn log(record: &SdkLogRecord, scope: &InstrumentationScope) -> Object {
    let pairs = record.attributes_iter().map(|(key, value)| (key.as_str().to_owned(), any(value, 0)));
    let mut object = Object::new("log");
    object
        .field("time", Time(log_time(record)).to_string())
        .some("severity", record.severity_text().or_else(|| Some(record.severity_number()?.name())))
        .some("severity_number", record.severity_number().map(|severity| severity as i32))
        .some("body", record.body().map(|body| any(body, 0)))
        .some("event_name", record.event_name())
        .some("target", record.target().map(|target| target.as_ref()));
    if let Some(context) = record.trace_context() {
        object.ids(context.trace_id, context.span_id);
    }
    object.field("attributes", pairs.collect::<Map<_, _>>()).scope(scope);
    object
}

pub(super) fn metric(point: &MetricPoint) -> Object {
    let mut object = Object::new("metric");
    let name = |object: &mut Object, kind: &'static str| {
        object
            .field("time", Time(point.time).to_string())
            .field("name", point.name.as_str())
            .field("kind", kind)
            .field("unit", point.unit.as_str());
    };
    match &point.value {
        PointValue::Gauge(value) => {
            name(&mut object, "gauge");
            object.field("value", number(*value));
        }
        PointValue::Sum { value, monotonic } => {
            name(&mut object, "sum");
            object.field("monotonic", *monotonic).field("value", number(*value));
        }
        PointValue::Histogram { count, sum, min, max, bounds, bucket_counts } => {
            name(&mut object, "histogram");
            object
                .field("count", *count)
                .field("sum", number(*sum))
                .some("min", min.map(number))
                .some("max", max.map(number))
                .field("bounds", bounds.iter().map(|bound| float(*bound)).collect::<Vec<_>>())
                .field("bucket_counts", bucket_counts.clone());
        }
    }
    object.attributes(point.attributes.iter());
    object
}

fn number(number: Number) -> Json {
    match number {
        Number::U64(number) => number.into(),
        Number::I64(number) => number.into(),
        Number::F64(number) => float(number),
    }
}

/// JSON has no word for what is not finite; the names are those of OTLP's JSON.
fn float(number: f64) -> Json {
    match number {
        number if number.is_nan() => "NaN".into(),
        f64::INFINITY => "Infinity".into(),
        f64::NEG_INFINITY => "-Infinity".into(),
        number => number.into(),
    }
}

fn value(value: &Value) -> Json {
    match value {
        Value::Bool(flag) => (*flag).into(),
        Value::I64(number) => (*number).into(),
        Value::F64(number) => float(*number),
        Value::String(text) => text.as_str().into(),
        Value::Array(Array::Bool(flags)) => flags.clone().into(),
        Value::Array(Array::I64(numbers)) => numbers.clone().into(),
        Value::Array(Array::F64(numbers)) => numbers.iter().map(|number| float(*number)).collect(),
        Value::Array(Array::String(texts)) => texts.iter().map(|text| text.as_str()).collect(),
        other => other.to_string().into(),
    }
}

fn any(value: &AnyValue, depth: usize) -> Json {
    match value {
        AnyValue::Int(number) => (*number).into(),
        AnyValue::Double(number) => float(*number),
        AnyValue::String(text) => text.as_str().into(),
        AnyValue::Boolean(flag) => (*flag).into(),
        // As OTLP's JSON has them, but in hexadecimal, as ids are.
        AnyValue::Bytes(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into(),
        AnyValue::ListAny(_) | AnyValue::Map(_) if depth == DEPTH => "…".into(),
        AnyValue::ListAny(items) => items.iter().map(|item| any(item, depth + 1)).collect(),
        AnyValue::Map(items) => {
            items.iter().map(|(key, item)| (key.as_str().to_owned(), any(item, depth + 1))).collect()
        }
        _ => Json::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_drives_a_terminal_or_ends_a_line() {
        let mut object = Object::new("log");
        object.field("body", "a\u{9b}31m\u{202e}b\u{2028}\n");
        let shown = object.to_string();
        assert_eq!(shown, r#"{"type":"log","body":"a\u009b31m\u202eb\u2028\n"}"#);
        let read: Json = serde_json::from_str(&shown).unwrap();
        assert_eq!(read["body"], "a\u{9b}31m\u{202e}b\u{2028}\n");
    }
}
