//! Finished spans of every kind, for tests.

use std::time::{Duration, SystemTime};

use opentelemetry::trace::{
    Event, Link, SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{Array, InstrumentationScope, KeyValue, StringValue, Value};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLimits, SpanLinks};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::instrument::{CallSite, SpanSite, StaticAttribute, StaticValue, Ticks};

use super::item::SpanItem;
use super::origin::Origin;
use super::record::{EndedSpan, More, SpanRecord};

/// A span that can be made again and again.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    data: SpanData,
    own: Option<Own>,
}

/// What our own way knows of a span.
#[derive(Clone, Debug)]
struct Own {
    site: Option<&'static CallSite>,
    is_named: bool,
    most_attributes: u32,
}

impl Sample {
    pub(crate) fn item(&self) -> SpanItem {
        let data = self.data.clone();
        let Some(own) = &self.own else { return data.into() };
        let record = SpanRecord {
            parent: data.parent_span_id,
            parent_is_remote: data.parent_span_is_remote,
            kind: Some(data.span_kind),
            name: own.is_named.then_some(data.name),
            site: own.site,
            origin: Some(Origin::interned(
                data.instrumentation_scope,
                SpanLimits { max_attributes_per_span: own.most_attributes, ..SpanLimits::default() },
            )),
            start: data.start_time.into(),
            ticks: Ticks::STILL,
            end: data.end_time.into(),
            attributes: data.attributes.into(),
            dropped_attributes: data.dropped_attributes_count,
            context: data.span_context,
            telemetry: 0,
            more: Some(Box::new(More { status: data.status, events: data.events, links: data.links }))
                .filter(|more| {
                    !more.events.is_empty() || !more.links.is_empty() || more.status != Status::Unset
                }),
        };
        EndedSpan { record: Box::new(record) }.into()
    }
}

static PLAIN: CallSite = CallSite::new("shop::cart::add", "src/cart.rs", 17, None, None, None);

/// With a scope of its own, and an attribute twice.
static RICH: CallSite = CallSite::new("shop::cart::add", "src/cart.rs", 17, Some(&RICH_SPAN), None, None);
static RICH_SPAN: SpanSite = SpanSite {
    name: Some("checkout"),
    kind: SpanKind::Server,
    tracer: Some("shop"),
    attributes: &[
        StaticAttribute { key: "text", value: StaticValue::Str("blå") },
        StaticAttribute { key: "flag", value: StaticValue::Bool(true) },
        StaticAttribute { key: "number", value: StaticValue::I64(-1) },
        StaticAttribute { key: "share", value: StaticValue::F64(0.5) },
        StaticAttribute { key: "text", value: StaticValue::Str("") },
    ],
    ..SpanSite::NEW
};

/// Spans of both ways.
pub(crate) fn sample() -> impl Strategy<Value = Sample> {
    let site = select(vec![None, Some(&PLAIN), Some(&RICH)]);
    let most = prop_oneof![4 => Just(128_u32), 1 => 0..10_u32];
    let own = (site, any::<bool>(), most).prop_map(|(site, is_named, most_attributes)| Own {
        site,
        is_named,
        most_attributes,
    });
    (data(), option::weighted(0.7, own)).prop_map(|(data, own)| Sample { data, own })
}

fn data() -> impl Strategy<Value = SpanData> {
    let times = (time(), time());
    let head = (context(), span_id(), any::<bool>(), kind(), text(), times);
    let attributes = prop_oneof![8 => vec(attribute(), 0..5), 1 => vec(attribute(), 0..40)];
    let events = vec((text(), time(), vec(attribute(), 0..4), any::<u32>()), 0..3);
    let links = vec((context(), vec(attribute(), 0..4), any::<u32>()), 0..3);
    // Small enough that what is cut off can be added.
    let dropped = (0..1000_u32, any::<u32>(), any::<u32>());
    (head, attributes, events, links, dropped, status(), scopes()).prop_map(
        |(head, attributes, events, links, dropped, status, instrumentation_scope)| {
            let (span_context, parent_span_id, parent_span_is_remote, span_kind, name, times) = head;
            let mut span_events = SpanEvents::default();
            span_events.dropped_count = dropped.1;
            span_events.events = events
                .into_iter()
                .map(|(name, time, attributes, dropped)| Event::new(name, time, attributes, dropped))
                .collect();
            let mut span_links = SpanLinks::default();
            span_links.dropped_count = dropped.2;
            span_links.links = links
                .into_iter()
                .map(|(context, attributes, dropped)| Link::new(context, attributes, dropped))
                .collect();
            SpanData {
                span_context,
                parent_span_id,
                parent_span_is_remote,
                span_kind,
                name: name.into(),
                start_time: times.0,
                end_time: times.1,
                attributes,
                dropped_attributes_count: dropped.0,
                events: span_events,
                links: span_links,
                status,
                instrumentation_scope,
            }
        },
    )
}

fn context() -> impl Strategy<Value = SpanContext> {
    let state = vec(("[a-z]{1,8}", "[a-z0-9]{1,8}"), 0..3)
        .prop_map(|pairs| TraceState::from_key_value(pairs).unwrap_or_default());
    (any::<u128>(), span_id(), any::<u8>(), any::<bool>(), state).prop_map(
        |(trace, span, flags, is_remote, state)| {
            SpanContext::new(TraceId::from(trace), span, TraceFlags::new(flags), is_remote, state)
        },
    )
}

fn span_id() -> impl Strategy<Value = SpanId> {
    prop_oneof![Just(SpanId::INVALID), any::<u64>().prop_map(SpanId::from)]
}

fn kind() -> impl Strategy<Value = SpanKind> {
    use SpanKind::*;
    select(vec![Client, Server, Producer, Consumer, Internal])
}

fn status() -> impl Strategy<Value = Status> {
    prop_oneof![Just(Status::Unset), Just(Status::Ok), text().prop_map(Status::error)]
}

fn time() -> impl Strategy<Value = SystemTime> {
    let nanos = prop_oneof![1 => Just(0), 9 => any::<u64>()];
    nanos.prop_map(|nanos| SystemTime::UNIX_EPOCH + Duration::from_nanos(nanos))
}

fn scopes() -> impl Strategy<Value = InstrumentationScope> {
    let full = InstrumentationScope::builder("library")
        .with_version("1.2.3")
        .with_schema_url("https://example.com/schema")
        .with_attributes([KeyValue::new("a", 1), KeyValue::new("b", vec_of_text(&["x"]))]);
    let named = ["", "library", "shop"].map(|name| InstrumentationScope::builder(name).build());
    select([&named[..], &[full.build()]].concat())
}

fn attribute() -> impl Strategy<Value = KeyValue> {
    let known = ["", "a", "text", "number", "code.function.name", "code.line.number"].map(str::to_owned);
    let key = prop_oneof![select(known.to_vec()), text()];
    (key, value()).prop_map(|(key, value)| KeyValue::new(key, value))
}

fn text() -> impl Strategy<Value = String> {
    let long = (1..4000_usize).prop_map(|length| "länge".repeat(length));
    prop_oneof![20 => "[a-z.]{0,12}", 5 => "\\PC{0,40}", 1 => long]
}

fn value() -> impl Strategy<Value = Value> {
    let double = any::<f64>().prop_filter("NaN is equal to nothing", |number| !number.is_nan());
    let doubles = vec(any::<f64>().prop_filter("nor here", |number| !number.is_nan()), 0..4);
    prop_oneof![
        text().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-2..200_i64).prop_map(Value::from),
        double.prop_map(Value::from),
        vec(any::<bool>(), 0..4).prop_map(|values| Value::Array(Array::from(values))),
        vec(any::<i64>(), 0..4).prop_map(|values| Value::Array(Array::from(values))),
        doubles.prop_map(|values| Value::Array(Array::from(values))),
        vec(text(), 0..4).prop_map(|values| {
            let values: Vec<StringValue> = values.into_iter().map(Into::into).collect();
            Value::Array(Array::from(values))
        }),
    ]
}

fn vec_of_text(texts: &[&'static str]) -> Value {
    let texts: Vec<StringValue> = texts.iter().map(|text| (*text).into()).collect();
    Value::Array(Array::from(texts))
}
