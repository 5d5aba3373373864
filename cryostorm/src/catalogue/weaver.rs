//! A semantic-convention registry, as OpenTelemetry Weaver reads it.

use std::collections::BTreeSet;

use opentelemetry::trace::SpanKind;
use opentelemetry::{Array, Value};

use super::merged::{MergedMetric, union};
use super::yaml::Yaml;
use super::{AttributeEntry, AttributeValues, Catalogue, InstrumentKind, SpanEntry};

/// The attributes that OpenTelemetry's conventions define: their type there, what they are, an example.
const CONVENTIONS: [(&str, &str, &str, &str); 4] = [
    ("code.file.path", "string", "The file of the function.", "src/shop.rs"),
    ("code.function.name", "string", "The full path of the function.", "shop::charge"),
    ("code.line.number", "int", "The line of the function.", "12"),
    ("error.type", "string", "What a call failed with.", "panic"),
];

impl Catalogue {
    /// A registry of semantic conventions in the
    /// [YAML](https://github.com/open-telemetry/weaver/blob/main/schemas/semconv-syntax.md) that OpenTelemetry Weaver
    /// reads: a group of the attributes, and one for each metric and each span. It is a file of the registry; the manifest
    /// beside it, with the registry's name and version, is written by hand.
    ///
    /// ```
    /// use cryostorm::catalogue::{Catalogue, InstrumentKind, MetricEntry, Source};
    ///
    /// let sent = MetricEntry::new("mail.sent", InstrumentKind::Counter, Source::new("mail::sent", "src/mail.rs", 12))
    ///     .with_unit("{mail}");
    /// let registry = Catalogue::new([], [sent]).to_weaver_registry();
    /// assert!(registry.contains("metric_name: \"mail.sent\"\n"));
    /// ```
    pub fn to_weaver_registry(&self) -> String {
        let of_spans = self.spans.iter().flat_map(|span| &span.attributes);
        let of_metrics = self.metrics.iter().flat_map(|metric| &metric.attributes);
        let mut attributes = union(of_spans.chain(of_metrics));
        let mut ids = Names::default();
        let metrics: Vec<_> = self
            .merged_metrics()
            .iter()
            .map(|metric| {
                metric_group(metric, &attributes, ids.unique(&format!("metric.{}", metric.identity.name)))
            })
            .collect();
        let spans: Vec<_> = self
            .spans
            .iter()
            .map(|span| {
                span_group(span, &attributes, ids.unique(&format!("span.{}", identifier(&span.name, '.'))))
            })
            .collect();
        // A group of spans without attributes is refused, and these have the function's name at least.
        let function = "code.function.name";
        if self.spans.iter().any(|span| span.attributes.is_empty())
            && !attributes.iter().any(|attribute| attribute.key == function)
        {
            attributes.push(AttributeEntry::new(function, AttributeValues::Text));
        }
        let mut groups = Vec::new();
        if !attributes.is_empty() {
            groups.push(Yaml::Map(vec![
                ("id", Yaml::text(ids.unique("registry.attributes"))),
                ("type", Yaml::text("attribute_group")),
                ("brief", Yaml::text("The attributes of the spans and metrics below.")),
                ("attributes", Yaml::List(attributes.iter().map(definition).collect())),
            ]));
        }
        groups.extend(metrics);
        groups.extend(spans);
        Yaml::Map(vec![("groups", Yaml::List(groups))]).to_string()
    }
}

fn metric_group(metric: &MergedMetric<'_>, attributes: &[AttributeEntry], id: String) -> Yaml {
    let identity = metric.identity;
    let instrument = match identity.kind {
        InstrumentKind::Counter | InstrumentKind::ObservableCounter => "counter",
        InstrumentKind::UpDownCounter | InstrumentKind::ObservableUpDownCounter => "updowncounter",
        InstrumentKind::Gauge | InstrumentKind::ObservableGauge => "gauge",
        InstrumentKind::Histogram => "histogram",
    };
    let brief = match identity.description.as_str() {
        "" => format!("The metric `{}`.", identity.name),
        description => description.to_owned(),
    };
    let mut group = vec![
        ("id", Yaml::Text(id)),
        ("type", Yaml::text("metric")),
        ("metric_name", Yaml::text(&identity.name)),
        ("instrument", Yaml::text(instrument)),
        ("unit", Yaml::text(&identity.unit)),
        ("brief", Yaml::Text(brief)),
        ("stability", Yaml::text("development")),
    ];
    if let Some(buckets) = &identity.buckets {
        let bounds = buckets.iter().copied().map(Yaml::number).collect();
        group.push(("annotations", Yaml::Map(vec![("buckets", Yaml::Line(bounds))])));
    }
    if !metric.attributes.is_empty() {
        let references = metric.attributes.iter().map(|attribute| {
            let everywhere = metric
                .entries
                .iter()
                .all(|entry| entry.attributes.iter().any(|own| own.key == attribute.key));
            let level = match (attribute.key.as_str(), everywhere) {
                ("error.type", _) => Yaml::Map(vec![(
                    "conditionally_required",
                    Yaml::text("If the call failed or was cancelled."),
                )]),
                (_, true) => Yaml::text("required"),
                (_, false) => Yaml::text("recommended"),
            };
            reference(attribute, attributes, level)
        });
        group.push(("attributes", Yaml::List(references.collect())));
    }
    Yaml::Map(group)
}

fn span_group(span: &SpanEntry, attributes: &[AttributeEntry], id: String) -> Yaml {
    let kind = match span.kind {
        SpanKind::Client => "client",
        SpanKind::Server => "server",
        SpanKind::Producer => "producer",
        SpanKind::Consumer => "consumer",
        SpanKind::Internal => "internal",
    };
    let level = || Yaml::text("recommended");
    let mut references: Vec<_> =
        union(&span.attributes).iter().map(|own| reference(own, attributes, level())).collect();
    if references.is_empty() {
        references.push(Yaml::Map(vec![("ref", Yaml::text("code.function.name"))]));
    }
    Yaml::Map(vec![
        ("id", Yaml::Text(id)),
        ("type", Yaml::text("span")),
        ("span_kind", Yaml::text(kind)),
        ("brief", Yaml::Text(format!("A call of `{}`, named `{}`.", span.source.function, span.name))),
        ("stability", Yaml::text("development")),
        ("attributes", Yaml::List(references)),
    ])
}

/// An attribute of a group, which says what it can be here where that is less than elsewhere.
fn reference(attribute: &AttributeEntry, attributes: &[AttributeEntry], level: Yaml) -> Yaml {
    let mut reference = vec![("ref", Yaml::text(&attribute.key)), ("requirement_level", level)];
    if !attributes.contains(attribute) && convention(&attribute.key).is_none() {
        reference.push(("note", Yaml::Text(format!("Here: {}.", brief(&attribute.values)))));
    }
    Yaml::Map(reference)
}

fn convention(key: &str) -> Option<&'static (&'static str, &'static str, &'static str, &'static str)> {
    CONVENTIONS.iter().find(|(known, ..)| *known == key)
}

fn definition(attribute: &AttributeEntry) -> Yaml {
    let (kind, brief, examples) = match convention(&attribute.key) {
        Some((_, kind, brief, example)) => {
            let example =
                if *kind == "int" { Yaml::Plain((*example).to_owned()) } else { Yaml::text(*example) };
            let own =
                if let AttributeValues::Known(values) = &attribute.values { values.as_slice() } else { &[] };
            let examples =
                if own.is_empty() { vec![example] } else { own.iter().take(3).map(scalar).collect() };
            (Yaml::text(*kind), (*brief).to_owned(), examples)
        }
        None => (
            kind(&attribute.values),
            format!("{}.", capitalized(&brief(&attribute.values))),
            examples(&attribute.values),
        ),
    };
    let mut definition = vec![
        ("id", Yaml::text(&attribute.key)),
        ("type", kind),
        ("brief", Yaml::Text(brief)),
        ("stability", Yaml::text("development")),
    ];
    if !examples.is_empty() {
        definition.push(("examples", Yaml::Line(examples)));
    }
    Yaml::Map(definition)
}

fn kind(values: &AttributeValues) -> Yaml {
    Yaml::text(match values {
        AttributeValues::Boolean => "boolean",
        AttributeValues::Range { .. } => "int",
        AttributeValues::Text | AttributeValues::Unbounded { limit: Some(_) } => "string",
        AttributeValues::Unbounded { limit: None } => "any",
        AttributeValues::Known(values) => match values.as_slice() {
            [] => "any",
            [first, rest @ ..] if rest.iter().any(|value| type_of(value) != type_of(first)) => "any",
            [Value::String(_) | Value::I64(_) | Value::F64(_), ..] => return members(values),
            [first, ..] => type_of(first),
        },
    })
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "boolean",
        Value::I64(_) => "int",
        Value::F64(_) => "double",
        Value::String(_) => "string",
        Value::Array(Array::Bool(_)) => "boolean[]",
        Value::Array(Array::I64(_)) => "int[]",
        Value::Array(Array::F64(_)) => "double[]",
        Value::Array(Array::String(_)) => "string[]",
        _ => "any",
    }
}

fn members(values: &[Value]) -> Yaml {
    let mut ids = Names::default();
    let members = values.iter().map(|value| {
        let id = identifier(&value.as_str(), '_');
        Yaml::Map(vec![
            ("id", Yaml::Text(ids.unique(if id.is_empty() { "empty" } else { &id }))),
            ("value", scalar(value)),
            ("stability", Yaml::text("development")),
        ])
    });
    Yaml::Map(vec![("members", Yaml::List(members.collect()))])
}

fn scalar(value: &Value) -> Yaml {
    match value {
        Value::I64(number) => Yaml::Plain(number.to_string()),
        Value::F64(number) if number.is_finite() => Yaml::number(*number),
        Value::Bool(flag) => Yaml::Plain(flag.to_string()),
        other => Yaml::text(other.as_str()),
    }
}

/// Examples, which a text must have and a list of values has anyway.
fn examples(values: &AttributeValues) -> Vec<Yaml> {
    match values {
        AttributeValues::Text | AttributeValues::Unbounded { .. } => vec![Yaml::text("text")],
        AttributeValues::Range { first, last } if first == last => vec![Yaml::Plain(first.to_string())],
        AttributeValues::Range { first, last } => {
            [first, last].map(|bound| Yaml::Plain(bound.to_string())).into()
        }
        AttributeValues::Known(_) | AttributeValues::Boolean => Vec::new(),
    }
}

/// What the values can be, in words.
fn brief(values: &AttributeValues) -> String {
    match values {
        AttributeValues::Known(values) => {
            let values: Vec<_> = values.iter().map(|value| format!("`{}`", value.as_str())).collect();
            values.join(" or ")
        }
        AttributeValues::Boolean => "true or false".to_owned(),
        AttributeValues::Range { first, last } => format!("from {first} to {last}"),
        AttributeValues::Text => "a text from a bounded set".to_owned(),
        AttributeValues::Unbounded { limit: Some(limit) } => format!("any text, {limit} of them at most"),
        AttributeValues::Unbounded { limit: None } => "anything".to_owned(),
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}

/// The text in small letters, digits and one separator for all else between them.
fn identifier(text: &str, separator: char) -> String {
    let mut identifier = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_alphanumeric() || char == '_' {
            identifier.extend(char.to_lowercase());
        } else if !identifier.is_empty() && !identifier.ends_with(separator) {
            identifier.push(separator);
        }
    }
    identifier.trim_end_matches(separator).to_owned()
}

/// Names that are given out once.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn unique(&mut self, name: &str) -> String {
        let numbered = (2_u32..).map(|number| format!("{name}_{number}"));
        let free = [name.to_owned()].into_iter().chain(numbered).find(|name| !self.0.contains(name));
        let name = free.unwrap_or_default();
        self.0.insert(name.clone());
        name
    }
}
