//! A catalogue with something of everything.

use cryostorm::catalogue::{
    AttributeEntry, AttributeValues, Catalogue, InstrumentKind, MetricEntry, Objective, Source, SpanEntry,
};
use cryostorm::opentelemetry::Value;
use cryostorm::opentelemetry::trace::SpanKind;

const ANYTHING: AttributeValues = AttributeValues::Unbounded { limit: None };

pub fn source(function: &str, line: u32) -> Source {
    Source::new(function, "src/shop.rs", line)
}

pub fn known<V: Into<Value>>(key: &str, values: impl IntoIterator<Item = V>) -> AttributeEntry {
    AttributeEntry::new(key, AttributeValues::Known(values.into_iter().map(Into::into).collect()))
}

/// What each annotated function has on its metrics.
fn of_function(function: &str) -> [AttributeEntry; 2] {
    [
        known("code.function.name", [function.to_owned()]),
        AttributeEntry::new("error.type", AttributeValues::Text),
    ]
}

pub fn calls(function: &str, line: u32) -> MetricEntry {
    MetricEntry::new("function.calls", InstrumentKind::Counter, source(function, line))
        .with_unit("{call}")
        .with_description("Calls of annotated functions.")
        .with_attributes(of_function(function))
}

pub fn duration(function: &str, line: u32) -> MetricEntry {
    MetricEntry::new("function.duration", InstrumentKind::Histogram, source(function, line))
        .with_unit("s")
        .with_description("Durations of annotated functions.")
        .with_buckets([0.1, 0.25, 1.0])
        .with_attributes(of_function(function))
}

fn span(name: &str, kind: SpanKind, function: &str, line: u32) -> SpanEntry {
    SpanEntry::new(name, kind, source(function, line)).with_attributes([
        known("code.function.name", [function.to_owned()]),
        known("code.file.path", ["src/shop.rs"]),
        known("code.line.number", [i64::from(line)]),
    ])
}

pub fn shop() -> Catalogue {
    let metric = |name, kind, line| MetricEntry::new(name, kind, source(&format!("shop::{name}"), line));
    Catalogue::new(
        [
            span("refund {reason}", SpanKind::Internal, "shop::refund", 40),
            span("shop::charge", SpanKind::Client, "shop::charge", 12).with_attributes([
                AttributeEntry::new("order.id", ANYTHING),
                known("peer.service", ["bank"]),
            ]),
        ],
        [
            duration("shop::refund", 40),
            duration("shop::charge", 12)
                .with_attributes([known("channel", ["web"])])
                .with_objective(Objective::Latency { seconds: 0.25, target: 0.99 }),
            calls("shop::refund", 40).with_attributes([known("channel", ["phone"])]),
            calls("shop::charge", 12)
                .with_attributes([known("channel", ["web"])])
                .with_objective(Objective::Success { target: 0.999 }),
            metric("llm.tokens", InstrumentKind::Counter, 60)
                .with_unit("{token}")
                .with_description("Tokens sent to the model,\none by one.")
                .with_attributes([
                    known("model", ["large", "small"]),
                    AttributeEntry::new("streamed", AttributeValues::Boolean),
                    AttributeEntry::new("attempt", AttributeValues::Range { first: 1, last: 5 }),
                ]),
            metric("mail.size", InstrumentKind::Histogram, 70).with_unit("By").with_attributes([
                AttributeEntry::new("domain", AttributeValues::Unbounded { limit: Some(100) }),
            ]),
            metric("orders.open", InstrumentKind::ObservableUpDownCounter, 80).with_unit("{order}"),
            metric("stock.level", InstrumentKind::Gauge, 90)
                .with_unit("1")
                .with_description("How full the store is."),
        ],
    )
}
